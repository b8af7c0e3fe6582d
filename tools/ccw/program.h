/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Building a channel program in guest storage
 *
 * A program is an array of CCW slots of one format. The adders take the next
 * slot, turn a data area into a direct address or an IDAL as the program was
 * told, and return the slot's number or a negative errno. ccw_prog_raw() puts
 * anything anywhere: tests need wrong programs as well.
 */
#ifndef CCW_PROGRAM_H
#define CCW_PROGRAM_H

#include "cio.h"
#include "mem.h"

enum ccw_addressing {
	CCW_DIRECT,	/* the CCW holds the data address */
	CCW_IDAL1,	/* 31-bit IDAWs of 2 KiB blocks */
	CCW_IDAL2_2K,	/* 64-bit IDAWs of 2 KiB blocks */
	CCW_IDAL2_4K,	/* 64-bit IDAWs of 4 KiB blocks */
};

struct ccw_prog {
	struct ccw_mem *mem;
	__u8 *slots;
	unsigned int room;
	unsigned int used;
	int format;		/* 0 or 1 */
	enum ccw_addressing how;
	__u32 ctrl;		/* extra ORB word 1 bits */
	__u8 lpm;
};

/* Room for @slots CCWs; 0 or -ENOMEM. */
int ccw_prog_init(struct ccw_prog *prog, struct ccw_mem *mem, unsigned int slots,
		  int format, enum ccw_addressing how);

/* Transfer @count bytes at guest address @data. */
int ccw_prog_add(struct ccw_prog *prog, __u8 cmd, __u8 flags, __u64 data, __u16 count);
/* The fields as they are, no IDAL. */
int ccw_prog_raw(struct ccw_prog *prog, __u8 cmd, __u8 flags, __u32 addr, __u16 count);
/* Transfer in channel to slot @slot, which may come later. */
int ccw_prog_tic(struct ccw_prog *prog, unsigned int slot);

/* Guest address of a slot. */
__u32 ccw_prog_addr(const struct ccw_prog *prog, unsigned int slot);
/* Rewrite the flags of a slot. */
void ccw_prog_set_flags(struct ccw_prog *prog, unsigned int slot, __u8 flags);
/* The ORB that starts the program at its first slot. */
void ccw_prog_orb(const struct ccw_prog *prog, struct cio_orb *orb);

unsigned int ccw_block_size(enum ccw_addressing how);
/* How many IDAWs an area needs. */
unsigned int ccw_idal_words(enum ccw_addressing how, __u64 data, __u32 count);
/*
 * Write an IDAL of @words blocks given one by one. Its guest address, or 0 when
 * storage is exhausted or an address does not fit the format.
 */
__u32 ccw_idal_list(struct ccw_mem *mem, enum ccw_addressing how, const __u64 *blocks,
		    unsigned int words);

/* Write one CCW of the given format at @slot. */
void ccw_put(void *slot, int format, __u8 cmd, __u8 flags, __u32 addr, __u16 count);

#endif
