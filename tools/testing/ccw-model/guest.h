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

/*
 * Where things are in the host: all apart, so that an overrun hits nothing; and
 * where they are for the parts of a program that are translated later.
 */
#define HOST_CCWS	0x01000000u
#define HOST_CCWS_PART	0x00100000u
#define HOST_IDAWS	0x02000000u
#define HOST_IDAWS_PART	0x00400000u
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
 * @saved: what @data was before the program ran
 * @dirty: whether it is something else now
 */
struct guest_page {
	u64 addr;
	u64 host;
	bool write;
	u8 data[PAGE];
	u8 reads[PAGE];
	u8 saved[PAGE];
	bool dirty;
};

/**
 * struct guest - a guest, and the translator's memory for its program
 * @prog: the program
 * @part: parts of it that are translated later, one after the other
 * @page: storage
 * @pages: number of pages there
 * @count_reads: whether to keep count of reads
 * @noise: if not zero, the guest rewrites its storage while it is being read:
 *	state of a generator of what is read
 * @fail_grow: the grow() call to fail, counting from 1; 0 for none
 * @grows: number of grow() calls
 * @fail_read: the read() call to fail with -EIO, counting from 1; 0 for none
 * @reads: number of read() calls
 * @stored: bytes that devices have stored
 * @change: what the guest does to its storage while its program is suspended
 *	before the CCW at @cpa, as the script's byte @how has it
 */
struct guest {
	struct cprog prog;
	struct cprog part[2];
	struct guest_page page[GUEST_PAGES];
	u32 pages;
	bool count_reads;
	u64 noise;
	u32 fail_grow;
	u32 grows;
	u32 fail_read;
	u32 reads;
	u32 stored;
	void (*change)(struct guest *guest, u32 flags, u32 cpa, u8 how);
};

extern const struct cprog_services guest_services;

void guest_init(struct guest *guest);
void guest_free(struct guest *guest);
void guest_add(struct guest *guest, u64 addr, bool write);
struct guest_page *guest_page(struct guest *guest, u64 addr);
void guest_store(struct guest *guest, u64 addr, const void *from, u32 len);
void guest_overwrite(struct guest *guest, u64 addr, u32 length);
void guest_restore(struct guest *guest);
void guest_change(struct guest *guest, u32 flags, u32 cpa, u8 how);
u32 host_ccws(const struct guest *guest, const struct cprog *prog);
u32 host_idaws(const struct guest *guest, const struct cprog *prog);
int guest_translate(struct guest *guest, u32 flags, u32 cpa);
int guest_translate_part(struct guest *guest, struct cprog *prog, u32 flags,
			 u32 cpa);
void guest_bind(struct guest *guest, struct cprog *prog);

#endif
