// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests of what udev and mdevctl hear: MDEV_STATE on the parent, ADD and
 * REMOVE of a device, and what they find in sysfs when they look right then;
 * and of the two lines in the kernel log.
 */
#include <fcntl.h>
#include <linux/netlink.h>
#include <kselftest_harness.h>
#include <poll.h>
#include <sys/socket.h>

#include "mdev_util.h"

#define KERNEL_GROUP 1
#define PATIENCE_MS 20000

/* A socket for the kernel's uevents, and the last one. */
struct listener {
	int sock;
	char text[8192];
	size_t len;
};

FIXTURE(uevent) {
	struct listener listener;
};

FIXTURE_SETUP(uevent)
{
	struct sockaddr_nl addr = {
		.nl_family = AF_NETLINK,
		.nl_groups = KERNEL_GROUP,
	};

	int sock;

	ASSERT_TRUE(start_clean());
	sock = socket(AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC,
		      NETLINK_KOBJECT_UEVENT);
	ASSERT_GE(sock, 0);
	ASSERT_EQ(0, bind(sock, (struct sockaddr *)&addr, sizeof(addr)));
	self->listener.sock = sock;
}

FIXTURE_TEARDOWN(uevent)
{
	close(self->listener.sock);
	ASSERT_TRUE(start_clean());
}

/* The next event of @device; false if there is none in time. */
static bool next_event(struct listener *listener, const char *device)
{
	struct pollfd pollfd = { .fd = listener->sock, .events = POLLIN };
	const char *path;
	ssize_t len;

	while (poll(&pollfd, 1, PATIENCE_MS) == 1) {
		len = recv(listener->sock, listener->text,
			   sizeof(listener->text) - 1, 0);
		if (len <= 0)
			break;
		listener->text[len] = '\0';
		listener->len = len;
		path = strchr(listener->text, '@');
		if (path && !strcmp(path + 1, device))
			return true;
	}
	return false;
}

static bool event_is(struct listener *listener, const char *action)
{
	size_t len = strlen(action);

	return !strncmp(listener->text, action, len) && listener->text[len] == '@';
}

static bool event_has(struct listener *listener, const char *setting)
{
	const char *p = listener->text;

	for (; p < listener->text + listener->len; p += strlen(p) + 1) {
		if (!strcmp(p, setting))
			return true;
	}
	return false;
}

#define PARENT_PATH "/devices/platform/mdev_test.0"
#define DEVICE_PATH PARENT_PATH "/" UUID_A

TEST_F(uevent, parent)
{
	ASSERT_EQ(0, unbind_parent(COUNTED));
	ASSERT_TRUE(next_event(&self->listener, PARENT_PATH));
	EXPECT_TRUE(event_is(&self->listener, "change"));
	EXPECT_TRUE(event_has(&self->listener, "MDEV_STATE=unregistered"));
	ASSERT_TRUE(next_event(&self->listener, PARENT_PATH));
	EXPECT_TRUE(event_is(&self->listener, "unbind"));

	ASSERT_EQ(0, bind_parent(COUNTED));
	ASSERT_TRUE(next_event(&self->listener, PARENT_PATH));
	EXPECT_TRUE(event_is(&self->listener, "change"));
	EXPECT_TRUE(event_has(&self->listener, "MDEV_STATE=registered"));
	ASSERT_TRUE(next_event(&self->listener, PARENT_PATH));
	EXPECT_TRUE(event_is(&self->listener, "bind"));
}

TEST_F(uevent, unregistered_comes_last)
{
	struct writer unbinder;

	ASSERT_EQ(0, create(SMALL, UUID_A));
	ASSERT_EQ(0, sysfs_write(GATES "/remove_hold", "1"));
	ASSERT_TRUE(writer_start(&unbinder, DRIVER "/unbind", "mdev_test.0"));
	ASSERT_TRUE(wait_for(GATES "/remove_inside", "1"));
	ASSERT_TRUE(writer_blocks(&unbinder));
	ASSERT_EQ(0, sysfs_write(GATES "/remove_hold", "0"));
	ASSERT_EQ(0, writer_join(&unbinder));

	do {
		ASSERT_TRUE(next_event(&self->listener, DEVICE_PATH));
	} while (!event_is(&self->listener, "remove"));
	ASSERT_TRUE(next_event(&self->listener, PARENT_PATH));
	EXPECT_TRUE(event_has(&self->listener, "MDEV_STATE=unregistered"));
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
	ASSERT_TRUE(next_event(&self->listener, DEVICE_PATH));
	EXPECT_TRUE(event_is(&self->listener, "add"));
	EXPECT_TRUE(event_has(&self->listener, "SUBSYSTEM=mdev"));
	EXPECT_TRUE(links_to(MDEVS "/" UUID_A "/mdev_type",
			     "mdev_test-small"));
	EXPECT_TRUE(links_to(SMALL "/devices/" UUID_A, UUID_A));
	ASSERT_EQ(0, sysfs_write(GATES "/probe_hold", "0"));
	ASSERT_EQ(0, writer_join(&creator));

	ASSERT_TRUE(next_event(&self->listener, DEVICE_PATH));
	EXPECT_TRUE(event_is(&self->listener, "bind"));
	EXPECT_TRUE(event_has(&self->listener, "DRIVER=mdev_test_counted"));

	ASSERT_EQ(0, remove_mdev(UUID_A));
	ASSERT_TRUE(next_event(&self->listener, DEVICE_PATH));
	EXPECT_TRUE(event_is(&self->listener, "unbind"));
	ASSERT_TRUE(next_event(&self->listener, DEVICE_PATH));
	EXPECT_TRUE(event_is(&self->listener, "remove"));
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
