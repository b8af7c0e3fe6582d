// SPDX-License-Identifier: GPL-2.0
/*
 * Eventfds: set, signalled and taken away, in any context and order.
 */
#include <linux/cleanup.h>
#include <linux/err.h>
#include <linux/eventfd.h>

#include "vfio_ccw_trigger.h"

void vfio_ccw_trigger_init(struct vfio_ccw_trigger *trigger)
{
	spin_lock_init(&trigger->lock);
}

static void replace(struct vfio_ccw_trigger *trigger, u32 index,
		    struct eventfd_ctx *ctx)
{
	scoped_guard(spinlock_irqsave, &trigger->lock)
		swap(trigger->ctx[index], ctx);

	if (ctx)
		eventfd_ctx_put(ctx);
}

/**
 * vfio_ccw_trigger_set() - Choose the eventfd for one kind of event.
 * @trigger: the device's eventfds
 * @index: which event, below VFIO_CCW_NUM_IRQS
 * @fd: an eventfd, or -1 for none
 *
 * Context: Process context.
 * Return: 0, -EINVAL for a value that is neither, or eventfd's own error.
 */
int vfio_ccw_trigger_set(struct vfio_ccw_trigger *trigger, u32 index, s32 fd)
{
	struct eventfd_ctx *ctx = NULL;

	if (fd < -1)
		return -EINVAL;
	if (fd >= 0) {
		ctx = eventfd_ctx_fdget(fd);
		if (IS_ERR(ctx))
			return PTR_ERR(ctx);
	}

	replace(trigger, index, ctx);
	return 0;
}

/**
 * vfio_ccw_trigger_signal() - Tell userspace of an event.
 * @trigger: the device's eventfds
 * @index: which event, below VFIO_CCW_NUM_IRQS
 *
 * Context: Any; the subchannel lock may be held.
 * Return: Whether there was an eventfd to signal.
 */
bool vfio_ccw_trigger_signal(struct vfio_ccw_trigger *trigger, u32 index)
{
	guard(spinlock_irqsave)(&trigger->lock);

	if (!trigger->ctx[index])
		return false;
	eventfd_signal(trigger->ctx[index]);
	return true;
}

/**
 * vfio_ccw_trigger_clear() - Forget all eventfds.
 * @trigger: the device's eventfds
 *
 * Context: Process context.
 */
void vfio_ccw_trigger_clear(struct vfio_ccw_trigger *trigger)
{
	for (u32 index = 0; index < VFIO_CCW_NUM_IRQS; index++)
		replace(trigger, index, NULL);
}
