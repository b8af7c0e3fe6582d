/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A notification-indicator byte (NIB) in guest memory and the guest's
 * interruption subclass that goes with it: held for a queue that signals them.
 */
#ifndef VFIO_AP_NIB_H
#define VFIO_AP_NIB_H

#include <linux/list.h>
#include <linux/types.h>

struct kvm_vcpu;
struct page;
struct vfio_ap_mdev;
struct vfio_ap_queue;

/**
 * enum vfio_ap_irq_state - who may release a notification byte
 * @VFIO_AP_IRQ_NEW: the thread that sets it up
 * @VFIO_AP_IRQ_STALE: the same, and it must: its memory goes away
 * @VFIO_AP_IRQ_USED: nobody: it is a queue's
 * @VFIO_AP_IRQ_OFF: reclaim, when it has switched the queue's interrupts off
 * @VFIO_AP_IRQ_QUIET: reclaim; the queue does not signal it any more
 * @VFIO_AP_IRQ_NOISY: reclaim; the queue may still signal it
 * @VFIO_AP_IRQ_RELEASED: somebody is about to
 */
enum vfio_ap_irq_state {
	VFIO_AP_IRQ_NEW,
	VFIO_AP_IRQ_STALE,
	VFIO_AP_IRQ_USED,
	VFIO_AP_IRQ_OFF,
	VFIO_AP_IRQ_QUIET,
	VFIO_AP_IRQ_NOISY,
	VFIO_AP_IRQ_RELEASED,
};

/**
 * struct vfio_ap_irq - a notification byte
 * @entry: in the guest's list, or, when released, the queue's limbo
 * @state: who may release it; guarded by vfio_ap_irq_lock
 * @mdev: device of the guest
 * @kvm: the guest
 * @apqn: the queue
 * @address: of the byte, in the guest
 * @page: the host's page with it, pinned
 * @gisc: the guest's interruption subclass
 * @nisc: that of the host which goes with it
 */
struct vfio_ap_irq {
	struct list_head entry;
	enum vfio_ap_irq_state state;
	struct vfio_ap_mdev *mdev;
	struct kvm *kvm;
	u16 apqn;
	u64 address;
	struct page *page;
	u8 gisc;
	u8 nisc;
};

bool vfio_ap_nib_hold(struct vfio_ap_irq *irq, struct kvm_vcpu *vcpu);
void vfio_ap_nib_release(struct vfio_ap_irq *irq);
void vfio_ap_nib_keep(struct vfio_ap_irq *irq);
void vfio_ap_nib_forget(struct vfio_ap_irq *irq);

#endif
