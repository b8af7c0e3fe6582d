/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the tests of the mediated-device bus share: the parents and gates of
 * mdev_test.ko, writers in the background, and a starting point that a failed
 * test cannot spoil for the next one.
 */
#ifndef MDEV_UTIL_H
#define MDEV_UTIL_H

#include <pthread.h>
#include <stdbool.h>
#include <sys/types.h>

#include "sysfs.h"

#define COUNTED "/sys/devices/platform/mdev_test.0"
#define OWN "/sys/devices/platform/mdev_test.1"
#define TYPES "/mdev_supported_types"
#define SMALL COUNTED TYPES "/mdev_test-small"
#define PLAIN COUNTED TYPES "/mdev_test-plain"
#define OWN_TYPE OWN TYPES "/mdev_test-own"
#define DRIVER "/sys/bus/platform/drivers/mdev_test"
#define MDEVS "/sys/bus/mdev/devices"
#define MDEV_DRIVERS "/sys/bus/mdev/drivers"
#define GATES "/sys/module/mdev_test/parameters"

/* What mdev_test.ko can give out, per parent. */
#define INSTANCES 2

#define UUID_A "c0ffee00-aaaa-4bbb-8ccc-0123456789ab"
#define UUID_A_UPPER "C0FFEE00-AAAA-4BBB-8CCC-0123456789AB"
#define UUID_B "c0ffee00-aaaa-4bbb-8ccc-0123456789ac"
#define UUID_C "c0ffee00-aaaa-4bbb-8ccc-0123456789ad"
#define UUID_LEN 36

/* The text of a file is @value; says what it is if it is not. */
bool sysfs_is(const char *path, const char *value);
/* The number in a file, or a negative errno. */
int sysfs_number(const char *path);
/* Permission bits of a file, or a negative errno. */
int mode_of(const char *path);
/* The last element of what a link points to is @name; says so if not. */
bool links_to(const char *path, const char *name);

/* 0 or a negative errno */
int create(const char *type, const char *uuid);
int remove_mdev(const char *uuid);
int bind_parent(const char *parent);
int unbind_parent(const char *parent);

/*
 * Wait until @value is in the file; false after 20 s. mdev_test.ko and the
 * driver core have no file to poll() for these.
 */
bool wait_for(const char *path, const char *value);

/* A write that may block, in a thread. */
struct writer {
	const char *path;
	const char *value;
	pthread_t thread;
	pid_t tid;
	int ret;
	bool done;
};

bool writer_start(struct writer *writer, const char *path, const char *value);
/* Wait until the writer sleeps in the kernel; false when it does not. */
bool writer_blocks(struct writer *writer);
/* Wait for the end of the write: 0 or a negative errno. */
int writer_join(struct writer *writer);

/*
 * Both parents bound, no devices, no gates held: true. Waits for what a test
 * before has left under way. false, with the reason on stderr, if impossible.
 */
bool start_clean(void);

#endif /* MDEV_UTIL_H */
