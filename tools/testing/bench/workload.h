/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The channel programs that are measured
 *
 * They have the shapes of what guests run, made of commands that every virtio
 * device of QEMU takes without a change to itself.
 */
#ifndef BENCH_WORKLOAD_H
#define BENCH_WORKLOAD_H

#include "program.h"

struct workload {
	const char *name;
	/* Build it in storage that is the workload's alone: 0 or a negative errno. */
	int (*build)(struct ccw_prog *prog, struct ccw_mem *mem, unsigned int size);
	unsigned int size;	/* for @build */
	bool ours_only;		/* the kernel's own driver refuses it */
};

/* Ends with an entry that has no name. The first one is SENSE ID. */
extern const struct workload workloads[];

/* Guest storage that each of them needs, at most, below 2 GiB. */
#define WORKLOAD_STORAGE	(16u << 20)

#endif
