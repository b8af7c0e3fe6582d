// SPDX-License-Identifier: GPL-2.0
/* Kernel modules */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "module.h"

int module_load(const char *name)
{
	const char *folder = getenv("TEST_MODULES");
	char path[256];
	int fd, err;

	snprintf(path, sizeof(path), "%s/%s.ko", folder ? folder : "/modules", name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	err = syscall(SYS_finit_module, fd, "", 0) ? -errno : 0;
	close(fd);
	return err;
}

int module_unload(const char *name)
{
	return syscall(SYS_delete_module, name, O_NONBLOCK) ? -errno : 0;
}
