/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What befalls a machine: channel paths that are varied, go and come back,
 * subchannels that vanish, instructions that fail. All but the first by
 * cio_test.ko.
 *
 * Functions return 0 or a negative errno unless they say otherwise.
 */
#ifndef SELFTEST_MACHINE_H
#define SELFTEST_MACHINE_H

/* The number of the subchannel's channel path, if there is exactly one that can be varied. */
int machine_path(void);
/* What the operator does, "on" or "off". */
int machine_vary(int path, const char *how);

/* Load cio_test.ko; -ENOENT if there is none (see module.h). */
int machine_load(void);
/* Take back what it was told to do, and unload it. */
int machine_unload(void);

int machine_path_lost(int path);
int machine_path_back(int path);
/* Both in turn, @times in all, for the subchannel's driver alone. */
int machine_path_storm(int path, int times);
/* Something has befallen the subchannel: have the css layer look. */
int machine_evaluate(void);
/* The next calls of a kernel function are not made, but answered. Takes back the one before. */
int machine_answer(const char *function, int result, int times);
/* How often that has happened. */
int machine_answered(void);

#endif
