/* SPDX-License-Identifier: GPL-2.0 */
/* What a guest has of what was assigned to it: kept true, and told to it. */
#ifndef VFIO_AP_GUEST_H
#define VFIO_AP_GUEST_H

#include <linux/types.h>

#include "vfio_ap_matrix.h"

struct vfio_ap_mdev;

/**
 * struct vfio_ap_change - what a guest had, and has
 * @before: before an update
 * @after: after it
 */
struct vfio_ap_change {
	struct vfio_ap_matrix before;
	struct vfio_ap_matrix after;
};

void vfio_ap_guest_update(struct vfio_ap_mdev *mdev,
			  struct vfio_ap_change *change);
void vfio_ap_guest_update_all(void);
void vfio_ap_guest_recheck(u16 apqn);
void vfio_ap_guest_settle(const struct vfio_ap_change *change);
void vfio_ap_guest_wait(u16 apqn, unsigned long until);
int vfio_ap_guest_open(struct vfio_ap_mdev *mdev);
void vfio_ap_guest_close(struct vfio_ap_mdev *mdev);
void vfio_ap_guest_leave(struct vfio_ap_mdev *mdev);
int vfio_ap_guest_reset(struct vfio_ap_mdev *mdev);

#endif
