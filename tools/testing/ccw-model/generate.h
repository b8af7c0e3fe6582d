/* SPDX-License-Identifier: GPL-2.0 */
/* Channel programs out of bytes, for the random tests and the fuzzer. */
#ifndef CCW_MODEL_GENERATE_H
#define CCW_MODEL_GENERATE_H

#include "guest.h"
#include "model.h"

/**
 * struct generated - a program, and what is to become of it
 * @guest: has it in its storage
 * @flags: ORB word 1
 * @cpa: address of the first CCW
 * @script: what the device does: the bytes that are left
 */
struct generated {
	struct guest *guest;
	u32 flags;
	u32 cpa;
	struct model_script script;
};

void generate(struct generated *to, const u8 *byte, size_t size);

/**
 * struct checked - what check_bytes() did
 * @programs: number of programs
 * @runs: number of runs of these
 * @deviations: how many of the runs ended early, as documented
 * @ended: how the guest's program ended, by enum model_end
 * @commands: number of commands that devices got from it
 * @suspensions: how often it was suspended
 * @breaks: how often the host's was, without the guest knowing
 */
struct checked {
	u64 programs;
	u64 runs;
	u64 deviations;
	u64 ended[4];
	u64 commands;
	u64 suspensions;
	u64 breaks;
};

bool check_bytes(const u8 *byte, size_t size, struct checked *sum);

#endif
