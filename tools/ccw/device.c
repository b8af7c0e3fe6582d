// SPDX-License-Identifier: GPL-2.0
/* Opening a mediated subchannel: group, container, regions by capability, eventfds */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "device.h"

#define MDEV_DEVICES "/sys/bus/mdev/devices"

static int fail(struct ccw_dev *dev, int err, const char *fmt, ...)
{
	va_list ap;
	size_t n;

	va_start(ap, fmt);
	vsnprintf(dev->error, sizeof(dev->error), fmt, ap);
	va_end(ap);
	n = strlen(dev->error);
	snprintf(dev->error + n, sizeof(dev->error) - n, ": %s", strerror(err));
	return -err;
}

/* The group is the last element of what iommu_group points to. */
static int group_of(struct ccw_dev *dev, const char *uuid, char *path, size_t size)
{
	char link[PATH_MAX], target[PATH_MAX];
	const char *base;
	ssize_t n;

	snprintf(link, sizeof(link), MDEV_DEVICES "/%s/iommu_group", uuid);
	n = readlink(link, target, sizeof(target) - 1);
	if (n < 0)
		return fail(dev, errno, "no mediated device %s", uuid);
	target[n] = '\0';
	base = strrchr(target, '/');
	if (snprintf(path, size, "/dev/vfio/%s", base ? base + 1 : target) >= (int)size)
		return fail(dev, ENAMETOOLONG, "%s", link);
	return 0;
}

/* A container of its own, or that of @beside. */
static int open_container(struct ccw_dev *dev, const char *group, const struct ccw_dev *beside)
{
	struct vfio_group_status status = { .argsz = sizeof(status) };
	const char *path = getenv("VFIO_CONTAINER") ?: "/dev/vfio/vfio";

	dev->container = beside ? dup(beside->container) : open(path, O_RDWR | O_CLOEXEC);
	if (dev->container < 0)
		return fail(dev, errno, "%s", path);
	dev->group = open(group, O_RDWR | O_CLOEXEC);
	if (dev->group < 0)
		return fail(dev, errno, "%s", group);
	if (ioctl(dev->group, VFIO_GROUP_GET_STATUS, &status))
		return fail(dev, errno, "%s: GET_STATUS", group);
	if (!(status.flags & VFIO_GROUP_FLAGS_VIABLE))
		return fail(dev, EPERM, "%s is not viable", group);
	if (ioctl(dev->group, VFIO_GROUP_SET_CONTAINER, &dev->container))
		return fail(dev, errno, "%s: SET_CONTAINER", group);
	/* Mediated devices pin pages, which version 1 of the type refuses. */
	if (!beside && ioctl(dev->container, VFIO_SET_IOMMU, VFIO_TYPE1v2_IOMMU))
		return fail(dev, errno, "SET_IOMMU type1v2");
	return 0;
}

int ccw_dev_region(struct ccw_dev *dev, __u32 index, struct ccw_region *region, __u32 *type,
		   __u32 *subtype)
{
	union {
		struct vfio_region_info info;
		__u8 bytes[512];
	} u;
	struct vfio_region_info_cap_type *cap;

	memset(&u, 0, sizeof(u));
	u.info.argsz = sizeof(u);
	u.info.index = index;
	if (ioctl(dev->fd, VFIO_DEVICE_GET_REGION_INFO, &u.info))
		return -errno;
	region->index = index;
	region->offset = u.info.offset;
	region->size = u.info.size;
	region->flags = u.info.flags;
	*type = 0;
	*subtype = 0;
	if (!(u.info.flags & VFIO_REGION_INFO_FLAG_CAPS))
		return 0;
	if (u.info.cap_offset < sizeof(u.info) || u.info.cap_offset % 8 ||
	    u.info.cap_offset > sizeof(u) - sizeof(*cap))
		return -EPROTO;
	cap = (void *)(u.bytes + u.info.cap_offset);
	if (cap->header.id == VFIO_REGION_INFO_CAP_TYPE) {
		*type = cap->type;
		*subtype = cap->subtype;
	}
	return 0;
}

static int find_regions(struct ccw_dev *dev)
{
	struct vfio_device_info info = { .argsz = sizeof(info) };
	struct ccw_region region;
	__u32 i, type, subtype;
	int ret;

	if (ioctl(dev->fd, VFIO_DEVICE_GET_INFO, &info))
		return fail(dev, errno, "GET_INFO");
	if (!(info.flags & VFIO_DEVICE_FLAGS_CCW))
		return fail(dev, ENODEV, "not a vfio_ccw device");
	for (i = 0; i < info.num_regions; i++) {
		ret = ccw_dev_region(dev, i, &region, &type, &subtype);
		if (ret)
			return fail(dev, -ret, "GET_REGION_INFO %u", i);
		if (i == VFIO_CCW_CONFIG_REGION_INDEX) {
			dev->io = region;
			continue;
		}
		if (type != VFIO_REGION_TYPE_CCW)
			continue;
		if (subtype == VFIO_REGION_SUBTYPE_CCW_ASYNC_CMD)
			dev->async = region;
		else if (subtype == VFIO_REGION_SUBTYPE_CCW_SCHIB)
			dev->schib = region;
		else if (subtype == VFIO_REGION_SUBTYPE_CCW_CRW)
			dev->crw = region;
	}
	return 0;
}

int ccw_dev_set_event(struct ccw_dev *dev, unsigned int irq, int event)
{
	struct {
		struct vfio_irq_set set;
		__s32 fd;
	} arg = {
		.set = {
			.argsz = sizeof(arg),
			.flags = VFIO_IRQ_SET_DATA_EVENTFD | VFIO_IRQ_SET_ACTION_TRIGGER,
			.index = irq,
			.start = 0,
			.count = 1,
		},
		.fd = event,
	};

	if (ioctl(dev->fd, VFIO_DEVICE_SET_IRQS, &arg))
		return -errno;
	return 0;
}

static int hook_events(struct ccw_dev *dev)
{
	struct vfio_irq_info info;
	unsigned int i;
	int ret;

	for (i = 0; i < VFIO_CCW_NUM_IRQS; i++) {
		memset(&info, 0, sizeof(info));
		info.argsz = sizeof(info);
		info.index = i;
		if (ioctl(dev->fd, VFIO_DEVICE_GET_IRQ_INFO, &info)) {
			if (i == VFIO_CCW_IO_IRQ_INDEX)
				return fail(dev, errno, "GET_IRQ_INFO");
			continue;
		}
		dev->event[i] = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
		if (dev->event[i] < 0)
			return fail(dev, errno, "eventfd");
		ret = ccw_dev_set_event(dev, i, dev->event[i]);
		if (ret)
			return fail(dev, -ret, "SET_IRQS %u", i);
	}
	return 0;
}

int ccw_dev_open_beside(struct ccw_dev *dev, const char *uuid, const struct ccw_dev *beside)
{
	char group[2 * PATH_MAX];
	int ret;

	memset(dev, 0, sizeof(*dev));
	dev->container = -1;
	dev->group = -1;
	dev->fd = -1;
	memset(dev->event, -1, sizeof(dev->event));

	if (!*uuid || strchr(uuid, '/'))
		return fail(dev, EINVAL, "not a UUID: '%s'", uuid);
	ret = group_of(dev, uuid, group, sizeof(group));
	if (!ret)
		ret = open_container(dev, group, beside);
	if (!ret) {
		dev->fd = ioctl(dev->group, VFIO_GROUP_GET_DEVICE_FD, uuid);
		if (dev->fd < 0)
			ret = fail(dev, errno, "GET_DEVICE_FD");
	}
	if (!ret)
		ret = find_regions(dev);
	if (!ret)
		ret = hook_events(dev);
	if (ret)
		ccw_dev_close(dev);
	return ret;
}

int ccw_dev_open(struct ccw_dev *dev, const char *uuid)
{
	return ccw_dev_open_beside(dev, uuid, NULL);
}

static void drop(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

void ccw_dev_close(struct ccw_dev *dev)
{
	unsigned int i;

	drop(&dev->fd);
	drop(&dev->group);
	drop(&dev->container);
	for (i = 0; i < VFIO_CCW_NUM_IRQS; i++)
		drop(&dev->event[i]);
}

int ccw_dev_reset(struct ccw_dev *dev)
{
	return ioctl(dev->fd, VFIO_DEVICE_RESET) ? -errno : 0;
}

static long long now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000LL + ts.tv_nsec / 1000000;
}

int ccw_dev_wait(struct ccw_dev *dev, unsigned int irq, int ms)
{
	struct pollfd pfd = { .fd = dev->event[irq], .events = POLLIN };
	long long end = now_ms() + ms;
	uint64_t count;
	int n;

	for (;;) {
		long long left = end - now_ms();

		n = poll(&pfd, 1, left > 0 ? left : 0);
		if (n > 0 && read(pfd.fd, &count, sizeof(count)) == sizeof(count))
			return 0;
		if (n == 0)
			return -ETIMEDOUT;
		if (n < 0 && errno != EINTR)
			return -errno;
	}
}
