// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests of what userspace finds in sysfs: the names, modes, contents and links
 * that libvirt, mdevctl and people rely on.
 */
#include <kselftest_harness.h>

#include "mdev_util.h"

FIXTURE(layout) {
};

FIXTURE_SETUP(layout)
{
	ASSERT_TRUE(start_clean());
}

FIXTURE_TEARDOWN(layout)
{
	ASSERT_TRUE(start_clean());
}

TEST_F(layout, type_attributes)
{
	EXPECT_TRUE(sysfs_is(SMALL "/name", "Small test device"));
	EXPECT_TRUE(sysfs_is(SMALL "/device_api", "mdev-test"));
	EXPECT_TRUE(sysfs_is(SMALL "/available_instances", "2"));
	EXPECT_EQ(0444, mode_of(SMALL "/name"));
	EXPECT_EQ(0444, mode_of(SMALL "/device_api"));
	EXPECT_EQ(0444, mode_of(SMALL "/available_instances"));
	EXPECT_EQ(0200, mode_of(SMALL "/create"));
	EXPECT_EQ(0755, mode_of(SMALL "/devices"));
}

TEST_F(layout, name_falls_back_to_type)
{
	EXPECT_TRUE(sysfs_is(PLAIN "/name", "plain"));
}

TEST_F(layout, description_only_if_the_driver_has_one)
{
	EXPECT_FALSE(sysfs_exists(SMALL "/description"));
	EXPECT_TRUE(sysfs_is(OWN_TYPE "/description",
			     "described by mdev_test.1"));
	EXPECT_EQ(0444, mode_of(OWN_TYPE "/description"));
}

TEST_F(layout, parent_is_in_class_mdev_bus)
{
	EXPECT_TRUE(links_to("/sys/class/mdev_bus/mdev_test.0",
			     "mdev_test.0"));
	ASSERT_EQ(0, unbind_parent(COUNTED));
	EXPECT_FALSE(sysfs_exists("/sys/class/mdev_bus/mdev_test.0"));
	EXPECT_FALSE(sysfs_exists(COUNTED TYPES));
	EXPECT_TRUE(sysfs_exists("/sys/class/mdev_bus/mdev_test.1"));
}

TEST_F(layout, device)
{
	ASSERT_EQ(0, create(SMALL, UUID_A));

	EXPECT_TRUE(sysfs_exists(COUNTED "/" UUID_A));
	EXPECT_TRUE(links_to(MDEVS "/" UUID_A, UUID_A));
	EXPECT_TRUE(links_to(MDEVS "/" UUID_A "/mdev_type",
			     "mdev_test-small"));
	EXPECT_TRUE(links_to(MDEVS "/" UUID_A "/subsystem", "mdev"));
	EXPECT_TRUE(links_to(MDEVS "/" UUID_A "/driver",
			     "mdev_test_counted"));
	EXPECT_TRUE(sysfs_is(MDEVS "/" UUID_A "/mdev_type/device_api",
			     "mdev-test"));
	EXPECT_EQ(0200, mode_of(MDEVS "/" UUID_A "/remove"));
	EXPECT_TRUE(links_to(SMALL "/devices/" UUID_A, UUID_A));
	EXPECT_FALSE(sysfs_exists(PLAIN "/devices/" UUID_A));

	ASSERT_EQ(0, remove_mdev(UUID_A));

	EXPECT_FALSE(sysfs_exists(COUNTED "/" UUID_A));
	EXPECT_FALSE(sysfs_exists(MDEVS "/" UUID_A));
	EXPECT_FALSE(sysfs_exists(SMALL "/devices/" UUID_A));
}

TEST_F(layout, driver_of_another_parent_is_never_bound)
{
	ASSERT_EQ(0, create(SMALL, UUID_A));
	ASSERT_EQ(0, sysfs_write(MDEV_DRIVERS "/mdev_test_counted/unbind", UUID_A));
	EXPECT_FALSE(sysfs_exists(MDEVS "/" UUID_A "/driver"));
	EXPECT_EQ(-ENODEV, sysfs_write(MDEV_DRIVERS "/mdev_test_own/bind", UUID_A));
	EXPECT_EQ(-ENODEV, sysfs_write(MDEV_DRIVERS "/mdev_test_counted/bind", UUID_A));
	EXPECT_EQ(0, remove_mdev(UUID_A));
}

TEST_HARNESS_MAIN
