// SPDX-License-Identifier: GPL-2.0
/*
 * Notification bytes: pinned, registered, and given back.
 *
 * Two holds of different length: the guest's, a pinned page and a registered
 * interruption subclass, which the guest takes back when it likes; and, only if
 * a queue may still signal, the memory behind them, so that it does not become
 * somebody else's.
 */
#include <linux/iommu.h>
#include <linux/kvm_host.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/vfio.h>

#include <asm/uv.h>

#include "vfio_ap_device.h"
#include "vfio_ap_nib.h"

static bool is_guest_memory(struct kvm_vcpu *vcpu, u64 address)
{
	/* KVM holds its SRCU lock around an interception. */
	return search_memslots(kvm_memslots(vcpu->kvm), address >> PAGE_SHIFT,
			       false);
}

/*
 * A protected guest must have shared the page.  Pinning it has made it readable
 * for the host one way or the other; if it is not shared, the guest gets it back
 * as it was when it touches it.
 */
static bool is_shared(struct vfio_ap_irq *irq, struct kvm_vcpu *vcpu)
{
	return !kvm_s390_pv_cpu_is_protected(vcpu) ||
	       !uv_pin_shared(page_to_phys(irq->page));
}

/**
 * vfio_ap_nib_hold() - Get hold of a notification byte.
 * @irq: which one, for which subclass of the guest
 * @vcpu: who asks for it, in an interception
 *
 * Context: Process context, without a lock of ours.
 * Return: Whether the byte can be used; if so, vfio_ap_nib_release() follows.
 */
bool vfio_ap_nib_hold(struct vfio_ap_irq *irq, struct kvm_vcpu *vcpu)
{
	const u64 iova = irq->address & PAGE_MASK;
	int nisc;

	if (!irq->address || !is_guest_memory(vcpu, irq->address))
		return false;
	if (vfio_pin_pages(&irq->mdev->vdev, iova, 1, IOMMU_READ | IOMMU_WRITE,
			   &irq->page) != 1)
		return false;
	if (!is_shared(irq, vcpu))
		goto unpin;
	nisc = kvm_s390_gisc_register(irq->kvm, irq->gisc);
	if (nisc < 0)
		goto unpin;
	irq->nisc = nisc;
	return true;

unpin:
	vfio_unpin_pages(&irq->mdev->vdev, iova, 1);
	return false;
}

/**
 * vfio_ap_nib_release() - Give a notification byte back to the guest.
 * @irq: which one
 *
 * Context: Process context, without a lock of ours.
 */
void vfio_ap_nib_release(struct vfio_ap_irq *irq)
{
	kvm_s390_gisc_unregister(irq->kvm, irq->gisc);
	vfio_unpin_pages(&irq->mdev->vdev, irq->address & PAGE_MASK, 1);
}

/**
 * vfio_ap_nib_keep() - Keep the memory of a byte that a queue may still signal.
 * @irq: which one; about to be released
 */
void vfio_ap_nib_keep(struct vfio_ap_irq *irq)
{
	get_page(irq->page);
	kvm_get_kvm(irq->kvm);
}

/**
 * vfio_ap_nib_forget() - Let go of memory that was kept.
 * @irq: which byte it was; freed
 */
void vfio_ap_nib_forget(struct vfio_ap_irq *irq)
{
	put_page(irq->page);
	kvm_put_kvm(irq->kvm);
	kfree(irq);
}
