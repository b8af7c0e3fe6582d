// SPDX-License-Identifier: GPL-2.0
/*
 * The notification bytes that queues signal, however they come to an end.
 *
 * Each notification byte is in its guest's list from before its page is pinned
 * until after it is unpinned, so that whoever takes memory from the guest, or
 * closes the device, knows what to wait for.  Its state says who may release it;
 * vfio_ap_irq_lock is held for a look or an instruction, never for longer.
 *
 * What a queue has signalled it may go on to signal, until the machine says that
 * it does not: so long a byte is in the queue's list, too, and its memory is
 * there, whatever has become of the guest.
 */
#include <linux/delay.h>
#include <linux/jiffies.h>
#include <linux/slab.h>

#include <asm/ap.h>

#include "vfio_ap_codes.h"
#include "vfio_ap_device.h"
#include "vfio_ap_host.h"
#include "vfio_ap_irq.h"
#include "vfio_ap_nib.h"
#include "vfio_ap_note.h"
#include "vfio_ap_queue.h"

/* Switching off takes the machine a moment. */
#define OFF_LOOKS		6
#define OFF_INTERVAL_MS		20

/*
 * The container asks ten times at most for memory that is to go.  Each time we
 * wait until all is given back, for so long.
 */
#define UNMAP_PATIENCE		HZ

DEFINE_MUTEX(vfio_ap_irq_lock); /* see vfio_ap_irq.h */

/* What was kept of bytes that are quiet now; guarded by vfio_ap_irq_lock. */
static LIST_HEAD(forgotten);

/* Bytes of queues that were given back without a reset; likewise. */
static LIST_HEAD(lost);

static void forget(struct work_struct *work)
{
	struct vfio_ap_irq *irq, *next;
	LIST_HEAD(list);

	scoped_guard(mutex, &vfio_ap_irq_lock)
		list_splice_init(&forgotten, &list);
	list_for_each_entry_safe(irq, next, &list, older)
		vfio_ap_nib_forget(irq);
}

static DECLARE_WORK(forget_work, forget);

static void queue_reclaim(struct vfio_ap_irq *irq)
{
	queue_work(vfio_ap_workqueue, &irq->mdev->irqs.reclaim);
}

/**
 * vfio_ap_irq_silence() - A queue does not signal any of its older bytes.
 * @queue: the queue
 *
 * Context: vfio_ap_irq_lock is held, since the machine has said so.
 */
void vfio_ap_irq_silence(struct vfio_ap_queue *queue)
{
	struct vfio_ap_irq *irq, *next;

	list_for_each_entry_safe(irq, next, &queue->older, older) {
		list_del_init(&irq->older);
		irq->quiet = true;
		if (irq->state == VFIO_AP_IRQ_FADING) {
			irq->state = VFIO_AP_IRQ_OFF;
			queue_reclaim(irq);
		} else if (irq->state == VFIO_AP_IRQ_KEPT) {
			list_add(&irq->older, &forgotten);
			queue_work(vfio_ap_workqueue, &forget_work);
		}
	}
}

/**
 * vfio_ap_irq_switch_off() - Ask the machine to switch a queue's interrupts off.
 * @apqn: the queue
 *
 * Context: vfio_ap_irq_lock is held; the queue is bound to this driver.
 * Return: The answer.
 */
struct ap_queue_status vfio_ap_irq_switch_off(u16 apqn)
{
	return ap_aqic(apqn, (union ap_qirq_ctrl){}, 0);
}

/**
 * vfio_ap_irq_get_off() - Get on with having a queue not signal a byte.
 * @irq: the byte; no queue's any more
 *
 * A queue that is not bound to this driver is left alone: it may be somebody
 * else's.
 *
 * Context: vfio_ap_irq_lock is held.
 * Return: Whether there is no more to be done: the byte is quiet, or it cannot be
 *	had.  Else this is to be called again, a little later.
 */
bool vfio_ap_irq_get_off(struct vfio_ap_irq *irq)
{
	struct vfio_ap_queue *queue = xa_load(&vfio_ap_queues, irq->apqn);
	enum vfio_ap_disable_next next;

	if (irq->quiet || !queue)
		return true;
	next = vfio_ap_after_disable(irq->off.response_code);
	if (!irq->looks || next == VFIO_AP_DISABLE_AGAIN) {
		irq->off = vfio_ap_irq_switch_off(irq->apqn);
		next = vfio_ap_after_disable(irq->off.response_code);
	}
	if (next == VFIO_AP_DISABLE_FAILED)
		return true;
	if (next == VFIO_AP_DISABLE_OFF ||
	    (next == VFIO_AP_DISABLE_LOOK &&
	     !ap_tapq(irq->apqn, NULL).irq_enabled)) {
		vfio_ap_irq_silence(queue);
		return true;
	}
	irq->next_look = jiffies + msecs_to_jiffies(OFF_INTERVAL_MS);
	return ++irq->looks == OFF_LOOKS;
}

/* Give a byte back to the guest; while it is not quiet, its memory is kept. */
static void release(struct vfio_ap_irq *irq)
{
	struct vfio_ap_irqs *irqs = &irq->mdev->irqs;
	const bool kept = !READ_ONCE(irq->quiet);
	const u16 apqn = irq->apqn;
	bool quiet;

	if (kept)
		vfio_ap_nib_keep(irq);
	vfio_ap_nib_release(irq);

	scoped_guard(mutex, &vfio_ap_irq_lock) {
		list_del(&irq->entry);
		irq->mdev = NULL;
		irq->state = VFIO_AP_IRQ_KEPT;
		quiet = irq->quiet;
		irqs->left++;
		wake_up_all(&irqs->changed);
	}

	if (!quiet)
		vfio_ap_note_noisy(apqn);
	else if (kept)
		vfio_ap_nib_forget(irq);
	else
		kfree(irq);
}

/**
 * vfio_ap_irq_let_go() - Release a byte when no queue signals it any more.
 * @irq: the byte; the caller's to release
 *
 * Context: Process context, without a lock of ours.  Waits for the machine
 *	OFF_LOOKS times at most.
 * Return: The machine's last answer to switching interrupts off.
 */
struct ap_queue_status vfio_ap_irq_let_go(struct vfio_ap_irq *irq)
{
	struct ap_queue_status status;

	for (;;) {
		bool over;

		scoped_guard(mutex, &vfio_ap_irq_lock) {
			over = vfio_ap_irq_get_off(irq);
			status = irq->off;
		}
		if (over)
			break;
		msleep(OFF_INTERVAL_MS);
	}
	release(irq);
	return status;
}

/* A byte to be released that it is time to look after; if none, are there more? */
static struct vfio_ap_irq *next_off(struct vfio_ap_irqs *irqs, bool *more)
{
	struct vfio_ap_irq *irq;

	*more = false;
	list_for_each_entry(irq, &irqs->list, entry) {
		if (irq->state != VFIO_AP_IRQ_OFF)
			continue;
		*more = true;
		if (!irq->looks || time_after_eq(jiffies, irq->next_look))
			return irq;
	}
	return NULL;
}

/* All at the same time: however many there are, it takes as long as for one. */
static void reclaim(struct work_struct *work)
{
	struct vfio_ap_irqs *irqs = container_of(work, struct vfio_ap_irqs,
						 reclaim);
	bool more = true;

	while (more) {
		struct vfio_ap_irq *irq;
		bool over = false;

		scoped_guard(mutex, &vfio_ap_irq_lock) {
			irq = next_off(irqs, &more);
			if (irq)
				over = vfio_ap_irq_get_off(irq);
			if (over)
				irq->state = VFIO_AP_IRQ_RELEASED;
		}
		if (over)
			release(irq);
		else if (!irq && more)
			msleep(OFF_INTERVAL_MS);
	}
}

/**
 * vfio_ap_irq_take() - Take the byte from a queue, which may still signal it.
 * @queue: the queue
 * @state: who is to release it now
 *
 * Context: vfio_ap_irq_lock is held.
 * Return: The byte, or NULL.
 */
struct vfio_ap_irq *vfio_ap_irq_take(struct vfio_ap_queue *queue,
				     enum vfio_ap_irq_state state)
{
	struct vfio_ap_irq *irq = queue->irq;

	queue->irq = NULL;
	if (irq) {
		irq->state = state;
		list_add_tail(&irq->older, &queue->older);
	}
	return irq;
}

/* What reclaim has not been asked for, it is asked for now. */
static void off_faded(struct vfio_ap_queue *queue)
{
	struct vfio_ap_irq *irq;

	list_for_each_entry(irq, &queue->older, older) {
		if (irq->state != VFIO_AP_IRQ_FADING)
			continue;
		irq->state = VFIO_AP_IRQ_OFF;
		queue_reclaim(irq);
	}
}

/**
 * vfio_ap_irq_reset() - A reset of a queue goes on, or is over.
 * @queue: the queue; queue->step is what comes next
 * @zapq: whether it is the answer to PQAP(ZAPQ) or to PQAP(TAPQ)
 * @code: its response code
 *
 * What a guest enables after ZAPQ was accepted is not affected by the reset, so
 * it matters what the queue had then.
 *
 * Context: vfio_ap_irq_lock is held, since before the instruction.
 */
void vfio_ap_irq_reset(struct vfio_ap_queue *queue, bool zapq, u8 code)
{
	const bool done = queue->step == VFIO_AP_RESET_DONE;
	const bool failed = queue->step == VFIO_AP_RESET_FAILED;

	if (failed || (zapq && (done || code == VFIO_AP_NORMAL)))
		vfio_ap_irq_take(queue, VFIO_AP_IRQ_FADING);
	if (done)
		vfio_ap_irq_silence(queue);
	if (failed)
		off_faded(queue);
}

/**
 * vfio_ap_irq_adopt() - A queue is bound: it may signal what it did before.
 * @queue: the queue, about to be reset
 *
 * Context: vfio_ap_irq_lock is held.
 */
void vfio_ap_irq_adopt(struct vfio_ap_queue *queue)
{
	struct vfio_ap_irq *irq, *next;

	list_for_each_entry_safe(irq, next, &lost, older) {
		if (irq->apqn == queue->apqn)
			list_move(&irq->older, &queue->older);
	}
}

/**
 * vfio_ap_irq_part() - A queue is given back.
 * @queue: the queue; not bound to this driver any more
 * @exists: the machine has it still; then, what is not quiet stays so until the
 *	queue is bound and reset again
 *
 * Context: vfio_ap_irq_lock is held.
 */
void vfio_ap_irq_part(struct vfio_ap_queue *queue, bool exists)
{
	vfio_ap_irq_take(queue, VFIO_AP_IRQ_FADING);
	if (!exists)
		vfio_ap_irq_silence(queue);
	off_faded(queue);
	list_splice_init(&queue->older, &lost);
}

static bool is_within(const struct vfio_ap_irq *irq, u64 iova, u64 length)
{
	const u64 start = irq->address & PAGE_MASK;

	return start <= iova + (length - 1) && start + (PAGE_SIZE - 1) >= iova;
}

/* With vfio_ap_irq_lock held. */
static bool holds(struct vfio_ap_irqs *irqs, u64 iova, u64 length)
{
	struct vfio_ap_irq *irq;

	list_for_each_entry(irq, &irqs->list, entry) {
		if (is_within(irq, iova, length))
			return true;
	}
	return false;
}

/* Wait until no byte is held in this memory, but not for ever. */
static void wait_released(struct vfio_ap_irqs *irqs, u64 iova, u64 length)
{
	long patience = UNMAP_PATIENCE;
	unsigned long seen;

	while (patience) {
		scoped_guard(mutex, &vfio_ap_irq_lock) {
			if (!holds(irqs, iova, length))
				return;
			seen = irqs->left;
		}
		patience = wait_event_timeout(irqs->changed,
					      READ_ONCE(irqs->left) != seen,
					      patience);
	}
}

/* Whoever has the byte is to give it up; vfio_ap_irq_lock is held. */
static void give_up(struct vfio_ap_irq *irq)
{
	switch (irq->state) {
	case VFIO_AP_IRQ_NEW:
		irq->state = VFIO_AP_IRQ_STALE;
		break;
	case VFIO_AP_IRQ_USED:
		vfio_ap_irq_take(xa_load(&vfio_ap_queues, irq->apqn),
				 VFIO_AP_IRQ_OFF);
		break;
	case VFIO_AP_IRQ_FADING:
		irq->state = VFIO_AP_IRQ_OFF;
		break;
	default:
		break;
	}
}

/**
 * vfio_ap_irq_unmap() - Give up notification bytes in memory that goes away.
 * @mdev: device of the guest
 * @iova: start of the memory, in the guest
 * @length: its length in bytes
 *
 * Context: The container holds a lock that it also takes to unpin pages: so a
 *	work item does that, and this waits for it, but not for ever.
 */
void vfio_ap_irq_unmap(struct vfio_ap_mdev *mdev, u64 iova, u64 length)
{
	struct vfio_ap_irqs *irqs = &mdev->irqs;
	struct vfio_ap_irq *irq;

	scoped_guard(mutex, &vfio_ap_irq_lock) {
		irqs->unmapped = jiffies;
		list_for_each_entry(irq, &irqs->list, entry) {
			if (is_within(irq, iova, length))
				give_up(irq);
		}
		queue_work(vfio_ap_workqueue, &irqs->reclaim);
	}
	wait_released(irqs, iova, length);
}

/**
 * vfio_ap_irq_close() - Give up all notification bytes of a guest.
 * @mdev: its device; KVM calls the hook no more, the queues were reset
 *
 * What is left is that of queues which did not get through their reset.
 *
 * Context: Process context, without a lock of ours; the device is still open.
 *	Nobody sets up a byte any more, so that reclaim gets all of them; and that
 *	ends, whatever the machine does.
 */
void vfio_ap_irq_close(struct vfio_ap_mdev *mdev)
{
	struct vfio_ap_irqs *irqs = &mdev->irqs;
	struct vfio_ap_irq *irq;

	scoped_guard(mutex, &vfio_ap_irq_lock) {
		list_for_each_entry(irq, &irqs->list, entry)
			give_up(irq);
		queue_work(vfio_ap_workqueue, &irqs->reclaim);
	}
	flush_work(&irqs->reclaim);
}

/**
 * vfio_ap_irq_init() - Begin without notification bytes.
 * @mdev: the device
 */
void vfio_ap_irq_init(struct vfio_ap_mdev *mdev)
{
	INIT_LIST_HEAD(&mdev->irqs.list);
	init_waitqueue_head(&mdev->irqs.changed);
	INIT_WORK(&mdev->irqs.reclaim, reclaim);
	mdev->irqs.unmapped = jiffies - HZ;
}
