/* SPDX-License-Identifier: GPL-2.0 */
/* A device's first and last use, and what stops it in between. */
#ifndef VFIO_CCW_STOP_H
#define VFIO_CCW_STOP_H

#include <linux/types.h>

struct vfio_ccw_device;

void vfio_ccw_stop_init(struct vfio_ccw_device *device);
int vfio_ccw_open(struct vfio_ccw_device *device);
void vfio_ccw_close(struct vfio_ccw_device *device);
void vfio_ccw_shutdown(struct vfio_ccw_device *device);
int vfio_ccw_reset(struct vfio_ccw_device *device);
void vfio_ccw_abort(struct vfio_ccw_device *device);
void vfio_ccw_reclaim(struct vfio_ccw_device *device);
void vfio_ccw_tick(struct vfio_ccw_device *device);
void vfio_ccw_unmap(struct vfio_ccw_device *device, u64 guest, u64 length);

#endif
