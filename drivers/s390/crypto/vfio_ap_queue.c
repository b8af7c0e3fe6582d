// SPDX-License-Identifier: GPL-2.0
/*
 * Queues and their resets.
 *
 * A reset is a work item of its own queue, so that any number of them go on at
 * the same time and none holds a lock while it waits for the machine.  Who needs
 * the result waits, with no lock of ours held and for a bounded time.  A queue
 * that does not get out of its reset is looked after for as long as it exists;
 * until it is zeroized, no guest gets it.
 */
#include <linux/jiffies.h>
#include <linux/lockdep.h>
#include <linux/slab.h>
#include <linux/wait.h>

#include <asm/ap.h>

#include "vfio_ap_codes.h"
#include "vfio_ap_guest.h"
#include "vfio_ap_host.h"
#include "vfio_ap_irq.h"
#include "vfio_ap_note.h"
#include "vfio_ap_queue.h"

/* How often to look: while somebody waits, and when everybody has given up. */
#define LOOK_INTERVAL		msecs_to_jiffies(20)
#define LATE_INTERVAL		HZ

/* How long to wait for a queue that others have been waiting for too long. */
#define LATE_PATIENCE		(HZ / 10)

/* Woken when a reset is over. */
static DECLARE_WAIT_QUEUE_HEAD(reset_over);

static bool is_late(const struct vfio_ap_queue *queue)
{
	return time_after(jiffies, READ_ONCE(queue->started) +
			  VFIO_AP_RESET_PATIENCE);
}

/* One PQAP; sets what comes next and returns the response code. */
static u8 take_step(struct vfio_ap_queue *queue)
{
	const bool zapq = queue->step == VFIO_AP_RESET_ZAPQ;
	u8 code;

	scoped_guard(mutex, &vfio_ap_irq_lock) {
		if (zapq) {
			code = ap_zapq(queue->apqn, 0).response_code;
			queue->zapq_code = code;
			queue->step = vfio_ap_after_zapq(code);
		} else {
			code = ap_tapq(queue->apqn, NULL).response_code;
			queue->step = vfio_ap_after_tapq(queue->zapq_code, code);
		}
		vfio_ap_irq_reset(queue, zapq, code);
	}
	vfio_ap_note_reset(queue, zapq, code);
	return code;
}

static void begin(struct vfio_ap_queue *queue)
{
	queue->again = false;
	queue->step = VFIO_AP_RESET_ZAPQ;
	WRITE_ONCE(queue->started, jiffies);
	queue_delayed_work(vfio_ap_workqueue, &queue->work, 0);
}

static void end(struct vfio_ap_queue *queue, u8 code)
{
	guard(mutex)(&vfio_ap_lock);
	if (!queue->again) {
		/* One that goes after it took the reset has nothing left in it. */
		queue->result = vfio_ap_code_usable(code) ? queue->zapq_code :
							    code;
		vfio_ap_note_reset_end(queue);
		/* What leaves the guest for this is reset: this one, too. */
		vfio_ap_guest_recheck(queue->apqn);
	}
	if (queue->again) {
		begin(queue);
		return;
	}
	WRITE_ONCE(queue->running, false);
	wake_up_all(&reset_over);
}

static void reset_work(struct work_struct *work)
{
	struct vfio_ap_queue *queue = container_of(to_delayed_work(work),
						   struct vfio_ap_queue, work);
	int before = queue->step;
	u8 code = take_step(queue);

	/* Most queues are done at once: look once without a delay. */
	if (before == VFIO_AP_RESET_ZAPQ && queue->step == VFIO_AP_RESET_TAPQ)
		code = take_step(queue);

	switch (queue->step) {
	case VFIO_AP_RESET_ZAPQ:
	case VFIO_AP_RESET_TAPQ:
		queue_delayed_work(vfio_ap_workqueue, &queue->work,
				   is_late(queue) ? LATE_INTERVAL :
						    LOOK_INTERVAL);
		break;
	default:
		end(queue, code);
	}
}

/**
 * vfio_ap_queue_reset() - Reset and zeroize a queue.
 * @queue: the queue
 * @leaves: it has left a guest, and must not be used before that is done
 *
 * Only starts it; see vfio_ap_queue_wait().
 *
 * Context: vfio_ap_lock is held.
 */
void vfio_ap_queue_reset(struct vfio_ap_queue *queue, bool leaves)
{
	lockdep_assert_held(&vfio_ap_lock);
	if (leaves)
		queue->result = VFIO_AP_UNVERIFIED;
	if (queue->running) {
		/* What has happened since it began is not covered. */
		queue->again = true;
		mod_delayed_work(vfio_ap_workqueue, &queue->work, 0);
		return;
	}
	WRITE_ONCE(queue->running, true);
	begin(queue);
}

/**
 * vfio_ap_queue_reset_all() - Reset all queues; they are about to be unbound.
 *
 * Context: No lock of ours is held.
 */
void vfio_ap_queue_reset_all(void)
{
	struct vfio_ap_queue *queue;
	unsigned long apqn;

	guard(mutex)(&vfio_ap_lock);
	xa_for_each(&vfio_ap_queues, apqn, queue)
		vfio_ap_queue_reset(queue, true);
}

static bool is_running(u16 apqn)
{
	struct vfio_ap_queue *queue;

	guard(rcu)();
	queue = xa_load(&vfio_ap_queues, apqn);
	return queue && READ_ONCE(queue->running);
}

/* How long to wait for a reset that is running, in jiffies. */
static long patience_for(u16 apqn, unsigned long until)
{
	unsigned long late = jiffies + LATE_PATIENCE;
	struct vfio_ap_queue *queue;

	scoped_guard(rcu) {
		queue = xa_load(&vfio_ap_queues, apqn);
		if (queue && !is_late(queue))
			late = READ_ONCE(queue->started) +
			       VFIO_AP_RESET_PATIENCE;
	}
	if (time_after(until, late))
		until = late;
	return time_after(until, jiffies) ? until - jiffies : 0;
}

/**
 * vfio_ap_queue_wait() - Wait for the reset of a queue.
 * @apqn: the queue, which need not exist
 * @until: until then at most, in jiffies; less for a queue that others have been
 *	waiting for too long already
 *
 * Context: No lock of ours is held.
 */
void vfio_ap_queue_wait(u16 apqn, unsigned long until)
{
	if (is_running(apqn))
		wait_event_timeout(reset_over, !is_running(apqn),
				   patience_for(apqn, until));
}

/**
 * vfio_ap_queue_wait_all() - Wait for the resets of all queues of a matrix.
 * @matrix: these queues
 * @until: until then at most, in jiffies
 *
 * Context: No lock of ours is held.
 */
void vfio_ap_queue_wait_all(const struct vfio_ap_matrix *matrix,
			    unsigned long until)
{
	unsigned int adapter = VFIO_AP_NONE;

	if (vfio_ap_mask_empty(&matrix->domains))
		return;
	while (vfio_ap_mask_each(&matrix->adapters, &adapter)) {
		unsigned int domain = VFIO_AP_NONE;

		while (vfio_ap_mask_each(&matrix->domains, &domain))
			vfio_ap_queue_wait(vfio_ap_apqn(adapter, domain), until);
	}
}

/**
 * vfio_ap_queue_usable() - Can a guest have a queue?
 * @apqn: the queue
 *
 * Context: vfio_ap_lock is held.
 * Return: Whether it is bound to this driver and its last reset ended well.
 */
bool vfio_ap_queue_usable(u16 apqn)
{
	const struct vfio_ap_queue *queue = xa_load(&vfio_ap_queues, apqn);

	lockdep_assert_held(&vfio_ap_lock);
	return queue && !queue->going && vfio_ap_code_usable(queue->result);
}

/**
 * vfio_ap_queue_zeroized() - Has the last reset done what it was for?
 * @queue: the queue
 *
 * That is when the machine has accepted PQAP(ZAPQ) and was seen to be done with it,
 * whatever else has become of the queue since.
 *
 * Context: vfio_ap_lock is held.
 * Return: Whether it has.
 */
bool vfio_ap_queue_zeroized(const struct vfio_ap_queue *queue)
{
	lockdep_assert_held(&vfio_ap_lock);
	return !queue->running && queue->step == VFIO_AP_RESET_DONE &&
	       queue->zapq_code == VFIO_AP_NORMAL;
}

/**
 * vfio_ap_queue_add() - Take over a queue from its former owner.
 * @apqn: the queue
 *
 * It is reset first, whoever that was.
 *
 * Return: The queue, or -ENOMEM or -EBUSY as a pointer.
 */
struct vfio_ap_queue *vfio_ap_queue_add(u16 apqn)
{
	struct vfio_ap_queue *queue = kzalloc(sizeof(*queue), GFP_KERNEL);
	int ret;

	if (!queue)
		return ERR_PTR(-ENOMEM);
	queue->apqn = apqn;
	INIT_DELAYED_WORK(&queue->work, reset_work);
	INIT_LIST_HEAD(&queue->older);

	guard(mutex)(&vfio_ap_lock);
	scoped_guard(mutex, &vfio_ap_irq_lock) {
		ret = xa_insert(&vfio_ap_queues, apqn, queue, GFP_KERNEL);
		if (!ret)
			vfio_ap_irq_adopt(queue);
	}
	if (ret) {
		kfree(queue);
		return ERR_PTR(ret);
	}
	vfio_ap_queue_reset(queue, true);
	return queue;
}

/**
 * vfio_ap_queue_remove() - Give a queue back.
 * @queue: the queue
 *
 * Its adapter leaves the guest that had it.  Returns when the queue is zeroized,
 * or the machine does not get that done in time; then the AP bus, which resets
 * it as well, is next to wait for it.
 */
void vfio_ap_queue_remove(struct vfio_ap_queue *queue)
{
	const u16 apqn = queue->apqn;
	bool exists;

	scoped_guard(mutex, &vfio_ap_lock) {
		queue->going = true;
		vfio_ap_guest_recheck(apqn);
		exists = vfio_ap_matrix_has(&vfio_ap_host, apqn);
		if (exists && queue->result != VFIO_AP_UNVERIFIED)
			vfio_ap_queue_reset(queue, true);
	}
	vfio_ap_queue_wait(apqn, jiffies + VFIO_AP_RESET_PATIENCE);

	scoped_guard(mutex, &vfio_ap_lock) {
		if (queue->running && exists)
			vfio_ap_note_not_reset(queue);
		scoped_guard(mutex, &vfio_ap_irq_lock) {
			xa_erase(&vfio_ap_queues, apqn);
			vfio_ap_irq_part(queue, exists);
		}
	}
	wake_up_all(&reset_over);
	cancel_delayed_work_sync(&queue->work);
	kfree_rcu(queue, rcu);
}
