/* SPDX-License-Identifier: GPL-2.0 */
/* The states of a device, and what may happen in each. */
#ifndef VFIO_CCW_FSM_H
#define VFIO_CCW_FSM_H

#include <linux/types.h>
#include <linux/wait.h>
#include <linux/workqueue.h>

struct cprog_orb;
struct irb;
struct schib;
struct vfio_ccw_device;

/**
 * enum vfio_ccw_state - what a device is doing, and who owns its program
 * @VFIO_CCW_CLOSED: nothing; userspace has not opened it.  No program.
 * @VFIO_CCW_IDLE: nothing.  Guest pages of the last program may still be held.
 * @VFIO_CCW_BUILDING: a START is being made ready.  The program is that
 *	thread's.
 * @VFIO_CCW_RUNNING: the channel has the program.
 * @VFIO_CCW_RELEASING: the last program's guest pages are being given back.
 *	The program is that thread's.
 * @VFIO_CCW_STOPPING: the subchannel is being brought to rest.  The program is
 *	the channel's until then, and that thread's afterwards.
 * @VFIO_CCW_GONE: the subchannel is not operational.  As idle otherwise.
 */
enum vfio_ccw_state {
	VFIO_CCW_CLOSED,
	VFIO_CCW_IDLE,
	VFIO_CCW_BUILDING,
	VFIO_CCW_RUNNING,
	VFIO_CCW_RELEASING,
	VFIO_CCW_STOPPING,
	VFIO_CCW_GONE,
	VFIO_CCW_STATES
};

/**
 * struct vfio_ccw_fsm - the state of one device
 * @state: the state
 * @gone: the subchannel is not operational, or is being taken away: the state
 *	to settle in is VFIO_CCW_GONE
 * @settled: how often a state was settled in
 * @interrupted: the subchannel answered while it was being brought to rest
 * @stale: guest memory goes away while a program is being built
 * @unmapped: when guest memory last went away that was held, in jiffies
 * @wait: for those who must see one of these change
 * @reclaim: gives guest pages back where that cannot be done on the spot
 *
 * Guarded by the subchannel lock.
 */
struct vfio_ccw_fsm {
	enum vfio_ccw_state state;
	unsigned int settled;
	bool gone;
	bool interrupted;
	bool stale;
	unsigned long unmapped;
	wait_queue_head_t wait;
	struct work_struct reclaim;
};

void vfio_ccw_fsm_init(struct vfio_ccw_device *device);
int vfio_ccw_fsm_open(struct vfio_ccw_device *device);
void vfio_ccw_fsm_close(struct vfio_ccw_device *device);
int vfio_ccw_fsm_reset(struct vfio_ccw_device *device);
int vfio_ccw_fsm_start(struct vfio_ccw_device *device,
		       const struct cprog_orb *orb);
int vfio_ccw_fsm_halt(struct vfio_ccw_device *device);
int vfio_ccw_fsm_clear(struct vfio_ccw_device *device);
int vfio_ccw_fsm_store(struct vfio_ccw_device *device, struct schib *schib);
void vfio_ccw_fsm_reclaim(struct vfio_ccw_device *device);
void vfio_ccw_fsm_unmap(struct vfio_ccw_device *device, u64 guest, u64 length);
void vfio_ccw_fsm_interrupt(struct vfio_ccw_device *device,
			    const struct irb *irb);
void vfio_ccw_fsm_gone(struct vfio_ccw_device *device);

#endif
