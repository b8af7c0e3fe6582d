/* SPDX-License-Identifier: GPL-2.0 */
/* A mediated device: what was assigned to a guest, and what it has. */
#ifndef VFIO_AP_DEVICE_H
#define VFIO_AP_DEVICE_H

#include <linux/container_of.h>
#include <linux/kvm_host.h>
#include <linux/list.h>
#include <linux/mdev.h>
#include <linux/vfio.h>
#include <linux/vfio_ap.h>

#include "../vfio_trigger.h"
#include "vfio_ap_irq.h"
#include "vfio_ap_matrix.h"

#define VFIO_AP_IRQS	(VFIO_AP_CFG_CHG_IRQ_INDEX + 1)

/**
 * struct vfio_ap_mdev - one mediated device
 * @vdev: what the VFIO core knows of it
 * @entry: in the list of all of them; guarded by vfio_ap_lock
 * @assigned: what was assigned by the host's administrator; guarded by
 *	vfio_ap_lock
 * @guest: what of it a guest has, or would have; written under vfio_ap_lock and
 *	vfio_ap_irq_lock, read under either
 * @kvm: the guest it is open for, or NULL.  Changed under vfio_ap_lock, while
 *	the VFIO core opens or closes the device and holds a reference
 * @leaving: the host wants it back: the guest has nothing any more; guarded by
 *	vfio_ap_lock
 * @hook: what KVM calls for PQAP(AQIC) of the guest
 * @irqs: the guest's queues' interrupts
 * @trigger: an eventfd for each index of interrupts, with locks of their own
 */
struct vfio_ap_mdev {
	struct vfio_device vdev;
	struct list_head entry;
	struct vfio_ap_matrix assigned;
	struct vfio_ap_matrix guest;
	struct kvm *kvm;
	bool leaving;
	crypto_hook hook;
	struct vfio_ap_irqs irqs;
	struct vfio_trigger trigger[VFIO_AP_IRQS];
};

static inline struct vfio_ap_mdev *to_vfio_ap(struct vfio_device *vdev)
{
	return container_of(vdev, struct vfio_ap_mdev, vdev);
}

extern struct mdev_driver vfio_ap_mdev_driver;
extern const struct attribute_group *vfio_ap_mdev_groups[];

#endif
