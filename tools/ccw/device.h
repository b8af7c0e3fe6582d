/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A passed-through subchannel, opened by the UUID of its mediated device
 *
 * Owns the three VFIO descriptors, where the regions are, and the eventfds.
 * VFIO_CONTAINER in the environment takes the place of /dev/vfio/vfio: it can
 * be /dev/iommu, where the kernel has it.
 * Functions return 0 or a negative errno; after a failed open, error says in
 * words which step it was.
 */
#ifndef CCW_DEVICE_H
#define CCW_DEVICE_H

#include <stdbool.h>
#include <linux/types.h>
#include <linux/vfio.h>

struct ccw_region {
	__u64 offset;
	__u64 size;	/* 0: the device has no such region */
	__u32 flags;
	__u32 index;
};

struct ccw_dev {
	int container;
	int group;
	int fd;
	int event[VFIO_CCW_NUM_IRQS];	/* by irq index; -1: the device has none */
	struct ccw_region io;
	struct ccw_region async;
	struct ccw_region schib;
	struct ccw_region crw;
	char error[160];
};

int ccw_dev_open(struct ccw_dev *dev, const char *uuid);
/* In the container of another one, and so with the same guest storage. */
int ccw_dev_open_beside(struct ccw_dev *dev, const char *uuid, const struct ccw_dev *beside);
void ccw_dev_close(struct ccw_dev *dev);

/* Hand @event to the device as the eventfd of @irq; -1 takes it away. */
int ccw_dev_set_event(struct ccw_dev *dev, unsigned int irq, int event);
int ccw_dev_reset(struct ccw_dev *dev);

/* Wait for a signal and take it: 0, -ETIMEDOUT. */
int ccw_dev_wait(struct ccw_dev *dev, unsigned int irq, int ms);

/*
 * Region information by index. The type and subtype of its capability go to
 * @type and @subtype, zero if there is none.
 */
int ccw_dev_region(struct ccw_dev *dev, __u32 index, struct ccw_region *region, __u32 *type,
		   __u32 *subtype);

#endif
