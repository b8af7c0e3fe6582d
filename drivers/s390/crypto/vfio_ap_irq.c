// SPDX-License-Identifier: GPL-2.0
/*
 * The notification bytes that queues signal, however they come to an end.
 *
 * Each notification byte is in its guest's list from before its page is pinned
 * until after it is unpinned, so that whoever takes memory from the guest, or
 * closes the device, knows what to wait for.  Its state says who may release it;
 * vfio_ap_irq_lock is held for a look or an instruction, never for longer.
 */
#include <linux/delay.h>
#include <linux/limits.h>
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
#define OFF_LOOKS		5
#define OFF_INTERVAL_MS		20

/*
 * The container asks ten times at most for memory that is to go.  Each time we
 * wait until all is given back, for so long.
 */
#define UNMAP_PATIENCE		HZ

DEFINE_MUTEX(vfio_ap_irq_lock); /* see vfio_ap_irq.h */

/**
 * vfio_ap_irq_switch_off() - Ask the machine to switch a queue's interrupts off.
 * @apqn: the queue
 *
 * Context: vfio_ap_irq_lock is held.
 * Return: The answer.
 */
struct ap_queue_status vfio_ap_irq_switch_off(u16 apqn)
{
	return ap_aqic(apqn, (union ap_qirq_ctrl){}, 0);
}

/* Somebody has given the queue another byte: it does not signal the older. */
static bool is_in_use(u16 apqn)
{
	struct vfio_ap_queue *queue = xa_load(&vfio_ap_queues, apqn);

	return queue && queue->irq;
}

/**
 * vfio_ap_irq_wait_off() - Wait until interrupts are off, which were asked to be.
 * @apqn: the queue
 * @status: the answer to that; on return, to what was last asked
 *
 * Context: Process context, without a lock of ours.
 * Return: Whether they are off.
 */
bool vfio_ap_irq_wait_off(u16 apqn, struct ap_queue_status *status)
{
	for (int looks = 0; looks < OFF_LOOKS; looks++) {
		bool again = false;

		switch (vfio_ap_after_disable(status->response_code)) {
		case VFIO_AP_DISABLE_LOOK:
			if (!ap_tapq(apqn, NULL).irq_enabled)
				return true;
			break;
		case VFIO_AP_DISABLE_AGAIN:
			again = true;
			break;
		case VFIO_AP_DISABLE_OFF:
			return true;
		case VFIO_AP_DISABLE_FAILED:
			return false;
		}

		msleep(OFF_INTERVAL_MS);
		guard(mutex)(&vfio_ap_irq_lock);
		if (is_in_use(apqn))
			return true;
		if (again)
			*status = vfio_ap_irq_switch_off(apqn);
	}
	return false;
}

/**
 * vfio_ap_irq_release() - Give a byte back to the guest.
 * @irq: the byte; no queue has it any more
 * @quiet: no queue signals it any more; else its memory is kept for so long
 *
 * Context: Process context, without a lock of ours.
 */
void vfio_ap_irq_release(struct vfio_ap_irq *irq, bool quiet)
{
	struct vfio_ap_irqs *irqs = &irq->mdev->irqs;
	struct vfio_ap_queue *queue;

	if (!quiet)
		vfio_ap_nib_keep(irq);
	vfio_ap_nib_release(irq);

	scoped_guard(mutex, &vfio_ap_irq_lock) {
		list_del(&irq->entry);
		irqs->left++;
		queue = xa_load(&vfio_ap_queues, irq->apqn);
		if (!quiet && queue)
			list_add(&irq->entry, &queue->limbo);
		wake_up_all(&irqs->changed);
	}

	if (quiet) {
		kfree(irq);
	} else {
		vfio_ap_note_noisy(irq->apqn);
		if (!queue)
			vfio_ap_nib_forget(irq);
	}
}

/* One byte that is to be released, and how: with vfio_ap_irq_lock held. */
static struct vfio_ap_irq *next_released(struct vfio_ap_irqs *irqs)
{
	struct vfio_ap_irq *irq;

	list_for_each_entry(irq, &irqs->list, entry) {
		switch (irq->state) {
		case VFIO_AP_IRQ_OFF:
		case VFIO_AP_IRQ_QUIET:
		case VFIO_AP_IRQ_NOISY:
			return irq;
		default:
			break;
		}
	}
	return NULL;
}

static void reclaim(struct work_struct *work)
{
	struct vfio_ap_irqs *irqs = container_of(work, struct vfio_ap_irqs,
						 reclaim);

	for (;;) {
		struct ap_queue_status status = {};
		struct vfio_ap_irq *irq;
		bool off, quiet;

		scoped_guard(mutex, &vfio_ap_irq_lock) {
			irq = next_released(irqs);
			if (!irq)
				return;
			quiet = irq->state != VFIO_AP_IRQ_NOISY;
			off = irq->state == VFIO_AP_IRQ_OFF &&
			      !is_in_use(irq->apqn);
			irq->state = VFIO_AP_IRQ_RELEASED;
			if (off)
				status = vfio_ap_irq_switch_off(irq->apqn);
		}
		if (off)
			quiet = vfio_ap_irq_wait_off(irq->apqn, &status);
		vfio_ap_irq_release(irq, quiet);
	}
}

/**
 * vfio_ap_irq_take() - Take the byte from a queue.
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
	if (irq)
		irq->state = state;
	return irq;
}

/**
 * vfio_ap_irq_drop() - Take a queue's notification byte from it.
 * @queue: the queue
 * @state: what is known of it: VFIO_AP_IRQ_QUIET, _OFF or _NOISY
 *
 * Context: vfio_ap_irq_lock is held.
 */
void vfio_ap_irq_drop(struct vfio_ap_queue *queue, enum vfio_ap_irq_state state)
{
	struct vfio_ap_irq *irq = vfio_ap_irq_take(queue, state);

	if (irq)
		queue_work(vfio_ap_workqueue, &irq->mdev->irqs.reclaim);
}

/**
 * vfio_ap_irq_forget() - Let go of the memory that a queue could have signalled.
 * @queue: the queue; it does not any more, or is given back
 *
 * Context: Process context, without a lock of ours.
 */
void vfio_ap_irq_forget(struct vfio_ap_queue *queue)
{
	struct vfio_ap_irq *irq, *next;
	LIST_HEAD(limbo);

	scoped_guard(mutex, &vfio_ap_irq_lock)
		list_splice_init(&queue->limbo, &limbo);
	list_for_each_entry_safe(irq, next, &limbo, entry)
		vfio_ap_nib_forget(irq);
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

/* Wait until no byte is held in this memory; for some time, in jiffies. */
static void wait_released(struct vfio_ap_irqs *irqs, u64 iova, u64 length,
			  long patience)
{
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

/* Take the byte from its queue; vfio_ap_irq_lock is held. */
static void give_up(struct vfio_ap_irq *irq, enum vfio_ap_irq_state state)
{
	if (irq->state == VFIO_AP_IRQ_NEW)
		irq->state = VFIO_AP_IRQ_STALE;
	else if (irq->state == VFIO_AP_IRQ_USED)
		vfio_ap_irq_take(xa_load(&vfio_ap_queues, irq->apqn), state);
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
				give_up(irq, VFIO_AP_IRQ_OFF);
		}
		queue_work(vfio_ap_workqueue, &irqs->reclaim);
	}
	wait_released(irqs, iova, length, UNMAP_PATIENCE);
}

/**
 * vfio_ap_irq_close() - Give up all notification bytes of a guest.
 * @mdev: its device; KVM calls the hook no more, the queues were reset
 *
 * What is left is that of queues which did not get through their reset.
 *
 * Context: Process context, without a lock of ours; the device is still open.
 */
void vfio_ap_irq_close(struct vfio_ap_mdev *mdev)
{
	struct vfio_ap_irqs *irqs = &mdev->irqs;
	struct vfio_ap_irq *irq;

	scoped_guard(mutex, &vfio_ap_irq_lock) {
		list_for_each_entry(irq, &irqs->list, entry)
			give_up(irq, VFIO_AP_IRQ_NOISY);
		queue_work(vfio_ap_workqueue, &irqs->reclaim);
	}
	wait_released(irqs, 0, U64_MAX, MAX_SCHEDULE_TIMEOUT);
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
