// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the control blocks of KVM's guests say, where the machine would look,
 * see ap_test.h: the masks of adapters, domains and control domains in the
 * crypto control block (CRYCB), and the guest's interruption-state area.
 */
#include <linux/mutex.h>
#include <linux/seq_file.h>

#include "ap_test.h"

#define CRYCB_FORMAT	3
#define CRYCB_FORMAT_2	3

void ap_test_guest_masks(const struct kvm *kvm, struct kvm_s390_apcb1 *masks)
{
	const struct kvm_s390_crypto_cb *crycb = kvm->arch.crypto.crycb;

	memset(masks, 0, sizeof(*masks));
	if (!crycb)
		return;
	if ((kvm->arch.crypto.crycbd & CRYCB_FORMAT) == CRYCB_FORMAT_2) {
		*masks = crycb->apcb1;
		return;
	}
	/* 64 adapters and 16 domains */
	masks->apm[0] = crycb->apcb0.apm[0];
	masks->aqm[0] = crycb->apcb0.aqm[0];
	masks->adm[0] = crycb->apcb0.adm[0];
}

static void show_mask(struct seq_file *s, const u64 *mask)
{
	seq_printf(s, " 0x%016llx%016llx%016llx%016llx", mask[0], mask[1],
		   mask[2], mask[3]);
}

/* "PID APM AQM ADM ipm=XX iam=XX alert=XX", a line for each guest */
static void show_guest(struct seq_file *s, const struct kvm *kvm)
{
	const struct kvm_s390_gisa *gisa = kvm->arch.gisa_int.origin;
	struct kvm_s390_apcb1 masks;

	ap_test_guest_masks(kvm, &masks);
	seq_printf(s, "%d", kvm->userspace_pid);
	show_mask(s, masks.apm);
	show_mask(s, masks.aqm);
	show_mask(s, masks.adm);
	if (gisa)
		seq_printf(s, " ipm=%02x iam=%02x alert=%02x", gisa->ipm,
			   gisa->iam, kvm->arch.gisa_int.alert.mask);
	seq_putc(s, '\n');
}

int ap_test_guests_show(struct seq_file *s, void *unused)
{
	/* Without kvm.ko there are no guests; nobody unloads it meanwhile. */
	struct list_head *guests = ap_test_symbol_maybe("vm_list");
	struct mutex *lock = ap_test_symbol_maybe("kvm_lock");
	const struct kvm *kvm;

	if (!guests || !lock)
		return 0;
	mutex_lock(lock);
	list_for_each_entry(kvm, guests, vm_list)
		show_guest(s, kvm);
	mutex_unlock(lock);
	return 0;
}
