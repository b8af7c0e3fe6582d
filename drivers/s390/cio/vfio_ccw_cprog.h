/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the translator's parts share: vfio_ccw_fetch.c reads the guest's CCWs,
 * vfio_ccw_follow.c finds which ones there are, vfio_ccw_data.c and
 * vfio_ccw_midaw.c the storage that these transfer, vfio_ccw_change.c which of
 * them change the program; vfio_ccw_translate.c writes the host's.  Others
 * include vfio_ccw_translate.h only.
 */
#ifndef VFIO_CCW_CPROG_H
#define VFIO_CCW_CPROG_H

#include <asm/byteorder.h>

#include "vfio_ccw_translate.h"

#define CPROG_CCW_SIZE		8

/* Guesses are cheap to do without, so they get less room. */
#define CPROG_MAX_GUESSES	256

/* The index of a guess too many: no CCW has this one. */
#define CPROG_NO_CCW		(CPROG_MAX_CCWS + CPROG_MAX_GUESSES)

#define CPROG_PAGE_SIZE		4096
#define CPROG_MIDAW_SIZE	16

#define CPROG_CMD_NOP		0x03
#define CPROG_CMD_TIC		0x08

/*
 * How a CCW can get control.  Under data chaining the channel ignores the
 * command code and goes on with the earlier command, so one CCW may move data
 * in one direction now and in another one later.
 */
#define CPROG_OWN		0x01	/* as a command: its code counts */
#define CPROG_OUT		0x02	/* goes on with a write or control */
#define CPROG_IN		0x04	/* goes on with a read or sense */
#define CPROG_BACK		0x08	/* goes on with a read backward */
#define CPROG_CHANGED		0x10	/* the command has changed the program */
#define CPROG_STORES		(CPROG_IN | CPROG_BACK)
#define CPROG_DATA		(CPROG_OUT | CPROG_STORES)

/* What is to be said of a CCW. */
#define CPROG_TIC		0x01	/* transfer in channel */
#define CPROG_REFUSED		0x02	/* the channel shall refuse it */
#define CPROG_UNREADABLE	0x04	/* not in guest memory: also REFUSED */
#define CPROG_GUESS		0x08	/* see cprog_fetch() */
#define CPROG_CHANGES		0x10	/* may store over the program */
#define CPROG_STOP		0x20	/* the channel suspends the program here */
#define CPROG_BREAK		0x40	/* so it does, but for our sake: also STOP */

/**
 * struct cprog_ccw - a CCW of the guest, decoded
 * @guest: where it is
 * @cda: its data address; for a TIC, the address of the next CCW
 * @idaw: index of the first of its host IDAWs
 * @count: bytes to transfer
 * @cmd: command code
 * @flags: CPROG_CCW_* flags
 * @reach: how it can get control, CPROG_OWN and so on
 * @served: for which of these its host IDAL was made
 * @state: CPROG_TIC and so on
 * @idaws: number of host IDAWs, or MIDAWs, that cprog_bind() has to complete
 */
struct cprog_ccw {
	u32 guest;
	u32 cda;
	u32 idaw;
	u16 count;
	u8 cmd;
	u8 flags;
	u8 reach;
	u8 served;
	u8 state;
	u16 idaws;
};

/* A guest address that no CCW has, nor anything that CCWs refer to. */
#define CPROG_NOWHERE		0xffffffffu

/* Pages to look at before a new one goes on the list; a power of two. */
#define CPROG_RECENT_PAGES	16

/**
 * struct cprog_work - a translation under way
 * @prog: the program
 * @services: what the surroundings offer
 * @ctx: for these
 * @limit: highest address that a CCW can name
 * @format1: whether the guest's CCWs have format 1
 * @idaw2: whether the guest's IDAWs have format 2
 * @suspend: whether the program may be suspended
 * @midaw: whether CCWs may have MIDAWs
 * @idal: whether a guest CCW has an IDAL
 * @first: whether no CCW was looked at yet
 * @skips: index of the first CCW behind which the device could skip one, if any
 * @guesses: number of CCWs that are guesses
 * @near: the number of runs that start at or below the address looked at last
 * @end: guest address behind the last of these, if that can grow, or
 *	CPROG_NOWHERE
 * @shift: log2 of the size of a block, that is of what an IDAW stands for
 * @mask: the bits of an address that are an offset in a block
 * @idaws: number of host IDAWs in use; a MIDAW takes the room of two
 * @midaws: number of guest MIDAWs
 * @nothing: one more than the index of an IDAL for CCWs that transfer nothing,
 *	forward and backward; zero if there is none yet
 * @recent: indexes of pages that went on the list lately
 * @line_at: guest address of @line, or CPROG_NOWHERE
 * @line: what was read last of the guest's memory
 */
struct cprog_work {
	struct cprog *prog;
	const struct cprog_services *services;
	void *ctx;
	u32 limit;
	bool format1;
	bool idaw2;
	bool suspend;
	bool midaw;
	bool idal;
	bool first;
	u32 skips;
	u32 guesses;
	u32 near;
	u32 end;
	u32 shift;
	u32 mask;
	u32 idaws;
	u32 midaws;
	u32 nothing[2];
	u32 recent[CPROG_RECENT_PAGES];
	u32 line_at;
	__be64 line[CPROG_LINE_SIZE / sizeof(__be64)];
};

/*
 * An IDAW that the channel must refuse: no machine has storage there, and after
 * the first one of a list it is wrong for being neither the first nor the last
 * byte of a block.
 */
#define CPROG_IDAW_REFUSED	0x7ffffffffffff001ULL

/* The page's index in cprog.page, above the offset, until cprog_bind(). */
#define CPROG_IDAW_PAGE_SHIFT	12
#define CPROG_IDAW_OFFSET	0xfffULL

int cprog_read_line(struct cprog_work *work, u32 guest);

static inline int cprog_room(const struct cprog_work *work,
			     enum cprog_array which, u32 count)
{
	if (count <= work->prog->room[which])
		return 0;
	return work->services->grow(work->ctx, work->prog, which, count);
}

/*
 * Find what the guest has at an address, a multiple of the size of what is
 * looked for: in a copy, which the guest cannot change.  Returns what the
 * service said.
 */
static inline int cprog_look(struct cprog_work *work, u32 guest, const void **at)
{
	u32 offset = guest % CPROG_LINE_SIZE;

	*at = (const u8 *)work->line + offset;
	return guest - offset == work->line_at ? 0 :
		cprog_read_line(work, guest - offset);
}

static inline __be64 *cprog_idaw(const struct cprog *prog, u32 index)
{
	return &prog->idaw[index / CPROG_IDAWS_PER_PAGE]
			.word[index % CPROG_IDAWS_PER_PAGE];
}

/* What the channel does not come to without a program check. */
static inline void cprog_refuse_idaws(__be64 *idaw, u32 count)
{
	while (count--)
		*idaw++ = cpu_to_be64(CPROG_IDAW_REFUSED);
}

static inline u32 cprog_idaw_addr(const struct cprog *prog, u32 index)
{
	return prog->idaw[index / CPROG_IDAWS_PER_PAGE].addr +
	       index % CPROG_IDAWS_PER_PAGE * sizeof(__be64);
}

/*
 * What a command does to storage.  Codes without a meaning go to the hardware
 * all the same, so they can do anything; but not those which only in format 1
 * are no TIC, for these are none anyhow.
 */
static inline u8 cprog_direction(u8 cmd)
{
	static const u8 direction[16] = {
		/* xxxx 0000 */
		CPROG_OUT | CPROG_IN, CPROG_OUT, CPROG_IN, CPROG_OUT,
		/* xxxx 0100, sense */
		CPROG_IN, CPROG_OUT, CPROG_IN, CPROG_OUT,
		/* xxxx 1000 */
		0, CPROG_OUT, CPROG_IN, CPROG_OUT,
		/* xxxx 1100 */
		CPROG_BACK, CPROG_OUT, CPROG_IN, CPROG_OUT,
	};

	return direction[cmd & 0xf];
}

/* What is asked of the pages of a CCW that transfers as @as says. */
static inline u64 cprog_page_bits(const struct cprog_ccw *ccw, u8 as)
{
	return (as & CPROG_STORES ? CPROG_PAGE_WRITE : 0) |
	       (ccw->state & CPROG_GUESS ? 0 : CPROG_PAGE_NEEDED);
}

/* Whether a CCW, which has its host IDAL, transfers to lower addresses. */
static inline bool cprog_backward(const struct cprog_ccw *ccw)
{
	return ccw->served & CPROG_BACK ||
	       (ccw->served & CPROG_OWN &&
		cprog_direction(ccw->cmd) == CPROG_BACK);
}

u32 cprog_runs_up_to(const struct cprog *prog, u32 guest);
struct cprog_ccw *cprog_find(const struct cprog *prog, u32 guest, u32 *host);
int cprog_get(struct cprog_work *work, u32 guest, bool guess);
int cprog_fetch(struct cprog_work *work);
int cprog_fetch_breaks(struct cprog_work *work);
bool cprog_find_changes(struct cprog_work *work);
int cprog_list_page(struct cprog_work *work, u64 what);
int cprog_new_idal(struct cprog_work *work, u32 count, u32 *index);
int cprog_find_data(struct cprog_work *work);
int cprog_midaws(struct cprog_work *work, struct cprog_ccw *ccw, u8 as);
bool cprog_midaw_block(const struct cprog *prog, const struct cprog_ccw *ccw,
		       u32 k, u64 *first, u64 *last);
bool cprog_bind_midaws(const struct cprog *prog, const struct cprog_ccw *ccw);

#endif
