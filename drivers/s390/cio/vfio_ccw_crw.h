/* SPDX-License-Identifier: GPL-2.0 */
/* The queue of channel reports that userspace has not read yet. */
#ifndef VFIO_CCW_CRW_H
#define VFIO_CCW_CRW_H

#include <linux/types.h>

#define VFIO_CCW_CRW_DEPTH	16

/**
 * struct vfio_ccw_crw - channel reports of one device, oldest first
 * @head: how many were read
 * @tail: how many were queued
 * @slot: those that wait, number n in slot n modulo VFIO_CCW_CRW_DEPTH
 *
 * Guarded by the subchannel lock.
 */
struct vfio_ccw_crw {
	u64 head;
	u64 tail;
	u32 slot[VFIO_CCW_CRW_DEPTH];
};

void vfio_ccw_crw_reset(struct vfio_ccw_crw *crw);
bool vfio_ccw_crw_queue_path(struct vfio_ccw_crw *crw, u8 chpid, bool online);
u64 vfio_ccw_crw_peek(const struct vfio_ccw_crw *crw, u32 *report);
bool vfio_ccw_crw_take(struct vfio_ccw_crw *crw, u64 number);

#endif
