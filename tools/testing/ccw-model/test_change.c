// SPDX-License-Identifier: GPL-2.0
/*
 * Programs that change themselves. What devices store changes a bit here and
 * there, so the host's program is only the same if it sees that.
 */
#include "test.h"

#define CHANGING	(FORMAT1 & ~CPROG_ORB_PREFETCH)

static bool breaks_at(u32 addr)
{
	u32 slot;

	return cprog_find(&guest.prog, addr, &slot) &&
	       guest.prog.host[slot].flags & SUSPEND;
}

TEST(read_over_the_next_ccw_breaks_behind)
{
	ccw1(PROGRAM, READ, CC, 8, PROGRAM + 8);
	ccw1(PROGRAM + 8, READ, CC, 8, DATA);
	ccw1(PROGRAM + 16, READ, 0, 8, DATA);
	start(CHANGING, PROGRAM);
	CHECK_EQ(guest.prog.breaks, 2);
	CHECK(breaks_at(PROGRAM + 8));
	CHECK(breaks_at(PROGRAM + 16));	/* should the device skip one */
	CHECK_EQ(guest.prog.host_flags & CPROG_ORB_SUSPEND, CPROG_ORB_SUSPEND);

	/* Nobody promised anything. */
	start(FORMAT1, PROGRAM);
	CHECK_EQ(guest.prog.breaks, 0);
	CHECK_EQ(guest.prog.host_flags & CPROG_ORB_SUSPEND, 0);
}

TEST(what_is_not_changed_does_not_break)
{
	ccw1(PROGRAM, READ, CC, 8, PROGRAM - 8);
	ccw1(PROGRAM + 8, READ, CC, 8, PROGRAM + 0x100);
	ccw1(PROGRAM + 16, WRITE, 0, 24, PROGRAM);
	start(CHANGING, PROGRAM);
	CHECK_EQ(guest.prog.breaks, 0);
}

TEST(first_and_last_byte_of_a_ccw_count)
{
	for (u32 i = 0; i < 4; i++) {
		static const u16 counts[] = { 8, 9, 8, 8 };
		static const u32 data[] = { 0xf8, 0xf8, 0x107, 0x118 };

		ccw1(PROGRAM, READ, CC, counts[i], PROGRAM + data[i]);
		ccw1(PROGRAM + 8, TIC, 0, 0, PROGRAM + 0x100);
		ccw1(PROGRAM + 0x100, NOP, CC, 1, 0);
		ccw1(PROGRAM + 0x108, NOP, 0, 1, 0);
		start(CHANGING, PROGRAM);
		CHECK_EQ(guest.prog.breaks, i == 1 || i == 2 ? 2 : 0);

		/* Backward the same. */
		ccw1(PROGRAM, READ_BACKWARD, CC, counts[i],
		     PROGRAM + data[i] + counts[i] - 1);
		start(CHANGING, PROGRAM);
		CHECK_EQ(guest.prog.breaks, i == 1 || i == 2 ? 2 : 0);
	}
}

TEST(read_over_a_list_breaks_even_if_that_was_bad)
{
	ccw1(PROGRAM, READ, CC, 4, LIST);
	ccw1(PROGRAM + 8, READ, IDA, 8, LIST);
	idaw1(LIST, DATA);
	start(CHANGING, PROGRAM);
	CHECK(breaks_at(PROGRAM + 8));
	idaw1(LIST, DATA | 0x80000000);
	start(CHANGING, PROGRAM);
	CHECK(breaks_at(PROGRAM + 8));

	/* Words that lie on the next page. */
	ccw1(PROGRAM, READ, CC, 4, LIST + PAGE);
	ccw1(PROGRAM + 8, READ, IDA, 4096, LIST + PAGE - 4);
	idaw1(LIST + PAGE - 4, DATA);
	idaw1(LIST + PAGE, DATA + PAGE);
	start(CHANGING, PROGRAM);
	CHECK(breaks_at(PROGRAM + 8));
}

TEST(data_chaining_over_itself_is_refused)
{
	/* Over the CCW that goes on, over its list, over a TIC, over all. */
	static const u32 data[] = {
		PROGRAM + 8, LIST, PROGRAM + 16, PROGRAM + 24, PROGRAM + 0x200,
	};

	for (u32 i = 0; i < 5; i++) {
		idaw1(LIST, DATA);
		ccw1(PROGRAM, READ, CD, 4, data[i]);
		ccw1(PROGRAM + 8, READ, CD | IDA, 4, LIST);
		ccw1(PROGRAM + 16, TIC, 0, 0, PROGRAM + 24);
		ccw1(PROGRAM + 24, READ, 0, 4, DATA);
		start_odd(CHANGING, PROGRAM);
		CHECK(!host_refuses(PROGRAM));
		CHECK_EQ(host_refuses(PROGRAM + 8), i < 2);
		if (i >= 2)
			CHECK_EQ(host_refuses(PROGRAM + 16), i == 2);
		if (i >= 3)
			CHECK_EQ(host_refuses(PROGRAM + 24), i == 3);
	}

	/* Over its own list, which the channel reads as it goes. */
	ccw1(PROGRAM, READ, IDA, 4096, LIST);
	idaw1(LIST, LIST);
	idaw1(LIST + 4, DATA);
	start_odd(CHANGING, PROGRAM);
	CHECK(host_refuses(PROGRAM));
}

TEST(data_chaining_breaks_behind_its_end)
{
	ccw1(PROGRAM, READ, CD, 8, PROGRAM + 24);
	ccw1(PROGRAM + 8, READ, CD, 8, DATA);
	ccw1(PROGRAM + 16, READ, CC, 8, DATA);
	ccw1(PROGRAM + 24, READ, 0, 8, DATA);
	start(CHANGING, PROGRAM);
	CHECK(!breaks_at(PROGRAM + 8));
	CHECK(!breaks_at(PROGRAM + 16));
	CHECK(breaks_at(PROGRAM + 24));
}

TEST(long_data_chain_that_changes_the_program_is_refused)
{
	for (u32 i = 0; i < 50; i++)
		ccw1(PROGRAM + 8 * i, READ, CD, 8, i ? DATA : PROGRAM + 400);
	ccw1(PROGRAM + 400, READ, 0, 8, DATA);
	start_odd(CHANGING, PROGRAM);
	CHECK(!host_refuses(PROGRAM + 8 * 32));
	CHECK(host_refuses(PROGRAM + 8 * 33));
}

TEST(loop_that_changes_itself_goes_round)
{
	/* Back to where it broke, which is where the next part begins. */
	ccw1(PROGRAM, READ, CC, 1, PROGRAM + 0x203);
	ccw1(PROGRAM + 8, SEARCH, CC, 5, DATA);
	ccw1(PROGRAM + 16, TIC, 0, 0, PROGRAM);
	ccw1(PROGRAM + 24, TIC, 0, 0, PROGRAM + 0x200);
	ccw1(PROGRAM + 0x200, READ, 0, 8, DATA);
	start(CHANGING, PROGRAM);
	CHECK_EQ(RUN(ALL, 0, ALL, 0, ALL, 0, ALL, END_SKIP, ALL)->cpa,
		 PROGRAM + 0x208);
	CHECK_EQ(last_host_breaks(), 3);

	ccw1(PROGRAM, READ, CC, 1, PROGRAM + 16 + 7);
	ccw1(PROGRAM + 8, TIC, 0, 0, PROGRAM);
	start(CHANGING, PROGRAM);
	CHECK_EQ(RUN(ALL)->end, MODEL_ENDLESS);
	CHECK(last_host_breaks() > 100);
}

TEST(break_and_suspension_at_one_place)
{
	ccw1(PROGRAM, READ, CC, 8, PROGRAM + 8);
	ccw1(PROGRAM + 8, NOP, SUSPEND | CC, 1, 0);
	ccw1(PROGRAM + 16, TIC, 0, 0, PROGRAM);
	start(CHANGING | SUSPENDABLE, PROGRAM);
	CHECK_EQ(RUN(ALL)->end, MODEL_SUSPENDED);
}

TEST(break_where_addresses_end)
{
	guest_add(&guest, 0x7ffff000, true);
	ccw1(0x7ffffff0, READ, CC, 1, 0x7ffffff8);
	ccw1(0x7ffffff8, NOP, CC, 1, 0);
	start(CHANGING, 0x7ffffff0);
	CHECK_EQ(RUN(ALL, END_SKIP)->cpa, 8);
}

TEST(bad_data_behind_a_break_is_looked_at_again)
{
	/* The break stands, though what it hides would be refused. */
	ccw1(PROGRAM, READ, CC, 8, PROGRAM + 8);
	ccw1(PROGRAM + 8, WRITE, 0, 8, NOWHERE);
	start(CHANGING, PROGRAM);
	CHECK(breaks_at(PROGRAM + 8));
}

TEST(guess_that_would_change_the_program_is_refused)
{
	ccw1(PROGRAM, READ, CC, 8, DATA);
	ccw1(PROGRAM + 8, READ, 0, 8, DATA);
	ccw1(PROGRAM + 16, READ, CC, 8, PROGRAM + 8);
	start_odd(CHANGING, PROGRAM);
	CHECK(host_refuses(PROGRAM + 16));
	CHECK_EQ(guest.prog.breaks, 0);
}
