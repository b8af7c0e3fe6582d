// SPDX-License-Identifier: GPL-2.0
/* HALT and CLEAR SUBCHANNEL, through the region for asynchronous commands */
#include <errno.h>
#include <unistd.h>

#include <linux/vfio_ccw.h>

#include "async.h"

static int request(struct ccw_dev *dev, __u32 command)
{
	struct ccw_cmd_region area = { .command = command };
	ssize_t n;

	if (!dev->async.size)
		return -EOPNOTSUPP;
	n = pwrite(dev->fd, &area, sizeof(area), dev->async.offset);
	if (n < 0)
		return -errno;
	return n == sizeof(area) ? 0 : -EPROTO;
}

int ccw_halt(struct ccw_dev *dev)
{
	return request(dev, VFIO_CCW_ASYNC_CMD_HSCH);
}

int ccw_clear(struct ccw_dev *dev)
{
	return request(dev, VFIO_CCW_ASYNC_CMD_CSCH);
}
