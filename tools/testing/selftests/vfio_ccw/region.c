// SPDX-License-Identifier: GPL-2.0
/*
 * Reading and writing the regions: partial, odd, past the end, read-only. A
 * write starts a program only if it covers ORB and SCSW (S7).
 */
#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <linux/vfio_ccw.h>

#include "kselftest_harness.h"

#include "testguest.h"

#define REGION(i)	((off_t)(i) << 10)

static int err(ssize_t n)
{
	return n < 0 ? -errno : (int)n;
}

FIXTURE(region) {
	struct testguest guest;
	struct ccw_io_region area;
	__u8 *data;
	void *nowhere;	/* an address that must not be touched */
	int fd;
};

/* A start area that would do visible I/O */
FIXTURE_SETUP(region)
{
	struct testguest *guest = &self->guest;
	struct ccw_prog prog;
	struct cio_orb orb;

	ASSERT_EQ(0, testguest_open(guest));
	self->fd = guest->dev.fd;
	self->nowhere = mmap(NULL, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	ASSERT_NE(MAP_FAILED, self->nowhere);
	self->data = testguest_alloc(guest, SENSE_ID_ROOM, 8);
	ASSERT_EQ(0, ccw_prog_init(&prog, &guest->mem, 1, 1, CCW_DIRECT));
	ccw_prog_add(&prog, CCW_CMD_SENSE_ID, CCW_SLI, testguest_iova(guest, self->data),
		     SENSE_ID_ROOM);
	ccw_prog_orb(&prog, &orb);
	ccw_start_area(&self->area, &orb);
}

FIXTURE_TEARDOWN(region)
{
	testguest_close(&self->guest);
}

TEST_F(region, whole)
{
	static const size_t size[] = { 124, 8, 52, 8 };
	__u8 buf[128];
	int i;

	for (i = 0; i < 4; i++)
		EXPECT_EQ((int)size[i], err(pread(self->fd, buf, size[i], REGION(i))));
}

TEST_F(region, every_part)
{
	static const int size[] = { 124, 8, 52, 8 };
	__u8 buf[256];
	int i, pos;

	for (i = 0; i < 4; i++) {
		for (pos = 0; pos < size[i]; pos++) {
			memset(buf, PATTERN, sizeof(buf));
			EXPECT_EQ(1, err(pread(self->fd, buf, 1, REGION(i) + pos)));
			EXPECT_TRUE(untouched(buf + 1, sizeof(buf) - 1));
			EXPECT_EQ(size[i] - pos,
				  err(pread(self->fd, buf, size[i] - pos, REGION(i) + pos)));
			EXPECT_EQ(-EINVAL,
				  err(pread(self->fd, buf, size[i] - pos + 1, REGION(i) + pos)));
		}
	}
}

TEST_F(region, past_the_end)
{
	static const off_t wrong[] = {
		REGION(0) + 124, REGION(0) + 1023, REGION(1) + 8, REGION(2) + 52, REGION(3) + 8,
		REGION(4), REGION(5), REGION(0xffffffffULL), REGION(0x100000000ULL),
		REGION(0x100000003ULL), INT64_MAX & ~1023LL,
	};
	__u8 byte = 0;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(wrong); i++) {
		EXPECT_EQ(-EINVAL, err(pread(self->fd, &byte, 1, wrong[i])));
		EXPECT_EQ(-EINVAL, err(pwrite(self->fd, &byte, 1, wrong[i])));
	}
	EXPECT_EQ(-EINVAL, err(pread(self->fd, &byte, 1, -1)));
}

TEST_F(region, read_only)
{
	__u8 buf[52] = {};

	EXPECT_EQ(-EINVAL, err(pwrite(self->fd, buf, 52, REGION(2))));
	EXPECT_EQ(-EINVAL, err(pwrite(self->fd, buf, 1, REGION(2))));
	EXPECT_EQ(-EINVAL, err(pwrite(self->fd, buf, 8, REGION(3))));
	EXPECT_EQ(-EINVAL, err(pwrite(self->fd, buf, 1, REGION(3) + 7)));
}

TEST_F(region, bad_buffer)
{
	int i;

	for (i = 0; i < 4; i++)
		EXPECT_EQ(-EFAULT, err(pread(self->fd, self->nowhere, 8, REGION(i))));
	EXPECT_EQ(-EFAULT, err(pwrite(self->fd, self->nowhere, 124, REGION(0))));
	EXPECT_EQ(-EFAULT, err(pwrite(self->fd, self->nowhere, 8, REGION(1))));
}

TEST_F(region, start)
{
	struct cio_irb irb;

	EXPECT_EQ(124, err(pwrite(self->fd, &self->area, 124, REGION(0))));
	ASSERT_EQ(0, ccw_dev_wait(&self->guest.dev, VFIO_CCW_IO_IRQ_INDEX, WAIT_MS));
	ASSERT_EQ(0, ccw_response(&self->guest.dev, &irb));
	EXPECT_EQ(0, irb.scsw.cstat);
	EXPECT_FALSE(untouched(self->data, SENSE_ID_ROOM));
}

/* ORB and SCSW are enough */
TEST_F(region, short_start)
{
	struct cio_irb irb;

	EXPECT_EQ(24, err(pwrite(self->fd, &self->area, 24, REGION(0))));
	ASSERT_EQ(0, ccw_dev_wait(&self->guest.dev, VFIO_CCW_IO_IRQ_INDEX, WAIT_MS));
	EXPECT_EQ(0, ccw_response(&self->guest.dev, &irb));
	EXPECT_FALSE(untouched(self->data, SENSE_ID_ROOM));
}

/* S7: any other write starts nothing */
TEST_F(region, partial_write_starts_nothing)
{
	__u8 *area = (__u8 *)&self->area;
	int pos, size;

	for (size = 1; size < 24; size++)
		EXPECT_EQ(-EINVAL, err(pwrite(self->fd, area, size, REGION(0))));
	for (pos = 1; pos < 124; pos++) {
		EXPECT_EQ(-EINVAL, err(pwrite(self->fd, area + pos, 124 - pos, REGION(0) + pos)));
		EXPECT_EQ(-EINVAL, err(pwrite(self->fd, area + pos, 1, REGION(0) + pos)));
		/* Not even one that would be complete elsewhere */
		EXPECT_EQ(-EINVAL, err(pwrite(self->fd, area, 124 - pos, REGION(0) + pos)));
	}
	EXPECT_TRUE(testguest_quiet(&self->guest));
	EXPECT_TRUE(untouched(self->data, SENSE_ID_ROOM));
}

/* S7: no function asked for, and the caller's own result does not become ours */
TEST_F(region, no_function)
{
	memset(self->area.scsw_area, 0, SCSW_AREA_SIZE);
	self->area.ret_code = 1;
	EXPECT_EQ(-EINVAL, err(pwrite(self->fd, &self->area, 124, REGION(0))));
	EXPECT_TRUE(testguest_quiet(&self->guest));
	EXPECT_TRUE(untouched(self->data, SENSE_ID_ROOM));
}

/* HALT and CLEAR have a region of their own */
TEST_F(region, other_functions)
{
	struct cio_scsw scsw = { .word0 = cio_be32(SCSW_FC_HALT) };

	memcpy(self->area.scsw_area, &scsw, sizeof(scsw));
	EXPECT_EQ(-EOPNOTSUPP, err(pwrite(self->fd, &self->area, 124, REGION(0))));
	scsw.word0 = cio_be32(SCSW_FC_CLEAR);
	memcpy(self->area.scsw_area, &scsw, sizeof(scsw));
	EXPECT_EQ(-EOPNOTSUPP, err(pwrite(self->fd, &self->area, 124, REGION(0))));
	EXPECT_TRUE(testguest_quiet(&self->guest));
}

/* The answer to a start is kept beside it */
TEST_F(region, result_is_kept)
{
	struct ccw_io_region area;
	struct cio_orb orb = { .ctrl = cio_be32(ORB_TRANSPORT) };

	memcpy(self->area.orb_area, &orb, sizeof(orb));
	self->area.ret_code = 77;
	EXPECT_EQ(-EOPNOTSUPP, err(pwrite(self->fd, &self->area, 124, REGION(0))));
	ASSERT_EQ(124, err(pread(self->fd, &area, 124, REGION(0))));
	EXPECT_EQ(-EOPNOTSUPP, (int)area.ret_code);
}

/* A read that does not reach all of a response leaves it in place */
TEST_F(region, partial_read_peeks)
{
	struct ccw_io_region first, again;
	struct cio_irb irb;
	int i;

	EXPECT_EQ(124, err(pwrite(self->fd, &self->area, 124, REGION(0))));
	ASSERT_EQ(0, ccw_dev_wait(&self->guest.dev, VFIO_CCW_IO_IRQ_INDEX, WAIT_MS));
	memset(&first, 0, sizeof(first));
	for (i = 0; i < 96; i++)
		ASSERT_EQ(1, err(pread(self->fd, first.irb_area + i, 1, REGION(0) + 24 + i)));
	/* All but one byte */
	ASSERT_EQ(119, err(pread(self->fd, &again, 119, REGION(0))));
	EXPECT_EQ(0, memcmp(first.irb_area, again.irb_area, 95));
	ASSERT_EQ(0, ccw_response(&self->guest.dev, &irb));
	EXPECT_EQ(0, memcmp(first.irb_area, &irb, sizeof(irb)));
	EXPECT_TRUE(cio_32(irb.scsw.word0) & SCSW_PENDING);
}

/* A response that could not be stored is still there */
TEST_F(region, failed_read_keeps_response)
{
	struct cio_irb irb;

	EXPECT_EQ(124, err(pwrite(self->fd, &self->area, 124, REGION(0))));
	ASSERT_EQ(0, ccw_dev_wait(&self->guest.dev, VFIO_CCW_IO_IRQ_INDEX, WAIT_MS));
	EXPECT_EQ(-EFAULT, err(pread(self->fd, self->nowhere, 124, REGION(0))));
	ASSERT_EQ(0, ccw_response(&self->guest.dev, &irb));
	EXPECT_TRUE(cio_32(irb.scsw.word0) & SCSW_PENDING);
}

TEST_F(region, async_errors)
{
	struct ccw_cmd_region cmd = { .command = 0 };

	EXPECT_EQ(-EINVAL, err(pwrite(self->fd, &cmd, 8, REGION(1))));
	cmd.command = 3;
	EXPECT_EQ(-EINVAL, err(pwrite(self->fd, &cmd, 8, REGION(1))));
	cmd.command = 0x80000000;
	EXPECT_EQ(-EINVAL, err(pwrite(self->fd, &cmd, 8, REGION(1))));
}

/* No report is queued: an empty word, which ends a reader's loop */
TEST_F(region, crw_empty)
{
	struct ccw_crw_region crw = { .crw = 1, .pad = 1 };

	ASSERT_EQ(8, err(pread(self->fd, &crw, 8, REGION(3))));
	EXPECT_EQ(0, crw.crw);
	EXPECT_EQ(0, crw.pad);
}

/* P8: the SCHIB is the device's, but no address of the host is in it */
TEST_F(region, schib)
{
	struct cio_schib schib;
	struct ccw_prog prog;
	struct cio_irb irb;

	ASSERT_EQ(0, ccw_schib(&self->guest.dev, &schib));
	EXPECT_TRUE(cio_32(schib.pmcw_flags) & PMCW_DEVNO_VALID);
	EXPECT_NE(0, schib.pim);
	EXPECT_EQ(0, cio_32(schib.param));
	EXPECT_EQ(0, cio_32(schib.mba[0]));
	EXPECT_EQ(0, cio_32(schib.mba[1]));

	/* Also after a program has left its address in the SCSW */
	ASSERT_EQ(0, ccw_prog_init(&prog, &self->guest.mem, 1, 1, CCW_DIRECT));
	ccw_prog_add(&prog, CCW_CMD_SENSE_ID, CCW_SLI, testguest_iova(&self->guest, self->data),
		     SENSE_ID_ROOM);
	ASSERT_EQ(0, testguest_run(&self->guest, &prog, &irb));
	ASSERT_EQ(0, ccw_schib(&self->guest.dev, &schib));
	EXPECT_EQ(0, cio_32(schib.param));
	EXPECT_EQ(0, cio_32(schib.mba[0]));
	EXPECT_EQ(0, cio_32(schib.mba[1]));
	if (cio_32(schib.scsw.cpa))
		EXPECT_EQ(ccw_prog_addr(&prog, 1), cio_32(schib.scsw.cpa));
}

int main(int argc, char **argv)
{
	return subchannel_main(argc, argv, test_harness_run);
}
