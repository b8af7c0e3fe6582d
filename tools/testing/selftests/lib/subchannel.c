// SPDX-License-Identifier: GPL-2.0
/* Taking a subchannel from its driver and giving it back */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <dirent.h>
#include <unistd.h>

#include "machine.h"
#include "subchannel.h"
#include "sysfs.h"

#define DEVICES "/sys/bus/css/devices"
#define DRIVERS "/sys/bus/css/drivers"
#define DRIVER "vfio_ccw"
#define TYPE "vfio_ccw-io"

#define EXIT_SKIP 4
#define ONLINE_MS 20000
#define RECOGNISE_MS 5000

static char bus_id[32];
static char uuid[40];

/* What to put back at the end */
static char old_driver[64];
static char old_override[80];
static char ccw_device[64];	/* was online on the host under this name */
static int path_on = -1;	/* was not varied off */

const char *subchannel_id(void)
{
	return bus_id;
}

const char *subchannel_uuid(void)
{
	return uuid;
}

bool subchannel_is(const char *name)
{
	const char *dev = getenv("VFIO_CCW_DEV");

	return dev && !strcmp(dev, name);
}

char *subchannel_path(char path[SCH_PATH], const char *attribute)
{
	snprintf(path, SCH_PATH, DEVICES "/%s/%s", bus_id, attribute);
	return path;
}

char *subchannel_type_path(char path[SCH_PATH], const char *attribute)
{
	snprintf(path, SCH_PATH, DEVICES "/%s/mdev_supported_types/" TYPE "/%s", bus_id,
		 attribute);
	return path;
}

char *subchannel_mdev_path(char path[SCH_PATH], const char *attribute)
{
	snprintf(path, SCH_PATH, DEVICES "/%s/%s/%s", bus_id, uuid, attribute);
	return path;
}

static int driver_of(char *name, size_t size)
{
	char path[SCH_PATH];
	int ret = sysfs_link(subchannel_path(path, "driver"), name, size);

	if (ret == -ENOENT)
		*name = '\0';
	return ret == -ENOENT ? 0 : ret;
}

static bool has_ccw_device(void)
{
	char path[SCH_PATH];
	struct dirent *entry;
	bool found = false;
	DIR *dir;

	dir = opendir(subchannel_path(path, ""));
	if (!dir)
		return false;
	while (!found && (entry = readdir(dir)))
		found = strchr("0123456789abcdef", *entry->d_name) &&
			snprintf(path, sizeof(path), "/sys/bus/ccw/devices/%s", entry->d_name) <
				(int)sizeof(path) && sysfs_exists(path);
	closedir(dir);
	return found;
}

/*
 * The host's driver finds out by channel programs what is there, and goes on with
 * that when it is unbound meanwhile: then it uses the next driver's data as its own.
 */
static void let_recognise(void)
{
	int ms;

	subchannel_settle();
	for (ms = 0; ms < RECOGNISE_MS && !has_ccw_device(); ms++)
		usleep(1000);
	subchannel_settle();
}

static int bind_to(const char *driver)
{
	char path[SCH_PATH], now[64];
	int ret;

	ret = driver_of(now, sizeof(now));
	if (ret || !strcmp(now, driver))
		return ret;
	if (*now) {
		if (strcmp(now, DRIVER))
			let_recognise();
		snprintf(path, sizeof(path), DRIVERS "/%s/unbind", now);
		ret = sysfs_write(path, bus_id);
		if (ret)
			return ret;
	}
	if (!*driver)
		return 0;
	/* The override decides over the match, also for the bus's own probing. */
	ret = sysfs_write(subchannel_path(path, "driver_override"),
			  strcmp(driver, DRIVER) ? old_override : DRIVER);
	if (ret)
		return ret;
	snprintf(path, sizeof(path), DRIVERS "/%s/bind", driver);
	ret = sysfs_write(path, bus_id);
	/* Clearing the override may have made the bus probe already. */
	if (ret == -EBUSY || ret == -ENODEV) {
		if (!driver_of(now, sizeof(now)) && !strcmp(now, driver))
			ret = 0;
	}
	return ret;
}

int subchannel_settle(void)
{
	return sysfs_write("/proc/cio_settle", "1");
}

int subchannel_bind(void)
{
	return bind_to(DRIVER);
}

int subchannel_unbind(void)
{
	return bind_to("");
}

int subchannel_mdev_remove(void)
{
	char path[SCH_PATH];

	return sysfs_write(subchannel_mdev_path(path, "remove"), "1");
}

int subchannel_mdev_create(void)
{
	char path[SCH_PATH];
	int ret;

	if (sysfs_exists(subchannel_mdev_path(path, "remove"))) {
		ret = subchannel_mdev_remove();
		if (ret)
			return ret;
	}
	return sysfs_write(subchannel_type_path(path, "create"), uuid);
}

/* The host must not be using the device: take it offline as chccwdev does. */
static int go_offline(void)
{
	char path[SCH_PATH], text[8];
	struct dirent *entry;
	DIR *dir;
	int ret = 0;

	dir = opendir(subchannel_path(path, ""));
	if (!dir)
		return -errno;
	while (!ret && (entry = readdir(dir))) {
		if (snprintf(path, sizeof(path), "/sys/bus/ccw/devices/%s/online",
			     entry->d_name) >= (int)sizeof(path))
			continue;
		if (sysfs_read(path, text, sizeof(text)) || strcmp(text, "1"))
			continue;
		snprintf(ccw_device, sizeof(ccw_device), "%.63s", entry->d_name);
		ret = sysfs_write(path, "0");
	}
	closedir(dir);
	return ret;
}

static int take(void)
{
	char path[SCH_PATH], text[64];
	int ret;

	ret = sysfs_read("/proc/sys/kernel/random/uuid", uuid, sizeof(uuid));
	if (ret)
		return ret;
	ret = driver_of(old_driver, sizeof(old_driver));
	if (ret)
		return ret;
	ret = sysfs_read(subchannel_path(path, "driver_override"), text, sizeof(text));
	if (ret)
		return ret;
	snprintf(old_override, sizeof(old_override), "%s\n",
		 strcmp(text, "(null)") ? text : "");
	path_on = machine_path();
	if (path_on >= 0 && machine_path_is_off(path_on))
		path_on = -1;
	/* Nothing to save if a run that was killed left it bound. */
	if (!strcmp(old_driver, DRIVER)) {
		snprintf(old_driver, sizeof(old_driver), "io_subchannel");
		snprintf(old_override, sizeof(old_override), "\n");
		return 0;
	}
	/* Its driver may still be finding out what is there. */
	ret = subchannel_settle();
	if (!ret)
		ret = go_offline();
	return ret ? ret : subchannel_bind();
}

/*
 * The device is back when io_subchannel has found out what it is; some drivers
 * then go online by themselves, so whoever is first is right.
 */
static int go_online(void)
{
	char path[SCH_PATH], text[8];
	int ret, ms;

	snprintf(path, sizeof(path), "/sys/bus/ccw/devices/%s/online", ccw_device);
	for (ms = 0; ms < ONLINE_MS; ms += 10) {
		ret = sysfs_read(path, text, sizeof(text));
		if (!ret && !strcmp(text, "1"))
			return 0;
		ret = sysfs_write(path, "1");
		if (ret)
			usleep(10000);
	}
	return ret;
}

static int give_back(void)
{
	char path[SCH_PATH];
	int ret = 0, err;

	/* What has gone is nobody's to be given back. */
	if (!sysfs_exists(subchannel_path(path, "driver_override")))
		return 0;
	if (sysfs_exists(subchannel_mdev_path(path, "remove")))
		ret = subchannel_mdev_remove();
	/* A test that was killed did not, and its driver would find no device. */
	machine_answer_no_more();
	if (path_on >= 0 && machine_path_is_off(path_on))
		machine_vary(path_on, "on");
	err = bind_to(old_driver);
	if (!ret)
		ret = err;
	err = *ccw_device ? go_online() : 0;
	return ret ? ret : err;
}

static int complain(const char *what, int err)
{
	printf("Bail out! subchannel %s: %s: %s\n", bus_id, what, strerror(-err));
	return EXIT_FAILURE;
}

static int run_child(int argc, char **argv, int (*harness)(int argc, char **argv))
{
	int status;
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (pid < 0)
		return complain("fork", -errno);
	if (!pid)
		exit(harness(argc, argv));
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return complain("wait", -errno);
	if (WIFEXITED(status))
		return WEXITSTATUS(status);
	printf("Bail out! the harness died of signal %d\n", WTERMSIG(status));
	return EXIT_FAILURE;
}

int subchannel_main(int argc, char **argv, int (*harness)(int argc, char **argv))
{
	const char *id = getenv("VFIO_CCW_SCH");
	char path[SCH_PATH];
	int ret, err;

	if (!id || !*id) {
		printf("1..0 # SKIP VFIO_CCW_SCH names no subchannel\n");
		return EXIT_SKIP;
	}
	snprintf(bus_id, sizeof(bus_id), "%s", id);
	if (!sysfs_exists(subchannel_path(path, "driver_override")))
		return complain("not on the css bus", -ENODEV);
	if (!sysfs_exists(DRIVERS "/" DRIVER))
		return complain(DRIVER " is not loaded", -ENOENT);

	/* An interrupt from the terminal ends the child; we still have to give back. */
	signal(SIGINT, SIG_IGN);
	signal(SIGTERM, SIG_IGN);
	err = take();
	ret = err ? complain("cannot be taken", err) : run_child(argc, argv, harness);
	err = give_back();
	if (err && !ret)
		ret = complain("cannot be given back", err);
	return ret;
}

int subchannel_main_for(const char *device, int argc, char **argv,
			int (*harness)(int argc, char **argv))
{
	if (!subchannel_is(device)) {
		printf("1..0 # SKIP needs VFIO_CCW_DEV=%s\n", device);
		return EXIT_SKIP;
	}
	return subchannel_main(argc, argv, harness);
}
