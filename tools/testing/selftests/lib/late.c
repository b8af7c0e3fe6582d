// SPDX-License-Identifier: GPL-2.0
/* Guest storage that comes late */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <linux/userfaultfd.h>

#include "late.h"
#include "start.h"

#define WANTED_MS	10000

static int userfaultfd(void)
{
	return syscall(SYS_userfaultfd, O_CLOEXEC | O_NONBLOCK);
}

bool late_is_possible(void)
{
	int fd = userfaultfd();

	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

static int watch(struct late *late)
{
	struct uffdio_api api = { .api = UFFD_API };
	struct uffdio_register range = {
		.range = {
			.start = (unsigned long)late->mem.base,
			.len = LATE_SIZE,
		},
		.mode = UFFDIO_REGISTER_MODE_MISSING,
	};

	late->fd = userfaultfd();
	if (late->fd < 0)
		return -errno;
	if (ioctl(late->fd, UFFDIO_API, &api) || ioctl(late->fd, UFFDIO_REGISTER, &range))
		return -errno;
	return 0;
}

int late_map(struct late *late, struct ccw_dev *dev, __u64 iova)
{
	int ret;

	memset(late, 0, sizeof(*late));
	late->fd = -1;
	late->dev = dev;
	ret = ccw_guest_map(dev, &late->mem, iova, LATE_SIZE);
	return ret ? ret : watch(late);
}

static int end(struct late *late)
{
	if (late->waiting)
		pthread_join(late->thread, NULL);
	late->waiting = false;
	return late->ret;
}

void late_close(struct late *late)
{
	if (late->dev && late->fd >= 0)
		close(late->fd);
	late->fd = -1;
	end(late);
}

static void *call(void *arg)
{
	struct late *late = arg;

	late->ret = late->request(late->dev, late->orb);
	return NULL;
}

static int request(struct late *late,
		   int (*function)(struct ccw_dev *dev, const struct cio_orb *orb),
		   const struct cio_orb *orb)
{
	struct pollfd wanted = { .fd = late->fd, .events = POLLIN };
	struct uffd_msg msg;
	int ret;

	late->request = function;
	late->orb = orb;
	ret = pthread_create(&late->thread, NULL, call, late);
	if (ret)
		return -ret;
	late->waiting = true;
	if (poll(&wanted, 1, WANTED_MS) != 1 ||
	    read(late->fd, &msg, sizeof(msg)) != sizeof(msg))
		return -ETIMEDOUT;
	return 0;
}

int late_start(struct late *late, struct cio_orb *orb)
{
	orb->cpa = cio_be32(late->mem.iova);
	return request(late, ccw_start, orb);
}

int late_resume(struct late *late, void *ccw, const struct cio_orb *orb)
{
	ccw_put(ccw, 1, CCW_CMD_TIC, 0, late->mem.iova, 0);
	return request(late, ccw_resume, orb);
}

int late_answer(struct late *late)
{
	struct uffdio_copy copy = {
		.dst = (unsigned long)late->mem.base,
		.src = (unsigned long)late->contents,
		.len = LATE_SIZE,
	};

	if (ioctl(late->fd, UFFDIO_COPY, &copy))
		return -errno;
	return end(late);
}
