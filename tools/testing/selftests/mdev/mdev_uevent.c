// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests of what udev and mdevctl hear: MDEV_STATE on the parent, ADD and
 * REMOVE of a device, and what they find in sysfs when they look right then;
 * and of the two lines in the kernel log.
 */
#include <fcntl.h>
#include <kselftest_harness.h>

#include "mdev_util.h"
#include "uevent.h"

#define PATIENCE_MS 5000
#define PARENT "/devices/platform/mdev_test.0"
#define DEVICE PARENT "/" UUID_A

FIXTURE(uevent) {
	int fd;
};

FIXTURE_SETUP(uevent)
{
	ASSERT_TRUE(start_clean());
	self->fd = uevent_open();
	ASSERT_GE(self->fd, 0);
}

FIXTURE_TEARDOWN(uevent)
{
	close(self->fd);
	ASSERT_TRUE(start_clean());
}

/* The events come in the order of these, or the second one is missed. */
#define EXPECT_EVENT(device, action, variable)				\
	EXPECT_TRUE(uevent_wait(self->fd, device, action, variable,	\
				PATIENCE_MS))

TEST_F(uevent, parent)
{
	ASSERT_EQ(0, unbind_parent(COUNTED));
	EXPECT_EVENT(PARENT, "change", "MDEV_STATE=unregistered");
	EXPECT_EVENT(PARENT, "unbind", NULL);

	ASSERT_EQ(0, bind_parent(COUNTED));
	EXPECT_EVENT(PARENT, "change", "MDEV_STATE=registered");
	EXPECT_EVENT(PARENT, "bind", NULL);
}

TEST_F(uevent, unregistered_comes_last)
{
	ASSERT_EQ(0, create(SMALL, UUID_A));
	ASSERT_EQ(0, unbind_parent(COUNTED));
	EXPECT_EVENT(DEVICE, "remove", NULL);
	EXPECT_EVENT(PARENT, "change", "MDEV_STATE=unregistered");
}

TEST_F(uevent, device)
{
	struct writer creator;

	/*
	 * With the driver held back, a tool can look around at leisure when it
	 * has heard of the device.
	 */
	ASSERT_EQ(0, sysfs_write(GATES "/probe_hold", "1"));
	ASSERT_TRUE(writer_start(&creator, SMALL "/create", UUID_A));
	EXPECT_EVENT(DEVICE, "add", "SUBSYSTEM=mdev");
	EXPECT_TRUE(links_to(MDEVS "/" UUID_A "/mdev_type",
			     "mdev_test-small"));
	EXPECT_TRUE(links_to(SMALL "/devices/" UUID_A, UUID_A));
	ASSERT_EQ(0, sysfs_write(GATES "/probe_hold", "0"));
	ASSERT_EQ(0, writer_join(&creator));
	EXPECT_EVENT(DEVICE, "bind", "DRIVER=mdev_test_counted");

	ASSERT_EQ(0, remove_mdev(UUID_A));
	EXPECT_EVENT(DEVICE, "unbind", NULL);
	EXPECT_EVENT(DEVICE, "remove", NULL);
}

#define TRACING "/sys/kernel/debug/tracing"
#define FILTER TRACING "/set_ftrace_filter"

/*
 * libvirt looks at mdev_type as soon as it hears of the device. That is too
 * short a time to be met by chance, so look at the order of calls.
 */
TEST_F(uevent, add_comes_after_the_links)
{
	bool told = false;
	int links = 0;
	char line[512];
	FILE *trace;

	/* The filter takes one name at a time. */
	if (sysfs_write(FILTER, "netlink_broadcast") ||
	    sysfs_write(FILTER, "sysfs_create_link") ||
	    sysfs_write(TRACING "/current_tracer", "function"))
		SKIP(return, "no function tracer in " TRACING);
	EXPECT_EQ(0, create(SMALL, UUID_A));
	EXPECT_EQ(0, sysfs_write(TRACING "/tracing_on", "0"));

	trace = fopen(TRACING "/trace", "r");
	ASSERT_NE(NULL, trace);
	while (!told && fgets(line, sizeof(line), trace)) {
		if (strstr(line, "sysfs_create_link <-mdev_"))
			links++;
		told = strstr(line, "netlink_broadcast <-");
	}
	fclose(trace);
	EXPECT_TRUE(told);
	EXPECT_EQ(2, links);

	EXPECT_EQ(0, sysfs_write(TRACING "/current_tracer", "nop"));
	close(open(FILTER, O_WRONLY | O_TRUNC));
	EXPECT_EQ(0, sysfs_write(TRACING "/tracing_on", "1"));
}

TEST_F(uevent, log)
{
	static const char * const want[] = {
		"mdev_test mdev_test.0: MDEV: Unregistering",
		"mdev_test mdev_test.0: MDEV: Registered",
	};
	char record[1024];
	ssize_t len;
	size_t i;
	int fd;

	fd = open("/dev/kmsg", O_RDONLY | O_NONBLOCK);
	ASSERT_GE(fd, 0);
	ASSERT_GE(lseek(fd, 0, SEEK_END), 0);
	ASSERT_EQ(0, unbind_parent(COUNTED));
	ASSERT_EQ(0, bind_parent(COUNTED));

	for (i = 0; i < ARRAY_SIZE(want); i++) {
		do {
			len = read(fd, record, sizeof(record) - 1);
			ASSERT_GT(len, 0) TH_LOG("no '%s'", want[i]);
			record[len] = '\0';
		} while (!strstr(record, want[i]));
		/* level info of the kernel: "6,sequence,time,flags;text" */
		EXPECT_EQ(0, strncmp(record, "6,", 2)) TH_LOG("%s", record);
	}
	close(fd);
}

TEST_HARNESS_MAIN
