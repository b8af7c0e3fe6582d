/* SPDX-License-Identifier: GPL-2.0 */
/*
 * ECKD DASD: commands, their parameter lists, and what they return
 *
 * Layouts as in the 3990 storage control reference. Cylinders above 65,535 put
 * their upper bits into the head field, as large volumes do.
 */
#ifndef CCW_ECKD_H
#define CCW_ECKD_H

#include "cio.h"

#define ECKD_WRITE_DATA		0x05
#define ECKD_READ_DATA		0x06
#define ECKD_READ_COUNT		0x12
#define ECKD_WRITE_CKD		0x1d
#define ECKD_READ_CKD		0x1e
#define ECKD_LOCATE_RECORD	0x47
#define ECKD_DEFINE_EXTENT	0x63
#define ECKD_RDC		0x64
#define ECKD_WRITE_DATA_MT	0x85
#define ECKD_READ_DATA_MT	0x86
#define ECKD_READ_COUNT_MT	0x92
#define ECKD_READ_TRACK		0xde

/* Address of a track as parameters and count fields hold it. */
struct eckd_track {
	__be16 cyl;
	__be16 head;
};

struct eckd_count {
	struct eckd_track track;
	__u8 record;
	__u8 key_len;
	__be16 data_len;
};

struct eckd_extent {
	__u8 mask;
	__u8 attributes;
	__be16 block_size;
	__u8 cache[4];
	struct eckd_track first;
	struct eckd_track last;
};

#define ECKD_MASK_NO_WRITE	0x40
#define ECKD_MASK_UPDATE	0x80
#define ECKD_MASK_ALL_WRITES	0xc0
#define ECKD_ATTR_ECKD		0xc0

struct eckd_locate {
	__u8 operation;
	__u8 auxiliary;
	__u8 zero;
	__u8 count;
	struct eckd_track seek;
	struct eckd_track search;
	__u8 record;
	__u8 sector;
	__be16 length_factor;
};

#define ECKD_OP_ORIENT		0x00
#define ECKD_OP_WRITE_DATA	0x01
#define ECKD_OP_FORMAT_WRITE	0x03
#define ECKD_OP_READ_DATA	0x06
#define ECKD_OP_READ_TRACKS	0x0c
#define ECKD_OP_READ		0x16
#define ECKD_SECTOR_ANY		0xff
#define ECKD_AUX_LENGTH		0x80	/* length_factor is valid */

/* READ DEVICE CHARACTERISTICS, the first bytes of 64 */
struct eckd_rdc {
	__u8 cu_type[2];
	__u8 cu_model;
	__u8 dev_type[2];
	__u8 dev_model;
	__u8 facilities[4];
	__u8 dev_class;
	__u8 unit_type;
	__be16 cylinders;
	__be16 heads;
	__u8 sectors;
	__u8 track_len[3];
	__u8 rest[44];
};

struct ccw_sense_id {
	__u8 valid;	/* 0xff */
	__u8 cu_type[2];
	__u8 cu_model;
	__u8 dev_type[2];
	__u8 dev_model;
};

static_assert(sizeof(struct eckd_count) == 8, "count field");
static_assert(sizeof(struct eckd_extent) == 16, "define extent");
static_assert(sizeof(struct eckd_locate) == 16, "locate record");
static_assert(sizeof(struct eckd_rdc) == 64, "device characteristics");
static_assert(sizeof(struct ccw_sense_id) == 7, "sense ID");

#define ECKD_TRACK_END "\xff\xff\xff\xff\xff\xff\xff\xff"

void eckd_track_set(struct eckd_track *track, __u32 cyl, __u32 head);
__u32 eckd_track_cyl(const struct eckd_track *track);
__u32 eckd_track_head(const struct eckd_track *track);

/* Tracks from @cyl/@head to @last_cyl/@last_head, both included. */
void eckd_extent_set(struct eckd_extent *extent, __u8 mask, __u16 block_size, __u32 cyl,
		     __u32 head, __u32 last_cyl, __u32 last_head);
/* @count records (or tracks) from @record of a track. */
void eckd_locate_set(struct eckd_locate *locate, __u8 operation, __u8 count, __u32 cyl,
		     __u32 head, __u8 record);

/*
 * The next record in the data of a READ TRACK, NULL at the end marker or when
 * what follows does not fit: @size bytes are left at @at.
 */
const struct eckd_count *eckd_record(const void *at, __u32 size);
__u32 eckd_record_size(const struct eckd_count *count);

#endif
