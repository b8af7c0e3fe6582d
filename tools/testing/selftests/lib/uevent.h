/* SPDX-License-Identifier: GPL-2.0 */
/* Kernel uevents, as udev hears them */
#ifndef SELFTEST_UEVENT_H
#define SELFTEST_UEVENT_H

#include <stdbool.h>

/* A socket that hears all uevents from now on, or a negative errno. */
int uevent_open(void);

/*
 * Wait for an event of the device whose path ends in @device, with @action and,
 * unless NULL, with a line @variable ("NAME=value"). Others are dropped.
 */
bool uevent_wait(int fd, const char *device, const char *action, const char *variable, int ms);

#endif
