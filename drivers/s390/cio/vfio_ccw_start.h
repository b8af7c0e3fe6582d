/* SPDX-License-Identifier: GPL-2.0 */
/* START, RESUME, HALT, CLEAR and STORE SUBCHANNEL for the guest. */
#ifndef VFIO_CCW_START_H
#define VFIO_CCW_START_H

#include <linux/types.h>

struct cprog_orb;
struct schib;
struct vfio_ccw_device;

void vfio_ccw_start_init(struct vfio_ccw_device *device);
int vfio_ccw_start(struct vfio_ccw_device *device, const struct cprog_orb *orb);
int vfio_ccw_resume(struct vfio_ccw_device *device);
int vfio_ccw_command(struct vfio_ccw_device *device, u32 code);
int vfio_ccw_store(struct vfio_ccw_device *device, struct schib *schib);

#endif
