// SPDX-License-Identifier: GPL-2.0
/*
 * The table of guest pages that stay pinned between programs.
 *
 * To pin a page, and to give it back, costs a multiple of all else that a
 * program costs, and programs use the same pages again and again.  A page leaves
 * the table, and is given back,
 *
 *	- when the user's memory map changes there (vfio_ccw_watch.c): what the
 *	  user then finds at that address is another page;
 *	- when the container is about to unmap it;
 *	- when no program has used it lately;
 *	- when the table is full, or the user has locked as much memory as it may;
 *	- when the device is closed or reset;
 *
 * but never while a program is loaded that uses it.
 *
 * This is the table alone.  Pages are pinned (vfio_ccw_pages.c) and given back
 * (vfio_ccw_user.c) with its lock not held.
 */
#include <linux/cred.h>
#include <linux/io.h>
#include <linux/mm.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>

#include "vfio_ccw_keep.h"
#include "vfio_ccw_translate.h"
#include "vfio_ccw_user.h"

/* A share of the locked memory that a user may have; the rest is for others. */
#define LIMIT_SHARE	8

/* Looked for one by one in the user's memory, if there are no more. */
#define FEW_PAGES	512

/**
 * struct kept - a page that is pinned
 * @guest: its guest address
 * @user: its address in the user's memory
 * @host: its address in the host, or CPROG_NO_PAGE if this is free
 * @used: the turn in which it was used last
 * @write: whether the channel may store into it
 * @stale: whether no program may use it any more
 * @by_guest: in the table, if not stale; or among those that are free
 * @by_user: in the table
 */
struct kept {
	u64 guest;
	unsigned long user;
	u64 host;
	u64 used;
	bool write;
	bool stale;
	struct hlist_node by_guest;
	struct hlist_node by_user;
};

struct vfio_ccw_keep_table {
	struct hlist_head by_guest[VFIO_CCW_KEEP_MAX];
	struct hlist_head by_user[VFIO_CCW_KEEP_MAX];
	struct hlist_head free;
	struct kept pages[VFIO_CCW_KEEP_MAX];
};

/* Pages that follow each other, as they do as a rule, do not collide. */
static u32 slot(u64 address)
{
	u64 number = address >> PAGE_SHIFT;

	return (number ^ number >> VFIO_CCW_KEEP_BITS) &
	       (VFIO_CCW_KEEP_MAX - 1);
}

/**
 * vfio_ccw_keep_init() - Begin, with nothing kept.
 * @keep: of a new device
 * @vdev: the device
 * @reclaim: what to schedule when pages are to be given back
 */
void vfio_ccw_keep_init(struct vfio_ccw_keep *keep, struct vfio_device *vdev,
			struct work_struct *reclaim)
{
	spin_lock_init(&keep->lock);
	keep->vdev = vdev;
	keep->reclaim = reclaim;
	keep->busy = VFIO_CCW_KEEP_IDLE;
}

/**
 * vfio_ccw_keep_turn() - A new program, or a part of one, asks for pages.
 * @keep: what is kept
 *
 * What it is given stays until vfio_ccw_keep_busy() says otherwise.
 *
 * Context: Process context.
 * Return: The number of the turn.
 */
u64 vfio_ccw_keep_turn(struct vfio_ccw_keep *keep)
{
	guard(spinlock_irq)(&keep->lock);
	keep->turn++;
	keep->busy = min(keep->busy, keep->turn);
	return keep->turn;
}

/**
 * vfio_ccw_keep_busy() - Say which programs the channel may run.
 * @keep: what is kept
 * @turn: the turn of the oldest one, or VFIO_CCW_KEEP_IDLE
 *
 * Context: Any.
 */
void vfio_ccw_keep_busy(struct vfio_ccw_keep *keep, u64 turn)
{
	guard(spinlock_irqsave)(&keep->lock);
	keep->busy = turn;
}

static inline struct kept *find(const struct vfio_ccw_keep_table *table, u64 guest)
{
	struct kept *kept;

	hlist_for_each_entry(kept, &table->by_guest[slot(guest)], by_guest)
		if (kept->guest == guest)
			return kept;
	return NULL;
}

/**
 * vfio_ccw_keep_use() - Find the host addresses of pages that are kept.
 * @keep: what is kept
 * @page: the pages
 * @count: how many
 *
 * A page that is not kept, or not for storing into though it is needed for that,
 * gets CPROG_NO_PAGE.
 *
 * Context: Process context.
 * Return: How many were not found.
 */
u32 vfio_ccw_keep_use(struct vfio_ccw_keep *keep, struct cprog_page *page,
		      u32 count)
{
	u32 missing = 0;

	while (count) {
		u32 n = min_t(u32, count, VFIO_CCW_KEEP_BATCH);

		guard(spinlock_irq)(&keep->lock);
		for (u32 i = 0; i < n; i++) {
			struct kept *kept = NULL;

			if (likely(keep->table))
				kept = find(keep->table,
					    cprog_page_guest(&page[i]));
			if (likely(kept && (kept->write ||
					    !(page[i].what & CPROG_PAGE_WRITE)))) {
				kept->used = keep->turn;
				page[i].host = kept->host;
			} else {
				page[i].host = CPROG_NO_PAGE;
				missing++;
			}
		}
		page += n;
		count -= n;
	}
	return missing;
}

/**
 * vfio_ccw_keep_map() - Find a page that is kept, to read it.
 * @keep: what is kept
 * @guest: guest address of the page
 *
 * Context: Process context.
 * Return: The page, to be read in this turn; or NULL.
 */
const void *vfio_ccw_keep_map(struct vfio_ccw_keep *keep, u64 guest)
{
	struct kept *kept;

	guard(spinlock_irq)(&keep->lock);
	kept = keep->table ? find(keep->table, guest) : NULL;
	if (!kept)
		return NULL;
	kept->used = keep->turn;
	return phys_to_virt(kept->host);
}

static struct vfio_ccw_keep_table *new_table(void)
{
	struct vfio_ccw_keep_table *table;

	table = kvzalloc(sizeof(*table), GFP_KERNEL_ACCOUNT);
	for (u32 i = 0; table && i < VFIO_CCW_KEEP_MAX; i++) {
		table->pages[i].host = CPROG_NO_PAGE;
		hlist_add_head(&table->pages[i].by_guest, &table->free);
	}
	return table;
}

/* How many pages this user may have us keep. */
static u32 limit(void)
{
	unsigned long pages = rlimit(RLIMIT_MEMLOCK) >> PAGE_SHIFT;

	if (has_capability_noaudit(current, CAP_IPC_LOCK))
		return VFIO_CCW_KEEP_MAX;
	return min_t(unsigned long, pages / LIMIT_SHARE, VFIO_CCW_KEEP_MAX);
}

/* The lock is held. */
static void insert(struct vfio_ccw_keep *keep, const struct kept *new)
{
	struct vfio_ccw_keep_table *table = keep->table;
	struct kept *kept = hlist_entry(table->free.first, struct kept,
					by_guest);

	hlist_del(&kept->by_guest);
	*kept = *new;
	hlist_add_head(&kept->by_guest, &table->by_guest[slot(kept->guest)]);
	hlist_add_head(&kept->by_user, &table->by_user[slot(kept->user)]);
	keep->kept++;
}

static bool has_room(struct vfio_ccw_keep *keep, u32 room)
{
	guard(spinlock_irq)(&keep->lock);
	return keep->kept < room;
}

/**
 * vfio_ccw_keep_add() - Keep pages that were just pinned.
 * @keep: what is kept
 * @guest: guest address of the first page
 * @write: whether they were pinned for storing, too
 * @page: the pages, which follow each other in the guest
 * @count: how many
 * @changes: what vfio_ccw_watch_begin() said before they were pinned
 *
 * A page is kept only if the user's memory map is known to have it, at a known
 * address, and has not changed since.
 *
 * Context: Process context, may sleep.
 * Return: How many of them, from the first one on, are kept; the rest is still
 *	the caller's.
 */
u32 vfio_ccw_keep_add(struct vfio_ccw_keep *keep, u64 guest, bool write,
		      struct page **page, u32 count, u64 changes)
{
	u32 room = limit();

	if (!keep->table) {
		struct vfio_ccw_keep_table *table = new_table();

		if (!table)
			return 0;
		guard(spinlock_irq)(&keep->lock);
		keep->table = table;
	}
	if (!has_room(keep, room))
		vfio_ccw_user_drop(keep);

	for (u32 i = 0; i < count; i++, guest += PAGE_SIZE) {
		struct kept new = {
			.guest = guest,
			.host = page_to_phys(page[i]),
			.write = write,
		};

		if (!vfio_ccw_watch_find(keep, guest, page[i], &new.user))
			return i;
		guard(spinlock_irq)(&keep->lock);
		if (keep->watch.changing || keep->watch.changes != changes ||
		    keep->kept >= room || find(keep->table, guest))
			return i;
		new.used = keep->turn;
		insert(keep, &new);
	}
	return count;
}

/**
 * vfio_ccw_keep_take() - Take pages that no program uses off the table.
 * @keep: what is kept
 * @before: those that were used last before this turn, or are stale
 * @from: where to go on in the table, 0 at first
 * @guest: set to their guest addresses
 * @stale: set to how many of them were stale
 *
 * Context: Process context.
 * Return: How many there are; less than VFIO_CCW_KEEP_BATCH if that is all.
 */
u32 vfio_ccw_keep_take(struct vfio_ccw_keep *keep, u64 before, u32 *from,
		       u64 *guest, u32 *stale)
{
	struct vfio_ccw_keep_table *table;
	u32 taken = 0;

	*stale = 0;
	guard(spinlock_irq)(&keep->lock);
	table = keep->table;
	for (; table && *from < VFIO_CCW_KEEP_MAX; ++*from) {
		struct kept *kept = &table->pages[*from];

		if (taken == VFIO_CCW_KEEP_BATCH)
			break;
		if (kept->host == CPROG_NO_PAGE || kept->used >= keep->busy ||
		    (kept->used >= before && !kept->stale))
			continue;
		guest[taken++] = kept->guest;
		*stale += kept->stale;
		hlist_del_init(&kept->by_guest);
		hlist_del(&kept->by_user);
		kept->host = CPROG_NO_PAGE;
		hlist_add_head(&kept->by_guest, &table->free);
	}
	keep->stale -= *stale;
	keep->kept -= taken;
	keep->leaving += taken;
	return taken;
}

/**
 * vfio_ccw_keep_taken() - Those pages are not pinned any more.
 * @keep: what is kept
 * @taken: how many of what vfio_ccw_keep_take() returned
 *
 * Context: Process context.
 */
void vfio_ccw_keep_taken(struct vfio_ccw_keep *keep, u32 taken)
{
	guard(spinlock_irq)(&keep->lock);
	keep->leaving -= taken;
}

/**
 * vfio_ccw_keep_aged() - What is not used from now on is not used lately.
 * @keep: what is kept
 *
 * Context: Process context.
 * Return: Whether anything is kept, or was asked for since the last call.
 */
bool vfio_ccw_keep_aged(struct vfio_ccw_keep *keep)
{
	bool active;

	guard(spinlock_irq)(&keep->lock);
	active = keep->kept || keep->aged != keep->turn + 1;
	keep->aged = keep->turn + 1;
	return active;
}

/* The lock is held. */
static void expire(struct vfio_ccw_keep *keep, struct kept *kept)
{
	if (kept->stale)
		return;
	kept->stale = true;
	hlist_del_init(&kept->by_guest);
	keep->stale++;
	atomic_inc(&keep->user->stale);
}

/**
 * vfio_ccw_keep_give_up() - Let no program have pages that are about to go.
 * @keep: what is kept
 * @guest: start of the range of guest memory
 * @length: its length in bytes
 *
 * Context: Any.
 * Return: Whether some of it is still pinned.
 */
bool vfio_ccw_keep_give_up(struct vfio_ccw_keep *keep, u64 guest, u64 length)
{
	bool any;

	guard(spinlock_irqsave)(&keep->lock);
	any = keep->leaving;
	for (u32 i = 0; keep->kept && i < VFIO_CCW_KEEP_MAX; i++) {
		struct kept *kept = &keep->table->pages[i];

		/* Neither end of either range can wrap in this form. */
		if (kept->host == CPROG_NO_PAGE ||
		    (kept->guest < guest ? guest - kept->guest >= PAGE_SIZE
					 : kept->guest - guest >= length))
			continue;
		expire(keep, kept);
		any = true;
	}
	return any;
}

/**
 * vfio_ccw_keep_expire() - The user's memory map changes.
 * @keep: what is kept; its lock is held
 * @first: first address of the change
 * @last: last address of it
 */
void vfio_ccw_keep_expire(struct vfio_ccw_keep *keep, unsigned long first,
			  unsigned long last)
{
	struct vfio_ccw_keep_table *table = keep->table;
	struct kept *kept;

	if (!keep->kept)
		return;
	first &= PAGE_MASK;
	if ((last - first) >> PAGE_SHIFT < FEW_PAGES) {
		for (; first <= last; first += PAGE_SIZE)
			hlist_for_each_entry(kept, &table->by_user[slot(first)],
					     by_user)
				if (kept->user == first)
					expire(keep, kept);
	} else {
		for (u32 i = 0; i < VFIO_CCW_KEEP_MAX; i++) {
			kept = &table->pages[i];
			if (kept->host != CPROG_NO_PAGE && kept->user >= first &&
			    kept->user <= last)
				expire(keep, kept);
		}
	}
	if (keep->stale)
		schedule_work(keep->reclaim);
}

/**
 * vfio_ccw_keep_trim() - Free the table, if it is empty.
 * @keep: what is kept; nobody else adds to it
 *
 * Context: Process context.
 */
void vfio_ccw_keep_trim(struct vfio_ccw_keep *keep)
{
	struct vfio_ccw_keep_table *table = NULL;

	scoped_guard(spinlock_irq, &keep->lock)
		if (!keep->kept)
			swap(table, keep->table);
	kvfree(table);
}
