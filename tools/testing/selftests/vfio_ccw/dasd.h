/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Programs for an ECKD DASD, and what the tests may do to it
 *
 * Reading is done anywhere. Written are the last tracks of the volume, and only
 * if its serial number is DASD_SCRATCH: a real host's disks are safe.
 */
#ifndef SELFTEST_DASD_H
#define SELFTEST_DASD_H

#include <string.h>

#include "ebcdic.h"
#include "eckd.h"
#include "testguest.h"

#define DASD_SCRATCH	"LINUX1"
#define BLOCK		4096
#define BLOCKS		12	/* of 4 KiB on a track of a 3390 */

struct dasd {
	struct testguest guest;
	struct ccw_prog prog;
	struct cio_irb irb;
	struct eckd_rdc rdc;
	__u32 cyl;		/* the last track */
	__u32 head;
	char serial[7];
};

static inline int dasd_add(struct dasd *d, __u8 cmd, __u8 flags, const void *p, __u16 count)
{
	return ccw_prog_add(&d->prog, cmd, flags, testguest_iova(&d->guest, p), count);
}

/* Begin a program: define extent and locate record, both chained. */
static inline void dasd_begin(struct dasd *d, int format, enum ccw_addressing how, __u8 mask,
			      __u8 operation, __u8 count, __u32 cyl, __u32 head, __u8 record)
{
	struct eckd_extent *extent = testguest_alloc(&d->guest, sizeof(*extent), 8);
	struct eckd_locate *locate = testguest_alloc(&d->guest, sizeof(*locate), 8);

	eckd_extent_set(extent, mask, BLOCK, cyl, 0, cyl, cio_16(d->rdc.heads) - 1);
	eckd_locate_set(locate, operation, count, cyl, head, record);
	if (operation == ECKD_OP_READ_DATA || operation == ECKD_OP_WRITE_DATA) {
		locate->auxiliary = ECKD_AUX_LENGTH;
		locate->length_factor = cio_be16(BLOCK);
	}
	ccw_prog_init(&d->prog, &d->guest.mem, 64, format, how);
	dasd_add(d, ECKD_DEFINE_EXTENT, CCW_CC, extent, sizeof(*extent));
	dasd_add(d, ECKD_LOCATE_RECORD, CCW_CC, locate, sizeof(*locate));
}

static inline bool dasd_run(struct dasd *d)
{
	return !testguest_run(&d->guest, &d->prog, &d->irb) && is_good_end(&d->irb);
}

/* Open, learn the geometry and the label; false with a diagnostic line if it fails. */
static inline bool dasd_open(struct dasd *d)
{
	struct eckd_rdc *rdc;
	__u8 *label;
	bool good;
	int i;

	if (testguest_open(&d->guest))
		return false;
	rdc = testguest_alloc(&d->guest, sizeof(*rdc), 8);
	/* After a change of hands the first command may be answered by a reset notification. */
	for (i = 0, good = false; i < 3 && !good; i++) {
		ccw_prog_init(&d->prog, &d->guest.mem, 1, 1, CCW_DIRECT);
		dasd_add(d, ECKD_RDC, CCW_SLI, rdc, sizeof(*rdc));
		good = dasd_run(d);
	}
	if (!good)
		return false;
	d->rdc = *rdc;
	d->cyl = cio_16(rdc->cylinders) - 1;
	d->head = cio_16(rdc->heads) - 1;
	label = testguest_alloc(&d->guest, 84, 8);
	dasd_begin(d, 1, CCW_DIRECT, ECKD_MASK_NO_WRITE, ECKD_OP_READ_DATA, 1, 0, 0, 3);
	dasd_add(d, ECKD_READ_DATA_MT, CCW_SLI, label, 84);
	good = dasd_run(d);
	ccw_ebcdic_text(d->serial, label + 4, 6);
	return good;
}

static inline bool dasd_scratch(const struct dasd *d)
{
	return !strcmp(d->serial, DASD_SCRATCH);
}

/* Block @i of generation @generation, like no other and unlike its halves */
static inline void dasd_fill(__u8 *block, unsigned int i, unsigned int generation)
{
	unsigned int at;

	for (at = 0; at < BLOCK; at++)
		block[at] = at * 7 + (at >> 8) * 31 + i * 13 + generation * 101;
}

/* Write a track of 4 KiB records: each a count area and data, chained */
static inline bool dasd_format(struct dasd *d, __u32 head, unsigned int generation)
{
	struct eckd_count *count = testguest_alloc(&d->guest, BLOCKS * sizeof(*count), 8);
	__u8 *data = testguest_alloc(&d->guest, BLOCKS * BLOCK, 8);
	int i;

	dasd_begin(d, 1, CCW_DIRECT, ECKD_MASK_ALL_WRITES, ECKD_OP_FORMAT_WRITE, BLOCKS, d->cyl,
		   head, 0);
	for (i = 0; i < BLOCKS; i++) {
		memset(&count[i], 0, sizeof(*count));
		eckd_track_set(&count[i].track, d->cyl, head);
		count[i].record = i + 1;
		count[i].data_len = cio_be16(BLOCK);
		dasd_fill(data + i * BLOCK, i, generation);
		dasd_add(d, ECKD_WRITE_CKD, CCW_CD, &count[i], sizeof(*count));
		dasd_add(d, 0, i < BLOCKS - 1 ? CCW_CC : 0, data + i * BLOCK, BLOCK);
	}
	return dasd_run(d);
}

#endif
