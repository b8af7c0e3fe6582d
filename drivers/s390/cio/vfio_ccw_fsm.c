// SPDX-License-Identifier: GPL-2.0
/*
 * The states of a device: which request is allowed in which, who may touch the
 * channel program, and how one state leads to the next.
 *
 * The subchannel lock makes each step one.  A thread that needs the program
 * for longer moves to a state that says so, works without any lock, and
 * settles in the next state: so the container's locks, which are taken for
 * guest memory, and which are held around vfio_ccw_fsm_unmap(), are never
 * taken inside one of ours.
 */
#include <linux/jiffies.h>
#include <linux/spinlock.h>

#include "vfio_ccw_device.h"
#include "vfio_ccw_io.h"

/* How often cio_cancel_halt_clear() may try, as for the host's own drivers. */
#define STOP_RETRIES		255
/* What a subchannel may take to answer HALT or CLEAR. */
#define STOP_TIMEOUT		(3 * HZ)

/*
 * The container calls again if pages are still held after
 * vfio_ccw_fsm_unmap(), but only about ten times.
 */
#define UNMAP_TIMEOUT		HZ
/*
 * It tells when guest memory is about to go, but not when it has gone.  For so
 * long no new page is held, lest it be one of these.
 */
#define UNMAP_GRACE		(HZ / 20)

enum request {
	OPEN,
	START,
	SIGNAL,		/* HALT or CLEAR */
	RECLAIM,	/* give back what an ended program holds */
	STOP,		/* close or reset */
	REQUESTS
};

#define GO	0
#define WAIT	1	/* for the state to change */

static const int verdicts[VFIO_CCW_STATES][REQUESTS] = {
	/*                        OPEN     START    SIGNAL   RECLAIM  STOP */
	[VFIO_CCW_CLOSED]    = {  GO,      -EIO,    -EIO,    -EBUSY,  -EIO  },
	[VFIO_CCW_IDLE]      = { -EBUSY,    GO,      GO,      GO,      GO   },
	[VFIO_CCW_BUILDING]  = { -EBUSY,   -EBUSY,   WAIT,   -EBUSY,   WAIT },
	[VFIO_CCW_RUNNING]   = { -EBUSY,   -EBUSY,   GO,     -EBUSY,   GO   },
	[VFIO_CCW_RELEASING] = { -EBUSY,    WAIT,    GO,     -EBUSY,   WAIT },
	[VFIO_CCW_STOPPING]  = { -EBUSY,   -EIO,    -EIO,    -EBUSY,   WAIT },
	[VFIO_CCW_GONE]      = { -EINVAL,  -ENODEV, -ENODEV,  GO,      GO   },
};

static spinlock_t *lock_of(struct vfio_ccw_device *device)
{
	return &device->sch->lock;
}

static int verdict(const struct vfio_ccw_device *device, enum request request)
{
	return verdicts[device->fsm.state][request];
}

/*
 * The lock is held, and released in between.  A VMM's threads get signals all
 * the time, and an interrupted START would be an error to the guest: only a
 * deadly one ends the wait.
 */
static int may(struct vfio_ccw_device *device, enum request request)
{
	int ret = ___wait_event(device->fsm.wait,
				verdict(device, request) != WAIT,
				TASK_KILLABLE, 0, 0,
				spin_unlock_irq(lock_of(device));
				schedule();
				spin_lock_irq(lock_of(device)));

	return ret ? -EINTR : verdict(device, request);
}

static void settle(struct vfio_ccw_device *device, enum vfio_ccw_state state)
{
	device->fsm.state = device->fsm.gone ? VFIO_CCW_GONE : state;
	device->fsm.settled++;
	wake_up_all(&device->fsm.wait);
}

/**
 * vfio_ccw_fsm_reclaim() - Give back the guest pages of an ended program.
 * @device: the device
 *
 * Context: Process context, may sleep; takes the container's lock.
 */
void vfio_ccw_fsm_reclaim(struct vfio_ccw_device *device)
{
	scoped_guard(spinlock_irq, lock_of(device)) {
		if (verdict(device, RECLAIM) != GO || !device->cp.loaded)
			return;
		device->fsm.state = VFIO_CCW_RELEASING;
	}

	vfio_ccw_cp_release(&device->cp, &device->vdev);

	guard(spinlock_irq)(lock_of(device));
	settle(device, VFIO_CCW_IDLE);
}

static void reclaim_work(struct work_struct *work)
{
	vfio_ccw_fsm_reclaim(container_of(work, struct vfio_ccw_device,
					  fsm.reclaim));
}

/**
 * vfio_ccw_fsm_init() - Begin, closed.
 * @device: the device, new
 */
void vfio_ccw_fsm_init(struct vfio_ccw_device *device)
{
	device->fsm.state = VFIO_CCW_CLOSED;
	device->fsm.unmapped = jiffies - UNMAP_GRACE;
	init_waitqueue_head(&device->fsm.wait);
	INIT_WORK(&device->fsm.reclaim, reclaim_work);
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
 * vfio_ccw_fsm_open() - Make the device ready for its first user.
 * @device: the device
 *
 * Context: Process context.
 * Return: 0, or -EINVAL if the subchannel is not operational.
 */
int vfio_ccw_fsm_open(struct vfio_ccw_device *device)
{
	int ret;

	guard(spinlock_irq)(lock_of(device));
	ret = verdict(device, OPEN);
	if (ret)
		return ret;
	if (enable(device))
		return -EINVAL;
	settle(device, VFIO_CCW_IDLE);
	return 0;
}

/*
 * Bring the subchannel to rest and disable it.  The lock is held, and released
 * in between.
 */
static int quiesce(struct vfio_ccw_device *device)
{
	struct subchannel *sch = device->sch;
	int retries = STOP_RETRIES;
	int ret;

	while ((ret = cio_disable_subchannel(sch)) == -EBUSY) {
		device->fsm.interrupted = false;
		ret = cio_cancel_halt_clear(sch, &retries);
		if (ret == -EIO) {
			dev_err(&sch->dev, "the device does not stop\n");
			break;
		}
		if (ret == -EBUSY)
			wait_event_lock_irq_timeout(device->fsm.wait,
						    device->fsm.interrupted,
						    *lock_of(device),
						    STOP_TIMEOUT);
	}
	return ret;
}

/*
 * Bring the device to rest, and leave it to this thread.  False if there is
 * nothing to stop.
 */
static bool stop(struct vfio_ccw_device *device)
{
	guard(spinlock_irq)(lock_of(device));
	wait_event_lock_irq(device->fsm.wait, verdict(device, STOP) != WAIT,
			    *lock_of(device));
	if (verdict(device, STOP) != GO)
		return false;

	device->fsm.state = VFIO_CCW_STOPPING;
	if (!device->fsm.gone)
		quiesce(device);
	return true;
}

/**
 * vfio_ccw_fsm_close() - Bring the device to rest after its last user.
 * @device: the device
 *
 * Afterwards no guest page is held.
 *
 * Context: Process context, may sleep; takes the container's lock.
 */
void vfio_ccw_fsm_close(struct vfio_ccw_device *device)
{
	if (!stop(device))
		return;
	vfio_ccw_cp_release(&device->cp, &device->vdev);

	scoped_guard(spinlock_irq, lock_of(device))
		settle(device, VFIO_CCW_CLOSED);
	cancel_work_sync(&device->fsm.reclaim);
}

/**
 * vfio_ccw_fsm_reset() - Bring the device to the state it had after open.
 * @device: the device
 *
 * Context: Process context, may sleep; takes the container's lock.
 * Return: 0, or -EINVAL if the subchannel is not operational.
 */
int vfio_ccw_fsm_reset(struct vfio_ccw_device *device)
{
	if (!stop(device))
		return -EINVAL;
	vfio_ccw_cp_release(&device->cp, &device->vdev);

	guard(spinlock_irq)(lock_of(device));
	if (enable(device))
		device->fsm.gone = true;
	settle(device, VFIO_CCW_IDLE);
	return device->fsm.gone ? -EINVAL : 0;
}

static void let_unmap_finish(struct vfio_ccw_device *device)
{
	long left = READ_ONCE(device->fsm.unmapped) + UNMAP_GRACE - jiffies;

	if (left > 0)
		schedule_timeout_killable(left);
}

/*
 * Build the program, again if guest memory goes away meanwhile.  Returns with
 * the lock held.
 */
static int build(struct vfio_ccw_device *device, const struct cprog_orb *orb)
{
	int ret;

	for (;;) {
		/* Of the program before, or one that is stale. */
		vfio_ccw_cp_release(&device->cp, &device->vdev);
		let_unmap_finish(device);
		ret = fatal_signal_pending(current) ? -EINTR :
		      vfio_ccw_cp_build(&device->cp, &device->vdev, orb);

		spin_lock_irq(lock_of(device));
		if (!device->fsm.stale || ret)
			break;
		device->fsm.stale = false;
		spin_unlock_irq(lock_of(device));
	}
	device->fsm.stale = false;
	return ret;
}

/**
 * vfio_ccw_fsm_start() - START SUBCHANNEL for the guest.
 * @device: the device
 * @orb: the guest's ORB
 *
 * Context: Process context, may sleep; takes the container's lock.
 * Return: 0 and the program runs; -EBUSY if one does already; what
 *	cprog_check_orb(), vfio_ccw_cp_build() and vfio_ccw_io_start() return;
 *	-EIO if the device is not open, -ENODEV if it is gone.
 */
int vfio_ccw_fsm_start(struct vfio_ccw_device *device,
		       const struct cprog_orb *orb)
{
	struct cprog *prog = &device->cp.prog;
	int ret = cprog_check_orb(orb);

	if (ret)
		return ret;

	scoped_guard(spinlock_irq, lock_of(device)) {
		ret = may(device, START);
		if (ret)
			return ret;
		device->fsm.state = VFIO_CCW_BUILDING;
	}

	ret = build(device, orb);
	if (!ret)
		ret = device->fsm.gone ? -ENODEV :
		      vfio_ccw_io_start(device->sch, prog->host_flags,
					prog->host_cpa);
	settle(device, ret ? VFIO_CCW_IDLE : VFIO_CCW_RUNNING);
	spin_unlock_irq(lock_of(device));

	if (ret)
		vfio_ccw_fsm_reclaim(device);
	return ret;
}

static int signal_subchannel(struct vfio_ccw_device *device,
			     int (*instruction)(struct subchannel *sch))
{
	int ret;

	guard(spinlock_irq)(lock_of(device));
	ret = may(device, SIGNAL);
	return ret ?: instruction(device->sch);
}

/**
 * vfio_ccw_fsm_halt() - HALT SUBCHANNEL for the guest.
 * @device: the device
 *
 * Context: Process context, may sleep.
 * Return: As vfio_ccw_io_halt(); -EIO if the device is not open, -ENODEV if it
 *	is gone.
 */
int vfio_ccw_fsm_halt(struct vfio_ccw_device *device)
{
	return signal_subchannel(device, vfio_ccw_io_halt);
}

/**
 * vfio_ccw_fsm_clear() - CLEAR SUBCHANNEL for the guest.
 * @device: the device
 *
 * Context: Process context, may sleep.
 * Return: As vfio_ccw_io_clear(); -EIO if the device is not open, -ENODEV if it
 *	is gone.
 */
int vfio_ccw_fsm_clear(struct vfio_ccw_device *device)
{
	return signal_subchannel(device, vfio_ccw_io_clear);
}

/**
 * vfio_ccw_fsm_store() - STORE SUBCHANNEL for the guest.
 * @device: the device
 * @schib: where to, without the host's addresses
 *
 * Context: Process context.
 * Return: 0, or -ENODEV if there is no device any more.
 */
int vfio_ccw_fsm_store(struct vfio_ccw_device *device, struct schib *schib)
{
	bool running;
	int ret;

	guard(spinlock_irq)(lock_of(device));
	ret = vfio_ccw_io_store(device->sch);
	if (ret)
		return ret;

	*schib = device->sch->schib;
	running = device->fsm.state == VFIO_CCW_RUNNING;
	vfio_ccw_cp_restore_scsw(running ? &device->cp : NULL, &schib->scsw);
	schib->pmcw.intparm = 0;
	schib->mba = 0;
	return 0;
}

/* Queue a response and tell userspace.  The lock is held. */
static void respond(struct vfio_ccw_device *device, const struct irb *irb,
		    bool end)
{
	vfio_ccw_status_queue(&device->status, irb, end);
	vfio_ccw_trigger_signal(&device->trigger, VFIO_CCW_IO_IRQ_INDEX);
}

/*
 * The program was stopped because storage went away under it: to the guest it
 * ends as one that names storage which is not there.  The lock is held.
 */
static void respond_storage_gone(struct vfio_ccw_device *device)
{
	struct irb irb = {
		.scsw.cmd = {
			.fctl = SCSW_FCTL_START_FUNC,
			.stctl = SCSW_STCTL_ALERT_STATUS |
				 SCSW_STCTL_PRIM_STATUS |
				 SCSW_STCTL_SEC_STATUS |
				 SCSW_STCTL_STATUS_PEND,
			.cpa = u32_to_dma32(device->cp.prog.cpa + 8),
			.cstat = SCHN_STAT_PROG_CHECK,
		},
	};

	respond(device, &irb, true);
}

/* Stop a running program whose storage goes away.  The lock is held. */
static void abort_program(struct vfio_ccw_device *device)
{
	device->fsm.state = VFIO_CCW_STOPPING;
	quiesce(device);
	if (!device->fsm.gone && vfio_ccw_io_enable(device->sch))
		device->fsm.gone = true;
	if (!device->fsm.gone)
		respond_storage_gone(device);
	settle(device, VFIO_CCW_IDLE);
}

/* Whether the range may be held.  The lock is held. */
static bool holds(const struct vfio_ccw_device *device, u64 guest, u64 length)
{
	switch (device->fsm.state) {
	case VFIO_CCW_BUILDING:
	case VFIO_CCW_RELEASING:
	case VFIO_CCW_STOPPING:
		/* Only the thread that owns the program could tell. */
		return true;
	default:
		return vfio_ccw_cp_overlaps(&device->cp, guest, length);
	}
}

/**
 * vfio_ccw_fsm_unmap() - Give up guest memory that is about to go away.
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
void vfio_ccw_fsm_unmap(struct vfio_ccw_device *device, u64 guest, u64 length)
{
	struct vfio_ccw_fsm *fsm = &device->fsm;
	long left = UNMAP_TIMEOUT;

	guard(spinlock_irq)(lock_of(device));
	while (left && holds(device, guest, length)) {
		unsigned int settled = fsm->settled;

		WRITE_ONCE(fsm->unmapped, jiffies);
		if (fsm->state == VFIO_CCW_RUNNING) {
			abort_program(device);
			continue;
		}
		if (fsm->state == VFIO_CCW_BUILDING)
			fsm->stale = true;
		else
			schedule_work(&fsm->reclaim);
		left = wait_event_lock_irq_timeout(fsm->wait,
						   fsm->settled != settled,
						   *lock_of(device), left);
	}
}

/* Whether this is the channel's last word on a program. */
static bool ends_program(const struct irb *irb)
{
	union scsw scsw = irb->scsw;

	return scsw_is_solicited(&scsw) &&
	       !(scsw_actl(&scsw) & (SCSW_ACTL_SCHACT | SCSW_ACTL_DEVACT |
				     SCSW_ACTL_SUSPENDED));
}

/**
 * vfio_ccw_fsm_interrupt() - The subchannel presented status.
 * @device: the device
 * @irb: the status
 *
 * The state changes before userspace is told, so that a START in answer finds
 * the device idle.
 *
 * Context: Interrupt; the subchannel lock is held.
 */
void vfio_ccw_fsm_interrupt(struct vfio_ccw_device *device,
			    const struct irb *irb)
{
	bool running = device->fsm.state == VFIO_CCW_RUNNING;
	bool end = running && ends_program(irb);
	struct irb response = *irb;

	switch (device->fsm.state) {
	case VFIO_CCW_CLOSED:
		return;
	case VFIO_CCW_STOPPING:
		device->fsm.interrupted = true;
		wake_up_all(&device->fsm.wait);
		return;
	default:
		vfio_ccw_cp_restore(running ? &device->cp : NULL, &response);
		if (end)
			settle(device, VFIO_CCW_IDLE);
		respond(device, &response, end);
	}
}

/**
 * vfio_ccw_fsm_gone() - The subchannel is not operational any more.
 * @device: the device
 *
 * Context: Any; the subchannel lock is held.
 */
void vfio_ccw_fsm_gone(struct vfio_ccw_device *device)
{
	device->fsm.gone = true;
	switch (device->fsm.state) {
	case VFIO_CCW_CLOSED:
	case VFIO_CCW_IDLE:
	case VFIO_CCW_RUNNING:
		settle(device, VFIO_CCW_GONE);
		break;
	default:
		/* The thread that is at work finds out when it settles. */
		break;
	}
}
