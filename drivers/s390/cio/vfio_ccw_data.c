// SPDX-License-Identifier: GPL-2.0
/*
 * The storage that a CCW transfers: finds its blocks, from the data address or
 * from the guest's IDAL; puts their pages on the list of those to pin; builds
 * the host's IDAL.
 */
#include <linux/errno.h>
#include <asm/byteorder.h>

#include "vfio_ccw_cprog.h"

/**
 * struct transfer - what one CCW is to transfer
 * @ccw: the CCW
 * @flip: an address of the transfer, with these bits inverted, rises: zero, or
 *	all ones if the transfer runs to lower addresses
 * @page: bits of its pages, see struct cprog_page
 */
struct transfer {
	struct cprog_ccw *ccw;
	u64 flip;
	u64 page;
};

/* How many blocks a CCW touches that starts at @addr. */
static inline u32 count_blocks(const struct cprog_work *work,
			       const struct transfer *transfer, u64 addr)
{
	u32 before = (addr ^ transfer->flip) & work->mask;

	return (before + transfer->ccw->count + work->mask) >> work->shift;
}

/*
 * Put a page on the list, which has room, if it is not one of the last there.  A
 * page for storing into and the same page for fetching only are two: it may be
 * that the guest's memory allows one of them only.  Returns the page's index.
 */
static inline u32 list_page(struct cprog_work *work, u64 what)
{
	u32 *recent = &work->recent[what / CPROG_PAGE_SIZE % CPROG_RECENT_PAGES];
	struct cprog *prog = work->prog;
	u32 used = prog->used[CPROG_PAGE];

	if (*recent < used && prog->page[*recent].what == what)
		return *recent;

	prog->page[used] = (struct cprog_page){
		.what = what,
		.host = CPROG_NO_PAGE,
	};
	prog->used[CPROG_PAGE] = used + 1;
	*recent = used;
	return used;
}

/**
 * cprog_list_page() - Put a page on the list, if it is not one of the last there.
 * @work: the translation
 * @what: the page, see struct cprog_page
 *
 * Return: Its index in cprog.page; what a service said.
 */
int cprog_list_page(struct cprog_work *work, u64 what)
{
	int ret = cprog_room(work, CPROG_PAGE, work->prog->used[CPROG_PAGE] + 1);

	return ret ? ret : list_page(work, what);
}

static inline int new_idal(struct cprog_work *work, u32 count, u32 *index)
{
	u32 in_page = work->idaws % CPROG_IDAWS_PER_PAGE;

	if (!in_page || in_page + count > CPROG_IDAWS_PER_PAGE) {
		u32 page = (work->idaws + CPROG_IDAWS_PER_PAGE - 1) /
			   CPROG_IDAWS_PER_PAGE;
		int ret = cprog_room(work, CPROG_IDAW, page + 1);

		if (ret)
			return ret;
		work->prog->used[CPROG_IDAW] = page + 1;
		work->idaws = page * CPROG_IDAWS_PER_PAGE;
	}
	*index = work->idaws;
	work->idaws += count;
	return 0;
}

/**
 * cprog_new_idal() - Get room for an IDAL, which must not cross a page.
 * @work: the translation
 * @count: number of words
 * @index: set to the index of the first one
 *
 * Return: 0; what a service said.
 */
int cprog_new_idal(struct cprog_work *work, u32 count, u32 *index)
{
	return new_idal(work, count, index);
}

/* Get room for a CCW's IDAL, and for its pages on their list. */
static inline int start_idal(struct cprog_work *work, struct cprog_ccw *ccw,
			     u32 count)
{
	int ret = cprog_room(work, CPROG_PAGE,
			     work->prog->used[CPROG_PAGE] + count);

	if (!ret)
		ret = new_idal(work, count, &ccw->idaw);
	if (!ret)
		ccw->idaws = count;
	return ret;
}

/* Make an IDAW, for the part of a block that begins at @addr. */
static inline void put_idaw(struct cprog_work *work, u64 page_bits, __be64 *idaw,
			    u64 addr)
{
	u64 offset = addr & CPROG_IDAW_OFFSET;
	u64 page = list_page(work, addr - offset + page_bits);

	*idaw = cpu_to_be64(page << CPROG_IDAW_PAGE_SHIFT | offset);
}

/* The list for a CCW that has the data address itself. */
static inline int put_direct(struct cprog_work *work,
			     const struct transfer *transfer)
{
	struct cprog_ccw *ccw = transfer->ccw;
	bool backward = transfer->flip;
	u64 addr = ccw->cda;
	u64 mask = work->mask;
	u32 count, left;
	__be64 *idaw;
	int ret;

	count = count_blocks(work, transfer, addr);
	ret = start_idal(work, ccw, count);
	if (ret)
		return ret;
	idaw = cprog_idaw(work->prog, ccw->idaw);
	put_idaw(work, transfer->page, idaw, addr);
	if (count == 1)
		return 0;

	/* Blocks between the first one and the end of what CCWs can address. */
	left = (backward ? addr : work->limit - addr) >> work->shift;
	addr = backward ? addr | mask : addr & ~mask;
	for (u32 k = 1; k < count; k++) {
		if (k > left) {
			cprog_refuse_idaws(idaw + k, count - k);
			break;
		}
		addr = backward ? addr - mask - 1 : addr + mask + 1;
		put_idaw(work, transfer->page, idaw + k, addr);
	}
	return 0;
}

/* Find a word of a guest's IDAL.  Bit 0 of one of format 1 must be zero. */
static inline int look_at_idaw(struct cprog_work *work, u32 list, u64 *addr)
{
	const void *word;
	int ret = cprog_look(work, list, &word);

	if (ret)
		return ret;
	if (work->idaw2) {
		*addr = be64_to_cpu(*(const __be64 *)word);
		return 0;
	}
	*addr = be32_to_cpu(*(const __be32 *)word);
	return *addr > 0x7fffffff ? -EFAULT : 0;
}

/*
 * The list for a CCW that has the address of an IDAL.  The first word tells how
 * many there are; all others must be for the beginning of a block.
 */
static inline int put_idal(struct cprog_work *work,
			   const struct transfer *transfer)
{
	u32 size = work->idaw2 ? sizeof(__be64) : sizeof(__be32);
	struct cprog_ccw *ccw = transfer->ccw;
	u32 list = ccw->cda;
	__be64 *idaw;
	u32 left;
	u64 addr;
	int ret = -EFAULT;

	if (!(list & (size - 1)))
		ret = look_at_idaw(work, list, &addr);
	if (ret == -EFAULT) {
		ccw->state |= CPROG_REFUSED;
		return 0;
	}
	if (ret)
		return ret;

	left = count_blocks(work, transfer, addr);
	ret = start_idal(work, ccw, left);
	if (ret)
		return ret;
	idaw = cprog_idaw(work->prog, ccw->idaw);
	for (;;) {
		put_idaw(work, transfer->page, idaw, addr);
		if (!--left)
			return 0;
		idaw++;
		list += size;
		ret = look_at_idaw(work, list, &addr);
		if (ret || (addr ^ transfer->flip) & work->mask)
			break;
	}
	if (ret && ret != -EFAULT)
		return ret;
	cprog_refuse_idaws(idaw, left);
	return 0;
}

/*
 * A CCW that transfers nothing gets an IDAL all the same: should a channel
 * transfer for it, then not by an address that the guest chose.
 */
static int point_nowhere(struct cprog_work *work, struct cprog_ccw *ccw,
			 bool backward)
{
	u32 *nothing = &work->nothing[backward];

	if (!*nothing) {
		u32 count = (65535 >> work->shift) + 2;
		u64 addr = work->prog->sink + (backward ? CPROG_PAGE_SIZE - 1 : 0);
		u32 index;
		int ret = cprog_new_idal(work, count, &index);

		if (ret)
			return ret;
		for (u32 k = 0; k < count; k++)
			*cprog_idaw(work->prog, index + k) = cpu_to_be64(addr);
		*nothing = index + 1;
	}
	ccw->idaw = *nothing - 1;
	return 0;
}

/* The directions of a CCW that goes on with commands, or is one, or both. */
static inline u8 directions(const struct cprog_ccw *ccw)
{
	u8 as = ccw->served & CPROG_DATA;

	if (ccw->served & CPROG_OWN && ccw->cmd != CPROG_CMD_NOP)
		as |= cprog_direction(ccw->cmd);
	if (ccw->flags & CPROG_CCW_SKIP)
		as &= ~CPROG_STORES;
	return ccw->count ? as : 0;
}

static bool both_ways(u8 as)
{
	return as & CPROG_BACK && as & (CPROG_IN | CPROG_OUT);
}

/*
 * Give a CCW its host IDAL, or refuse it if the channel would not even start to
 * transfer.
 */
static inline int find_data(struct cprog_work *work, struct cprog_ccw *ccw)
{
	struct transfer transfer = { .ccw = ccw };
	u8 as;

	ccw->served = ccw->reach & (CPROG_OWN | CPROG_DATA);
	ccw->idaws = 0;
	as = directions(ccw);
	/* An IDAL serves one way.  Going on with a command comes first. */
	if (both_ways(as)) {
		ccw->served &= ~CPROG_OWN;
		as = directions(ccw);
		if (both_ways(as)) {
			ccw->state |= CPROG_REFUSED;
			return 0;
		}
	}
	if (!as)
		return point_nowhere(work, ccw, cprog_backward(ccw));

	if (ccw->flags & CPROG_CCW_MIDA)
		return cprog_midaws(work, ccw, as);

	if (as & CPROG_BACK)
		transfer.flip = ~0ULL;
	transfer.page = cprog_page_bits(ccw, as);
	return ccw->flags & CPROG_CCW_IDA ? put_idal(work, &transfer)
					  : put_direct(work, &transfer);
}

/**
 * cprog_find_data() - Give each CCW the data that it has not got yet.
 * @work: the translation, all CCWs being known
 *
 * Return: 0; -E2BIG if there are more than CPROG_MAX_MIDAWS MIDAWs; what a
 *	service said.
 */
int cprog_find_data(struct cprog_work *work)
{
	struct cprog_ccw *ccw = work->prog->ccw;
	const struct cprog_ccw *end = ccw + work->prog->used[CPROG_CCW];

	for (; ccw < end; ccw++) {
		u8 missing = ccw->reach & ~ccw->served;
		int ret;

		if (!(missing & (CPROG_OWN | CPROG_DATA)) ||
		    ccw->state & (CPROG_TIC | CPROG_REFUSED | CPROG_STOP))
			continue;
		ret = find_data(work, ccw);
		if (ret)
			return ret;
	}
	return 0;
}
