// SPDX-License-Identifier: GPL-2.0
/*
 * The device's life: reset, open twice, processes that come and go, and giving
 * the device back when the host asks for it
 */
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kselftest_harness.h"

#include "subchannel.h"
#include "sysfs.h"
#include "testguest.h"

FIXTURE(reset) {
	struct testguest guest;
	__u8 id[SENSE_ID_ROOM];
	char path[SCH_PATH];
};

FIXTURE_SETUP(reset)
{
	ASSERT_EQ(0, subchannel_bind());
	ASSERT_EQ(0, testguest_open(&self->guest));
}

FIXTURE_TEARDOWN(reset)
{
	ccw_dev_close(&self->guest.dev);
	if (sysfs_exists(subchannel_mdev_path(self->path, "remove")))
		subchannel_mdev_remove();
}

TEST_F(reset, idle)
{
	int i;

	for (i = 0; i < 10; i++)
		EXPECT_EQ(0, ccw_dev_reset(&self->guest.dev));
	EXPECT_LE(7, testguest_sense_id(&self->guest, self->id));
}

TEST_F(reset, between_programs)
{
	int i;

	for (i = 0; i < 10; i++) {
		EXPECT_LE(7, testguest_sense_id(&self->guest, self->id));
		EXPECT_EQ(0, ccw_dev_reset(&self->guest.dev));
	}
}

struct resetter {
	struct ccw_dev *dev;
	bool stop;
	int errors;
};

static void *keep_resetting(void *arg)
{
	struct resetter *r = arg;

	while (!__atomic_load_n(&r->stop, __ATOMIC_RELAXED))
		r->errors += ccw_dev_reset(r->dev) != 0;
	return NULL;
}

/* S22, F33f: reset against start, interrupt and read */
TEST_F(reset, while_starting)
{
	struct ccw_dev *dev = &self->guest.dev;
	struct resetter r = { .dev = dev };
	struct ccw_prog prog;
	struct cio_orb orb;
	struct cio_irb irb;
	pthread_t thread;
	int i, ret;

	ASSERT_EQ(0, ccw_prog_init(&prog, &self->guest.mem, 1, 1, CCW_DIRECT));
	ccw_prog_raw(&prog, CCW_CMD_NOP, CCW_SLI, GUEST_BASE, 1);
	ccw_prog_orb(&prog, &orb);
	ASSERT_EQ(0, pthread_create(&thread, NULL, keep_resetting, &r));
	for (i = 0; i < 200; i++) {
		ret = ccw_start(dev, &orb);
		EXPECT_TRUE(!ret || ret == -EBUSY || ret == -EIO)
			TH_LOG("start: %d", ret);
		ccw_response(dev, &irb);
	}
	__atomic_store_n(&r.stop, true, __ATOMIC_RELAXED);
	ASSERT_EQ(0, pthread_join(thread, NULL));
	EXPECT_EQ(0, r.errors);
	while (!ccw_dev_wait(dev, VFIO_CCW_IO_IRQ_INDEX, 0))
		ccw_response(dev, &irb);
	EXPECT_LE(7, testguest_sense_id(&self->guest, self->id));
}

/* F25: a second descriptor of the same device, closed in both orders */
TEST_F(reset, opened_twice)
{
	struct ccw_dev *dev = &self->guest.dev;
	int second;

	second = ioctl(dev->group, VFIO_GROUP_GET_DEVICE_FD, subchannel_uuid());
	ASSERT_LE(0, second);
	EXPECT_EQ(0, close(second));
	EXPECT_LE(7, testguest_sense_id(&self->guest, self->id));

	second = ioctl(dev->group, VFIO_GROUP_GET_DEVICE_FD, subchannel_uuid());
	ASSERT_LE(0, second);
	close(dev->fd);
	dev->fd = second;
	EXPECT_LE(7, testguest_sense_id(&self->guest, self->id));
}

TEST_F(reset, reopened)
{
	int i;

	for (i = 0; i < 20; i++) {
		EXPECT_LE(7, testguest_sense_id(&self->guest, self->id));
		ccw_dev_close(&self->guest.dev);
		ASSERT_EQ(0, ccw_dev_open(&self->guest.dev, subchannel_uuid()));
		ASSERT_EQ(0, ccw_guest_map(&self->guest.dev, &self->guest.mem, GUEST_BASE,
					   GUEST_SIZE));
	}
}

/* The group belongs to one user */
TEST_F(reset, group_is_exclusive)
{
	struct ccw_dev other;

	EXPECT_EQ(-EBUSY, ccw_dev_open(&other, subchannel_uuid()));
}

/* The child ends without closing anything; ours goes on */
TEST_F(reset, fork_and_exit)
{
	int status;
	pid_t pid;

	pid = fork();
	ASSERT_LE(0, pid);
	if (!pid)
		_exit(0);
	ASSERT_EQ(pid, waitpid(pid, &status, 0));
	EXPECT_EQ(0, status);
	EXPECT_LE(7, testguest_sense_id(&self->guest, self->id));
}

/* Removing what somebody has open waits for him, and tells him (F20) */
static void request(struct __test_metadata *_metadata, struct testguest *guest,
		    int (*take_away)(void))
{
	struct pollfd pfd = { .fd = guest->dev.event[VFIO_CCW_REQ_IRQ_INDEX], .events = POLLIN };
	__u8 id[SENSE_ID_ROOM];
	int status;
	pid_t pid;

	fflush(stdout);
	pid = fork();
	ASSERT_LE(0, pid);
	if (!pid) {
		/* Its copies would keep the device open. */
		ccw_dev_close(&guest->dev);
		_exit(take_away() != 0);
	}
	EXPECT_EQ(1, poll(&pfd, 1, WAIT_MS));
	/* Until it is given back, the device works. */
	EXPECT_LE(7, testguest_sense_id(guest, id));
	EXPECT_EQ(0, waitpid(pid, &status, WNOHANG));
	ccw_dev_close(&guest->dev);
	ASSERT_EQ(pid, waitpid(pid, &status, 0));
	EXPECT_EQ(0, status);
}

TEST_F(reset, remove_requests)
{
	request(_metadata, &self->guest, subchannel_mdev_remove);
	EXPECT_FALSE(sysfs_exists(subchannel_mdev_path(self->path, "remove")));
}

TEST_F(reset, unbind_requests)
{
	request(_metadata, &self->guest, subchannel_unbind);
	EXPECT_FALSE(sysfs_exists(subchannel_mdev_path(self->path, "remove")));
	EXPECT_EQ(0, subchannel_bind());
}

/* Without anybody to tell it to, it waits all the same */
TEST_F(reset, remove_without_eventfd)
{
	int status;
	pid_t pid;

	ASSERT_EQ(0, ccw_dev_set_event(&self->guest.dev, VFIO_CCW_REQ_IRQ_INDEX, -1));
	fflush(stdout);
	pid = fork();
	ASSERT_LE(0, pid);
	if (!pid) {
		ccw_dev_close(&self->guest.dev);
		_exit(subchannel_mdev_remove() != 0);
	}
	EXPECT_LE(7, testguest_sense_id(&self->guest, self->id));
	EXPECT_EQ(0, waitpid(pid, &status, WNOHANG));
	ccw_dev_close(&self->guest.dev);
	ASSERT_EQ(pid, waitpid(pid, &status, 0));
	EXPECT_EQ(0, status);
	EXPECT_FALSE(sysfs_exists(subchannel_mdev_path(self->path, "remove")));
}

int main(int argc, char **argv)
{
	return subchannel_main(argc, argv, test_harness_run);
}
