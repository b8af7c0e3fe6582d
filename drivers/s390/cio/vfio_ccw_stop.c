// SPDX-License-Identifier: GPL-2.0
/*
 * Bringing a device to rest: at close, at reset, and when guest memory goes
 * away.  The subchannel first, then the guest's pages, never the other way
 * round.
 */
#include <linux/jiffies.h>
#include <linux/spinlock.h>

#include "vfio_ccw_device.h"
#include "vfio_ccw_interrupt.h"
#include "vfio_ccw_io.h"
#include "vfio_ccw_note.h"
#include "vfio_ccw_stop.h"
#include "vfio_ccw_user.h"

/* How often a subchannel is asked to stop, and what it may take to answer. */
#define STOP_ATTEMPTS		5
#define ANSWER_TIMEOUT		(3 * HZ)

/* How long a system that goes down waits for guest memory that is being read. */
#define FETCH_TIMEOUT		(3 * HZ)

/*
 * The container calls again if pages are still held after vfio_ccw_unmap(), but
 * only about ten times.
 */
#define UNMAP_TIMEOUT		HZ

/* What no program has used for so long, or twice that, is not kept. */
#define TICK			HZ

/**
 * vfio_ccw_reclaim() - Give back the guest pages of an ended program.
 * @device: the device
 *
 * But for those that are kept for the next one.
 *
 * Context: Process context, may sleep; takes the container's lock, unless there
 *	is nothing to give back.
 */
void vfio_ccw_reclaim(struct vfio_ccw_device *device)
{
	bool release = false;

	scoped_guard(spinlock_irq, &device->sch->lock) {
		if (!vfio_ccw_fsm_verdict(device, VFIO_CCW_RECLAIM)) {
			vfio_ccw_cp_end(&device->cp, &device->keep);
			release = vfio_ccw_cp_pinned(&device->cp);
			if (release)
				device->fsm.state = VFIO_CCW_RELEASING;
		}
	}
	if (release) {
		vfio_ccw_cp_release(&device->cp, &device->keep);
		guard(spinlock_irq)(&device->sch->lock);
		vfio_ccw_fsm_settle(device, VFIO_CCW_IDLE);
	}
	vfio_ccw_user_drop_stale(&device->keep);
}

static void reclaim_work(struct work_struct *work)
{
	struct vfio_ccw_device *device =
		container_of(work, struct vfio_ccw_device, reclaim);

	vfio_ccw_reclaim(device);
	guard(spinlock_irq)(&device->sch->lock);
	vfio_ccw_fsm_touch(device);
}

/* Pages that are not used lately, then all memory of a device at rest. */
static void tick_work(struct work_struct *work)
{
	struct vfio_ccw_device *device =
		container_of(to_delayed_work(work), struct vfio_ccw_device,
			     tick);
	bool active = vfio_ccw_user_age(&device->keep);

	scoped_guard(spinlock_irq, &device->sch->lock) {
		if (active || vfio_ccw_fsm_verdict(device, VFIO_CCW_RECLAIM)) {
			schedule_delayed_work(&device->tick, TICK);
			return;
		}
		device->ticking = false;
		device->fsm.state = VFIO_CCW_RELEASING;
	}
	vfio_ccw_cp_release(&device->cp, &device->keep);
	vfio_ccw_cp_free(&device->cp);
	vfio_ccw_keep_trim(&device->keep);

	guard(spinlock_irq)(&device->sch->lock);
	vfio_ccw_fsm_settle(device, VFIO_CCW_IDLE);
}

/**
 * vfio_ccw_tick() - See to it that what is not used any more is given back.
 * @device: the device, about to run a program
 *
 * Context: The subchannel lock is held.
 */
void vfio_ccw_tick(struct vfio_ccw_device *device)
{
	if (likely(device->ticking))
		return;
	device->ticking = true;
	schedule_delayed_work(&device->tick, TICK);
}

/**
 * vfio_ccw_stop_init() - Begin, with nothing to do.
 * @device: the device, new
 */
void vfio_ccw_stop_init(struct vfio_ccw_device *device)
{
	INIT_WORK(&device->reclaim, reclaim_work);
	INIT_DELAYED_WORK(&device->tick, tick_work);
	vfio_ccw_keep_init(&device->keep, &device->vdev, &device->reclaim);
}

/* The lock is held. */
static int enable(struct vfio_ccw_device *device)
{
	int ret = vfio_ccw_io_enable(device->sch);

	if (ret)
		return ret;
	vfio_ccw_status_reset(&device->status);
	vfio_ccw_crw_reset(&device->crw);
	return 0;
}

/**
 * vfio_ccw_open() - Make the device ready for its first user.
 * @device: the device
 *
 * Context: Process context, may sleep.
 * Return: 0; -EINVAL if the subchannel is not operational; or -ENOMEM.
 */
int vfio_ccw_open(struct vfio_ccw_device *device)
{
	int ret = vfio_ccw_user_open(&device->keep);

	if (ret)
		return ret;
	scoped_guard(spinlock_irq, &device->sch->lock) {
		vfio_ccw_note_event(device, VFIO_CCW_EVENT_OPEN);
		ret = vfio_ccw_fsm_verdict(device, VFIO_CCW_OPEN);
		if (!ret && enable(device))
			ret = -EINVAL;
		if (!ret)
			vfio_ccw_fsm_settle(device, VFIO_CCW_IDLE);
		vfio_ccw_note_settled(device, VFIO_CCW_EVENT_OPEN, ret);
	}
	if (ret)
		vfio_ccw_user_close(&device->keep);
	return ret;
}

/*
 * Bring the subchannel to rest and disable it.  The lock is held, and released
 * in between.
 *
 * HALT lets the device end what it is doing in order, CLEAR does not ask.  Each
 * is answered by an interruption, as is I/O that ends by itself meanwhile.
 *
 * This is also for one that was found not operational: if it is again, then with
 * the address of a struct subchannel that will not be there for its next
 * interruption.
 */
static void quiesce(struct vfio_ccw_device *device)
{
	struct subchannel *sch = device->sch;

	for (int attempt = 0;; attempt++) {
		if (cio_disable_subchannel(sch) != -EBUSY)
			return;
		if (attempt == STOP_ATTEMPTS) {
			dev_err(&sch->dev, "the device does not stop\n");
			return;
		}
		device->fsm.interrupted = false;
		if (attempt)
			vfio_ccw_io_clear(sch);
		else
			vfio_ccw_io_halt(sch);
		wait_event_lock_irq_timeout(device->fsm.wait,
					    device->fsm.interrupted,
					    device->sch->lock, ANSWER_TIMEOUT);
	}
}

/*
 * Bring the device to rest, and leave it to this thread.  False if there is
 * nothing to stop; or if another thread has it and does not come to an end: then
 * the device is at rest, and what that thread makes ready will not run.
 */
static bool stop(struct vfio_ccw_device *device, enum vfio_ccw_event why,
		 long timeout)
{
	struct vfio_ccw_fsm *fsm = &device->fsm;
	int verdict;

	guard(spinlock_irq)(&device->sch->lock);
	vfio_ccw_note_event(device, why);
	wait_event_lock_irq_timeout(fsm->wait,
				    vfio_ccw_fsm_verdict(device, VFIO_CCW_STOP) <= 0,
				    device->sch->lock, timeout);
	verdict = vfio_ccw_fsm_verdict(device, VFIO_CCW_STOP);
	if (verdict < 0)
		return false;
	if (verdict > 0)
		fsm->gone = true;
	else
		fsm->state = VFIO_CCW_STOPPING;
	quiesce(device);
	return !verdict;
}

static void close(struct vfio_ccw_device *device, long timeout)
{
	if (!stop(device, VFIO_CCW_EVENT_CLOSE, timeout))
		return;
	vfio_ccw_cp_release(&device->cp, &device->keep);
	vfio_ccw_watch_end(&device->keep);
	vfio_ccw_user_drop(&device->keep);

	scoped_guard(spinlock_irq, &device->sch->lock) {
		vfio_ccw_fsm_settle(device, VFIO_CCW_CLOSED);
		vfio_ccw_note_settled(device, VFIO_CCW_EVENT_CLOSE, 0);
	}
	cancel_work_sync(&device->proceed);
	cancel_work_sync(&device->reclaim);
	cancel_delayed_work_sync(&device->tick);
	device->ticking = false;
	vfio_ccw_user_close(&device->keep);
	vfio_ccw_cp_free(&device->cp);
}

/**
 * vfio_ccw_close() - Bring the device to rest after its last user.
 * @device: the device
 *
 * Afterwards no guest page is held.
 *
 * Context: Process context, may sleep; takes the container's lock.
 */
void vfio_ccw_close(struct vfio_ccw_device *device)
{
	close(device, MAX_SCHEDULE_TIMEOUT);
}

/**
 * vfio_ccw_shutdown() - Bring the device to rest, as the system goes down.
 * @device: the device, which may still have a user
 *
 * As vfio_ccw_close(), but a user whose memory does not answer is not waited for
 * longer than FETCH_TIMEOUT.
 *
 * Context: Process context, may sleep; takes the container's lock.
 */
void vfio_ccw_shutdown(struct vfio_ccw_device *device)
{
	close(device, FETCH_TIMEOUT);
}

/**
 * vfio_ccw_reset() - Bring the device to the state it had after open.
 * @device: the device
 *
 * Context: Process context, may sleep; takes the container's lock.
 * Return: 0, or -EINVAL if the subchannel is not operational.
 */
int vfio_ccw_reset(struct vfio_ccw_device *device)
{
	int ret;

	if (!stop(device, VFIO_CCW_EVENT_RESET, MAX_SCHEDULE_TIMEOUT))
		return -EINVAL;
	vfio_ccw_cp_release(&device->cp, &device->keep);
	vfio_ccw_user_drop(&device->keep);

	guard(spinlock_irq)(&device->sch->lock);
	if (!device->fsm.gone && enable(device))
		vfio_ccw_gone(device);
	vfio_ccw_fsm_settle(device, VFIO_CCW_IDLE);
	ret = device->fsm.gone ? -EINVAL : 0;
	vfio_ccw_note_settled(device, VFIO_CCW_EVENT_RESET, ret);
	return ret;
}

/**
 * vfio_ccw_abort() - End a running program that cannot go on.
 * @device: the device, running
 *
 * See vfio_ccw_respond_aborted() for what the guest is told.
 *
 * Context: Process context, may sleep; the subchannel lock is held, and
 *	released in between.
 */
void vfio_ccw_abort(struct vfio_ccw_device *device)
{
	vfio_ccw_note_event(device, VFIO_CCW_EVENT_ABORT);
	device->fsm.state = VFIO_CCW_STOPPING;
	quiesce(device);
	if (!device->fsm.gone && vfio_ccw_io_enable(device->sch))
		vfio_ccw_gone(device);
	vfio_ccw_cp_end(&device->cp, &device->keep);
	vfio_ccw_fsm_settle(device, VFIO_CCW_IDLE);
	vfio_ccw_note_settled(device, VFIO_CCW_EVENT_ABORT,
			      device->fsm.gone ? -ENODEV : 0);
	vfio_ccw_respond_aborted(device);
}

/* Whether the range may be held; if so, no longer than is needed.  Lock held. */
static bool holds(struct vfio_ccw_device *device, u64 guest, u64 length)
{
	bool kept = vfio_ccw_keep_give_up(&device->keep, guest, length);

	switch (device->fsm.state) {
	case VFIO_CCW_BUILDING:
	case VFIO_CCW_RESUMING:
	case VFIO_CCW_RELEASING:
	case VFIO_CCW_STOPPING:
		/* Only the thread that owns the program could tell. */
		return true;
	default:
		return kept || vfio_ccw_cp_overlaps(&device->cp, guest, length);
	}
}

/**
 * vfio_ccw_unmap() - Give up guest memory that is about to go away.
 * @device: the device
 * @guest: start of the range
 * @length: its length in bytes
 *
 * A program that runs on this memory is stopped.  The pages are given back by
 * another thread: this one holds a lock of the container, inside which the
 * container's main lock must not be waited for.
 *
 * Context: Process context, may sleep; the container's device list is locked.
 *	Returns after UNMAP_TIMEOUT at the latest, but for a device that is slow
 *	to stop.
 */
void vfio_ccw_unmap(struct vfio_ccw_device *device, u64 guest, u64 length)
{
	struct vfio_ccw_fsm *fsm = &device->fsm;
	long left = UNMAP_TIMEOUT;

	guard(spinlock_irq)(&device->sch->lock);
	if (holds(device, guest, length))
		vfio_ccw_note_unmap(device, guest, length);
	while (left && holds(device, guest, length)) {
		unsigned int settled = fsm->settled;

		WRITE_ONCE(device->unmapped, jiffies);
		switch (fsm->state) {
		case VFIO_CCW_RUNNING:
			if (vfio_ccw_cp_overlaps(&device->cp, guest, length)) {
				vfio_ccw_abort(device);
				continue;
			}
			schedule_work(&device->reclaim);
			break;
		case VFIO_CCW_BUILDING:
		case VFIO_CCW_RESUMING:
			fsm->stale = true;
			break;
		default:
			schedule_work(&device->reclaim);
		}
		left = wait_event_lock_irq_timeout(fsm->wait,
						   fsm->settled != settled,
						   device->sch->lock, left);
	}
}
