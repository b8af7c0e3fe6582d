// SPDX-License-Identifier: GPL-2.0
/* One random program: everything that must hold for it. */
#include <errno.h>
#include <stdio.h>

#include "compare.h"
#include "generate.h"

#define SCRIPTS	4

static struct guest guest;

static void count_run(const struct model_run *run, struct checked *sum)
{
	sum->ended[run->end]++;
	for (u32 i = 0; i < run->events; i++) {
		sum->commands += run->event[i].kind == MODEL_COMMAND;
		sum->suspensions += run->event[i].kind == MODEL_SUSPENSION;
	}
}

/* Each run uses other bytes, so that devices get to do different things. */
static bool run_scripts(const struct generated *program, struct checked *sum)
{
	static struct model_run run;
	struct model_script script = program->script;

	for (u32 i = 0; i < SCRIPTS; i++) {
		bool lenient = i & 1;
		enum verdict verdict;

		if (guest.noise) {
			verdict = run_host(&guest, program->flags, script,
					   lenient, &run);
		} else {
			verdict = compare_runs(&guest, program->flags,
					       program->cpa, script, lenient);
			count_run(last_guest_run(), sum);
			sum->breaks += last_host_breaks();
		}
		sum->runs++;
		if (verdict == DEVIATES) {
			sum->deviations++;
		} else if (verdict != SAME) {
			print_runs();
			return false;
		}
		if (script.left > 3) {
			script.byte += script.left / 4;
			script.left -= script.left / 4;
		}
	}
	return true;
}

/**
 * check_bytes() - Check a program made of bytes.
 * @byte: the bytes; the first one says what else happens
 * @size: how many they are
 * @sum: counts are added up there
 *
 * Return: Whether all is well.
 */
bool check_bytes(const u8 *byte, size_t size, struct checked *sum)
{
	struct generated program = { .guest = &guest };
	u8 mode = size ? *byte : 0;
	u32 fail_grow = 0, fail_read = 0;
	bool good = true;
	int ret;

	guest_init(&guest);
	generate(&program, byte + !!size, size - !!size);
	/* The guest changes its storage meanwhile, or the host has a problem. */
	if (mode >= 0xc0)
		guest.noise = 0x9e3779b97f4a7c15ULL + mode;
	if (mode >= 0xa0 && mode < 0xb0)
		fail_grow = 1 + (mode & 0xf);
	if (mode >= 0xb0 && mode < 0xc0)
		fail_read = 1 + (mode & 0xf);
	guest.fail_grow = fail_grow;
	guest.fail_read = fail_read;

	ret = guest_translate(&guest, program.flags, program.cpa);
	sum->programs++;
	guest.fail_grow = 0;
	guest.fail_read = 0;
	if (!ret) {
		guest_bind(&guest, &guest.prog);
		good = run_scripts(&program, sum);
	} else if (!(ret == -ENOMEM && guest.grows == fail_grow) &&
		   !(ret == -EIO && guest.reads == fail_read)) {
		fprintf(stderr, "translation failed: %d\n", ret);
		good = false;
	}
	guest_free(&guest);
	return good;
}
