// SPDX-License-Identifier: GPL-2.0
/*
 * The storage that a CCW transfers: finds its blocks, from the data address or
 * from the guest's IDAL; puts their pages on the list of those to pin; builds
 * the host's IDAL.
 */
#include <linux/errno.h>
#include <linux/minmax.h>
#include <asm/byteorder.h>

#include "vfio_ccw_cprog.h"

/**
 * struct transfer - what one CCW is to transfer
 * @ccw: the CCW
 * @backward: whether the transfer runs to lower addresses
 * @write: whether the channel stores
 * @needed: whether the START fails without the pages
 */
struct transfer {
	struct cprog_ccw *ccw;
	bool backward;
	bool write;
	bool needed;
};

static u32 block_mask(const struct cprog_work *work)
{
	return (1u << work->shift) - 1;
}

/* How many blocks a CCW touches that starts at @addr. */
static u32 count_blocks(const struct cprog_work *work, bool backward, u64 addr,
			u32 bytes)
{
	u32 mask = block_mask(work);
	u32 before = (backward ? ~addr : addr) & mask;

	return (before + bytes + mask) >> work->shift;
}

/* Whether IDAW number @k is one that the channel accepts there. */
static bool idaw_valid(const struct cprog_work *work, bool backward, u32 k,
		       u64 addr)
{
	if (!work->idaw2 && addr > 0x7fffffff)
		return false;
	return !k || !((backward ? ~addr : addr) & block_mask(work));
}

/*
 * A page for storing into and the same page for fetching only are two: it may
 * be that the guest's memory allows one of them only.
 */
static inline int list_page(struct cprog_work *work, u64 guest, bool write,
			    bool needed, u32 *index)
{
	struct cprog *prog = work->prog;
	u32 used = prog->used[CPROG_PAGE];
	u32 *recent = &work->recent[guest / CPROG_PAGE_SIZE % CPROG_RECENT_PAGES];
	const struct cprog_page *page;
	int ret;

	if (*recent < used) {
		page = &prog->page[*recent];
		if (page->guest == guest && page->write == write &&
		    (page->needed || !needed)) {
			*index = *recent;
			return 0;
		}
	}

	ret = cprog_room(work, CPROG_PAGE, used + 1);
	if (ret)
		return ret;
	prog->page[used] = (struct cprog_page){
		.guest = guest,
		.host = CPROG_NO_PAGE,
		.write = write,
		.needed = needed,
	};
	prog->used[CPROG_PAGE]++;
	*recent = used;
	*index = used;
	return 0;
}

/**
 * cprog_list_page() - Put a page on the list, if it is not one of the last there.
 * @work: the translation
 * @guest: its guest address
 * @write: whether the channel may store into it
 * @needed: whether the START fails without it, see struct cprog_page
 * @index: set to its index in cprog.page
 *
 * Return: 0; what a service said.
 */
int cprog_list_page(struct cprog_work *work, u64 guest, bool write,
		    bool needed, u32 *index)
{
	return list_page(work, guest, write, needed, index);
}

static inline int new_idal(struct cprog_work *work, u32 count, u32 *index)
{
	u32 left = CPROG_IDAWS_PER_PAGE - work->idaws % CPROG_IDAWS_PER_PAGE;
	u32 pages;
	int ret;

	if (count > left)
		work->idaws += left;
	pages = work->idaws / CPROG_IDAWS_PER_PAGE + 1;
	ret = cprog_room(work, CPROG_IDAW, pages);
	if (ret)
		return ret;
	work->prog->used[CPROG_IDAW] = pages;
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

/* Make an IDAW, for the part of a block that begins at @addr. */
static inline int put_idaw(struct cprog_work *work,
			   const struct transfer *transfer, __be64 *idaw,
			   u64 addr)
{
	u64 offset = addr & CPROG_IDAW_OFFSET;
	u32 page;
	int ret = list_page(work, addr - offset, transfer->write,
			    transfer->needed, &page);

	if (!ret)
		*idaw = cpu_to_be64((u64)page << CPROG_IDAW_PAGE_SHIFT | offset);
	return ret;
}

/* What the channel would not come to without a program check. */
static void refuse_idaws(__be64 *idaw, u32 count)
{
	for (u32 k = 0; k < count; k++)
		idaw[k] = cpu_to_be64(CPROG_IDAW_REFUSED);
}

/* The list for a CCW that has the data address itself. */
static int put_direct(struct cprog_work *work, const struct transfer *transfer)
{
	struct cprog_ccw *ccw = transfer->ccw;
	bool backward = transfer->backward;
	u32 mask = block_mask(work);
	u64 size = mask + 1;
	u64 addr = ccw->cda;
	u32 count, left;
	__be64 *idaw;
	int ret;

	count = count_blocks(work, backward, addr, ccw->count);
	ret = new_idal(work, count, &ccw->idaw);
	if (ret)
		return ret;
	ccw->idaws = count;
	idaw = cprog_idaw(work->prog, ccw->idaw);
	ret = put_idaw(work, transfer, idaw, addr);
	if (count == 1)
		return ret;

	/* Blocks between the first one and the end of what CCWs can address. */
	left = (backward ? addr : work->limit - addr) >> work->shift;
	addr = backward ? addr | mask : addr & ~(u64)mask;
	for (u32 k = 1; k < count && !ret; k++) {
		if (k > left) {
			refuse_idaws(idaw + k, count - k);
			break;
		}
		addr = backward ? addr - size : addr + size;
		ret = put_idaw(work, transfer, idaw + k, addr);
	}
	return ret;
}

/*
 * The list for a CCW that has the address of an IDAL.  Its first word tells how
 * many there are; only what they are at least is read along with it.
 */
static int put_idal(struct cprog_work *work, const struct transfer *transfer)
{
	u32 shift = work->idaw2 ? 3 : 2;	/* log2 of a word's size */
	struct cprog_ccw *ccw = transfer->ccw;
	union {
		__be32 format1[CPROG_MAX_IDAWS];
		__be64 format2[CPROG_MAX_IDAWS];
	} raw;
	__be64 *idaw = NULL;
	u32 list = ccw->cda;
	u32 count, k = 0;
	int ret;

	count = (ccw->count + block_mask(work)) >> work->shift;
	if (list & ((1u << shift) - 1))
		goto out;

	while (k < count) {
		/* A piece lies in guest memory as a whole, or not at all. */
		u32 n = min(count - k,
			    (CPROG_PAGE_SIZE - list % CPROG_PAGE_SIZE) >> shift);

		ret = -EFAULT;
		if (list <= work->limit)
			ret = work->services->read(work->ctx, list, &raw,
						   n << shift);
		if (ret == -EFAULT)
			break;
		if (ret)
			return ret;
		list += n << shift;

		for (u32 i = 0; i < n; i++, k++) {
			u64 addr = work->idaw2 ? be64_to_cpu(raw.format2[i])
					       : be32_to_cpu(raw.format1[i]);

			if (!idaw_valid(work, transfer->backward, k, addr))
				goto out;
			if (!k) {
				count = count_blocks(work, transfer->backward,
						     addr, ccw->count);
				ret = new_idal(work, count, &ccw->idaw);
				if (ret)
					return ret;
				ccw->idaws = count;
				idaw = cprog_idaw(work->prog, ccw->idaw);
			}
			ret = put_idaw(work, transfer, idaw + k, addr);
			if (ret)
				return ret;
		}
	}
out:
	if (!k)
		ccw->state |= CPROG_REFUSED;
	else
		refuse_idaws(idaw + k, count - k);
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

/**
 * cprog_data() - Give a CCW its host IDAL.
 * @work: the translation
 * @ccw: no TIC, not refused yet; will be if the channel would not even start to
 *	transfer
 *
 * Return: 0; what a service said.
 */
int cprog_data(struct cprog_work *work, struct cprog_ccw *ccw)
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

	transfer.backward = as & CPROG_BACK;
	transfer.write = as & CPROG_STORES;
	transfer.needed = !(ccw->state & CPROG_GUESS);
	return ccw->flags & CPROG_CCW_IDA ? put_idal(work, &transfer)
					  : put_direct(work, &transfer);
}
