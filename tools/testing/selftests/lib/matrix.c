// SPDX-License-Identifier: GPL-2.0
/* Matrix devices */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "matrix.h"
#include "sysfs.h"

#define MDEVS "/sys/bus/mdev/devices"
/* As much as one attribute shows */
#define TEXT_SIZE 4096
#define PATIENCE_MS 10000

char *matrix_path(char path[MATRIX_PATH], const char *uuid, const char *attribute)
{
	snprintf(path, MATRIX_PATH, MATRIX "/%s/%s", uuid, attribute);
	return path;
}

int matrix_create(const char *uuid)
{
	return sysfs_write(MATRIX_TYPE "/create", uuid);
}

int matrix_remove(const char *uuid)
{
	return matrix_write(uuid, "remove", "1");
}

bool matrix_remove_all(void)
{
	struct dirent *entry;
	bool empty = true;
	DIR *dir;

	dir = opendir(MDEVS);
	if (!dir)
		return false;
	while ((entry = readdir(dir)))
		if (entry->d_name[0] != '.' && matrix_remove(entry->d_name))
			empty = false;
	closedir(dir);
	return empty;
}

int matrix_write(const char *uuid, const char *attribute, const char *value)
{
	char path[MATRIX_PATH];

	return sysfs_write(matrix_path(path, uuid, attribute), value);
}

int matrix_set(const char *uuid, const char *attribute, unsigned int number)
{
	char text[16];

	snprintf(text, sizeof(text), "%u", number);
	return matrix_write(uuid, attribute, text);
}

int matrix_read(const char *uuid, const char *attribute, char *text, size_t size)
{
	char path[MATRIX_PATH];

	return sysfs_read(matrix_path(path, uuid, attribute), text, size);
}

static bool compare(const char *uuid, const char *attribute, const char *text, bool tell)
{
	char now[TEXT_SIZE + 1];
	int ret = matrix_read(uuid, attribute, now, sizeof(now));
	char *end;

	for (end = now; !ret && *end; end++)
		if (*end == '\n')
			*end = ' ';
	if (!ret && !strcmp(now, text))
		return true;
	if (tell)
		printf("# %s: '%s', want '%s'\n", attribute, ret ? strerror(-ret) : now, text);
	return false;
}

bool matrix_is(const char *uuid, const char *attribute, const char *text)
{
	return compare(uuid, attribute, text, true);
}

bool matrix_becomes(const char *uuid, const char *attribute, const char *text)
{
	int ms;

	for (ms = 0; ms < PATIENCE_MS; ms++) {
		if (compare(uuid, attribute, text, false))
			return true;
		usleep(1000);
	}
	return compare(uuid, attribute, text, true);
}
