/* SPDX-License-Identifier: GPL-2.0 */
/* Guest memory: read it, and hold pages of it for the channel. */
#ifndef VFIO_CCW_PAGES_H
#define VFIO_CCW_PAGES_H

#include <linux/types.h>

struct cprog_page;
struct vfio_ccw_keep;
struct vfio_device;

/**
 * struct vfio_ccw_reader - reads guest memory for one translation
 * @keep: the device's pages
 * @guest: guest address of the page that was read last
 * @page: that page, or NULL
 * @once: whether it was pinned for that, and is to be given back
 */
struct vfio_ccw_reader {
	struct vfio_ccw_keep *keep;
	u64 guest;
	const void *page;
	bool once;
};

/**
 * struct vfio_ccw_hold - what a program holds
 * @count: how many pages
 * @pinned: how many of them had to be pinned
 * @once: how many of these are for this program alone
 */
struct vfio_ccw_hold {
	u32 count;
	u32 pinned;
	u32 once;
};

int vfio_ccw_pages_read(void *ctx, u64 guest, __be64 *to);
void vfio_ccw_pages_read_end(struct vfio_ccw_reader *reader);
int vfio_ccw_pages_hold(struct vfio_ccw_keep *keep, struct cprog_page *page,
			u32 count, bool guesses, struct vfio_ccw_hold *hold);
void vfio_ccw_pages_release(struct vfio_ccw_keep *keep,
			    struct cprog_page *page, u32 count);
void vfio_ccw_pages_unpin(struct vfio_device *vdev, u64 guest, u32 count);
bool vfio_ccw_pages_overlap(const struct cprog_page *page, u32 count,
			    u64 guest, u64 length);

#endif
