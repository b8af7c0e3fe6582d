/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A notification-indicator byte (NIB) in guest memory and the guest's
 * interruption subclass that goes with it: held for a queue that signals them.
 */
#ifndef VFIO_AP_NIB_H
#define VFIO_AP_NIB_H

#include <linux/list.h>
#include <linux/types.h>

#include <asm/ap.h>

struct kvm_vcpu;
struct page;
struct vfio_ap_mdev;

/**
 * enum vfio_ap_irq_state - who may release a notification byte
 * @VFIO_AP_IRQ_NEW: the thread that sets it up
 * @VFIO_AP_IRQ_STALE: the same, and it must: its memory goes away
 * @VFIO_AP_IRQ_USED: nobody: it is a queue's
 * @VFIO_AP_IRQ_FADING: nobody: the queue is being reset since
 * @VFIO_AP_IRQ_OFF: reclaim, when the queue does not signal it any more, or goes
 *	on for too long
 * @VFIO_AP_IRQ_RELEASED: somebody is about to
 * @VFIO_AP_IRQ_KEPT: it was: the guest does without, but the queue may still
 *	signal it
 */
enum vfio_ap_irq_state {
	VFIO_AP_IRQ_NEW,
	VFIO_AP_IRQ_STALE,
	VFIO_AP_IRQ_USED,
	VFIO_AP_IRQ_FADING,
	VFIO_AP_IRQ_OFF,
	VFIO_AP_IRQ_RELEASED,
	VFIO_AP_IRQ_KEPT,
};

/**
 * struct vfio_ap_irq - a notification byte
 * @entry: in the guest's list, until it is released
 * @older: in the queue's list, from when it is not the queue's any more until it
 *	is @quiet
 * @state: who may release it; guarded by vfio_ap_irq_lock
 * @quiet: no queue signals it; set under vfio_ap_irq_lock, and then it stays so
 * @off: the machine's last answer to switching interrupts off for it
 * @looks: how often it was looked after that
 * @next_look: when to look again, in jiffies
 * @mdev: device of the guest, until it is released
 * @kvm: the guest
 * @apqn: the queue
 * @address: of the byte, in the guest
 * @page: the host's page with it, pinned
 * @gisc: the guest's interruption subclass
 * @nisc: that of the host which goes with it
 */
struct vfio_ap_irq {
	struct list_head entry;
	struct list_head older;
	enum vfio_ap_irq_state state;
	bool quiet;
	struct ap_queue_status off;
	unsigned int looks;
	unsigned long next_look;
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
