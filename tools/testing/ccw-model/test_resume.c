// SPDX-License-Identifier: GPL-2.0
/* Programs that the channel suspends, and what the guest does to them then. */
#include "test.h"

#define FLAGS		(FORMAT1 | SUSPENDABLE)
#define STAY		0x00	/* in scripts, for a suspension */
#define RESUME		0x01

static u32 suspensions(const struct model_run *result)
{
	u32 n = 0;

	for (u32 i = 0; i < result->events; i++)
		n += result->event[i].kind == MODEL_SUSPENSION;
	return n;
}

TEST(S1_stop_is_not_looked_at_and_ends_what_is_translated)
{
	ccw1(PROGRAM, READ, CC, 8, DATA);
	ccw1(PROGRAM + 8, READ, SUSPEND | IDA | MIDA | CC, 8, NOWHERE + 1);
	ccw1(PROGRAM + 16, WRITE, 0, 8, DATA);
	start(FLAGS, PROGRAM);
	CHECK_EQ(guest.prog.stops, 1);
	CHECK_EQ(guest.prog.breaks, 0);
	CHECK(!host_page(NOWHERE, true));
	CHECK_EQ(host_ccw(PROGRAM + 8).cmd, NOP);
	CHECK_EQ(host_ccw(PROGRAM + 8).flags, SUSPEND | SLI);
	CHECK_EQ(RUN(ALL, 0, STAY)->end, MODEL_SUSPENDED);
	CHECK_EQ(RUN(ALL, 0, STAY)->cpa, PROGRAM + 16);
}

TEST(suspension_without_permission_is_refused)
{
	ccw1(PROGRAM, READ, CC, 8, DATA);
	ccw1(PROGRAM + 8, READ, SUSPEND, 8, DATA);
	start(FORMAT1, PROGRAM);
	CHECK(host_refuses(PROGRAM + 8));
	CHECK_EQ(RUN(ALL)->end, MODEL_PROGRAM_CHECK);
	CHECK_EQ(RUN(ALL)->cpa, PROGRAM + 16);
}

TEST(suspension_within_data_chaining_is_refused)
{
	ccw1(PROGRAM, READ, CD, 8, DATA);
	ccw1(PROGRAM + 8, READ, SUSPEND, 8, DATA);
	start(FLAGS, PROGRAM);
	CHECK(host_refuses(PROGRAM + 8));
	CHECK_EQ(RUN(ALL)->end, MODEL_PROGRAM_CHECK);
}

TEST(tic_of_format_0_has_no_suspend_flag)
{
	ccw0(PROGRAM, READ, CC, 8, DATA);
	ccw0(PROGRAM + 8, TIC, SUSPEND, 8, PROGRAM + 24);
	ccw0(PROGRAM + 24, READ, 0, 8, DATA);
	start(FORMAT0 | SUSPENDABLE, PROGRAM);
	CHECK_EQ(guest.prog.stops, 0);
	CHECK_EQ(RUN(ALL, 0, ALL)->end, MODEL_DONE);
}

TEST(blocks_are_the_guests_when_the_program_may_go_on_in_parts)
{
	ccw1(PROGRAM, READ, 0, PAGE, DATA);
	start(FLAGS, PROGRAM);
	CHECK_EQ(guest.prog.host_flags & IDAW_2K, IDAW_2K);
	start(FORMAT1 & ~CPROG_ORB_PREFETCH, PROGRAM);
	CHECK_EQ(guest.prog.host_flags & IDAW_2K, IDAW_2K);
	start(FLAGS | IDAW2, PROGRAM);
	CHECK_EQ(guest.prog.host_flags & IDAW_2K, 0);
	start(FORMAT1, PROGRAM);
	CHECK_EQ(guest.prog.host_flags & IDAW_2K, 0);
}

TEST(resume_sees_the_flag_that_is_off_now)
{
	ccw1(PROGRAM, READ, CC, 8, DATA);
	ccw1(PROGRAM + 8, WRITE, SUSPEND | CC, 8, DATA + PAGE);
	ccw1(PROGRAM + 16, READ, SUSPEND, 8, DATA + 2 * PAGE);
	start(FLAGS, PROGRAM);
	CHECK_EQ(RUN(ALL, 0, RESUME, ALL, 0, RESUME, ALL)->end, MODEL_DONE);
	CHECK_EQ(RUN(ALL, 0, RESUME, ALL, 0, RESUME, ALL)->cpa, PROGRAM + 24);
	/* And one that is still on; bits 4 to 7 are for other changes. */
	CHECK_EQ(suspensions(RUN(ALL, 0, 0x20, 0x20, 0x20)), 4);
}

TEST(search_loop_is_suspended_each_time)
{
	ccw1(PROGRAM, SEARCH, CC, 5, DATA);
	ccw1(PROGRAM + 8, TIC, 0, 0, PROGRAM + 16);
	ccw1(PROGRAM + 16, NOP, CC | SLI | SUSPEND, 1, 0);
	ccw1(PROGRAM + 24, TIC, 0, 0, PROGRAM);
	start(FLAGS, PROGRAM);
	CHECK_EQ(RUN(ALL, 0, RESUME, ALL, 0, ALL, 0)->end, MODEL_ENDLESS);
}

/* What the guest does while it is suspended, for the next tests. */
static struct cprog_ccw1 instead;

static void rewrite(struct guest *to, u32 flags, u32 cpa, u8 how)
{
	struct guest_page *page = guest_page(to, cpa);

	(void)flags;
	(void)how;
	if (!page->dirty)
		__builtin_memcpy(page->saved, page->data, PAGE);
	page->dirty = true;
	guest_store(to, cpa, &instead, sizeof(instead));
}

static void resume_at(u8 cmd, u8 flags, u16 count, u32 cda)
{
	guest.change = rewrite;
	instead = (struct cprog_ccw1){ cmd, flags, cpu_to_be16(count),
				       cpu_to_be32(cda) };
	ccw1(PROGRAM, READ, CC, 8, DATA);
	ccw1(PROGRAM + 8, NOP, SUSPEND | CC, 1, 0);
	ccw1(PROGRAM + 16, WRITE, 0, 8, DATA + PAGE);
	ccw1(PROGRAM + 0x100, CONTROL, 0, 8, DATA + 2 * PAGE);
	ccw1(PROGRAM + 0x108, TIC, 0, 0, PROGRAM + 0x100);
	start(FLAGS, PROGRAM);
}

TEST(resume_runs_what_stands_there_now)
{
	resume_at(SENSE, CC, 12, DATA + 3 * PAGE);
	CHECK_EQ(RUN(ALL, 0, RESUME)->event[3].value, SENSE);
	CHECK_EQ(RUN(ALL, 0, RESUME)->cpa, PROGRAM + 24);
	resume_at(SENSE, 0, 12, NOWHERE);
	CHECK_EQ(RUN(ALL, 0, RESUME)->end, MODEL_PROGRAM_CHECK);
	CHECK_EQ(RUN(ALL, 0, RESUME)->cpa, PROGRAM + 16);
}

TEST(resume_at_a_tic)
{
	resume_at(TIC, 0, 0, PROGRAM + 0x100);
	CHECK_EQ(RUN(ALL, 0, RESUME)->end, MODEL_DONE);
	CHECK_EQ(RUN(ALL, 0, RESUME)->cpa, PROGRAM + 0x108);
	/* Not to another one, to nowhere, or askew. */
	resume_at(TIC, 0, 0, PROGRAM + 0x108);
	CHECK_EQ(RUN(ALL, 0, RESUME)->cpa, PROGRAM + 0x110);
	resume_at(TIC, 0, 0, NOWHERE);
	CHECK_EQ(RUN(ALL, 0, RESUME)->cpa, PROGRAM + 16);
	resume_at(TIC, 0, 0, PROGRAM + 4);
	CHECK_EQ(RUN(ALL, 0, RESUME)->cpa, PROGRAM + 16);
}
