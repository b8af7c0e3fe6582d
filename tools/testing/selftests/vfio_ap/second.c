// SPDX-License-Identifier: GPL-2.0
/*
 * B1: a second matrix device for the same guest is refused, and nothing of it
 * stays when it goes: the guest's AQIC still finds the first. To see it fail, set
 * KVM's hook before looking whether there is one already.
 *
 * A driver that fails this may well not survive it: a program of its own.
 */
#include <errno.h>

#include "kselftest_harness.h"

#include "host.h"

FIXTURE(second) {
	struct guest guest;
};

FIXTURE_SETUP(second)
{
	static const int first[] = { CARD_1, -1 }, other[] = { CARD_2, -1 };
	static const int domains[] = { DOMAIN_1, -1 };

	ASSERT_TRUE(host_start());
	ASSERT_EQ(0, host_make_matrix(UUID_A, first, domains));
	ASSERT_EQ(0, host_make_matrix(UUID_B, other, domains));
	ASSERT_EQ(0, guest_open(&self->guest, UUID_A));
}

FIXTURE_TEARDOWN(second)
{
	guest_close(&self->guest);
	host_end();
}

TEST_F(second, is_refused_and_leaves_nothing)
{
	struct ap_result result;
	struct vm_device second;
	int i;

	for (i = 0; i < 3; i++) {
		EXPECT_EQ(-EPERM, vm_device_open(&self->guest.vm, &second, UUID_B));
		EXPECT_TRUE(guest_uses("03.0006"));
	}
	ASSERT_EQ(0, matrix_remove(UUID_B));
	ASSERT_EQ(0, vm_pqap(&self->guest.vm, PQAP_RAPQ, CARD_1, DOMAIN_1, 0, 0, &result));
	ASSERT_EQ(0, vm_aqic_enable(&self->guest.vm, CARD_1, DOMAIN_1, 3, VM_FREE, &result));
	EXPECT_EQ(0x81000000, result.gr1);
}

int main(int argc, char **argv)
{
	return test_harness_run(argc, argv);
}
