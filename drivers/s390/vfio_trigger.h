/* SPDX-License-Identifier: GPL-2.0 */
/*
 * An eventfd by which a VFIO driver tells userspace that there is something to
 * do: set, signalled and taken away, in any context and order.
 */
#ifndef VFIO_TRIGGER_H
#define VFIO_TRIGGER_H

#include <linux/cleanup.h>
#include <linux/err.h>
#include <linux/eventfd.h>
#include <linux/spinlock.h>
#include <linux/types.h>

/**
 * struct vfio_trigger - the eventfd of one kind of event
 * @lock: guards @ctx; the eventfd is signalled under it, so that one which was
 *	taken away is not signalled any more.  Innermost but for the eventfd's
 *	own; taken in any context.
 * @ctx: the eventfd, or NULL
 */
struct vfio_trigger {
	spinlock_t lock; /* guards ctx */
	struct eventfd_ctx *ctx;
};

static inline void vfio_trigger_init(struct vfio_trigger *trigger)
{
	spin_lock_init(&trigger->lock);
	trigger->ctx = NULL;
}

/**
 * vfio_trigger_set() - Choose the eventfd.
 * @trigger: which kind of event
 * @fd: an eventfd, or -1 for none
 *
 * Context: Process context.
 * Return: 0, -EINVAL for a value that is neither, or eventfd's own error.
 */
static inline int vfio_trigger_set(struct vfio_trigger *trigger, s32 fd)
{
	struct eventfd_ctx *ctx = NULL;

	if (fd < -1)
		return -EINVAL;
	if (fd >= 0) {
		ctx = eventfd_ctx_fdget(fd);
		if (IS_ERR(ctx))
			return PTR_ERR(ctx);
	}

	scoped_guard(spinlock_irqsave, &trigger->lock)
		swap(trigger->ctx, ctx);
	if (ctx)
		eventfd_ctx_put(ctx);
	return 0;
}

/**
 * vfio_trigger_signal() - Tell userspace.
 * @trigger: of which kind of event
 *
 * Context: Any.
 * Return: Whether there was an eventfd to signal.
 */
static inline bool vfio_trigger_signal(struct vfio_trigger *trigger)
{
	guard(spinlock_irqsave)(&trigger->lock);

	if (!trigger->ctx)
		return false;
	eventfd_signal(trigger->ctx);
	return true;
}

#endif
