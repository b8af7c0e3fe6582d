// SPDX-License-Identifier: GPL-2.0
/* VFIO asks the driver about a region by a callback of its own. */
#include <linux/vfio.h>

int have(const struct vfio_device_ops *ops, struct vfio_device *vdev,
	 struct vfio_region_info *info, struct vfio_info_cap *caps);
int have(const struct vfio_device_ops *ops, struct vfio_device *vdev,
	 struct vfio_region_info *info, struct vfio_info_cap *caps)
{
	return ops->get_region_info_caps(vdev, info, caps);
}
