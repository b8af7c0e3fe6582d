// SPDX-License-Identifier: GPL-2.0
/*
 * Resets: what the machine may answer to one and to the tests that follow, who
 * is reset when, and a reset that never ends
 */
#include <errno.h>
#include <pthread.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include <linux/vfio.h>

#include "kselftest_harness.h"

#include "host.h"

#define NIB	VM_FREE
#define ISC	3
/* A reset that does not end is given up; nobody else waits longer than this for it. */
#define GIVE_UP_MS	20000
#define OTHERS_MS	1000

static const int cards[] = { CARD_1, -1 }, domains[] = { DOMAIN_1, DOMAIN_2, -1 };

FIXTURE(reset) {
	struct guest guest;
	struct apqueue before;
	struct apqueue now;
	struct ap_result result;
};

FIXTURE_SETUP(reset)
{
	ASSERT_TRUE(host_start());
	ASSERT_EQ(0, host_make_matrix(UUID_A, cards, domains));
	ASSERT_EQ(0, guest_open(&self->guest, UUID_A));
	ASSERT_EQ(0, apmachine_queue(CARD_1, DOMAIN_1, &self->before));
}

FIXTURE_TEARDOWN(reset)
{
	apmachine("reset-takes %d %d 0", CARD_1, DOMAIN_1);
	guest_close(&self->guest);
	host_end();
}

static int device_reset(struct guest *guest)
{
	return ioctl(guest->dev.fd, VFIO_DEVICE_RESET) ? -errno : 0;
}

TEST_F(reset, all_queues)
{
	struct apqueue other;

	ASSERT_EQ(0, apmachine_queue(CARD_1, DOMAIN_2, &other));
	EXPECT_EQ(0, device_reset(&self->guest));
	ASSERT_EQ(0, apmachine_queue(CARD_1, DOMAIN_1, &self->now));
	EXPECT_EQ(self->before.zapq + 1, self->now.zapq);
	EXPECT_LT(self->before.tapq, self->now.tapq);
	ASSERT_EQ(0, apmachine_queue(CARD_1, DOMAIN_2, &self->now));
	EXPECT_EQ(other.zapq + 1, self->now.zapq);
	/* And no others */
	ASSERT_EQ(0, apmachine_queue(CARD_1, DOMAIN_3, &other));
	EXPECT_EQ(0, device_reset(&self->guest));
	ASSERT_EQ(0, apmachine_queue(CARD_1, DOMAIN_3, &self->now));
	EXPECT_EQ(other.zapq, self->now.zapq);
}

TEST_F(reset, waits_for_the_end)
{
	ASSERT_EQ(0, apmachine("reset-takes %d %d 4", CARD_1, DOMAIN_1));
	EXPECT_EQ(0, device_reset(&self->guest));
	ASSERT_EQ(0, apmachine_queue(CARD_1, DOMAIN_1, &self->now));
	EXPECT_EQ(self->before.zapq + 1, self->now.zapq);
	EXPECT_LE(self->before.tapq + 5, self->now.tapq);
}

/* Requests, replies and interrupts of the guest's are gone. */
TEST_F(reset, zeroizes)
{
	struct apguest masks;

	ASSERT_EQ(0, vm_pqap(&self->guest.vm, PQAP_RAPQ, CARD_1, DOMAIN_1, 0, 0, &self->result));
	ASSERT_EQ(0, vm_aqic_enable(&self->guest.vm, CARD_1, DOMAIN_1, ISC, NIB, &self->result));
	ASSERT_EQ(0, self->result.rc);
	ASSERT_EQ(0, vm_nqap(&self->guest.vm, CARD_1, DOMAIN_1, "secret", 6, &self->result));
	ASSERT_EQ(0, self->result.rc);
	EXPECT_EQ(0, device_reset(&self->guest));
	ASSERT_EQ(0, apmachine_queue(CARD_1, DOMAIN_1, &self->now));
	EXPECT_EQ(0, self->now.used);
	EXPECT_EQ(0, self->now.depth);
	EXPECT_EQ(0, self->now.ir);
	ASSERT_EQ(0, apmachine_guest(getpid(), &masks));
	EXPECT_EQ(0, masks.alert);
	/* As new */
	ASSERT_EQ(0, vm_aqic_enable(&self->guest.vm, CARD_1, DOMAIN_1, ISC, NIB, &self->result));
	EXPECT_EQ(0x81000000, self->result.gr1);
}

/*
 * A7, A9: what the machine answers to a reset, or to the test after it. The
 * guest's queue is normal at the end, or the reset says that it is not.
 */
FIXTURE(answer) {
	struct guest guest;
	struct apqueue before;
	struct apqueue now;
};

FIXTURE_VARIANT(answer) {
	unsigned int reset;
	unsigned int test;
	int result;
	unsigned int resets;	/* at least */
};

FIXTURE_VARIANT_ADD(answer, resetting) { .reset = AP_RESETTING, .resets = 2 };
FIXTURE_VARIANT_ADD(answer, busy) { .reset = AP_BUSY, .resets = 2 };
FIXTURE_VARIANT_ADD(answer, state_change) { .reset = AP_STATE_CHANGE, .resets = 2 };
FIXTURE_VARIANT_ADD(answer, deconfigured) {
	.reset = AP_DECONFIGURED, .result = -EIO, .resets = 1 };
FIXTURE_VARIANT_ADD(answer, checkstopped) {
	.reset = AP_CHECKSTOPPED, .result = -EIO, .resets = 1 };
FIXTURE_VARIANT_ADD(answer, test_resetting) { .test = AP_RESETTING, .resets = 1 };
FIXTURE_VARIANT_ADD(answer, test_busy) { .test = AP_BUSY, .resets = 1 };
FIXTURE_VARIANT_ADD(answer, test_not_unique) { .test = AP_NOT_UNIQUE, .resets = 2 };
FIXTURE_VARIANT_ADD(answer, test_assoc_failed) { .test = AP_ASSOC_FAILED, .resets = 2 };
/* What went after its reset has nothing left in it. */
FIXTURE_VARIANT_ADD(answer, test_deconfigured) { .test = AP_DECONFIGURED, .resets = 1 };
FIXTURE_VARIANT_ADD(answer, test_checkstopped) { .test = AP_CHECKSTOPPED, .resets = 1 };
FIXTURE_VARIANT_ADD(answer, test_not_available) { .test = AP_NOT_AVAILABLE, .resets = 1 };

FIXTURE_SETUP(answer)
{
	ASSERT_TRUE(host_start());
	ASSERT_EQ(0, host_make_matrix(UUID_A, cards, domains));
	ASSERT_EQ(0, guest_open(&self->guest, UUID_A));
	ASSERT_EQ(0, apmachine_queue(CARD_1, DOMAIN_1, &self->before));
}

FIXTURE_TEARDOWN(answer)
{
	guest_close(&self->guest);
	host_end();
}

TEST_F(answer, to_a_reset)
{
	if (variant->reset)
		ASSERT_EQ(0, apmachine("reset-responds %d %d %d", CARD_1, DOMAIN_1,
				       variant->reset));
	if (variant->test)
		ASSERT_EQ(0, apmachine("test-responds %d %d %d 2", CARD_1, DOMAIN_1,
				       variant->test));
	EXPECT_EQ(variant->result, device_reset(&self->guest));
	ASSERT_EQ(0, apmachine_queue(CARD_1, DOMAIN_1, &self->now));
	EXPECT_LE(self->before.zapq + variant->resets, self->now.zapq);
	EXPECT_GE(self->before.zapq + variant->resets + 1, self->now.zapq);
	apmachine("test-responds %d %d 0 0", CARD_1, DOMAIN_1);
}

/* When: each of these is the last that a guest sees of a queue. */
TEST_F(reset, at_unassignment_of_an_adapter)
{
	ASSERT_EQ(0, matrix_set(UUID_A, "unassign_adapter", CARD_1));
	ASSERT_EQ(0, apmachine_queue(CARD_1, DOMAIN_1, &self->now));
	EXPECT_LT(self->before.zapq, self->now.zapq);
}

/* Whoever takes a queue away can rely on it. */
TEST_F(reset, waits_at_unassignment)
{
	ASSERT_EQ(0, apmachine("reset-takes %d %d 4", CARD_1, DOMAIN_1));
	ASSERT_EQ(0, matrix_set(UUID_A, "unassign_adapter", CARD_1));
	ASSERT_EQ(0, apmachine_queue(CARD_1, DOMAIN_1, &self->now));
	EXPECT_LE(self->before.tapq + 5, self->now.tapq);
}

TEST_F(reset, at_unassignment_of_a_domain)
{
	ASSERT_EQ(0, matrix_set(UUID_A, "unassign_domain", DOMAIN_1));
	ASSERT_EQ(0, apmachine_queue(CARD_1, DOMAIN_1, &self->now));
	EXPECT_LT(self->before.zapq, self->now.zapq);
}

TEST_F(reset, at_close)
{
	vm_device_close(&self->guest.vm, &self->guest.dev);
	ASSERT_EQ(0, apmachine_queue(CARD_1, DOMAIN_1, &self->now));
	EXPECT_LT(self->before.zapq, self->now.zapq);
}

TEST_F(reset, at_removal)
{
	vm_device_close(&self->guest.vm, &self->guest.dev);
	ASSERT_EQ(0, apmachine_queue(CARD_1, DOMAIN_1, &self->before));
	ASSERT_EQ(0, matrix_remove(UUID_A));
	ASSERT_EQ(0, apmachine_queue(CARD_1, DOMAIN_1, &self->now));
	EXPECT_LT(self->before.zapq, self->now.zapq);
}

TEST_F(reset, at_unbinding)
{
	ASSERT_EQ(0, ap_queue_unbind(CARD_1, DOMAIN_1));
	ASSERT_EQ(0, apmachine_queue(CARD_1, DOMAIN_1, &self->now));
	EXPECT_LT(self->before.zapq, self->now.zapq);
	ASSERT_EQ(0, ap_queue_bind(CARD_1, DOMAIN_1, "vfio_ap"));
}

/* A17: nothing can be reset any more, but what the guest had is given back. */
TEST_F(reset, not_when_the_card_has_gone)
{
	struct apguest masks;

	ASSERT_EQ(0, vm_pqap(&self->guest.vm, PQAP_RAPQ, CARD_1, DOMAIN_1, 0, 0, &self->result));
	ASSERT_EQ(0, vm_aqic_enable(&self->guest.vm, CARD_1, DOMAIN_1, ISC, NIB, &self->result));
	ASSERT_EQ(0, self->result.rc);
	ASSERT_EQ(0, apmachine("card %d 0", CARD_1));
	ASSERT_EQ(0, apmachine_rescan());
	EXPECT_TRUE(guest_uses(""));
	ASSERT_EQ(0, apmachine_guest(getpid(), &masks));
	EXPECT_EQ(0, masks.alert);
	EXPECT_EQ(0, device_reset(&self->guest));
}

static long now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

struct waiter {
	pthread_t thread;
	struct guest *guest;
	int ret;
	bool done;
};

static void *reset_run(void *arg)
{
	struct waiter *waiter = arg;

	waiter->ret = device_reset(waiter->guest);
	__atomic_store_n(&waiter->done, true, __ATOMIC_RELEASE);
	return NULL;
}

static bool done_within(struct waiter *waiter, int ms)
{
	long end = now_ms() + ms;

	while (!__atomic_load_n(&waiter->done, __ATOMIC_ACQUIRE) && now_ms() < end)
		usleep(1000);
	return __atomic_load_n(&waiter->done, __ATOMIC_ACQUIRE);
}

/* What others may want meanwhile: the guest B, the administrator, the host's bus */
static void *others_run(void *arg)
{
	struct waiter *waiter = arg;
	struct vm *vm = &waiter->guest->vm;
	struct ap_result result;
	char text[64];

	waiter->ret = vm_aqic_enable(vm, CARD_2, DOMAIN_1, ISC, NIB, &result);
	if (!waiter->ret && result.rc)
		waiter->ret = -EPROTO;
	if (!waiter->ret)
		waiter->ret = vm_aqic_disable(vm, CARD_2, DOMAIN_1, &result);
	if (!waiter->ret)
		waiter->ret = matrix_set(UUID_B, "assign_domain", DOMAIN_2);
	if (!waiter->ret)
		waiter->ret = ap_queue_read(CARD_2, DOMAIN_1, "status", text, sizeof(text));
	if (!waiter->ret)
		waiter->ret = ap_queue_read(CARD_1, DOMAIN_1, "status", text, sizeof(text));
	if (!waiter->ret)
		waiter->ret = matrix_create(UUID_C);
	if (!waiter->ret)
		waiter->ret = matrix_remove(UUID_C);
	__atomic_store_n(&waiter->done, true, __ATOMIC_RELEASE);
	return NULL;
}

/* B5: nobody else waits for a queue that never finishes its reset. */
TEST_F(reset, never_ends_and_others_go_on)
{
	static const int other_cards[] = { CARD_2, -1 }, other_domains[] = { DOMAIN_1, -1 };
	struct waiter stuck = { .guest = &self->guest }, others = {};
	struct guest other;

	others.guest = &other;
	ASSERT_EQ(0, host_make_matrix(UUID_B, other_cards, other_domains));
	ASSERT_EQ(0, vm_open(&other.vm));
	ASSERT_EQ(0, vm_device_open(&other.vm, &other.dev, UUID_B));
	ASSERT_EQ(0, vm_pqap(&other.vm, PQAP_RAPQ, CARD_2, DOMAIN_1, 0, 0, &self->result));

	ASSERT_EQ(0, apmachine("reset-takes %d %d -1", CARD_1, DOMAIN_1));
	ASSERT_EQ(0, pthread_create(&stuck.thread, NULL, reset_run, &stuck));
	do {
		usleep(1000);
		ASSERT_EQ(0, apmachine_queue(CARD_1, DOMAIN_1, &self->now));
	} while (self->now.tapq < self->before.tapq + 2);
	ASSERT_EQ(0, pthread_create(&others.thread, NULL, others_run, &others));
	EXPECT_TRUE(done_within(&others, OTHERS_MS));
	EXPECT_FALSE(__atomic_load_n(&stuck.done, __ATOMIC_ACQUIRE));

	/* The machine relents, so that this comes to an end in any case. */
	ASSERT_EQ(0, apmachine("reset-takes %d %d 0", CARD_1, DOMAIN_1));
	pthread_join(others.thread, NULL);
	EXPECT_EQ(0, others.ret);
	pthread_join(stuck.thread, NULL);
	vm_device_close(&other.vm, &other.dev);
	vm_close(&other.vm);
}

TEST_F(reset, never_ends_and_is_given_up)
{
	struct waiter stuck = { .guest = &self->guest };
	int ms;

	ASSERT_EQ(0, apmachine("reset-takes %d %d -1", CARD_1, DOMAIN_1));
	ASSERT_EQ(0, pthread_create(&stuck.thread, NULL, reset_run, &stuck));
	EXPECT_TRUE(done_within(&stuck, GIVE_UP_MS));
	if (__atomic_load_n(&stuck.done, __ATOMIC_ACQUIRE))
		EXPECT_EQ(-EIO, stuck.ret);
	ASSERT_EQ(0, apmachine("reset-takes %d %d 0", CARD_1, DOMAIN_1));
	pthread_join(stuck.thread, NULL);
	/* It works again: so does the guest's queue, once the driver has seen that. */
	for (ms = 0; device_reset(&self->guest) && ms < WAIT_MS; ms++)
		usleep(1000);
	EXPECT_GT(WAIT_MS, ms);
}

/* Its next owner does not get a queue before it is zeroized, however long that takes. */
TEST_F(reset, next_owner_waits)
{
	static const int next[] = { DOMAIN_1, -1 };

	ASSERT_EQ(0, apmachine("reset-takes %d %d -1", CARD_1, DOMAIN_1));
	ASSERT_EQ(0, matrix_set(UUID_A, "unassign_adapter", CARD_1));
	ASSERT_EQ(0, host_make_matrix(UUID_B, cards, next));
	EXPECT_TRUE(matrix_is(UUID_B, "matrix", "03.0006"));
	EXPECT_TRUE(matrix_is(UUID_B, "guest_matrix", ".0006"));
	ASSERT_EQ(0, apmachine("reset-takes %d %d 0", CARD_1, DOMAIN_1));
	EXPECT_TRUE(matrix_becomes(UUID_B, "guest_matrix", "03.0006"));
}

int main(int argc, char **argv)
{
	return test_harness_run(argc, argv);
}
