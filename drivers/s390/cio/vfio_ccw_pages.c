// SPDX-License-Identifier: GPL-2.0
/*
 * Guest memory: read through the container or in a page that is kept, and held
 * for the channel.
 *
 * A list of struct cprog_page is the record of what a program holds: an entry
 * with a host address is held.  The page is kept between programs, or, if it
 * cannot be, was pinned once for this entry alone (CPROG_PAGE_ONCE).
 *
 * The container's own lock is taken in here, and the container calls back into
 * the driver (dma_unmap) with locks held: nothing that dma_unmap needs may be
 * held by a caller.
 */
#include <linux/err.h>
#include <linux/io.h>
#include <linux/iommu.h>
#include <linux/mm.h>
#include <linux/vfio.h>

#include "vfio_ccw_keep.h"
#include "vfio_ccw_pages.h"
#include "vfio_ccw_translate.h"
#include "vfio_ccw_user.h"

#define GUEST_PAGE_SIZE	4096

/* Pages given to one call of the container. */
#define PIN_BATCH	32

static_assert(PAGE_SIZE == GUEST_PAGE_SIZE);
static_assert(PIN_BATCH <= VFIO_PIN_PAGES_MAX_ENTRIES);

/*
 * How many pages one call pins, or gives back.  iommufd takes a range back only
 * as it has given it, and pages do not stay together that long.
 */
static u32 most_at_once(const struct vfio_device *vdev)
{
#if IS_ENABLED(CONFIG_IOMMUFD)
	if (vdev->iommufd_access)
		return 1;
#endif
	return PIN_BATCH;
}

/**
 * vfio_ccw_pages_unpin() - Give back pages that follow each other in the guest.
 * @vdev: the device
 * @guest: guest address of the first one
 * @count: how many
 *
 * Context: Process context, may sleep; takes the container's lock.
 */
void vfio_ccw_pages_unpin(struct vfio_device *vdev, u64 guest, u32 count)
{
	u32 most = most_at_once(vdev);

	while (count) {
		u32 n = min(count, most);

		vfio_unpin_pages(vdev, guest, n);
		guest += n * GUEST_PAGE_SIZE;
		count -= n;
	}
}

/*
 * The container's ways to say that an address is not the guest's to use for
 * this: nothing mapped, mapped for reading only, or nothing behind the mapping.
 */
static bool not_in_guest(int error)
{
	return error == -EINVAL || error == -EPERM || error == -EFAULT ||
	       error == -ENOENT;
}

/* Pin all of them or none. */
static int pin_all(struct vfio_ccw_keep *keep, u64 guest, u32 n, int prot,
		   struct page **pinned)
{
	int ret = vfio_pin_pages(keep->vdev, guest, n, prot, pinned);

	/* Too much is locked, with what is only kept. */
	if (ret == -ENOMEM) {
		vfio_ccw_user_drop_all(keep->user);
		ret = vfio_pin_pages(keep->vdev, guest, n, prot, pinned);
	}
	if (ret < 0)
		return ret;
	if (ret < n) {
		if (ret)
			vfio_ccw_pages_unpin(keep->vdev, guest, ret);
		return -EFAULT;
	}
	return 0;
}

/*
 * Pin pages for as long as they can be kept, and say how many of them are.  If
 * the guest has them for storing too, then also for that: another program will
 * want it.
 */
static int pin(struct vfio_ccw_keep *keep, u64 guest, u32 n, bool write,
	       struct page **pinned)
{
	const int both = IOMMU_READ | IOMMU_WRITE;
	bool writable = true;
	bool fresh, watched;
	u64 changes;
	int ret;

	fresh = vfio_ccw_user_drop_all_stale(keep->user);
	watched = vfio_ccw_watch_begin(keep, &changes);
	ret = pin_all(keep, guest, n, both, pinned);
	if (ret == -EPERM && !write) {
		writable = false;
		ret = pin_all(keep, guest, n, IOMMU_READ, pinned);
	}
	/* If something stale is left, these may be pages of a program with it. */
	if (ret || !fresh || !watched)
		return ret;
	return vfio_ccw_keep_add(keep, guest, writable, pinned, n, changes);
}

/**
 * vfio_ccw_pages_read_end() - Give back what was pinned to be read.
 * @reader: state of the reader
 *
 * Context: Process context, may sleep; takes the container's lock.
 */
void vfio_ccw_pages_read_end(struct vfio_ccw_reader *reader)
{
	if (reader->once)
		vfio_ccw_pages_unpin(reader->keep->vdev, reader->guest, 1);
	reader->once = false;
	reader->page = NULL;
}

/* Find a page to read in, kept or not. */
static void open_page(struct vfio_ccw_reader *reader, u64 guest)
{
	struct page *pinned;
	int kept;

	vfio_ccw_pages_read_end(reader);
	reader->guest = guest;
	reader->page = vfio_ccw_keep_map(reader->keep, guest);
	if (likely(reader->page))
		return;
	kept = pin(reader->keep, guest, 1, false, &pinned);
	if (kept < 0)
		return;
	reader->once = !kept;
	reader->page = page_address(pinned);
}

/**
 * vfio_ccw_pages_read() - Copy from guest memory.
 * @ctx: a struct vfio_ccw_reader; vfio_ccw_pages_read_end() comes last
 * @guest: guest address, a multiple of CPROG_LINE_SIZE
 * @to: where to, CPROG_LINE_SIZE bytes
 *
 * What is copied is read once: the guest may change it at any time.
 *
 * Context: Process context, may sleep; takes the container's lock.
 * Return: 0, -EFAULT if that is not in guest memory, or another error.
 */
int vfio_ccw_pages_read(void *ctx, u64 guest, __be64 *to)
{
	struct vfio_ccw_reader *reader = ctx;
	u64 start = guest & PAGE_MASK;
	int ret;

	if (unlikely(!reader->page || reader->guest != start))
		open_page(reader, start);
	if (likely(reader->page)) {
		const __be64 *from = reader->page + (guest - start);

		/* As the channel fetches a CCW: each in one piece. */
		for (u32 i = 0; i < CPROG_LINE_SIZE / sizeof(*to); i++)
			to[i] = READ_ONCE(from[i]);
		return 0;
	}
	/* Nothing may be left of what the user may lock. */
	ret = vfio_dma_rw(reader->keep->vdev, guest, to, CPROG_LINE_SIZE, false);
	return not_in_guest(ret) ? -EFAULT : ret;
}

/* How many missing entries, alike from the first one on, one call can pin. */
static u32 run_of_missing(const struct vfio_device *vdev,
			  const struct cprog_page *page, u32 count)
{
	u32 n = 1;

	count = min(count, most_at_once(vdev));
	while (n < count &&
	       page[n].what == page[n - 1].what + GUEST_PAGE_SIZE &&
	       page[n].host == CPROG_NO_PAGE)
		n++;
	return n;
}

/* Pin what is missing, or only what is needed of that. */
static int pin_missing(struct vfio_ccw_keep *keep, struct cprog_page *page,
		       u32 count, bool guesses, struct vfio_ccw_hold *hold)
{
	struct page *pinned[PIN_BATCH];
	int error = 0;
	u32 i, n;

	for (i = 0; i < count && !error; i += n) {
		bool needed;
		int kept;

		n = 1;
		needed = page[i].what & CPROG_PAGE_NEEDED;
		if (page[i].host != CPROG_NO_PAGE || !(needed || guesses))
			continue;
		n = 2 * run_of_missing(keep->vdev, page + i, count - i);
		/* One page can spoil it for all: halve until it is alone. */
		do {
			n /= 2;
			kept = pin(keep, cprog_page_guest(&page[i]), n,
				   page[i].what & CPROG_PAGE_WRITE, pinned);
		} while (kept < 0 && n > 1);
		if (kept < 0) {
			if (needed && !not_in_guest(kept))
				error = kept;
			continue;
		}
		for (u32 k = 0; k < n; k++) {
			page[i + k].host = page_to_phys(pinned[k]);
			if (k >= kept)
				page[i + k].what |= CPROG_PAGE_ONCE;
		}
		hold->pinned += n;
		hold->once += n - kept;
	}
	return error;
}

/**
 * vfio_ccw_pages_hold() - Hold guest pages and find their host addresses.
 * @keep: the device's pages
 * @page: the pages
 * @count: how many
 * @guesses: whether to pin those that are not needed; if not, memory is short
 * @hold: set to what is held
 *
 * A page that is not in guest memory, or not for storing into though that is
 * what it is needed for, keeps CPROG_NO_PAGE.  So does one that cannot be had
 * for another reason, unless it is needed.
 *
 * Context: Process context, may sleep; takes the container's lock.
 * Return: 0, or why a needed page cannot be had; then none is.
 */
int vfio_ccw_pages_hold(struct vfio_ccw_keep *keep, struct cprog_page *page,
			u32 count, bool guesses, struct vfio_ccw_hold *hold)
{
	u32 missing;
	int ret;

	if (!guesses)
		vfio_ccw_user_drop_all(keep->user);
	missing = vfio_ccw_keep_use(keep, page, count);
	*hold = (struct vfio_ccw_hold){ .count = count - missing };
	if (likely(!missing))
		return 0;
	ret = pin_missing(keep, page, count, guesses, hold);
	if (ret)
		vfio_ccw_pages_release(keep, page, count);
	hold->count += hold->pinned;
	return ret;
}

/* How many entries from the first one on are a program's alone, and neighbours. */
static u32 run_of_once(const struct cprog_page *page, u32 count)
{
	u64 guest = cprog_page_guest(page);
	u32 n = 0;

	while (n < count && page[n].what & CPROG_PAGE_ONCE &&
	       cprog_page_guest(&page[n]) == guest + n * GUEST_PAGE_SIZE)
		n++;
	return n;
}

/**
 * vfio_ccw_pages_release() - Give back the pages that are one program's alone.
 * @keep: the device's pages
 * @page: the pages
 * @count: how many
 *
 * Context: Process context, may sleep; takes the container's lock.
 */
void vfio_ccw_pages_release(struct vfio_ccw_keep *keep,
			    struct cprog_page *page, u32 count)
{
	u32 n = 0;

	for (u32 i = 0; i < count; i += max(n, 1U)) {
		n = run_of_once(&page[i], count - i);
		vfio_ccw_pages_unpin(keep->vdev, cprog_page_guest(&page[i]), n);
		for (u32 k = i; k < i + n; k++)
			page[k].what &= ~CPROG_PAGE_ONCE;
	}
}

/**
 * vfio_ccw_pages_overlap() - Is one of the pages in a range of addresses?
 * @page: the pages
 * @count: how many
 * @guest: start of the range
 * @length: its length in bytes
 *
 * Context: Any.
 * Return: Whether a page that is held lies in the range, in whole or part.
 */
bool vfio_ccw_pages_overlap(const struct cprog_page *page, u32 count,
			    u64 guest, u64 length)
{
	for (u32 i = 0; i < count; i++) {
		u64 start = cprog_page_guest(&page[i]);

		if (page[i].host == CPROG_NO_PAGE)
			continue;
		/* Neither end of either range can wrap in this form. */
		if (start < guest ? guest - start < GUEST_PAGE_SIZE
				  : start - guest < length)
			return true;
	}
	return false;
}
