/* SPDX-License-Identifier: GPL-2.0 */
/* What the subchannel presents, and what the guest is told of it. */
#ifndef VFIO_CCW_INTERRUPT_H
#define VFIO_CCW_INTERRUPT_H

struct irb;
struct vfio_ccw_device;

void vfio_ccw_interrupt(struct vfio_ccw_device *device, const struct irb *irb);
void vfio_ccw_respond_aborted(struct vfio_ccw_device *device);
void vfio_ccw_gone(struct vfio_ccw_device *device);

#endif
