// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <linux/capability.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "locked.h"

#define WAIT_MS	10000

/* Type 1 charges a page to one number, iommufd to the other. */
static const char * const name[] = { "VmLck:", "VmPin:" };

long locked_kib(void)
{
	FILE *in = fopen("/proc/self/status", "re");
	unsigned int found = 0, i;
	char line[128];
	long sum = 0;

	while (in && fgets(line, sizeof(line), in))
		for (i = 0; i < 2; i++)
			if (!strncmp(line, name[i], strlen(name[i]))) {
				sum += atol(line + strlen(name[i]));
				found++;
			}
	if (in)
		fclose(in);
	return found == 2 ? sum : -1;
}

bool storage_unlocked(void)
{
	int ms;

	for (ms = 0; ms < WAIT_MS; ms += 10) {
		if (!locked_kib())
			return true;
		usleep(10000);
	}
	printf("# %ld KiB are still locked\n", locked_kib());
	return false;
}

int locked_obey_limit(void)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct cap[2];

	if (syscall(SYS_capget, &header, cap))
		return -errno;
	cap[CAP_IPC_LOCK / 32].effective &= ~(1u << (CAP_IPC_LOCK % 32));
	return syscall(SYS_capset, &header, cap) ? -errno : 0;
}
