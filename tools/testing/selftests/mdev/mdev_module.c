// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests of loading and unloading: refused while something is in use, and
 * nothing left behind, however often.
 */
#include <kselftest_harness.h>

#include "mdev_util.h"
#include "module.h"

FIXTURE(module) {
};

FIXTURE_SETUP(module)
{
	ASSERT_TRUE(start_clean());
}

FIXTURE_TEARDOWN(module)
{
	module_load("mdev");
	module_load("mdev_test");
	ASSERT_TRUE(start_clean());
}

TEST_F(module, bus_stays_while_a_driver_is_there)
{
	EXPECT_EQ(-EWOULDBLOCK, module_unload("mdev"));
}

TEST_F(module, driver_stays_while_a_device_is_there)
{
	ASSERT_EQ(0, create(SMALL, UUID_A));
	EXPECT_EQ(-EWOULDBLOCK, module_unload("mdev_test"));
	EXPECT_TRUE(sysfs_exists(MDEVS "/" UUID_A));

	/* One that could not be created must not count. */
	ASSERT_EQ(-EEXIST, create(SMALL, UUID_A));
	ASSERT_EQ(0, sysfs_write(GATES "/probe_error", "-71"));
	ASSERT_EQ(-EPROTO, create(SMALL, UUID_B));

	ASSERT_EQ(0, remove_mdev(UUID_A));
	EXPECT_EQ(0, module_unload("mdev_test"));
	EXPECT_FALSE(sysfs_exists(COUNTED));
}

TEST_F(module, driver_stays_while_a_device_is_removed)
{
	struct writer remover;

	ASSERT_EQ(0, create(SMALL, UUID_A));
	ASSERT_EQ(0, sysfs_write(GATES "/remove_hold", "1"));
	ASSERT_TRUE(writer_start(&remover, MDEVS "/" UUID_A "/remove", "1"));
	ASSERT_TRUE(wait_for(GATES "/remove_inside", "1"));
	EXPECT_EQ(-EWOULDBLOCK, module_unload("mdev_test"));
	ASSERT_EQ(0, sysfs_write(GATES "/remove_hold", "0"));
	EXPECT_EQ(0, writer_join(&remover));
}

TEST_F(module, leaves_nothing_behind)
{
	ASSERT_EQ(0, module_unload("mdev_test"));
	EXPECT_FALSE(sysfs_exists("/sys/bus/mdev/drivers/mdev_test_counted"));
	ASSERT_EQ(0, module_unload("mdev"));
	EXPECT_FALSE(sysfs_exists("/sys/bus/mdev"));
	EXPECT_FALSE(sysfs_exists("/sys/class/mdev_bus"));
	ASSERT_EQ(0, module_load("mdev"));
	EXPECT_TRUE(sysfs_exists("/sys/bus/mdev"));
	EXPECT_TRUE(sysfs_exists("/sys/class/mdev_bus"));
}

TEST_F_TIMEOUT(module, load_and_unload_loop, 300)
{
	int round;

	for (round = 0; round < 20; round++) {
		ASSERT_EQ(0, create(SMALL, UUID_A));
		ASSERT_EQ(0, remove_mdev(UUID_A));
		ASSERT_EQ(0, module_unload("mdev_test"));
		ASSERT_EQ(0, module_unload("mdev"));
		ASSERT_EQ(0, module_load("mdev"));
		ASSERT_EQ(0, module_load("mdev_test"));
	}
}

TEST_HARNESS_MAIN
