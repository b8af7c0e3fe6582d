// SPDX-License-Identifier: GPL-2.0
/*
 * SET_IRQS: three interrupts of one eventfd each, three kinds of data, every
 * error, and eventfds that change while interrupts arrive
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "kselftest_harness.h"

#include "testguest.h"

#define NONE	(VFIO_IRQ_SET_DATA_NONE | VFIO_IRQ_SET_ACTION_TRIGGER)
#define BOOL	(VFIO_IRQ_SET_DATA_BOOL | VFIO_IRQ_SET_ACTION_TRIGGER)
#define EVENTFD	(VFIO_IRQ_SET_DATA_EVENTFD | VFIO_IRQ_SET_ACTION_TRIGGER)

struct irq_arg {
	struct vfio_irq_set set;
	union {
		__u8 flag;
		__s32 fd;
	};
};

/* 0 or a negative errno */
static int set_irqs(int fd, __u32 argsz, __u32 flags, __u32 index, __u32 start, __u32 count,
		    __s32 data)
{
	struct irq_arg arg = {
		.set = { .argsz = argsz, .flags = flags, .index = index, .start = start,
			 .count = count },
	};

	if (flags & VFIO_IRQ_SET_DATA_BOOL)
		arg.flag = data;
	else
		arg.fd = data;
	return ioctl(fd, VFIO_DEVICE_SET_IRQS, &arg) ? -errno : 0;
}

FIXTURE(irqs) {
	struct testguest guest;
	int fd;
};

FIXTURE_VARIANT(irqs) {
	__u32 index;
};

FIXTURE_VARIANT_ADD(irqs, io) { .index = VFIO_CCW_IO_IRQ_INDEX };
FIXTURE_VARIANT_ADD(irqs, crw) { .index = VFIO_CCW_CRW_IRQ_INDEX };
FIXTURE_VARIANT_ADD(irqs, req) { .index = VFIO_CCW_REQ_IRQ_INDEX };

FIXTURE_SETUP(irqs)
{
	ASSERT_EQ(0, testguest_open(&self->guest));
	self->fd = self->guest.dev.fd;
}

FIXTURE_TEARDOWN(irqs)
{
	testguest_close(&self->guest);
}

static bool signalled(struct testguest *guest, __u32 index)
{
	return ccw_dev_wait(&guest->dev, index, 0) == 0;
}

TEST_F(irqs, data_none)
{
	__u32 i;

	EXPECT_EQ(0, set_irqs(self->fd, 20, NONE, variant->index, 0, 1, 0));
	for (i = 0; i < 3; i++)
		EXPECT_EQ(i == variant->index, signalled(&self->guest, i));
}

TEST_F(irqs, data_bool)
{
	EXPECT_EQ(0, set_irqs(self->fd, 21, BOOL, variant->index, 0, 1, 0));
	EXPECT_FALSE(signalled(&self->guest, variant->index));
	EXPECT_EQ(0, set_irqs(self->fd, 21, BOOL, variant->index, 0, 1, 1));
	EXPECT_TRUE(signalled(&self->guest, variant->index));
	EXPECT_EQ(0, set_irqs(self->fd, 21, BOOL, variant->index, 0, 1, 0x80));
	EXPECT_TRUE(signalled(&self->guest, variant->index));
}

TEST_F(irqs, data_eventfd_replaced)
{
	int event = eventfd(0, EFD_NONBLOCK);
	uint64_t count;

	EXPECT_EQ(0, set_irqs(self->fd, 24, EVENTFD, variant->index, 0, 1, event));
	EXPECT_EQ(0, set_irqs(self->fd, 20, NONE, variant->index, 0, 1, 0));
	EXPECT_FALSE(signalled(&self->guest, variant->index));
	EXPECT_EQ(8, read(event, &count, 8));

	EXPECT_EQ(0, set_irqs(self->fd, 24, EVENTFD, variant->index, 0, 1, -1));
	EXPECT_EQ(0, set_irqs(self->fd, 20, NONE, variant->index, 0, 1, 0));
	EXPECT_EQ(-1, read(event, &count, 8));
	/* Twice gone is no error. */
	EXPECT_EQ(0, set_irqs(self->fd, 24, EVENTFD, variant->index, 0, 1, -1));
	close(event);
}

/* The device holds the eventfd by itself: closing ours changes nothing */
TEST_F(irqs, eventfd_outlives_descriptor)
{
	int event = eventfd(0, EFD_NONBLOCK);
	int copy = dup(event);
	uint64_t count;

	EXPECT_EQ(0, set_irqs(self->fd, 24, EVENTFD, variant->index, 0, 1, event));
	close(event);
	EXPECT_EQ(0, set_irqs(self->fd, 20, NONE, variant->index, 0, 1, 0));
	EXPECT_EQ(8, read(copy, &count, 8));
	close(copy);
}

TEST_F(irqs, data_eventfd_errors)
{
	int file = open("/dev/null", O_RDWR);
	int closed = dup(file);

	close(closed);
	EXPECT_EQ(-EINVAL, set_irqs(self->fd, 24, EVENTFD, variant->index, 0, 1, -2));
	EXPECT_EQ(-EINVAL, set_irqs(self->fd, 24, EVENTFD, variant->index, 0, 1, file));
	EXPECT_EQ(-EBADF, set_irqs(self->fd, 24, EVENTFD, variant->index, 0, 1, closed));
	/* The old one is still there. */
	EXPECT_EQ(0, set_irqs(self->fd, 20, NONE, variant->index, 0, 1, 0));
	EXPECT_TRUE(signalled(&self->guest, variant->index));
	close(file);
}

TEST_F(irqs, argument_errors)
{
	int event = self->guest.dev.event[variant->index];
	__u32 index = variant->index;

	EXPECT_EQ(-EINVAL, set_irqs(self->fd, 19, NONE, index, 0, 1, 0));
	EXPECT_EQ(-EINVAL, set_irqs(self->fd, 23, EVENTFD, index, 0, 1, event));
	EXPECT_EQ(-EINVAL, set_irqs(self->fd, 20, BOOL, index, 0, 1, 1));
	EXPECT_EQ(-EINVAL, set_irqs(self->fd, 24, EVENTFD, index, 1, 1, event));
	EXPECT_EQ(-EINVAL, set_irqs(self->fd, 24, EVENTFD, index, 0xffffffff, 1, event));
	EXPECT_EQ(-EINVAL, set_irqs(self->fd, 28, EVENTFD, index, 0, 2, event));
	EXPECT_EQ(-EINVAL, set_irqs(self->fd, 20, NONE, index, 1, 0xffffffff, 0));
	/* Actions: exactly one, and only trigger. Data: exactly one kind. */
	EXPECT_EQ(-EINVAL, set_irqs(self->fd, 20, VFIO_IRQ_SET_DATA_NONE, index, 0, 1, 0));
	EXPECT_EQ(-EINVAL, set_irqs(self->fd, 20, VFIO_IRQ_SET_ACTION_TRIGGER, index, 0, 1, 0));
	EXPECT_EQ(-EINVAL, set_irqs(self->fd, 20, VFIO_IRQ_SET_DATA_NONE |
				    VFIO_IRQ_SET_ACTION_MASK, index, 0, 1, 0));
	EXPECT_EQ(-EINVAL, set_irqs(self->fd, 20, VFIO_IRQ_SET_DATA_NONE |
				    VFIO_IRQ_SET_ACTION_UNMASK, index, 0, 1, 0));
	EXPECT_EQ(-EINVAL, set_irqs(self->fd, 24, EVENTFD | VFIO_IRQ_SET_DATA_BOOL, index, 0, 1,
				    event));
	EXPECT_EQ(-EINVAL, set_irqs(self->fd, 20, NONE | 1u << 31, index, 0, 1, 0));
	EXPECT_FALSE(signalled(&self->guest, index));
}

/* S21: no element, so nothing behind the header is looked at */
TEST_F(irqs, count_zero)
{
	int ret;

	ret = set_irqs(self->fd, 20, EVENTFD, variant->index, 0, 0, -1);
	EXPECT_TRUE(ret == 0 || ret == -EINVAL);
	EXPECT_EQ(0, set_irqs(self->fd, 20, NONE, variant->index, 0, 1, 0));
	EXPECT_TRUE(signalled(&self->guest, variant->index));
}

TEST_F(irqs, index_errors)
{
	static const __u32 wrong[] = { 3, 4, 0x80000000, 0xffffffff };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(wrong); i++)
		EXPECT_EQ(-EINVAL, set_irqs(self->fd, 20, NONE, wrong[i], 0, 1, 0));
}

/* P4: eventfds left behind at close are let go, and stay silent afterwards */
TEST_F(irqs, gone_after_close)
{
	struct ccw_dev *dev = &self->guest.dev;
	int event = eventfd(0, EFD_NONBLOCK);
	uint64_t count;

	ASSERT_EQ(0, set_irqs(self->fd, 24, EVENTFD, variant->index, 0, 1, event));
	ccw_dev_close(dev);
	ASSERT_EQ(0, ccw_dev_open(dev, subchannel_uuid()));
	ASSERT_EQ(0, set_irqs(dev->fd, 24, EVENTFD, variant->index, 0, 1, -1));
	ASSERT_EQ(0, set_irqs(dev->fd, 20, NONE, variant->index, 0, 1, 0));
	EXPECT_EQ(-1, read(event, &count, 8));
	close(event);
}

#define CHANGES 2000

struct changer {
	int fd;
	int event;
	__u32 index;
	int errors;
};

static void *change(void *arg)
{
	struct changer *c = arg;
	int i;

	for (i = 0; i < CHANGES; i++) {
		c->errors += set_irqs(c->fd, 24, EVENTFD, c->index, 0, 1, -1) != 0;
		c->errors += set_irqs(c->fd, 24, EVENTFD, c->index, 0, 1, c->event) != 0;
	}
	return NULL;
}

/* S3: signals while another thread takes the eventfd away and puts it back */
TEST_F(irqs, change_while_signalled)
{
	struct changer c = { .fd = self->fd, .event = self->guest.dev.event[variant->index],
			     .index = variant->index };
	pthread_t thread;
	int i;

	ASSERT_EQ(0, pthread_create(&thread, NULL, change, &c));
	for (i = 0; i < CHANGES; i++)
		EXPECT_EQ(0, set_irqs(self->fd, 20, NONE, variant->index, 0, 1, 0));
	ASSERT_EQ(0, pthread_join(thread, NULL));
	EXPECT_EQ(0, c.errors);
}

FIXTURE(irqs_io) {
	struct testguest guest;
};

FIXTURE_SETUP(irqs_io)
{
	ASSERT_EQ(0, testguest_open(&self->guest));
}

FIXTURE_TEARDOWN(irqs_io)
{
	testguest_close(&self->guest);
}

#define STARTS 100

/* S3, with interrupts of the device */
TEST_F(irqs_io, change_while_interrupted)
{
	struct testguest *guest = &self->guest;
	struct changer c = { .fd = guest->dev.fd, .index = VFIO_CCW_IO_IRQ_INDEX,
			     .event = guest->dev.event[VFIO_CCW_IO_IRQ_INDEX] };
	struct ccw_prog prog;
	struct cio_irb irb;
	struct cio_orb orb;
	pthread_t thread;
	int i, ret, done = 0;

	ASSERT_EQ(0, ccw_prog_init(&prog, &guest->mem, 1, 1, CCW_DIRECT));
	ccw_prog_raw(&prog, CCW_CMD_NOP, CCW_SLI, GUEST_BASE, 1);
	ccw_prog_orb(&prog, &orb);
	ASSERT_EQ(0, pthread_create(&thread, NULL, change, &c));
	for (i = 0; i < STARTS; i++) {
		ret = ccw_start(&guest->dev, &orb);
		EXPECT_TRUE(ret == 0 || ret == -EBUSY);
		done += !ret;
		ccw_response(&guest->dev, &irb);
	}
	ASSERT_EQ(0, pthread_join(thread, NULL));
	EXPECT_EQ(0, c.errors);
	EXPECT_LT(0, done);
}

int main(int argc, char **argv)
{
	return subchannel_main(argc, argv, test_harness_run);
}
