// SPDX-License-Identifier: GPL-2.0
/*
 * Interrupts of queues: PQAP(AQIC) as a guest executes it, what the machine
 * may answer to the host's own AQIC, who holds the page of the notification
 * byte and the guest's subclass afterwards, and the interruption itself
 *
 * The response codes are those of the AP architecture; word is the status word
 * that the guest finds in register 1.
 */
#include <errno.h>
#include <pthread.h>
#include <string.h>

#include "kselftest_harness.h"

#include "host.h"
#include "tracing.h"

#define NIB		(VM_FREE + 0x10)
#define NIB_2		(VM_HALF + 0x10)	/* in the other half of storage */
#define NIB_OUTSIDE	0x40000000ull
#define ISC		3

FIXTURE(irq) {
	struct guest guest;
	struct ap_result result;
	struct apqueue queue;
};

FIXTURE_SETUP(irq)
{
	static const int cards[] = { CARD_1, -1 }, domains[] = { DOMAIN_1, DOMAIN_2, -1 };

	ASSERT_TRUE(host_start());
	ASSERT_EQ(0, host_make_matrix(UUID_A, cards, domains));
	ASSERT_EQ(0, guest_open(&self->guest, UUID_A));
	/* As a guest does with queues that it finds. */
	ASSERT_EQ(0, vm_pqap(&self->guest.vm, PQAP_RAPQ, CARD_1, DOMAIN_1, 0, 0, &self->result));
	ASSERT_EQ(0, self->result.rc);
	ASSERT_EQ(0, vm_pqap(&self->guest.vm, PQAP_RAPQ, CARD_1, DOMAIN_2, 0, 0, &self->result));
	ASSERT_EQ(0, self->result.rc);
}

FIXTURE_TEARDOWN(irq)
{
	guest_close(&self->guest);
	host_end();
}

TEST_F(irq, enable_and_disable)
{
	ASSERT_EQ(0, vm_aqic_enable(&self->guest.vm, CARD_1, DOMAIN_1, ISC, NIB, &self->result));
	EXPECT_EQ(0, self->result.cc);
	EXPECT_EQ(0x81000000, self->result.gr1);
	EXPECT_TRUE(guest_pinned(1));
	EXPECT_EQ(0x80 >> ISC, guest_subclasses());
	ASSERT_EQ(0, apmachine_queue(CARD_1, DOMAIN_1, &self->queue));
	EXPECT_EQ(1, self->queue.ir);
	EXPECT_EQ(ISC, self->queue.gisc);
	EXPECT_NE(0, self->queue.gisa);
	EXPECT_EQ(NIB & 0xfff, self->queue.nib & 0xfff);

	ASSERT_EQ(0, vm_aqic_disable(&self->guest.vm, CARD_1, DOMAIN_1, &self->result));
	EXPECT_EQ(0, self->result.cc);
	EXPECT_EQ(0x80000000, self->result.gr1);
	EXPECT_TRUE(guest_pinned(0));
	EXPECT_EQ(0, guest_subclasses());
	ASSERT_EQ(0, apmachine_queue(CARD_1, DOMAIN_1, &self->queue));
	EXPECT_EQ(0, self->queue.ir);
}

TEST_F(irq, interruption_reaches_the_guest)
{
	uint32_t identity = 0;

	ASSERT_EQ(0, vm_aqic_enable(&self->guest.vm, CARD_1, DOMAIN_1, ISC, NIB, &self->result));
	ASSERT_EQ(0, self->result.rc);
	ASSERT_EQ(0, apmachine("interrupt %d %d", CARD_1, DOMAIN_1));
	ASSERT_EQ(0, vm_wait_interruption(&self->guest.vm, WAIT_MS, &identity));
	EXPECT_EQ(0x80000000 | ISC << 27, identity);
	EXPECT_EQ(0xff, self->guest.vm.storage[NIB]);
}

/* The second is refused, and the first pair stays: B6 */
TEST_F(irq, enable_again)
{
	uint64_t nib;

	ASSERT_EQ(0, vm_aqic_enable(&self->guest.vm, CARD_1, DOMAIN_1, ISC, NIB, &self->result));
	ASSERT_EQ(0, self->result.rc);
	ASSERT_EQ(0, apmachine_queue(CARD_1, DOMAIN_1, &self->queue));
	nib = self->queue.nib;
	ASSERT_EQ(0, vm_aqic_enable(&self->guest.vm, CARD_1, DOMAIN_1, ISC + 1, NIB_2,
				    &self->result));
	EXPECT_EQ(3, self->result.cc);
	EXPECT_EQ(0x81070000, self->result.gr1);
	EXPECT_TRUE(guest_pinned(1));
	EXPECT_EQ(0x80 >> ISC, guest_subclasses());
	ASSERT_EQ(0, apmachine_queue(CARD_1, DOMAIN_1, &self->queue));
	EXPECT_EQ(nib, self->queue.nib);
	EXPECT_EQ(ISC, self->queue.gisc);
}

TEST_F(irq, two_queues_one_subclass)
{
	ASSERT_EQ(0, vm_aqic_enable(&self->guest.vm, CARD_1, DOMAIN_1, ISC, NIB, &self->result));
	ASSERT_EQ(0, self->result.rc);
	ASSERT_EQ(0, vm_aqic_enable(&self->guest.vm, CARD_1, DOMAIN_2, ISC, NIB + 1,
				    &self->result));
	ASSERT_EQ(0, self->result.rc);
	EXPECT_EQ(0x80 >> ISC, guest_subclasses());
	ASSERT_EQ(0, vm_aqic_disable(&self->guest.vm, CARD_1, DOMAIN_1, &self->result));
	EXPECT_EQ(0x80 >> ISC, guest_subclasses());
	ASSERT_EQ(0, vm_aqic_disable(&self->guest.vm, CARD_1, DOMAIN_2, &self->result));
	EXPECT_EQ(0, guest_subclasses());
	EXPECT_TRUE(guest_pinned(0));
}

/*
 * What cannot be enabled, and what the driver notes of it can be read. To see P2
 * fail, give a by-reference format of the debug feature the address of a local
 * variable: KASAN tells, or an oops, when it is read.
 */
TEST_F(irq, refused)
{
	static const struct {
		unsigned int card;
		unsigned int domain;
		uint64_t nib;
		uint32_t word;
	} wrong[] = {
		/* Not there, and not in this guest's matrix */
		{ 0x77, DOMAIN_1, NIB, 0x00010000 },
		{ CARD_2, DOMAIN_1, NIB, 0x00010000 },
		{ CARD_1, DOMAIN_3, NIB, 0x00010000 },
		{ CARD_HOST, DOMAIN_1, NIB, 0x00010000 },
		{ CARD_1, DOMAIN_1, 0, 0x00060000 },
		{ CARD_1, DOMAIN_1, NIB_OUTSIDE, 0x00060000 },
		{ CARD_1, DOMAIN_1, ~0ull, 0x00060000 },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(wrong); i++) {
		TH_LOG("%02x.%04x, notification byte at 0x%llx", wrong[i].card, wrong[i].domain,
		       (unsigned long long)wrong[i].nib);
		ASSERT_EQ(0, vm_aqic_enable(&self->guest.vm, wrong[i].card, wrong[i].domain, ISC,
					    wrong[i].nib, &self->result));
		EXPECT_EQ(3, self->result.cc);
		EXPECT_EQ(wrong[i].word, self->result.gr1);
		EXPECT_EQ(0, guest_subclasses());
	}
	EXPECT_TRUE(guest_pinned(0));
	EXPECT_LE(0, dbf_count("vfio_ap", "sprintf", "a"));
}

/* In KVM's memory, but not in what the device may reach: the page cannot be pinned. */
TEST_F(irq, unmapped_page)
{
	ASSERT_EQ(0, vm_device_unmap(&self->guest.dev, 1));
	ASSERT_EQ(0, vm_aqic_enable(&self->guest.vm, CARD_1, DOMAIN_1, ISC, NIB_2,
				    &self->result));
	EXPECT_EQ(3, self->result.cc);
	EXPECT_EQ(0x00060000, self->result.gr1);
	EXPECT_EQ(0, guest_subclasses());
	EXPECT_TRUE(guest_pinned(0));
	EXPECT_LE(0, dbf_count("vfio_ap", "sprintf", "a"));
}

/*
 * B7: memory goes while a queue may signal into it: first the queue is silenced.
 * To see it fail, leave out the driver's dma_unmap.
 */
TEST_F(irq, memory_goes)
{
	ASSERT_EQ(0, vm_aqic_enable(&self->guest.vm, CARD_1, DOMAIN_1, ISC, NIB, &self->result));
	ASSERT_EQ(0, self->result.rc);
	ASSERT_EQ(0, vm_aqic_enable(&self->guest.vm, CARD_1, DOMAIN_2, ISC + 1, NIB_2,
				    &self->result));
	ASSERT_EQ(0, self->result.rc);
	EXPECT_TRUE(guest_pinned(2));
	ASSERT_EQ(0, vm_device_unmap(&self->guest.dev, 1));
	EXPECT_TRUE(guest_pinned(1));
	EXPECT_EQ(0x80 >> ISC, guest_subclasses());
	ASSERT_EQ(0, apmachine_queue(CARD_1, DOMAIN_2, &self->queue));
	EXPECT_EQ(0, self->queue.ir);
	ASSERT_EQ(0, apmachine_queue(CARD_1, DOMAIN_1, &self->queue));
	EXPECT_EQ(1, self->queue.ir);
}

struct enabler {
	pthread_t thread;
	struct vm *vm;
	bool over;
	int ret;
};

static void *enabler_run(void *arg)
{
	struct enabler *enabler = arg;
	struct ap_result result;

	while (!enabler->ret && !__atomic_load_n(&enabler->over, __ATOMIC_ACQUIRE)) {
		enabler->ret = vm_aqic_enable(enabler->vm, CARD_1, DOMAIN_1, ISC, NIB_2, &result);
		/* Or the page is not there. */
		if (!enabler->ret && result.rc != AP_NORMAL && result.rc != AP_INVALID_ADDRESS &&
		    result.rc != AP_OTHERWISE_CHANGED)
			enabler->ret = -EPROTO;
	}
	return NULL;
}

/* B7, B11: and comes back, and goes, while the guest keeps enabling */
TEST_F(irq, memory_comes_and_goes)
{
	struct enabler enabler = { .vm = &self->guest.vm };
	int i;

	ASSERT_EQ(0, pthread_create(&enabler.thread, NULL, enabler_run, &enabler));
	for (i = 0; i < 20; i++) {
		EXPECT_EQ(0, vm_device_unmap(&self->guest.dev, 1));
		ASSERT_EQ(0, vm_device_map(&self->guest.vm, &self->guest.dev, 1));
	}
	EXPECT_EQ(0, vm_device_unmap(&self->guest.dev, 1));
	__atomic_store_n(&enabler.over, true, __ATOMIC_RELEASE);
	pthread_join(enabler.thread, NULL);
	EXPECT_EQ(0, enabler.ret);
	EXPECT_TRUE(guest_pinned(0));
	EXPECT_EQ(0, guest_subclasses());
	ASSERT_EQ(0, apmachine_queue(CARD_1, DOMAIN_1, &self->queue));
	EXPECT_EQ(0, self->queue.ir);
}

/*
 * B8: of a protected guest, only a page that it shares can be used; another one goes
 * back to it, and the machine is not asked. To see it fail, leave out is_shared(),
 * or unpin nothing where it says no.
 */
TEST_F(irq, page_of_a_protected_guest)
{
	struct apqueue after;

	ASSERT_EQ(0, apmachine_queue(CARD_1, DOMAIN_1, &self->queue));
	ASSERT_EQ(0, apmachine("protected 2"));
	ASSERT_EQ(0, vm_aqic_enable(&self->guest.vm, CARD_1, DOMAIN_1, ISC, NIB, &self->result));
	EXPECT_EQ(3, self->result.cc);
	EXPECT_EQ(0x00060000, self->result.gr1);
	EXPECT_EQ(0, guest_subclasses());
	EXPECT_TRUE(guest_pinned(0));
	ASSERT_EQ(0, apmachine_queue(CARD_1, DOMAIN_1, &after));
	EXPECT_EQ(self->queue.aqic, after.aqic);

	ASSERT_EQ(0, apmachine("protected 1"));
	ASSERT_EQ(0, vm_aqic_enable(&self->guest.vm, CARD_1, DOMAIN_1, ISC, NIB, &self->result));
	EXPECT_EQ(0x81000000, self->result.gr1);
	EXPECT_TRUE(guest_pinned(1));
}

/*
 * P1: the machine refuses in a way that nobody expects. The guest is told, and
 * neither the new page and subclass stay, nor those of an enabling before.
 */
FIXTURE(answer) {
	struct guest guest;
	struct ap_result result;
};

FIXTURE_VARIANT(answer) {
	unsigned int rc;
};

FIXTURE_VARIANT_ADD(answer, not_available) { .rc = AP_NOT_AVAILABLE };
FIXTURE_VARIANT_ADD(answer, resetting) { .rc = AP_RESETTING };
FIXTURE_VARIANT_ADD(answer, deconfigured) { .rc = AP_DECONFIGURED };
FIXTURE_VARIANT_ADD(answer, checkstopped) { .rc = AP_CHECKSTOPPED };
FIXTURE_VARIANT_ADD(answer, busy) { .rc = AP_BUSY };
FIXTURE_VARIANT_ADD(answer, invalid_address) { .rc = AP_INVALID_ADDRESS };
FIXTURE_VARIANT_ADD(answer, invalid_gisa) { .rc = AP_INVALID_GISA };
FIXTURE_VARIANT_ADD(answer, unknown) { .rc = 0x77 };

FIXTURE_SETUP(answer)
{
	static const int cards[] = { CARD_1, -1 }, domains[] = { DOMAIN_1, -1 };

	ASSERT_TRUE(host_start());
	ASSERT_EQ(0, host_make_matrix(UUID_A, cards, domains));
	ASSERT_EQ(0, guest_open(&self->guest, UUID_A));
	ASSERT_EQ(0, vm_pqap(&self->guest.vm, PQAP_RAPQ, CARD_1, DOMAIN_1, 0, 0, &self->result));
}

FIXTURE_TEARDOWN(answer)
{
	guest_close(&self->guest);
	host_end();
}

TEST_F(answer, is_passed_on)
{
	ASSERT_EQ(0, apmachine("aqic-responds %d %d %d", CARD_1, DOMAIN_1, variant->rc));
	ASSERT_EQ(0, vm_aqic_enable(&self->guest.vm, CARD_1, DOMAIN_1, ISC, NIB, &self->result));
	EXPECT_EQ(3, self->result.cc);
	EXPECT_EQ(0x80000000 | variant->rc << 16, self->result.gr1);
	EXPECT_EQ(0, guest_subclasses());
	EXPECT_TRUE(guest_pinned(0));
}

TEST_F(answer, ends_what_was_enabled)
{
	struct apqueue queue;

	ASSERT_EQ(0, vm_aqic_enable(&self->guest.vm, CARD_1, DOMAIN_1, ISC, NIB, &self->result));
	ASSERT_EQ(0, self->result.rc);
	ASSERT_EQ(0, apmachine("aqic-responds %d %d %d", CARD_1, DOMAIN_1, variant->rc));
	ASSERT_EQ(0, vm_aqic_enable(&self->guest.vm, CARD_1, DOMAIN_1, ISC + 1, NIB_2,
				    &self->result));
	EXPECT_EQ(3, self->result.cc);
	EXPECT_EQ(variant->rc, self->result.rc);
	EXPECT_EQ(0, guest_subclasses());
	EXPECT_TRUE(guest_pinned(0));
	ASSERT_EQ(0, apmachine_queue(CARD_1, DOMAIN_1, &queue));
	EXPECT_EQ(0, queue.ir);
}

int main(int argc, char **argv)
{
	return test_harness_run(argc, argv);
}
