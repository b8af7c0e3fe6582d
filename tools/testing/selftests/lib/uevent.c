// SPDX-License-Identifier: GPL-2.0
/* Listening to uevents */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <linux/netlink.h>

#include "uevent.h"

int uevent_open(void)
{
	struct sockaddr_nl addr = { .nl_family = AF_NETLINK, .nl_groups = 1 };
	int fd = socket(AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC, NETLINK_KOBJECT_UEVENT);
	int err;

	if (fd < 0)
		return -errno;
	if (!bind(fd, (struct sockaddr *)&addr, sizeof(addr)))
		return fd;
	err = -errno;
	close(fd);
	return err;
}

/* A message is "action@path" and then variables, each ended by a zero byte. */
static bool matches(const char *msg, size_t size, const char *device, const char *action,
		    const char *variable)
{
	const char *path = strchr(msg, '@'), *line;
	size_t len = strlen(device);

	if (!path || (size_t)(path - msg) != strlen(action) ||
	    strncmp(msg, action, path - msg))
		return false;
	if (strlen(path) < len + 1 || strcmp(path + strlen(path) - len, device))
		return false;
	if (!variable)
		return true;
	for (line = msg; line < msg + size; line += strlen(line) + 1)
		if (!strcmp(line, variable))
			return true;
	return false;
}

bool uevent_wait(int fd, const char *device, const char *action, const char *variable, int ms)
{
	struct pollfd pfd = { .fd = fd, .events = POLLIN };
	char msg[8192];
	ssize_t n;

	while (poll(&pfd, 1, ms) > 0) {
		n = recv(fd, msg, sizeof(msg) - 1, 0);
		if (n <= 0)
			return false;
		msg[n] = '\0';
		if (matches(msg, n, device, action, variable))
			return true;
	}
	return false;
}
