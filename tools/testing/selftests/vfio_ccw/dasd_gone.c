// SPDX-License-Identifier: GPL-2.0
/*
 * Hercules detaches a disk that is at work. Afterwards it is lost to the host:
 * Hercules keeps what it was doing. So nothing comes after this.
 */
#include <errno.h>

#include "kselftest_harness.h"

#include "locked.h"
#include "machine.h"
#include "sysfs.h"
#include "testguest.h"

#define ID_SIZE	7

FIXTURE(dasd_gone) {
	struct testguest guest;
};

FIXTURE_SETUP(dasd_gone)
{
	if (!machine_detaches_really())
		SKIP(return, "only on Hercules, and if VFIO_CCW_HERCULES says so");
	ASSERT_EQ(0, machine_load());
	ASSERT_EQ(0, testguest_open(&self->guest));
}

FIXTURE_TEARDOWN(dasd_gone)
{
	ccw_dev_close(&self->guest.dev);
	EXPECT_EQ(0, machine_unload());
}

/*
 * Guards: userspace is told, the program ends (deferred condition code 3), its
 * storage is free, close does not wait. To see it fail: leave out
 * vfio_ccw_respond_aborted() in vfio_ccw_gone(), vfio_ccw_interrupt.c.
 */
TEST_F(dasd_gone, suspended)
{
	struct testguest *guest = &self->guest;
	struct ccw_dev *dev = &guest->dev;
	__u8 id[SENSE_ID_ROOM];
	struct ccw_prog prog;
	char path[SCH_PATH];
	struct cio_orb orb;
	struct cio_irb irb;
	int i;

	ASSERT_LE(ID_SIZE, testguest_sense_id(guest, id));
	ASSERT_EQ(0, ccw_prog_init(&prog, &guest->mem, 2, 1, CCW_DIRECT));
	prog.ctrl |= ORB_SUSPEND | ORB_NO_SUSPEND_INT;
	for (i = 0; i < 2; i++)
		ccw_prog_add(&prog, CCW_CMD_SENSE_ID, CCW_SLI | (i ? CCW_SUSPEND : CCW_CC),
			     testguest_iova(guest, testguest_alloc(guest, 16, 8)), ID_SIZE);
	ccw_prog_orb(&prog, &orb);
	ASSERT_EQ(0, testguest_suspend(guest, &orb));
	EXPECT_LT(0, locked_kib());

	ASSERT_EQ(0, machine_detach());
	ASSERT_EQ(0, ccw_dev_wait(dev, VFIO_CCW_REQ_IRQ_INDEX, WAIT_MS));
	ASSERT_EQ(0, ccw_dev_wait(dev, VFIO_CCW_IO_IRQ_INDEX, WAIT_MS));
	ASSERT_EQ(0, ccw_response(dev, &irb));
	EXPECT_EQ(SCSW_CC, cio_32(irb.scsw.word0) & SCSW_CC);
	EXPECT_TRUE(storage_unlocked());
	EXPECT_EQ(-ENODEV, ccw_resume(dev, &orb));
	EXPECT_EQ(-ENODEV, ccw_start(dev, &orb));
	ccw_dev_close(dev);
	EXPECT_EQ(0, subchannel_settle());
	EXPECT_FALSE(sysfs_exists(subchannel_path(path, "driver_override")));
}

int main(int argc, char **argv)
{
	return subchannel_main_for("dasd", argc, argv, test_harness_run);
}
