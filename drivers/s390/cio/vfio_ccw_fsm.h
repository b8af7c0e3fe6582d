/* SPDX-License-Identifier: GPL-2.0 */
/* The states of a device, and what may happen in each. */
#ifndef VFIO_CCW_FSM_H
#define VFIO_CCW_FSM_H

#include <linux/types.h>
#include <linux/wait.h>

struct vfio_ccw_device;

/**
 * enum vfio_ccw_state - what a device is doing, and who owns its program
 * @VFIO_CCW_GONE: the subchannel is not operational.  As idle otherwise.
 * @VFIO_CCW_CLOSED: nothing; userspace has not opened it.  No program.
 * @VFIO_CCW_IDLE: nothing.  Guest pages of the last program may still be held.
 * @VFIO_CCW_BUILDING: a START is being made ready.  The program is that
 *	thread's.
 * @VFIO_CCW_RUNNING: the channel has the program, or it is suspended.
 * @VFIO_CCW_RESUMING: the rest of a suspended program is fetched again.  The
 *	current image is the channel's, the other one that thread's.
 * @VFIO_CCW_STOPPING: the subchannel is being brought to rest.  The program is
 *	the channel's until then, and that thread's afterwards.
 * @VFIO_CCW_RELEASING: guest pages are being given back, or will be by the
 *	thread that was VFIO_CCW_RESUMING when the program ended.  The program is
 *	that thread's.
 *
 * Tracing shows these numbers.  The first five are what tools know of the
 * kernel's own driver: not operational, standby, idle, processing and pending.
 */
enum vfio_ccw_state {
	VFIO_CCW_GONE = 0,
	VFIO_CCW_CLOSED = 1,
	VFIO_CCW_IDLE = 2,
	VFIO_CCW_BUILDING = 3,
	VFIO_CCW_RUNNING = 4,
	VFIO_CCW_RESUMING,
	VFIO_CCW_STOPPING,
	VFIO_CCW_RELEASING,
	VFIO_CCW_STATES
};

/**
 * enum vfio_ccw_request - what a thread may want of a device
 * @VFIO_CCW_OPEN: begin
 * @VFIO_CCW_START: run a program
 * @VFIO_CCW_RESUME: let a suspended program go on
 * @VFIO_CCW_SIGNAL: halt or clear the subchannel
 * @VFIO_CCW_RECLAIM: give back what an ended program holds
 * @VFIO_CCW_STOP: bring the device to rest
 */
enum vfio_ccw_request {
	VFIO_CCW_OPEN,
	VFIO_CCW_START,
	VFIO_CCW_RESUME,
	VFIO_CCW_SIGNAL,
	VFIO_CCW_RECLAIM,
	VFIO_CCW_STOP,
	VFIO_CCW_REQUESTS
};

/**
 * struct vfio_ccw_fsm - the state of one device
 * @state: the state
 * @settled: how often a state was settled in, or pages were given back
 * @gone: the subchannel is not operational, or the system goes down: the state
 *	to settle in is VFIO_CCW_GONE
 * @stale: guest memory goes away while it is being read or pinned
 * @interrupted: the subchannel answered while VFIO_CCW_STOPPING
 * @wait: for those who must see the state change
 *
 * Guarded by the subchannel lock.
 */
struct vfio_ccw_fsm {
	enum vfio_ccw_state state;
	unsigned int settled;
	bool gone;
	bool stale;
	bool interrupted;
	wait_queue_head_t wait;
};

void vfio_ccw_fsm_init(struct vfio_ccw_fsm *fsm);
int vfio_ccw_fsm_verdict(const struct vfio_ccw_device *device,
			 enum vfio_ccw_request request);
int vfio_ccw_fsm_may(struct vfio_ccw_device *device,
		     enum vfio_ccw_request request);
void vfio_ccw_fsm_settle(struct vfio_ccw_device *device,
			 enum vfio_ccw_state state);
void vfio_ccw_fsm_touch(struct vfio_ccw_device *device);

#endif
