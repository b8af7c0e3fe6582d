// SPDX-License-Identifier: GPL-2.0
/*
 * Unloading: refused while there is a mediated device, in use or not; with a
 * bound subchannel it gives that back to nobody, and can be loaded again.
 */
#include <errno.h>

#include "kselftest_harness.h"

#include "module.h"
#include "subchannel.h"
#include "sysfs.h"
#include "testguest.h"
#include "tracing.h"

FIXTURE(module) {
	char path[SCH_PATH];
};

FIXTURE_SETUP(module)
{
	ASSERT_EQ(0, subchannel_bind());
}

FIXTURE_TEARDOWN(module)
{
	if (sysfs_exists(subchannel_mdev_path(self->path, "remove")))
		subchannel_mdev_remove();
	subchannel_bind();
}

TEST_F(module, stays_while_there_is_a_device)
{
	ASSERT_EQ(0, subchannel_mdev_create());
	EXPECT_EQ(-EWOULDBLOCK, module_unload("vfio_ccw"));
	EXPECT_EQ(-EWOULDBLOCK, module_unload("mdev"));
	EXPECT_TRUE(sysfs_exists(subchannel_mdev_path(self->path, "remove")));
}

TEST_F(module, stays_while_a_device_is_open)
{
	struct testguest guest;
	__u8 id[SENSE_ID_ROOM];

	ASSERT_EQ(0, testguest_open(&guest));
	EXPECT_EQ(-EWOULDBLOCK, module_unload("vfio_ccw"));
	EXPECT_EQ(-EWOULDBLOCK, module_unload("mdev"));
	EXPECT_LT(3, testguest_sense_id(&guest, id));
	testguest_close(&guest);
}

TEST_F(module, again_and_again)
{
	struct testguest guest;
	__u8 id[SENSE_ID_ROOM];
	int i;

	if (access("/modules/vfio_ccw.ko", R_OK) && !getenv("TEST_MODULES"))
		SKIP(return, "TEST_MODULES does not name the folder of vfio_ccw.ko");
	for (i = 0; i < 10; i++) {
		ASSERT_EQ(0, module_unload("vfio_ccw"));
		EXPECT_FALSE(sysfs_exists(subchannel_type_path(self->path, "create")));
		EXPECT_FALSE(sysfs_exists(subchannel_path(self->path, "driver")));
		ASSERT_EQ(0, module_load("vfio_ccw"));
		ASSERT_EQ(0, subchannel_bind());
	}
	ASSERT_EQ(0, testguest_open(&guest));
	EXPECT_LT(3, testguest_sense_id(&guest, id));
	testguest_close(&guest);
}

/*
 * S12: the trace buffer can be read when the module has gone (the kernel may
 * have forgotten its records by then; that they are complete is observe.c's to
 * test), and nothing is left that would need the module to be read.
 */
TEST_F(module, leaves_no_trace)
{
	struct testguest guest;
	__u8 id[SENSE_ID_ROOM];

	if (access("/modules/vfio_ccw.ko", R_OK) && !getenv("TEST_MODULES"))
		SKIP(return, "TEST_MODULES does not name the folder of vfio_ccw.ko");
	ASSERT_EQ(0, tracing_mount());
	ASSERT_EQ(0, tracing_open("vfio_ccw"));
	ASSERT_EQ(0, testguest_open(&guest));
	EXPECT_LT(3, testguest_sense_id(&guest, id));
	testguest_close(&guest);
	EXPECT_LE(1, tracing_count("text=ssch"));
	ASSERT_EQ(0, module_unload("vfio_ccw"));
	EXPECT_LE(0, tracing_count("text=ssch"));
	EXPECT_FALSE(sysfs_exists("/sys/kernel/debug/s390dbf/vfio_ccw_msg"));
	EXPECT_FALSE(sysfs_exists("/sys/kernel/debug/s390dbf/vfio_ccw_trace"));
	EXPECT_FALSE(sysfs_exists("/sys/kernel/debug/vfio_ccw"));
	tracing_close();
	ASSERT_EQ(0, module_load("vfio_ccw"));
	ASSERT_EQ(0, subchannel_bind());
}

int main(int argc, char **argv)
{
	return subchannel_main(argc, argv, test_harness_run);
}
