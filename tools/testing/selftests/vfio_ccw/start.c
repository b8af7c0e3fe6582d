// SPDX-License-Identifier: GPL-2.0
/*
 * START: every CCW format with every kind of data addressing, on commands that
 * all devices have
 */
#include <errno.h>
#include <string.h>

#include "kselftest_harness.h"

#include "testguest.h"

FIXTURE(start) {
	struct testguest guest;
	struct ccw_prog prog;
	struct cio_irb irb;
	__u8 id[SENSE_ID_ROOM];	/* as a plain program reads it */
	int id_size;
};

FIXTURE_VARIANT(start) {
	int format;
	enum ccw_addressing how;
};

FIXTURE_VARIANT_ADD(start, format0_direct) { .format = 0, .how = CCW_DIRECT };
FIXTURE_VARIANT_ADD(start, format0_idal1) { .format = 0, .how = CCW_IDAL1 };
FIXTURE_VARIANT_ADD(start, format0_idal2_2k) { .format = 0, .how = CCW_IDAL2_2K };
FIXTURE_VARIANT_ADD(start, format0_idal2_4k) { .format = 0, .how = CCW_IDAL2_4K };
FIXTURE_VARIANT_ADD(start, format1_direct) { .format = 1, .how = CCW_DIRECT };
FIXTURE_VARIANT_ADD(start, format1_idal1) { .format = 1, .how = CCW_IDAL1 };
FIXTURE_VARIANT_ADD(start, format1_idal2_2k) { .format = 1, .how = CCW_IDAL2_2K };
FIXTURE_VARIANT_ADD(start, format1_idal2_4k) { .format = 1, .how = CCW_IDAL2_4K };

FIXTURE_SETUP(start)
{
	ASSERT_EQ(0, testguest_open(&self->guest));
	self->id_size = testguest_sense_id(&self->guest, self->id);
	ASSERT_LE(7, self->id_size);
	ASSERT_EQ(0xff, self->id[0]);
	ASSERT_EQ(0, ccw_prog_init(&self->prog, &self->guest.mem, 16, variant->format,
				   variant->how));
}

FIXTURE_TEARDOWN(start)
{
	testguest_close(&self->guest);
}

#define ADD(cmd, flags, p, count) \
	ASSERT_LE(0, ccw_prog_add(&self->prog, cmd, flags, testguest_iova(&self->guest, p), count))

/* The CCW address is that of the last CCW, in the guest, + 8. */
#define EXPECT_END(slot) do { \
	EXPECT_TRUE(is_good_end(&self->irb)); \
	EXPECT_EQ(ccw_prog_addr(&self->prog, (slot) + 1), cio_32(self->irb.scsw.cpa)); \
} while (0)

TEST_F(start, sense_id)
{
	__u8 *data = testguest_alloc(&self->guest, 2 * SENSE_ID_ROOM, 8);

	ADD(CCW_CMD_SENSE_ID, CCW_SLI, data, SENSE_ID_ROOM);
	ASSERT_EQ(0, testguest_run(&self->guest, &self->prog, &self->irb));
	EXPECT_END(0);
	EXPECT_EQ(SENSE_ID_ROOM - self->id_size, cio_16(self->irb.scsw.count));
	EXPECT_EQ(0, memcmp(self->id, data, self->id_size));
	EXPECT_TRUE(untouched(data + self->id_size, 2 * SENSE_ID_ROOM - self->id_size));
}

/* The response shows the start as the architecture does */
TEST_F(start, response)
{
	__u8 *data = testguest_alloc(&self->guest, SENSE_ID_ROOM, 8);
	const __u32 status = SCSW_PRIMARY | SCSW_SECONDARY | SCSW_PENDING;
	__u32 word0;

	ADD(CCW_CMD_SENSE_ID, CCW_SLI, data, SENSE_ID_ROOM);
	ASSERT_EQ(0, testguest_run(&self->guest, &self->prog, &self->irb));
	word0 = cio_32(self->irb.scsw.word0);
	EXPECT_EQ(status, word0 & status);
	EXPECT_EQ(SCSW_FC_START, word0 & (SCSW_FC_START | SCSW_FC_HALT | SCSW_FC_CLEAR));
	EXPECT_EQ(0, word0 & (SCSW_CC | SCSW_PNO | SCSW_ALERT));
}

TEST_F(start, nop)
{
	__u8 *data = testguest_alloc(&self->guest, 16, 8);

	ADD(CCW_CMD_NOP, CCW_SLI, data, 16);
	ASSERT_EQ(0, testguest_run(&self->guest, &self->prog, &self->irb));
	EXPECT_END(0);
	EXPECT_TRUE(untouched(data, 16));
}

TEST_F(start, command_chain)
{
	__u8 *a = testguest_alloc(&self->guest, SENSE_ID_ROOM, 8);
	__u8 *b = testguest_alloc(&self->guest, SENSE_ID_ROOM, 4096);

	ADD(CCW_CMD_NOP, CCW_CC | CCW_SLI, a, 1);
	ADD(CCW_CMD_SENSE_ID, CCW_CC | CCW_SLI, a, SENSE_ID_ROOM);
	ADD(CCW_CMD_NOP, CCW_CC | CCW_SLI, a, 1);
	ADD(CCW_CMD_SENSE_ID, CCW_SLI, b, 7);
	ASSERT_EQ(0, testguest_run(&self->guest, &self->prog, &self->irb));
	EXPECT_END(3);
	EXPECT_EQ(0, memcmp(self->id, a, self->id_size));
	EXPECT_EQ(0, memcmp(self->id, b, 7));
	EXPECT_TRUE(untouched(b + 7, SENSE_ID_ROOM - 7));
}

/* Any byte may be the first, as long as the transfer stays in its block */
TEST_F(start, odd_addresses)
{
	static const unsigned int offset[] = { 0, 1, 7, 2047 - 7, 2048, 2049, 4095 - 7 };
	__u8 *data = testguest_alloc(&self->guest, 8192, 4096);
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(offset); i++) {
		memset(data, PATTERN, 8192);
		ASSERT_EQ(0, ccw_prog_init(&self->prog, &self->guest.mem, 1, variant->format,
					   variant->how));
		ADD(CCW_CMD_SENSE_ID, CCW_SLI, data + offset[i], 7);
		ASSERT_EQ(0, testguest_run(&self->guest, &self->prog, &self->irb));
		EXPECT_END(0);
		EXPECT_TRUE(untouched(data, offset[i]));
		EXPECT_EQ(0, memcmp(self->id, data + offset[i], 7));
		EXPECT_TRUE(untouched(data + offset[i] + 7, 8192 - offset[i] - 7));
	}
}

/*
 * The longest transfer asked for, over many blocks. The device sends less, so
 * all bytes lie in the first block.
 */
TEST_F(start, longest_count)
{
	__u8 *data = testguest_alloc(&self->guest, 0x12000, 4096);

	ADD(CCW_CMD_SENSE_ID, CCW_SLI, data + 1, 65535);
	ASSERT_EQ(0, testguest_run(&self->guest, &self->prog, &self->irb));
	EXPECT_END(0);
	EXPECT_EQ(65535 - self->id_size, cio_16(self->irb.scsw.count));
	EXPECT_EQ(0, memcmp(self->id, data + 1, self->id_size));
	EXPECT_TRUE(untouched(data + 1 + self->id_size, 0x12000 - 1 - self->id_size));
}

TEST_F(start, skip)
{
	__u8 *data = testguest_alloc(&self->guest, SENSE_ID_ROOM, 8);
	__u8 *after = testguest_alloc(&self->guest, SENSE_ID_ROOM, 8);

	ADD(CCW_CMD_SENSE_ID, CCW_SKIP | CCW_SLI | CCW_CC, data, SENSE_ID_ROOM);
	ADD(CCW_CMD_SENSE_ID, CCW_SLI, after, 7);
	ASSERT_EQ(0, testguest_run(&self->guest, &self->prog, &self->irb));
	EXPECT_END(1);
	EXPECT_TRUE(untouched(data, SENSE_ID_ROOM));
	EXPECT_EQ(0, memcmp(self->id, after, 7));
}

/* S16: nothing is stored, so the address does not matter */
TEST_F(start, skip_to_nowhere)
{
	ASSERT_LE(0, ccw_prog_raw(&self->prog, CCW_CMD_SENSE_ID, CCW_SKIP | CCW_SLI |
				  (variant->how == CCW_DIRECT ? 0 : CCW_IDA), GUEST_HOLE, 16));
	EXPECT_EQ(0, testguest_run(&self->guest, &self->prog, &self->irb));
	/* What the channel makes of it is its own affair; a start it must be. */
	EXPECT_TRUE(cio_32(self->irb.scsw.word0) & SCSW_FC_START);
}

/* F4, S16: format 1 has commands without data; format 0 has no such count */
TEST_F(start, zero_count)
{
	__u8 *data = testguest_alloc(&self->guest, 16, 8);

	ADD(CCW_CMD_NOP, CCW_SLI | CCW_CC, data, 1);
	ADD(CCW_CMD_NOP, CCW_SLI, data, 0);
	ASSERT_EQ(0, testguest_run(&self->guest, &self->prog, &self->irb));
	EXPECT_TRUE(untouched(data, 16));
	if (!variant->format) {
		EXPECT_TRUE(is_program_check(&self->irb, ccw_prog_addr(&self->prog, 2)));
		return;
	}
	EXPECT_END(1);
}

/* Too long a count is told with SLI off, and passed over with SLI on */
TEST_F(start, incorrect_length)
{
	__u8 *data = testguest_alloc(&self->guest, 2 * SENSE_ID_ROOM, 8);

	ADD(CCW_CMD_SENSE_ID, 0, data, self->id_size + 1);
	ASSERT_EQ(0, testguest_run(&self->guest, &self->prog, &self->irb));
	EXPECT_EQ(ccw_prog_addr(&self->prog, 1), cio_32(self->irb.scsw.cpa));
	/* QEMU's channel gives a program check for it. */
	EXPECT_EQ(subchannel_is("dasd") ? SCH_INCORRECT_LENGTH : SCH_PROGRAM_CHECK,
		  self->irb.scsw.cstat);

	/* All bytes that there are, and not one more */
	ASSERT_EQ(0, ccw_prog_init(&self->prog, &self->guest.mem, 1, variant->format,
				   variant->how));
	ADD(CCW_CMD_SENSE_ID, 0, data, self->id_size);
	ASSERT_EQ(0, testguest_run(&self->guest, &self->prog, &self->irb));
	EXPECT_END(0);
	EXPECT_EQ(0, cio_16(self->irb.scsw.count));
}

/* F6: a command that the device does not know is the device's to refuse */
TEST_F(start, unknown_command)
{
	__u8 *data = testguest_alloc(&self->guest, 16, 8);

	ADD(CCW_CMD_NOP, CCW_SLI | CCW_CC, data, 1);
	ADD(0xf7, CCW_SLI | CCW_CC, data, 1);
	ADD(CCW_CMD_NOP, CCW_SLI, data, 1);
	ASSERT_EQ(0, testguest_run(&self->guest, &self->prog, &self->irb));
	EXPECT_TRUE(self->irb.scsw.dstat & DEV_UNIT_CHECK);
	EXPECT_EQ(0, self->irb.scsw.cstat);
	EXPECT_EQ(ccw_prog_addr(&self->prog, 2), cio_32(self->irb.scsw.cpa));
}

/* F6: low bits 0000 are no command at all; the channel says so */
TEST_F(start, invalid_command)
{
	__u8 *data = testguest_alloc(&self->guest, 16, 8);

	ADD(CCW_CMD_NOP, CCW_SLI | CCW_CC, data, 1);
	ADD(0xf0, CCW_SLI, data, 1);
	ASSERT_EQ(0, testguest_run(&self->guest, &self->prog, &self->irb));
	EXPECT_TRUE(is_program_check(&self->irb, ccw_prog_addr(&self->prog, 2)));
}

TEST_F(start, without_prefetch)
{
	__u8 *data = testguest_alloc(&self->guest, SENSE_ID_ROOM, 8);

	self->prog.ctrl = 0;
	ADD(CCW_CMD_NOP, CCW_CC | CCW_SLI, data, 1);
	ADD(CCW_CMD_SENSE_ID, CCW_SLI, data, 7);
	ASSERT_EQ(0, testguest_run(&self->guest, &self->prog, &self->irb));
	EXPECT_END(1);
	EXPECT_EQ(0, memcmp(self->id, data, 7));
}

/* F28: NOP accesses no storage, so any key will do */
TEST_F(start, storage_key)
{
	__u8 *data = testguest_alloc(&self->guest, 16, 8);

	ADD(CCW_CMD_NOP, CCW_SLI, data, 1);
	self->prog.ctrl |= 5u << ORB_KEY_SHIFT;
	ASSERT_EQ(0, testguest_run(&self->guest, &self->prog, &self->irb));
	EXPECT_END(0);
	/* QEMU's channel does not show the key in the response. */
	EXPECT_EQ(subchannel_is("dasd") ? 5u << ORB_KEY_SHIFT : 0,
		  cio_32(self->irb.scsw.word0) & SCSW_KEY);
}

/* S5: with X the channel reads 20 bytes more, which have to be zero, not ours */
TEST_F(start, orb_extension)
{
	__u8 *data = testguest_alloc(&self->guest, 16, 8);

	self->prog.ctrl |= ORB_EXTENSION;
	ADD(CCW_CMD_SENSE_ID, CCW_SLI, data, 7);
	ASSERT_EQ(0, testguest_run(&self->guest, &self->prog, &self->irb));
	EXPECT_END(0);
	EXPECT_EQ(0, memcmp(self->id, data, 7));
}

/* F3: the next start, right from the signal */
TEST_F(start, from_the_signal)
{
	__u8 *data = testguest_alloc(&self->guest, SENSE_ID_ROOM, 8);
	struct cio_orb orb;
	int i;

	ADD(CCW_CMD_SENSE_ID, CCW_SLI, data, 7);
	ccw_prog_orb(&self->prog, &orb);
	for (i = 0; i < 200; i++) {
		ASSERT_EQ(0, ccw_start(&self->guest.dev, &orb));
		do {
			ASSERT_EQ(0, ccw_dev_wait(&self->guest.dev, VFIO_CCW_IO_IRQ_INDEX,
						  WAIT_MS));
			ASSERT_EQ(0, ccw_response(&self->guest.dev, &self->irb));
		} while (!ccw_irb_final(&self->irb));
	}
	EXPECT_EQ(0, memcmp(self->id, data, 7));
}

int main(int argc, char **argv)
{
	return subchannel_main(argc, argv, test_harness_run);
}
