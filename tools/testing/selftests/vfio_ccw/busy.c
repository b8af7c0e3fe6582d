// SPDX-License-Identifier: GPL-2.0
/*
 * A program that does not end: suspended, it stays in the device until
 * something ends it. Everything that may happen meanwhile is done to it (S1).
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kselftest_harness.h"

#include "locked.h"
#include "sysfs.h"
#include "testguest.h"

FIXTURE(busy) {
	struct testguest guest;
	struct ccw_prog prog;
	struct ccw_mem extra;	/* where @data is, and nothing else */
	struct cio_orb orb;
	struct cio_irb irb;
	__u8 *data;
	__u8 id[SENSE_ID_ROOM];
};

FIXTURE_SETUP(busy)
{
	struct testguest *guest = &self->guest;

	ASSERT_EQ(0, testguest_open(guest));
	ASSERT_LE(7, testguest_sense_id(guest, self->id));
	ASSERT_EQ(0, ccw_guest_map(&guest->dev, &self->extra, GUEST_EXTRA, 0x10000));
	self->data = ccw_mem_ptr(&self->extra, GUEST_EXTRA + 0x5004, 7);
	ASSERT_EQ(0, ccw_prog_init(&self->prog, &guest->mem, 4, 1, CCW_DIRECT));
	self->prog.ctrl |= ORB_SUSPEND;
	ccw_prog_add(&self->prog, CCW_CMD_SENSE_ID, CCW_SLI | CCW_CC,
		     ccw_mem_iova(&self->extra, self->data), 7);
	ccw_prog_add(&self->prog, CCW_CMD_SENSE_ID, CCW_SLI | CCW_SUSPEND,
		     testguest_iova(guest, testguest_alloc(guest, 16, 8)), 7);
	ccw_prog_orb(&self->prog, &self->orb);
}

FIXTURE_TEARDOWN(busy)
{
	testguest_close(&self->guest);
}

/*
 * Start, and wait until it is suspended and that has been told: by an
 * intermediate interruption, or, as QEMU does, not at all.
 */
static bool suspend(struct testguest *guest, const struct cio_orb *orb)
{
	struct cio_irb irb;

	if (testguest_suspend(guest, orb))
		return false;
	while (!ccw_dev_wait(&guest->dev, VFIO_CCW_IO_IRQ_INDEX, 0))
		if (ccw_response(&guest->dev, &irb) || ccw_irb_final(&irb))
			return false;
	return testguest_is_suspended(guest);
}

/* Behind a CCW of the program. Which one, QEMU does not say while it is suspended. */
static bool in_program(const struct ccw_prog *prog, __u32 cpa)
{
	return cpa > ccw_prog_addr(prog, 0) && cpa <= ccw_prog_addr(prog, prog->used);
}

TEST_F(busy, suspends)
{
	struct ccw_dev *dev = &self->guest.dev;
	struct cio_schib schib;

	ASSERT_TRUE(suspend(&self->guest, &self->orb));
	EXPECT_TRUE(testguest_quiet(&self->guest));
	EXPECT_EQ(0, memcmp(self->id, self->data, 7));
	ASSERT_EQ(0, ccw_schib(dev, &schib));
	EXPECT_TRUE(cio_32(schib.scsw.word0) & SCSW_FC_START);
	/* P8: whatever is told about it, it is no address of the host */
	EXPECT_EQ(0, cio_32(schib.param));
	if (cio_32(schib.scsw.cpa))
		EXPECT_TRUE(in_program(&self->prog, cio_32(schib.scsw.cpa)));
}

/* F15: a second start is refused, and the first one does not notice */
TEST_F(busy, second_start)
{
	struct ccw_dev *dev = &self->guest.dev;
	int i;

	ASSERT_TRUE(suspend(&self->guest, &self->orb));
	for (i = 0; i < 3; i++)
		EXPECT_EQ(-EBUSY, ccw_start(dev, &self->orb));
	EXPECT_TRUE(testguest_is_suspended(&self->guest));
	EXPECT_TRUE(testguest_quiet(&self->guest));
}

/* Its pages are held as long as it may go on */
TEST_F(busy, stays_pinned)
{
	struct ccw_dev *dev = &self->guest.dev;

	/* Longer than a driver keeps pages that no program has. */
	ASSERT_TRUE(suspend(&self->guest, &self->orb));
	sleep(3);
	EXPECT_LT(0, locked_kib());
	ASSERT_EQ(0, ccw_dev_reset(dev));
	EXPECT_EQ(0, locked_kib());
}

TEST_F(busy, reset)
{
	struct ccw_dev *dev = &self->guest.dev;
	__u8 id[SENSE_ID_ROOM];

	ASSERT_TRUE(suspend(&self->guest, &self->orb));
	ASSERT_EQ(0, ccw_dev_reset(dev));
	EXPECT_FALSE(testguest_is_suspended(&self->guest));
	while (!ccw_dev_wait(dev, VFIO_CCW_IO_IRQ_INDEX, 0))
		ccw_response(dev, &self->irb);
	EXPECT_LE(7, testguest_sense_id(&self->guest, id));
}

/*
 * F21: storage of the running program goes, somewhere in a larger range: it is
 * stopped before the call returns
 */
TEST_F(busy, unmap)
{
	struct ccw_dev *dev = &self->guest.dev;
	__u8 id[SENSE_ID_ROOM];

	ASSERT_TRUE(suspend(&self->guest, &self->orb));
	EXPECT_EQ(0, ccw_dma_unmap(dev, GUEST_EXTRA, 0x10000));
	EXPECT_FALSE(testguest_is_suspended(&self->guest));
	EXPECT_TRUE(storage_unlocked());
	/* To the guest it ends as a program does that names storage which is not there. */
	ASSERT_EQ(0, ccw_dev_wait(dev, VFIO_CCW_IO_IRQ_INDEX, 0));
	ASSERT_EQ(0, ccw_response(dev, &self->irb));
	EXPECT_TRUE(is_program_check(&self->irb, ccw_prog_addr(&self->prog, 1)));
	EXPECT_LE(7, testguest_sense_id(&self->guest, id));
	EXPECT_EQ(0, ccw_dma_map(dev, self->extra.base, GUEST_EXTRA, 0x10000,
				 VFIO_DMA_MAP_FLAG_READ | VFIO_DMA_MAP_FLAG_WRITE));
}

/* Other storage goes: not its business */
TEST_F(busy, unmap_elsewhere)
{
	struct ccw_dev *dev = &self->guest.dev;
	struct ccw_mem other;

	ASSERT_EQ(0, ccw_guest_map(dev, &other, GUEST_HIGH, 0x10000));
	ASSERT_TRUE(suspend(&self->guest, &self->orb));
	EXPECT_EQ(0, ccw_guest_unmap(dev, &other));
	EXPECT_TRUE(testguest_is_suspended(&self->guest));
}

/* F2: closing is all the VMM does; the container outlives the device */
TEST_F(busy, close)
{
	struct ccw_dev *dev = &self->guest.dev;
	struct testguest again;
	__u8 id[SENSE_ID_ROOM];

	ASSERT_TRUE(suspend(&self->guest, &self->orb));
	close(dev->fd);
	dev->fd = -1;
	EXPECT_EQ(0, locked_kib());
	ccw_dev_close(dev);
	ASSERT_EQ(0, testguest_open(&again));
	EXPECT_LE(7, testguest_sense_id(&again, id));
	ccw_dev_close(&again.dev);
}

/*
 * Guards: removing the mediated device waits for userspace, which is asked, and
 * leaves nothing of a program behind. To see it fail: leave out vfio_ccw_close()
 * in ops_close(), vfio_ccw_ops.c.
 */
TEST_F(busy, mdev_removed)
{
	struct ccw_dev *dev = &self->guest.dev;
	char path[SCH_PATH];
	int status;
	pid_t pid;

	ASSERT_TRUE(suspend(&self->guest, &self->orb));
	fflush(stdout);
	pid = fork();
	ASSERT_LE(0, pid);
	if (!pid) {
		/* Its copies would keep the device open. */
		ccw_dev_close(dev);
		_exit(subchannel_mdev_remove() != 0);
	}
	ASSERT_EQ(0, ccw_dev_wait(dev, VFIO_CCW_REQ_IRQ_INDEX, WAIT_MS));
	EXPECT_TRUE(testguest_is_suspended(&self->guest));
	close(dev->fd);
	dev->fd = -1;
	EXPECT_EQ(0, locked_kib());
	ccw_dev_close(dev);
	ASSERT_EQ(pid, waitpid(pid, &status, 0));
	EXPECT_EQ(0, status);
	EXPECT_FALSE(sysfs_exists(subchannel_mdev_path(path, "remove")));
	ASSERT_EQ(0, testguest_open(&self->guest));
	EXPECT_LE(7, testguest_sense_id(&self->guest, self->id));
}

TEST_F(busy, close_container_first)
{
	struct ccw_dev *dev = &self->guest.dev;
	struct testguest again;
	__u8 id[SENSE_ID_ROOM];

	ASSERT_TRUE(suspend(&self->guest, &self->orb));
	close(dev->container);
	dev->container = -1;
	close(dev->group);
	dev->group = -1;
	EXPECT_TRUE(testguest_is_suspended(&self->guest));
	ccw_dev_close(dev);
	ASSERT_EQ(0, testguest_open(&again));
	EXPECT_LE(7, testguest_sense_id(&again, id));
	ccw_dev_close(&again.dev);
}

struct owner {
	const struct ccw_mem *mem;
	const struct cio_orb *orb;
};

/* The program is still in our copy of the old storage: put it into the new. */
static bool suspend_own(void *context)
{
	const struct owner *owner = context;
	struct testguest own;
	struct ccw_mem extra;

	if (testguest_open(&own) ||
	    ccw_guest_map(&own.dev, &extra, GUEST_EXTRA, 0x10000))
		return false;
	memcpy(own.mem.base, owner->mem->base, owner->mem->size);
	return suspend(&own, owner->orb);
}

/* The owner dies without a word */
TEST_F(busy, killed)
{
	struct owner owner = { .mem = &self->guest.mem, .orb = &self->orb };
	struct testguest again;
	__u8 id[SENSE_ID_ROOM];

	ccw_dev_close(&self->guest.dev);
	ASSERT_EQ(0, testguest_kill_user(suspend_own, &owner));
	ASSERT_EQ(0, testguest_open(&again));
	EXPECT_LE(7, testguest_sense_id(&again, id));
	ccw_dev_close(&again.dev);
}

/* A copy of the descriptor in another process keeps all of it alive */
TEST_F(busy, fork)
{
	struct ccw_dev *dev = &self->guest.dev;
	int status;
	pid_t pid;

	ASSERT_TRUE(suspend(&self->guest, &self->orb));
	pid = fork();
	ASSERT_LE(0, pid);
	if (!pid)
		_exit(ccw_start(dev, &self->orb) != -EBUSY ||
		      !testguest_is_suspended(&self->guest));
	ASSERT_EQ(pid, waitpid(pid, &status, 0));
	EXPECT_EQ(0, status);
	EXPECT_TRUE(testguest_is_suspended(&self->guest));
}

int main(int argc, char **argv)
{
	return subchannel_main(argc, argv, test_harness_run);
}
