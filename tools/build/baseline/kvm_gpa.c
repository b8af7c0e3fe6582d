// SPDX-License-Identifier: GPL-2.0
/*
 * kvm.ko exports this to vfio_ap, but only if the kernel was configured to have
 * it, which Debian's is not.  For the baseline alone.
 */
#include <linux/kvm_host.h>

bool kvm_s390_is_gpa_in_memslot(struct kvm *kvm, gpa_t gpa)
{
	const struct kvm_memory_slot *slot =
		search_memslots(kvm_memslots(kvm), gpa_to_gfn(gpa), false);

	return slot && !(slot->flags & KVM_MEMSLOT_INVALID);
}
