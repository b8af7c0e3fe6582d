// SPDX-License-Identifier: GPL-2.0
/* START SUBCHANNEL through region 0, and the responses that come back there */
#include <errno.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

#include <linux/vfio_ccw.h>

#include "start.h"

void ccw_start_area(struct ccw_io_region *area, const struct cio_orb *orb)
{
	struct cio_scsw scsw = { .word0 = cio_be32(SCSW_FC_START) };

	memset(area, 0, sizeof(*area));
	memcpy(area->orb_area, orb, sizeof(*orb));
	memcpy(area->scsw_area, &scsw, sizeof(scsw));
}

static int request(struct ccw_dev *dev, const struct ccw_io_region *area)
{
	ssize_t n = pwrite(dev->fd, area, sizeof(*area), dev->io.offset);

	if (n < 0)
		return -errno;
	return n == sizeof(*area) ? 0 : -EPROTO;
}

int ccw_start(struct ccw_dev *dev, const struct cio_orb *orb)
{
	struct ccw_io_region area;

	ccw_start_area(&area, orb);
	return request(dev, &area);
}

int ccw_resume(struct ccw_dev *dev, const struct cio_orb *orb)
{
	struct cio_scsw scsw = {
		.word0 = cio_be32(SCSW_FC_START | SCSW_SUSPENDED | SCSW_RESUME_PEND),
	};
	struct ccw_io_region area;

	ccw_start_area(&area, orb);
	memcpy(area.scsw_area, &scsw, sizeof(scsw));
	return request(dev, &area);
}

int ccw_response(struct ccw_dev *dev, struct cio_irb *irb)
{
	struct ccw_io_region area;
	ssize_t n;

	n = pread(dev->fd, &area, sizeof(area), dev->io.offset);
	if (n < 0)
		return -errno;
	if (n != sizeof(area))
		return -EPROTO;
	memcpy(irb, area.irb_area, sizeof(*irb));
	return 0;
}

int ccw_schib(struct ccw_dev *dev, struct cio_schib *schib)
{
	ssize_t n;

	if (!dev->schib.size)
		return -EOPNOTSUPP;
	n = pread(dev->fd, schib, sizeof(*schib), dev->schib.offset);
	if (n < 0)
		return -errno;
	return n == sizeof(*schib) ? 0 : -EPROTO;
}

bool ccw_irb_final(const struct cio_irb *irb)
{
	__u32 word0 = cio_32(irb->scsw.word0);

	if (!(word0 & (SCSW_FC_START | SCSW_FC_HALT | SCSW_FC_CLEAR)))
		return false;
	if (word0 & SCSW_CC)
		return true;
	return !(word0 & (SCSW_SCH_ACTIVE | SCSW_DEV_ACTIVE | SCSW_SUSPENDED));
}

bool ccw_irb_good(const struct cio_irb *irb)
{
	return !(cio_32(irb->scsw.word0) & SCSW_CC) &&
	       irb->scsw.dstat == (DEV_CHANNEL_END | DEV_DEVICE_END) && !irb->scsw.cstat;
}

/* Join a later response to what is known: status adds up, activity is the latest. */
static void join(struct cio_irb *sum, const struct cio_irb *next)
{
	const __u32 keep = SCSW_ALERT | SCSW_INTERMEDIATE | SCSW_PRIMARY | SCSW_SECONDARY |
			   SCSW_ECW | SCSW_ESW_FORMAT;
	__u32 before = cio_32(sum->scsw.word0);
	__u32 now = cio_32(next->scsw.word0);
	struct cio_irb joined = *next;

	if (before & SCSW_PRIMARY) {
		/* Address and count belong to the end of the program, which was before. */
		joined.scsw.cpa = sum->scsw.cpa;
		joined.scsw.count = sum->scsw.count;
	}
	if (before & SCSW_ECW && !(now & SCSW_ECW)) {
		memcpy(joined.esw, sum->esw, sizeof(joined.esw));
		memcpy(joined.ecw, sum->ecw, sizeof(joined.ecw));
	}
	joined.scsw.word0 = cio_be32(now | (before & keep));
	joined.scsw.dstat |= sum->scsw.dstat;
	joined.scsw.cstat |= sum->scsw.cstat;
	*sum = joined;
}

int ccw_finish(struct ccw_dev *dev, struct cio_irb *irb, int ms)
{
	struct cio_irb next;
	int ret;

	memset(irb, 0, sizeof(*irb));
	do {
		ret = ccw_dev_wait(dev, VFIO_CCW_IO_IRQ_INDEX, ms);
		if (ret)
			return ret;
		ret = ccw_response(dev, &next);
		if (ret)
			return ret;
		if (cio_32(next.scsw.word0) & SCSW_FC_START)
			join(irb, &next);
	} while (!ccw_irb_final(&next));
	return 0;
}

int ccw_run(struct ccw_dev *dev, const struct cio_orb *orb, struct cio_irb *irb, int ms)
{
	int ret;

	/* Refused for a moment only: somebody else holds the device's lock. */
	do {
		ret = ccw_start(dev, orb);
	} while (ret == -EAGAIN);
	return ret ? ret : ccw_finish(dev, irb, ms);
}
