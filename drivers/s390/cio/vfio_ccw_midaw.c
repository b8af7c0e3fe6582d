// SPDX-License-Identifier: GPL-2.0
/*
 * Modified IDAWs: a list of pieces of storage, each with a length of its own.
 * The host's list has an entry for each of the guest's, as that lies in a page
 * whole.  Lengths and flags are the guest's, and the channel's to judge.
 */
#include <linux/errno.h>
#include <linux/minmax.h>
#include <linux/string.h>
#include <asm/byteorder.h>

#include "vfio_ccw_cprog.h"

/* A MIDAW in storage: reserved bits, flags and count; then the address. */
struct midaw {
	__be64 head;
	__be64 addr;
};

#define MIDAW_COUNT		0xffffULL
#define MIDAW_LAST		0x800000ULL
#define MIDAW_SKIP		0x400000ULL
#define MIDAW_RESERVED		0xffffffffff1f0000ULL

/* In host IDAWs what one takes. */
#define WORDS			2

/* Instead of a page's index, until cprog_bind_midaws(): nothing to complete. */
#define SINK			0x8000000000000000ULL

/* Refused in each way that the architecture knows. */
static const struct midaw refused_midaw = {
	.head = cpu_to_be64(MIDAW_RESERVED),
	.addr = cpu_to_be64(CPROG_IDAW_REFUSED),
};

static struct midaw *host_midaw(const struct cprog *prog, u32 list, u32 k)
{
	return (struct midaw *)cprog_idaw(prog, list + k * WORDS);
}

/*
 * Put entry number @n on the list.  It must not cross a page, and nobody knows
 * in advance how long it is, so it may have to move.
 */
static int add_midaw(struct cprog_work *work, u32 *list, u32 n,
		     struct midaw midaw)
{
	u32 old = *list, index;
	int ret = cprog_new_idal(work, WORDS, &index);

	if (ret)
		return ret;
	if (!n) {
		*list = index;
	} else if (index % CPROG_IDAWS_PER_PAGE == 0) {
		*list = index;
		ret = cprog_new_idal(work, n * WORDS, &index);
		if (ret)
			return ret;
		memcpy(host_midaw(work->prog, *list, 0),
		       host_midaw(work->prog, old, 0), n * CPROG_MIDAW_SIZE);
	}
	*host_midaw(work->prog, *list, n) = midaw;
	return 0;
}

/* Whether the channel accepts it, lengths aside. */
static bool midaw_valid(u64 head, u64 addr, bool skip)
{
	u64 count = head & MIDAW_COUNT;

	return !(head & MIDAW_RESERVED) && count &&
	       (skip || addr % CPROG_PAGE_SIZE + count <= CPROG_PAGE_SIZE);
}

/* Put a guest's MIDAW, which is valid, on the list for the host. */
static int translate(struct cprog_work *work, const struct cprog_ccw *ccw,
		     u8 as, u32 *list, u32 n, struct midaw midaw)
{
	u64 addr = be64_to_cpu(midaw.addr);
	u64 offset = addr & CPROG_IDAW_OFFSET;

	if (be64_to_cpu(midaw.head) & MIDAW_SKIP && !(as & CPROG_OUT)) {
		addr = SINK | work->prog->sink;
	} else {
		int page = cprog_list_page(work, addr - offset +
					   cprog_page_bits(ccw, as));

		if (page < 0)
			return page;
		addr = (u64)page << CPROG_IDAW_PAGE_SHIFT | offset;
	}
	midaw.addr = cpu_to_be64(addr);
	return add_midaw(work, list, n, midaw);
}

/**
 * cprog_midaws() - Give a CCW its host MIDAWs.
 * @work: the translation
 * @ccw: has MIDAWs, and transfers; will be refused if the channel would not
 *	even start to
 * @as: how it transfers: CPROG_OUT, CPROG_IN or both; CPROG_BACK is refused
 *
 * A list lies in a page; so it is in guest memory as a whole, or not at all.
 *
 * Return: 0; -E2BIG if the program has more than CPROG_MAX_MIDAWS; what a
 *	service said.
 */
int cprog_midaws(struct cprog_work *work, struct cprog_ccw *ccw, u8 as)
{
	u32 room = (CPROG_PAGE_SIZE - ccw->cda % CPROG_PAGE_SIZE) /
		   CPROG_MIDAW_SIZE;
	u32 left = ccw->count;
	u32 list = 0, n = 0;
	int ret = 0;

	if (ccw->cda % CPROG_MIDAW_SIZE || as & CPROG_BACK)
		goto out;
	work->idaws += work->idaws % WORDS;

	while (left && n < room) {
		struct midaw midaw;
		const void *at;
		u64 head, addr;
		bool skip;

		ret = cprog_look(work, ccw->cda + n * CPROG_MIDAW_SIZE, &at);
		if (ret == -EFAULT)
			break;
		if (ret)
			return ret;
		midaw = *(const struct midaw *)at;
		head = be64_to_cpu(midaw.head);
		addr = be64_to_cpu(midaw.addr);
		skip = head & MIDAW_SKIP && !(as & CPROG_OUT);
		if (!midaw_valid(head, addr, skip))
			break;
		if (work->midaws == CPROG_MAX_MIDAWS) {
			if (!(ccw->state & CPROG_GUESS))
				return -E2BIG;
			break;
		}
		work->midaws++;
		ret = translate(work, ccw, as, &list, n, midaw);
		if (ret)
			return ret;
		n++;
		left -= min_t(u32, left, head & MIDAW_COUNT);
		if (head & MIDAW_LAST)
			break;
	}
out:
	if (!n) {
		ccw->state |= CPROG_REFUSED;
		return 0;
	}
	/* Nothing else may be taken for one more entry. */
	if (n < CPROG_PAGE_SIZE / CPROG_MIDAW_SIZE) {
		ret = add_midaw(work, &list, n, refused_midaw);
		if (ret)
			return ret;
	}
	ccw->idaw = list;
	ccw->idaws = n;
	return 0;
}

/**
 * cprog_midaw_block() - What storage does a MIDAW stand for?
 * @prog: the program, translated, not yet complete
 * @ccw: has MIDAWs
 * @k: number of the MIDAW
 * @first: set to its first byte in the guest
 * @last: set to its last byte
 *
 * Return: Whether the channel may store there.
 */
bool cprog_midaw_block(const struct cprog *prog, const struct cprog_ccw *ccw,
		       u32 k, u64 *first, u64 *last)
{
	const struct midaw *midaw = host_midaw(prog, ccw->idaw, k);
	u64 addr = be64_to_cpu(midaw->addr);
	const struct cprog_page *page;

	if (addr & SINK)
		return false;
	page = &prog->page[addr >> CPROG_IDAW_PAGE_SHIFT];
	*first = cprog_page_guest(page) + (addr & CPROG_IDAW_OFFSET);
	*last = *first + (be64_to_cpu(midaw->head) & MIDAW_COUNT) - 1;
	return page->what & CPROG_PAGE_WRITE;
}

/**
 * cprog_bind_midaws() - Complete a list of MIDAWs.
 * @prog: the program; its pages have their host addresses
 * @ccw: has MIDAWs
 *
 * Return: False if the channel would have refused its first entry.
 */
bool cprog_bind_midaws(const struct cprog *prog, const struct cprog_ccw *ccw)
{
	bool valid = true;

	for (u32 k = 0; k < ccw->idaws; k++) {
		struct midaw *midaw = host_midaw(prog, ccw->idaw, k);
		u64 addr = be64_to_cpu(midaw->addr);
		u64 host = 0;

		if (!(addr & SINK))
			host = prog->page[addr >> CPROG_IDAW_PAGE_SHIFT].host;
		valid = valid && host != CPROG_NO_PAGE;
		if (!valid)
			*midaw = refused_midaw;
		else if (addr & SINK)
			midaw->addr = cpu_to_be64(addr & ~SINK);
		else
			midaw->addr = cpu_to_be64(host +
						  (addr & CPROG_IDAW_OFFSET));
		if (!valid && !k)
			return false;
	}
	return true;
}
