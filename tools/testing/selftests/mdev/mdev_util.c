// SPDX-License-Identifier: GPL-2.0-only
/*
 * Helpers of the tests of the mediated-device bus, see mdev_util.h.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
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

int sysfs_write_len(const char *path, const char *value, size_t len)
{
	ssize_t ret;
	int fd;

	fd = open(path, O_WRONLY);
	if (fd < 0)
		return -errno;
	ret = write(fd, value, len);
	if (ret < 0)
		ret = -errno;
	close(fd);
	return ret;
}

int sysfs_write(const char *path, const char *value)
{
	return sysfs_write_len(path, value, strlen(value));
}

int sysfs_read(const char *path, char *buf, size_t size)
{
	ssize_t ret;
	int fd;

	fd = open(path, O_RDONLY);
	if (fd < 0)
		return -errno;
	ret = read(fd, buf, size - 1);
	if (ret < 0)
		ret = -errno;
	close(fd);
	if (ret < 0)
		return ret;
	if (ret && buf[ret - 1] == '\n')
		ret--;
	buf[ret] = '\0';
	return ret;
}

bool sysfs_is(const char *path, const char *value)
{
	char buf[PATH_MAX];
	int ret = sysfs_read(path, buf, sizeof(buf));

	if (ret >= 0 && !strcmp(buf, value))
		return true;
	fprintf(stderr, "# %s: '%s', want '%s'\n", path,
		ret < 0 ? strerror(-ret) : buf, value);
	return false;
}

int sysfs_number(const char *path)
{
	char buf[32];
	int ret = sysfs_read(path, buf, sizeof(buf));

	return ret < 0 ? ret : atoi(buf);
}

bool exists(const char *path)
{
	return !access(path, F_OK);
}

int mode_of(const char *path)
{
	struct stat st;

	return stat(path, &st) ? -errno : (int)(st.st_mode & 07777);
}

bool links_to(const char *path, const char *name)
{
	char target[PATH_MAX];
	ssize_t len = readlink(path, target, sizeof(target) - 1);
	char *last;

	if (len < 0)
		return false;
	target[len] = '\0';
	last = strrchr(target, '/');
	return !strcmp(last ? last + 1 : target, name);
}

static int written(int ret)
{
	return ret < 0 ? ret : 0;
}

int create(const char *type, const char *uuid)
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s/create", type);
	return written(sysfs_write(path, uuid));
}

int remove_mdev(const char *uuid)
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), MDEVS "/%s/remove", uuid);
	return written(sysfs_write(path, "1"));
}

int bind_parent(const char *parent)
{
	return written(sysfs_write(DRIVER "/bind", strrchr(parent, '/') + 1));
}

int unbind_parent(const char *parent)
{
	return written(sysfs_write(DRIVER "/unbind", strrchr(parent, '/') + 1));
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
	char buf[64];
	int ret;

	do {
		ret = sysfs_read(path, buf, sizeof(buf));
		if (ret >= 0 && !strcmp(buf, value))
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
	writer->ret = written(sysfs_write(writer->path, writer->value));
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
	char path[64], buf[512], *state;
	pid_t tid;

	do {
		if (__atomic_load_n(&writer->done, __ATOMIC_ACQUIRE)) {
			fprintf(stderr, "# write to %s ended: %d\n",
				writer->path, writer->ret);
			return false;
		}
		tid = __atomic_load_n(&writer->tid, __ATOMIC_ACQUIRE);
		snprintf(path, sizeof(path), "/proc/self/task/%d/stat", tid);
		if (tid && sysfs_read(path, buf, sizeof(buf)) > 0) {
			state = strrchr(buf, ')');
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
	static const char * const reset[][2] = {
		{ GATES "/probe_hold", "0" },
		{ GATES "/remove_hold", "0" },
		{ GATES "/available_hold", "0" },
		{ GATES "/probe_error", "0" },
	};
	size_t i;

	for (i = 0; i < sizeof(reset) / sizeof(reset[0]); i++) {
		if (sysfs_write(reset[i][0], reset[i][1]) < 0) {
			fprintf(stderr, "# mdev_test.ko is not loaded\n");
			return false;
		}
	}

	/* Fails when it is bound, which is as good. */
	bind_parent(COUNTED);
	bind_parent(OWN);

	if (!exists(SMALL "/create") || !exists(OWN_TYPE "/create")) {
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
