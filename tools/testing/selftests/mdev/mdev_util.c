// SPDX-License-Identifier: GPL-2.0-only
/*
 * Helpers of the tests of the mediated-device bus, see mdev_util.h.
 */
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "mdev_util.h"

#define PATIENCE_MS 20000

bool sysfs_is(const char *path, const char *value)
{
	char text[256];
	int ret = sysfs_read(path, text, sizeof(text));

	if (!ret && !strcmp(text, value))
		return true;
	fprintf(stderr, "# %s: '%s', want '%s'\n", path,
		ret ? strerror(-ret) : text, value);
	return false;
}

int sysfs_number(const char *path)
{
	char text[32];
	int ret = sysfs_read(path, text, sizeof(text));

	return ret ?: atoi(text);
}

int mode_of(const char *path)
{
	struct stat st;

	return stat(path, &st) ? -errno : (int)(st.st_mode & 07777);
}

bool links_to(const char *path, const char *name)
{
	char text[NAME_MAX + 1];
	int ret = sysfs_link(path, text, sizeof(text));

	if (!ret && !strcmp(text, name))
		return true;
	fprintf(stderr, "# %s -> '%s', want '%s'\n", path,
		ret ? strerror(-ret) : text, name);
	return false;
}

int create(const char *type, const char *uuid)
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s/%s", type, "create");
	return sysfs_write(path, uuid);
}

int remove_mdev(const char *uuid)
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), MDEVS "/%s/remove", uuid);
	return sysfs_write(path, "1");
}

int bind_parent(const char *parent)
{
	return sysfs_write(DRIVER "/bind", strrchr(parent, '/') + 1);
}

int unbind_parent(const char *parent)
{
	return sysfs_write(DRIVER "/unbind", strrchr(parent, '/') + 1);
}

static long now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

bool wait_for(const char *path, const char *value)
{
	long end = now_ms() + PATIENCE_MS;
	char text[64];

	do {
		if (!sysfs_read(path, text, sizeof(text)) &&
		    !strcmp(text, value))
			return true;
		usleep(1000);
	} while (now_ms() < end);

	fprintf(stderr, "# %s did not become '%s'\n", path, value);
	return false;
}

static void *writer_run(void *arg)
{
	struct writer *writer = arg;

	__atomic_store_n(&writer->tid, syscall(SYS_gettid), __ATOMIC_RELEASE);
	writer->ret = sysfs_write(writer->path, writer->value);
	__atomic_store_n(&writer->done, true, __ATOMIC_RELEASE);
	return NULL;
}

bool writer_start(struct writer *writer, const char *path, const char *value)
{
	memset(writer, 0, sizeof(*writer));
	writer->path = path;
	writer->value = value;
	return !pthread_create(&writer->thread, NULL, writer_run, writer);
}

bool writer_blocks(struct writer *writer)
{
	long end = now_ms() + PATIENCE_MS;
	char path[64], text[512], *state;
	pid_t tid;

	do {
		if (__atomic_load_n(&writer->done, __ATOMIC_ACQUIRE)) {
			fprintf(stderr, "# write to %s ended: %d\n",
				writer->path, writer->ret);
			return false;
		}
		tid = __atomic_load_n(&writer->tid, __ATOMIC_ACQUIRE);
		snprintf(path, sizeof(path), "/proc/self/task/%d/stat", tid);
		if (tid && !sysfs_read(path, text, sizeof(text))) {
			state = strrchr(text, ')');
			/* D: uninterruptible, I: the same and idle */
			if (state && strchr("DI", state[2]))
				return true;
		}
		usleep(1000);
	} while (now_ms() < end);

	fprintf(stderr, "# write to %s neither ends nor blocks\n",
		writer->path);
	return false;
}

int writer_join(struct writer *writer)
{
	pthread_join(writer->thread, NULL);
	return writer->ret;
}

static bool remove_all(void)
{
	struct dirent *entry;
	bool empty;
	DIR *dir;
	long end = now_ms() + PATIENCE_MS;

	do {
		empty = true;
		dir = opendir(MDEVS);
		if (!dir)
			return false;
		while ((entry = readdir(dir))) {
			if (entry->d_name[0] == '.')
				continue;
			empty = false;
			remove_mdev(entry->d_name);
		}
		closedir(dir);
	} while (!empty && now_ms() < end);

	return empty;
}

bool start_clean(void)
{
	static const char * const reset[] = {
		GATES "/probe_hold", GATES "/remove_hold",
		GATES "/available_hold", GATES "/probe_error", NULL
	};
	size_t i;

	for (i = 0; reset[i]; i++) {
		if (sysfs_write(reset[i], "0")) {
			fprintf(stderr, "# mdev_test.ko is not loaded\n");
			return false;
		}
	}

	/* Fails when it is bound, which is as good. */
	bind_parent(COUNTED);
	bind_parent(OWN);

	if (!sysfs_exists(SMALL "/create") || !sysfs_exists(OWN_TYPE "/create")) {
		fprintf(stderr, "# a parent cannot be bound\n");
		return false;
	}
	if (!remove_all()) {
		fprintf(stderr, "# there are devices that do not go\n");
		return false;
	}
	return wait_for(SMALL "/available_instances", "2") &&
	       wait_for(OWN_TYPE "/available_instances", "2");
}
