// SPDX-License-Identifier: GPL-2.0
/* Trace events, debug feature and debugfs */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sysfs.h"
#include "tracing.h"

#define DEBUGFS "/sys/kernel/debug"
#define TRACEFS "/sys/kernel/tracing"
#define DBF DEBUGFS "/s390dbf"
#define PATH_SIZE 256

static char buffer[64];		/* path of the trace buffer */
static char events[48];		/* its events, as a path below */

static int mount_once(const char *type, const char *where, const char *sign)
{
	char path[PATH_SIZE];

	snprintf(path, sizeof(path), "%s/%s", where, sign);
	if (sysfs_exists(path))
		return 0;
	return mount(type, where, type, 0, NULL) ? -errno : 0;
}

int tracing_mount(void)
{
	int ret = mount_once("debugfs", DEBUGFS, "s390dbf");

	return ret ? ret : mount_once("tracefs", TRACEFS, "instances");
}

static int events_write(const char *file, const char *value)
{
	char path[PATH_SIZE];

	snprintf(path, sizeof(path), "%s/%s/%s", buffer, events, file);
	return sysfs_write(path, value);
}

int tracing_open(const char *system)
{
	int ret;

	snprintf(buffer, sizeof(buffer), TRACEFS "/instances/test-%d", getpid());
	snprintf(events, sizeof(events), "events/%s", system);
	if (mkdir(buffer, 0700))
		return -errno;
	ret = events_write("enable", "1");
	if (ret)
		tracing_close();
	return ret;
}

void tracing_close(void)
{
	events_write("enable", "0");
	rmdir(buffer);
}

int tracing_filter(const char *filter)
{
	return events_write("filter", filter);
}

int tracing_clear(void)
{
	char path[PATH_SIZE];
	int fd;

	snprintf(path, sizeof(path), "%s/trace", buffer);
	fd = open(path, O_WRONLY | O_TRUNC | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	close(fd);
	return 0;
}

int tracing_enable(bool on)
{
	return events_write("enable", on ? "1" : "0");
}

int tracing_room(unsigned int kib)
{
	char path[PATH_SIZE], text[16];

	snprintf(path, sizeof(path), "%s/buffer_size_kb", buffer);
	snprintf(text, sizeof(text), "%u", kib);
	return sysfs_write(path, text);
}

int tracing_read(void (*each)(char *line, void *context), void *context)
{
	char path[PATH_SIZE];
	char *line = NULL;
	size_t size = 0;
	int ret = 0;
	FILE *in;

	snprintf(path, sizeof(path), "%s/trace", buffer);
	in = fopen(path, "re");
	if (!in)
		return -errno;
	while (getline(&line, &size, in) >= 0)
		if (*line != '#')
			each(line, context);
	if (ferror(in))
		ret = -EIO;
	free(line);
	fclose(in);
	return ret;
}

/* How many lines of a file have @text in them. */
static int count_lines(const char *path, const char *text)
{
	FILE *in = fopen(path, "re");
	size_t size = 0;
	char *line = NULL;
	int n = 0;

	if (!in)
		return -errno;
	while (getline(&line, &size, in) >= 0)
		n += !!strstr(line, text);
	if (ferror(in))
		n = -EIO;
	free(line);
	fclose(in);
	return n;
}

int tracing_count(const char *text)
{
	char path[PATH_SIZE];

	snprintf(path, sizeof(path), "%s/trace", buffer);
	return count_lines(path, text);
}

static bool cpu_has(const char *cpu, const char *text)
{
	static char page[65536];
	char path[PATH_SIZE];
	bool found = false;
	ssize_t n;
	int fd;

	snprintf(path, sizeof(path), "%s/per_cpu/%.16s/trace_pipe_raw", buffer, cpu);
	fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0)
		return false;
	while ((n = read(fd, page, sizeof(page))) > 0)
		found |= !!memmem(page, n, text, strlen(text));
	close(fd);
	return found;
}

bool tracing_raw_has(const char *text)
{
	struct dirent *entry;
	char path[PATH_SIZE];
	bool found = false;
	DIR *dir;

	snprintf(path, sizeof(path), "%s/per_cpu", buffer);
	dir = opendir(path);
	if (!dir)
		return false;
	while ((entry = readdir(dir)))
		if (*entry->d_name != '.')
			found |= cpu_has(entry->d_name, text);
	closedir(dir);
	return found;
}

bool tracing_declares(const char *event, const char *field)
{
	char path[PATH_SIZE];

	snprintf(path, sizeof(path), "%s/%s/%s/format", buffer, events, event);
	return count_lines(path, field) == 1;
}

int dbf_level(const char *area, int level)
{
	char path[PATH_SIZE], text[16];

	snprintf(path, sizeof(path), DBF "/%s/level", area);
	snprintf(text, sizeof(text), "%d", level);
	return sysfs_write(path, text);
}

int dbf_flush(const char *area)
{
	char path[PATH_SIZE];

	snprintf(path, sizeof(path), DBF "/%s/flush", area);
	return sysfs_write(path, "-");
}

int dbf_count(const char *area, const char *view, const char *text)
{
	char path[PATH_SIZE];

	snprintf(path, sizeof(path), DBF "/%s/%s", area, view);
	return count_lines(path, text);
}

long long debugfs_number(const char *folder, const char *file)
{
	char path[PATH_SIZE], text[32];
	int ret;

	snprintf(path, sizeof(path), DEBUGFS "/%s/%s", folder, file);
	ret = sysfs_read(path, text, sizeof(text));
	return ret ? ret : atoll(text);
}
