// SPDX-License-Identifier: GPL-2.0
/* A program's life: places in the host, the way back, bounds, failures. */
#include <stdio.h>

#include "generate.h"
#include "test.h"

/* The guest's address for a CCW address, or 0. */
static u32 guest_ccw(u32 host_cpa)
{
	u32 guest_cpa = 0;

	return cprog_guest_ccw(&guest.prog, host_cpa, &guest_cpa) ? guest_cpa
								  : 0;
}

TEST(S4_ccws_apart_in_the_guest_are_apart_in_the_host)
{
	for (u32 gap = 0; gap < 5; gap++) {
		u32 other = PROGRAM + 16 + 8 * gap;
		u32 between = gap < 3 ? gap : 3;

		for (u32 i = 0; i < 8; i++)
			ccw1(PROGRAM + 16 + 8 * i, READ, 0, 8, NOWHERE);
		ccw1(PROGRAM, READ, CC, 8, DATA);
		ccw1(PROGRAM + 8, TIC, 0, 0, other);
		ccw1(other, READ, CC, 8, DATA + 8);
		ccw1(other + 8, READ, CC, 8, DATA + 8);
		ccw1(other + 16, READ, 0, 8, DATA + 8);
		start(FORMAT1, PROGRAM);
		/* The guess behind the TIC takes one place of the gap. */
		CHECK_EQ(host_slot(other) - host_slot(PROGRAM + 8),
			 1 + between);
	}
}

TEST(places_behind_a_run_are_refused_and_map_to_the_guest)
{
	struct cprog *prog = &guest.prog;
	u32 end;

	ccw1(PROGRAM, READ, 0, 8, DATA);
	start(FORMAT1, PROGRAM);
	end = prog->host_cpa + 8;
	CHECK_EQ(prog->used[CPROG_HOST], 3);
	for (u32 i = 1; i < 3; i++) {
		CHECK_EQ(prog->host[i].cmd, 0);
		CHECK_EQ(prog->host[i].count, 0);
		CHECK_EQ(be32_to_cpu(prog->host[i].cda), 0x80000000);
		CHECK_EQ(guest_ccw(end + 8 * i), PROGRAM + 8 + 8 * i);
	}
}

TEST(ccw_addresses_map_back)
{
	struct cprog *prog = &guest.prog;
	static const u32 addr[] = {
		PROGRAM + 0x100, PROGRAM + 0x108, PROGRAM + 0x40,
		PROGRAM + 0x48, PROGRAM + 0x1000,
	};

	ccw1(addr[0], READ, CC, 8, DATA);
	ccw1(addr[1], TIC, 0, 0, addr[2]);
	ccw1(addr[2], READ, CC, 8, DATA);
	ccw1(addr[3], TIC, 0, 0, addr[4]);
	ccw1(addr[4], READ, 0, 8, DATA);
	start(FORMAT1, addr[0]);
	for (u32 i = 0; i < 5; i++)
		CHECK_EQ(guest_ccw(prog->host_addr + 8 * host_slot(addr[i]) +
				   8), addr[i] + 8);
	/* No host address gets out. */
	CHECK_EQ(guest_ccw(0), 0);
	CHECK_EQ(guest_ccw(prog->host_addr), 0);
	CHECK_EQ(guest_ccw(prog->host_addr + 9), 0);
	CHECK_EQ(guest_ccw(prog->host_addr + 16 + 8 * prog->used[CPROG_HOST]),
		 0);
	CHECK_EQ(guest_ccw(~0u), 0);
}

TEST(S11_data_addresses_map_back)
{
	u64 mapped = 0;

	ccw1(PROGRAM, READ, IDA, 2 * PAGE, LIST);
	idaw2(LIST, HIGH);
	idaw2(LIST + 8, HIGH + PAGE);
	start(FORMAT1 | IDAW2, PROGRAM);
	CHECK(cprog_guest_data(&guest.prog,
			       guest_page(&guest, HIGH)->host + 0x123,
			       &mapped));
	CHECK_EQ(mapped, HIGH + 0x123);
	CHECK(!cprog_guest_data(&guest.prog,
				guest_page(&guest, DATA)->host, &mapped));
	CHECK(!cprog_guest_data(&guest.prog, guest.prog.host_addr, &mapped));
	CHECK(!cprog_guest_data(&guest.prog, HOST_SINK, &mapped));
	CHECK(!cprog_guest_data(&guest.prog, CPROG_NO_PAGE, &mapped));
	CHECK_EQ(mapped, HIGH + 0x123);
}

/* Room for a long chain, by more pages. */
static void long_chain(u32 from, u32 ccws)
{
	for (u32 i = 0; i < ccws / 512 + 1; i++)
		guest_add(&guest, from + i * PAGE, true);
	for (u32 i = 0; i < ccws; i++)
		ccw1(from + 8 * i, READ, i + 1 < ccws ? CC : 0, 1, DATA);
}

TEST(S18_as_many_ccws_as_documented_and_not_one_more)
{
	const u32 from = 0x100000;
	struct cprog *prog = &guest.prog;

	long_chain(from, CPROG_MAX_CCWS);
	CHECK_EQ(guest_translate(&guest, FORMAT1, from), 0);
	guest_bind(&guest, &guest.prog);
	CHECK_EQ(prog->used[CPROG_PAGE], 1);
	CHECK_EQ(prog->used[CPROG_RUN], 1);
	CHECK(prog->used[CPROG_CCW] >= CPROG_MAX_CCWS);
	/* The end is a guess, of which there is room for 256. */
	ccw1(from + 8 * CPROG_MAX_CCWS - 8, READ, CC, 1, DATA);
	CHECK_EQ(guest_translate(&guest, FORMAT1, from), -E2BIG);
	/* And the next one is as good as ever. */
	ccw1(PROGRAM, READ, 0, 8, DATA);
	start(FORMAT1, PROGRAM);
}

TEST(S18_endless_rows_of_tics_are_bounded_too)
{
	/* Each one to the next lower pair, so that runs come in from below. */
	const u32 from = 0x100000;

	for (u32 i = 0; i < 20; i++)
		guest_add(&guest, from + i * PAGE, true);
	for (u32 i = 0; i < 5000; i++) {
		ccw1(from + 16 * i, READ, CC, 1, DATA);
		ccw1(from + 16 * i + 8, TIC, 0, 0,
		     i ? from + 16 * i - 16 : from);
		if (i == 4094) {
			/* With what a device can skip to behind the top. */
			CHECK_EQ(guest_translate(&guest, FORMAT1,
						 from + 16 * i), 0);
			CHECK_EQ(guest.prog.used[CPROG_CCW], 2 * 4095 + 1);
			CHECK_EQ(guest.prog.used[CPROG_RUN], 4096);
		}
	}
	CHECK_EQ(guest_translate(&guest, FORMAT1, from + 16 * 4999), -E2BIG);
}

TEST(F11_failing_allocations)
{
	u32 n;

	for (u32 i = 0; i < 40; i++)
		ccw1(PROGRAM + 16 * i, READ, CC, 65535, DATA - i * PAGE);
	for (u32 i = 0; i < 39; i++)
		ccw1(PROGRAM + 16 * i + 8, TIC, 0, 0, PROGRAM + 16 * i + 16);
	ccw1(PROGRAM + 16 * 39, NOP, 0, 1, 0);

	for (n = 1; ; n++) {
		int ret;

		guest_free(&guest);
		guest.grows = 0;
		guest.fail_grow = n;
		ret = guest_translate(&guest, FORMAT1, PROGRAM);
		if (guest.grows < n)
			break;
		CHECK_EQ(ret, -ENOMEM);
		/* A program that failed leaves nothing in the way. */
		guest.fail_grow = 0;
		start(FORMAT1, PROGRAM);
	}
	CHECK(n > 100);
}

TEST(program_like_an_earlier_one_allocates_nothing)
{
	for (u32 i = 0; i < 100; i++)
		ccw1(PROGRAM + 8 * i, READ, i < 99 ? CC : 0, 60000, DATA + i);
	start(FORMAT1, PROGRAM);
	guest.grows = 0;
	start(FORMAT1, PROGRAM);
	start(FORMAT1, PROGRAM + 8);
	CHECK_EQ(guest.grows, 0);
}

TEST(failing_reads_end_the_translation)
{
	u32 n;

	ccw1(PROGRAM, READ, CC | IDA, 8, LIST);
	ccw1(PROGRAM + 8, TIC, 0, 0, PROGRAM + 2 * CPROG_LINE_SIZE);
	ccw1(PROGRAM + 2 * CPROG_LINE_SIZE, WRITE, IDA, 2048,
	     LIST + CPROG_LINE_SIZE - 4);
	idaw1(LIST, DATA);
	idaw1(LIST + CPROG_LINE_SIZE - 4, DATA + 1);
	idaw1(LIST + CPROG_LINE_SIZE, DATA + 2048);
	for (n = 1; ; n++) {
		guest.reads = 0;
		guest.fail_read = n;
		if (!guest_translate(&guest, FORMAT1, PROGRAM))
			break;
		CHECK_EQ(guest.reads, n);
	}
	/* Two lines of CCWs, the guess in the first one, two lines of IDALs. */
	CHECK_EQ(n, 2 + 1 + 2 + 1);
}

TEST(F33c_storage_that_changes_while_it_is_read)
{
	static struct model_run result;

	for (u32 i = 1; i < 2000; i++) {
		for (u32 k = 0; k < 10; k++)
			ccw1(PROGRAM + 8 * k, k & 1 ? READ : WRITE,
			     IDA | (k & 2 ? CC : CD), 5000, LIST + 64 * k);
		for (u32 k = 0; k < 160; k++)
			idaw1(LIST + 4 * k, DATA + k % 32 * 2048);
		guest.noise = i * 0x9e3779b97f4a7c15ULL;
		CHECK_EQ(guest_translate(&guest, FORMAT1, PROGRAM), 0);
		guest_bind(&guest, &guest.prog);
		CHECK_EQ(run_host(&guest, FORMAT1, (struct model_script){ 0 },
				  i & 1, &result), SAME);
	}
}

TEST(random_programs_run_the_same)
{
	static struct checked sum;
	u64 random = 0x243f6a8885a308d3ULL;

	for (u32 i = 0; i < 60000; i++) {
		u8 byte[256];

		for (u32 k = 0; k < sizeof(byte); k++) {
			random ^= random << 13;
			random ^= random >> 7;
			random ^= random << 17;
			byte[k] = random >> 56;
		}
		/* Every other one without trouble on top. */
		if (i & 1)
			byte[0] &= 0x7f;
		CHECK(check_bytes(byte, 20 + random % 236, &sum));
	}
	printf("# %llu programs, %llu runs, %llu of these deviate as documented\n",
	       (unsigned long long)sum.programs, (unsigned long long)sum.runs,
	       (unsigned long long)sum.deviations);
	printf("# %llu of them done, %llu checked, %llu suspended, %llu endless; %llu commands\n",
	       (unsigned long long)sum.ended[MODEL_DONE],
	       (unsigned long long)sum.ended[MODEL_PROGRAM_CHECK],
	       (unsigned long long)sum.ended[MODEL_SUSPENDED],
	       (unsigned long long)sum.ended[MODEL_ENDLESS],
	       (unsigned long long)sum.commands);
	printf("# %llu suspensions, %llu breaks\n",
	       (unsigned long long)sum.suspensions,
	       (unsigned long long)sum.breaks);
	CHECK(sum.deviations * 100 < sum.runs);
	CHECK(sum.suspensions * 50 > sum.runs);
	CHECK(sum.breaks * 50 > sum.runs);
	/* It is no use if they all get stuck at their first CCW. */
	CHECK(sum.ended[MODEL_DONE] * 10 > sum.runs);
	CHECK(sum.commands > sum.runs);
}
