// SPDX-License-Identifier: GPL-2.0
/*
 * The device is detached from the machine, whatever it is doing: userspace is
 * told, I/O ends, storage is given back, nobody hangs, and when the device is
 * there again it can be used again.
 *
 * On Hercules this is done for real, elsewhere by a STORE SUBCHANNEL that finds
 * no device. A program that runs when Hercules detaches its device: dasd_gone.c.
 */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "kselftest_harness.h"

#include "async.h"
#include "late.h"
#include "locked.h"
#include "machine.h"
#include "sysfs.h"
#include "testguest.h"

#define ID_SIZE	7

FIXTURE(gone) {
	struct testguest guest;
	struct late late;
	struct ccw_prog prog;	/* sense ID, and once more */
	struct cio_orb orb;
	struct cio_irb irb;
	char path[SCH_PATH];
	__u8 id[SENSE_ID_ROOM];
	bool attached;
};

FIXTURE_SETUP(gone)
{
	struct testguest *guest = &self->guest;
	int i;

	if (machine_load())
		SKIP(return, "no module to be loaded that would detach the device");
	ASSERT_EQ(0, subchannel_bind());
	ASSERT_EQ(0, testguest_open(guest));
	ASSERT_LE(ID_SIZE, testguest_sense_id(guest, self->id));
	self->attached = true;
	ASSERT_EQ(0, ccw_prog_init(&self->prog, &guest->mem, 2, 1, CCW_DIRECT));
	for (i = 0; i < 2; i++)
		ccw_prog_add(&self->prog, CCW_CMD_SENSE_ID, CCW_SLI | (i ? 0 : CCW_CC),
			     testguest_iova(guest, testguest_alloc(guest, 16, 8)), ID_SIZE);
	ccw_prog_orb(&self->prog, &self->orb);
}

FIXTURE_TEARDOWN(gone)
{
	late_close(&self->late);
	ccw_dev_close(&self->guest.dev);
	if (!self->attached)
		EXPECT_EQ(0, machine_attach());
	EXPECT_EQ(0, subchannel_bind());
	if (sysfs_exists(subchannel_mdev_path(self->path, "remove")))
		EXPECT_EQ(0, subchannel_mdev_remove());
	EXPECT_EQ(0, machine_unload());
}

static bool asked_for(struct ccw_dev *dev)
{
	return !ccw_dev_wait(dev, VFIO_CCW_REQ_IRQ_INDEX, WAIT_MS);
}

/* The subchannel is no device of the host's any more. */
static bool vanished(char path[SCH_PATH])
{
	int ms;

	for (ms = 0; ms < WAIT_MS; ms++) {
		/* What is reported while it is on its way out goes unheard. */
		if (!sysfs_exists(subchannel_path(path, "driver_override")))
			return !subchannel_settle();
		usleep(1000);
	}
	return false;
}

/* Userspace has closed it. It goes, comes back, and is as good as it was. */
#define EXPECT_USABLE_AGAIN() do { \
	EXPECT_TRUE(vanished(self->path)); \
	EXPECT_FALSE(sysfs_exists(subchannel_mdev_path(self->path, "remove"))); \
	ASSERT_EQ(0, machine_attach()); \
	self->attached = true; \
	ASSERT_EQ(0, subchannel_bind()); \
	ASSERT_EQ(0, testguest_open(&self->guest)); \
	/* A device may first tell that it was away. */ \
	if (testguest_sense_id(&self->guest, self->id) < ID_SIZE) \
		EXPECT_LE(ID_SIZE, testguest_sense_id(&self->guest, self->id)); \
} while (0)

static int detach(bool *attached)
{
	*attached = false;
	return machine_detach();
}

/*
 * Guards: a device that was not operational once is not silently operational
 * again (in lab A STORE SUBCHANNEL fails once, then works as before), and closing
 * it does not try for ever to disable what has no valid device number. To see it
 * fail: leave out vfio_ccw_gone() in sch_event(), vfio_ccw_drv.c.
 */
TEST_F(gone, idle)
{
	struct ccw_dev *dev = &self->guest.dev;

	ASSERT_EQ(0, detach(&self->attached));
	EXPECT_TRUE(asked_for(dev));
	EXPECT_EQ(-ENODEV, ccw_start(dev, &self->orb));
	EXPECT_EQ(-ENODEV, ccw_resume(dev, &self->orb));
	EXPECT_EQ(-ENODEV, ccw_halt(dev));
	EXPECT_EQ(-ENODEV, ccw_clear(dev));
	EXPECT_EQ(-EINVAL, ccw_dev_reset(dev));
	EXPECT_EQ(-ENODEV, ccw_start(dev, &self->orb));
	EXPECT_TRUE(testguest_quiet(&self->guest));
	ccw_dev_close(dev);
	EXPECT_USABLE_AGAIN();
}

/*
 * Guards: a program that was in the device ends (deferred condition code 3), its
 * storage is free, and there is nothing that close would wait for. To see it
 * fail: leave out vfio_ccw_respond_aborted() in vfio_ccw_gone().
 */
TEST_F(gone, suspended)
{
	struct testguest *guest = &self->guest;
	struct ccw_dev *dev = &guest->dev;

	if (machine_detaches_really())
		SKIP(return, "Hercules keeps what it was doing: it could not be used again");
	ASSERT_EQ(0, testguest_suspend_at(guest, &self->prog, 1, &self->orb));
	EXPECT_LT(0, locked_kib());

	ASSERT_EQ(0, detach(&self->attached));
	EXPECT_TRUE(asked_for(dev));
	ASSERT_EQ(0, ccw_dev_wait(dev, VFIO_CCW_IO_IRQ_INDEX, WAIT_MS));
	ASSERT_EQ(0, ccw_response(dev, &self->irb));
	EXPECT_EQ(SCSW_CC, cio_32(self->irb.scsw.word0) & SCSW_CC);
	EXPECT_TRUE(storage_unlocked());
	EXPECT_EQ(-ENODEV, ccw_resume(dev, &self->orb));
	ccw_dev_close(dev);
	EXPECT_USABLE_AGAIN();
}

/*
 * The same, and userspace closes the device without a look at what came of it.
 * To see it fail (in lab A): do not bring to rest what is gone, in quiesce(),
 * vfio_ccw_stop.c.
 */
TEST_F(gone, closed_at_once)
{
	struct testguest *guest = &self->guest;

	if (machine_detaches_really())
		SKIP(return, "Hercules keeps what it was doing: it could not be used again");
	ASSERT_EQ(0, testguest_suspend_at(guest, &self->prog, 1, &self->orb));
	ASSERT_EQ(0, detach(&self->attached));
	ccw_dev_close(&guest->dev);
	EXPECT_USABLE_AGAIN();
}

/*
 * Guards: the same while the rest of the program is fetched: the guest is told at
 * once, the fetching thread finds out when it gets its storage, and gives all back.
 * To see it fail: leave out leave_resuming() in vfio_ccw_gone().
 */
TEST_F(gone, while_fetched)
{
	struct testguest *guest = &self->guest;
	struct ccw_dev *dev = &guest->dev;

	if (machine_detaches_really())
		SKIP(return, "Hercules keeps what it was doing: it could not be used again");
	if (!late_is_possible())
		SKIP(return, "the kernel has no userfaultfd");
	ASSERT_EQ(0, late_map(&self->late, dev, GUEST_EXTRA));
	ASSERT_EQ(0, testguest_suspend_at(guest, &self->prog, 1, &self->orb));
	ASSERT_EQ(0, late_resume(&self->late, self->prog.slots + 8, &self->orb));

	ASSERT_EQ(0, detach(&self->attached));
	EXPECT_TRUE(asked_for(dev));
	ASSERT_EQ(0, ccw_dev_wait(dev, VFIO_CCW_IO_IRQ_INDEX, WAIT_MS));
	ASSERT_EQ(0, ccw_response(dev, &self->irb));
	EXPECT_EQ(SCSW_CC, cio_32(self->irb.scsw.word0) & SCSW_CC);
	EXPECT_EQ(-ENODEV, late_answer(&self->late));
	EXPECT_TRUE(storage_unlocked());
	EXPECT_EQ(-ENODEV, ccw_start(dev, &self->orb));
	ccw_dev_close(dev);
	EXPECT_USABLE_AGAIN();
}

/*
 * Guards: a program that is still being fetched when the device goes is not
 * started. To see it fail: do not look at fsm.gone in start(), vfio_ccw_start.c.
 */
TEST_F(gone, before_the_start)
{
	struct testguest *guest = &self->guest;

	if (!late_is_possible())
		SKIP(return, "the kernel has no userfaultfd");
	ASSERT_EQ(0, late_map(&self->late, &guest->dev, GUEST_EXTRA));
	ASSERT_EQ(0, late_start(&self->late, &self->orb));
	ASSERT_EQ(0, detach(&self->attached));
	EXPECT_TRUE(asked_for(&guest->dev));
	EXPECT_EQ(-ENODEV, late_answer(&self->late));
	EXPECT_TRUE(testguest_quiet(guest));
	EXPECT_TRUE(storage_unlocked());
	ccw_dev_close(&guest->dev);
	EXPECT_USABLE_AGAIN();
}

/* Nobody has it open: nobody is asked. */
TEST_F(gone, not_open)
{
	ccw_dev_close(&self->guest.dev);
	ASSERT_EQ(0, detach(&self->attached));
	EXPECT_USABLE_AGAIN();
}

int main(int argc, char **argv)
{
	return subchannel_main(argc, argv, test_harness_run);
}
