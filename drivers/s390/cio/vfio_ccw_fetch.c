// SPDX-License-Identifier: GPL-2.0
/*
 * Which CCWs are part of a guest's channel program: reads each of them once,
 * decodes it and notes in which ways it can get control.
 */
#include <linux/errno.h>
#include <linux/string.h>
#include <asm/byteorder.h>

#include "vfio_ccw_cprog.h"

#define CCW_SIZE	8

/* Guesses are cheap to do without, so they get less room. */
#define MAX_GUESSES	256

/* The index of a guess too many: no CCW has this one. */
#define NO_CCW		(CPROG_MAX_CCWS + MAX_GUESSES)

/* A format-0 CCW in storage. */
struct ccw0 {
	__be32 cmd_cda;
	u8 flags;
	u8 ignored;
	__be16 count;
};

/**
 * cprog_runs_up_to() - Count the runs that start at or below an address.
 * @prog: the program
 * @guest: guest address
 */
u32 cprog_runs_up_to(const struct cprog *prog, u32 guest)
{
	u32 low = 0, high = prog->used[CPROG_RUN];

	while (low < high) {
		u32 middle = low + (high - low) / 2;

		if (prog->run[middle].guest <= guest)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/**
 * cprog_find() - Find the CCW at a guest address.
 * @prog: the program
 * @guest: guest address
 * @host: set to the index of its counterpart in cprog.host, if not NULL
 *
 * Return: The CCW, or NULL if the program has none there.
 */
struct cprog_ccw *cprog_find(const struct cprog *prog, u32 guest, u32 *host)
{
	u32 n = cprog_runs_up_to(prog, guest);
	const struct cprog_run *run;
	u32 index;

	if (!n)
		return NULL;
	run = &prog->run[n - 1];
	index = (guest - run->guest) / CCW_SIZE;
	if (index >= run->count)
		return NULL;
	if (host)
		*host = run->host + index;
	return &prog->ccw[run->first + index];
}

static void decode0(struct cprog_ccw *ccw, const struct ccw0 *raw)
{
	u32 word = be32_to_cpu(raw->cmd_cda);

	ccw->cmd = word >> 24;
	ccw->cda = word & 0xffffff;
	/* Neither the upper half of a TIC's code nor its second word counts. */
	if ((ccw->cmd & 0x0f) == CPROG_CMD_TIC) {
		ccw->cmd = CPROG_CMD_TIC;
		ccw->state |= CPROG_TIC;
		return;
	}
	ccw->flags = raw->flags;
	ccw->count = be16_to_cpu(raw->count);
	/* Invalid count.  In the host's format zero would be valid. */
	if (!ccw->count)
		ccw->state |= CPROG_REFUSED;
}

static void decode1(struct cprog_ccw *ccw, const struct cprog_ccw1 *raw)
{
	ccw->cmd = raw->cmd;
	ccw->flags = raw->flags;
	ccw->count = be16_to_cpu(raw->count);
	ccw->cda = be32_to_cpu(raw->cda);
	if (ccw->cmd == CPROG_CMD_TIC) {
		ccw->state |= CPROG_TIC;
		if (ccw->flags || ccw->count)
			ccw->state |= CPROG_REFUSED;
	}
}

/* Read and decode the CCW at ccw->guest. */
static int read_ccw(struct cprog_work *work, struct cprog_ccw *ccw)
{
	union {
		struct ccw0 format0;
		struct cprog_ccw1 format1;
	} raw;
	int ret = -EFAULT;

	if (ccw->guest <= work->limit && !(ccw->guest % CCW_SIZE))
		ret = work->services->read(work->ctx, ccw->guest, &raw,
					   sizeof(raw));
	if (ret == -EFAULT) {
		ccw->state |= CPROG_REFUSED | CPROG_UNREADABLE;
		return 0;
	}
	if (ret)
		return ret;

	if (work->format1)
		decode1(ccw, &raw.format1);
	else
		decode0(ccw, &raw.format0);

	/* Invalid in whatever way the CCW gets control. */
	if (ccw->cda > work->limit ||
	    (ccw->state & CPROG_TIC ? ccw->cda % CCW_SIZE != 0
				    : ccw->flags & CPROG_CCW_MIDA))
		ccw->state |= CPROG_REFUSED;
	if (ccw->flags & CPROG_CCW_IDA && !(ccw->state & CPROG_REFUSED))
		work->idal = true;
	return 0;
}

/*
 * Make room in the last CCW of a run at @guest, given the number of runs that
 * start below it.  The CCWs of a run lie together, so only the run that got a
 * CCW last can grow; another one is continued by a run that touches it.
 */
static int extend_runs(struct cprog_work *work, u32 n, u32 guest)
{
	struct cprog *prog = work->prog;
	struct cprog_run *run;
	int ret;

	if (n) {
		run = &prog->run[n - 1];
		if (guest == run->guest + run->count * CCW_SIZE &&
		    run->first + run->count == prog->used[CPROG_CCW]) {
			run->count++;
			return 0;
		}
	}

	ret = cprog_room(work, CPROG_RUN, prog->used[CPROG_RUN] + 1);
	if (ret)
		return ret;
	run = &prog->run[n];
	memmove(run + 1, run, (prog->used[CPROG_RUN] - n) * sizeof(*run));
	prog->used[CPROG_RUN]++;
	*run = (struct cprog_run){
		.guest = guest,
		.count = 1,
		.first = prog->used[CPROG_CCW],
	};
	work->near = n + 1;
	return 0;
}

/* Get the index of the CCW at @guest, which is read if it is new. */
static int get_ccw(struct cprog_work *work, u32 guest, bool guess)
{
	struct cprog *prog = work->prog;
	u32 used = prog->used[CPROG_CCW];
	u32 n = work->near;
	struct cprog_ccw *ccw;
	int ret;

	/* Next to the last one, as a rule. */
	if (!n || prog->run[n - 1].guest > guest ||
	    (n < prog->used[CPROG_RUN] && prog->run[n].guest <= guest)) {
		n = cprog_runs_up_to(prog, guest);
		work->near = n;
	}
	if (n) {
		const struct cprog_run *run = &prog->run[n - 1];
		u32 index = (guest - run->guest) / CCW_SIZE;

		if (index < run->count)
			return run->first + index;
	}

	if (guess && work->guesses == MAX_GUESSES)
		return NO_CCW;
	if (!guess && used == CPROG_MAX_CCWS)
		return -E2BIG;

	ret = cprog_room(work, CPROG_CCW, used + 1);
	if (ret)
		return ret;
	ccw = &prog->ccw[used];
	*ccw = (struct cprog_ccw){ .guest = guest };
	if (guess) {
		ccw->state = CPROG_GUESS;
		work->guesses++;
	}
	ret = read_ccw(work, ccw);
	if (ret)
		return ret;
	ret = extend_runs(work, n, guest);
	if (ret)
		return ret;
	prog->used[CPROG_CCW]++;
	return used;
}

/* What the next CCW goes on with, after one that got control as @reach. */
static u8 next_reach(const struct cprog_ccw *ccw, u8 reach)
{
	if (ccw->flags & CPROG_CCW_CD) {
		u8 data = reach & ~CPROG_OWN;

		if (reach & CPROG_OWN)
			data |= cprog_direction(ccw->cmd);
		return data;
	}
	return ccw->flags & CPROG_CCW_CC ? CPROG_OWN : 0;
}

/*
 * Follow the program from @guest on, until it ends or comes to where it has
 * been before in the same way: a CCW is passed once for each bit of its
 * cprog_ccw.reach at most.
 */
static int follow(struct cprog_work *work, u32 guest, u8 reach, bool guess)
{
	struct cprog *prog = work->prog;
	bool after_tic = !prog->used[CPROG_CCW];
	u32 from = 0;

	while (reach) {
		int index = get_ccw(work, guest, guess);
		struct cprog_ccw *ccw;

		if (index < 0)
			return index;
		if (index == NO_CCW)
			break;
		ccw = &prog->ccw[index];
		if (ccw->state & CPROG_REFUSED)
			break;

		/* A TIC can follow neither the ORB nor another TIC. */
		if (ccw->state & CPROG_TIC && after_tic)
			break;

		reach &= ~ccw->reach;
		if (guess && !(ccw->state & CPROG_GUESS)) {
			/*
			 * A guess must not change what the program means, so
			 * it ends here.  A command that is not the program's
			 * is none (see host_ccw()), but nothing would stop
			 * data chaining except to refuse where it came from.
			 */
			if (reach & ~CPROG_OWN)
				prog->ccw[from].state |= CPROG_REFUSED;
			break;
		}
		ccw->reach |= reach;

		after_tic = ccw->state & CPROG_TIC;
		if (after_tic) {
			guest = ccw->cda;
		} else if (reach) {
			reach = next_reach(ccw, reach);
			guest += CCW_SIZE;
		}
		from = index;
	}
	return 0;
}

/*
 * Whether a program that can skip the CCW behind @ccw plainly means to: else
 * the CCW after that may be something else altogether.
 */
static bool skip_needed(const struct cprog *prog, const struct cprog_ccw *ccw)
{
	const struct cprog_ccw *next = cprog_find(prog, ccw->guest + CCW_SIZE,
						  NULL);

	if (!next || next->state & CPROG_REFUSED)
		return false;
	/* A loop "search, TIC back" can be left by skipping the TIC alone. */
	if (next->state & CPROG_TIC)
		return next->cda <= ccw->guest;
	return next->flags & (CPROG_CCW_CD | CPROG_CCW_CC);
}

/*
 * Follow the program where it skips a CCW: with command chaining, the device
 * can ask for that at the end of each command (status modifier).
 */
static int follow_skips(struct cprog_work *work, bool guess)
{
	struct cprog *prog = work->prog;

	/* This adds CCWs, and these are looked at in turn. */
	for (u32 i = 0; i < prog->used[CPROG_CCW]; i++) {
		const struct cprog_ccw *ccw = &prog->ccw[i];
		int ret;

		if (ccw->state & (CPROG_TIC | CPROG_REFUSED) ||
		    (ccw->flags & (CPROG_CCW_CD | CPROG_CCW_CC)) !=
			    CPROG_CCW_CC)
			continue;
		/* A command that is part of the program anyway, as a rule. */
		if (i + 2 < prog->used[CPROG_CCW] &&
		    ccw[2].guest == ccw->guest + 2 * CCW_SIZE &&
		    ccw[2].reach & CPROG_OWN)
			continue;
		if (!guess && !skip_needed(prog, ccw))
			continue;
		ret = follow(work, ccw->guest + 2 * CCW_SIZE, CPROG_OWN, guess);
		if (ret)
			return ret;
	}
	return 0;
}

/**
 * cprog_fetch() - Find and read all CCWs that a program can come to.
 * @work: the translation, cprog.cpa being set
 *
 * What the device would have to skip to, though nothing tells that the program
 * is made for it, is a guess: there need not be a CCW at all.  Guesses come
 * after everything else, are few, and nothing in them fails the translation.
 *
 * Return: 0; -E2BIG if there are more than CPROG_MAX_CCWS; what a service said.
 */
int cprog_fetch(struct cprog_work *work)
{
	int ret = follow(work, work->prog->cpa, CPROG_OWN, false);

	if (!ret)
		ret = follow_skips(work, false);
	if (!ret)
		ret = follow_skips(work, true);
	return ret;
}
