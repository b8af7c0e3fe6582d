// SPDX-License-Identifier: GPL-2.0
/*
 * The states of a device: which request is allowed in which.
 *
 * The subchannel lock makes each step one.  A thread that needs the program
 * for longer moves to a state that says so, works without any lock, and
 * settles in the next state: so the container's locks, which are taken for
 * guest memory, and which are held around vfio_ccw_unmap(), are never taken
 * inside one of ours.
 */
#include <linux/spinlock.h>

#include "vfio_ccw_device.h"

#define GO	0
#define WAIT	1	/* for the state to change */

static const int verdicts[VFIO_CCW_STATES][VFIO_CCW_REQUESTS] = {
	/*			 OPEN     START    RESUME   SIGNAL   RECLAIM  STOP */
	[VFIO_CCW_GONE]      = { -EINVAL, -ENODEV, -ENODEV, -ENODEV, GO,      GO   },
	[VFIO_CCW_CLOSED]    = { GO,      -EIO,    -EIO,    -EIO,    -EBUSY,  -EIO },
	[VFIO_CCW_IDLE]      = { -EBUSY,  GO,      -EBUSY,  GO,      GO,      GO   },
	[VFIO_CCW_BUILDING]  = { -EBUSY,  -EBUSY,  -EBUSY,  WAIT,    -EBUSY,  WAIT },
	[VFIO_CCW_RUNNING]   = { -EBUSY,  -EBUSY,  GO,      GO,      -EBUSY,  GO   },
	[VFIO_CCW_RESUMING]  = { -EBUSY,  -EBUSY,  WAIT,    WAIT,    -EBUSY,  WAIT },
	[VFIO_CCW_STOPPING]  = { -EBUSY,  -EIO,    -EIO,    -EIO,    -EBUSY,  WAIT },
	[VFIO_CCW_RELEASING] = { -EBUSY,  WAIT,    -EBUSY,  GO,      -EBUSY,  WAIT },
};

/**
 * vfio_ccw_fsm_init() - Begin, closed.
 * @fsm: the state of a new device
 */
void vfio_ccw_fsm_init(struct vfio_ccw_fsm *fsm)
{
	fsm->state = VFIO_CCW_CLOSED;
	init_waitqueue_head(&fsm->wait);
}

/**
 * vfio_ccw_fsm_verdict() - Is a request allowed just now?
 * @device: the device
 * @request: the request
 *
 * Context: The subchannel lock is held.
 * Return: 0; 1 to wait for the state to change; or an error.
 */
int vfio_ccw_fsm_verdict(const struct vfio_ccw_device *device,
			 enum vfio_ccw_request request)
{
	return verdicts[device->fsm.state][request];
}

/**
 * vfio_ccw_fsm_may() - Wait until a request is allowed, or never will be.
 * @device: the device
 * @request: the request
 *
 * A VMM's threads get signals all the time, and an interrupted START would be
 * an error to the guest: only a deadly one ends the wait.
 *
 * Context: Process context; the subchannel lock is held, and released in
 *	between.
 * Return: 0, -EINTR, or the error that the request has in this state.
 */
int vfio_ccw_fsm_may(struct vfio_ccw_device *device,
		     enum vfio_ccw_request request)
{
	spinlock_t *lock = &device->sch->lock;
	int ret;

	if (likely(vfio_ccw_fsm_verdict(device, request) != WAIT))
		return vfio_ccw_fsm_verdict(device, request);
	ret = ___wait_event(device->fsm.wait,
			    vfio_ccw_fsm_verdict(device, request) != WAIT,
			    TASK_KILLABLE, 0, 0,
			    spin_unlock_irq(lock);
			    schedule();
			    spin_lock_irq(lock));

	return ret ? -EINTR : vfio_ccw_fsm_verdict(device, request);
}

/**
 * vfio_ccw_fsm_settle() - Move to a state that is no thread's.
 * @device: the device
 * @state: the state, unless the subchannel is gone
 *
 * Context: Any; the subchannel lock is held.
 */
void vfio_ccw_fsm_settle(struct vfio_ccw_device *device,
			 enum vfio_ccw_state state)
{
	device->fsm.state = device->fsm.gone ? VFIO_CCW_GONE : state;
	vfio_ccw_fsm_touch(device);
}

/**
 * vfio_ccw_fsm_touch() - Have those look again who wait.
 * @device: the device
 *
 * Context: Any; the subchannel lock is held, as it is by them when they begin to
 *	wait.
 */
void vfio_ccw_fsm_touch(struct vfio_ccw_device *device)
{
	device->fsm.settled++;
	/* No barrier: it is under the lock that they begin to wait. */
	if (waitqueue_active(&device->fsm.wait))
		wake_up_all(&device->fsm.wait);
}
