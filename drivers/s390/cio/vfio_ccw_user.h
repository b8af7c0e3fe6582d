/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The user of devices: the process that opened them and whose memory the guest's
 * is.  Its devices share the container's pages, so it takes all of them to give
 * one back.
 */
#ifndef VFIO_CCW_USER_H
#define VFIO_CCW_USER_H

#include <linux/atomic.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/types.h>

struct mm_struct;
struct vfio_ccw_keep;

/**
 * struct vfio_ccw_user - a process that has devices open
 * @all: in the list of them
 * @mm: its memory map; told apart by it, even after its end
 * @opens: how many devices it has open
 * @lock: guards @devices, and is held while they give pages back; the
 *	container's locks are taken inside
 * @devices: what each of them keeps
 * @stale: pages that no program may use any more, and that are still pinned
 */
struct vfio_ccw_user {
	struct list_head all;
	struct mm_struct *mm;
	unsigned int opens;
	struct mutex lock; /* see above */
	struct list_head devices;
	atomic_t stale;
};

int vfio_ccw_user_open(struct vfio_ccw_keep *keep);
void vfio_ccw_user_close(struct vfio_ccw_keep *keep);
void vfio_ccw_user_drop(struct vfio_ccw_keep *keep);
void vfio_ccw_user_drop_stale(struct vfio_ccw_keep *keep);
bool vfio_ccw_user_age(struct vfio_ccw_keep *keep);
void vfio_ccw_user_drop_all(struct vfio_ccw_user *user);
bool vfio_ccw_user_drop_all_stale(struct vfio_ccw_user *user);

#endif
