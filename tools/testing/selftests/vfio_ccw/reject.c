// SPDX-License-Identifier: GPL-2.0
/*
 * Wrong channel programs. What the architecture rejects ends in an interruption
 * with program check when the CCW is reached, and not before; what no channel
 * would be given ends in an errno.
 */
#include <errno.h>
#include <string.h>

#include "kselftest_harness.h"

#include "testguest.h"

FIXTURE(reject) {
	struct testguest guest;
	struct ccw_prog prog;
	struct cio_irb irb;
	struct cio_orb orb;
	__u8 id[SENSE_ID_ROOM];
	__u8 *first;	/* what the CCW in front reads */
	__u8 *data;
};

FIXTURE_VARIANT(reject) {
	int format;
};

FIXTURE_VARIANT_ADD(reject, format0) { .format = 0 };
FIXTURE_VARIANT_ADD(reject, format1) { .format = 1 };

FIXTURE_SETUP(reject)
{
	ASSERT_EQ(0, testguest_open(&self->guest));
	ASSERT_LE(7, testguest_sense_id(&self->guest, self->id));
	self->first = testguest_alloc(&self->guest, 16, 8);
	self->data = testguest_alloc(&self->guest, SENSE_ID_ROOM, 8);
	ASSERT_EQ(0, ccw_prog_init(&self->prog, &self->guest.mem, 8, variant->format, CCW_DIRECT));
	ccw_prog_add(&self->prog, CCW_CMD_SENSE_ID, CCW_SLI | CCW_CC,
		     testguest_iova(&self->guest, self->first), 7);
}

/* Whatever was rejected: the next program runs, and nothing stays locked. */
FIXTURE_TEARDOWN(reject)
{
	__u8 id[SENSE_ID_ROOM];

	EXPECT_LE(7, testguest_sense_id(&self->guest, id));
	testguest_close(&self->guest);
}

/* The CCW in front has run; slot @slot is checked. */
#define EXPECT_CHECK(slot) do { \
	ASSERT_EQ(0, testguest_run(&self->guest, &self->prog, &self->irb)); \
	EXPECT_TRUE(is_program_check(&self->irb, ccw_prog_addr(&self->prog, (slot) + 1))); \
	EXPECT_EQ(0, memcmp(self->id, self->first, 7)); \
} while (0)

#define ADD(flags, addr, count) \
	ASSERT_LE(0, ccw_prog_raw(&self->prog, CCW_CMD_SENSE_ID, flags, addr, count))

TEST_F(reject, data_unmapped)
{
	ADD(CCW_SLI, GUEST_HOLE, 16);
	EXPECT_CHECK(1);
}

/* The transfer begins in storage and runs out of it */
TEST_F(reject, data_half_mapped)
{
	ADD(CCW_SLI, GUEST_END - 4, 7);
	ASSERT_EQ(0, testguest_run(&self->guest, &self->prog, &self->irb));
	EXPECT_EQ(SCH_PROGRAM_CHECK, self->irb.scsw.cstat);
	EXPECT_EQ(ccw_prog_addr(&self->prog, 2), cio_32(self->irb.scsw.cpa));
	EXPECT_EQ(0, memcmp(self->id, self->first, 7));
}

TEST_F(reject, idal_unmapped)
{
	ADD(CCW_SLI | CCW_IDA, GUEST_HOLE, 7);
	EXPECT_CHECK(1);
}

TEST_F(reject, idaw_unmapped)
{
	const __u64 block = GUEST_HOLE;

	ADD(CCW_SLI | CCW_IDA, ccw_idal_list(&self->guest.mem, CCW_IDAL1, &block, 1), 7);
	EXPECT_CHECK(1);
}

TEST_F(reject, idaw64_unmapped)
{
	const __u64 block = GUEST_HIGH;

	self->prog.ctrl |= ORB_IDAW64;
	ADD(CCW_SLI | CCW_IDA, ccw_idal_list(&self->guest.mem, CCW_IDAL2_4K, &block, 1), 7);
	EXPECT_CHECK(1);
}

/* An address that no machine has storage at */
TEST_F(reject, idaw64_absurd)
{
	const __u64 block = 0xfffffffffffff000ull;

	self->prog.ctrl |= ORB_IDAW64;
	ADD(CCW_SLI | CCW_IDA, ccw_idal_list(&self->guest.mem, CCW_IDAL2_4K, &block, 1), 7);
	EXPECT_CHECK(1);
}

TEST_F(reject, idal_misaligned)
{
	const __u64 block = testguest_iova(&self->guest, self->data);

	ADD(CCW_SLI | CCW_IDA, ccw_idal_list(&self->guest.mem, CCW_IDAL1, &block, 1) + 2, 7);
	EXPECT_CHECK(1);
	EXPECT_TRUE(untouched(self->data, SENSE_ID_ROOM));
}

TEST_F(reject, idal64_misaligned)
{
	const __u64 blocks[2] = {};

	self->prog.ctrl |= ORB_IDAW64;
	ADD(CCW_SLI | CCW_IDA, ccw_idal_list(&self->guest.mem, CCW_IDAL2_4K, blocks, 2) + 4, 7);
	EXPECT_CHECK(1);
}

/* Bit 0 of a format-1 IDAW is no address bit */
TEST_F(reject, idaw_reserved_bit)
{
	const __u64 block = testguest_iova(&self->guest, self->data);
	__u32 idal = ccw_idal_list(&self->guest.mem, CCW_IDAL1, &block, 1);
	__be32 *word = ccw_mem_ptr(&self->guest.mem, idal, 4);

	*word |= cio_be32(0x80000000u);
	ADD(CCW_SLI | CCW_IDA, idal, 7);
	EXPECT_CHECK(1);
	EXPECT_TRUE(untouched(self->data, SENSE_ID_ROOM));
}

/* Only the first IDAW may point into a block */
TEST_F(reject, second_idaw_inside_block)
{
	__u8 *buf = testguest_alloc(&self->guest, 8192, 4096);
	const __u64 blocks[2] = { testguest_iova(&self->guest, buf) + 2044,
				  testguest_iova(&self->guest, buf) + 4096 + 4 };

	ADD(CCW_SLI | CCW_IDA, ccw_idal_list(&self->guest.mem, CCW_IDAL1, blocks, 2), 7);
	ASSERT_EQ(0, testguest_run(&self->guest, &self->prog, &self->irb));
	EXPECT_EQ(SCH_PROGRAM_CHECK, self->irb.scsw.cstat);
	EXPECT_EQ(ccw_prog_addr(&self->prog, 2), cio_32(self->irb.scsw.cpa));
	EXPECT_TRUE(untouched(buf + 4096, 4096));
}

/* MIDA without the ORB's consent */
TEST_F(reject, midaw_not_allowed)
{
	ADD(CCW_SLI | CCW_MIDA, testguest_iova(&self->guest, self->data), 7);
	EXPECT_CHECK(1);
	EXPECT_TRUE(untouched(self->data, SENSE_ID_ROOM));
}

/* S without the ORB's consent */
TEST_F(reject, suspend_not_allowed)
{
	ADD(CCW_SLI | CCW_SUSPEND, testguest_iova(&self->guest, self->data), 7);
	EXPECT_CHECK(1);
	EXPECT_TRUE(untouched(self->data, SENSE_ID_ROOM));
}

TEST_F(reject, tic_unmapped)
{
	ccw_prog_raw(&self->prog, CCW_CMD_TIC, 0, GUEST_HOLE, 0);
	EXPECT_CHECK(1);
}

TEST_F(reject, tic_misaligned)
{
	ccw_prog_raw(&self->prog, CCW_CMD_TIC, 0, ccw_prog_addr(&self->prog, 2) + 4, 0);
	ADD(CCW_SLI, testguest_iova(&self->guest, self->data), 7);
	EXPECT_CHECK(1);
	EXPECT_TRUE(untouched(self->data, SENSE_ID_ROOM));
}

/* The chain runs out of storage: the CCW behind the last one is not there */
TEST_F(reject, chain_out_of_storage)
{
	__u8 *last = ccw_mem_ptr(&self->guest.mem, GUEST_END - 8, 8);

	ccw_put(last, variant->format, CCW_CMD_SENSE_ID, CCW_SLI | CCW_CC,
		testguest_iova(&self->guest, self->first), 7);
	ccw_prog_orb(&self->prog, &self->orb);
	self->orb.cpa = cio_be32(GUEST_END - 8);
	ASSERT_EQ(0, ccw_run(&self->guest.dev, &self->orb, &self->irb, WAIT_MS));
	EXPECT_TRUE(is_program_check(&self->irb, GUEST_END + 8));
	EXPECT_EQ(0, memcmp(self->id, self->first, 7));
}

TEST_F(reject, cpa_unmapped)
{
	ccw_prog_orb(&self->prog, &self->orb);
	self->orb.cpa = cio_be32(GUEST_HOLE);
	ASSERT_EQ(0, ccw_run(&self->guest.dev, &self->orb, &self->irb, WAIT_MS));
	EXPECT_TRUE(is_program_check(&self->irb, GUEST_HOLE + 8));
}

/* P6: never executed */
TEST_F(reject, cpa_misaligned)
{
	__u32 off;

	for (off = 1; off < 8; off++) {
		ccw_prog_orb(&self->prog, &self->orb);
		self->orb.cpa = cio_be32(ccw_prog_addr(&self->prog, 0) + off);
		ASSERT_EQ(0, ccw_run(&self->guest.dev, &self->orb, &self->irb, WAIT_MS));
		EXPECT_TRUE(is_program_check(&self->irb, ccw_prog_addr(&self->prog, 1) + off));
	}
	EXPECT_TRUE(untouched(self->first, 16));
}

/* P7: only what the program names is read */
TEST_F(reject, program_at_the_end_of_storage)
{
	__u8 *last = ccw_mem_ptr(&self->guest.mem, GUEST_END - 16, 16);

	ccw_put(last, variant->format, CCW_CMD_NOP, CCW_SLI | CCW_CC, GUEST_BASE, 1);
	ccw_put(last + 8, variant->format, CCW_CMD_SENSE_ID, CCW_SLI,
		testguest_iova(&self->guest, self->data), 7);
	ccw_prog_orb(&self->prog, &self->orb);
	self->orb.cpa = cio_be32(GUEST_END - 16);
	ASSERT_EQ(0, ccw_run(&self->guest.dev, &self->orb, &self->irb, WAIT_MS));
	EXPECT_TRUE(is_good_end(&self->irb));
	EXPECT_EQ(GUEST_END, cio_32(self->irb.scsw.cpa));
	EXPECT_EQ(0, memcmp(self->id, self->data, 7));
}

/* S17: a bad CCW behind the end of the program is nobody's business */
TEST_F(reject, bad_ccw_not_reached)
{
	__u8 *data = self->data;

	self->prog.used = 0;
	ccw_prog_add(&self->prog, 0xf7, CCW_SLI | CCW_CC, testguest_iova(&self->guest, data), 1);
	ADD(CCW_SLI | CCW_CC, GUEST_HOLE, 7);
	ccw_prog_raw(&self->prog, CCW_CMD_TIC, 0, GUEST_HOLE, 0);
	ASSERT_EQ(0, testguest_run(&self->guest, &self->prog, &self->irb));
	EXPECT_TRUE(self->irb.scsw.dstat & DEV_UNIT_CHECK);
	EXPECT_EQ(0, self->irb.scsw.cstat);
	EXPECT_EQ(ccw_prog_addr(&self->prog, 1), cio_32(self->irb.scsw.cpa));
}

/* S26: an operand exception on a real machine */
TEST_F(reject, orb_reserved_bits)
{
	__u32 bit;

	for (bit = 1; bit <= ORB_RESERVED; bit <<= 1) {
		if (!(bit & ORB_RESERVED))
			continue;
		self->prog.ctrl = ORB_PREFETCH | bit;
		ccw_prog_orb(&self->prog, &self->orb);
		EXPECT_EQ(-EIO, ccw_start(&self->guest.dev, &self->orb));
	}
	self->prog.ctrl = ORB_PREFETCH;
	ccw_prog_orb(&self->prog, &self->orb);
	self->orb.cpa |= cio_be32(0x80000000u);
	EXPECT_EQ(-EIO, ccw_start(&self->guest.dev, &self->orb));
	EXPECT_TRUE(testguest_quiet(&self->guest));
	EXPECT_TRUE(untouched(self->first, 16));
}

TEST_F(reject, transport_mode)
{
	self->prog.ctrl |= ORB_TRANSPORT;
	ccw_prog_orb(&self->prog, &self->orb);
	EXPECT_EQ(-EOPNOTSUPP, ccw_start(&self->guest.dev, &self->orb));
	EXPECT_TRUE(testguest_quiet(&self->guest));
	EXPECT_TRUE(untouched(self->first, 16));
}

int main(int argc, char **argv)
{
	return subchannel_main(argc, argv, test_harness_run);
}
