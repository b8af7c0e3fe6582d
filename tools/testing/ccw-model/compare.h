/* SPDX-License-Identifier: GPL-2.0 */
/* Runs the guest's program and the translated one side by side. */
#ifndef CCW_MODEL_COMPARE_H
#define CCW_MODEL_COMPARE_H

#include "guest.h"
#include "model.h"

/**
 * enum verdict - how the two compare
 * @SAME: the guest cannot tell the difference
 * @DEVIATES: the host's program ended early, where the documentation says so
 * @DIFFERS: the host's program does something else
 * @UNSAFE: it touches what it must not touch
 */
enum verdict { SAME, DEVIATES, DIFFERS, UNSAFE };

enum verdict compare_runs(struct guest *guest, u32 flags, u32 cpa,
			  struct model_script script, bool lenient);
enum verdict run_host(struct guest *guest, u32 flags,
		      struct model_script script, bool lenient,
		      struct model_run *run);
u32 last_host_breaks(void);
void run_guest(struct guest *guest, u32 flags, u32 cpa,
	       struct model_script script, struct model_run *run);
const struct model_run *last_guest_run(void);
void print_runs(void);

#endif
