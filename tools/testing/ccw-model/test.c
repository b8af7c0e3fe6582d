// SPDX-License-Identifier: GPL-2.0
/* What the unit tests of the translator share. */
#include "test.h"

#define SCRIPTS		60
#define SCRIPT_LENGTH	40

struct guest guest;

const char *const test_subject = "translator";

static u32 orb_flags, orb_cpa;

void ccw0(u32 addr, u8 cmd, u8 flags, u16 count, u32 cda)
{
	u8 raw[8] = { cmd, cda >> 16, cda >> 8, cda, flags, 0x5a, count >> 8,
		      count };

	guest_store(&guest, addr, raw, 8);
}

void ccw1(u32 addr, u8 cmd, u8 flags, u16 count, u32 cda)
{
	struct cprog_ccw1 ccw = { cmd, flags, cpu_to_be16(count),
				  cpu_to_be32(cda) };

	guest_store(&guest, addr, &ccw, sizeof(ccw));
}

void idaw1(u32 addr, u32 word)
{
	__be32 raw = cpu_to_be32(word);

	guest_store(&guest, addr, &raw, sizeof(raw));
}

void idaw2(u32 addr, u64 word)
{
	__be64 raw = cpu_to_be64(word);

	guest_store(&guest, addr, &raw, sizeof(raw));
}

static void compare(struct model_script script, bool lenient, bool odd)
{
	enum verdict verdict = compare_runs(&guest, orb_flags, orb_cpa, script,
					    lenient);

	if (verdict == SAME || (odd && verdict == DEVIATES))
		return;
	test_fail();
	print_runs();
}

static void start_any(u32 flags, u32 cpa, bool odd)
{
	u64 random = 0x2545f4914f6cdd1dULL;

	orb_flags = flags;
	orb_cpa = cpa;
	CHECK_EQ(guest_translate(&guest, flags, cpa), 0);
	guest_bind(&guest, &guest.prog);

	for (u32 i = 0; i < SCRIPTS && !test_has_failed(); i++) {
		u8 byte[SCRIPT_LENGTH];

		for (u32 k = 0; k < SCRIPT_LENGTH; k++) {
			random ^= random << 13;
			random ^= random >> 7;
			random ^= random << 17;
			/* Most devices do what they are asked, mostly. */
			byte[k] = random % 64 < i ? random >> 56 : 0;
		}
		compare((struct model_script){ byte, SCRIPT_LENGTH }, i & 1,
			odd);
	}
}

void start(u32 flags, u32 cpa)
{
	start_any(flags, cpa, false);
}

void start_odd(u32 flags, u32 cpa)
{
	start_any(flags, cpa, true);
}

const struct model_run *run(const u8 *byte, size_t bytes)
{
	static struct model_run result;
	struct model_script script = { byte, bytes };

	compare(script, false, false);
	run_guest(&guest, orb_flags, orb_cpa, script, &result);
	return &result;
}

u32 host_slot(u32 addr)
{
	u32 slot = 0;

	if (!cprog_find(&guest.prog, addr, &slot))
		test_failed(__FILE__, __LINE__, "CCW of the program", addr, 0);
	return slot;
}

struct cprog_ccw1 host_ccw(u32 addr)
{
	return guest.prog.host[host_slot(addr)];
}

/* Invalid in each way that the architecture knows. */
static bool is_refused(struct cprog_ccw1 ccw)
{
	return !ccw.cmd && !ccw.flags && !ccw.count &&
	       be32_to_cpu(ccw.cda) >> 31;
}

bool host_refuses(u32 addr)
{
	return is_refused(host_ccw(addr));
}

u64 host_idaw(u32 addr, u32 k)
{
	struct cprog *prog = &guest.prog;
	u32 list = be32_to_cpu(host_ccw(addr).cda) - HOST_IDAWS;
	u64 word, mapped;

	CHECK(host_ccw(addr).flags & IDA);
	word = be64_to_cpu(prog->idaw[list / HOST_IDAWS_STEP]
			   .word[list % HOST_IDAWS_STEP / 8 + k]);
	if (word == CPROG_IDAW_REFUSED)
		return REFUSED_WORD;
	if (word / PAGE == HOST_SINK / PAGE)
		return SINK_WORD;
	if (!cprog_guest_data(prog, word, &mapped))
		test_failed(__FILE__, __LINE__, "IDAW", word, 0);
	return mapped;
}

const struct cprog_page *host_page(u64 addr, bool write)
{
	struct cprog *prog = &guest.prog;

	for (u32 i = 0; i < prog->used[CPROG_PAGE]; i++)
		if ((prog->page[i].what & ~CPROG_PAGE_NEEDED) ==
		    addr / PAGE * PAGE + (write ? CPROG_PAGE_WRITE : 0))
			return &prog->page[i];
	return NULL;
}

void test_set_up(void)
{
	guest_init(&guest);
	for (u32 i = 0; i < 2; i++) {
		guest_add(&guest, PROGRAM + i * PAGE, true);
		guest_add(&guest, LIST + i * PAGE, true);
		guest_add(&guest, HIGH + i * PAGE, true);
	}
	for (u32 i = 0; i < 16; i++)
		guest_add(&guest, DATA + i * PAGE, true);
	guest_add(&guest, ROM, false);
}

void test_tear_down(void)
{
	guest_free(&guest);
}
