// SPDX-License-Identifier: GPL-2.0
/*
 * Binding a subchannel, and what that shows in sysfs: names and values that
 * libvirt, mdevctl and driverctl rely on
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "kselftest_harness.h"

#include "subchannel.h"
#include "sysfs.h"
#include "testguest.h"
#include "uevent.h"

#define UEVENT_MS 5000

FIXTURE(driver) {
	char path[SCH_PATH];
	char text[256];
};

FIXTURE_SETUP(driver)
{
	ASSERT_EQ(0, subchannel_bind());
}

FIXTURE_TEARDOWN(driver)
{
	subchannel_bind();
	if (sysfs_exists(subchannel_mdev_path(self->path, "remove")))
		subchannel_mdev_remove();
}

TEST_F(driver, name)
{
	ASSERT_EQ(0, sysfs_link(subchannel_path(self->path, "driver"), self->text, 64));
	EXPECT_STREQ("vfio_ccw", self->text);
	EXPECT_TRUE(sysfs_exists("/sys/bus/css/drivers/vfio_ccw/bind"));
	EXPECT_TRUE(sysfs_exists("/sys/bus/css/drivers/vfio_ccw/unbind"));
	EXPECT_TRUE(sysfs_exists("/sys/bus/mdev/drivers/vfio_ccw_mdev"));
}

TEST_F(driver, module_alias)
{
	ASSERT_EQ(0, sysfs_read(subchannel_path(self->path, "modalias"), self->text, 256));
	EXPECT_STREQ("css:t0", self->text);
}

TEST_F(driver, type_attributes)
{
	ASSERT_EQ(0, sysfs_read(subchannel_type_path(self->path, "name"), self->text, 256));
	EXPECT_STREQ("I/O subchannel (Non-QDIO)", self->text);
	ASSERT_EQ(0, sysfs_read(subchannel_type_path(self->path, "device_api"), self->text, 256));
	EXPECT_STREQ("vfio-ccw", self->text);
	EXPECT_TRUE(sysfs_exists(subchannel_type_path(self->path, "create")));
	EXPECT_TRUE(sysfs_exists(subchannel_type_path(self->path, "devices")));
	EXPECT_FALSE(sysfs_exists(subchannel_type_path(self->path, "description")));
	/* Write-only */
	EXPECT_NE(0, sysfs_read(subchannel_type_path(self->path, "create"), self->text, 256));
}

TEST_F(driver, parent_link)
{
	snprintf(self->path, SCH_PATH, "/sys/class/mdev_bus/%s", subchannel_id());
	EXPECT_TRUE(sysfs_exists(self->path));
	ASSERT_EQ(0, subchannel_unbind());
	EXPECT_FALSE(sysfs_exists(self->path));
	EXPECT_FALSE(sysfs_exists(subchannel_type_path(self->path, "create")));
}

TEST_F(driver, available_instances)
{
	const char *attribute = "available_instances";

	ASSERT_EQ(0, sysfs_read(subchannel_type_path(self->path, attribute), self->text, 256));
	EXPECT_STREQ("1", self->text);
	ASSERT_EQ(0, subchannel_mdev_create());
	ASSERT_EQ(0, sysfs_read(subchannel_type_path(self->path, attribute), self->text, 256));
	EXPECT_STREQ("0", self->text);
	ASSERT_EQ(0, subchannel_mdev_remove());
	ASSERT_EQ(0, sysfs_read(subchannel_type_path(self->path, attribute), self->text, 256));
	EXPECT_STREQ("1", self->text);
}

TEST_F(driver, mdev_links)
{
	ASSERT_EQ(0, subchannel_mdev_create());
	EXPECT_TRUE(sysfs_exists(subchannel_mdev_path(self->path, "remove")));
	ASSERT_EQ(0, sysfs_link(subchannel_mdev_path(self->path, "mdev_type"), self->text, 64));
	EXPECT_STREQ("vfio_ccw-io", self->text);
	ASSERT_EQ(0, sysfs_link(subchannel_mdev_path(self->path, "driver"), self->text, 64));
	EXPECT_STREQ("vfio_ccw_mdev", self->text);
	EXPECT_TRUE(sysfs_exists(subchannel_mdev_path(self->path, "iommu_group")));
	EXPECT_TRUE(sysfs_exists(subchannel_mdev_path(self->path, "vfio-dev")));
	snprintf(self->path, SCH_PATH, "/sys/bus/mdev/devices/%s", subchannel_uuid());
	EXPECT_TRUE(sysfs_exists(self->path));
	ASSERT_EQ(0, subchannel_mdev_remove());
	EXPECT_FALSE(sysfs_exists(self->path));
	EXPECT_FALSE(sysfs_exists(subchannel_mdev_path(self->path, "remove")));
}

TEST_F(driver, mdev_one_only)
{
	ASSERT_EQ(0, subchannel_mdev_create());
	/* The same UUID again, and another one */
	EXPECT_EQ(-EEXIST, sysfs_write(subchannel_type_path(self->path, "create"),
				       subchannel_uuid()));
	EXPECT_EQ(-EUSERS, sysfs_write(subchannel_type_path(self->path, "create"),
				       "5e1ec7ed-0000-4000-8000-000000000001"));
}

TEST_F(driver, mdev_bad_uuid)
{
	subchannel_type_path(self->path, "create");
	EXPECT_EQ(-EINVAL, sysfs_write(self->path, "5e1ec7ed"));
	EXPECT_EQ(-EINVAL, sysfs_write(self->path, "5e1ec7ed-0000-4000-8000-00000000000g"));
	EXPECT_EQ(-EINVAL, sysfs_write(self->path, "5e1ec7ed-0000-4000-8000-00000000000"));
	EXPECT_EQ(-EINVAL, sysfs_write(self->path, "5e1ec7ed-0000-4000-8000-00000000000123"));
}

TEST_F(driver, mdev_remove_values)
{
	ASSERT_EQ(0, subchannel_mdev_create());
	subchannel_mdev_path(self->path, "remove");
	EXPECT_EQ(-EINVAL, sysfs_write(self->path, "yes"));
	EXPECT_EQ(0, sysfs_write(self->path, "0"));
	EXPECT_TRUE(sysfs_exists(self->path));
}

TEST_F(driver, mdev_again_and_again)
{
	struct testguest guest;
	int i;

	for (i = 0; i < 20; i++) {
		ASSERT_EQ(0, testguest_open(&guest));
		testguest_close(&guest);
		ASSERT_FALSE(sysfs_exists(subchannel_mdev_path(self->path, "remove")));
	}
}

TEST_F(driver, bind_again_and_again)
{
	__u8 id[SENSE_ID_ROOM];
	struct testguest guest;
	int i;

	for (i = 0; i < 5; i++) {
		ASSERT_EQ(0, subchannel_unbind());
		ASSERT_EQ(0, subchannel_bind());
	}
	ASSERT_EQ(0, testguest_open(&guest));
	EXPECT_LT(3, testguest_sense_id(&guest, id));
	testguest_close(&guest);
}

TEST_F(driver, unbind_removes_mdev)
{
	ASSERT_EQ(0, subchannel_mdev_create());
	ASSERT_EQ(0, subchannel_unbind());
	EXPECT_FALSE(sysfs_exists(subchannel_mdev_path(self->path, "remove")));
	snprintf(self->path, SCH_PATH, "/sys/bus/mdev/devices/%s", subchannel_uuid());
	EXPECT_FALSE(sysfs_exists(self->path));
}

TEST_F(driver, uevents)
{
	int fd = uevent_open();

	ASSERT_LE(0, fd);
	ASSERT_EQ(0, subchannel_unbind());
	EXPECT_TRUE(uevent_wait(fd, subchannel_id(), "change", "MDEV_STATE=unregistered",
				UEVENT_MS));
	ASSERT_EQ(0, subchannel_bind());
	EXPECT_TRUE(uevent_wait(fd, subchannel_id(), "change", "MDEV_STATE=registered",
				UEVENT_MS));
	close(fd);
}

/* The css core's files that a VMM reads when it realizes the device */
TEST_F(driver, paths_stay_visible)
{
	ASSERT_EQ(0, sysfs_read(subchannel_path(self->path, "pimpampom"), self->text, 256));
	EXPECT_EQ(strlen("80 80 ff"), strspn(self->text, "0123456789abcdef "));
	ASSERT_EQ(0, sysfs_read(subchannel_path(self->path, "chpids"), self->text, 256));
	EXPECT_LE(strlen("00 00 00 00 00 00 00 00"), strspn(self->text, "0123456789abcdef "));
}

int main(int argc, char **argv)
{
	return subchannel_main(argc, argv, test_harness_run);
}
