// SPDX-License-Identifier: GPL-2.0
/*
 * Each allocation, each copy and each pin that bind, create, open, the attributes
 * and PQAP(AQIC) need, failed in turn: whoever asked is told why, nothing is lost,
 * and the next try succeeds. That nothing leaks is the host's to say (kmemleak), and
 * the container's, which counts the pages that are pinned.
 *
 * To see them fail: leave out an unpin, an unregistration or a free on one of the
 * error paths of vfio_ap_nib.c, vfio_ap_aqic.c, vfio_ap_queue.c, vfio_ap_drv.c or
 * vfio_ap_ops.c.
 */
#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include "kselftest_harness.h"

#include "fault.h"
#include "host.h"
#include "locked.h"
#include "machine.h"

#define NIB	VM_FREE
#define ISC	3
#define PAGE	4096

static const int cards[] = { CARD_1, -1 }, domains[] = { DOMAIN_1, -1 };

FIXTURE(fault) {
	struct guest guest;
	struct ap_result result;
	char text[64];
};

FIXTURE_SETUP(fault)
{
	int ret = fault_prepare();

	if (ret == -ENOENT)
		SKIP(return, "the kernel has no fault injection");
	ASSERT_EQ(0, ret);
	ASSERT_TRUE(host_start());
}

FIXTURE_TEARDOWN(fault)
{
	host_end();
}

/* A probe that fails leaves nothing that is in the way of the next. */
TEST_F_TIMEOUT(fault, bind, 600)
{
	unsigned int nth, failed = 0;
	bool reached = true;
	int ret;

	for (nth = 1; reached; nth++) {
		ASSERT_EQ(0, ap_queue_unbind(CARD_1, DOMAIN_1));
		fault_arm(nth);
		ret = ap_queue_bind(CARD_1, DOMAIN_1, "vfio_ap");
		reached = fault_disarm();
		ASSERT_EQ(ret ? -ENOENT : 0,
			  ap_queue_read(CARD_1, DOMAIN_1, "status", self->text,
					sizeof(self->text)))
			TH_LOG("fault %u: %s", nth, strerror(-ret));
		if (!ret)
			continue;
		ASSERT_TRUE(reached && is_fault(ret))
			TH_LOG("fault %u: %s", nth, strerror(-ret));
		failed++;
		ASSERT_EQ(0, ap_queue_bind(CARD_1, DOMAIN_1, "vfio_ap"))
			TH_LOG("after fault %u", nth);
	}
	TH_LOG("%u of %u faults failed it", failed, nth - 2);
	EXPECT_LE(5, failed);
	EXPECT_TRUE(host_status_becomes(CARD_1, DOMAIN_1, "unassigned"));
}

/*
 * It always fails, in the end because the device cannot be registered: the VFIO
 * core warns of itself when an allocation of its own fails there.
 */
TEST_F_TIMEOUT(fault, create, 600)
{
	unsigned int nth, failed = 0;
	bool reached = true;
	int ret;

	ret = machine_load();
	if (ret == -ENOENT)
		SKIP(return, "there is no cio_test.ko");
	ASSERT_EQ(0, ret);
	ASSERT_EQ(0, machine_answer("vfio_register_emulated_iommu_dev", -ENOMEM, 1000000));
	for (nth = 1; reached; nth++) {
		fault_arm(nth);
		ret = matrix_create(UUID_A);
		reached = fault_disarm();
		ASSERT_TRUE(is_fault(ret))
			TH_LOG("fault %u: %s", nth, strerror(-ret));
		ASSERT_EQ(0, sysfs_read(MATRIX_TYPE "/available_instances", self->text,
					sizeof(self->text)));
		ASSERT_STREQ("65536", self->text)
			TH_LOG("after fault %u", nth);
		ASSERT_FALSE(sysfs_exists(MATRIX "/" UUID_A));
		failed++;
	}
	ASSERT_LE(1, machine_answered());
	ASSERT_EQ(0, machine_unload());
	TH_LOG("%u of %u faults failed it", failed - 1, nth - 2);
	EXPECT_LE(20, failed);
	EXPECT_EQ(0, matrix_create(UUID_A));
}

/* All or nothing: what failed has changed nothing. */
TEST_F_TIMEOUT(fault, assign, 600)
{
	static const struct {
		const char *attribute;
		const char *value;
		const char *config;	/* before */
		const char *before;
		const char *after;
	} steps[] = {
		{ "assign_adapter", "3", "0x0,0x0,0x0", "", "03." },
		{ "assign_domain", "6", "0x10,0x0,0x0", "03.", "03.0006" },
		{ "assign_control_domain", "6", "0x10,0x0,0x0", "03.", "03." },
		{ "unassign_domain", "6", "0x10,0x02,0x0", "03.0006", "03." },
		{ "unassign_adapter", "3", "0x10,0x0,0x0", "03.", "" },
		{ "ap_config", "0x10,0x02,0x02", "0x0,0x0,0x0", "", "03.0006" },
		{ "ap_config", "0x0,0x0,0x0", "0x10,0x02,0x02", "03.0006", "" },
	};
	unsigned int nth, failed = 0, i;
	bool reached;
	int ret;

	ASSERT_EQ(0, matrix_create(UUID_A));
	for (i = 0; i < ARRAY_SIZE(steps); i++) {
		reached = true;
		for (nth = 1; reached; nth++) {
			ASSERT_EQ(0, matrix_write(UUID_A, "ap_config", steps[i].config));
			fault_arm(nth);
			ret = matrix_write(UUID_A, steps[i].attribute, steps[i].value);
			reached = fault_disarm();
			ASSERT_TRUE(!ret || (reached && is_fault(ret)))
				TH_LOG("%s, fault %u: %s", steps[i].attribute, nth,
				       strerror(-ret));
			ASSERT_TRUE(matrix_is(UUID_A, "matrix", ret ? steps[i].before :
								      steps[i].after));
			failed += !!ret;
		}
	}
	ASSERT_EQ(0, matrix_write(UUID_A, "ap_config", "0x0,0x0,0x0"));
	TH_LOG("%u faults failed it", failed);
	EXPECT_LE(2 * ARRAY_SIZE(steps), failed);
	EXPECT_TRUE(host_status_becomes(CARD_1, DOMAIN_1, "unassigned"));
}

/* From the group to the device, with KVM told of it: a guest has all or nothing. */
TEST_F_TIMEOUT(fault, open, 600)
{
	unsigned int nth, failed = 0;
	bool reached = true;
	int ret;

	ASSERT_EQ(0, host_make_matrix(UUID_A, cards, domains));
	for (nth = 1; reached; nth++) {
		ASSERT_EQ(0, vm_open(&self->guest.vm));
		fault_arm(nth);
		ret = vm_device_open(&self->guest.vm, &self->guest.dev, UUID_A);
		reached = fault_disarm();
		ASSERT_TRUE(!ret || (reached && is_fault(ret)))
			TH_LOG("fault %u: %s", nth, strerror(-ret));
		ASSERT_TRUE(guest_uses(ret ? "" : "03.0006"))
			TH_LOG("after fault %u", nth);
		if (ret)
			failed++;
		else
			vm_device_close(&self->guest.vm, &self->guest.dev);
		vm_close(&self->guest.vm);
		munmap(self->guest.vm.storage, VM_SIZE);
		ASSERT_TRUE(host_status_becomes(CARD_1, DOMAIN_1, "assigned"));
	}
	TH_LOG("%u of %u faults failed it", failed, nth - 2);
	EXPECT_LE(10, failed);
	ASSERT_EQ(0, guest_open(&self->guest, UUID_A));
	EXPECT_TRUE(guest_uses("03.0006"));
	guest_close(&self->guest);
}

/* The guest is told, or has its interrupts. */
TEST_F_TIMEOUT(fault, interrupts, 600)
{
	struct vm *vm = &self->guest.vm;
	unsigned int nth, failed = 0;
	bool reached = true;
	int ret;

	ASSERT_EQ(0, host_make_matrix(UUID_A, cards, domains));
	ASSERT_EQ(0, guest_open(&self->guest, UUID_A));
	ASSERT_EQ(0, vm_pqap(vm, PQAP_RAPQ, CARD_1, DOMAIN_1, 0, 0, &self->result));
	for (nth = 1; reached; nth++) {
		/* The page has to be had anew, too. */
		ASSERT_EQ(0, madvise(vm->storage + NIB, PAGE, MADV_DONTNEED));
		fault_arm(nth);
		ret = vm_aqic_enable(vm, CARD_1, DOMAIN_1, ISC, NIB, &self->result);
		reached = fault_disarm();
		if (!ret && self->result.rc == AP_NORMAL) {
			ASSERT_TRUE(guest_pinned(1));
			ASSERT_EQ(0x80 >> ISC, guest_subclasses());
			ASSERT_EQ(0, vm_aqic_disable(vm, CARD_1, DOMAIN_1, &self->result));
			ASSERT_EQ(0, self->result.rc);
		} else {
			ASSERT_TRUE(reached && (is_fault(ret) ||
						self->result.rc == AP_INVALID_ADDRESS ||
						self->result.rc == AP_BUSY))
				TH_LOG("fault %u: %s, code %02x", nth, strerror(-ret),
				       self->result.rc);
			failed++;
		}
		ASSERT_TRUE(guest_pinned(0));
		ASSERT_EQ(0, guest_subclasses());
	}
	TH_LOG("%u of %u faults failed it", failed, nth - 2);
	EXPECT_LE(2, failed);
	guest_close(&self->guest);
}

/* What may be locked counts each page that is pinned. */
TEST_F_TIMEOUT(fault, pin, 300)
{
	struct vm *vm = &self->guest.vm;
	struct rlimit limit, old;

	/* The container looks at the capability when storage is mapped. */
	ASSERT_EQ(0, locked_obey_limit());
	ASSERT_EQ(0, host_make_matrix(UUID_A, cards, domains));
	ASSERT_EQ(0, guest_open(&self->guest, UUID_A));
	ASSERT_EQ(0, vm_pqap(vm, PQAP_RAPQ, CARD_1, DOMAIN_1, 0, 0, &self->result));
	ASSERT_EQ(0, getrlimit(RLIMIT_MEMLOCK, &old));
	limit = old;
	limit.rlim_cur = 0;
	ASSERT_EQ(0, setrlimit(RLIMIT_MEMLOCK, &limit));
	ASSERT_EQ(0, vm_aqic_enable(vm, CARD_1, DOMAIN_1, ISC, NIB, &self->result));
	EXPECT_EQ(0x00060000, self->result.gr1);
	EXPECT_TRUE(guest_pinned(0));
	EXPECT_EQ(0, guest_subclasses());
	limit.rlim_cur = PAGE;
	ASSERT_EQ(0, setrlimit(RLIMIT_MEMLOCK, &limit));
	ASSERT_EQ(0, vm_aqic_enable(vm, CARD_1, DOMAIN_1, ISC, NIB, &self->result));
	EXPECT_EQ(0x81000000, self->result.gr1);
	EXPECT_TRUE(guest_pinned(1));
	ASSERT_EQ(0, setrlimit(RLIMIT_MEMLOCK, &old));
	guest_close(&self->guest);
}

int main(int argc, char **argv)
{
	return test_harness_run(argc, argv);
}
