/* SPDX-License-Identifier: GPL-2.0 */
/* The notification bytes in guest memory that queues signal. */
#ifndef VFIO_AP_IRQ_H
#define VFIO_AP_IRQ_H

#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/types.h>
#include <linux/wait.h>
#include <linux/workqueue.h>

#include "vfio_ap_nib.h"

struct vfio_ap_mdev;
struct vfio_ap_queue;

/*
 * vfio_ap_irq_lock guards which queue signals which notification byte, and from
 * which queues a guest can ask for that.  Taken when guest memory goes away, and
 * so no guest memory is pinned, unpinned or touched with it held; nor does
 * anybody wait for the machine.
 */
extern struct mutex vfio_ap_irq_lock;

/**
 * struct vfio_ap_irqs - the notification bytes of one guest
 * @list: all of them: from before they are pinned until after they are unpinned
 * @left: how many have left @list
 * @changed: woken when one has
 * @unmapped: when guest memory last went away, in jiffies
 * @reclaim: releases those that are not used any more
 *
 * Guarded by vfio_ap_irq_lock.
 */
struct vfio_ap_irqs {
	struct list_head list;
	unsigned long left;
	wait_queue_head_t changed;
	unsigned long unmapped;
	struct work_struct reclaim;
};

void vfio_ap_irq_init(struct vfio_ap_mdev *mdev);
struct ap_queue_status vfio_ap_irq_switch_off(u16 apqn);
bool vfio_ap_irq_get_off(struct vfio_ap_irq *irq);
struct ap_queue_status vfio_ap_irq_let_go(struct vfio_ap_irq *irq);
struct vfio_ap_irq *vfio_ap_irq_take(struct vfio_ap_queue *queue,
				     enum vfio_ap_irq_state state);
void vfio_ap_irq_silence(struct vfio_ap_queue *queue);
void vfio_ap_irq_reset(struct vfio_ap_queue *queue, bool zapq, u8 code);
void vfio_ap_irq_adopt(struct vfio_ap_queue *queue);
void vfio_ap_irq_part(struct vfio_ap_queue *queue, bool exists);
void vfio_ap_irq_unmap(struct vfio_ap_mdev *mdev, u64 iova, u64 length);
void vfio_ap_irq_close(struct vfio_ap_mdev *mdev);

#endif
