/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What befalls a machine: channel paths that are varied, go and come back,
 * devices that are detached, instructions that fail. All but the first by
 * cio_test.ko; detaching under Hercules by hercules_test.ko, and then for real.
 *
 * VFIO_CCW_HERCULES	this is Hercules, and so its panel would attach the device
 *			again: "0190 3390 ./disk.img"
 *
 * Functions return 0 or a negative errno unless they say otherwise.
 */
#ifndef SELFTEST_MACHINE_H
#define SELFTEST_MACHINE_H

#include <stdbool.h>

/* The number of the subchannel's channel path, if there is exactly one that can be varied. */
int machine_path(void);
/* What the operator does, "on" or "off". */
int machine_vary(int path, const char *how);
bool machine_path_is_off(int path);

/* Load the module; -ENOENT if there is none (see module.h). */
int machine_load(void);
/* Take back what it was told to do, and unload it. */
int machine_unload(void);

int machine_path_lost(int path);
int machine_path_back(int path);
/* Both in turn, @times in all, for the subchannel's driver alone. */
int machine_path_storm(int path, int times);
/* The subchannel's driver is told that the system goes down. */
int machine_shutdown(void);
/* The next calls of a kernel function are not made, but answered. Takes back the one before. */
int machine_answer(const char *function, int result, int times);
/* How often that has happened. */
int machine_answered(void);
/* From now on they are made. */
int machine_answer_no_more(void);

/* Only then a device that is detached takes what runs there along. */
bool machine_detaches_really(void);
/* The device goes, and the css layer is told, which then asks for it back. */
int machine_detach(void);
/* It is there again; returns when the host has found it. */
int machine_attach(void);

#endif
