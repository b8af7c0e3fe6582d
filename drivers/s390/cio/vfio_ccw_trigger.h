/* SPDX-License-Identifier: GPL-2.0 */
/* Eventfds: how userspace is told that there is something to do. */
#ifndef VFIO_CCW_TRIGGER_H
#define VFIO_CCW_TRIGGER_H

#include <linux/spinlock.h>
#include <linux/types.h>
#include <linux/vfio.h>

struct eventfd_ctx;

/**
 * struct vfio_ccw_trigger - the eventfds of one device
 * @lock: guards @ctx; an eventfd is signalled under it, so that one which was
 *	taken away is not signalled any more.  Innermost but for the eventfd's
 *	own; taken in interrupts.
 * @ctx: one for each VFIO_CCW_*_IRQ_INDEX, or NULL
 */
struct vfio_ccw_trigger {
	spinlock_t lock; /* guards ctx */
	struct eventfd_ctx *ctx[VFIO_CCW_NUM_IRQS];
};

void vfio_ccw_trigger_init(struct vfio_ccw_trigger *trigger);
int vfio_ccw_trigger_set(struct vfio_ccw_trigger *trigger, u32 index, s32 fd);
bool vfio_ccw_trigger_signal(struct vfio_ccw_trigger *trigger, u32 index);
void vfio_ccw_trigger_clear(struct vfio_ccw_trigger *trigger);

#endif
