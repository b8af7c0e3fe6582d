// SPDX-License-Identifier: GPL-2.0
/* ECKD parameter lists and track data */
#include <string.h>

#include "eckd.h"

void eckd_track_set(struct eckd_track *track, __u32 cyl, __u32 head)
{
	track->cyl = cio_be16(cyl & 0xffff);
	track->head = cio_be16((cyl >> 16) << 4 | (head & 0xf));
}

__u32 eckd_track_cyl(const struct eckd_track *track)
{
	return (__u32)(cio_16(track->head) >> 4) << 16 | cio_16(track->cyl);
}

__u32 eckd_track_head(const struct eckd_track *track)
{
	return cio_16(track->head) & 0xf;
}

void eckd_extent_set(struct eckd_extent *extent, __u8 mask, __u16 block_size, __u32 cyl,
		     __u32 head, __u32 last_cyl, __u32 last_head)
{
	memset(extent, 0, sizeof(*extent));
	extent->mask = mask;
	extent->attributes = ECKD_ATTR_ECKD;
	extent->block_size = cio_be16(block_size);
	eckd_track_set(&extent->first, cyl, head);
	eckd_track_set(&extent->last, last_cyl, last_head);
}

void eckd_locate_set(struct eckd_locate *locate, __u8 operation, __u8 count, __u32 cyl,
		     __u32 head, __u8 record)
{
	memset(locate, 0, sizeof(*locate));
	locate->operation = operation;
	locate->count = count;
	eckd_track_set(&locate->seek, cyl, head);
	eckd_track_set(&locate->search, cyl, head);
	locate->record = record;
	locate->sector = ECKD_SECTOR_ANY;
}

__u32 eckd_record_size(const struct eckd_count *count)
{
	return sizeof(*count) + count->key_len + cio_16(count->data_len);
}

const struct eckd_count *eckd_record(const void *at, __u32 size)
{
	const struct eckd_count *count = at;

	if (size < sizeof(*count) || !memcmp(at, ECKD_TRACK_END, sizeof(*count)))
		return NULL;
	return eckd_record_size(count) <= size ? count : NULL;
}
