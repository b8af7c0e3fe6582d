/* SPDX-License-Identifier: GPL-2.0 */
/* A subchannel, and the device through which userspace drives it. */
#ifndef VFIO_CCW_DEVICE_H
#define VFIO_CCW_DEVICE_H

#include <linux/container_of.h>
#include <linux/mdev.h>
#include <linux/vfio.h>
#include <linux/workqueue.h>

#include <kabi/css.h>
#include "../vfio_trigger.h"
#include "vfio_ccw_cp.h"
#include "vfio_ccw_crw.h"
#include "vfio_ccw_fsm.h"
#include "vfio_ccw_keep.h"
#include "vfio_ccw_stats.h"
#include "vfio_ccw_status.h"

/**
 * struct vfio_ccw_device - one mediated device
 * @vdev: what the VFIO core knows of it
 * @sch: the subchannel; its lock (sch->lock) guards what is not said to have
 *	a guard of its own.  No lock is held around it but the css layer's.
 * @fsm: its state
 * @proceed: lets a program go on that the host has suspended
 * @reclaim: gives guest pages back where that cannot be done on the spot
 * @tick: gives back what has not been used lately
 * @ticking: whether that is under way
 * @unmapped: when guest memory last went away that was held, in jiffies
 * @cp: the channel program in work; who may touch it follows from @fsm
 * @keep: guest pages that stay pinned between programs, with a lock of their
 *	own inside the subchannel's
 * @status: interruption responses for userspace
 * @crw: channel reports for userspace
 * @stats: numbers of what it did
 * @trigger: an eventfd for each VFIO_CCW_*_IRQ_INDEX, with locks of their own
 *	inside the subchannel's
 * @request: what userspace last wrote to the I/O region, and the answer
 * @command: what it last wrote to the command region, and the answer
 */
struct vfio_ccw_device {
	struct vfio_device vdev;
	struct subchannel *sch;
	struct vfio_ccw_fsm fsm;
	struct work_struct proceed;
	struct work_struct reclaim;
	struct delayed_work tick;
	bool ticking;
	unsigned long unmapped;
	struct vfio_ccw_cp cp;
	struct vfio_ccw_keep keep;
	struct vfio_ccw_status status;
	struct vfio_ccw_crw crw;
	struct vfio_ccw_stats stats;
	struct vfio_trigger trigger[VFIO_CCW_NUM_IRQS];
	struct {
		u8 orb[12];
		u8 scsw[12];
		int result;
	} request;
	struct {
		u32 command;
		int result;
	} command;
};

static inline struct vfio_ccw_device *to_vfio_ccw(struct vfio_device *vdev)
{
	return container_of(vdev, struct vfio_ccw_device, vdev);
}

extern struct mdev_driver vfio_ccw_mdev_driver;

/**
 * struct vfio_ccw_parent - a subchannel bound to this driver
 * @parent: what the mdev bus knows of it
 * @type: the one kind of device it offers
 * @types: list of kinds, for the mdev bus
 * @device: the device made of it, or NULL; guarded by the subchannel lock
 */
struct vfio_ccw_parent {
	struct mdev_parent parent;
	struct mdev_type type;
	struct mdev_type *types[1];
	struct vfio_ccw_device *device;
};

#endif
