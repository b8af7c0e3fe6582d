// SPDX-License-Identifier: GPL-2.0
/*
 * What the device tells about itself: GET_INFO, GET_REGION_INFO, GET_IRQ_INFO.
 * QEMU refuses the device when a size is not exact.
 */
#include <errno.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>

#include "kselftest_harness.h"

#include "testguest.h"

#define REGIONS 4

FIXTURE(info) {
	struct testguest guest;
	int fd;
};

FIXTURE_SETUP(info)
{
	ASSERT_EQ(0, testguest_open(&self->guest));
	self->fd = self->guest.dev.fd;
}

FIXTURE_TEARDOWN(info)
{
	testguest_close(&self->guest);
}

TEST_F(info, device)
{
	struct {
		struct vfio_device_info info;
		__u8 guard[16];
	} arg;

	memset(&arg, PATTERN, sizeof(arg));
	arg.info.argsz = sizeof(arg);
	ASSERT_EQ(0, ioctl(self->fd, VFIO_DEVICE_GET_INFO, &arg));
	EXPECT_EQ(VFIO_DEVICE_FLAGS_RESET | VFIO_DEVICE_FLAGS_CCW, arg.info.flags);
	EXPECT_EQ(REGIONS, arg.info.num_regions);
	EXPECT_EQ(3, arg.info.num_irqs);
	/* No capabilities: what lies behind num_irqs is not ours to write. */
	EXPECT_TRUE(untouched((__u8 *)&arg + 16, sizeof(arg) - 16));
}

TEST_F(info, device_argsz)
{
	struct vfio_device_info info = { .argsz = 16 };

	EXPECT_EQ(0, ioctl(self->fd, VFIO_DEVICE_GET_INFO, &info));
	info.argsz = 15;
	EXPECT_EQ(-1, ioctl(self->fd, VFIO_DEVICE_GET_INFO, &info));
	EXPECT_EQ(EINVAL, errno);
	EXPECT_EQ(-1, ioctl(self->fd, VFIO_DEVICE_GET_INFO, NULL));
	EXPECT_EQ(EFAULT, errno);
}

FIXTURE(region_info) {
	struct testguest guest;
	int fd;
};

FIXTURE_VARIANT(region_info) {
	__u32 index;
	__u64 size;
	__u32 flags;
	__u32 subtype;
};

#define R VFIO_REGION_INFO_FLAG_READ
#define W VFIO_REGION_INFO_FLAG_WRITE
#define C VFIO_REGION_INFO_FLAG_CAPS

FIXTURE_VARIANT_ADD(region_info, io) {
	.index = 0, .size = 124, .flags = R | W,
};

FIXTURE_VARIANT_ADD(region_info, async) {
	.index = 1, .size = 8, .flags = R | W | C, .subtype = 1,
};

FIXTURE_VARIANT_ADD(region_info, schib) {
	.index = 2, .size = 52, .flags = R | C, .subtype = 2,
};

FIXTURE_VARIANT_ADD(region_info, crw) {
	.index = 3, .size = 8, .flags = R | C, .subtype = 3,
};

FIXTURE_SETUP(region_info)
{
	ASSERT_EQ(0, testguest_open(&self->guest));
	self->fd = self->guest.dev.fd;
}

FIXTURE_TEARDOWN(region_info)
{
	testguest_close(&self->guest);
}

TEST_F(region_info, exact)
{
	struct {
		struct vfio_region_info info;
		struct vfio_region_info_cap_type cap;
		__u8 guard[32];
	} arg;

	memset(&arg, PATTERN, sizeof(arg));
	arg.info.argsz = sizeof(arg);
	arg.info.flags = 0;
	arg.info.index = variant->index;
	arg.info.cap_offset = 0;
	ASSERT_EQ(0, ioctl(self->fd, VFIO_DEVICE_GET_REGION_INFO, &arg));
	EXPECT_EQ(variant->size, arg.info.size);
	EXPECT_EQ((__u64)variant->index << 10, arg.info.offset);
	EXPECT_EQ(variant->flags, arg.info.flags);
	EXPECT_TRUE(untouched(arg.guard, sizeof(arg.guard)));
	if (!variant->subtype) {
		EXPECT_EQ(0, arg.info.cap_offset);
		return;
	}
	ASSERT_EQ(32, arg.info.cap_offset);
	EXPECT_EQ(VFIO_REGION_INFO_CAP_TYPE, arg.cap.header.id);
	EXPECT_EQ(1, arg.cap.header.version);
	EXPECT_EQ(0, arg.cap.header.next);
	EXPECT_EQ(VFIO_REGION_TYPE_CCW, arg.cap.type);
	EXPECT_EQ(variant->subtype, arg.cap.subtype);
}

/* No room for the capability: told how much is needed, the rest is as usual */
TEST_F(region_info, small_argsz)
{
	struct {
		struct vfio_region_info info;
		__u8 guard[64];
	} arg;

	memset(&arg, PATTERN, sizeof(arg));
	arg.info.argsz = sizeof(arg.info);
	arg.info.flags = 0;
	arg.info.index = variant->index;
	arg.info.cap_offset = 0;
	ASSERT_EQ(0, ioctl(self->fd, VFIO_DEVICE_GET_REGION_INFO, &arg));
	EXPECT_EQ(variant->size, arg.info.size);
	EXPECT_EQ(variant->flags, arg.info.flags);
	EXPECT_EQ(0, arg.info.cap_offset);
	EXPECT_EQ(sizeof(arg.info) + (variant->subtype ? 16 : 0), arg.info.argsz);
	EXPECT_TRUE(untouched(arg.guard, sizeof(arg.guard)));

	arg.info.argsz = sizeof(arg.info) - 1;
	EXPECT_EQ(-1, ioctl(self->fd, VFIO_DEVICE_GET_REGION_INFO, &arg));
	EXPECT_EQ(EINVAL, errno);
}

TEST_F(info, region_index)
{
	static const __u32 wrong[] = { 4, 5, 0x7fffffff, 0x80000000, 0xffffffff };
	struct vfio_region_info arg = { .argsz = sizeof(arg) };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(wrong); i++) {
		arg.index = wrong[i];
		EXPECT_EQ(-1, ioctl(self->fd, VFIO_DEVICE_GET_REGION_INFO, &arg));
		EXPECT_EQ(EINVAL, errno);
	}
}

TEST_F(info, irq)
{
	struct vfio_irq_info arg;
	__u32 i;

	for (i = 0; i < 3; i++) {
		memset(&arg, 0, sizeof(arg));
		arg.argsz = sizeof(arg);
		arg.index = i;
		ASSERT_EQ(0, ioctl(self->fd, VFIO_DEVICE_GET_IRQ_INFO, &arg));
		EXPECT_EQ(1, arg.count);
		EXPECT_EQ(VFIO_IRQ_INFO_EVENTFD, arg.flags);
	}
}

TEST_F(info, irq_errors)
{
	static const __u32 wrong[] = { 3, 4, 0x80000000, 0xffffffff };
	struct vfio_irq_info arg = { .argsz = 15 };
	unsigned int i;

	EXPECT_EQ(-1, ioctl(self->fd, VFIO_DEVICE_GET_IRQ_INFO, &arg));
	EXPECT_EQ(EINVAL, errno);
	for (i = 0; i < ARRAY_SIZE(wrong); i++) {
		arg.argsz = sizeof(arg);
		arg.index = wrong[i];
		EXPECT_EQ(-1, ioctl(self->fd, VFIO_DEVICE_GET_IRQ_INFO, &arg));
		EXPECT_EQ(EINVAL, errno);
	}
}

TEST_F(info, unknown_ioctls)
{
	__u32 arg[16] = { sizeof(arg) };

	EXPECT_EQ(-1, ioctl(self->fd, VFIO_DEVICE_GET_PCI_HOT_RESET_INFO, arg));
	EXPECT_EQ(ENOTTY, errno);
	EXPECT_EQ(-1, ioctl(self->fd, _IO(VFIO_TYPE, VFIO_BASE + 99), arg));
	EXPECT_EQ(ENOTTY, errno);
	EXPECT_EQ(-1, ioctl(self->fd, 0x5401, arg));
	EXPECT_EQ(ENOTTY, errno);
}

TEST_F(info, no_mmap)
{
	void *p = mmap(NULL, 4096, PROT_READ, MAP_SHARED, self->fd, 0);

	EXPECT_EQ(MAP_FAILED, p);
}

int main(int argc, char **argv)
{
	return subchannel_main(argc, argv, test_harness_run);
}
