// SPDX-License-Identifier: GPL-2.0
/* Modified IDAWs. */
#include "test.h"

#define FLAGS	(FORMAT1 | CPROG_ORB_MIDAW)
#define LAST	0x80
#define MSKIP	0x40

static void midaw(u32 addr, u8 flags, u16 count, u64 data)
{
	idaw2(addr, (u64)flags << 16 | count);
	idaw2(addr + 8, data);
}

static u64 host_word(u32 addr, u32 n)
{
	u32 list = be32_to_cpu(host_ccw(addr).cda) - HOST_IDAWS;

	return be64_to_cpu(guest.prog.idaw[list / HOST_IDAWS_STEP]
			   .word[list % HOST_IDAWS_STEP / 8 + n]);
}

static bool entry_refused(u32 addr, u32 k)
{
	return host_word(addr, 2 * k) == 0xffffffffff1f0000ULL &&
	       host_word(addr, 2 * k + 1) == CPROG_IDAW_REFUSED;
}

static u64 entry_data(u32 addr, u32 k)
{
	u64 mapped = 0;

	CHECK(cprog_guest_data(&guest.prog, host_word(addr, 2 * k + 1),
			       &mapped));
	return mapped;
}

TEST(midaws_are_translated_one_by_one)
{
	midaw(LIST, 0, 100, HIGH + 1);
	midaw(LIST + 16, 0x20, 7, DATA + PAGE - 7);
	midaw(LIST + 32, LAST, PAGE, DATA + 3 * PAGE);
	ccw1(PROGRAM, READ, MIDA | CC, 107 + PAGE, LIST);
	ccw1(PROGRAM + 8, READ, 0, 8, DATA);
	start(FLAGS, PROGRAM);
	CHECK_EQ(guest.prog.host_flags & CPROG_ORB_MIDAW, CPROG_ORB_MIDAW);
	CHECK_EQ(host_ccw(PROGRAM).flags, MIDA | CC);
	CHECK_EQ(host_ccw(PROGRAM + 8).flags, IDA);
	CHECK_EQ(be32_to_cpu(host_ccw(PROGRAM).cda) % 16, 0);
	CHECK_EQ(host_word(PROGRAM, 0), 100);
	CHECK_EQ(host_word(PROGRAM, 2), 0x200000 | 7);
	CHECK_EQ(host_word(PROGRAM, 4), 0x800000 | PAGE);
	CHECK_EQ(entry_data(PROGRAM, 0), HIGH + 1);
	CHECK_EQ(entry_data(PROGRAM, 1), DATA + PAGE - 7);
	CHECK(entry_refused(PROGRAM, 3));
	CHECK(host_page(HIGH, true));
	CHECK_EQ(RUN(ALL, 0, ALL)->end, MODEL_DONE);
}

TEST(S24_midaws_of_a_write_are_not_for_storing)
{
	midaw(LIST, LAST, 8, ROM);
	ccw1(PROGRAM, WRITE, MIDA | CC, 8, LIST);
	ccw1(PROGRAM + 8, READ, MIDA, 8, LIST);
	start(FLAGS, PROGRAM);
	CHECK(host_page(ROM, false));
	CHECK(!host_refuses(PROGRAM));
	CHECK(host_refuses(PROGRAM + 8));
	CHECK_EQ(RUN(ALL)->cpa, PROGRAM + 16);
}

TEST(skipping_midaws_transfer_nothing)
{
	midaw(LIST, MSKIP, 0x4000, NOWHERE);
	midaw(LIST + 16, LAST, 8, DATA);
	ccw1(PROGRAM, READ, MIDA, 0x4008, LIST);
	start(FLAGS, PROGRAM);
	CHECK_EQ(host_word(PROGRAM, 1), HOST_SINK);
	CHECK_EQ(guest.prog.used[CPROG_PAGE], 1);
	CHECK_EQ(RUN(ALL)->end, MODEL_DONE);

	/* The flag is of no use for a write: then it is storage like any. */
	ccw1(PROGRAM, WRITE, MIDA, 0x4008, LIST);
	start(FLAGS, PROGRAM);
	CHECK(host_refuses(PROGRAM));
	midaw(LIST, MSKIP | LAST, 8, DATA + PAGE - 4);
	ccw1(PROGRAM, WRITE, MIDA, 8, LIST);
	start(FLAGS, PROGRAM);
	CHECK(host_refuses(PROGRAM));
	midaw(LIST, MSKIP | LAST, 8, DATA + 8);
	ccw1(PROGRAM, WRITE, MIDA, 8, LIST);
	start(FLAGS, PROGRAM);
	CHECK_EQ(entry_data(PROGRAM, 0), DATA + 8);
}

TEST(bad_midaw_is_refused_when_the_transfer_gets_there)
{
	for (u32 bad = 0; bad < 12; bad++) {
		for (u32 at = 0; at < 2; at++) {
			u32 addr = LIST + 16 * at;

			midaw(LIST, 0, 8, DATA);
			midaw(LIST + 16, LAST, 8, DATA + 8);
			if (bad < 5)	/* reserved bits */
				guest_store(&guest, addr + bad, "\1", 1);
			else if (bad < 10)
				midaw(addr, at << 7 | 1 << (bad - 5), 8, DATA);
			else if (bad == 10)
				midaw(addr, at << 7, 0, DATA);
			else
				midaw(addr, at << 7, 8, DATA + PAGE - 7);
			ccw1(PROGRAM, READ, MIDA, 16, LIST);
			start(FLAGS, PROGRAM);
			CHECK_EQ(host_refuses(PROGRAM), !at);
			if (at)
				CHECK(entry_refused(PROGRAM, 1));
			CHECK_EQ(RUN(ALL)->end, MODEL_PROGRAM_CHECK);
			CHECK_EQ(RUN(ALL)->events, 2 * at);
		}
	}
}

TEST(midaw_without_storage_is_refused_when_the_transfer_gets_there)
{
	midaw(LIST, 0, 8, DATA);
	midaw(LIST + 16, 0, 8, NOWHERE);
	midaw(LIST + 32, LAST, 8, DATA);
	ccw1(PROGRAM, READ, MIDA, 24, LIST);
	start(FLAGS, PROGRAM);
	CHECK(entry_refused(PROGRAM, 1));
	CHECK(entry_refused(PROGRAM, 2));
	CHECK_EQ(RUN(ALL)->events, 2);
}

TEST(lengths_are_the_channels_to_judge)
{
	midaw(LIST, 0, 9, DATA);
	ccw1(PROGRAM, READ, MIDA, 8, LIST);
	start(FLAGS, PROGRAM);
	CHECK_EQ(RUN(ALL)->end, MODEL_PROGRAM_CHECK);
	midaw(LIST, 0, 8, DATA);
	start(FLAGS, PROGRAM);
	CHECK_EQ(RUN(ALL)->end, MODEL_PROGRAM_CHECK);
	midaw(LIST, LAST, 7, DATA);
	start(FLAGS, PROGRAM);
	CHECK_EQ(RUN(ALL)->end, MODEL_PROGRAM_CHECK);
	CHECK(entry_refused(PROGRAM, 1));
}

TEST(bad_lists_of_midaws)
{
	midaw(LIST + 8, LAST, 8, DATA);
	ccw1(PROGRAM, READ, MIDA, 8, LIST + 8);
	start(FLAGS, PROGRAM);
	CHECK(host_refuses(PROGRAM));
	ccw1(PROGRAM, READ, MIDA, 8, NOWHERE);
	start(FLAGS, PROGRAM);
	CHECK(host_refuses(PROGRAM));

	/* It must not go on in the next page. */
	midaw(LIST + PAGE - 16, 0, 8, DATA);
	midaw(LIST + PAGE, LAST, 8, DATA + 8);
	ccw1(PROGRAM, READ, MIDA, 16, LIST + PAGE - 16);
	start(FLAGS, PROGRAM);
	CHECK(entry_refused(PROGRAM, 1));
	CHECK_EQ(RUN(ALL)->events, 2);
}

TEST(midaws_do_not_mix)
{
	static const u8 with[] = { IDA, SKIP, IDA | SKIP };

	midaw(LIST, LAST, 8, DATA);
	for (u32 i = 0; i < 3; i++) {
		ccw1(PROGRAM, READ, MIDA | with[i], 8, LIST);
		start(FLAGS, PROGRAM);
		CHECK(host_refuses(PROGRAM));
	}
	ccw1(PROGRAM, READ_BACKWARD, MIDA, 8, LIST);
	start(FLAGS, PROGRAM);
	CHECK(host_refuses(PROGRAM));
	ccw1(PROGRAM, NOP, MIDA | CC, 8, NOWHERE);
	ccw1(PROGRAM + 8, READ, MIDA, 0, NOWHERE);
	start(FLAGS, PROGRAM);
	CHECK_EQ(host_ccw(PROGRAM).flags, IDA | CC);
	CHECK_EQ(host_ccw(PROGRAM + 8).flags, IDA);
	CHECK_EQ(RUN(ALL)->end, MODEL_DONE);
}

TEST(full_lists_do_not_cross_pages)
{
	for (u32 k = 0; k < 256; k++)
		midaw(LIST + 16 * k, k == 255 ? LAST : 0, 2, DATA + 2 * k);
	for (u32 i = 0; i < 4; i++)
		ccw1(PROGRAM + 8 * i, i & 1 ? READ : WRITE,
		     (i < 3 ? CC : 0) | (i == 2 ? 0 : MIDA),
		     i == 2 ? 8 : 512, i == 2 ? DATA : LIST);
	start(FLAGS, PROGRAM);
	for (u32 i = 0; i < 4; i++) {
		u32 list = be32_to_cpu(host_ccw(PROGRAM + 8 * i).cda);

		if (i == 2)
			continue;
		CHECK_EQ((list - HOST_IDAWS) % HOST_IDAWS_STEP, 0);
		CHECK_EQ(entry_data(PROGRAM + 8 * i, 255), DATA + 510);
	}
	CHECK_EQ(RUN(ALL, 0, ALL, 0, ALL, 0, ALL)->end, MODEL_DONE);
}

TEST(S18_as_many_midaws_as_documented)
{
	for (u32 k = 0; k < 256; k++)
		midaw(LIST + 16 * k, k == 255 ? LAST : 0, 2, DATA + 2 * k);
	for (u32 i = 0; i < 258; i++)
		ccw1(PROGRAM + 8 * i, READ, MIDA | CC, 512, LIST);
	ccw1(PROGRAM + 8 * 255, READ, MIDA, 512, LIST);
	/* What comes behind are guesses. */
	start_odd(FLAGS, PROGRAM);
	ccw1(PROGRAM + 8 * 255, READ, MIDA | CC, 512, LIST);
	CHECK_EQ(guest_translate(&guest, FLAGS, PROGRAM), -E2BIG);
}

TEST(read_over_midaws_breaks)
{
	midaw(LIST, LAST, 8, DATA);
	ccw1(PROGRAM, READ, CC, 4, LIST);
	ccw1(PROGRAM + 8, READ, MIDA | CC, 8, LIST);
	ccw1(PROGRAM + 16, NOP, 0, 1, 0);
	start(FLAGS & ~CPROG_ORB_PREFETCH, PROGRAM);
	CHECK_EQ(guest.prog.breaks, 2);
	midaw(LIST, LAST, 8, PROGRAM + 16);
	ccw1(PROGRAM, NOP, CC, 4, 0);
	start(FLAGS & ~CPROG_ORB_PREFETCH, PROGRAM);
	CHECK_EQ(guest.prog.breaks, 2);
}

TEST(failing_reads_and_allocations_with_midaws)
{
	const u32 lines = 256 * 16 / CPROG_LINE_SIZE;

	for (u32 n = 1; n < lines + 4; n++) {
		int ret;

		for (u32 k = 0; k < 256; k++)
			midaw(LIST + 16 * k, k == 255 ? LAST : 0, 2,
			      k ? DATA + k % 16 * PAGE : HIGH);
		ccw1(PROGRAM, WRITE, 0, 60000, DATA);
		ccw1(PROGRAM, READ, MIDA, 512, LIST);
		guest.reads = 0;
		guest.fail_read = n;
		ret = guest_translate(&guest, FLAGS, PROGRAM);
		CHECK_EQ(ret, n <= 1 + lines ? -EIO : 0);
		guest.fail_read = 0;
		for (u32 m = 1; ; m++) {
			guest_free(&guest);
			guest.grows = 0;
			guest.fail_grow = m;
			ret = guest_translate(&guest, FLAGS, PROGRAM);
			guest.fail_grow = 0;
			if (!ret)
				break;
			CHECK_EQ(ret, -ENOMEM);
		}
	}
}
