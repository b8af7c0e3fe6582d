/* SPDX-License-Identifier: GPL-2.0 */
/* How much of this process's memory is locked, as pages pinned for devices are. */
#ifndef SELFTESTS_LOCKED_H
#define SELFTESTS_LOCKED_H

#include <stdbool.h>

/* In KiB. */
long locked_kib(void);

/*
 * Nothing is locked, or soon nothing is: a driver may keep pages for the next
 * program, for a short while.
 */
bool storage_unlocked(void);

/*
 * Give up what lets this process lock any amount of memory: 0 or a negative errno.
 * Type 1 looks at that when storage is mapped.
 */
int locked_obey_limit(void);

#endif
