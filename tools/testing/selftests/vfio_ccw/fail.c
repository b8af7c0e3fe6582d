// SPDX-License-Identifier: GPL-2.0
/*
 * Steps that fail: of an instruction, of closing, of making a device, binding a
 * subchannel, loading the module. The answer is the right one, nothing is left
 * behind, and the next time it works. cio_test.ko makes the steps fail.
 */
#include <errno.h>
#include <string.h>
#include <time.h>

#include "kselftest_harness.h"

#include "async.h"
#include "locked.h"
#include "machine.h"
#include "module.h"
#include "sysfs.h"
#include "testguest.h"

#define ID_SIZE	7

static bool no_module(void)
{
	return machine_detaches_really() || machine_load();
}

FIXTURE(fail) {
	struct testguest guest;
	struct ccw_prog prog;	/* sense ID, twice */
	struct cio_orb orb;
	struct cio_irb irb;
	__u8 id[SENSE_ID_ROOM];
};

FIXTURE_SETUP(fail)
{
	struct testguest *guest = &self->guest;
	int i;

	if (no_module())
		SKIP(return, "no module cio_test to be loaded");
	ASSERT_EQ(0, testguest_open(guest));
	ASSERT_LE(ID_SIZE, testguest_sense_id(guest, self->id));
	ASSERT_EQ(0, ccw_prog_init(&self->prog, &guest->mem, 2, 1, CCW_DIRECT));
	for (i = 0; i < 2; i++)
		ccw_prog_add(&self->prog, CCW_CMD_SENSE_ID, CCW_SLI | (i ? 0 : CCW_CC),
			     testguest_iova(guest, testguest_alloc(guest, 16, 8)), ID_SIZE);
	ccw_prog_orb(&self->prog, &self->orb);
}

FIXTURE_TEARDOWN(fail)
{
	testguest_close(&self->guest);
	EXPECT_EQ(0, machine_unload());
}

/*
 * Guards: START that is refused once, with any condition code, spoils nothing; in
 * particular a path that was not operational (3) is tried again, though no event
 * tells that it is. To see it fail: take the paths out of sch->lpm for condition
 * code 3 in vfio_ccw_io_start().
 */
TEST_F(fail, start_once)
{
	static const struct { int answer, error; } codes[] = {
		{ 1, -EBUSY }, { 2, -EBUSY }, { 3, -ENODEV }, { -EIO, -EIO },
	};
	struct ccw_dev *dev = &self->guest.dev;
	unsigned int i;
	int ret;

	for (i = 0; i < sizeof(codes) / sizeof(*codes); i++) {
		ASSERT_EQ(0, machine_answer("ssch", codes[i].answer, 1));
		ret = ccw_start(dev, &self->orb);
		if (codes[i].answer == 3 && ret == -EACCES)
			ret = -ENODEV;
		EXPECT_EQ(codes[i].error, ret);
		EXPECT_EQ(1, machine_answered());
		EXPECT_TRUE(storage_unlocked());
		ASSERT_EQ(0, ccw_run(dev, &self->orb, &self->irb, WAIT_MS));
		EXPECT_TRUE(is_good_end(&self->irb));
	}
}

/*
 * Guards: a program whose RESUME is refused stays suspended as it was, and goes on
 * with the next one. To see it fail: leave out vfio_ccw_cp_unlink() in resume(),
 * vfio_ccw_start.c.
 */
TEST_F(fail, resume_once)
{
	/* What cio_resume() makes of condition codes 1, 2 and 3 */
	static const struct { int answer, error; } codes[] = {
		{ -EBUSY, -EBUSY }, { -EINVAL, -EBUSY }, { -ENODEV, -ENODEV },
	};
	struct testguest *guest = &self->guest;
	unsigned int i;

	ASSERT_EQ(0, testguest_suspend_at(guest, &self->prog, 1, &self->orb));
	for (i = 0; i < sizeof(codes) / sizeof(*codes); i++) {
		ASSERT_EQ(0, machine_answer("cio_resume", codes[i].answer, 1));
		EXPECT_EQ(codes[i].error, ccw_resume(&guest->dev, &self->orb));
		EXPECT_EQ(1, machine_answered());
		EXPECT_TRUE(testguest_is_suspended(guest));
	}
	/* Until the guest takes the flag away, it stays there. */
	ASSERT_EQ(0, ccw_resume(&guest->dev, &self->orb));
	ASSERT_EQ(0, testguest_suspended(guest));
	ccw_prog_set_flags(&self->prog, 1, CCW_SLI);
	ASSERT_EQ(0, ccw_resume(&guest->dev, &self->orb));
	ASSERT_EQ(0, testguest_end(guest, &self->irb));
	EXPECT_TRUE(is_good_end(&self->irb));
	EXPECT_EQ(ccw_prog_addr(&self->prog, 2), cio_32(self->irb.scsw.cpa));
	EXPECT_TRUE(storage_unlocked());
}

/*
 * Guards: a subchannel that cannot be enabled is not taken for open, and the next
 * open tries it again. To see it fail: do not look at what enable() returns in
 * vfio_ccw_open(), vfio_ccw_stop.c.
 */
TEST_F(fail, enable_at_open)
{
	struct testguest *guest = &self->guest;

	testguest_close(guest);
	ASSERT_EQ(0, machine_answer("cio_enable_subchannel", -EIO, 1));
	EXPECT_EQ(-EINVAL, testguest_open(guest));
	EXPECT_EQ(1, machine_answered());
	ASSERT_EQ(0, testguest_open(guest));
	EXPECT_LE(ID_SIZE, testguest_sense_id(guest, self->id));
}

/* It is as good as gone, until somebody else has the subchannel. */
static bool is_gone(struct ccw_dev *dev, const struct cio_orb *orb)
{
	return ccw_start(dev, orb) == -ENODEV && ccw_halt(dev) == -ENODEV &&
	       ccw_dev_reset(dev) == -EINVAL;
}

/*
 * Guards: a subchannel that a reset has disabled, and that cannot be enabled any
 * more, is not taken for ready. To see it fail: leave out vfio_ccw_gone() in
 * vfio_ccw_reset(), vfio_ccw_stop.c.
 */
TEST_F(fail, enable_at_reset)
{
	struct testguest *guest = &self->guest;

	ASSERT_EQ(0, machine_answer("cio_enable_subchannel", -EIO, 1));
	EXPECT_EQ(-EINVAL, ccw_dev_reset(&guest->dev));
	EXPECT_EQ(1, machine_answered());
	EXPECT_TRUE(is_gone(&guest->dev, &self->orb));
	testguest_close(guest);
	ASSERT_EQ(0, testguest_open(guest));
	EXPECT_LE(ID_SIZE, testguest_sense_id(guest, self->id));
}

/*
 * Guards: nor is one that was disabled to end a program whose storage went; the
 * guest is told of that end all the same (deferred condition code 3). To see it
 * fail: leave out vfio_ccw_gone() in vfio_ccw_abort(), vfio_ccw_stop.c.
 */
TEST_F(fail, enable_after_program)
{
	struct testguest *guest = &self->guest;
	struct ccw_dev *dev = &guest->dev;

	ASSERT_EQ(0, testguest_suspend_at(guest, &self->prog, 1, &self->orb));
	ASSERT_EQ(0, machine_answer("cio_enable_subchannel", -EIO, 1));
	EXPECT_EQ(0, ccw_dma_unmap(dev, guest->mem.iova, guest->mem.size));
	EXPECT_EQ(1, machine_answered());
	ASSERT_EQ(0, ccw_dev_wait(dev, VFIO_CCW_IO_IRQ_INDEX, WAIT_MS));
	ASSERT_EQ(0, ccw_response(dev, &self->irb));
	EXPECT_EQ(SCSW_CC, cio_32(self->irb.scsw.word0) & SCSW_CC);
	EXPECT_TRUE(is_gone(dev, &self->orb));
	testguest_close(guest);
	ASSERT_EQ(0, testguest_open(guest));
	EXPECT_LE(ID_SIZE, testguest_sense_id(guest, self->id));
}

/*
 * Guards: closing insists until the subchannel is disabled, and only then gives
 * the storage back. To see it fail: take any answer of cio_disable_subchannel()
 * for good in quiesce(), vfio_ccw_stop.c.
 */
TEST_F(fail, disable_twice)
{
	struct testguest *guest = &self->guest;

	ASSERT_EQ(0, testguest_suspend_at(guest, &self->prog, 1, &self->orb));
	ASSERT_EQ(0, machine_answer("cio_disable_subchannel", -EBUSY, 2));
	testguest_close(guest);
	EXPECT_EQ(2, machine_answered());
	ASSERT_EQ(0, testguest_open(guest));
	EXPECT_LE(ID_SIZE, testguest_sense_id(guest, self->id));
}

/*
 * Guards: closing a device that never comes to rest ends all the same. To see it
 * fail: leave out STOP_ATTEMPTS in quiesce().
 */
TEST_F_TIMEOUT(fail, disable_ever, 60)
{
	struct testguest *guest = &self->guest;
	time_t start = time(NULL);

	ASSERT_EQ(0, machine_answer("cio_disable_subchannel", -EBUSY, 1000000));
	testguest_close(guest);
	EXPECT_GT(20, time(NULL) - start);
	EXPECT_LT(1, machine_answered());
	ASSERT_EQ(0, machine_answer_no_more());
	ASSERT_EQ(0, testguest_open(guest));
	EXPECT_LE(ID_SIZE, testguest_sense_id(guest, self->id));
}

FIXTURE(setup) {
	struct testguest guest;
	char path[SCH_PATH];
	__u8 id[SENSE_ID_ROOM];
};

FIXTURE_SETUP(setup)
{
	if (no_module())
		SKIP(return, "no module cio_test to be loaded");
}

FIXTURE_TEARDOWN(setup)
{
	EXPECT_EQ(0, machine_answer_no_more());
	EXPECT_EQ(0, subchannel_bind());
	/* Whatever failed: now it works. */
	EXPECT_EQ(0, testguest_open(&self->guest));
	EXPECT_LE(ID_SIZE, testguest_sense_id(&self->guest, self->id));
	testguest_close(&self->guest);
	EXPECT_EQ(0, machine_unload());
}

/*
 * Guards: a mediated device that VFIO does not take is none. To see it fail: leave
 * out vfio_ccw_stats_hide() after that error in vfio_ccw_ops.c.
 */
TEST_F(setup, create)
{
	ASSERT_EQ(0, machine_answer("vfio_register_emulated_iommu_dev", -ENOMEM, 1));
	EXPECT_EQ(-ENOMEM, subchannel_mdev_create());
	EXPECT_EQ(1, machine_answered());
	EXPECT_FALSE(sysfs_exists(subchannel_mdev_path(self->path, "remove")));
	snprintf(self->path, SCH_PATH, "/sys/kernel/debug/vfio_ccw/%s", subchannel_id());
	EXPECT_FALSE(sysfs_exists(self->path));
}

/*
 * Guards: a subchannel that cannot be bound is not half bound. To see it fail:
 * leave out drop_parent() after the error in sch_probe(), vfio_ccw_drv.c, on a
 * kernel with kmemleak.
 */
TEST_F(setup, bind)
{
	ASSERT_EQ(0, subchannel_unbind());
	ASSERT_EQ(0, machine_answer("mdev_register_parent", -ENOMEM, 1));
	EXPECT_NE(0, subchannel_bind());
	EXPECT_EQ(1, machine_answered());
	EXPECT_FALSE(sysfs_exists(subchannel_path(self->path, "driver")));
	EXPECT_FALSE(sysfs_exists(subchannel_type_path(self->path, "create")));
}

FIXTURE(load) {
	bool unloaded;
};

FIXTURE_SETUP(load)
{
	if (no_module())
		SKIP(return, "no module cio_test to be loaded");
}

FIXTURE_TEARDOWN(load)
{
	EXPECT_EQ(0, machine_answer_no_more());
	if (self->unloaded)
		EXPECT_EQ(0, module_load("vfio_ccw"));
	EXPECT_EQ(0, subchannel_bind());
	EXPECT_EQ(0, machine_unload());
}

/*
 * Guards: each step of loading undoes those before it, and the module tells the
 * error that there was. To see it fail: return 0, or leave out a line behind the
 * labels, in vfio_ccw_init(), vfio_ccw_drv.c.
 */
TEST_F(load, steps)
{
	static const struct {
		const char *function;
		int answer, error;
	} steps[] = {
		{ "debug_register", 0, -ENOMEM },
		{ "debug_register_view", -EINVAL, -ENOMEM },
		{ "mdev_register_driver", -EBUSY, -EBUSY },
		{ "css_driver_register", -EINVAL, -EINVAL },
	};
	unsigned int i;

	ASSERT_EQ(0, module_unload("vfio_ccw"));
	self->unloaded = true;
	for (i = 0; i < sizeof(steps) / sizeof(*steps); i++) {
		/* Of some calls within the kernel it does not matter. */
		ASSERT_EQ(0, machine_answer(steps[i].function, steps[i].answer, 1000));
		EXPECT_EQ(steps[i].error, module_load("vfio_ccw"));
		EXPECT_LE(1, machine_answered());
		EXPECT_FALSE(sysfs_exists("/sys/bus/css/drivers/vfio_ccw"));
		EXPECT_FALSE(sysfs_exists("/sys/bus/mdev/drivers/vfio_ccw_mdev"));
		EXPECT_FALSE(sysfs_exists("/sys/kernel/debug/s390dbf/vfio_ccw_msg"));
		EXPECT_FALSE(sysfs_exists("/sys/kernel/debug/s390dbf/vfio_ccw_trace"));
		EXPECT_FALSE(sysfs_exists("/sys/kernel/debug/vfio_ccw"));
	}
	ASSERT_EQ(0, machine_answer_no_more());
	ASSERT_EQ(0, module_load("vfio_ccw"));
	self->unloaded = false;
}

int main(int argc, char **argv)
{
	return subchannel_main(argc, argv, test_harness_run);
}
