// SPDX-License-Identifier: GPL-2.0
/* Data: direct and by IDAL, its blocks, and the pages to pin. */
#include "test.h"

static u32 pages(void)
{
	return guest.prog.used[CPROG_PAGE];
}

static bool two_k(void)
{
	return guest.prog.host_flags & CPROG_ORB_IDAW_2K;
}

TEST(direct_data_may_cross_pages)
{
	ccw1(PROGRAM, READ, 0, 2 * PAGE + 2, DATA + PAGE - 1);
	start(FORMAT1, PROGRAM);
	CHECK(!two_k());
	CHECK_EQ(pages(), 4);
	CHECK_EQ(host_idaw(PROGRAM, 0), DATA + PAGE - 1);
	CHECK_EQ(host_idaw(PROGRAM, 1), DATA + PAGE);
	CHECK_EQ(host_idaw(PROGRAM, 2), DATA + 2 * PAGE);
	CHECK_EQ(host_idaw(PROGRAM, 3), DATA + 3 * PAGE);
}

TEST(direct_data_takes_as_many_blocks_as_it_touches)
{
	static const struct { u16 offset, count, pages; } cases[] = {
		{ 0, 1, 1 }, { 0, 4096, 1 }, { 0, 4097, 2 }, { 4095, 1, 1 },
		{ 4095, 2, 2 }, { 1, 4095, 1 }, { 1, 4096, 2 },
		{ 2047, 2, 1 }, { 0, 65535, 16 }, { 4095, 57345, 15 },
	};

	for (u32 i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		ccw1(PROGRAM, WRITE, 0, cases[i].count, DATA + cases[i].offset);
		start(FORMAT1, PROGRAM);
		CHECK_EQ(pages(), cases[i].pages);
	}
}

TEST(S15_direct_data_backward_runs_down)
{
	ccw1(PROGRAM, READ_BACKWARD, 0, 2 * PAGE + 2, DATA + 3 * PAGE);
	start(FORMAT1, PROGRAM);
	CHECK_EQ(pages(), 4);
	CHECK_EQ(host_idaw(PROGRAM, 0), DATA + 3 * PAGE);
	CHECK_EQ(host_idaw(PROGRAM, 1), DATA + 3 * PAGE - 1);
	CHECK_EQ(host_idaw(PROGRAM, 2), DATA + 2 * PAGE - 1);
	CHECK_EQ(host_idaw(PROGRAM, 3), DATA + PAGE - 1);
	CHECK_EQ(RUN(ALL)->end, MODEL_DONE);

	ccw1(PROGRAM, READ_BACKWARD, 0, PAGE, DATA + PAGE - 1);
	start(FORMAT1, PROGRAM);
	CHECK_EQ(pages(), 1);
	ccw1(PROGRAM, READ_BACKWARD, 0, PAGE + 1, DATA + 2 * PAGE - 1);
	start(FORMAT1, PROGRAM);
	CHECK_EQ(pages(), 2);
}

TEST(direct_data_ends_where_addresses_do)
{
	guest_add(&guest, 0xfff000, true);
	guest_add(&guest, 0x1000000, true);
	ccw0(PROGRAM, READ, 0, 2 * PAGE, 0xfff800);
	start(FORMAT0, PROGRAM);
	CHECK_EQ(host_idaw(PROGRAM, 0), 0xfff800);
	CHECK_EQ(host_idaw(PROGRAM, 1), REFUSED_WORD);
	CHECK_EQ(RUN(ALL)->end, MODEL_PROGRAM_CHECK);
	CHECK_EQ(RUN(ALL)->cpa, PROGRAM + 8);
	CHECK_EQ(RUN(ALL)->events, 2);
	ccw1(PROGRAM, READ, 0, 2 * PAGE, 0xfff800);
	start(FORMAT1, PROGRAM);
	CHECK_EQ(host_idaw(PROGRAM, 1), 0x1000000);

	guest_add(&guest, 0x7ffff000, true);
	guest_add(&guest, 0x80000000, true);
	ccw1(PROGRAM, READ, 0, PAGE + 1, 0x7ffff000);
	start(FORMAT1, PROGRAM);
	CHECK_EQ(host_idaw(PROGRAM, 1), REFUSED_WORD);

	guest_add(&guest, 0, true);
	ccw1(PROGRAM, READ_BACKWARD, 0, 0x101, 0xff);
	start(FORMAT1, PROGRAM);
	CHECK_EQ(host_idaw(PROGRAM, 0), 0xff);
	CHECK_EQ(pages(), 1);
	ccw1(PROGRAM, READ_BACKWARD, 0, 2 * PAGE, 0xff);
	start(FORMAT1, PROGRAM);
	CHECK_EQ(host_idaw(PROGRAM, 1), REFUSED_WORD);
	CHECK_EQ(host_idaw(PROGRAM, 2), REFUSED_WORD);
	CHECK_EQ(RUN(ALL)->events, 2);
}

TEST(direct_data_without_storage)
{
	/* At once: the device must not even get the command. */
	ccw1(PROGRAM, WRITE, 0, 8, NOWHERE);
	start(FORMAT1, PROGRAM);
	CHECK(host_refuses(PROGRAM));
	CHECK_EQ(RUN(ALL)->events, 0);

	/* Later: up to there. */
	ccw1(PROGRAM, WRITE, 0, 3 * PAGE, DATA + 15 * PAGE);
	start(FORMAT1, PROGRAM);
	CHECK_EQ(host_idaw(PROGRAM, 0), DATA + 15 * PAGE);
	CHECK_EQ(host_idaw(PROGRAM, 1), REFUSED_WORD);
	CHECK_EQ(host_idaw(PROGRAM, 2), REFUSED_WORD);
	CHECK_EQ(RUN(ALL)->end, MODEL_PROGRAM_CHECK);
	CHECK_EQ(RUN(SHORT)->end, MODEL_PROGRAM_CHECK);
	CHECK_EQ(RUN(NONE)->end, MODEL_DONE);
}

TEST(S14_storage_for_fetching_only)
{
	ccw1(PROGRAM, WRITE, CC, 8, ROM);
	ccw1(PROGRAM + 8, READ, 0, 8, ROM);
	start(FORMAT1, PROGRAM);
	CHECK(host_page(ROM, false));
	CHECK(host_page(ROM, true));
	CHECK(!host_refuses(PROGRAM));
	CHECK(host_refuses(PROGRAM + 8));
	CHECK_EQ(RUN(ALL)->cpa, PROGRAM + 16);
}

TEST(F9_idaw_size_follows_the_orb)
{
	ccw1(PROGRAM, READ, IDA, 8, LIST);
	idaw2(LIST, (u64)DATA << 32 | (DATA + PAGE));
	start(FORMAT1, PROGRAM);
	CHECK_EQ(host_idaw(PROGRAM, 0), DATA);
	CHECK(two_k());

	idaw2(LIST, HIGH + 5);
	start(FORMAT1 | IDAW2, PROGRAM);
	CHECK_EQ(host_idaw(PROGRAM, 0), HIGH + 5);
	CHECK(!two_k());
	start(FORMAT1 | IDAW2 | IDAW_2K, PROGRAM);
	CHECK_EQ(host_idaw(PROGRAM, 0), HIGH + 5);
	CHECK(two_k());
	ccw0(PROGRAM, READ, IDA, 8, LIST);
	start(FORMAT0 | IDAW2, PROGRAM);
	CHECK_EQ(host_idaw(PROGRAM, 0), HIGH + 5);
}

TEST(block_size_without_idals_is_always_4_kib)
{
	ccw1(PROGRAM, READ, 0, PAGE, DATA);
	start(FORMAT1, PROGRAM);
	CHECK(!two_k());
	start(FORMAT1 | IDAW_2K, PROGRAM);
	CHECK(!two_k());
	start(FORMAT1 | IDAW2 | IDAW_2K, PROGRAM);
	CHECK(!two_k());
}

TEST(F29_idal_at_the_end_of_a_page_odd_number_of_words)
{
	ccw1(PROGRAM, READ, IDA, 3 * 2048, LIST + 2 * PAGE - 12);
	for (u32 i = 0; i < 3; i++)
		idaw1(LIST + 2 * PAGE - 12 + 4 * i, DATA + i * PAGE);
	guest.count_reads = true;
	start(FORMAT1, PROGRAM);
	for (u32 i = 0; i < 3; i++)
		CHECK_EQ(host_idaw(PROGRAM, i), DATA + i * PAGE);
	for (u32 i = 0; i < PAGE; i++)
		CHECK_EQ(guest_page(&guest, LIST + PAGE)->reads[i],
			 i >= PAGE - CPROG_LINE_SIZE);
}

TEST(idals_are_read_once_and_no_line_more_than_needed)
{
	static const struct { u16 offset, count, words; } cases[] = {
		{ 0, 1, 1 }, { 0, 2048, 1 }, { 0, 2049, 2 }, { 2047, 2, 2 },
		{ 2047, 2048, 2 }, { 2047, 2050, 3 }, { 1, 65535, 32 },
		{ 2, 65535, 33 }, { 2047, 65535, 33 },
	};
	const u32 list = LIST + PAGE - 16;

	for (u32 i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		const u32 words = cases[i].words;
		const u32 last = list + 4 * words - 1;

		for (u32 k = 0; k < 34; k++)
			idaw1(list + 4 * k, DATA + k % 32 * 2048 +
			      (k ? 0 : cases[i].offset));
		ccw1(PROGRAM, WRITE, IDA, cases[i].count, list);
		for (u32 k = 0; k < guest.pages; k++)
			for (u32 j = 0; j < PAGE; j++)
				guest.page[k].reads[j] = 0;
		guest.count_reads = true;
		start(FORMAT1, PROGRAM);
		for (u32 k = 0; k < 40 * 4; k++)
			CHECK_EQ(guest_page(&guest, list + k)
					 ->reads[(list + k) % PAGE],
				 list + k <= (last | (CPROG_LINE_SIZE - 1)));
		CHECK_EQ(host_idaw(PROGRAM, words - 1),
			 DATA + (words - 1) % 32 * 2048 +
			 (words > 1 ? 0 : cases[i].offset));
	}
}

TEST(F30_direct_data_beside_2_kib_idals_steps_by_2_kib)
{
	ccw1(PROGRAM, READ, CC, 6000, DATA + 100);
	ccw1(PROGRAM + 8, READ, IDA, 2049, LIST);
	idaw1(LIST, DATA + 4 * PAGE + 2048);
	idaw1(LIST + 4, DATA + 6 * PAGE);
	start(FORMAT1, PROGRAM);
	CHECK(two_k());
	CHECK_EQ(host_idaw(PROGRAM, 0), DATA + 100);
	CHECK_EQ(host_idaw(PROGRAM, 1), DATA + 2048);
	CHECK_EQ(host_idaw(PROGRAM, 2), DATA + 4096);
	CHECK_EQ(host_idaw(PROGRAM + 8, 0), DATA + 4 * PAGE + 2048);
	CHECK_EQ(host_idaw(PROGRAM + 8, 1), DATA + 6 * PAGE);
}

TEST(F31_halves_of_a_page_are_one_page)
{
	ccw1(PROGRAM, READ, IDA | CC, 3 * 2048, LIST);
	idaw1(LIST, DATA);
	idaw1(LIST + 4, DATA + 2048);
	idaw1(LIST + 8, DATA + PAGE + 2048);
	ccw1(PROGRAM + 8, READ, IDA, 2 * 2048, LIST + 16);
	idaw1(LIST + 16, DATA + 2048);
	idaw1(LIST + 20, DATA + PAGE);
	start(FORMAT1, PROGRAM);
	CHECK_EQ(pages(), 2);
	CHECK_EQ(host_idaw(PROGRAM, 1), DATA + 2048);
	CHECK_EQ(host_idaw(PROGRAM, 2), DATA + PAGE + 2048);
	CHECK_EQ(host_idaw(PROGRAM + 8, 1), DATA + PAGE);
}

TEST(page_used_again_and_again_is_one_page)
{
	for (u32 i = 0; i < 64; i++)
		ccw1(PROGRAM + 8 * i, i & 1 ? READ : WRITE, i < 63 ? CC : 0, 8,
		     i & 1 ? DATA + i / 32 * PAGE : DATA + 5 * PAGE + i);
	start(FORMAT1, PROGRAM);
	CHECK_EQ(pages(), 3);
}

TEST(S15_idal_backward)
{
	ccw1(PROGRAM, READ_BACKWARD, IDA, 5000, LIST);
	idaw1(LIST, DATA + 10);
	idaw1(LIST + 4, DATA + 3 * PAGE + 2047);
	idaw1(LIST + 8, DATA + 2 * PAGE + 4095);
	idaw1(LIST + 12, DATA + PAGE + 4095);
	start(FORMAT1, PROGRAM);
	CHECK_EQ(host_idaw(PROGRAM, 0), DATA + 10);
	CHECK_EQ(host_idaw(PROGRAM, 1), DATA + 3 * PAGE + 2047);
	CHECK_EQ(host_idaw(PROGRAM, 2), DATA + 2 * PAGE + 4095);
	CHECK_EQ(host_idaw(PROGRAM, 3), DATA + PAGE + 4095);
	CHECK_EQ(RUN(ALL)->end, MODEL_DONE);

	/* What would be right forward is wrong here. */
	idaw1(LIST + 4, DATA + 3 * PAGE);
	start(FORMAT1, PROGRAM);
	CHECK_EQ(host_idaw(PROGRAM, 1), REFUSED_WORD);
	CHECK_EQ(RUN(ALL)->end, MODEL_PROGRAM_CHECK);
}

TEST(idal_off_its_boundary_is_refused)
{
	ccw1(PROGRAM, READ, IDA, 8, LIST + 2);
	start(FORMAT1, PROGRAM);
	CHECK(host_refuses(PROGRAM));
	ccw1(PROGRAM, READ, IDA, 8, LIST + 4);
	idaw1(LIST + 4, DATA);
	start(FORMAT1, PROGRAM);
	CHECK(!host_refuses(PROGRAM));
	start(FORMAT1 | IDAW2, PROGRAM);
	CHECK(host_refuses(PROGRAM));
}

TEST(bad_first_idaw_refuses_the_ccw)
{
	ccw1(PROGRAM, READ, IDA, 8, LIST);
	idaw1(LIST, DATA | 0x80000000);
	start(FORMAT1, PROGRAM);
	CHECK(host_refuses(PROGRAM));
	CHECK_EQ(pages(), 0);
	idaw1(LIST, NOWHERE);
	start(FORMAT1, PROGRAM);
	CHECK(host_refuses(PROGRAM));
	ccw1(PROGRAM, READ, IDA, 8, NOWHERE);
	start(FORMAT1, PROGRAM);
	CHECK(host_refuses(PROGRAM));
	CHECK_EQ(RUN(ALL)->events, 0);
	ccw1(PROGRAM, READ, IDA, 8, LIST);
	idaw2(LIST, ~0ULL);
	start(FORMAT1 | IDAW2, PROGRAM);
	CHECK(host_refuses(PROGRAM));
}

TEST(bad_later_idaw_is_refused_when_the_transfer_gets_there)
{
	static const u32 bad[] = { DATA + 4, DATA | 0x80000000, NOWHERE };

	for (u32 i = 0; i < 3; i++) {
		ccw1(PROGRAM, READ, IDA, 3 * 2048, LIST);
		idaw1(LIST, DATA);
		idaw1(LIST + 4, bad[i]);
		idaw1(LIST + 8, DATA + PAGE);
		start(FORMAT1, PROGRAM);
		CHECK_EQ(host_idaw(PROGRAM, 0), DATA);
		CHECK_EQ(host_idaw(PROGRAM, 1), REFUSED_WORD);
		CHECK_EQ(host_idaw(PROGRAM, 2), REFUSED_WORD);
		CHECK_EQ(RUN(ALL)->end, MODEL_PROGRAM_CHECK);
		CHECK_EQ(RUN(ALL)->events, 2);
		CHECK_EQ(RUN(0x2d)->end, MODEL_DONE);
	}
	/* On a 2 KiB boundary, with 4 KiB blocks. */
	ccw1(PROGRAM, READ, IDA, 2 * PAGE, LIST);
	idaw2(LIST, HIGH);
	idaw2(LIST + 8, HIGH + 2048);
	start(FORMAT1 | IDAW2, PROGRAM);
	CHECK_EQ(host_idaw(PROGRAM, 1), REFUSED_WORD);
}

TEST(idal_that_runs_out_of_storage)
{
	ccw1(PROGRAM, READ, IDA, 3 * 2048, LIST + 2 * PAGE - 4);
	idaw1(LIST + 2 * PAGE - 4, DATA + PAGE);
	start(FORMAT1, PROGRAM);
	CHECK_EQ(host_idaw(PROGRAM, 0), DATA + PAGE);
	CHECK_EQ(host_idaw(PROGRAM, 1), REFUSED_WORD);
	CHECK_EQ(host_idaw(PROGRAM, 2), REFUSED_WORD);
	CHECK_EQ(RUN(ALL)->events, 2);
}

TEST(idal_that_runs_out_of_addresses)
{
	guest_add(&guest, 0xfff000, true);
	guest_add(&guest, 0x1000000, true);
	idaw1(0xfffffc, DATA);
	idaw1(0x1000000, DATA + 2048);
	ccw0(PROGRAM, READ, IDA, 4096, 0xfffffc);
	start(FORMAT0, PROGRAM);
	CHECK_EQ(host_idaw(PROGRAM, 1), REFUSED_WORD);
	ccw1(PROGRAM, READ, IDA, 4096, 0xfffffc);
	start(FORMAT1, PROGRAM);
	CHECK_EQ(host_idaw(PROGRAM, 1), DATA + 2048);
}

TEST(idals_do_not_cross_pages)
{
	/* 17 words do not go into a page without a rest. */
	for (u32 i = 0; i < 200; i++)
		ccw1(PROGRAM + 8 * i, WRITE, i < 199 ? CC : 0, 65535, DATA + 2);
	start(FORMAT1, PROGRAM);
	CHECK_EQ(guest.prog.used[CPROG_IDAW], 200 / 30 + 1);
	for (u32 i = 0; i < 200; i++) {
		u32 list = be32_to_cpu(host_ccw(PROGRAM + 8 * i).cda);

		CHECK((list - HOST_IDAWS) % HOST_IDAWS_STEP + 8 * 17 <=
		      CPROG_IDAW_PAGE_SIZE);
	}
}
