// SPDX-License-Identifier: GPL-2.0
/*
 * Programs that change themselves: a command reads over CCWs or IDAWs that the
 * channel comes to later, as initial program load does.  An ORB that does not
 * allow prefetching promises that the channel sees the change.
 *
 * The host's program is a copy and sees none.  So it stops (a break) where the
 * command's chain of data ends, and the caller has the rest translated anew.
 * What cannot be stopped is data chaining: a CCW that the command which it
 * belongs to changes is refused, and so is one whose list of IDAWs it changes.
 *
 * To stop where it need not costs time only.  So what is not known exactly, such
 * as which IDAWs lie where in a page, is taken for changed.
 */
#include <linux/minmax.h>
#include <asm/byteorder.h>

#include "vfio_ccw_cprog.h"

/* Pages that lists lie in, by their number modulo this; a multiple of 8. */
#define LIST_PAGES	4096

/* CCWs of one command's data that are looked at; a longer chain is refused. */
#define MAX_DATA_CHAIN	32

/**
 * struct range - some bytes of guest storage
 * @first: address of the first one
 * @last: address of the last one
 */
struct range {
	u64 first;
	u64 last;
};

static bool overlap(const struct range *a, const struct range *b)
{
	return a->first <= b->last && b->first <= a->last;
}

/* Where a CCW's list of IDAWs or MIDAWs is, at most; also if it is bad now. */
static bool find_list(const struct cprog_work *work,
		      const struct cprog_ccw *ccw, struct range *list)
{
	u32 size;

	if (ccw->state & (CPROG_TIC | CPROG_UNREADABLE) || !ccw->count)
		return false;
	list->first = ccw->cda;
	if (ccw->flags & CPROG_CCW_MIDA) {
		size = ccw->idaws ? ccw->idaws * CPROG_MIDAW_SIZE
				  : CPROG_PAGE_SIZE;
	} else if (ccw->flags & CPROG_CCW_IDA) {
		size = ccw->idaws ?: (ccw->count >> work->shift) + 2;
		size *= work->idaw2 ? sizeof(__be64) : sizeof(__be32);
	} else {
		return false;
	}
	list->last = list->first + size - 1;
	return true;
}

/**
 * struct target - what must not change unseen
 * @prog: the program, for its CCWs
 * @list_pages: a bit for each page number that lists may lie in
 */
struct target {
	const struct cprog *prog;
	u8 list_pages[LIST_PAGES / 8];
};

static void note_lists(const struct cprog_work *work, struct target *target)
{
	const struct cprog *prog = target->prog;

	for (u32 i = 0; i < prog->used[CPROG_CCW]; i++) {
		struct range list;
		u64 page;

		if (!find_list(work, &prog->ccw[i], &list))
			continue;
		for (page = list.first / CPROG_PAGE_SIZE;
		     page <= list.last / CPROG_PAGE_SIZE; page++)
			target->list_pages[page % LIST_PAGES / 8] |=
				1 << page % 8;
	}
}

static bool hits_ccw(const struct cprog *prog, const struct range *block)
{
	const struct cprog_run *run;
	u32 n;

	if (block->first > 0x7fffffff)
		return false;
	n = cprog_runs_up_to(prog, min_t(u64, block->last, 0x7fffffff));
	if (!n)
		return false;
	run = &prog->run[n - 1];
	return block->first < (u64)run->guest + run->count * CPROG_CCW_SIZE;
}

/* A block lies in a page. */
static bool hits_program(const void *with, const struct range *block)
{
	const struct target *target = with;
	u64 page = block->first / CPROG_PAGE_SIZE;

	return hits_ccw(target->prog, block) ||
	       target->list_pages[page % LIST_PAGES / 8] & 1 << page % 8;
}

static bool hits_range(const void *with, const struct range *block)
{
	return overlap(with, block);
}

/* Block number @k of a CCW with IDAWs, of which @left bytes are to transfer. */
static bool find_block(const struct cprog_work *work,
		       const struct cprog_ccw *ccw, u32 k, u32 left,
		       struct range *block)
{
	u64 word = be64_to_cpu(*cprog_idaw(work->prog, ccw->idaw + k));
	const struct cprog_page *page;

	if (word == CPROG_IDAW_REFUSED)
		return false;
	page = &work->prog->page[word >> CPROG_IDAW_PAGE_SHIFT];
	block->first = cprog_page_guest(page) + (word & CPROG_IDAW_OFFSET);
	block->last = block->first;
	if (cprog_backward(ccw))
		block->first -= min(left - 1, (u32)block->last & work->mask);
	else
		block->last += min(left - 1, ~(u32)block->first & work->mask);
	return page->what & CPROG_PAGE_WRITE;
}

/*
 * Look at what a CCW stores, block by block, until @hit likes one.  Its list is
 * not complete yet.
 */
static bool any_block(const struct cprog_work *work,
		      const struct cprog_ccw *ccw,
		      bool (*hit)(const void *with, const struct range *block),
		      const void *with)
{
	u32 left = ccw->count;

	for (u32 k = 0; k < ccw->idaws && left; k++) {
		struct range block;

		if (ccw->flags & CPROG_CCW_MIDA) {
			if (!cprog_midaw_block(work->prog, ccw, k,
					       &block.first, &block.last))
				continue;
		} else {
			if (!find_block(work, ccw, k, left, &block))
				return false;
			left -= block.last - block.first + 1;
		}
		if (hit(with, &block))
			return true;
	}
	return false;
}

static bool changes_list(const struct cprog_work *work,
			 const struct cprog_ccw *ccw,
			 const struct cprog_ccw *other)
{
	struct range list;

	return find_list(work, other, &list) &&
	       any_block(work, ccw, hits_range, &list);
}

static bool changes_ccw(const struct cprog_work *work,
			const struct cprog_ccw *ccw,
			const struct cprog_ccw *other)
{
	struct range place = {
		.first = other->guest,
		.last = other->guest + CPROG_CCW_SIZE - 1,
	};

	return any_block(work, ccw, hits_range, &place);
}

/* Whether the data of a command goes on behind a CCW; a TIC hands that on. */
static bool chains_data(const struct cprog_ccw *ccw)
{
	return ccw->flags & CPROG_CCW_CD || ccw->state & CPROG_TIC;
}

/* Refuse the CCWs of a command's data that @ccw, one of them, changes. */
static void refuse_data(const struct cprog_work *work, struct cprog_ccw *ccw)
{
	struct cprog_ccw *next = ccw;

	if (changes_list(work, ccw, ccw)) {
		ccw->state |= CPROG_REFUSED;
		return;
	}
	for (u32 steps = 0; chains_data(next); steps++) {
		u32 guest = next->state & CPROG_TIC ?
			    next->cda : next->guest + CPROG_CCW_SIZE;

		next = cprog_find(work->prog, guest, NULL);
		if (!next || next->state & CPROG_REFUSED)
			return;
		if (steps == MAX_DATA_CHAIN || changes_ccw(work, ccw, next) ||
		    changes_list(work, ccw, next)) {
			next->state |= CPROG_REFUSED;
			return;
		}
	}
}

/**
 * cprog_find_changes() - Mark the CCWs that may change their own program.
 * @work: the translation, all CCWs having their data
 *
 * Return: Whether there are any.
 */
bool cprog_find_changes(struct cprog_work *work)
{
	struct cprog *prog = work->prog;
	struct target target = { .prog = prog };
	bool any = false;

	note_lists(work, &target);
	for (u32 i = 0; i < prog->used[CPROG_CCW]; i++) {
		struct cprog_ccw *ccw = &prog->ccw[i];

		if (!any_block(work, ccw, hits_program, &target))
			continue;
		any = true;
		ccw->state |= CPROG_CHANGES;
		refuse_data(work, ccw);
		/* No break may come of what the program hardly means. */
		if (ccw->state & CPROG_GUESS)
			ccw->state |= CPROG_REFUSED;
	}
	return any;
}
