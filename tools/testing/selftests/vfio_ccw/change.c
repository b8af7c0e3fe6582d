// SPDX-License-Identifier: GPL-2.0
/*
 * Programs that change themselves. Without the prefetch bit in the ORB, the
 * channel fetches a CCW and its IDAWs when it comes to them and not before, so
 * a command can read over what follows it (initial program load does).
 *
 * The first byte of sense ID, alone, is read over the part to change; it is ones
 * or zeros, as devices differ.
 */
#include <string.h>

#include "kselftest_harness.h"

#include "testguest.h"

#define ROOM	0x10000
#define ROUNDS	50

FIXTURE(change) {
	struct testguest guest;
	struct ccw_prog prog;
	struct cio_irb irb;
	__u8 *data;
	__u8 byte;	/* what a change brings */
	int count;	/* of a victim, with that as its high byte */
	int brought;	/* what of it a sense ID fills */
	__u8 id[SENSE_ID_ROOM];
	int length;
};

FIXTURE_VARIANT(change) {
	int format;
	__u32 count_byte;	/* the high byte of the count, in a CCW */
};

FIXTURE_VARIANT_ADD(change, format0) { .format = 0, .count_byte = 6 };
FIXTURE_VARIANT_ADD(change, format1) { .format = 1, .count_byte = 2 };

FIXTURE_SETUP(change)
{
	struct testguest *guest = &self->guest;
	__u8 *byte;

	ASSERT_EQ(0, testguest_open(guest));
	self->length = testguest_sense_id(guest, self->id);
	ASSERT_LE(7, self->length);

	byte = testguest_alloc(guest, 1, 1);
	ASSERT_EQ(0, ccw_prog_init(&self->prog, &guest->mem, 1, 1, CCW_DIRECT));
	ccw_prog_add(&self->prog, CCW_CMD_SENSE_ID, CCW_SLI, testguest_iova(guest, byte), 1);
	ASSERT_EQ(0, testguest_run(guest, &self->prog, &self->irb));
	self->byte = *byte;
	self->count = self->byte << 8 | 7;
	self->brought = self->length < self->count ? self->length : self->count;

	self->data = testguest_alloc(guest, ROOM, 0x1000);
	ASSERT_EQ(0, ccw_prog_init(&self->prog, &guest->mem, 8, variant->format, CCW_DIRECT));
	self->prog.ctrl &= ~ORB_PREFETCH;
}

FIXTURE_TEARDOWN(change)
{
	testguest_close(&self->guest);
}

static void change_byte(struct ccw_prog *prog, __u64 addr)
{
	ccw_prog_add(prog, CCW_CMD_SENSE_ID, CCW_SLI | CCW_CC, addr, 1);
}

/* Sense ID with a count whose high byte is 1 before it is changed. */
static void add_victim(struct ccw_prog *prog, __u8 flags, __u64 data)
{
	ccw_prog_add(prog, CCW_CMD_SENSE_ID, CCW_SLI | flags, data, 0x107);
}

/* What a victim brings that ran with the count that it was changed to. */
static bool brought(const __u8 *data, const __u8 *id, int length)
{
	return !memcmp(id + 1, data + 1, length - 1) && untouched(data + length, SENSE_ID_ROOM);
}

TEST_F(change, next_ccw)
{
	struct testguest *guest = &self->guest;

	change_byte(&self->prog, ccw_prog_addr(&self->prog, 1) + variant->count_byte);
	add_victim(&self->prog, 0, testguest_iova(guest, self->data));
	ASSERT_EQ(0, testguest_run(guest, &self->prog, &self->irb));
	EXPECT_TRUE(is_good_end(&self->irb));
	EXPECT_EQ(self->count - self->brought, cio_16(self->irb.scsw.count));
	EXPECT_TRUE(brought(self->data, self->id, self->brought));
	EXPECT_EQ(ccw_prog_addr(&self->prog, 2), cio_32(self->irb.scsw.cpa));
}

/* A CCW far behind, across another one and a transfer in channel. */
TEST_F(change, later_ccw)
{
	struct testguest *guest = &self->guest;

	change_byte(&self->prog, ccw_prog_addr(&self->prog, 4) + variant->count_byte);
	ccw_prog_tic(&self->prog, 3);
	ccw_prog_raw(&self->prog, 0, 0, 0, 0);
	ccw_prog_add(&self->prog, CCW_CMD_NOP, CCW_SLI | CCW_CC, GUEST_BASE, 1);
	add_victim(&self->prog, 0, testguest_iova(guest, self->data));
	ASSERT_EQ(0, testguest_run(guest, &self->prog, &self->irb));
	EXPECT_TRUE(is_good_end(&self->irb));
	EXPECT_EQ(self->count - self->brought, cio_16(self->irb.scsw.count));
	EXPECT_TRUE(brought(self->data, self->id, self->brought));
	EXPECT_EQ(ccw_prog_addr(&self->prog, 5), cio_32(self->irb.scsw.cpa));
}

/* What follows is one that the channel would refuse, before it is changed. */
TEST_F(change, not_yet_a_ccw)
{
	struct testguest *guest = &self->guest;
	__u32 flags_byte = variant->format ? 1 : 4;

	if (self->byte)
		SKIP(return, "the first byte of this device's sense ID is not zero");
	change_byte(&self->prog, ccw_prog_addr(&self->prog, 1) + flags_byte);
	ccw_prog_raw(&self->prog, CCW_CMD_SENSE_ID, CCW_MIDA, testguest_iova(guest, self->data),
		     self->length);
	ASSERT_EQ(0, testguest_run(guest, &self->prog, &self->irb));
	EXPECT_FALSE(self->irb.scsw.cstat & SCH_PROGRAM_CHECK);
	EXPECT_EQ(ccw_prog_addr(&self->prog, 2), cio_32(self->irb.scsw.cpa));
	EXPECT_EQ(0, memcmp(self->id, self->data, self->length));
}

/*
 * Several changes in a row, each of them seen. A channel that is an asynchronous
 * one, as a mainframe's is, takes a moment to go on when it is resumed: hence the
 * rounds. To see it fail under Hercules: take a program that is suspended and
 * resume pending (find_stop() in vfio_ccw_start.c) for one that stands.
 */
TEST_F(change, again_and_again)
{
	struct testguest *guest = &self->guest;
	int round, i;

	for (round = 0; round < ROUNDS; round++) {
		memset(self->data, PATTERN, ROOM);
		self->prog.used = 0;
		for (i = 0; i < 3; i++) {
			change_byte(&self->prog, ccw_prog_addr(&self->prog, 2 * i + 1) +
						 variant->count_byte);
			add_victim(&self->prog, i < 2 ? CCW_CC : 0,
				   testguest_iova(guest, self->data) + i * 0x800);
		}
		ASSERT_EQ(0, testguest_run(guest, &self->prog, &self->irb));
		ASSERT_EQ(ccw_prog_addr(&self->prog, 6), cio_32(self->irb.scsw.cpa));
		ASSERT_TRUE(is_good_end(&self->irb));
		for (i = 0; i < 3; i++)
			ASSERT_TRUE(brought(self->data + i * 0x800, self->id, self->brought));
	}
}

/* The IDAW's low byte, and so where the data goes. */
TEST_F(change, idaw)
{
	struct testguest *guest = &self->guest;
	__be32 *list = testguest_alloc(guest, 8, 8);

	*list = cio_be32(testguest_iova(guest, self->data) | 0x80);
	change_byte(&self->prog, testguest_iova(guest, list) + 3);
	ccw_prog_raw(&self->prog, CCW_CMD_SENSE_ID, CCW_SLI | CCW_IDA,
		     testguest_iova(guest, list), 7);
	ASSERT_EQ(0, testguest_run(guest, &self->prog, &self->irb));
	EXPECT_TRUE(is_good_end(&self->irb));
	EXPECT_EQ(0, memcmp(self->id, self->data + self->byte, 7));
	EXPECT_TRUE(untouched(self->data + 0x80, 7));
}

int main(int argc, char **argv)
{
	return subchannel_main(argc, argv, test_harness_run);
}
