// SPDX-License-Identifier: GPL-2.0
/*
 * What a guest has: of what was assigned to it, what the host has too, and of
 * that the adapters all of whose queues can be used.
 *
 * Whatever changes one of these calls for an update; there the guest's masks are
 * written, before anything else is done with the queues that it loses, and it is
 * told.
 */
#include <linux/jiffies.h>
#include <linux/kvm_host.h>
#include <linux/lockdep.h>
#include <linux/string.h>

#include "vfio_ap_codes.h"
#include "vfio_ap_device.h"
#include "vfio_ap_guest.h"
#include "vfio_ap_host.h"
#include "vfio_ap_irq.h"
#include "vfio_ap_note.h"
#include "vfio_ap_queue.h"

static void queue_leaves(u16 apqn, void *context)
{
	struct vfio_ap_queue *queue = xa_load(&vfio_ap_queues, apqn);

	if (queue)
		vfio_ap_queue_reset(queue, true);
}

static void write_masks(struct vfio_ap_mdev *mdev)
{
	struct vfio_ap_matrix *guest = &mdev->guest;

	guard(mutex)(&mdev->kvm->lock);
	kvm_arch_crypto_set_masks(mdev->kvm, guest->adapters.word,
				  guest->domains.word, guest->controls.word);
}

/* Update, with all queues of @known known to be usable. */
static void update(struct vfio_ap_mdev *mdev, const struct vfio_ap_matrix *known,
		   struct vfio_ap_change *change)
{
	lockdep_assert_held(&vfio_ap_lock);

	change->before = mdev->guest;
	change->after = *known;
	if (mdev->leaving)
		memset(&change->after, 0, sizeof(change->after));
	else
		vfio_ap_matrix_filter(&change->after, &mdev->assigned,
				      &vfio_ap_host, vfio_ap_queue_usable);
	if (vfio_ap_matrix_equal(&change->before, &change->after))
		return;

	scoped_guard(mutex, &vfio_ap_irq_lock)
		mdev->guest = change->after;
	vfio_ap_note_guest(mdev);
	if (mdev->kvm) {
		write_masks(mdev);
		vfio_trigger_signal(&mdev->trigger[VFIO_AP_CFG_CHG_IRQ_INDEX]);
	}
	vfio_ap_matrix_leaving(&change->before, &change->after, queue_leaves,
			       NULL);
}

/**
 * vfio_ap_guest_update() - Give a guest what it can have, and no more.
 * @mdev: its device; what was assigned to it has changed, or what the host has
 * @change: what came of it, for vfio_ap_guest_settle()
 *
 * Queues that leave begin to be reset.
 *
 * Context: vfio_ap_lock is held; takes kvm->lock.
 */
void vfio_ap_guest_update(struct vfio_ap_mdev *mdev,
			  struct vfio_ap_change *change)
{
	update(mdev, &mdev->guest, change);
}

/**
 * vfio_ap_guest_update_all() - The same for all guests.
 *
 * Context: vfio_ap_lock is held; takes kvm->lock of each.
 */
void vfio_ap_guest_update_all(void)
{
	struct vfio_ap_change change;
	struct vfio_ap_mdev *mdev;

	list_for_each_entry(mdev, &vfio_ap_mdevs, entry)
		vfio_ap_guest_update(mdev, &change);
}

/**
 * vfio_ap_guest_recheck() - A queue has become usable, or is usable no more.
 * @apqn: the queue
 *
 * Context: vfio_ap_lock is held; takes kvm->lock of the guest it is assigned to.
 */
void vfio_ap_guest_recheck(u16 apqn)
{
	struct vfio_ap_mdev *mdev = vfio_ap_owner(apqn);
	struct vfio_ap_matrix known;
	struct vfio_ap_change change;

	if (!mdev)
		return;
	known = mdev->guest;
	vfio_ap_mask_drop(&known.adapters, vfio_ap_adapter_of(apqn));
	update(mdev, &known, &change);
}

static void wait_left(u16 apqn, void *context)
{
	const unsigned long *until = context;

	vfio_ap_queue_wait(apqn, *until);
}

/**
 * vfio_ap_guest_settle() - Wait until queues that left a guest are zeroized.
 * @change: what vfio_ap_guest_update() did
 *
 * Context: No lock of ours is held; for VFIO_AP_RESET_PATIENCE at most.
 */
void vfio_ap_guest_settle(const struct vfio_ap_change *change)
{
	unsigned long until = jiffies + VFIO_AP_RESET_PATIENCE;

	vfio_ap_matrix_leaving(&change->before, &change->after, wait_left,
			       &until);
}

/**
 * vfio_ap_guest_wait() - Wait until a queue that has come can be used.
 * @apqn: the queue
 * @until: until then at most, in jiffies
 *
 * That is until it is reset and, if it is assigned, the other queues of its
 * adapter, too.
 *
 * Context: No lock of ours is held.
 */
void vfio_ap_guest_wait(u16 apqn, unsigned long until)
{
	struct vfio_ap_matrix adapter = {};
	struct vfio_ap_mdev *mdev;

	scoped_guard(mutex, &vfio_ap_lock) {
		mdev = vfio_ap_owner(apqn);
		if (mdev)
			adapter.domains = mdev->assigned.domains;
	}
	vfio_ap_mask_add(&adapter.domains, vfio_ap_domain_of(apqn));
	vfio_ap_mask_add(&adapter.adapters, vfio_ap_adapter_of(apqn));
	vfio_ap_queue_wait_all(&adapter, until);
}

/**
 * vfio_ap_guest_reset() - Reset all queues that were assigned to a guest.
 * @mdev: its device
 *
 * A queue that does not get through its reset leaves the guest, with its adapter,
 * until it does.
 *
 * Context: No lock of ours is held; waits for VFIO_AP_RESET_PATIENCE at most.
 * Return: 0, or -EIO if a queue could not be zeroized.  One that went when it was
 *	is no error: nothing is left in it.
 */
int vfio_ap_guest_reset(struct vfio_ap_mdev *mdev)
{
	struct vfio_ap_matrix assigned;
	struct vfio_ap_queue *queue;
	unsigned long apqn;
	int ret = 0;

	scoped_guard(mutex, &vfio_ap_lock) {
		assigned = mdev->assigned;
		xa_for_each(&vfio_ap_queues, apqn, queue) {
			if (vfio_ap_matrix_has(&assigned, apqn))
				vfio_ap_queue_reset(queue, false);
		}
	}
	vfio_ap_queue_wait_all(&assigned, jiffies + VFIO_AP_RESET_PATIENCE);

	guard(mutex)(&vfio_ap_lock);
	xa_for_each(&vfio_ap_queues, apqn, queue) {
		if (!vfio_ap_matrix_has(&assigned, apqn))
			continue;
		if (queue->running) {
			queue->result = VFIO_AP_UNVERIFIED;
			vfio_ap_guest_recheck(apqn);
		}
		if (!vfio_ap_queue_zeroized(queue))
			ret = -EIO;
	}
	return ret;
}

/* Have KVM call us for PQAP(AQIC): one device for each guest. */
static int set_hook(struct vfio_ap_mdev *mdev, struct kvm *kvm)
{
	struct kvm_s390_crypto *crypto = &kvm->arch.crypto;

	guard(rwsem_write)(&crypto->pqap_hook_rwsem);
	if (crypto->pqap_hook)
		return -EPERM;
	crypto->pqap_hook = &mdev->hook;
	return 0;
}

static void clear_hook(struct kvm *kvm)
{
	guard(rwsem_write)(&kvm->arch.crypto.pqap_hook_rwsem);
	kvm->arch.crypto.pqap_hook = NULL;
}

/**
 * vfio_ap_guest_open() - Give a guest what was assigned to it.
 * @mdev: the device, just opened
 *
 * Context: Called by the VFIO core, which holds a reference to the guest until
 *	it is closed.  The hook's semaphore is not taken under vfio_ap_lock: a
 *	guest can make others wait for it.
 * Return: 0; -EINVAL if there is no guest; -EPERM if it has such a device.
 */
int vfio_ap_guest_open(struct vfio_ap_mdev *mdev)
{
	struct kvm *kvm = mdev->vdev.kvm;
	struct vfio_ap_change change;
	int ret;

	if (!kvm)
		return -EINVAL;
	/* A guest without crypto has nothing that could be passed to it. */
	if (!kvm->arch.crypto.crycbd)
		return 0;
	ret = set_hook(mdev, kvm);
	if (ret)
		return ret;

	guard(mutex)(&vfio_ap_lock);
	mdev->leaving = false;
	vfio_ap_guest_update(mdev, &change);
	mdev->kvm = kvm;
	write_masks(mdev);
	vfio_ap_note_open(mdev, true);
	return 0;
}

/**
 * vfio_ap_guest_close() - Take everything from a guest.
 * @mdev: its device, about to be closed
 *
 * Context: Called by the VFIO core, without a lock of ours.  Waits for resets,
 *	for VFIO_AP_RESET_PATIENCE at most.
 */
void vfio_ap_guest_close(struct vfio_ap_mdev *mdev)
{
	struct kvm *kvm = mdev->kvm;
	struct vfio_ap_change change;

	if (!kvm)
		return;
	clear_hook(kvm);
	scoped_guard(mutex, &vfio_ap_lock) {
		scoped_guard(mutex, &kvm->lock)
			kvm_arch_crypto_clear_masks(kvm);
		mdev->kvm = NULL;
		mdev->leaving = false;
		vfio_ap_guest_update(mdev, &change);
		vfio_ap_note_open(mdev, false);
	}
	vfio_ap_guest_reset(mdev);
	vfio_ap_irq_close(mdev);
}

/**
 * vfio_ap_guest_leave() - The host wants the device back.
 * @mdev: the device; its guest has nothing any more, until it is closed
 *
 * Context: No lock of ours is held.
 */
void vfio_ap_guest_leave(struct vfio_ap_mdev *mdev)
{
	struct vfio_ap_change change;

	guard(mutex)(&vfio_ap_lock);
	if (!mdev->kvm || mdev->leaving)
		return;
	mdev->leaving = true;
	vfio_ap_guest_update(mdev, &change);
}
