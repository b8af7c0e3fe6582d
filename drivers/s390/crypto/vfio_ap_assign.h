/* SPDX-License-Identifier: GPL-2.0 */
/* The rules by which adapters and domains are assigned. */
#ifndef VFIO_AP_ASSIGN_H
#define VFIO_AP_ASSIGN_H

#include <linux/types.h>

struct vfio_ap_matrix;
struct vfio_ap_mdev;

/**
 * enum vfio_ap_kind - what is assigned
 * @VFIO_AP_ADAPTER: an adapter
 * @VFIO_AP_DOMAIN: a usage domain
 * @VFIO_AP_CONTROL: a control domain
 */
enum vfio_ap_kind {
	VFIO_AP_ADAPTER,
	VFIO_AP_DOMAIN,
	VFIO_AP_CONTROL,
};

int vfio_ap_assign(struct vfio_ap_mdev *mdev, enum vfio_ap_kind kind,
		   unsigned long id, bool assign);
int vfio_ap_assign_all(struct vfio_ap_mdev *mdev,
		       const struct vfio_ap_matrix *wanted);
void vfio_ap_unassign_all(struct vfio_ap_mdev *mdev);
int vfio_ap_in_use(unsigned long *apm, unsigned long *aqm);

#endif
