/* SPDX-License-Identifier: GPL-2.0 */
/* The regions of the device file, through which userspace does I/O. */
#ifndef VFIO_CCW_REGION_H
#define VFIO_CCW_REGION_H

#include <linux/types.h>

struct vfio_ccw_device;
struct vfio_info_cap;
struct vfio_region_info;

/* I/O, asynchronous commands, SCHIB, channel reports. */
#define VFIO_CCW_REGIONS	4

ssize_t vfio_ccw_region_read(struct vfio_ccw_device *device, char __user *buf,
			     size_t count, loff_t offset);
ssize_t vfio_ccw_region_write(struct vfio_ccw_device *device,
			      const char __user *buf, size_t count,
			      loff_t offset);
int vfio_ccw_region_info(struct vfio_ccw_device *device,
			 struct vfio_region_info *info,
			 struct vfio_info_cap *caps);

#endif
