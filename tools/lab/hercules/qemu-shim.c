// SPDX-License-Identifier: GPL-2.0
/*
 * qemu-shim - lets QEMU run guests on a host under Hercules, which lacks what
 * every machine with QEMU's requirements has. Of the lab only, preloaded.
 *
 * - KVM does not report the enhanced suppression on protection there, and QEMU
 *   refuses to start. It is about memory that KVM has mapped read-only; with
 *   preallocated memory there is none.
 * - The host knows no channel paths. QEMU reads the type of each path of a
 *   passed-through subchannel from sysfs, and gives the guest a path of it.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fnmatch.h>
#include <linux/kvm.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* What /sys/devices/css0/chp0.01/type has on a host with FICON. */
#define FICON "1b\n"

typedef FILE *open_fn(const char *path, const char *mode);

static FILE *open_file(const char *path, const char *mode, const char *name)
{
	open_fn *real;

	if (!fnmatch("/sys/devices/css*/chp*/type", path, FNM_PATHNAME))
		return fmemopen((char *)FICON, strlen(FICON), mode);
	real = dlsym(RTLD_NEXT, name);
	return real(path, mode);
}

FILE *fopen(const char *path, const char *mode)
{
	return open_file(path, mode, "fopen");
}

FILE *fopen64(const char *path, const char *mode)
{
	return open_file(path, mode, "fopen64");
}

int ioctl(int fd, unsigned long request, ...)
{
	static int (*real)(int fd, unsigned long request, ...);
	va_list arguments;
	void *argument;

	va_start(arguments, request);
	argument = va_arg(arguments, void *);
	va_end(arguments);
	if (request == KVM_CHECK_EXTENSION &&
	    (unsigned long)argument == KVM_CAP_S390_COW)
		return 1;
	if (!real)
		real = dlsym(RTLD_NEXT, "ioctl");
	return real(fd, request, argument);
}
