// SPDX-License-Identifier: GPL-2.0
/*
 * The rules of assigning: a queue is the host's own or of one mediated device,
 * never shared.  Queues need not exist to be assigned.
 */
#include <linux/device.h>
#include <linux/jiffies.h>
#include <linux/lockdep.h>
#include <linux/string.h>

#include <kabi/ap.h>

#include "vfio_ap_assign.h"
#include "vfio_ap_device.h"
#include "vfio_ap_guest.h"
#include "vfio_ap_host.h"
#include "vfio_ap_note.h"
#include "vfio_ap_queue.h"

/* How many of the queues in question the kernel log names at most. */
#define MAX_NAMED	64

static void name_queues(const struct vfio_ap_matrix *shared,
			const struct vfio_ap_mdev *owner)
{
	unsigned int adapter = VFIO_AP_NONE, named = 0;

	while (vfio_ap_mask_each(&shared->adapters, &adapter)) {
		unsigned int domain = VFIO_AP_NONE;

		while (vfio_ap_mask_each(&shared->domains, &domain)) {
			if (named++ == MAX_NAMED) {
				dev_warn(owner->vdev.dev, "and more queues\n");
				return;
			}
			dev_warn(owner->vdev.dev,
				 "queue %02x.%04x is assigned to %s\n",
				 adapter, domain, dev_name(owner->vdev.dev));
		}
	}
}

/* Queues of @wanted that others than @mdev have. */
static int check_sharing(const struct vfio_ap_mdev *mdev,
			 const struct vfio_ap_matrix *wanted)
{
	struct vfio_ap_matrix shared;
	struct vfio_ap_mdev *other;

	list_for_each_entry(other, &vfio_ap_mdevs, entry) {
		if (other == mdev ||
		    !vfio_ap_matrix_shared(wanted, &other->assigned, &shared))
			continue;
		name_queues(&shared, other);
		return -EADDRINUSE;
	}
	return 0;
}

static int check_added(const struct vfio_ap_mdev *mdev,
		       const struct vfio_ap_matrix *wanted)
{
	struct vfio_ap_matrix added[2];

	vfio_ap_matrix_added(&mdev->assigned, wanted, added);
	for (int i = 0; i < 2; i++) {
		if (ap_apqn_in_matrix_owned_by_def_drv(added[i].adapters.word,
						       added[i].domains.word))
			return -EADDRNOTAVAIL;
	}
	for (int i = 0; i < 2; i++) {
		if (check_sharing(mdev, &added[i]))
			return -EADDRINUSE;
	}
	return 0;
}

/* With ap_attr_mutex and vfio_ap_lock held. */
static int commit(struct vfio_ap_mdev *mdev, const struct vfio_ap_matrix *wanted,
		  struct vfio_ap_change *change)
{
	int ret = check_added(mdev, wanted);

	if (!ret && !vfio_ap_matrix_within(wanted, vfio_ap_max_adapter(),
					   vfio_ap_max_domain()))
		ret = -ENODEV;
	if (!ret) {
		mdev->assigned = *wanted;
		vfio_ap_guest_update(mdev, change);
	}
	vfio_ap_note_assign(mdev, ret);
	return ret;
}

static struct vfio_ap_matrix with(const struct vfio_ap_matrix *assigned,
				  enum vfio_ap_kind kind, unsigned int id,
				  bool assign)
{
	struct vfio_ap_matrix wanted = *assigned;
	struct vfio_ap_mask *mask = kind == VFIO_AP_ADAPTER ? &wanted.adapters :
				    kind == VFIO_AP_DOMAIN ? &wanted.domains :
							     &wanted.controls;

	if (assign)
		vfio_ap_mask_add(mask, id);
	else
		vfio_ap_mask_drop(mask, id);
	return wanted;
}

/* Let queues that were just bound, or left another guest, become usable first. */
static void wait_for_added(struct vfio_ap_mdev *mdev,
			   const struct vfio_ap_matrix *wanted)
{
	unsigned long until = jiffies + VFIO_AP_RESET_PATIENCE;
	struct vfio_ap_matrix added[2];

	scoped_guard(mutex, &vfio_ap_lock)
		vfio_ap_matrix_added(&mdev->assigned, wanted, added);
	for (int i = 0; i < 2; i++)
		vfio_ap_queue_wait_all(&added[i], until);
}

/**
 * vfio_ap_assign() - Assign or unassign an adapter or a domain.
 * @mdev: to which device
 * @kind: of what kind it is
 * @id: its number
 * @assign: which of both
 *
 * Context: No lock of ours is held.  Waits until queues that leave the guest are
 *	zeroized, or VFIO_AP_RESET_PATIENCE is over.
 * Return: 0; -ENODEV if the machine cannot have it; -EADDRNOTAVAIL if the host
 *	has a queue of it for itself; -EADDRINUSE if another device has one.
 */
int vfio_ap_assign(struct vfio_ap_mdev *mdev, enum vfio_ap_kind kind,
		   unsigned long id, bool assign)
{
	struct vfio_ap_change change = {};
	struct vfio_ap_matrix wanted;
	int ret;

	if (id > (kind == VFIO_AP_ADAPTER ? vfio_ap_max_adapter() :
					    vfio_ap_max_domain()))
		return -ENODEV;

	scoped_guard(mutex, &vfio_ap_lock)
		wanted = with(&mdev->assigned, kind, id, assign);
	wait_for_added(mdev, &wanted);

	scoped_guard(mutex, &ap_attr_mutex) {
		guard(mutex)(&vfio_ap_lock);
		wanted = with(&mdev->assigned, kind, id, assign);
		ret = commit(mdev, &wanted, &change);
	}
	vfio_ap_guest_settle(&change);
	return ret;
}

/**
 * vfio_ap_assign_all() - Assign this, and nothing else.
 * @mdev: to which device
 * @wanted: all of it, or none if there is an error
 *
 * Context: As for vfio_ap_assign().
 * Return: As for vfio_ap_assign().
 */
int vfio_ap_assign_all(struct vfio_ap_mdev *mdev,
		       const struct vfio_ap_matrix *wanted)
{
	struct vfio_ap_change change = {};
	int ret;

	wait_for_added(mdev, wanted);
	scoped_guard(mutex, &ap_attr_mutex) {
		guard(mutex)(&vfio_ap_lock);
		ret = commit(mdev, wanted, &change);
	}
	vfio_ap_guest_settle(&change);
	return ret;
}

/**
 * vfio_ap_unassign_all() - Nothing is assigned to a device that goes away.
 * @mdev: the device; taken from the list of all of them
 *
 * Context: As for vfio_ap_assign().
 */
void vfio_ap_unassign_all(struct vfio_ap_mdev *mdev)
{
	struct vfio_ap_change change;

	scoped_guard(mutex, &vfio_ap_lock) {
		memset(&mdev->assigned, 0, sizeof(mdev->assigned));
		vfio_ap_guest_update(mdev, &change);
		list_del(&mdev->entry);
	}
	vfio_ap_guest_settle(&change);
}

/**
 * vfio_ap_in_use() - May the host's own drivers have these queues?
 * @apm: adapters
 * @aqm: domains
 *
 * Context: The AP bus holds ap_attr_mutex.
 * Return: 0, or -EADDRINUSE if one of them is assigned.
 */
int vfio_ap_in_use(unsigned long *apm, unsigned long *aqm)
{
	struct vfio_ap_matrix wanted = {};

	memcpy(&wanted.adapters, apm, sizeof(wanted.adapters));
	memcpy(&wanted.domains, aqm, sizeof(wanted.domains));
	guard(mutex)(&vfio_ap_lock);
	return check_sharing(NULL, &wanted);
}
