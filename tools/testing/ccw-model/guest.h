/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A guest for the native tests: a few pages of storage, and what the translator
 * asks of its surroundings.
 */
#ifndef CCW_MODEL_GUEST_H
#define CCW_MODEL_GUEST_H

#include <linux/types.h>

#include "vfio_ccw_translate.h"

#define PAGE		4096
#define GUEST_PAGES	48

/* Where things are in the host: all apart, so that an overrun hits nothing. */
#define HOST_CCWS	0x01000000u
#define HOST_IDAWS	0x02000000u
#define HOST_IDAWS_STEP	0x3000u
#define HOST_SINK	0x03000000u
#define HOST_DATA	0x100000000ULL
#define HOST_DATA_STEP	0x5000u

/**
 * struct guest_page - a page of guest storage
 * @addr: guest address
 * @host: host address
 * @write: whether the host lets devices store into it
 * @data: content
 * @reads: how often each byte was read
 */
struct guest_page {
	u64 addr;
	u64 host;
	bool write;
	u8 data[PAGE];
	u8 reads[PAGE];
};

/**
 * struct guest - a guest, and the translator's memory for its program
 * @prog: the program
 * @page: storage
 * @pages: number of pages there
 * @count_reads: whether to keep count of reads
 * @noise: if not zero, the guest rewrites its storage while it is being read:
 *	state of a generator of what is read
 * @fail_grow: the grow() call to fail, counting from 1; 0 for none
 * @grows: number of grow() calls
 * @fail_read: the read() call to fail with -EIO, counting from 1; 0 for none
 * @reads: number of read() calls
 */
struct guest {
	struct cprog prog;
	struct guest_page page[GUEST_PAGES];
	u32 pages;
	bool count_reads;
	u64 noise;
	u32 fail_grow;
	u32 grows;
	u32 fail_read;
	u32 reads;
};

extern const struct cprog_services guest_services;

void guest_init(struct guest *guest);
void guest_free(struct guest *guest);
void guest_add(struct guest *guest, u64 addr, bool write);
struct guest_page *guest_page(struct guest *guest, u64 addr);
void guest_store(struct guest *guest, u64 addr, const void *from, u32 len);
int guest_translate(struct guest *guest, u32 flags, u32 cpa);
void guest_bind(struct guest *guest);

#endif
