// SPDX-License-Identifier: GPL-2.0
/*
 * PQAP(AQIC) of a guest: interrupts of a queue switched on or off.  It goes to
 * the machine in the guest's place, with addresses of the host, and what the
 * machine answers is what the guest gets.
 */
#include <linux/delay.h>
#include <linux/jiffies.h>
#include <linux/kvm_host.h>
#include <linux/mm.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>

#include <asm/ap.h>

#include "vfio_ap_aqic.h"
#include "vfio_ap_codes.h"
#include "vfio_ap_device.h"
#include "vfio_ap_host.h"
#include "vfio_ap_irq.h"
#include "vfio_ap_note.h"
#include "vfio_ap_queue.h"

/*
 * The container tells that memory is about to go, not when it has gone: for so
 * long nothing is pinned, or it would find it pinned again, and it does not look
 * often.
 */
#define GRACE		(HZ / 20)
#define GRACE_LOOK_MS	20

/* With vfio_ap_irq_lock held: the queue, if the guest has it. */
static struct vfio_ap_queue *queue_of(struct vfio_ap_mdev *mdev, u16 apqn)
{
	if (!vfio_ap_matrix_has(&mdev->guest, apqn))
		return NULL;
	return xa_load(&vfio_ap_queues, apqn);
}

static struct ap_queue_status refusal(u8 code)
{
	return (struct ap_queue_status) { .response_code = code };
}

static struct ap_queue_status disable(struct vfio_ap_mdev *mdev, u16 apqn)
{
	struct vfio_ap_queue *queue;
	struct vfio_ap_irq *irq;

	scoped_guard(mutex, &vfio_ap_irq_lock) {
		queue = queue_of(mdev, apqn);
		if (!queue)
			return refusal(VFIO_AP_NOT_AVAILABLE);
		irq = vfio_ap_irq_take(queue, VFIO_AP_IRQ_RELEASED);
		if (!irq)
			return vfio_ap_irq_switch_off(apqn);
		vfio_ap_irq_get_off(irq);
	}
	return vfio_ap_irq_let_go(irq);
}

/*
 * Put a new byte into the guest's list, unless the guest does not have the queue.
 * Memory may be about to go: wait for that to be over.
 */
static bool announce(struct vfio_ap_irq *irq)
{
	struct vfio_ap_irqs *irqs = &irq->mdev->irqs;

	for (;;) {
		scoped_guard(mutex, &vfio_ap_irq_lock) {
			if (!queue_of(irq->mdev, irq->apqn))
				return false;
			if (time_after_eq(jiffies, irqs->unmapped + GRACE) ||
			    fatal_signal_pending(current)) {
				list_add_tail(&irq->entry, &irqs->list);
				return true;
			}
		}
		msleep(GRACE_LOOK_MS);
	}
}

static void withdraw(struct vfio_ap_irq *irq)
{
	scoped_guard(mutex, &vfio_ap_irq_lock) {
		list_del(&irq->entry);
		irq->mdev->irqs.left++;
		wake_up_all(&irq->mdev->irqs.changed);
	}
	kfree(irq);
}

/**
 * struct outcome - what came of an attempt to switch interrupts on
 * @status: the answer
 * @spare: notification bytes to be let go, or NULL: the new one if the queue does
 *	not have it, that which the queue had if it has not any more
 */
struct outcome {
	struct ap_queue_status status;
	struct vfio_ap_irq *spare[2];
};

/* Have a queue signal the byte, in the guest's place. */
static struct outcome switch_on(struct vfio_ap_irq *irq)
{
	union ap_qirq_ctrl control = {
		.ir = 1,
		.gisc = irq->gisc,
		.isc = irq->nisc,
		.gisa = virt_to_phys(irq->kvm->arch.gisa_int.origin) >> 4,
	};
	phys_addr_t address = page_to_phys(irq->page) +
			      offset_in_page(irq->address);
	struct outcome outcome = { .spare = { irq } };
	struct vfio_ap_queue *queue;
	bool stale;

	guard(mutex)(&vfio_ap_irq_lock);
	stale = irq->state == VFIO_AP_IRQ_STALE;
	irq->state = VFIO_AP_IRQ_RELEASED;
	queue = queue_of(irq->mdev, irq->apqn);
	if (!queue || stale) {
		outcome.status = refusal(queue ? VFIO_AP_INVALID_ADDRESS :
						 VFIO_AP_NOT_AVAILABLE);
		return outcome;
	}

	outcome.status = ap_aqic(irq->apqn, control, address);
	switch (vfio_ap_after_enable(outcome.status.response_code)) {
	case VFIO_AP_ENABLE_NEW:
		outcome.spare[0] = vfio_ap_irq_take(queue, VFIO_AP_IRQ_RELEASED);
		vfio_ap_irq_silence(queue);
		irq->state = VFIO_AP_IRQ_USED;
		irq->quiet = false;
		queue->irq = irq;
		break;
	case VFIO_AP_ENABLE_OLD:
		break;
	case VFIO_AP_ENABLE_NONE:
		outcome.spare[1] = vfio_ap_irq_take(queue, VFIO_AP_IRQ_RELEASED);
		irq->quiet = false;
		list_add_tail(&irq->older, &queue->older);
		vfio_ap_irq_get_off(irq);
		break;
	}
	return outcome;
}

static struct ap_queue_status enable(struct vfio_ap_mdev *mdev, u16 apqn,
				     struct kvm_vcpu *vcpu, u64 address, u8 gisc)
{
	struct vfio_ap_irq *irq;
	struct outcome outcome;

	irq = kzalloc(sizeof(*irq), GFP_KERNEL_ACCOUNT);
	if (!irq)
		return refusal(VFIO_AP_BUSY);
	irq->mdev = mdev;
	irq->kvm = vcpu->kvm;
	irq->apqn = apqn;
	irq->address = address;
	irq->gisc = gisc;
	irq->quiet = true;
	INIT_LIST_HEAD(&irq->older);

	if (!announce(irq)) {
		kfree(irq);
		return refusal(VFIO_AP_NOT_AVAILABLE);
	}
	if (!vfio_ap_nib_hold(irq, vcpu)) {
		withdraw(irq);
		return refusal(VFIO_AP_INVALID_ADDRESS);
	}

	outcome = switch_on(irq);
	for (int i = 0; i < 2; i++) {
		if (outcome.spare[i])
			vfio_ap_irq_let_go(outcome.spare[i]);
	}
	return outcome.status;
}

/**
 * vfio_ap_aqic_intercept() - PQAP(AQIC) of a guest.
 * @vcpu: the virtual CPU; its registers get the answer
 *
 * Context: KVM holds the hook's semaphore for reading, and its SRCU lock.
 * Return: 0, or -EOPNOTSUPP if the guest is not to have such interrupts.
 */
int vfio_ap_aqic_intercept(struct kvm_vcpu *vcpu)
{
	struct vfio_ap_mdev *mdev = container_of(vcpu->kvm->arch.crypto.pqap_hook,
						 struct vfio_ap_mdev, hook);
	u64 *gprs = vcpu->run->s.regs.gprs;
	union ap_qirq_ctrl control = { .value = gprs[1] };
	union ap_queue_status_reg answer = {};
	u16 apqn = gprs[0];

	if (!(vcpu->arch.sie_block->eca & ECA_AIV))
		return -EOPNOTSUPP;

	if (control.ir)
		answer.status = enable(mdev, apqn, vcpu, gprs[2], control.isc);
	else
		answer.status = disable(mdev, apqn);
	vfio_ap_note_aqic(apqn, control.ir, control.isc, gprs[2],
			  answer.status.response_code);
	gprs[1] = answer.value;
	return 0;
}
