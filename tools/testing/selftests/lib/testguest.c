// SPDX-License-Identifier: GPL-2.0
/* An open device with guest storage, for tests */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "testguest.h"

int testguest_open(struct testguest *guest)
{
	int ret;

	ret = subchannel_mdev_create();
	if (ret) {
		printf("# creating the mdev: %s\n", strerror(-ret));
		return ret;
	}
	ret = ccw_dev_open(&guest->dev, subchannel_uuid());
	if (ret) {
		printf("# %s\n", guest->dev.error);
		subchannel_mdev_remove();
		return ret;
	}
	ret = ccw_guest_map(&guest->dev, &guest->mem, GUEST_BASE, GUEST_SIZE);
	if (ret) {
		printf("# mapping guest storage: %s\n", strerror(-ret));
		ccw_dev_close(&guest->dev);
		subchannel_mdev_remove();
	}
	return ret;
}

void testguest_close(struct testguest *guest)
{
	ccw_dev_close(&guest->dev);
	subchannel_mdev_remove();
}

void *testguest_alloc(struct testguest *guest, size_t size, size_t align)
{
	void *p = ccw_mem_alloc(&guest->mem, size, align);

	if (!p) {
		printf("# guest storage is too small for this test\n");
		abort();
	}
	memset(p, PATTERN, size);
	return p;
}

__u64 testguest_iova(struct testguest *guest, const void *p)
{
	return ccw_mem_iova(&guest->mem, p);
}

static void diagnose(const struct cio_irb *irb)
{
	static char text[1024];
	FILE *out = fmemopen(text, sizeof(text), "w");
	char *line;

	if (!out)
		return;
	ccw_print_irb(out, irb);
	fclose(out);
	for (line = strtok(text, "\n"); line; line = strtok(NULL, "\n"))
		printf("# %s\n", line);
}

int testguest_run(struct testguest *guest, const struct ccw_prog *prog, struct cio_irb *irb)
{
	struct cio_orb orb;
	int ret;

	ccw_prog_orb(prog, &orb);
	ret = ccw_run(&guest->dev, &orb, irb, WAIT_MS);
	if (ret)
		printf("# run: %s\n", strerror(-ret));
	return ret;
}

int testguest_end(struct testguest *guest, struct cio_irb *irb)
{
	int ret = ccw_finish(&guest->dev, irb, WAIT_MS);

	if (ret)
		printf("# end: %s\n", strerror(-ret));
	return ret;
}

bool testguest_is_suspended(struct testguest *guest)
{
	const __u32 mask = SCSW_SUSPENDED | SCSW_RESUME_PEND | SCSW_PENDING;
	struct cio_schib schib;

	return !ccw_schib(&guest->dev, &schib) &&
	       (cio_32(schib.scsw.word0) & mask) == SCSW_SUSPENDED;
}

int testguest_suspended(struct testguest *guest)
{
	int ms;

	/* Not every channel tells by an interruption when it gets there. */
	for (ms = 0; ms < WAIT_MS; ms++) {
		if (testguest_is_suspended(guest))
			return 0;
		usleep(1000);
	}
	return -ETIMEDOUT;
}

int testguest_suspend(struct testguest *guest, const struct cio_orb *orb)
{
	int ret = ccw_start(&guest->dev, orb);

	return ret ? ret : testguest_suspended(guest);
}

int testguest_suspend_at(struct testguest *guest, struct ccw_prog *prog, unsigned int slot,
			 struct cio_orb *orb)
{
	prog->ctrl |= ORB_SUSPEND | ORB_NO_SUSPEND_INT;
	ccw_prog_set_flags(prog, slot, CCW_SLI | CCW_SUSPEND);
	ccw_prog_orb(prog, orb);
	return testguest_suspend(guest, orb);
}

int testguest_sense_id(struct testguest *guest, __u8 *id)
{
	struct ccw_prog prog;
	struct cio_irb irb;
	__u8 *data;
	int ret;

	data = testguest_alloc(guest, SENSE_ID_ROOM, 8);
	ret = ccw_prog_init(&prog, &guest->mem, 1, 1, CCW_DIRECT);
	if (ret)
		return ret;
	ccw_prog_add(&prog, CCW_CMD_SENSE_ID, CCW_SLI, testguest_iova(guest, data),
		     SENSE_ID_ROOM);
	ret = testguest_run(guest, &prog, &irb);
	if (ret)
		return ret;
	if (!ccw_irb_good(&irb))
		return -EIO;
	memcpy(id, data, SENSE_ID_ROOM);
	return SENSE_ID_ROOM - cio_16(irb.scsw.count);
}

int testguest_kill_user(bool (*use)(void *context), void *context)
{
	int ready[2], status;
	bool used;
	char byte;
	pid_t pid;

	if (pipe(ready))
		return -errno;
	pid = fork();
	if (pid < 0)
		return -errno;
	if (!pid) {
		if (use(context) && write(ready[1], "x", 1) == 1)
			pause();
		_exit(1);
	}
	close(ready[1]);
	used = read(ready[0], &byte, 1) == 1;
	close(ready[0]);
	kill(pid, SIGKILL);
	if (waitpid(pid, &status, 0) != pid || !used || !WIFSIGNALED(status))
		return -EPROTO;
	return 0;
}

bool testguest_quiet(struct testguest *guest)
{
	return ccw_dev_wait(&guest->dev, VFIO_CCW_IO_IRQ_INDEX, QUIET_MS) == -ETIMEDOUT;
}

bool untouched(const void *p, size_t size)
{
	const __u8 *byte = p;

	while (size--)
		if (*byte++ != PATTERN)
			return false;
	return true;
}

bool is_good_end(const struct cio_irb *irb)
{
	if (ccw_irb_good(irb))
		return true;
	printf("# expected channel end and device end\n");
	diagnose(irb);
	return false;
}

bool is_program_check(const struct cio_irb *irb, __u32 cpa)
{
	const __u32 status = SCSW_ALERT | SCSW_PRIMARY | SCSW_SECONDARY | SCSW_PENDING;
	__u32 word0 = cio_32(irb->scsw.word0);

	if (word0 & SCSW_FC_START && (word0 & status) == status && !(word0 & SCSW_CC) &&
	    irb->scsw.cstat == SCH_PROGRAM_CHECK && cio_32(irb->scsw.cpa) == cpa)
		return true;
	printf("# expected a program check with CCW address 0x%08x\n", cpa);
	diagnose(irb);
	return false;
}
