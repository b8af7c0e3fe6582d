// SPDX-License-Identifier: GPL-2.0
/*
 * Shapes of channel programs: transfer in channel in all directions, long
 * chains, many segments
 */
#include <errno.h>
#include <string.h>

#include "kselftest_harness.h"

#include "testguest.h"

#define MAX_CCWS 8192	/* the documented bound on one program */

FIXTURE(chain) {
	struct testguest guest;
	struct ccw_prog prog;
	struct cio_irb irb;
	__u8 id[SENSE_ID_ROOM];
	__u8 *data;
};

FIXTURE_VARIANT(chain) {
	int format;
};

FIXTURE_VARIANT_ADD(chain, format0) { .format = 0 };
FIXTURE_VARIANT_ADD(chain, format1) { .format = 1 };

FIXTURE_SETUP(chain)
{
	ASSERT_EQ(0, testguest_open(&self->guest));
	ASSERT_LE(7, testguest_sense_id(&self->guest, self->id));
	self->data = testguest_alloc(&self->guest, SENSE_ID_ROOM, 8);
	ASSERT_EQ(0, ccw_prog_init(&self->prog, &self->guest.mem, MAX_CCWS + 2, variant->format,
				   CCW_DIRECT));
}

FIXTURE_TEARDOWN(chain)
{
	testguest_close(&self->guest);
}

#define NOP(flags) \
	ASSERT_LE(0, ccw_prog_raw(&self->prog, CCW_CMD_NOP, CCW_SLI | (flags), GUEST_BASE, 1))
#define SENSE_ID(flags) \
	ASSERT_LE(0, ccw_prog_add(&self->prog, CCW_CMD_SENSE_ID, CCW_SLI | (flags), \
				  testguest_iova(&self->guest, self->data), 7))
#define TIC(slot) ASSERT_LE(0, ccw_prog_tic(&self->prog, slot))

#define EXPECT_END(slot) do { \
	EXPECT_TRUE(is_good_end(&self->irb)); \
	EXPECT_EQ(ccw_prog_addr(&self->prog, (slot) + 1), cio_32(self->irb.scsw.cpa)); \
	EXPECT_EQ(0, memcmp(self->id, self->data, 7)); \
} while (0)

TEST_F(chain, tic_forward)
{
	NOP(CCW_CC);
	TIC(4);
	self->prog.used = 4;
	SENSE_ID(0);
	ASSERT_EQ(0, testguest_run(&self->guest, &self->prog, &self->irb));
	EXPECT_END(4);
}

TEST_F(chain, tic_forward_far)
{
	NOP(CCW_CC);
	TIC(2000);
	self->prog.used = 2000;
	SENSE_ID(0);
	ASSERT_EQ(0, testguest_run(&self->guest, &self->prog, &self->irb));
	EXPECT_END(2000);
}

/* Into storage in front of the program */
TEST_F(chain, tic_backward)
{
	struct cio_orb orb;

	SENSE_ID(0);
	self->prog.used = 600;
	NOP(CCW_CC);
	TIC(0);
	ccw_prog_orb(&self->prog, &orb);
	orb.cpa = cio_be32(ccw_prog_addr(&self->prog, 600));
	ASSERT_EQ(0, ccw_run(&self->guest.dev, &orb, &self->irb, WAIT_MS));
	EXPECT_END(0);
}

/* A segment for each CCW, in reverse order */
TEST_F(chain, tic_nested)
{
	const unsigned int segments = 64;
	struct cio_orb orb;
	unsigned int i;

	SENSE_ID(0);
	for (i = 1; i < segments; i++) {
		self->prog.used = 10 * i;
		NOP(CCW_CC);
		TIC(10 * (i - 1));
	}
	ccw_prog_orb(&self->prog, &orb);
	orb.cpa = cio_be32(ccw_prog_addr(&self->prog, 10 * (segments - 1)));
	ASSERT_EQ(0, ccw_run(&self->guest.dev, &orb, &self->irb, WAIT_MS));
	EXPECT_END(0);
}

/* A TIC to a TIC, also to itself, is a program check and no endless loop */
TEST_F(chain, tic_to_itself)
{
	NOP(CCW_CC);
	TIC(1);
	ASSERT_EQ(0, testguest_run(&self->guest, &self->prog, &self->irb));
	EXPECT_EQ(SCH_PROGRAM_CHECK, self->irb.scsw.cstat);
	EXPECT_EQ(ccw_prog_addr(&self->prog, 2), cio_32(self->irb.scsw.cpa));
}

TEST_F(chain, tic_to_tic)
{
	NOP(CCW_CC);
	TIC(3);
	NOP(0);
	TIC(2);
	ASSERT_EQ(0, testguest_run(&self->guest, &self->prog, &self->irb));
	EXPECT_EQ(SCH_PROGRAM_CHECK, self->irb.scsw.cstat);
}

TEST_F(chain, tic_first)
{
	TIC(1);
	NOP(0);
	ASSERT_EQ(0, testguest_run(&self->guest, &self->prog, &self->irb));
	EXPECT_TRUE(is_program_check(&self->irb, ccw_prog_addr(&self->prog, 1)));
}

FIXTURE(chain0) {
	struct testguest guest;
	struct ccw_prog prog;
	struct cio_irb irb;
	__u8 id[SENSE_ID_ROOM];
	__u8 *data;
};

FIXTURE_SETUP(chain0)
{
	ASSERT_EQ(0, testguest_open(&self->guest));
	ASSERT_LE(7, testguest_sense_id(&self->guest, self->id));
	self->data = testguest_alloc(&self->guest, SENSE_ID_ROOM, 8);
	ASSERT_EQ(0, ccw_prog_init(&self->prog, &self->guest.mem, 8, 0, CCW_DIRECT));
}

FIXTURE_TEARDOWN(chain0)
{
	testguest_close(&self->guest);
}

/* F8: of a format-0 TIC, four bits of code and the address count */
TEST_F(chain0, tic_with_rubbish)
{
	NOP(CCW_CC);
	ccw_prog_raw(&self->prog, 0xf8, 0xff, ccw_prog_addr(&self->prog, 3), 0xffff);
	NOP(0);
	SENSE_ID(0);
	ASSERT_EQ(0, testguest_run(&self->guest, &self->prog, &self->irb));
	EXPECT_END(3);
}

/* Count and flags alone: what looks like a chain end or an IDAL is neither */
TEST_F(chain0, tic_with_count)
{
	NOP(CCW_CC);
	ccw_prog_raw(&self->prog, CCW_CMD_TIC, CCW_SLI | CCW_IDA,
		     ccw_prog_addr(&self->prog, 3), 0xffff);
	NOP(0);
	SENSE_ID(0);
	ASSERT_EQ(0, testguest_run(&self->guest, &self->prog, &self->irb));
	EXPECT_END(3);
}

/* Format 1 demands zeros there */
TEST_F(chain, tic_format1_rubbish)
{
	NOP(CCW_CC);
	ccw_prog_raw(&self->prog, CCW_CMD_TIC, CCW_SLI, ccw_prog_addr(&self->prog, 2),
		     variant->format);
	SENSE_ID(0);
	ASSERT_EQ(0, testguest_run(&self->guest, &self->prog, &self->irb));
	if (variant->format) {
		EXPECT_TRUE(is_program_check(&self->irb, ccw_prog_addr(&self->prog, 2)));
		return;
	}
	EXPECT_END(2);
}

FIXTURE(length) {
	struct testguest guest;
	struct ccw_prog prog;
	struct cio_irb irb;
};

FIXTURE_VARIANT(length) {
	int format;
	unsigned int ccws;
	int result;
};

/* F33a: the kernel's own driver stopped at 256 */
FIXTURE_VARIANT_ADD(length, format0_255) { .format = 0, .ccws = 255 };
FIXTURE_VARIANT_ADD(length, format0_256) { .format = 0, .ccws = 256 };
FIXTURE_VARIANT_ADD(length, format0_257) { .format = 0, .ccws = 257 };
FIXTURE_VARIANT_ADD(length, format0_4096) { .format = 0, .ccws = 4096 };
FIXTURE_VARIANT_ADD(length, format1_255) { .format = 1, .ccws = 255 };
FIXTURE_VARIANT_ADD(length, format1_256) { .format = 1, .ccws = 256 };
FIXTURE_VARIANT_ADD(length, format1_257) { .format = 1, .ccws = 257 };
FIXTURE_VARIANT_ADD(length, format1_4096) { .format = 1, .ccws = 4096 };
FIXTURE_VARIANT_ADD(length, format1_bound) { .format = 1, .ccws = MAX_CCWS };
FIXTURE_VARIANT_ADD(length, format1_over) {
	.format = 1, .ccws = MAX_CCWS + 1, .result = -E2BIG,
};

FIXTURE_SETUP(length)
{
	ASSERT_EQ(0, testguest_open(&self->guest));
	ASSERT_EQ(0, ccw_prog_init(&self->prog, &self->guest.mem, variant->ccws, variant->format,
				   CCW_DIRECT));
}

FIXTURE_TEARDOWN(length)
{
	testguest_close(&self->guest);
}

TEST_F_TIMEOUT(length, runs, 120)
{
	__u8 id[SENSE_ID_ROOM];
	struct cio_orb orb;
	unsigned int i;
	__u8 *data = testguest_alloc(&self->guest, 8, 8);

	/* The memory of a short one will not do for a long one. */
	EXPECT_LE(7, testguest_sense_id(&self->guest, id));
	for (i = 0; i < variant->ccws - 1; i++)
		NOP(CCW_CC);
	ASSERT_LE(0, ccw_prog_add(&self->prog, CCW_CMD_SENSE_ID, CCW_SLI,
				  testguest_iova(&self->guest, data), 7));
	ccw_prog_orb(&self->prog, &orb);
	ASSERT_EQ(variant->result, ccw_run(&self->guest.dev, &orb, &self->irb, 60000));
	if (variant->result) {
		EXPECT_TRUE(testguest_quiet(&self->guest));
		EXPECT_TRUE(untouched(data, 8));
		return;
	}
	EXPECT_TRUE(is_good_end(&self->irb));
	EXPECT_EQ(ccw_prog_addr(&self->prog, variant->ccws), cio_32(self->irb.scsw.cpa));
	EXPECT_EQ(0xff, data[0]);
}

/* A refused program leaves nothing behind */
TEST_F(length, and_then)
{
	__u8 id[SENSE_ID_ROOM];
	struct cio_orb orb;
	unsigned int i;

	if (!variant->result)
		return;
	for (i = 0; i < variant->ccws; i++)
		NOP(CCW_CC);
	ccw_prog_orb(&self->prog, &orb);
	EXPECT_EQ(variant->result, ccw_start(&self->guest.dev, &orb));
	EXPECT_LE(7, testguest_sense_id(&self->guest, id));
}

int main(int argc, char **argv)
{
	return subchannel_main(argc, argv, test_harness_run);
}
