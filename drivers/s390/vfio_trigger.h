/* SPDX-License-Identifier: GPL-2.0 */
/*
 * An eventfd by which a VFIO driver tells userspace that there is something to
 * do: set, signalled and taken away, in any context and order.  A device has one
 * for each index of interrupts.
 */
#ifndef VFIO_TRIGGER_H
#define VFIO_TRIGGER_H

#include <linux/cleanup.h>
#include <linux/err.h>
#include <linux/eventfd.h>
#include <linux/spinlock.h>
#include <linux/types.h>
#include <linux/uaccess.h>
#include <linux/vfio.h>

/* How many unanswered requests to give the device back make one more notice. */
#define VFIO_TRIGGER_REQUESTS_PER_NOTICE	10

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

/**
 * vfio_trigger_request() - Ask userspace to give a device back.
 * @trigger: by which it is asked
 * @vdev: the device
 * @count: how often it has been asked before
 *
 * Context: Process context.
 */
static inline void vfio_trigger_request(struct vfio_trigger *trigger,
					struct vfio_device *vdev,
					unsigned int count)
{
	if (vfio_trigger_signal(trigger)) {
		if (!(count % VFIO_TRIGGER_REQUESTS_PER_NOTICE))
			dev_notice_ratelimited(vdev->dev,
					       "Relaying device request to user (#%u)\n",
					       count);
	} else if (!count) {
		dev_notice(vdev->dev,
			   "No device request channel registered, blocked until released by user\n");
	}
}

/**
 * vfio_trigger_info() - Answer VFIO_DEVICE_GET_IRQ_INFO.
 * @user: its argument
 * @indices: how many kinds of events the device has
 *
 * Context: Process context.
 * Return: 0; -EINVAL for an index that it has not, or too little room; -EFAULT.
 */
static inline long vfio_trigger_info(void __user *user, u32 indices)
{
	const size_t size = offsetofend(struct vfio_irq_info, count);
	struct vfio_irq_info info;

	if (copy_from_user(&info, user, size))
		return -EFAULT;
	if (info.argsz < size || info.index >= indices)
		return -EINVAL;

	info.flags = VFIO_IRQ_INFO_EVENTFD;
	info.count = 1;
	return copy_to_user(user, &info, size) ? -EFAULT : 0;
}

#endif
