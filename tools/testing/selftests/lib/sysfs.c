// SPDX-License-Identifier: GPL-2.0
/* sysfs attributes */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "sysfs.h"

int sysfs_write_bytes(const char *path, const char *value, size_t size)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	ssize_t n;
	int err;

	if (fd < 0)
		return -errno;
	n = write(fd, value, size);
	/* An attribute takes all of it or fails; another file may not. */
	err = n < 0 ? -errno : (size_t)n < size ? -EIO : 0;
	close(fd);
	return err;
}

int sysfs_write(const char *path, const char *value)
{
	return sysfs_write_bytes(path, value, strlen(value));
}

int sysfs_read(const char *path, char *text, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n;
	int err;

	if (fd < 0)
		return -errno;
	n = read(fd, text, size - 1);
	err = n < 0 ? -errno : 0;
	close(fd);
	if (err)
		return err;
	if (n && text[n - 1] == '\n')
		n--;
	text[n] = '\0';
	return 0;
}

bool sysfs_exists(const char *path)
{
	return access(path, F_OK) == 0;
}

int sysfs_link(const char *path, char *name, size_t size)
{
	char target[PATH_MAX];
	const char *base;
	ssize_t n;

	n = readlink(path, target, sizeof(target) - 1);
	if (n < 0)
		return -errno;
	target[n] = '\0';
	base = strrchr(target, '/');
	base = base ? base + 1 : target;
	return snprintf(name, size, "%s", base) < (int)size ? 0 : -ENAMETOOLONG;
}
