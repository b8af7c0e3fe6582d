// SPDX-License-Identifier: GPL-2.0
/*
 * What a guest can use, where the machine looks for it: at its start, when its
 * matrix changes while it runs, and when queues come and go on the host. Only
 * whole adapters whose every queue is ours and works.
 *
 * That the guest is told by the config-change interrupt is tested beside each
 * change, in cases of its own.
 */
#include <errno.h>
#include <string.h>

#include "kselftest_harness.h"

#include "host.h"

#define ALL "03.0006 03.002f 04.0006 04.002f"
#define WITH_40 "03.0006 03.002f 03.0050 04.0006 04.002f 04.0050 40.0006 40.002f 40.0050"

static const int cards[] = { CARD_1, CARD_2, -1 }, domains[] = { DOMAIN_1, DOMAIN_2, -1 };

FIXTURE(plug) {
	struct guest guest;
	struct ap_result result;
	struct apguest masks;
};

FIXTURE_SETUP(plug)
{
	ASSERT_TRUE(host_start());
	ASSERT_EQ(0, host_make_matrix(UUID_A, cards, domains));
	ASSERT_EQ(0, matrix_set(UUID_A, "assign_control_domain", DOMAIN_2));
	ASSERT_EQ(0, guest_open(&self->guest, UUID_A));
	ASSERT_TRUE(guest_uses(ALL));
	guest_changes(&self->guest);
}

FIXTURE_TEARDOWN(plug)
{
	guest_close(&self->guest);
	host_end();
}

/* The guest finds a queue by TAPQ, or does not. */
static unsigned int found(struct guest *guest, unsigned int card, unsigned int domain)
{
	struct ap_result result;

	if (vm_pqap(&guest->vm, PQAP_TAPQ, card, domain, 0, 0, &result))
		return ~0u;
	return result.rc;
}

static bool controls(const char *list)
{
	struct apguest masks;
	char now[256] = "";
	unsigned int i;
	size_t n = 0;

	if (apmachine_guest(getpid(), &masks))
		return false;
	for (i = 0; i < AP_IDS && n < sizeof(now); i++)
		if (apmask_test(&masks.controls, i))
			n += snprintf(now + n, sizeof(now) - n, "%s%04x", n ? " " : "", i);
	if (!strcmp(now, list))
		return true;
	printf("# control domains '%s', want '%s'\n", now, list);
	return false;
}

TEST_F(plug, guest_starts_and_ends)
{
	EXPECT_TRUE(controls("002f"));
	EXPECT_EQ(AP_NORMAL, found(&self->guest, CARD_1, DOMAIN_1));
	EXPECT_EQ(AP_NORMAL, found(&self->guest, CARD_2, DOMAIN_2));
	EXPECT_EQ(AP_NOT_AVAILABLE, found(&self->guest, CARD_1, DOMAIN_3));
	EXPECT_EQ(AP_NOT_AVAILABLE, found(&self->guest, CARD_3, DOMAIN_1));
	EXPECT_EQ(AP_NOT_AVAILABLE, found(&self->guest, CARD_HOST, DOMAIN_1));
	/* The virtual machine stays, its queues go with the device. */
	vm_device_close(&self->guest.vm, &self->guest.dev);
	EXPECT_TRUE(guest_uses(""));
	EXPECT_TRUE(controls(""));
	EXPECT_EQ(AP_NOT_AVAILABLE, found(&self->guest, CARD_1, DOMAIN_1));
	/* And come back. */
	ASSERT_EQ(0, vm_device_open(&self->guest.vm, &self->guest.dev, UUID_A));
	EXPECT_TRUE(guest_uses(ALL));
	EXPECT_TRUE(controls("002f"));
}

TEST_F(plug, adapter)
{
	EXPECT_EQ(0, matrix_set(UUID_A, "assign_adapter", CARD_3));
	EXPECT_TRUE(guest_uses(ALL " 05.0006 05.002f"));
	EXPECT_TRUE(host_status_becomes(CARD_3, DOMAIN_1, "in use"));
	EXPECT_EQ(AP_NORMAL, found(&self->guest, CARD_3, DOMAIN_1));
	EXPECT_EQ(0, matrix_set(UUID_A, "unassign_adapter", CARD_1));
	EXPECT_TRUE(guest_uses("04.0006 04.002f 05.0006 05.002f"));
	EXPECT_TRUE(host_status_becomes(CARD_1, DOMAIN_1, "unassigned"));
	EXPECT_EQ(AP_NOT_AVAILABLE, found(&self->guest, CARD_1, DOMAIN_1));
}

TEST_F(plug, domain)
{
	EXPECT_EQ(0, matrix_set(UUID_A, "assign_domain", DOMAIN_3));
	EXPECT_TRUE(guest_uses("03.0006 03.002f 03.00ab 04.0006 04.002f 04.00ab"));
	EXPECT_EQ(0, matrix_set(UUID_A, "unassign_domain", DOMAIN_1));
	EXPECT_TRUE(guest_uses("03.002f 03.00ab 04.002f 04.00ab"));
	EXPECT_EQ(AP_NORMAL, found(&self->guest, CARD_2, DOMAIN_3));
}

TEST_F(plug, control_domain)
{
	EXPECT_EQ(0, matrix_set(UUID_A, "assign_control_domain", DOMAIN_3));
	EXPECT_TRUE(controls("002f 00ab"));
	/* The host has no such control domain. */
	EXPECT_EQ(0, matrix_set(UUID_A, "assign_control_domain", 0x55));
	EXPECT_TRUE(controls("002f 00ab"));
	EXPECT_EQ(0, matrix_set(UUID_A, "unassign_control_domain", DOMAIN_2));
	EXPECT_TRUE(controls("00ab"));
	EXPECT_TRUE(guest_uses(ALL));
}

TEST_F(plug, each_change_is_told_once)
{
	ASSERT_EQ(0, matrix_set(UUID_A, "assign_adapter", CARD_3));
	EXPECT_EQ(1, guest_changes(&self->guest));
	ASSERT_EQ(0, matrix_set(UUID_A, "unassign_domain", DOMAIN_1));
	EXPECT_EQ(1, guest_changes(&self->guest));
	ASSERT_EQ(0, matrix_set(UUID_A, "assign_control_domain", DOMAIN_3));
	EXPECT_EQ(1, guest_changes(&self->guest));
	ASSERT_EQ(0, matrix_write(UUID_A, "ap_config", "0x0,0x0,0x0"));
	EXPECT_LE(1, guest_changes(&self->guest));
	/* What changes nothing is no change. */
	ASSERT_EQ(0, matrix_set(UUID_A, "unassign_adapter", CARD_3));
	EXPECT_EQ(0, guest_changes(&self->guest));
}

/* B10: the other queues of an adapter that is left out are reset, and come back clean. */
TEST_F(plug, queue_is_taken_and_given)
{
	struct apqueue before, now;

	ASSERT_EQ(0, apmachine_queue(CARD_1, DOMAIN_2, &before));
	ASSERT_EQ(0, ap_queue_unbind(CARD_1, DOMAIN_1));
	EXPECT_TRUE(guest_uses("04.0006 04.002f"));
	EXPECT_TRUE(matrix_is(UUID_A, "guest_matrix", "04.0006 04.002f"));
	EXPECT_TRUE(matrix_is(UUID_A, "matrix", ALL));
	EXPECT_TRUE(host_status_becomes(CARD_1, DOMAIN_2, "assigned"));
	ASSERT_EQ(0, apmachine_queue(CARD_1, DOMAIN_2, &now));
	EXPECT_LT(before.zapq, now.zapq);
	ASSERT_EQ(0, ap_queue_bind(CARD_1, DOMAIN_1, "vfio_ap"));
	EXPECT_TRUE(guest_uses(ALL));
	EXPECT_TRUE(host_status_becomes(CARD_1, DOMAIN_2, "in use"));
}

TEST_F(plug, taken_and_given_is_told)
{
	ASSERT_EQ(0, ap_queue_unbind(CARD_1, DOMAIN_1));
	EXPECT_LE(1, guest_changes(&self->guest));
	ASSERT_EQ(0, ap_queue_bind(CARD_1, DOMAIN_1, "vfio_ap"));
	EXPECT_LE(1, guest_changes(&self->guest));
}

/* The queue is reset before anybody else can get it. */
TEST_F(plug, taken_queue_is_zeroized)
{
	struct apqueue queue;

	ASSERT_EQ(0, vm_nqap(&self->guest.vm, CARD_1, DOMAIN_1, "secret", 6, &self->result));
	ASSERT_EQ(0, self->result.rc);
	ASSERT_EQ(0, apmachine_queue(CARD_1, DOMAIN_1, &queue));
	ASSERT_EQ(1, queue.used);
	ASSERT_EQ(0, ap_queue_unbind(CARD_1, DOMAIN_1));
	ASSERT_EQ(0, apmachine_queue(CARD_1, DOMAIN_1, &queue));
	EXPECT_EQ(0, queue.used);
	EXPECT_EQ(0, queue.depth);
	ASSERT_EQ(0, ap_queue_bind(CARD_1, DOMAIN_1, "vfio_ap"));
}

TEST_F(plug, assigned_first_bound_later)
{
	ASSERT_EQ(0, ap_queue_unbind(CARD_3, DOMAIN_2));
	ASSERT_EQ(0, matrix_set(UUID_A, "assign_adapter", CARD_3));
	EXPECT_TRUE(guest_uses(ALL));
	EXPECT_TRUE(matrix_is(UUID_A, "matrix", ALL " 05.0006 05.002f"));
	ASSERT_EQ(0, ap_queue_bind(CARD_3, DOMAIN_2, "vfio_ap"));
	EXPECT_TRUE(guest_uses(ALL " 05.0006 05.002f"));
}

/* The machine loses and gains: the guest follows without being asked. */
TEST_F(plug, card_lost_and_regained)
{
	ASSERT_EQ(0, apmachine("card %d 0", CARD_1));
	ASSERT_EQ(0, apmachine_rescan());
	EXPECT_TRUE(guest_uses("04.0006 04.002f"));
	EXPECT_TRUE(matrix_is(UUID_A, "matrix", ALL));
	EXPECT_TRUE(matrix_is(UUID_A, "guest_matrix", "04.0006 04.002f"));
	ASSERT_EQ(0, apmachine("card %d %d", CARD_1, AP_TYPE_CEX7));
	ASSERT_EQ(0, apmachine_rescan());
	EXPECT_TRUE(guest_comes_to_use(ALL));
	EXPECT_TRUE(matrix_is(UUID_A, "guest_matrix", ALL));
	EXPECT_TRUE(host_status_becomes(CARD_1, DOMAIN_1, "in use"));
}

TEST_F(plug, lost_and_regained_is_told)
{
	ASSERT_EQ(0, apmachine("card %d 0", CARD_1));
	ASSERT_EQ(0, apmachine_rescan());
	EXPECT_LE(1, guest_changes(&self->guest));
	ASSERT_EQ(0, apmachine("card %d %d", CARD_1, AP_TYPE_CEX7));
	ASSERT_EQ(0, apmachine_rescan());
	EXPECT_TRUE(guest_comes_to_use(ALL));
	EXPECT_LE(1, guest_changes(&self->guest));
}

TEST_F(plug, domain_lost_and_regained)
{
	ASSERT_EQ(0, apmachine("domain %d 0", DOMAIN_2));
	ASSERT_EQ(0, apmachine_rescan());
	EXPECT_TRUE(guest_uses("03.0006 04.0006"));
	EXPECT_TRUE(controls("002f"));
	ASSERT_EQ(0, apmachine("domain %d 1", DOMAIN_2));
	ASSERT_EQ(0, apmachine_rescan());
	EXPECT_TRUE(guest_comes_to_use(ALL));
}

/* A13: nothing but a control domain comes, or goes. */
TEST_F(plug, control_domain_lost_and_regained)
{
	ASSERT_EQ(0, matrix_set(UUID_A, "assign_control_domain", 0x55));
	EXPECT_TRUE(controls("002f"));
	ASSERT_EQ(0, apmachine("control %d 1", 0x55));
	ASSERT_EQ(0, apmachine_rescan());
	EXPECT_TRUE(controls("002f 0055"));
	EXPECT_TRUE(guest_uses(ALL));
	ASSERT_EQ(0, apmachine("control %d 0", DOMAIN_2));
	ASSERT_EQ(0, apmachine_rescan());
	EXPECT_TRUE(controls("0055"));
	EXPECT_TRUE(guest_uses(ALL));
}

/* A card that comes with everything else: all its queues have to be there first. */
TEST_F(plug, new_card_and_domain)
{
	ASSERT_EQ(0, ap_host_mask("apmask", "-0x40"));
	ASSERT_EQ(0, matrix_set(UUID_A, "assign_adapter", 0x40));
	ASSERT_EQ(0, matrix_set(UUID_A, "assign_domain", 0x50));
	EXPECT_TRUE(guest_uses(ALL));
	ASSERT_EQ(0, apmachine("card %d %d", 0x40, AP_TYPE_CEX7));
	ASSERT_EQ(0, apmachine("domain %d 1", 0x50));
	ASSERT_EQ(0, apmachine_rescan());
	EXPECT_TRUE(guest_comes_to_use(WITH_40));
}

/* Older than what the drivers know: never a guest's. */
TEST_F(plug, old_card)
{
	ASSERT_EQ(0, ap_host_mask("apmask", "-0x40"));
	ASSERT_EQ(0, matrix_set(UUID_A, "assign_adapter", 0x40));
	ASSERT_EQ(0, apmachine("card %d %d", 0x40, AP_TYPE_CEX3));
	ASSERT_EQ(0, apmachine_rescan());
	EXPECT_TRUE(guest_uses(ALL));
	EXPECT_TRUE(matrix_is(UUID_A, "guest_matrix", ALL));
}

/* The guest sees by itself what has befallen its card. */
TEST_F(plug, checkstop_and_deconfiguration)
{
	ASSERT_EQ(0, apmachine("checkstop %d 1", CARD_1));
	ASSERT_EQ(0, apmachine("configured %d 0", CARD_2));
	ASSERT_EQ(0, apmachine_rescan());
	EXPECT_TRUE(guest_uses(ALL));
	EXPECT_EQ(AP_CHECKSTOPPED, found(&self->guest, CARD_1, DOMAIN_1));
	EXPECT_EQ(AP_DECONFIGURED, found(&self->guest, CARD_2, DOMAIN_1));
	/* Also a guest that starts now */
	vm_device_close(&self->guest.vm, &self->guest.dev);
	ASSERT_EQ(0, vm_device_open(&self->guest.vm, &self->guest.dev, UUID_A));
	EXPECT_TRUE(guest_uses(ALL));
	ASSERT_EQ(0, apmachine("checkstop %d 0", CARD_1));
	ASSERT_EQ(0, apmachine("configured %d 1", CARD_2));
	ASSERT_EQ(0, apmachine_rescan());
	EXPECT_TRUE(guest_uses(ALL));
	EXPECT_EQ(AP_NORMAL, found(&self->guest, CARD_1, DOMAIN_1));
}

/* P3: what is assigned to no guest follows the machine as well. */
FIXTURE(idle) {
};

FIXTURE_SETUP(idle)
{
	ASSERT_TRUE(host_start());
	ASSERT_EQ(0, host_make_matrix(UUID_A, cards, domains));
}

FIXTURE_TEARDOWN(idle)
{
	host_end();
}

TEST_F(idle, card_lost_and_regained)
{
	EXPECT_TRUE(matrix_is(UUID_A, "guest_matrix", ALL));
	ASSERT_EQ(0, apmachine("card %d 0", CARD_1));
	ASSERT_EQ(0, apmachine_rescan());
	EXPECT_TRUE(matrix_is(UUID_A, "matrix", ALL));
	EXPECT_TRUE(matrix_is(UUID_A, "guest_matrix", "04.0006 04.002f"));
	ASSERT_EQ(0, apmachine("card %d %d", CARD_1, AP_TYPE_CEX7));
	ASSERT_EQ(0, apmachine_rescan());
	EXPECT_TRUE(matrix_becomes(UUID_A, "guest_matrix", ALL));
	EXPECT_TRUE(matrix_is(UUID_A, "matrix", ALL));
}

/*
 * A14, A15: each matrix device by itself. A has card 3, B has card 4, C has
 * neither; in whatever order the driver walks them, what befalls card 3 is no
 * matter of B's guest.
 */
TEST_F(idle, others_are_left_alone)
{
	static const int b_cards[] = { CARD_3, -1 }, c_cards[] = { 0x41, -1 };
	struct apqueue before, now;
	struct guest guest;

	ASSERT_EQ(0, ap_host_mask("apmask", "-0x41"));
	ASSERT_EQ(0, host_make_matrix(UUID_B, b_cards, domains));
	ASSERT_EQ(0, host_make_matrix(UUID_C, c_cards, domains));
	ASSERT_EQ(0, guest_open(&guest, UUID_B));
	ASSERT_TRUE(guest_uses("05.0006 05.002f"));
	guest_changes(&guest);
	ASSERT_EQ(0, apmachine_queue(CARD_3, DOMAIN_1, &before));
	ASSERT_EQ(0, apmachine("card %d 0", CARD_1));
	ASSERT_EQ(0, apmachine("domain %d 0", DOMAIN_3));
	ASSERT_EQ(0, apmachine_rescan());
	EXPECT_TRUE(guest_uses("05.0006 05.002f"));
	EXPECT_EQ(0, guest_changes(&guest));
	EXPECT_TRUE(matrix_is(UUID_A, "guest_matrix", "04.0006 04.002f"));
	EXPECT_TRUE(matrix_is(UUID_B, "guest_matrix", "05.0006 05.002f"));
	ASSERT_EQ(0, apmachine("card %d %d", CARD_1, AP_TYPE_CEX7));
	ASSERT_EQ(0, apmachine_rescan());
	EXPECT_TRUE(matrix_becomes(UUID_A, "guest_matrix", ALL));
	EXPECT_TRUE(guest_uses("05.0006 05.002f"));
	EXPECT_EQ(0, guest_changes(&guest));
	ASSERT_EQ(0, apmachine_queue(CARD_3, DOMAIN_1, &now));
	EXPECT_EQ(before.zapq, now.zapq);
	guest_close(&guest);
}

int main(int argc, char **argv)
{
	return test_harness_run(argc, argv);
}
