/* SPDX-License-Identifier: GPL-2.0 */
/* A queue bound to this driver, and its reset. */
#ifndef VFIO_AP_QUEUE_H
#define VFIO_AP_QUEUE_H

#include <linux/list.h>
#include <linux/rcupdate.h>
#include <linux/types.h>
#include <linux/workqueue.h>

struct vfio_ap_irq;
struct vfio_ap_matrix;

/* How long anybody waits for a queue to be reset, before it goes on without. */
#define VFIO_AP_RESET_PATIENCE	(5 * HZ)

/**
 * struct vfio_ap_queue - a queue bound to this driver
 * @apqn: its number
 * @going: it is being unbound; guarded by vfio_ap_lock
 * @result: response code with which its last reset ended; VFIO_AP_UNVERIFIED:
 *	nobody may get it before a reset; guarded by vfio_ap_lock
 * @running: it is being reset; changed under vfio_ap_lock, read without
 * @again: when that is done, it is to be reset once more; guarded by
 *	vfio_ap_lock
 * @started: when the reset that is running began, in jiffies
 * @step: what the reset does next; the work item's own while @running
 * @zapq_code: response code of its last PQAP(ZAPQ); likewise
 * @work: carries out the reset
 * @irq: notification byte that the queue signals, or NULL; guarded by
 *	vfio_ap_irq_lock
 * @older: bytes that it had before and may still signal; guarded by
 *	vfio_ap_irq_lock
 * @rcu: readers of vfio_ap_queues without a lock may still see it
 */
struct vfio_ap_queue {
	u16 apqn;
	bool going;
	u8 result;
	bool running;
	bool again;
	unsigned long started;
	int step;
	u8 zapq_code;
	struct delayed_work work;
	struct vfio_ap_irq *irq;
	struct list_head older;
	struct rcu_head rcu;
};

struct vfio_ap_queue *vfio_ap_queue_add(u16 apqn);
void vfio_ap_queue_remove(struct vfio_ap_queue *queue);
bool vfio_ap_queue_usable(u16 apqn);
bool vfio_ap_queue_zeroized(const struct vfio_ap_queue *queue);
void vfio_ap_queue_reset(struct vfio_ap_queue *queue, bool leaves);
void vfio_ap_queue_reset_all(void);
void vfio_ap_queue_wait(u16 apqn, unsigned long until);
void vfio_ap_queue_wait_all(const struct vfio_ap_matrix *matrix,
			    unsigned long until);

#endif
