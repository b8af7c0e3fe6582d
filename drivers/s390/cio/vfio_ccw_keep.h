/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Guest pages that stay pinned from one channel program to the next: by which
 * guest address each is known, which program used it last, and where in the
 * user's memory it is proved to be.
 *
 * vfio_ccw_keep.c has the table, vfio_ccw_watch.c the user's memory map, and
 * vfio_ccw_user.c gives pages back.
 */
#ifndef VFIO_CCW_KEEP_H
#define VFIO_CCW_KEEP_H

#include <linux/bits.h>
#include <linux/list.h>
#include <linux/mmu_notifier.h>
#include <linux/spinlock.h>
#include <linux/types.h>
#include <linux/workqueue.h>

struct cprog_page;
struct page;
struct vfio_ccw_keep_table;
struct vfio_ccw_user;
struct vfio_device;

/* Pages that a device keeps at most: 8 MiB. */
#define VFIO_CCW_KEEP_BITS	11
#define VFIO_CCW_KEEP_MAX	BIT(VFIO_CCW_KEEP_BITS)

/* Pages that are looked up, or leave, in one go. */
#define VFIO_CCW_KEEP_BATCH	64

/* For vfio_ccw_keep_busy(): the channel runs no program. */
#define VFIO_CCW_KEEP_IDLE	(~0ULL)

/**
 * struct vfio_ccw_watch - the user's memory map
 * @notifier: called when it changes
 * @on: whether that is so; changed by the thread that owns the program alone
 * @changing: changes under way
 * @changes: how many have begun and ended
 * @distance: a page's address in user memory less that in the guest, for the
 *	page that was found last
 * @failures: pages in a row that were not found
 */
struct vfio_ccw_watch {
	struct mmu_notifier notifier;
	bool on;
	u32 changing;
	u64 changes;
	unsigned long distance;
	u32 failures;
};

/**
 * struct vfio_ccw_keep - what one device keeps
 * @vdev: the device
 * @user: whose memory it is, while the device is open
 * @of_user: in the user's list of devices
 * @lock: guards the rest; no other lock is taken inside.  Taken inside the
 *	subchannel lock and in the memory map's callbacks
 * @table: the pages, NULL if there are none
 * @kept: how many there are
 * @stale: how many of them no program may use any more
 * @leaving: how many have left the table and are still pinned
 * @turn: number of the latest program, and its part, that asked for pages
 * @busy: pages that were used in this turn or a later one stay
 * @aged: pages that were used last before this turn are not used lately
 * @watch: the user's memory map
 * @reclaim: work that gives back what is stale
 */
struct vfio_ccw_keep {
	struct vfio_device *vdev;
	struct vfio_ccw_user *user;
	struct list_head of_user;
	spinlock_t lock; /* see above */
	struct vfio_ccw_keep_table *table;
	u32 kept;
	u32 stale;
	u32 leaving;
	u64 turn;
	u64 busy;
	u64 aged;
	struct vfio_ccw_watch watch;
	struct work_struct *reclaim;
};

void vfio_ccw_keep_init(struct vfio_ccw_keep *keep, struct vfio_device *vdev,
			struct work_struct *reclaim);
u64 vfio_ccw_keep_turn(struct vfio_ccw_keep *keep);
void vfio_ccw_keep_busy(struct vfio_ccw_keep *keep, u64 turn);
u32 vfio_ccw_keep_use(struct vfio_ccw_keep *keep, struct cprog_page *page,
		      u32 count);
const void *vfio_ccw_keep_map(struct vfio_ccw_keep *keep, u64 guest);
u32 vfio_ccw_keep_add(struct vfio_ccw_keep *keep, u64 guest, bool write,
		      struct page **page, u32 count, u64 changes);
u32 vfio_ccw_keep_take(struct vfio_ccw_keep *keep, u64 before, u32 *from,
		       u64 *guest, u32 *stale);
void vfio_ccw_keep_taken(struct vfio_ccw_keep *keep, u32 taken);
bool vfio_ccw_keep_aged(struct vfio_ccw_keep *keep);
bool vfio_ccw_keep_give_up(struct vfio_ccw_keep *keep, u64 guest, u64 length);
void vfio_ccw_keep_expire(struct vfio_ccw_keep *keep, unsigned long first,
			  unsigned long last);
void vfio_ccw_keep_trim(struct vfio_ccw_keep *keep);

bool vfio_ccw_watch_begin(struct vfio_ccw_keep *keep, u64 *changes);
bool vfio_ccw_watch_find(struct vfio_ccw_keep *keep, u64 guest,
			 struct page *page, unsigned long *user);
void vfio_ccw_watch_end(struct vfio_ccw_keep *keep);

#endif
