// SPDX-License-Identifier: GPL-2.0
/* The ORB, and single CCWs of both formats. */
#include "test.h"

static int check_orb(u32 flags, u32 cpa)
{
	struct cprog_orb orb = { 0, cpu_to_be32(flags), cpu_to_be32(cpa) };

	return cprog_check_orb(&orb);
}

TEST(orb_is_fine_with_all_bits_that_a_program_may_have)
{
	CHECK_EQ(check_orb(0, 0), 0);
	CHECK_EQ(check_orb(~(CPROG_ORB_TRANSPORT | CPROG_ORB_RESERVED),
			   0x7fffffff), 0);
}

TEST(orb_for_transport_mode_is_not_supported)
{
	CHECK_EQ(check_orb(ORB | 0x00040000, PROGRAM), -EOPNOTSUPP);
}

TEST(S26_orb_with_a_reserved_bit_is_refused)
{
	for (u32 bit = 26; bit <= 30; bit++)
		CHECK_EQ(check_orb(ORB | 0x80000000 >> bit, PROGRAM), -EIO);
	CHECK_EQ(check_orb(ORB, 0x80000000), -EIO);
	CHECK_EQ(check_orb(ORB | 0x00000040 | 0x20, PROGRAM), -EIO);
}

TEST(F28_orb_keeps_key_controls_and_path_mask)
{
	u32 guests = 0xf0000000 | 0x0f000000 | 0x00780000 | 0x0000a500 |
		     0x00000081;

	ccw1(PROGRAM, READ, 0, 8, DATA);
	start(guests | CPROG_ORB_FORMAT1, PROGRAM);
	/* Only that the host must be told of suspensions, whoever else is. */
	CHECK_EQ(guest.prog.host_flags, (guests & ~0x00080000) | 0x00830000);
	start(0x50000000 | FORMAT1, PROGRAM);
	CHECK_EQ(guest.prog.host_flags, 0x50000000 | FORMAT1 | IDAW2);
}

TEST(immediate_command_of_format_0_has_no_incorrect_length)
{
	ccw0(PROGRAM, CONTROL, CC, 8, DATA);
	ccw0(PROGRAM + 8, READ, 0, 8, DATA);
	start(FORMAT0, PROGRAM);
	CHECK_EQ(guest.prog.host_flags & CPROG_ORB_SUPPRESS,
		 CPROG_ORB_SUPPRESS);
	CHECK_EQ(RUN(NONE)->cpa, PROGRAM + 16);

	ccw1(PROGRAM, CONTROL, CC, 8, DATA);
	ccw1(PROGRAM + 8, READ, 0, 8, DATA);
	start(FORMAT1, PROGRAM);
	CHECK_EQ(guest.prog.host_flags & CPROG_ORB_SUPPRESS, 0);
	CHECK_EQ(RUN(NONE)->cpa, PROGRAM + 8);
}

TEST(ccw_of_format_1_keeps_code_flags_and_count)
{
	for (u32 flags = 0; flags < 0x100; flags++) {
		if (flags & (IDA | MIDA))
			continue;
		ccw1(PROGRAM, WRITE, flags, 0x1234, DATA + 0x123);
		ccw1(PROGRAM + 8, WRITE, 0, 1, DATA);
		start(FORMAT1, PROGRAM);
		if (flags & SUSPEND) {
			CHECK(host_refuses(PROGRAM));
			continue;
		}
		CHECK_EQ(host_ccw(PROGRAM).cmd, WRITE);
		CHECK_EQ(host_ccw(PROGRAM).flags, flags | IDA);
		CHECK_EQ(be16_to_cpu(host_ccw(PROGRAM).count), 0x1234);
		CHECK_EQ(host_idaw(PROGRAM, 0), DATA + 0x123);
	}
}

TEST(ccw_of_format_0_is_converted)
{
	ccw0(PROGRAM, 0x82, CC | SLI | PCI, 0x1234, DATA + 0x123);
	ccw0(PROGRAM + 8, SENSE, 0, 0xfedc, DATA + 1);
	start(FORMAT0, PROGRAM);
	CHECK_EQ(host_ccw(PROGRAM).cmd, 0x82);
	CHECK_EQ(host_ccw(PROGRAM).flags, CC | SLI | PCI | IDA);
	CHECK_EQ(be16_to_cpu(host_ccw(PROGRAM).count), 0x1234);
	CHECK_EQ(host_idaw(PROGRAM, 0), DATA + 0x123);
	CHECK_EQ(host_ccw(PROGRAM + 8).cmd, SENSE);
	CHECK_EQ(be16_to_cpu(host_ccw(PROGRAM + 8).count), 0xfedc);
	CHECK_EQ(guest.prog.host_flags & CPROG_ORB_FORMAT1, CPROG_ORB_FORMAT1);
}

TEST(F6_every_command_code_reaches_the_hardware)
{
	for (u32 cmd = 0; cmd < 0x100; cmd++) {
		if ((cmd & 0xf) == TIC)
			continue;
		ccw1(PROGRAM, cmd, 0, 8, DATA);
		start(FORMAT1, PROGRAM);
		CHECK_EQ(host_ccw(PROGRAM).cmd, cmd);
		ccw0(PROGRAM, cmd, 0, 8, DATA);
		start(FORMAT0, PROGRAM);
		CHECK_EQ(host_ccw(PROGRAM).cmd, cmd);
	}
}

TEST(commands_pin_for_storing_only_if_they_store)
{
	for (u32 cmd = 0; cmd < 0x100; cmd++) {
		bool stores = !(cmd & 1);

		if ((cmd & 0xf) == TIC || cmd == NOP)
			continue;
		ccw1(PROGRAM, cmd, 0, 8, DATA + 8);
		start(FORMAT1, PROGRAM);
		CHECK_EQ(guest.prog.used[CPROG_PAGE], 1);
		CHECK_EQ(guest.prog.page[0].what,
			 DATA + CPROG_PAGE_NEEDED +
			 (stores ? CPROG_PAGE_WRITE : 0));
	}
}

TEST(codes_that_resemble_a_tic_in_format_1_are_no_commands)
{
	for (u32 cmd = 0x18; cmd < 0x100; cmd += 0x10) {
		ccw1(PROGRAM, cmd, 0, 0, PROGRAM);
		start(FORMAT1, PROGRAM);
		/* Above all, no channel may take them for one. */
		CHECK(host_ccw(PROGRAM).cmd != cmd);
		CHECK_EQ(RUN(ALL)->end, MODEL_PROGRAM_CHECK);

		ccw1(PROGRAM, READ, CD, 8, DATA);
		ccw1(PROGRAM + 8, cmd, 0, 8, DATA + 8);
		start(FORMAT1, PROGRAM);
		CHECK_EQ(host_ccw(PROGRAM + 8).cmd, 0);
		CHECK_EQ(host_idaw(PROGRAM + 8, 0), DATA + 8);
		CHECK_EQ(RUN(ALL)->end, MODEL_DONE);
	}
}

TEST(no_operation_transfers_nothing)
{
	ccw1(PROGRAM, NOP, CC, 8, NOWHERE);
	ccw1(PROGRAM + 8, NOP, CC | IDA, 8, NOWHERE + 1);
	ccw1(PROGRAM + 16, NOP, 0, 0, 0);
	start(FORMAT1, PROGRAM);
	CHECK_EQ(guest.prog.used[CPROG_PAGE], 0);
	CHECK_EQ(host_idaw(PROGRAM, 0), SINK_WORD);
	CHECK_EQ(host_idaw(PROGRAM + 8, 32), SINK_WORD);
	CHECK_EQ(be16_to_cpu(host_ccw(PROGRAM).count), 8);
}

TEST(F5_skip_counts_for_what_stores_only)
{
	static const u8 honour[] = { READ, SENSE, READ_BACKWARD, 0xe4, 0x86 };
	static const u8 ignore[] = { WRITE, CONTROL, 0x0b, 0x63 };

	for (u32 i = 0; i < sizeof(honour); i++) {
		ccw1(PROGRAM, honour[i], SKIP, 100, DATA);
		start(FORMAT1, PROGRAM);
		CHECK_EQ(guest.prog.used[CPROG_PAGE], 0);
		CHECK_EQ(host_ccw(PROGRAM).flags, SKIP | IDA);
		CHECK_EQ(host_idaw(PROGRAM, 0), SINK_WORD);
	}
	for (u32 i = 0; i < sizeof(ignore); i++) {
		ccw1(PROGRAM, ignore[i], SKIP, 100, DATA);
		start(FORMAT1, PROGRAM);
		CHECK_EQ(host_ccw(PROGRAM).flags, SKIP | IDA);
		CHECK_EQ(host_idaw(PROGRAM, 0), DATA);
	}
	/* Under data chaining it is the earlier command that counts. */
	ccw1(PROGRAM, READ, CD, 8, DATA);
	ccw1(PROGRAM + 8, WRITE, SKIP | CD, 8, NOWHERE);
	ccw1(PROGRAM + 16, WRITE, 0, 8, DATA + 8);
	start(FORMAT1, PROGRAM);
	CHECK_EQ(host_idaw(PROGRAM + 8, 0), SINK_WORD);
	ccw1(PROGRAM, WRITE, CD, 8, DATA);
	ccw1(PROGRAM + 8, READ, SKIP, 8, DATA + PAGE);
	start(FORMAT1, PROGRAM);
	CHECK_EQ(host_idaw(PROGRAM + 8, 0), DATA + PAGE);
}

TEST(skipped_data_would_stay_within_the_sink)
{
	u32 list;

	ccw1(PROGRAM, READ_BACKWARD, SKIP | CC, 65535, DATA);
	ccw1(PROGRAM + 8, READ, SKIP, 65535, DATA);
	start(FORMAT1, PROGRAM);
	/* Should a channel transfer all the same: the last byte, then down. */
	list = be32_to_cpu(host_ccw(PROGRAM).cda) - HOST_IDAWS;
	for (u32 k = 0; k < 17; k++)
		CHECK_EQ(be64_to_cpu(guest.prog.idaw[0].word[list / 8 + k]),
			 HOST_SINK + PAGE - 1);
	list = be32_to_cpu(host_ccw(PROGRAM + 8).cda) - HOST_IDAWS;
	for (u32 k = 0; k < 17; k++)
		CHECK_EQ(be64_to_cpu(guest.prog.idaw[0].word[list / 8 + k]),
			 HOST_SINK);
}

TEST(F4_count_zero_gets_no_guest_address)
{
	/* 346022cc ..., cf200000 ... */
	ccw1(PROGRAM, 0x34, CC | SLI, 0x22cc, DATA);
	ccw1(PROGRAM + 8, 0xcf, SLI, 0, NOWHERE);
	start(FORMAT1, PROGRAM);
	CHECK_EQ(host_ccw(PROGRAM + 8).cmd, 0xcf);
	CHECK_EQ(host_ccw(PROGRAM + 8).flags, SLI | IDA);
	CHECK_EQ(host_ccw(PROGRAM + 8).count, 0);
	CHECK_EQ(host_idaw(PROGRAM + 8, 0), SINK_WORD);
	CHECK_EQ(RUN(ALL, END_NORMAL, ALL, END_CHECK)->device_status, 0x0e);
}

TEST(S16_nobody_looks_at_an_idal_that_nothing_is_transferred_by)
{
	ccw1(PROGRAM, READ, IDA | CC, 0, NOWHERE + 1);
	ccw1(PROGRAM + 8, READ, IDA | SKIP | CC, 4096, NOWHERE);
	ccw1(PROGRAM + 16, READ, IDA | SLI, 0, LIST);
	guest.count_reads = true;
	start(FORMAT1, PROGRAM);
	CHECK_EQ(guest_page(&guest, LIST)->reads[0], 0);
	CHECK_EQ(guest.prog.used[CPROG_PAGE], 0);
	CHECK_EQ(RUN(ALL, 0, ALL, 0, ALL)->end, MODEL_DONE);
}

TEST(count_zero_with_data_chaining_is_refused_by_the_hardware)
{
	ccw1(PROGRAM, READ, CD, 0, DATA);
	start(FORMAT1, PROGRAM);
	CHECK_EQ(host_ccw(PROGRAM).cmd, READ);
	CHECK_EQ(RUN(ALL)->end, MODEL_PROGRAM_CHECK);

	ccw1(PROGRAM, READ, CD, 8, DATA);
	ccw1(PROGRAM + 8, READ, 0, 0, DATA);
	start(FORMAT1, PROGRAM);
	CHECK_EQ(RUN(ALL)->end, MODEL_PROGRAM_CHECK);
	CHECK_EQ(RUN(ALL)->cpa, PROGRAM + 16);
}

TEST(F8_format_0_count_zero_and_what_a_tic_ignores)
{
	ccw0(PROGRAM, READ, CC, 8, DATA);
	ccw0(PROGRAM + 8, 0xb8, 0xff, 0x1234, PROGRAM + 0x20);
	ccw0(PROGRAM + 0x20, READ, CC, 8, DATA);
	ccw0(PROGRAM + 0x28, READ, 0, 0, DATA);
	start(FORMAT0, PROGRAM);
	CHECK_EQ(host_ccw(PROGRAM + 8).cmd, TIC);
	CHECK_EQ(host_ccw(PROGRAM + 8).flags, 0);
	CHECK_EQ(host_ccw(PROGRAM + 8).count, 0);
	CHECK(host_refuses(PROGRAM + 0x28));
	CHECK_EQ(RUN(ALL)->end, MODEL_PROGRAM_CHECK);
	CHECK_EQ(RUN(ALL)->cpa, PROGRAM + 0x30);
}

TEST(format_1_address_beyond_31_bits_is_refused)
{
	ccw1(PROGRAM, READ, CC, 8, DATA);
	ccw1(PROGRAM + 8, NOP, 0, 0, 0x80000000);
	start(FORMAT1, PROGRAM);
	CHECK(host_refuses(PROGRAM + 8));
	CHECK_EQ(RUN(ALL)->cpa, PROGRAM + 16);
}

TEST(S24_modified_idaws_without_orb_control_are_refused)
{
	static const u8 with[] = { 0, IDA, SKIP, CD, SLI };

	for (u32 i = 0; i < sizeof(with); i++) {
		ccw1(PROGRAM, READ, CC, 8, DATA);
		ccw1(PROGRAM + 8, READ, MIDA | with[i], 8, LIST);
		start(FORMAT1, PROGRAM);
		CHECK(host_refuses(PROGRAM + 8));
		CHECK_EQ(RUN(ALL)->cpa, PROGRAM + 16);
	}
	/* A TIC of format 0 has no flags. */
	ccw0(PROGRAM, READ, CC, 8, DATA);
	ccw0(PROGRAM + 8, TIC, MIDA, 0, PROGRAM);
	start(FORMAT0, PROGRAM);
	CHECK_EQ(host_ccw(PROGRAM + 8).cmd, TIC);
}

TEST(suspension_comes_before_a_look_at_the_data)
{
	ccw1(PROGRAM, READ, CC, 8, DATA);
	ccw1(PROGRAM + 8, READ, SUSPEND, 8, NOWHERE);
	start(FORMAT1 | CPROG_ORB_SUSPEND, PROGRAM);
	CHECK_EQ(RUN(ALL)->end, MODEL_SUSPENDED);
	CHECK_EQ(RUN(ALL)->cpa, PROGRAM + 16);
	start(FORMAT1, PROGRAM);
	CHECK_EQ(RUN(ALL)->end, MODEL_PROGRAM_CHECK);

	ccw1(PROGRAM + 8, READ, SUSPEND | IDA, 8, NOWHERE + 1);
	start(FORMAT1 | CPROG_ORB_SUSPEND, PROGRAM);
	CHECK_EQ(RUN(ALL)->end, MODEL_SUSPENDED);
}

TEST(P6_misaligned_program_address_is_refused_at_that_address)
{
	for (u32 off = 1; off < 8; off++) {
		ccw1(PROGRAM, READ, 0, 8, DATA);
		start(FORMAT1, PROGRAM + off);
		CHECK_EQ(guest.prog.used[CPROG_PAGE], 0);
		CHECK_EQ(RUN(ALL)->end, MODEL_PROGRAM_CHECK);
		CHECK_EQ(RUN(ALL)->cpa, PROGRAM + off + 8);
		CHECK_EQ(guest.reads, 0);
	}
}

TEST(program_address_without_storage_is_refused)
{
	start(FORMAT1, NOWHERE);
	CHECK_EQ(RUN(ALL)->cpa, NOWHERE + 8);
	start(FORMAT1, 0x7ffffff8);
	CHECK_EQ(RUN(ALL)->end, MODEL_PROGRAM_CHECK);
}

TEST(program_address_beyond_24_bits_is_refused_in_format_0)
{
	guest_add(&guest, 0x01000000, true);
	ccw0(0x01000000, READ, 0, 8, DATA);
	start(FORMAT0, 0x01000000);
	CHECK(host_refuses(0x01000000));
	CHECK_EQ(RUN(ALL)->cpa, 0x01000008);
	ccw1(0x01000000, READ, 0, 8, DATA);
	start(FORMAT1, 0x01000000);
	CHECK_EQ(RUN(ALL)->end, MODEL_DONE);
}

TEST(program_that_runs_out_of_addresses_is_refused_there)
{
	guest_add(&guest, 0x00fff000, true);
	guest_add(&guest, 0x01000000, true);
	ccw0(0x00fffff8, READ, CC, 8, DATA);
	ccw0(0x01000000, READ, 0, 8, DATA);
	start(FORMAT0, 0x00fffff8);
	CHECK_EQ(RUN(ALL)->end, MODEL_PROGRAM_CHECK);
	CHECK_EQ(RUN(ALL)->cpa, 0x01000008);

	guest_add(&guest, 0x7ffff000, true);
	guest_add(&guest, 0x80000000, true);
	ccw1(0x7ffffff8, READ, CC, 8, DATA);
	ccw1(0x80000000, READ, 0, 8, DATA);
	start(FORMAT1, 0x7ffffff8);
	CHECK_EQ(RUN(ALL)->end, MODEL_PROGRAM_CHECK);
	CHECK_EQ(RUN(ALL)->cpa, 8);
}

TEST(P7_program_in_the_last_bytes_of_storage_runs)
{
	for (u32 n = 1; n <= 3; n++) {
		u32 addr = PROGRAM + 2 * PAGE - 8 * n;

		guest.reads = 0;
		for (u32 i = 0; i < n; i++)
			ccw1(addr + 8 * i, READ, i + 1 < n ? CC : 0, 8, DATA);
		start(FORMAT1, addr);
		CHECK_EQ(RUN(ALL)->end, MODEL_DONE);
		/* And only what the program names: not behind its end. */
		CHECK_EQ(guest.prog.used[CPROG_CCW], n + (n > 1));
	}
}

TEST(S17_bad_ccw_matters_only_if_the_program_gets_there)
{
	ccw1(PROGRAM, READ, CC, 8, DATA);
	ccw1(PROGRAM + 8, WRITE, CC, 8, NOWHERE);
	ccw1(PROGRAM + 16, MIDA, MIDA, 8, DATA);
	start(FORMAT1, PROGRAM);
	CHECK_EQ(RUN(ALL, END_CHECK)->end, MODEL_DONE);
	CHECK_EQ(RUN(ALL, END_CHECK)->cpa, PROGRAM + 8);
	CHECK_EQ(RUN(ALL)->end, MODEL_PROGRAM_CHECK);
	CHECK_EQ(RUN(ALL)->cpa, PROGRAM + 16);
	CHECK_EQ(RUN(ALL, END_SKIP)->cpa, PROGRAM + 24);
}
