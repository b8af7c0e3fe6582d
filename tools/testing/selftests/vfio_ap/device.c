// SPDX-License-Identifier: GPL-2.0
/*
 * The VFIO device: who may open it, its ioctls, its interrupts, and how it is
 * asked to go
 */
#include <errno.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <linux/vfio.h>

#include "kselftest_harness.h"

#include "host.h"

#define NIB	VM_FREE
#define ISC	3

static const int cards[] = { CARD_1, -1 }, domains[] = { DOMAIN_1, -1 };

FIXTURE(device) {
	struct guest guest;
	int fd;
};

FIXTURE_SETUP(device)
{
	ASSERT_TRUE(host_start());
	ASSERT_EQ(0, host_make_matrix(UUID_A, cards, domains));
	ASSERT_EQ(0, guest_open(&self->guest, UUID_A));
	self->fd = self->guest.dev.fd;
}

FIXTURE_TEARDOWN(device)
{
	guest_close(&self->guest);
	host_end();
}

static int do_ioctl(int fd, unsigned long request, void *arg)
{
	return ioctl(fd, request, arg) ? -errno : 0;
}

TEST_F(device, info)
{
	struct vfio_device_info info = { .argsz = sizeof(info) };

	EXPECT_EQ(0, do_ioctl(self->fd, VFIO_DEVICE_GET_INFO, &info));
	EXPECT_EQ(VFIO_DEVICE_FLAGS_RESET | VFIO_DEVICE_FLAGS_AP, info.flags);
	EXPECT_EQ(0, info.num_regions);
	info.argsz = 16;
	EXPECT_EQ(0, do_ioctl(self->fd, VFIO_DEVICE_GET_INFO, &info));
	info.argsz = 15;
	EXPECT_EQ(-EINVAL, do_ioctl(self->fd, VFIO_DEVICE_GET_INFO, &info));
	EXPECT_EQ(-EFAULT, do_ioctl(self->fd, VFIO_DEVICE_GET_INFO, NULL));
}

/* Removal, and the change of the configuration, with each kernel */
TEST_F(device, two_interrupts)
{
	struct vfio_device_info info = { .argsz = sizeof(info) };
	struct vfio_irq_info irq = { .argsz = sizeof(irq) };

	EXPECT_EQ(0, do_ioctl(self->fd, VFIO_DEVICE_GET_INFO, &info));
	EXPECT_EQ(2, info.num_irqs);
	for (irq.index = 0; irq.index < 2; irq.index++) {
		EXPECT_EQ(0, do_ioctl(self->fd, VFIO_DEVICE_GET_IRQ_INFO, &irq));
		EXPECT_EQ(1, irq.count);
		EXPECT_EQ(VFIO_IRQ_INFO_EVENTFD, irq.flags);
	}
	EXPECT_EQ(-EINVAL, do_ioctl(self->fd, VFIO_DEVICE_GET_IRQ_INFO, &irq));
	irq.index = 0;
	irq.argsz = 15;
	EXPECT_EQ(-EINVAL, do_ioctl(self->fd, VFIO_DEVICE_GET_IRQ_INFO, &irq));
}

TEST_F(device, other_ioctls)
{
	struct vfio_region_info region = { .argsz = sizeof(region) };
	struct vfio_device_feature feature = {
		.argsz = sizeof(feature),
		.flags = VFIO_DEVICE_FEATURE_PROBE | VFIO_DEVICE_FEATURE_GET |
			 VFIO_DEVICE_FEATURE_MIGRATION,
	};
	int ret = do_ioctl(self->fd, VFIO_DEVICE_GET_REGION_INFO, &region);

	/* An older VFIO core leaves it to the driver, a newer one answers. */
	EXPECT_TRUE(ret == -EOPNOTSUPP || ret == -EINVAL);
	EXPECT_EQ(-ENOTTY, do_ioctl(self->fd, VFIO_DEVICE_FEATURE, &feature));
	EXPECT_EQ(-EOPNOTSUPP, do_ioctl(self->fd, VFIO_DEVICE_GET_PCI_HOT_RESET_INFO, &region));
	EXPECT_EQ(-EOPNOTSUPP, do_ioctl(self->fd, _IO(VFIO_TYPE, VFIO_BASE + 99), NULL));
	EXPECT_EQ(-1, read(self->fd, &region, 1));
	EXPECT_EQ(-1, write(self->fd, &region, 1));
}

TEST_F(device, interrupts_that_cannot_be)
{
	struct {
		struct vfio_irq_set set;
		int32_t fd;
	} arg;
	const struct {
		uint32_t argsz, flags, index, start, count;
		int32_t fd;
		int error;
	} wrong[] = {
#define TRIGGER VFIO_IRQ_SET_ACTION_TRIGGER
#define EVENTFD VFIO_IRQ_SET_DATA_EVENTFD
		{ 24, EVENTFD | TRIGGER, 0, 0, 1, -2, -EINVAL },
		{ 24, EVENTFD | TRIGGER, 0, 0, 1, 9999, -EBADF },
		{ 24, EVENTFD | TRIGGER, 0, 0, 1, STDOUT_FILENO, -EINVAL },
		{ 24, EVENTFD | TRIGGER, 2, 0, 1, -1, -EINVAL },
		{ 24, EVENTFD | TRIGGER, 0, 1, 1, -1, -EINVAL },
		{ 24, EVENTFD | TRIGGER, 0, 0, 2, -1, -EINVAL },
		{ 20, EVENTFD | TRIGGER, 0, 0, 1, -1, -EINVAL },
		{ 19, EVENTFD | TRIGGER, 0, 0, 1, -1, -EINVAL },
		{ 24, EVENTFD | VFIO_IRQ_SET_ACTION_MASK, 0, 0, 1, -1, -EINVAL },
		{ 24, EVENTFD | VFIO_IRQ_SET_ACTION_UNMASK, 0, 0, 1, -1, -EINVAL },
		{ 24, VFIO_IRQ_SET_DATA_NONE | TRIGGER, 0, 0, 1, 0, -EINVAL },
		{ 24, VFIO_IRQ_SET_DATA_BOOL | TRIGGER, 0, 0, 1, 1, -EINVAL },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(wrong); i++) {
		TH_LOG("case %zu", i);
		arg.set = (struct vfio_irq_set) {
			.argsz = wrong[i].argsz, .flags = wrong[i].flags, .index = wrong[i].index,
			.start = wrong[i].start, .count = wrong[i].count,
		};
		arg.fd = wrong[i].fd;
		EXPECT_EQ(wrong[i].error, do_ioctl(self->fd, VFIO_DEVICE_SET_IRQS, &arg));
	}
	/* Taking away twice is no error. */
	EXPECT_EQ(0, vm_device_irq(&self->guest.dev, REQ_IRQ, -1));
	EXPECT_EQ(0, vm_device_irq(&self->guest.dev, REQ_IRQ, -1));
}

/* A VMM that has not told KVM of the group: which guest would it be for? */
TEST_F(device, without_kvm)
{
	struct vm_device dev;

	vm_device_close(&self->guest.vm, &self->guest.dev);
	EXPECT_EQ(-EINVAL, vm_device_open_alone(&self->guest.vm, &dev, UUID_A));
	EXPECT_TRUE(guest_uses(""));
	ASSERT_EQ(0, vm_device_open(&self->guest.vm, &self->guest.dev, UUID_A));
}

TEST_F(device, two_guests)
{
	static const int other_cards[] = { CARD_2, -1 };
	struct vm_device second;
	struct vm other;

	ASSERT_EQ(0, host_make_matrix(UUID_B, other_cards, domains));
	ASSERT_EQ(0, vm_open(&other));
	ASSERT_EQ(0, vm_device_open(&other, &second, UUID_B));
	EXPECT_TRUE(host_status_becomes(CARD_1, DOMAIN_1, "in use"));
	EXPECT_TRUE(host_status_becomes(CARD_2, DOMAIN_1, "in use"));
	vm_device_close(&other, &second);
	EXPECT_TRUE(host_status_becomes(CARD_2, DOMAIN_1, "assigned"));
	EXPECT_TRUE(host_status_becomes(CARD_1, DOMAIN_1, "in use"));
	vm_close(&other);
}

/* A1: whichever goes first, with interrupts enabled, nothing of the guest's stays. */
FIXTURE(order) {
	struct guest guest;
};

FIXTURE_VARIANT(order) {
	bool vm_first;
};

FIXTURE_VARIANT_ADD(order, device_first) { };
FIXTURE_VARIANT_ADD(order, vm_first) { .vm_first = true };

FIXTURE_SETUP(order)
{
	struct ap_result result;

	ASSERT_TRUE(host_start());
	ASSERT_EQ(0, host_make_matrix(UUID_A, cards, domains));
	ASSERT_EQ(0, guest_open(&self->guest, UUID_A));
	ASSERT_EQ(0, vm_pqap(&self->guest.vm, PQAP_RAPQ, CARD_1, DOMAIN_1, 0, 0, &result));
	ASSERT_EQ(0, vm_aqic_enable(&self->guest.vm, CARD_1, DOMAIN_1, ISC, NIB, &result));
	ASSERT_EQ(0, result.rc);
}

FIXTURE_TEARDOWN(order)
{
	host_end();
}

TEST_F(order, of_closing)
{
	struct apqueue queue;

	if (variant->vm_first)
		vm_close(&self->guest.vm);
	vm_device_close(&self->guest.vm, &self->guest.dev);
	vm_close(&self->guest.vm);
	EXPECT_TRUE(host_status_becomes(CARD_1, DOMAIN_1, "assigned"));
	ASSERT_EQ(0, apmachine_queue(CARD_1, DOMAIN_1, &queue));
	EXPECT_EQ(0, queue.ir);
	EXPECT_EQ(0, queue.used);
	/* Again, as new */
	ASSERT_EQ(0, guest_open(&self->guest, UUID_A));
	EXPECT_TRUE(guest_uses("03.0006"));
	guest_close(&self->guest);
}

/*
 * Removal waits until the device is closed: so it is asked for by a process
 * that has nothing of this one's open.
 */
static pid_t start_removal(void)
{
	pid_t pid = fork();

	if (pid)
		return pid;
	close_range(3, ~0u, 0);
	_exit(-matrix_remove(UUID_A));
}

static bool removal_waits(pid_t pid)
{
	return waitpid(pid, NULL, WNOHANG) == 0;
}

/* 0 or a negative errno */
static int end_removal(pid_t pid)
{
	int status;

	if (waitpid(pid, &status, 0) != pid || !WIFEXITED(status))
		return -ECHILD;
	return -WEXITSTATUS(status);
}

/* A8: the VMM is asked to let go, and removal goes on when it has. */
TEST_F(device, removal_is_requested)
{
	pid_t removal = start_removal();

	EXPECT_EQ(1, eventfd_wait(self->guest.req, WAIT_MS));
	EXPECT_TRUE(removal_waits(removal));
	vm_device_close(&self->guest.vm, &self->guest.dev);
	EXPECT_EQ(0, end_removal(removal));
	EXPECT_FALSE(sysfs_exists(MATRIX "/" UUID_A));
	EXPECT_TRUE(host_status_becomes(CARD_1, DOMAIN_1, "unassigned"));
}

/* At once the guest has no queues any more, and is told. */
TEST_F(device, removal_takes_the_queues)
{
	pid_t removal;

	guest_changes(&self->guest);
	removal = start_removal();
	EXPECT_EQ(1, eventfd_wait(self->guest.req, WAIT_MS));
	EXPECT_EQ(1, eventfd_wait(self->guest.changed, QUIET_MS));
	EXPECT_TRUE(guest_uses(""));
	vm_device_close(&self->guest.vm, &self->guest.dev);
	EXPECT_EQ(0, end_removal(removal));
}

/* A11: eventfds are exchanged while they are signalled. To see it fail, drop the lock there. */
TEST_F(device, eventfds_are_exchanged)
{
	pid_t removal, plugger;
	int event[2], i, ret = 0;

	event[0] = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	event[1] = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	plugger = fork();
	if (!plugger) {
		for (i = 0; i < 100 && !ret; i++) {
			ret = matrix_set(UUID_A, "assign_adapter", CARD_2);
			if (!ret)
				ret = matrix_set(UUID_A, "unassign_adapter", CARD_2);
		}
		_exit(-ret);
	}
	while (waitpid(plugger, NULL, WNOHANG) == 0)
		for (i = 0; i < 100; i++)
			ret |= vm_device_irq(&self->guest.dev, CFG_CHG_IRQ,
					     i % 3 ? event[i % 2] : -1);
	EXPECT_EQ(0, ret);
	removal = start_removal();
	for (i = 0; i < 1000; i++)
		ASSERT_EQ(0, vm_device_irq(&self->guest.dev, REQ_IRQ, i % 3 ? event[i % 2] : -1));
	close(event[0]);
	close(event[1]);
	vm_device_close(&self->guest.vm, &self->guest.dev);
	EXPECT_EQ(0, end_removal(removal));
}

/* B2: eventfds go with the device: the next to open it has its own. */
TEST_F(device, eventfds_go_with_the_device)
{
	pid_t removal;
	int event;

	vm_device_close(&self->guest.vm, &self->guest.dev);
	guest_changes(&self->guest);
	ASSERT_EQ(0, vm_device_open(&self->guest.vm, &self->guest.dev, UUID_A));
	event = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	ASSERT_EQ(0, vm_device_irq(&self->guest.dev, REQ_IRQ, event));
	ASSERT_EQ(0, matrix_set(UUID_A, "assign_domain", DOMAIN_2));
	removal = start_removal();
	EXPECT_EQ(1, eventfd_wait(event, WAIT_MS));
	EXPECT_EQ(0, eventfd_wait(self->guest.req, 0));
	EXPECT_EQ(0, guest_changes(&self->guest));
	vm_device_close(&self->guest.vm, &self->guest.dev);
	EXPECT_EQ(0, end_removal(removal));
	close(event);
}

int main(int argc, char **argv)
{
	return test_harness_run(argc, argv);
}
