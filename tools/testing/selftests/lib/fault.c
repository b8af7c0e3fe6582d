// SPDX-License-Identifier: GPL-2.0
/* One fault at a time, by /proc/thread-self/fail-nth */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fault.h"
#include "sysfs.h"

#define KNOBS "/sys/kernel/debug/"

static int fail_nth = -1;

int fault_prepare(void)
{
	/* Quiet, for a fault is no complaint; and all of them, not only what may not sleep. */
	static const struct {
		const char *knob, *value;
	} knobs[] = {
		{ KNOBS "failslab/verbose", "0" },
		{ KNOBS "failslab/ignore-gfp-wait", "N" },
		{ KNOBS "fail_page_alloc/verbose", "0" },
		{ KNOBS "fail_page_alloc/ignore-gfp-wait", "N" },
		{ KNOBS "fail_page_alloc/ignore-gfp-highmem", "N" },
		{ KNOBS "fail_page_alloc/min-order", "0" },
		{ KNOBS "fail_usercopy/verbose", "0" },
	};
	unsigned int i;
	int ret;

	for (i = 0; i < sizeof(knobs) / sizeof(*knobs); i++) {
		ret = sysfs_write(knobs[i].knob, knobs[i].value);
		if (ret)
			return ret;
	}
	if (fail_nth >= 0)
		close(fail_nth);
	/* It belongs to the thread that opens it, and after a fork to the parent's. */
	fail_nth = open("/proc/thread-self/fail-nth", O_RDWR | O_CLOEXEC);
	return fail_nth < 0 ? -errno : 0;
}

static bool set(unsigned int nth)
{
	char text[16];
	int n = snprintf(text, sizeof(text), "%u", nth);

	return pwrite(fail_nth, text, n, 0) == n;
}

void fault_arm(unsigned int nth)
{
	if (!set(nth)) {
		printf("# fail-nth cannot be written: %s\n", strerror(errno));
		abort();
	}
}

bool fault_disarm(void)
{
	char text[16] = "";
	ssize_t n = pread(fail_nth, text, sizeof(text) - 1, 0);

	/* These two copy as well, and may be what fails: then nothing did before. */
	while (!set(0))
		;
	return n > 0 && !atoi(text);
}

bool is_fault(int ret)
{
	return ret == -ENOMEM || ret == -EFAULT;
}
