// SPDX-License-Identifier: GPL-2.0
/*
 * Guest memory: read through the container, and pinned for the channel.
 *
 * A list of struct cprog_page is the only record of what is held: an entry with
 * a host address is pinned once, one without is not.
 *
 * The container's own lock is taken in here, and the container calls back into
 * the driver (dma_unmap) with locks held: nothing that dma_unmap needs may be
 * held by a caller.
 */
#include <linux/err.h>
#include <linux/io.h>
#include <linux/iommu.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/vfio.h>

#include "vfio_ccw_pages.h"
#include "vfio_ccw_translate.h"

#define GUEST_PAGE_SIZE	4096

/* Pages given to one call of the container; a page of pointers holds them. */
#define PIN_BATCH	(PAGE_SIZE / sizeof(struct page *))

static_assert(PAGE_SIZE == GUEST_PAGE_SIZE);
static_assert(PIN_BATCH <= VFIO_PIN_PAGES_MAX_ENTRIES);

/*
 * The container's ways to say that an address is not the guest's to use for
 * this: nothing mapped, mapped for reading only, or nothing behind the mapping.
 */
static bool not_in_guest(int error)
{
	return error == -EINVAL || error == -EPERM || error == -EFAULT ||
	       error == -ENOENT;
}

/**
 * vfio_ccw_pages_read() - Copy from guest memory.
 * @vdev: the device, open
 * @guest: guest address
 * @to: where to
 * @len: bytes
 *
 * Context: Process context, may sleep; takes the container's lock.
 * Return: 0, -EFAULT if not all of it is in guest memory, or another error.
 */
int vfio_ccw_pages_read(struct vfio_device *vdev, u64 guest, void *to, u32 len)
{
	int ret = vfio_dma_rw(vdev, guest, to, len, false);

	return not_in_guest(ret) ? -EFAULT : ret;
}

/* How many entries, from the first one on, one call can pin or unpin. */
static u32 batch(const struct cprog_page *page, u32 count)
{
	u32 n = 1;

	count = min_t(u32, count, PIN_BATCH);
	while (n < count &&
	       page[n].guest == page[n - 1].guest + GUEST_PAGE_SIZE &&
	       page[n].write == page->write &&
	       (page[n].host == CPROG_NO_PAGE) == (page->host == CPROG_NO_PAGE))
		n++;
	return n;
}

static int pin_batch(struct vfio_device *vdev, struct cprog_page *page, u32 n,
		     struct page **pinned)
{
	int prot = page->write ? IOMMU_READ | IOMMU_WRITE : IOMMU_READ;
	int ret = vfio_pin_pages(vdev, page->guest, n, prot, pinned);

	if (ret < 0)
		return ret;
	if (ret < n) {
		if (ret)
			vfio_unpin_pages(vdev, page->guest, ret);
		return -EFAULT;
	}
	for (u32 i = 0; i < n; i++)
		page[i].host = page_to_phys(pinned[i]);
	return 0;
}

/**
 * vfio_ccw_pages_pin() - Hold guest pages and find their host addresses.
 * @vdev: the device, open
 * @page: the pages
 * @count: how many
 *
 * A page that is not in guest memory, or not for storing into though that is
 * what it is needed for, keeps CPROG_NO_PAGE.  So does one that cannot be had
 * for another reason, unless it is needed.
 *
 * Context: Process context, may sleep; takes the container's lock.
 * Return: How many are held, or why a needed page cannot be had; then none is.
 */
int vfio_ccw_pages_pin(struct vfio_device *vdev, struct cprog_page *page,
		       u32 count)
{
	struct page **pinned;
	u32 i, n, held = 0;
	int ret = 0;

	if (!count)
		return 0;
	pinned = kmalloc(PAGE_SIZE, GFP_KERNEL);
	if (!pinned)
		return -ENOMEM;

	for (i = 0; i < count; i++)
		page[i].host = CPROG_NO_PAGE;

	for (i = 0; i < count; i += n) {
		n = batch(page + i, count - i);
		ret = pin_batch(vdev, page + i, n, pinned);
		/* One page can spoil it for all: halve until it is alone. */
		while (ret && n > 1) {
			n /= 2;
			ret = pin_batch(vdev, page + i, n, pinned);
		}
		if (ret && page[i].needed && !not_in_guest(ret)) {
			vfio_ccw_pages_unpin(vdev, page, i);
			break;
		}
		if (!ret)
			held += n;
		ret = 0;
	}

	kfree(pinned);
	return ret ?: held;
}

/**
 * vfio_ccw_pages_unpin() - Give pages back to the guest.
 * @vdev: the device, open
 * @page: the pages
 * @count: how many
 *
 * Context: Process context, may sleep; takes the container's lock.
 */
void vfio_ccw_pages_unpin(struct vfio_device *vdev,
			  const struct cprog_page *page, u32 count)
{
	u32 i, n;

	for (i = 0; i < count; i += n) {
		n = batch(page + i, count - i);
		if (page[i].host != CPROG_NO_PAGE)
			vfio_unpin_pages(vdev, page[i].guest, n);
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
		if (page[i].host == CPROG_NO_PAGE)
			continue;
		/* Neither end of either range can wrap in this form. */
		if (page[i].guest < guest
			    ? guest - page[i].guest < GUEST_PAGE_SIZE
			    : page[i].guest - guest < length)
			return true;
	}
	return false;
}
