// SPDX-License-Identifier: GPL-2.0
/*
 * The system goes down while a subchannel is bound: with nothing made of it, with
 * a device that nobody uses, and with one that is at work. cio_test.ko tells the
 * driver so, and only that.
 */
#include <errno.h>

#include "kselftest_harness.h"

#include "async.h"
#include "late.h"
#include "locked.h"
#include "machine.h"
#include "sysfs.h"
#include "testguest.h"

#define ID_SIZE	7

FIXTURE(shutdown) {
	struct testguest guest;
	struct ccw_prog prog;	/* sense ID, then suspended */
	struct late late;
	struct cio_orb orb;
	char path[SCH_PATH];
	__u8 id[SENSE_ID_ROOM];
};

FIXTURE_SETUP(shutdown)
{
	if (machine_detaches_really() || machine_load())
		SKIP(return, "no module cio_test to be loaded");
}

/* It did not go down after all: the next user has what he needs. */
FIXTURE_TEARDOWN(shutdown)
{
	late_close(&self->late);
	EXPECT_EQ(0, testguest_open(&self->guest));
	EXPECT_LE(ID_SIZE, testguest_sense_id(&self->guest, self->id));
	testguest_close(&self->guest);
	EXPECT_EQ(0, machine_unload());
}

/*
 * Guards: there is no device to be brought to rest, and that is no error. To see it
 * fail: leave out the return without a device in sch_shutdown(), vfio_ccw_drv.c.
 */
TEST_F(shutdown, no_device)
{
	EXPECT_EQ(0, machine_shutdown());
	ASSERT_EQ(0, subchannel_mdev_create());
	ASSERT_EQ(0, subchannel_mdev_remove());
	EXPECT_EQ(0, machine_shutdown());
}

TEST_F(shutdown, device_not_open)
{
	ASSERT_EQ(0, subchannel_mdev_create());
	EXPECT_EQ(0, machine_shutdown());
	EXPECT_EQ(0, subchannel_mdev_remove());
}

static int suspend(struct testguest *guest, struct ccw_prog *prog, struct cio_orb *orb)
{
	int ret = ccw_prog_init(prog, &guest->mem, 2, 1, CCW_DIRECT);
	int i;

	if (ret)
		return ret;
	for (i = 0; i < 2; i++)
		ccw_prog_add(prog, CCW_CMD_SENSE_ID, CCW_SLI | (i ? 0 : CCW_CC),
			     testguest_iova(guest, testguest_alloc(guest, 16, 8)), ID_SIZE);
	return testguest_suspend_at(guest, prog, 1, orb);
}

/*
 * Guards: what runs is stopped and its storage given back, and nothing can be
 * started any more, however long userspace still lives. To see it fail: leave out
 * vfio_ccw_shutdown() in sch_shutdown().
 */
TEST_F(shutdown, at_work)
{
	struct testguest *guest = &self->guest;
	struct ccw_dev *dev = &guest->dev;

	ASSERT_EQ(0, testguest_open(guest));
	ASSERT_LE(ID_SIZE, testguest_sense_id(guest, self->id));
	ASSERT_EQ(0, suspend(guest, &self->prog, &self->orb));

	EXPECT_EQ(0, machine_shutdown());
	EXPECT_FALSE(testguest_is_suspended(guest));
	EXPECT_TRUE(storage_unlocked());
	EXPECT_EQ(-EIO, ccw_start(dev, &self->orb));
	EXPECT_EQ(-EIO, ccw_resume(dev, &self->orb));
	EXPECT_EQ(-EIO, ccw_halt(dev));
	EXPECT_EQ(0, machine_shutdown());
	testguest_close(guest);
}

/*
 * Guards: nor is one waited for that gets its program from storage which does not
 * answer; and if that does at last, the program is not started. To see it fail:
 * have vfio_ccw_shutdown() wait as long as vfio_ccw_close(), vfio_ccw_stop.c.
 */
TEST_F(shutdown, before_the_start)
{
	struct testguest *guest = &self->guest;

	if (!late_is_possible())
		SKIP(return, "the kernel has no userfaultfd");
	ASSERT_EQ(0, testguest_open(guest));
	ASSERT_EQ(0, late_map(&self->late, &guest->dev, GUEST_EXTRA));
	ASSERT_EQ(0, ccw_prog_init(&self->prog, &guest->mem, 1, 1, CCW_DIRECT));
	ccw_prog_orb(&self->prog, &self->orb);
	ASSERT_EQ(0, late_start(&self->late, &self->orb));
	EXPECT_EQ(0, machine_shutdown());
	EXPECT_EQ(-ENODEV, late_answer(&self->late));
	EXPECT_TRUE(testguest_quiet(guest));
	EXPECT_TRUE(storage_unlocked());
	EXPECT_EQ(-ENODEV, ccw_start(&guest->dev, &self->orb));
	testguest_close(guest);
}

/* The same with a program that is suspended: it is ended. */
TEST_F(shutdown, while_fetched)
{
	struct testguest *guest = &self->guest;

	if (!late_is_possible())
		SKIP(return, "the kernel has no userfaultfd");
	ASSERT_EQ(0, testguest_open(guest));
	ASSERT_EQ(0, late_map(&self->late, &guest->dev, GUEST_EXTRA));
	ASSERT_EQ(0, suspend(guest, &self->prog, &self->orb));
	ASSERT_EQ(0, late_resume(&self->late, self->prog.slots + 8, &self->orb));
	EXPECT_EQ(0, machine_shutdown());
	EXPECT_FALSE(testguest_is_suspended(guest));
	EXPECT_EQ(-ENODEV, late_answer(&self->late));
	EXPECT_TRUE(storage_unlocked());
	testguest_close(guest);
}

int main(int argc, char **argv)
{
	return subchannel_main(argc, argv, test_harness_run);
}
