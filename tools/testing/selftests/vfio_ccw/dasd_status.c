// SPDX-License-Identifier: GPL-2.0
/*
 * Ends of programs that only a real channel and control unit give: unit check
 * with sense, incorrect length, PCI, suspension
 */
#include <errno.h>
#include <string.h>

#include "kselftest_harness.h"

#include "dasd.h"
#include "locked.h"

FIXTURE(dasd_status) {
	struct dasd d;
	__u8 *data;
};

FIXTURE_SETUP(dasd_status)
{
	ASSERT_TRUE(dasd_open(&self->d));
	self->data = testguest_alloc(&self->d.guest, BLOCK, 8);
}

FIXTURE_TEARDOWN(dasd_status)
{
	testguest_close(&self->d.guest);
}

/* The sense bytes come with the response (concurrent sense), or are fetched. */
static void sense(struct __test_metadata *_metadata, struct dasd *d, __u8 *bytes)
{
	__u32 erw = cio_32(d->irb.esw[1]);

	EXPECT_TRUE(d->irb.scsw.dstat & DEV_UNIT_CHECK);
	if (cio_32(d->irb.scsw.word0) & SCSW_ECW && erw & ERW_SENSE) {
		EXPECT_NE(0, erw & ERW_SENSE_COUNT);
		memcpy(bytes, d->irb.ecw, 32);
		return;
	}
	ccw_prog_init(&d->prog, &d->guest.mem, 1, 1, CCW_DIRECT);
	dasd_add(d, CCW_CMD_SENSE, CCW_SLI, bytes, 32);
	ASSERT_TRUE(dasd_run(d));
}

/* A record that is not there; what stands behind is not done */
TEST_F(dasd_status, no_record_found)
{
	struct dasd *d = &self->d;
	__u8 *bytes = testguest_alloc(&d->guest, 32, 8);

	dasd_begin(d, 1, CCW_DIRECT, ECKD_MASK_NO_WRITE, ECKD_OP_READ_DATA, 1, 0, 0, 200);
	dasd_add(d, ECKD_READ_DATA_MT, CCW_SLI, self->data, BLOCK);
	ASSERT_EQ(0, testguest_run(&d->guest, &d->prog, &d->irb));
	EXPECT_EQ(0, d->irb.scsw.cstat);
	sense(_metadata, d, bytes);
	EXPECT_EQ(0x08, bytes[1] & 0x08);
	EXPECT_TRUE(untouched(self->data, BLOCK));
}

/* A command against the rules of the control unit */
TEST_F(dasd_status, command_reject)
{
	struct dasd *d = &self->d;
	__u8 *bytes = testguest_alloc(&d->guest, 32, 8);

	ccw_prog_init(&d->prog, &d->guest.mem, 1, 1, CCW_DIRECT);
	/* Locate record without define extent in front */
	dasd_add(d, ECKD_LOCATE_RECORD, CCW_SLI, self->data, 16);
	ASSERT_EQ(0, testguest_run(&d->guest, &d->prog, &d->irb));
	EXPECT_EQ(ccw_prog_addr(&d->prog, 1), cio_32(d->irb.scsw.cpa));
	sense(_metadata, d, bytes);
	EXPECT_EQ(0x80, bytes[0] & 0x80);
}

/* Outside the extent that was defined */
TEST_F(dasd_status, file_protected)
{
	struct dasd *d = &self->d;
	__u8 *bytes = testguest_alloc(&d->guest, 32, 8);
	struct eckd_locate *locate = testguest_alloc(&d->guest, sizeof(*locate), 8);

	dasd_begin(d, 1, CCW_DIRECT, ECKD_MASK_NO_WRITE, ECKD_OP_READ_DATA, 1, 0, 0, 3);
	eckd_locate_set(locate, ECKD_OP_READ_DATA, 1, 1, 0, 1);
	d->prog.used = 1;
	dasd_add(d, ECKD_LOCATE_RECORD, CCW_CC, locate, sizeof(*locate));
	dasd_add(d, ECKD_READ_DATA_MT, CCW_SLI, self->data, BLOCK);
	ASSERT_EQ(0, testguest_run(&d->guest, &d->prog, &d->irb));
	EXPECT_EQ(0, d->irb.scsw.cstat);
	EXPECT_EQ(ccw_prog_addr(&d->prog, 2), cio_32(d->irb.scsw.cpa));
	sense(_metadata, d, bytes);
	EXPECT_EQ(0x04, bytes[1] & 0x04);
}

FIXTURE(length) {
	struct dasd d;
	__u8 *data;
};

FIXTURE_VARIANT(length) {
	int format;
	__u16 count;		/* of a record that has 80 bytes */
	__u8 flags;
	bool incorrect;
	__u16 residual;
};

FIXTURE_VARIANT_ADD(length, short_count) { .format = 1, .count = 70, .incorrect = true };
FIXTURE_VARIANT_ADD(length, short_count_format0) { .format = 0, .count = 70, .incorrect = true };
FIXTURE_VARIANT_ADD(length, short_count_sli) { .format = 1, .count = 70, .flags = CCW_SLI };
FIXTURE_VARIANT_ADD(length, exact) { .format = 1, .count = 80 };
FIXTURE_VARIANT_ADD(length, long_count) {
	.format = 1, .count = 100, .incorrect = true, .residual = 20,
};

FIXTURE_VARIANT_ADD(length, long_count_sli) {
	.format = 1, .count = 100, .flags = CCW_SLI, .residual = 20,
};

FIXTURE_SETUP(length)
{
	ASSERT_TRUE(dasd_open(&self->d));
	self->data = testguest_alloc(&self->d.guest, 128, 8);
}

FIXTURE_TEARDOWN(length)
{
	testguest_close(&self->d.guest);
}

/* Record 3 of the first track: the volume label, 80 bytes of data behind a key of 4 */
TEST_F(length, label)
{
	struct dasd *d = &self->d;

	dasd_begin(d, variant->format, CCW_DIRECT, ECKD_MASK_NO_WRITE, ECKD_OP_READ_DATA, 1, 0, 0,
		   3);
	dasd_add(d, ECKD_READ_DATA, variant->flags, self->data, variant->count);
	ASSERT_EQ(0, testguest_run(&d->guest, &d->prog, &d->irb));
	EXPECT_EQ(DEV_CHANNEL_END | DEV_DEVICE_END, d->irb.scsw.dstat);
	EXPECT_EQ(variant->incorrect ? SCH_INCORRECT_LENGTH : 0, d->irb.scsw.cstat);
	EXPECT_EQ(variant->residual, cio_16(d->irb.scsw.count));
	EXPECT_EQ(ccw_prog_addr(&d->prog, 3), cio_32(d->irb.scsw.cpa));
	EXPECT_TRUE(untouched(self->data + 80, 48));
}

/* S2: the interruption that the program asked for, and the one of its end, in order */
TEST_F(dasd_status, program_controlled_interruption)
{
	struct dasd *d = &self->d;
	struct ccw_dev *dev = &d->guest.dev;
	unsigned int pci = 0;
	struct cio_orb orb;

	ccw_prog_init(&d->prog, &d->guest.mem, 4, 1, CCW_DIRECT);
	dasd_add(d, CCW_CMD_NOP, CCW_SLI | CCW_CC, self->data, 1);
	dasd_add(d, CCW_CMD_SENSE_ID, CCW_SLI | CCW_CC | CCW_PCI, self->data, 7);
	dasd_add(d, CCW_CMD_NOP, CCW_SLI | CCW_CC, self->data, 1);
	dasd_add(d, CCW_CMD_SENSE_ID, CCW_SLI, self->data, 7);
	ccw_prog_orb(&d->prog, &orb);
	ASSERT_EQ(0, ccw_start(dev, &orb));
	do {
		ASSERT_EQ(0, ccw_dev_wait(dev, VFIO_CCW_IO_IRQ_INDEX, WAIT_MS));
		ASSERT_EQ(0, ccw_response(dev, &d->irb));
		if (!(d->irb.scsw.cstat & SCH_PCI))
			continue;
		pci++;
		/* The CCW with PCI or a later one */
		EXPECT_LE(ccw_prog_addr(&d->prog, 2), cio_32(d->irb.scsw.cpa));
		EXPECT_GE(ccw_prog_addr(&d->prog, 4), cio_32(d->irb.scsw.cpa));
	} while (!ccw_irb_final(&d->irb));
	EXPECT_LE(1, pci);
	EXPECT_EQ(DEV_CHANNEL_END | DEV_DEVICE_END, d->irb.scsw.dstat);
	EXPECT_EQ(ccw_prog_addr(&d->prog, 4), cio_32(d->irb.scsw.cpa));
}

/* S1: suspended is not over */
TEST_F(dasd_status, suspended)
{
	struct dasd *d = &self->d;
	struct ccw_dev *dev = &d->guest.dev;
	__u8 id[SENSE_ID_ROOM];
	struct cio_orb orb;
	__u32 word0;

	ccw_prog_init(&d->prog, &d->guest.mem, 2, 1, CCW_DIRECT);
	d->prog.ctrl |= ORB_SUSPEND;
	/* What is behind the stop is not looked at; what is before is held. */
	dasd_add(d, CCW_CMD_SENSE_ID, CCW_SLI | CCW_CC, testguest_alloc(&d->guest, 16, 8), 7);
	dasd_add(d, CCW_CMD_SENSE_ID, CCW_SLI | CCW_SUSPEND, self->data, 7);
	ccw_prog_orb(&d->prog, &orb);
	ASSERT_EQ(0, ccw_start(dev, &orb));
	ASSERT_EQ(0, ccw_dev_wait(dev, VFIO_CCW_IO_IRQ_INDEX, WAIT_MS));
	ASSERT_EQ(0, ccw_response(dev, &d->irb));
	word0 = cio_32(d->irb.scsw.word0);
	EXPECT_EQ(SCSW_SUSPENDED | SCSW_INTERMEDIATE | SCSW_PENDING,
		  word0 & (SCSW_SUSPENDED | SCSW_INTERMEDIATE | SCSW_PENDING | SCSW_PRIMARY));
	EXPECT_EQ(ccw_prog_addr(&d->prog, 2), cio_32(d->irb.scsw.cpa));
	EXPECT_LT(0, locked_kib());
	EXPECT_EQ(-EBUSY, ccw_start(dev, &orb));
	EXPECT_TRUE(untouched(self->data, BLOCK));

	ASSERT_EQ(0, ccw_dev_reset(dev));
	EXPECT_EQ(0, locked_kib());
	EXPECT_LE(7, testguest_sense_id(&d->guest, id));
}

/* S on a CCW reached by data chaining is a program check */
TEST_F(dasd_status, suspend_in_data_chain)
{
	struct dasd *d = &self->d;

	dasd_begin(d, 1, CCW_DIRECT, ECKD_MASK_NO_WRITE, ECKD_OP_READ_DATA, 1, 0, 0, 3);
	d->prog.ctrl |= ORB_SUSPEND;
	dasd_add(d, ECKD_READ_DATA, CCW_CD, self->data, 40);
	dasd_add(d, 0, CCW_SLI | CCW_SUSPEND, self->data + 40, 40);
	ASSERT_EQ(0, testguest_run(&d->guest, &d->prog, &d->irb));
	EXPECT_EQ(SCH_PROGRAM_CHECK, d->irb.scsw.cstat);
	EXPECT_EQ(ccw_prog_addr(&d->prog, 4), cio_32(d->irb.scsw.cpa));
}

int main(int argc, char **argv)
{
	return subchannel_main_for("dasd", argc, argv, test_harness_run);
}
