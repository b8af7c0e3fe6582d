/* SPDX-License-Identifier: GPL-2.0 */
/* Reading and writing sysfs attributes; 0 or a negative errno */
#ifndef SELFTEST_SYSFS_H
#define SELFTEST_SYSFS_H

#include <stdbool.h>
#include <stddef.h>

/* Bytes as they are, in one write. */
int sysfs_write_bytes(const char *path, const char *value, size_t size);
int sysfs_write(const char *path, const char *value);
/* The text without its last newline. */
int sysfs_read(const char *path, char *text, size_t size);
bool sysfs_exists(const char *path);
/* The last element of what a symbolic link points to. */
int sysfs_link(const char *path, char *name, size_t size);

#endif
