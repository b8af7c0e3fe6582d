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

#endif
