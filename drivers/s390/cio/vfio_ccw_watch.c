// SPDX-License-Identifier: GPL-2.0
/*
 * The user's memory map: where in it a guest page is, and when it changes.
 *
 * A guest page is what the user's memory map has at some address when it is
 * pinned.  Should the map change there, for a balloon, say, the pin still holds
 * the page that was there before.  The container does not tell which address it
 * is, nor of which process.  So both are found and proved: the map is asked for a
 * page which, as long as it is pinned, no other place can have.  What is not
 * found is not kept.
 *
 * The callbacks only take note: they must not sleep, nor wait for the container,
 * whose locks can be held where the memory map changes.
 */
#include <linux/mm.h>
#include <linux/mmu_notifier.h>
#include <linux/sched.h>
#include <linux/sched/mm.h>

#include "vfio_ccw_keep.h"
#include "vfio_ccw_user.h"

/* So many pages in a row, and no more are looked for: they are elsewhere. */
#define MAX_FAILURES	64

#ifdef CONFIG_MMU_NOTIFIER

static struct vfio_ccw_keep *to_keep(struct mmu_notifier *notifier)
{
	return container_of(notifier, struct vfio_ccw_keep, watch.notifier);
}

static int change_begins(struct mmu_notifier *notifier,
			 const struct mmu_notifier_range *range)
{
	struct vfio_ccw_keep *keep = to_keep(notifier);

	guard(spinlock_irqsave)(&keep->lock);
	keep->watch.changing++;
	keep->watch.changes++;
	vfio_ccw_keep_expire(keep, range->start, range->end - 1);
	return 0;
}

static void change_ends(struct mmu_notifier *notifier,
			const struct mmu_notifier_range *range)
{
	struct vfio_ccw_keep *keep = to_keep(notifier);

	guard(spinlock_irqsave)(&keep->lock);
	keep->watch.changing--;
	keep->watch.changes++;
}

static void map_ends(struct mmu_notifier *notifier, struct mm_struct *mm)
{
	struct vfio_ccw_keep *keep = to_keep(notifier);

	guard(spinlock_irqsave)(&keep->lock);
	vfio_ccw_keep_expire(keep, 0, ULONG_MAX);
}

static const struct mmu_notifier_ops notifier_ops = {
	.release = map_ends,
	.invalidate_range_start = change_begins,
	.invalidate_range_end = change_ends,
};

static bool watch(struct vfio_ccw_watch *watch, struct mm_struct *mm)
{
	if (unlikely(!watch->on)) {
		watch->notifier.ops = &notifier_ops;
		watch->on = !mmu_notifier_register(&watch->notifier, mm);
	}
	return watch->on;
}

static void unwatch(struct vfio_ccw_watch *watch, struct mm_struct *mm)
{
	if (watch->on)
		mmu_notifier_unregister(&watch->notifier, mm);
}

#else

static bool watch(struct vfio_ccw_watch *watch, struct mm_struct *mm)
{
	return false;
}

static void unwatch(struct vfio_ccw_watch *watch, struct mm_struct *mm)
{
}

#endif

/**
 * vfio_ccw_watch_end() - Do not watch any more.
 * @keep: what is kept; nothing is added to it any more
 *
 * Context: Process context, may sleep.
 */
void vfio_ccw_watch_end(struct vfio_ccw_keep *keep)
{
	unwatch(&keep->watch, keep->user->mm);
	keep->watch = (struct vfio_ccw_watch){};
}

/**
 * vfio_ccw_watch_begin() - Watch the user's memory map.
 * @keep: what is kept
 * @changes: set to what vfio_ccw_keep_add() wants to know
 *
 * Context: Process context, may sleep; by the thread that owns the program.
 * Return: Whether it is watched, and this process is the user.
 */
bool vfio_ccw_watch_begin(struct vfio_ccw_keep *keep, u64 *changes)
{
	struct mm_struct *mm = keep->user->mm;

	if (current->mm != mm || !watch(&keep->watch, mm))
		return false;
	guard(spinlock_irq)(&keep->lock);
	*changes = keep->watch.changes;
	return keep->watch.failures < MAX_FAILURES;
}

/*
 * Whether one place at most has the page.
 *
 * A page that belongs to a process, and not to a file, has been made that
 * process's alone before it was pinned, and does not get a second place there.
 * One of a file is where it is mapped, in any process.
 */
static bool has_one_place(struct page *page)
{
	struct folio *folio = page_folio(page);

	return folio_test_anon(folio) ? !folio_test_ksm(folio) :
					folio_mapcount(folio) == 1;
}

static bool is_at(unsigned long user, struct page *page)
{
	struct page *there;

	if (get_user_pages_fast_only(user, 1, 0, &there) != 1)
		return false;
	put_page(there);
	return there == page;
}

/* In which part of the memory map can it be? */
static bool search(struct page *page, unsigned long *user)
{
	struct folio *folio = page_folio(page);
	unsigned long index = folio->index + folio_page_idx(folio, page);
	struct mm_struct *mm = current->mm;
	struct vm_area_struct *vma;
	bool found = false;

	VMA_ITERATOR(vmi, mm, 0);

	if (mmap_read_lock_killable(mm))
		return false;
	for_each_vma(vmi, vma) {
		if (index - vma->vm_pgoff >= vma_pages(vma))
			continue;
		*user = vma->vm_start + ((index - vma->vm_pgoff) << PAGE_SHIFT);
		found = is_at(*user, page);
		if (found)
			break;
	}
	mmap_read_unlock(mm);
	return found;
}

/**
 * vfio_ccw_watch_find() - Find where in the user's memory a page is.
 * @keep: what is kept; this process is the user, and watched
 * @guest: guest address of the page
 * @page: the page, pinned
 * @user: set to its address
 *
 * Guest memory is mapped in large pieces: the page is, as a rule, as far away
 * from its guest address as the one before.
 *
 * Context: Process context, may sleep; by the thread that owns the program.
 * Return: Whether it was found.
 */
bool vfio_ccw_watch_find(struct vfio_ccw_keep *keep, u64 guest,
			 struct page *page, unsigned long *user)
{
	struct vfio_ccw_watch *watch = &keep->watch;

	*user = guest + watch->distance;
	if (!(is_at(*user, page) || search(page, user)) ||
	    !has_one_place(page)) {
		watch->failures++;
		return false;
	}
	watch->failures = 0;
	watch->distance = *user - guest;
	return true;
}
