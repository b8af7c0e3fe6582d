/* SPDX-License-Identifier: GPL-2.0 */
/* Guest memory: read it, and hold pages of it for the channel. */
#ifndef VFIO_CCW_PAGES_H
#define VFIO_CCW_PAGES_H

#include <linux/types.h>

struct cprog_page;
struct vfio_device;

int vfio_ccw_pages_read(struct vfio_device *vdev, u64 guest, void *to, u32 len);
int vfio_ccw_pages_pin(struct vfio_device *vdev, struct cprog_page *page,
		       u32 count);
void vfio_ccw_pages_unpin(struct vfio_device *vdev,
			  const struct cprog_page *page, u32 count);
bool vfio_ccw_pages_overlap(const struct cprog_page *page, u32 count,
			    u64 guest, u64 length);

#endif
