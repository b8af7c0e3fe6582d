// SPDX-License-Identifier: GPL-2.0
/*
 * The regions of the device file: where each lies, what it shows, and what a
 * write to it does.
 *
 * A region has no memory of its own: a read takes an image of it, a write
 * brings one.  What a read takes off a queue is taken only when userspace has
 * got it, and only by a read that reaches all of it.
 */
#include <linux/nospec.h>
#include <linux/uaccess.h>
#include <linux/vfio_ccw.h>

#include "vfio_ccw_device.h"
#include "vfio_ccw_note.h"
#include "vfio_ccw_region.h"
#include "vfio_ccw_start.h"
#include "vfio_ccw_stop.h"

#define REGION_SHIFT	10
#define REGION_MASK	((1UL << REGION_SHIFT) - 1)

/* The largest region, as an image on the stack. */
union image {
	struct ccw_io_region io;
	struct ccw_cmd_region cmd;
	struct ccw_schib_region schib;
	struct ccw_crw_region crw;
};

/**
 * struct region - one region
 * @size: its size in bytes
 * @subtype: how userspace finds it, or 0 for the first, which is fixed
 * @queue_start: where the part begins that comes off a queue
 * @queue_end: where it ends
 * @show: take an image; returns an error, or the number of what is at the head
 *	of the queue
 * @taken: userspace has got what had that number
 * @store: carry out what an image asks for, @len bytes from its start
 */
struct region {
	size_t size;
	u32 subtype;
	size_t queue_start;
	size_t queue_end;
	s64 (*show)(struct vfio_ccw_device *device, union image *image);
	void (*taken)(struct vfio_ccw_device *device, s64 number);
	int (*store)(struct vfio_ccw_device *device, const union image *image,
		     size_t len);
};

static s64 io_show(struct vfio_ccw_device *device, union image *image)
{
	struct ccw_io_region *io = &image->io;

	guard(spinlock_irq)(&device->sch->lock);
	memcpy(io->orb_area, device->request.orb, sizeof(io->orb_area));
	memcpy(io->scsw_area, device->request.scsw, sizeof(io->scsw_area));
	io->ret_code = device->request.result;
	return vfio_ccw_status_peek(&device->status, io->irb_area);
}

static void io_taken(struct vfio_ccw_device *device, s64 number)
{
	scoped_guard(spinlock_irq, &device->sch->lock) {
		if (vfio_ccw_status_take(&device->status, number))
			vfio_trigger_signal(&device->trigger[VFIO_CCW_IO_IRQ_INDEX]);
	}
	/* Userspace knows how its program ended: it is over. */
	vfio_ccw_reclaim(device);
}

/*
 * The SCSW that comes with the ORB names the function: START; or, with the ORB
 * of a program that is suspended, RESUME.
 */
static int io_request(struct vfio_ccw_device *device,
		      const struct ccw_io_region *io)
{
	struct cprog_orb orb;
	struct cmd_scsw scsw;

	memcpy(&scsw, io->scsw_area, sizeof(scsw));
	memcpy(&orb, io->orb_area, sizeof(orb));
	if (!(scsw.fctl & SCSW_FCTL_START_FUNC)) {
		int ret = scsw.fctl ? -EOPNOTSUPP : -EINVAL;

		guard(spinlock_irq)(&device->sch->lock);
		vfio_ccw_note_event(device, VFIO_CCW_EVENT_IO);
		vfio_ccw_note_io(device, scsw.fctl, VFIO_CCW_STEP_FUNCTION, ret);
		return ret;
	}
	if (scsw.actl & SCSW_ACTL_SUSPENDED && scsw.actl & SCSW_ACTL_RESUME_PEND)
		return vfio_ccw_resume(device);
	return vfio_ccw_start(device, &orb);
}

static int io_store(struct vfio_ccw_device *device, const union image *image,
		    size_t len)
{
	const struct ccw_io_region *io = &image->io;
	int ret;

	if (len < offsetof(struct ccw_io_region, irb_area))
		return -EINVAL;
	ret = io_request(device, io);

	guard(spinlock_irq)(&device->sch->lock);
	memcpy(device->request.orb, io->orb_area, sizeof(io->orb_area));
	memcpy(device->request.scsw, io->scsw_area, sizeof(io->scsw_area));
	device->request.result = ret;
	return ret;
}

static s64 cmd_show(struct vfio_ccw_device *device, union image *image)
{
	guard(spinlock_irq)(&device->sch->lock);
	image->cmd.command = device->command.command;
	image->cmd.ret_code = device->command.result;
	return 0;
}

static int cmd_store(struct vfio_ccw_device *device, const union image *image,
		     size_t len)
{
	int ret;

	if (len < offsetofend(struct ccw_cmd_region, command))
		return -EINVAL;
	ret = vfio_ccw_command(device, image->cmd.command);

	guard(spinlock_irq)(&device->sch->lock);
	device->command.command = image->cmd.command;
	device->command.result = ret;
	return ret;
}

static s64 schib_show(struct vfio_ccw_device *device, union image *image)
{
	struct schib schib;
	int ret = vfio_ccw_store(device, &schib);

	if (ret)
		return ret;
	static_assert(sizeof(schib) == sizeof(image->schib.schib_area));
	memcpy(image->schib.schib_area, &schib, sizeof(schib));
	return 0;
}

static s64 crw_show(struct vfio_ccw_device *device, union image *image)
{
	guard(spinlock_irq)(&device->sch->lock);
	return vfio_ccw_crw_peek(&device->crw, &image->crw.crw);
}

static void crw_taken(struct vfio_ccw_device *device, s64 number)
{
	guard(spinlock_irq)(&device->sch->lock);
	if (vfio_ccw_crw_take(&device->crw, number))
		vfio_trigger_signal(&device->trigger[VFIO_CCW_CRW_IRQ_INDEX]);
}

static const struct region regions[VFIO_CCW_REGIONS] = {
	{
		.size = sizeof(struct ccw_io_region),
		.queue_start = offsetof(struct ccw_io_region, irb_area),
		.queue_end = offsetofend(struct ccw_io_region, irb_area),
		.show = io_show,
		.taken = io_taken,
		.store = io_store,
	}, {
		.size = sizeof(struct ccw_cmd_region),
		.subtype = VFIO_REGION_SUBTYPE_CCW_ASYNC_CMD,
		.show = cmd_show,
		.store = cmd_store,
	}, {
		.size = sizeof(struct ccw_schib_region),
		.subtype = VFIO_REGION_SUBTYPE_CCW_SCHIB,
		.show = schib_show,
	}, {
		.size = sizeof(struct ccw_crw_region),
		.subtype = VFIO_REGION_SUBTYPE_CCW_CRW,
		.queue_start = offsetof(struct ccw_crw_region, crw),
		.queue_end = offsetofend(struct ccw_crw_region, crw),
		.show = crw_show,
		.taken = crw_taken,
	},
};

/* The region with that index, or NULL; not even speculatively another. */
static const struct region *region_at(u64 index)
{
	if (index >= VFIO_CCW_REGIONS)
		return NULL;
	return &regions[array_index_nospec(index, VFIO_CCW_REGIONS)];
}

static const struct region *region_of(loff_t offset, size_t count, size_t *pos)
{
	const struct region *region = region_at((u64)offset >> REGION_SHIFT);

	*pos = offset & REGION_MASK;
	if (!region || *pos > region->size || count > region->size - *pos)
		return NULL;
	return region;
}

/**
 * vfio_ccw_region_read() - Read a region, in whole or part.
 * @device: the device, open
 * @buf: where to
 * @count: bytes
 * @offset: file offset
 *
 * Context: Process context, may sleep; takes the container's lock.
 * Return: @count; -EINVAL past the end of a region, -EFAULT for a bad buffer,
 *	-ENODEV if a SCHIB was to be stored and there is no device.
 */
ssize_t vfio_ccw_region_read(struct vfio_ccw_device *device, char __user *buf,
			     size_t count, loff_t offset)
{
	union image image = {};
	size_t pos;
	const struct region *region = region_of(offset, count, &pos);
	s64 number;

	if (!region)
		return -EINVAL;
	number = region->show(device, &image);
	if (number < 0)
		return number;
	if (copy_to_user(buf, (void *)&image + pos, count))
		return -EFAULT;
	if (region->taken && pos <= region->queue_start &&
	    pos + count >= region->queue_end)
		region->taken(device, number);
	return count;
}

/**
 * vfio_ccw_region_write() - Write a region, and do what that asks for.
 * @device: the device, open
 * @buf: where from
 * @count: bytes
 * @offset: file offset
 *
 * A request is carried out only if it is written from the region's start and
 * complete.
 *
 * Context: Process context, may sleep; takes the container's lock.
 * Return: @count if the request was successful, or its error; -EINVAL for one
 *	that is not complete, past the end of a region, or to one that is for
 *	reading; -EFAULT for a bad buffer.
 */
ssize_t vfio_ccw_region_write(struct vfio_ccw_device *device,
			      const char __user *buf, size_t count,
			      loff_t offset)
{
	union image image = {};
	size_t pos;
	const struct region *region = region_of(offset, count, &pos);
	int ret;

	if (!region || !region->store || pos)
		return -EINVAL;
	if (copy_from_user(&image, buf, count))
		return -EFAULT;
	ret = region->store(device, &image, count);
	return ret ?: count;
}

/**
 * vfio_ccw_region_info() - Tell userspace where a region is.
 * @device: the device
 * @info: its index is given, the rest is filled in
 * @caps: gets the capability that tells what the region is for
 *
 * Context: Process context.
 * Return: 0, -EINVAL if there is no such region, -ENOMEM.
 */
int vfio_ccw_region_info(struct vfio_ccw_device *device,
			 struct vfio_region_info *info,
			 struct vfio_info_cap *caps)
{
	const struct region *region = region_at(info->index);
	struct vfio_region_info_cap_type type = {
		.header.id = VFIO_REGION_INFO_CAP_TYPE,
		.header.version = 1,
		.type = VFIO_REGION_TYPE_CCW,
	};

	if (!region)
		return -EINVAL;
	info->offset = (u64)info->index << REGION_SHIFT;
	info->size = region->size;
	info->flags = VFIO_REGION_INFO_FLAG_READ;
	if (region->store)
		info->flags |= VFIO_REGION_INFO_FLAG_WRITE;
	if (!region->subtype)
		return 0;
	type.subtype = region->subtype;
	return vfio_info_add_capability(caps, &type.header, sizeof(type));
}
