/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The subchannel under test: lent to vfio_ccw, and given back whatever happens
 *
 * VFIO_CCW_SCH	its bus id, such as 0.0.0003
 * VFIO_CCW_DEV	what sits there: virtio-blk, virtio-rng, 3270, dasd
 *
 * A test program's main() is subchannel_main(): it takes the device from its
 * driver, runs the harness in a child, and undoes everything afterwards, also
 * when tests were killed.
 */
#ifndef SELFTEST_SUBCHANNEL_H
#define SELFTEST_SUBCHANNEL_H

#include <stdbool.h>
#include <stddef.h>

#define SCH_PATH 256

/* Run @harness between taking and giving back; the exit status of the program. */
int subchannel_main(int argc, char **argv, int (*harness)(int argc, char **argv));

/* The same for tests of one kind of device: on any other, all of them skip. */
int subchannel_main_for(const char *device, int argc, char **argv,
			int (*harness)(int argc, char **argv));

const char *subchannel_id(void);
const char *subchannel_uuid(void);
/* What the environment says sits there is @name. */
bool subchannel_is(const char *name);

/* A path below the subchannel's directory, or below its mdev type's. Returns @path. */
char *subchannel_path(char path[SCH_PATH], const char *attribute);
char *subchannel_type_path(char path[SCH_PATH], const char *attribute);
char *subchannel_mdev_path(char path[SCH_PATH], const char *attribute);

/* 0 or a negative errno; binding what is bound, or unbinding what is not, is no error. */
int subchannel_bind(void);
int subchannel_unbind(void);

/* Wait until the css layer has found out what there is: 0 or a negative errno. */
int subchannel_settle(void);

/* The mediated device of this test program; a leftover of a killed test is removed first. */
int subchannel_mdev_create(void);
int subchannel_mdev_remove(void);

#endif
