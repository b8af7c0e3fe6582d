// SPDX-License-Identifier: GPL-2.0
/*
 * A notification byte is there as long as a queue may signal it, and for no
 * longer: while queues are reset, while the machine does not get their
 * interrupts off, when the guest is gone, and with two CPUs that ask at once.
 *
 * A signal into a page that is somebody else's by then is a complaint of
 * ap_test.ko's in the kernel log, and fails the test.
 */
#include <errno.h>
#include <pthread.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <time.h>

#include <linux/vfio.h>

#include "kselftest_harness.h"

#include "host.h"

#define NIB		(VM_FREE + 0x10)
#define NIB_2		(VM_HALF + 0x10)	/* in the other half of storage */
#define PAGE		4096
#define ISC		3
/* Five seconds for resets, and a little for all else. */
#define CLOSE_MS	7000
#define ROUNDS		300

static const int cards[] = { CARD_1, CARD_2, CARD_3, -1 };
static const int domains[] = { DOMAIN_1, DOMAIN_2, DOMAIN_3, -1 };

FIXTURE(signal) {
	struct guest guest;
	struct ap_result result;
	struct apqueue queue;
};

/* As a guest does with queues that it finds */
static int prepare(struct vm *vm)
{
	struct ap_result result;
	int i, k, ret = 0;

	for (i = 0; !ret && i < 3; i++)
		for (k = 0; !ret && k < 3; k++) {
			ret = vm_pqap(vm, PQAP_RAPQ, cards[i], domains[k], 0, 0, &result);
			if (!ret && result.rc)
				ret = -EIO;
		}
	return ret;
}

FIXTURE_SETUP(signal)
{
	ASSERT_TRUE(host_start());
	ASSERT_EQ(0, host_make_matrix(UUID_A, cards, domains));
	ASSERT_EQ(0, guest_open(&self->guest, UUID_A));
	ASSERT_EQ(0, prepare(&self->guest.vm));
}

FIXTURE_TEARDOWN(signal)
{
	int i, k;

	for (i = 0; i < 3; i++)
		for (k = 0; k < 3; k++) {
			apmachine("respond %d %d 0", cards[i], domains[k]);
			apmachine("aqic-sticks %d %d 0", cards[i], domains[k]);
			apmachine("reset-takes %d %d 0", cards[i], domains[k]);
		}
	guest_close(&self->guest);
	host_end();
}

static int enable(struct vm *vm, int card, int domain, uint64_t nib)
{
	struct ap_result result;
	int ret = vm_aqic_enable(vm, card, domain, ISC, nib, &result);

	return ret ? ret : -(int)result.rc;
}

static long long now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000ll + ts.tv_nsec / 1000000;
}

static void *reset_run(void *arg)
{
	struct guest *guest = arg;

	return ioctl(guest->dev.fd, VFIO_DEVICE_RESET) ? guest : NULL;
}

/*
 * The machine is done with a reset before the driver has seen that: what the guest
 * enables then has nothing to do with it. To see it fail, take the byte that the
 * queue has when its reset is over, not that which it had when it began.
 */
TEST_F(signal, enabled_before_the_reset_is_seen_to_be_over)
{
	struct vm *vm = &self->guest.vm;
	pthread_t thread;
	void *failed;
	int ret;

	ASSERT_EQ(0, enable(vm, CARD_1, DOMAIN_1, NIB));
	ASSERT_EQ(0, apmachine("reset-takes %d %d 1", CARD_1, DOMAIN_1));
	ASSERT_EQ(0, pthread_create(&thread, NULL, reset_run, &self->guest));
	do
		ret = enable(vm, CARD_1, DOMAIN_1, NIB_2);
	while (ret == -AP_OTHERWISE_CHANGED || ret == -AP_RESETTING);
	EXPECT_EQ(0, ret);
	pthread_join(thread, &failed);
	EXPECT_EQ(NULL, failed);
	ASSERT_EQ(0, apmachine_queue(CARD_1, DOMAIN_1, &self->queue));
	EXPECT_EQ(1, self->queue.ir);
	EXPECT_TRUE(guest_pinned(1));
	EXPECT_EQ(0x80 >> ISC, guest_subclasses());
	EXPECT_EQ(0, apmachine("interrupt %d %d", CARD_1, DOMAIN_1));
}

/* Milliseconds that it takes to take a half of its storage from the guest */
static long long unmap_ms(struct guest *guest, unsigned int half)
{
	long long begin = now_ms();
	int ret = vm_device_unmap(&guest->dev, half);

	return ret ? ret : now_ms() - begin;
}

/*
 * Interrupts that do not go off: the container asks ten times for the memory, and
 * then stops the host. However many there are, it waits for them as for one.
 */
TEST_F(signal, memory_goes_from_many)
{
	long long one, many;
	int i, k;

	ASSERT_EQ(0, apmachine("aqic-sticks %d %d 1", CARD_1, DOMAIN_1));
	ASSERT_EQ(0, enable(&self->guest.vm, CARD_1, DOMAIN_1, NIB_2));
	one = unmap_ms(&self->guest, 1);
	ASSERT_LT(0, one);
	ASSERT_EQ(0, ioctl(self->guest.dev.fd, VFIO_DEVICE_RESET));
	ASSERT_EQ(0, vm_device_map(&self->guest.vm, &self->guest.dev, 1));

	for (i = 0; i < 3; i++)
		for (k = 0; k < 3; k++) {
			ASSERT_EQ(0, apmachine("aqic-sticks %d %d 1", cards[i], domains[k]));
			ASSERT_EQ(0, enable(&self->guest.vm, cards[i], domains[k], NIB_2));
		}
	many = unmap_ms(&self->guest, 1);
	TH_LOG("one: %lld ms, nine: %lld ms", one, many);
	EXPECT_LT(0, many);
	EXPECT_GT(4 * one, many);
	EXPECT_TRUE(guest_pinned(0));
	EXPECT_EQ(0, guest_subclasses());
}

/* The guest's memory is its own again, and the page somebody's when the queue is silent. */
TEST_F(signal, page_is_kept)
{
	uint8_t *page = self->guest.vm.storage + VM_HALF;

	ASSERT_EQ(0, apmachine("aqic-sticks %d %d 1", CARD_1, DOMAIN_1));
	ASSERT_EQ(0, enable(&self->guest.vm, CARD_1, DOMAIN_1, NIB_2));
	ASSERT_EQ(0, vm_device_unmap(&self->guest.dev, 1));
	EXPECT_TRUE(guest_pinned(0));
	ASSERT_EQ(0, madvise(page, PAGE, MADV_DONTNEED));
	EXPECT_EQ(0, page[NIB_2 % PAGE]);
	ASSERT_EQ(0, apmachine_queue(CARD_1, DOMAIN_1, &self->queue));
	EXPECT_EQ(1, self->queue.ir);
	EXPECT_EQ(0, apmachine("interrupt %d %d", CARD_1, DOMAIN_1));
	EXPECT_EQ(0, page[NIB_2 % PAGE]);
	/* Another one can be had at once, and ends what was. */
	ASSERT_EQ(0, ioctl(self->guest.dev.fd, VFIO_DEVICE_RESET));
	EXPECT_EQ(0, enable(&self->guest.vm, CARD_1, DOMAIN_1, NIB));
	EXPECT_TRUE(guest_pinned(1));
}

/* Whether KVM has a guest of this process, within 10 s */
static bool guest_ends(void)
{
	struct apguest guest;
	int ms;

	for (ms = 0; ms < WAIT_MS; ms++) {
		if (apmachine_guest(getpid(), &guest) == -ENOENT)
			return true;
		usleep(1000);
	}
	return false;
}

/*
 * Neither resets nor interrupts come to an end: closing does. The guest, with its
 * interruption-state area, and the page are kept for as long as the queue may
 * signal them.
 */
TEST_F_TIMEOUT(signal, guest_is_kept, 60)
{
	struct apguest guest;
	long long begin;
	int i, k;

	for (i = 0; i < 3; i++)
		for (k = 0; k < 3; k++) {
			ASSERT_EQ(0, enable(&self->guest.vm, cards[i], domains[k], NIB));
			ASSERT_EQ(0, apmachine("respond %d %d %d", cards[i], domains[k],
					       AP_BUSY));
		}
	begin = now_ms();
	guest_close(&self->guest);
	EXPECT_GT(CLOSE_MS, now_ms() - begin);
	EXPECT_TRUE(guest_pinned(0));
	ASSERT_EQ(0, madvise(self->guest.vm.storage, VM_SIZE, MADV_DONTNEED));
	EXPECT_EQ(0, apmachine_guest(getpid(), &guest));
	EXPECT_EQ(0, apmachine("interrupt %d %d", CARD_1, DOMAIN_1));

	for (i = 0; i < 3; i++)
		for (k = 0; k < 3; k++)
			ASSERT_EQ(0, apmachine("respond %d %d 0", cards[i], domains[k]));
	EXPECT_TRUE(guest_ends());
}

/*
 * A queue is given back to the host, which cannot reset it: what it may signal stays
 * where it is until the queue has been reset.
 */
TEST_F_TIMEOUT(signal, kept_beyond_unbinding, 60)
{
	struct apguest guest;

	ASSERT_EQ(0, enable(&self->guest.vm, CARD_1, DOMAIN_1, NIB));
	ASSERT_EQ(0, apmachine("respond %d %d %d", CARD_1, DOMAIN_1, AP_BUSY));
	ASSERT_EQ(0, ap_queue_unbind(CARD_1, DOMAIN_1));
	ASSERT_EQ(0, apmachine_queue(CARD_1, DOMAIN_1, &self->queue));
	ASSERT_EQ(1, self->queue.ir);
	guest_close(&self->guest);
	ASSERT_EQ(0, madvise(self->guest.vm.storage, VM_SIZE, MADV_DONTNEED));
	EXPECT_EQ(0, apmachine_guest(getpid(), &guest));
	EXPECT_EQ(0, apmachine("interrupt %d %d", CARD_1, DOMAIN_1));

	ASSERT_EQ(0, apmachine("respond %d %d 0", CARD_1, DOMAIN_1));
	ASSERT_EQ(0, ap_queue_bind(CARD_1, DOMAIN_1, "vfio_ap"));
	EXPECT_TRUE(guest_ends());
}

struct asker {
	pthread_t thread;
	struct vm *vm;
	uint64_t nib;
	unsigned int enabled;
	int ret;
};

static void *asker_run(void *arg)
{
	struct asker *asker = arg;
	struct ap_result result;
	int i;

	for (i = 0; i < ROUNDS && !asker->ret; i++) {
		asker->ret = enable(asker->vm, CARD_1, DOMAIN_1, asker->nib);
		if (asker->ret == -AP_OTHERWISE_CHANGED)
			asker->ret = 0;
		else
			asker->enabled++;
		if (!asker->ret)
			asker->ret = vm_aqic_disable(asker->vm, CARD_1, DOMAIN_1, &result);
	}
	return NULL;
}

/* Two CPUs, one queue: what one has enabled the other replaces, or disables. */
TEST_F(signal, two_cpus)
{
	struct asker asker[2] = { { .nib = NIB }, { .nib = NIB_2 } };
	struct vm second;
	int i;

	ASSERT_EQ(0, vm_add_cpu(&self->guest.vm, &second));
	asker[0].vm = &self->guest.vm;
	asker[1].vm = &second;
	for (i = 0; i < 2; i++)
		ASSERT_EQ(0, pthread_create(&asker[i].thread, NULL, asker_run, &asker[i]));
	for (i = 0; i < 2; i++) {
		pthread_join(asker[i].thread, NULL);
		EXPECT_EQ(0, asker[i].ret);
		TH_LOG("CPU %d enabled %u times", i, asker[i].enabled);
	}
	ASSERT_EQ(0, apmachine_queue(CARD_1, DOMAIN_1, &self->queue));
	EXPECT_EQ(0, self->queue.ir);
	EXPECT_TRUE(guest_pinned(0));
	EXPECT_EQ(0, guest_subclasses());
	/* And the last word is the last word. */
	ASSERT_EQ(0, enable(&second, CARD_1, DOMAIN_1, NIB_2));
	EXPECT_TRUE(guest_pinned(1));
	vm_drop_cpu(&second);
}

int main(int argc, char **argv)
{
	return test_harness_run(argc, argv);
}
