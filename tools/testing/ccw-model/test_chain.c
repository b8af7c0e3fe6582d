// SPDX-License-Identifier: GPL-2.0
/* How a program goes on: chaining, transfer in channel, status modifier. */
#include "test.h"

/* What a page of the program is pinned for, given that it is there once. */
static bool stored_into(u64 addr)
{
	CHECK(!host_page(addr, true) != !host_page(addr, false));
	return host_page(addr, true);
}

static bool host_needs(u64 addr, bool write)
{
	const struct cprog_page *page = host_page(addr, write);

	CHECK(page);
	return page && page->what & CPROG_PAGE_NEEDED;
}

TEST(command_chaining_goes_to_the_next_place)
{
	for (u32 i = 0; i < 10; i++)
		ccw1(PROGRAM + 8 * i, i & 1 ? WRITE : READ, i < 9 ? CC : 0, 8,
		     DATA + i * PAGE);
	start(FORMAT1, PROGRAM);
	for (u32 i = 0; i < 10; i++) {
		CHECK_EQ(host_slot(PROGRAM + 8 * i), i);
		CHECK_EQ(stored_into(DATA + i * PAGE), !(i & 1));
	}
	CHECK_EQ(guest.prog.host_cpa, guest.prog.host_addr);
}

TEST(data_chaining_goes_on_with_the_first_command)
{
	static const struct { u8 cmd; bool stores; } first[] = {
		{ WRITE, false }, { CONTROL, false }, { READ, true },
		{ SENSE, true }, { READ_BACKWARD, true },
	};

	for (u32 i = 0; i < sizeof(first) / sizeof(*first); i++) {
		bool stores = first[i].stores;

		ccw1(PROGRAM, first[i].cmd, CD, 8, DATA + 8);
		ccw1(PROGRAM + 8, stores ? WRITE : READ, CD, 8,
		     DATA + PAGE + 8);
		ccw1(PROGRAM + 16, 0, 0, 8, DATA + 2 * PAGE + 8);
		start(FORMAT1, PROGRAM);
		CHECK_EQ(stored_into(DATA), stores);
		CHECK_EQ(stored_into(DATA + PAGE), stores);
		CHECK_EQ(stored_into(DATA + 2 * PAGE), stores);
		CHECK_EQ(RUN(ALL, ALL, ALL)->end, MODEL_DONE);
	}
}

TEST(ccw_that_is_no_command_gets_no_command_code)
{
	ccw1(PROGRAM, WRITE, CD, 8, DATA);
	ccw1(PROGRAM + 8, READ, 0, 8, DATA + 8);
	start(FORMAT1, PROGRAM);
	CHECK_EQ(host_ccw(PROGRAM).cmd, WRITE);
	CHECK_EQ(host_ccw(PROGRAM + 8).cmd, 0);
}

TEST(command_chaining_ends_data_chaining)
{
	ccw1(PROGRAM, WRITE, CD, 8, DATA);
	ccw1(PROGRAM + 8, 0, CC, 8, DATA + PAGE);
	ccw1(PROGRAM + 16, READ, CC | CD, 8, DATA + 2 * PAGE);
	ccw1(PROGRAM + 24, WRITE, 0, 8, DATA + 3 * PAGE);
	start(FORMAT1, PROGRAM);
	CHECK(!stored_into(DATA + PAGE));
	CHECK_EQ(host_ccw(PROGRAM + 16).cmd, READ);
	CHECK(stored_into(DATA + 2 * PAGE));
	CHECK(stored_into(DATA + 3 * PAGE));
}

TEST(tic_passes_data_chaining_on)
{
	ccw1(PROGRAM, READ, CD, 8, DATA);
	ccw1(PROGRAM + 8, TIC, 0, 0, PROGRAM + 0x100);
	ccw1(PROGRAM + 0x100, WRITE, 0, 8, DATA + PAGE);
	start(FORMAT1, PROGRAM);
	CHECK_EQ(host_ccw(PROGRAM + 8).cmd, TIC);
	CHECK(stored_into(DATA + PAGE));
	CHECK_EQ(RUN(ALL, ALL)->end, MODEL_DONE);
}

TEST(one_ccw_can_both_be_a_command_and_go_on_with_another)
{
	/* The second CCW writes for the first one, reads after the TIC. */
	ccw1(PROGRAM, WRITE, CD, 8, DATA);
	ccw1(PROGRAM + 8, READ, CC, 8, DATA + PAGE);
	ccw1(PROGRAM + 16, TIC, 0, 0, PROGRAM + 8);
	start(FORMAT1, PROGRAM);
	CHECK_EQ(host_ccw(PROGRAM + 8).cmd, READ);
	CHECK(stored_into(DATA + PAGE));
	CHECK(!stored_into(DATA));
}

TEST(ways_found_late_are_followed_along_data_chaining)
{
	/* PROGRAM + 0x10 and the CCW behind write first, then read too. */
	ccw1(PROGRAM, WRITE, CD, 8, DATA);
	ccw1(PROGRAM + 8, TIC, 0, 0, PROGRAM + 0x40);
	ccw1(PROGRAM + 0x40, 0, CD, 8, DATA + PAGE);
	ccw1(PROGRAM + 0x48, 0, CC, 8, DATA + 2 * PAGE);
	ccw1(PROGRAM + 0x50, READ, CD, 8, DATA + 3 * PAGE);
	ccw1(PROGRAM + 0x58, TIC, 0, 0, PROGRAM + 0x40);
	start(FORMAT1, PROGRAM);
	CHECK(stored_into(DATA + PAGE));
	CHECK(stored_into(DATA + 2 * PAGE));
	CHECK(!stored_into(DATA));
}

TEST(S15_ccw_that_would_go_both_ways_is_refused)
{
	/* A loop: behind a read at first, behind a read backward then. */
	ccw1(PROGRAM, READ, CD, 8, DATA + 8);
	ccw1(PROGRAM + 8, TIC, 0, 0, PROGRAM + 0x40);
	ccw1(PROGRAM + 0x40, 0, CC, 8, DATA + PAGE + 8);
	ccw1(PROGRAM + 0x48, READ_BACKWARD, CD, 8, DATA + 2 * PAGE + 8);
	ccw1(PROGRAM + 0x50, TIC, 0, 0, PROGRAM + 0x40);
	start_odd(FORMAT1, PROGRAM);
	CHECK(host_refuses(PROGRAM + 0x40));
	CHECK(!host_refuses(PROGRAM));

	/* As a command of its own it would go forward: it is none. */
	ccw1(PROGRAM, READ_BACKWARD, CD, 8, DATA + 8);
	ccw1(PROGRAM + 8, WRITE, CC, 8, DATA + PAGE + 8);
	ccw1(PROGRAM + 16, TIC, 0, 0, PROGRAM + 8);
	start_odd(FORMAT1, PROGRAM);
	CHECK_EQ(host_ccw(PROGRAM + 8).cmd, 0);
	CHECK(stored_into(DATA + PAGE));
}

TEST(F7_search_loop_is_translated_once)
{
	ccw1(PROGRAM, CONTROL, CC, 6, DATA);
	ccw1(PROGRAM + 8, SEARCH, CC, 5, DATA + PAGE);
	ccw1(PROGRAM + 16, TIC, 0, 0, PROGRAM + 8);
	ccw1(PROGRAM + 24, 0x06, 0, 4096, DATA + 2 * PAGE);
	guest.count_reads = true;
	start(FORMAT1, PROGRAM);
	CHECK_EQ(guest.prog.used[CPROG_CCW], 4);
	CHECK_EQ(host_slot(PROGRAM + 24), 3);
	CHECK_EQ(be32_to_cpu(host_ccw(PROGRAM + 16).cda),
		 guest.prog.host_addr + 8);
	CHECK(host_needs(DATA + 2 * PAGE, true));
	for (u32 i = 0; i < 32; i++)
		CHECK_EQ(guest_page(&guest, PROGRAM)->reads[i], 1);
	CHECK_EQ(RUN(ALL, 0, ALL, 0, ALL, 0, ALL, END_SKIP, ALL)->cpa,
		 PROGRAM + 32);
}

TEST(F7_endless_loops_are_translated)
{
	ccw1(PROGRAM, READ, CC, 8, DATA);
	ccw1(PROGRAM + 8, TIC, 0, 0, PROGRAM);
	start(FORMAT1, PROGRAM);
	CHECK_EQ(RUN(ALL)->end, MODEL_ENDLESS);

	ccw1(PROGRAM, READ, CD, 8, DATA);
	ccw1(PROGRAM + 8, TIC, 0, 0, PROGRAM);
	start(FORMAT1, PROGRAM);
	CHECK_EQ(RUN(ALL)->end, MODEL_ENDLESS);
}

TEST(F7_tic_behind_or_to_a_tic_is_refused_by_the_hardware)
{
	ccw1(PROGRAM, READ, CC, 8, DATA);
	ccw1(PROGRAM + 8, TIC, 0, 0, PROGRAM + 0x20);
	ccw1(PROGRAM + 0x20, TIC, 0, 0, PROGRAM + 0x40);
	ccw1(PROGRAM + 0x40, READ, 0, 8, DATA);
	start(FORMAT1, PROGRAM);
	CHECK_EQ(RUN(ALL)->end, MODEL_PROGRAM_CHECK);
	CHECK_EQ(RUN(ALL)->cpa, PROGRAM + 0x28);
	/* Nobody gets behind it. */
	CHECK(!cprog_find(&guest.prog, PROGRAM + 0x40, NULL));

	ccw1(PROGRAM + 8, TIC, 0, 0, PROGRAM + 8);
	start(FORMAT1, PROGRAM);
	CHECK_EQ(RUN(ALL)->cpa, PROGRAM + 16);

	/* Should a channel not look: there is nothing to follow. */
	ccw1(PROGRAM + 8, TIC, 0, 0, PROGRAM + 0x20);
	ccw1(PROGRAM + 0x20, TIC, 0, 0, PROGRAM);
	start(FORMAT1, PROGRAM);
	CHECK(host_refuses(PROGRAM + 0x20));
}

TEST(first_ccw_must_not_be_a_tic)
{
	ccw1(PROGRAM, TIC, 0, 0, PROGRAM + 8);
	ccw1(PROGRAM + 8, READ, 0, 8, DATA);
	start(FORMAT1, PROGRAM);
	CHECK(host_refuses(PROGRAM));
	CHECK_EQ(guest.reads, 1);
	CHECK_EQ(RUN(ALL)->cpa, PROGRAM + 8);
}

TEST(bad_tic_is_refused_itself)
{
	static const u32 targets[] = {
		PROGRAM + 1, PROGRAM + 4, NOWHERE, NOWHERE + 4, 0x7ffffff8,
	};

	for (u32 i = 0; i < sizeof(targets) / sizeof(*targets); i++) {
		ccw1(PROGRAM, READ, CC, 8, DATA);
		ccw1(PROGRAM + 8, TIC, 0, 0, targets[i]);
		start(FORMAT1, PROGRAM);
		CHECK(host_refuses(PROGRAM + 8));
		CHECK_EQ(RUN(ALL)->cpa, PROGRAM + 16);
		CHECK_EQ(RUN(ALL, END_CHECK)->end, MODEL_DONE);
	}
	ccw1(PROGRAM + 8, TIC, 0, 0, PROGRAM | 0x80000000);
	start(FORMAT1, PROGRAM);
	CHECK(host_refuses(PROGRAM + 8));
	ccw1(PROGRAM + 8, TIC, CC, 0, PROGRAM);
	start(FORMAT1, PROGRAM);
	CHECK(host_refuses(PROGRAM + 8));
	ccw1(PROGRAM + 8, TIC, 0, 1, PROGRAM);
	start(FORMAT1, PROGRAM);
	CHECK(host_refuses(PROGRAM + 8));
}

TEST(tic_to_a_bad_ccw_is_good)
{
	ccw1(PROGRAM, READ, CC, 8, DATA);
	ccw1(PROGRAM + 8, TIC, 0, 0, PROGRAM + 0x80);
	ccw1(PROGRAM + 0x80, READ, MIDA, 8, DATA);
	start(FORMAT1, PROGRAM);
	CHECK_EQ(host_ccw(PROGRAM + 8).cmd, TIC);
	CHECK_EQ(RUN(ALL)->cpa, PROGRAM + 0x88);
}

TEST(F32_tic_address_has_31_bits_and_leads_to_the_target)
{
	ccw0(PROGRAM, READ, CC, 8, DATA);
	ccw0(PROGRAM + 8, TIC, 0, 0, PROGRAM + 0x800);
	ccw0(PROGRAM + 0x800, READ, CC, 8, DATA);
	ccw0(PROGRAM + 0x808, TIC, 0, 0, PROGRAM + 0x100);
	ccw0(PROGRAM + 0x100, READ, 0, 8, DATA);
	start(FORMAT0, PROGRAM);
	CHECK_EQ(be32_to_cpu(host_ccw(PROGRAM + 8).cda),
		 guest.prog.host_addr + 8 * host_slot(PROGRAM + 0x800));
	CHECK_EQ(be32_to_cpu(host_ccw(PROGRAM + 0x808).cda),
		 guest.prog.host_addr + 8 * host_slot(PROGRAM + 0x100));
}

TEST(tic_into_the_middle_of_known_ccws)
{
	for (u32 i = 0; i < 6; i++)
		ccw1(PROGRAM + 8 * i, READ, CC, 8, DATA + i * 8);
	ccw1(PROGRAM + 0x30, TIC, 0, 0, PROGRAM + 0x100);
	ccw1(PROGRAM + 0x100, WRITE, CC, 8, DATA);
	ccw1(PROGRAM + 0x108, TIC, 0, 0, PROGRAM + 0x18);
	start(FORMAT1, PROGRAM);
	CHECK_EQ(be32_to_cpu(host_ccw(PROGRAM + 0x108).cda),
		 guest.prog.host_addr + 8 * 3);
}

TEST(run_that_is_entered_from_below_later_is_not_decoded_again)
{
	/* First the upper CCWs, then those below, which run into them. */
	ccw1(PROGRAM + 0x80, READ, CC, 8, DATA);
	ccw1(PROGRAM + 0x88, TIC, 0, 0, PROGRAM + 0x70);
	ccw1(PROGRAM + 0x70, WRITE, CC, 8, DATA);
	ccw1(PROGRAM + 0x78, WRITE, CC, 8, DATA);
	start(FORMAT1, PROGRAM + 0x80);
	CHECK_EQ(guest.prog.used[CPROG_RUN], 3);
	CHECK_EQ(host_slot(PROGRAM + 0x80), host_slot(PROGRAM + 0x78) + 1);
	/* The four, and a guess. */
	CHECK_EQ(guest.prog.used[CPROG_CCW], 4 + 1);
}

TEST(status_modifier_skips_a_ccw_behind_data_chaining_too)
{
	ccw1(PROGRAM, READ, CD, 8, DATA);
	ccw1(PROGRAM + 8, READ, CC, 8, DATA + 8);
	ccw1(PROGRAM + 16, WRITE, CC, 8, DATA + PAGE);
	ccw1(PROGRAM + 24, CONTROL, 0, 8, DATA + 2 * PAGE);
	start(FORMAT1, PROGRAM);
	CHECK_EQ(RUN(ALL, ALL, END_SKIP, ALL)->cpa, PROGRAM + 32);
}

TEST(status_modifier_can_skip_into_a_data_chain)
{
	ccw1(PROGRAM, SEARCH, CC, 8, DATA);
	ccw1(PROGRAM + 8, WRITE, CD, 8, DATA + PAGE);
	ccw1(PROGRAM + 16, READ, 0, 8, DATA + 2 * PAGE);
	start(FORMAT1, PROGRAM);
	CHECK_EQ(host_ccw(PROGRAM + 16).cmd, READ);
	CHECK(stored_into(DATA + 2 * PAGE));
	CHECK_EQ(RUN(ALL, END_SKIP, ALL)->cpa, PROGRAM + 24);
}

TEST(what_only_status_modifier_reaches_is_a_guess)
{
	/* The last CCW ends the program; or a TIC leads away from it. */
	ccw1(PROGRAM, READ, CC, 8, DATA);
	ccw1(PROGRAM + 8, READ, 0, 8, DATA);
	ccw1(PROGRAM + 16, READ, CC, 8, DATA + PAGE);
	ccw1(PROGRAM + 24, WRITE, 0, 8, DATA + 2 * PAGE);
	start(FORMAT1, PROGRAM);
	CHECK(host_needs(DATA, true));
	CHECK(!host_needs(DATA + PAGE, true));
	CHECK(!host_needs(DATA + 2 * PAGE, false));
	CHECK_EQ(RUN(ALL, END_SKIP, ALL, 0, ALL)->cpa, PROGRAM + 32);

	ccw1(PROGRAM + 8, TIC, 0, 0, PROGRAM + 0x40);
	ccw1(PROGRAM + 0x40, READ, 0, 8, DATA);
	start(FORMAT1, PROGRAM);
	CHECK(!host_needs(DATA + PAGE, true));
	CHECK_EQ(RUN(ALL, END_SKIP, ALL, 0, ALL)->cpa, PROGRAM + 32);
}

TEST(guess_that_comes_back_to_the_program_is_followed)
{
	ccw1(PROGRAM, READ, CC, 8, DATA);
	ccw1(PROGRAM + 8, TIC, 0, 0, PROGRAM + 0x40);
	ccw1(PROGRAM + 16, READ, CC, 8, DATA + PAGE);
	ccw1(PROGRAM + 24, TIC, 0, 0, PROGRAM);
	ccw1(PROGRAM + 0x40, READ, 0, 8, DATA);
	start(FORMAT1, PROGRAM);
	CHECK_EQ(RUN(ALL, END_SKIP, ALL, 0, ALL, 0, ALL)->cpa, PROGRAM + 0x48);
}

TEST(guess_never_changes_what_the_program_means)
{
	/*
	 * The guess at 0x10 goes on reading at 0x40, which the program only
	 * writes from: storage that may not even be stored into.
	 */
	ccw1(PROGRAM, SEARCH, CC, 8, DATA);
	ccw1(PROGRAM + 8, TIC, 0, 0, PROGRAM + 0x40);
	ccw1(PROGRAM + 0x10, READ, CD, 8, DATA + PAGE);
	ccw1(PROGRAM + 0x18, TIC, 0, 0, PROGRAM + 0x40);
	ccw1(PROGRAM + 0x40, WRITE, 0, 8, ROM);
	start_odd(FORMAT1, PROGRAM);
	CHECK(host_page(ROM, false));
	CHECK(!host_page(ROM, true));
	CHECK(host_refuses(PROGRAM + 0x18));
	CHECK_EQ(RUN(ALL, 0, ALL)->end, MODEL_DONE);

	/* The same without a TIC between: 0x38 runs into 0x40. */
	ccw1(PROGRAM + 0x10, READ, CC, 8, DATA + PAGE);
	ccw1(PROGRAM + 0x18, TIC, 0, 0, PROGRAM + 0x38);
	ccw1(PROGRAM + 0x38, READ, CD, 8, DATA + PAGE);
	start_odd(FORMAT1, PROGRAM);
	CHECK(!host_page(ROM, true));
	CHECK(host_refuses(PROGRAM + 0x38));
}

TEST(guess_does_not_make_a_command_of_what_is_none)
{
	/* Status modifier at 0 skips to 0x10, which only goes on writing. */
	ccw1(PROGRAM, SEARCH, CC, 8, DATA);
	ccw1(PROGRAM + 8, TIC, 0, 0, PROGRAM + 0x40);
	ccw1(PROGRAM + 0x10, READ, 0, 8, ROM);
	ccw1(PROGRAM + 0x40, WRITE, CD, 8, DATA);
	ccw1(PROGRAM + 0x48, TIC, 0, 0, PROGRAM + 0x10);
	start_odd(FORMAT1, PROGRAM);
	CHECK_EQ(host_ccw(PROGRAM + 0x10).cmd, 0);
	CHECK(!host_page(ROM, true));
}

TEST(guess_never_fails_a_start)
{
	u32 flags = FORMAT1;

	/* Nothing there at all; and an endless row of CCWs. */
	ccw1(PROGRAM + 2 * PAGE - 16, READ, CC, 8, DATA);
	ccw1(PROGRAM + 2 * PAGE - 8, READ, 0, 8, DATA);
	start(flags, PROGRAM + 2 * PAGE - 16);
	CHECK_EQ(RUN(ALL, END_SKIP)->cpa, PROGRAM + 2 * PAGE + 8);

	for (u32 i = 0; i < PAGE / 4; i++)
		ccw1(PROGRAM + 8 * i, READ, CC, 8, DATA);
	ccw1(PROGRAM + 8, READ, 0, 8, DATA);
	start_odd(flags, PROGRAM);
	CHECK_EQ(guest.prog.used[CPROG_CCW], 2 + 256);
	/* Behind the last one the channel is refused. */
	CHECK(!cprog_find(&guest.prog, PROGRAM + 8 * 258, NULL));
	for (u32 i = 0; i < guest.prog.used[CPROG_PAGE]; i++)
		CHECK_EQ(!!(guest.prog.page[i].what & CPROG_PAGE_NEEDED), i == 0);
}

TEST(tic_to_a_guess_too_many_is_refused)
{
	const u32 from = PROGRAM + PAGE;

	ccw1(from, READ, CC, 8, DATA);
	ccw1(from + 8, READ, 0, 8, DATA);
	for (u32 i = 2; i < 2 + 255; i++)
		ccw1(from + 8 * i, READ, CC, 8, DATA);
	ccw1(from + 8 * 257, TIC, 0, 0, PROGRAM);
	ccw1(PROGRAM, READ, 0, 8, DATA);
	start_odd(FORMAT1, from);
	CHECK_EQ(guest.prog.used[CPROG_CCW], 2 + 256);
	CHECK(host_refuses(from + 8 * 257));
}

TEST(F33a_chains_of_any_length)
{
	static const u32 lengths[] = { 1, 255, 256, 257, 1024 };

	for (u32 k = 0; k < 5; k++) {
		for (u32 i = 0; i < lengths[k]; i++)
			ccw1(PROGRAM + 8 * i, READ,
			     i + 1 < lengths[k] ? CC : 0, 8, DATA);
		start(FORMAT1, PROGRAM);
		CHECK_EQ(run(NULL, 0)->cpa, PROGRAM + 8 * lengths[k]);
	}
}

TEST(F33b_any_number_of_segments)
{
	for (u32 n = 15; n <= 130; n += 115 / 5) {
		for (u32 i = 0; i < n; i++) {
			/* Up and down, each one apart from the others. */
			u32 addr = PROGRAM + 0x40 * (i & 1 ? 127 - i / 2
							   : i / 2);
			u32 next = PROGRAM + 0x40 * (i & 1 ? i / 2 + 1
							   : 127 - i / 2);

			ccw1(addr, READ, i + 1 < n && i < 127 ? CC : 0, 8,
			     DATA);
			ccw1(addr + 8, TIC, 0, 0, next);
		}
		start(FORMAT1, PROGRAM);
		CHECK_EQ(run(NULL, 0)->end, MODEL_DONE);
	}
}
