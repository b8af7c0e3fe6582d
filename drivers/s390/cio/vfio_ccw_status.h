/* SPDX-License-Identifier: GPL-2.0 */
/* The queue of interruption responses that userspace has not read yet. */
#ifndef VFIO_CCW_STATUS_H
#define VFIO_CCW_STATUS_H

#include <linux/types.h>
#include <asm/cio.h>

/* The IRB as userspace sees it; the channel's is shorter, the rest is zero. */
#define VFIO_CCW_IRB_SIZE	96

/*
 * Responses of all kinds that can wait, and those which only the end of a
 * program may use besides: a guest can do without the hundredth attention, not
 * without the end of its I/O.
 */
#define VFIO_CCW_STATUS_DEPTH	64
#define VFIO_CCW_STATUS_RESERVE	16
#define VFIO_CCW_STATUS_SLOTS	(VFIO_CCW_STATUS_DEPTH + VFIO_CCW_STATUS_RESERVE)

/**
 * struct vfio_ccw_status - interruption responses of one device, oldest first
 * @head: how many were read
 * @tail: how many were queued
 * @last: the last one read, still to be seen while nothing is queued
 * @slot: those that wait, number n in slot n modulo VFIO_CCW_STATUS_SLOTS
 *
 * Guarded by the subchannel lock.
 */
struct vfio_ccw_status {
	u64 head;
	u64 tail;
	u8 last[VFIO_CCW_IRB_SIZE];
	struct irb slot[VFIO_CCW_STATUS_SLOTS];
};

void vfio_ccw_status_reset(struct vfio_ccw_status *status);
bool vfio_ccw_status_queue(struct vfio_ccw_status *status,
			   const struct irb *irb, bool end);
u64 vfio_ccw_status_peek(const struct vfio_ccw_status *status,
			 u8 irb[VFIO_CCW_IRB_SIZE]);
bool vfio_ccw_status_take(struct vfio_ccw_status *status, u64 number);

#endif
