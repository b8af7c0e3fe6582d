// SPDX-License-Identifier: GPL-2.0
/*
 * Which CCWs are part of a guest's channel program, and in which ways each of
 * them can get control: follows the program as the channel would, by whatever
 * the device may do.
 */
#include <linux/minmax.h>

#include "vfio_ccw_cprog.h"

static void add_stop(struct cprog *prog, struct cprog_ccw *ccw, bool is_break)
{
	if (is_break && !(ccw->state & CPROG_BREAK)) {
		ccw->state |= CPROG_BREAK;
		prog->breaks++;
	}
	if (ccw->state & CPROG_STOP)
		return;
	ccw->state |= CPROG_STOP;
	if (!prog->stops++)
		prog->first_stop = ccw - prog->ccw;
}

/* What the next CCW goes on with, after one that got control as @reach. */
static u8 next_reach(const struct cprog_ccw *ccw, u8 reach)
{
	if (ccw->flags & CPROG_CCW_CD) {
		u8 data = reach & ~CPROG_OWN;

		if (reach & CPROG_OWN)
			data |= cprog_direction(ccw->cmd);
		if (ccw->state & CPROG_CHANGES)
			data |= CPROG_CHANGED;
		return data;
	}
	return ccw->flags & CPROG_CCW_CC ? CPROG_OWN : 0;
}

/* Whether what comes after a CCW has to be fetched when the channel gets there. */
static bool breaks_behind(const struct cprog_ccw *ccw)
{
	return !(ccw->flags & CPROG_CCW_CD) && ccw->flags & CPROG_CCW_CC &&
	       (ccw->state & CPROG_CHANGES || ccw->reach & CPROG_CHANGED);
}

/* Have the program stop behind the CCW at @guest, also if that skips one. */
static int add_breaks(struct cprog_work *work, u32 guest)
{
	for (u32 i = 1; i <= 2; i++) {
		int index = cprog_get(work, guest + i * CPROG_CCW_SIZE, false);

		if (index < 0)
			return index;
		add_stop(work->prog, &work->prog->ccw[index], true);
	}
	return 0;
}

/* A command that was not come to before, and nothing else, as nearly all are. */
static inline bool is_new_command(const struct cprog_ccw *ccw)
{
	return !ccw->state && !ccw->reach &&
	       !(ccw->flags & (CPROG_CCW_CD | CPROG_CCW_SUSPEND));
}

/*
 * Follow the program from @guest on, until it ends or comes to where it has
 * been before in the same way: a CCW is passed once for each bit of its
 * cprog_ccw.reach at most.
 */
static int follow(struct cprog_work *work, u32 guest, u8 reach, bool guess)
{
	struct cprog *prog = work->prog;
	bool after_tic = work->first && !prog->resumed;
	u32 from = 0;

	work->first = false;
	while (reach) {
		int index = cprog_get(work, guest, guess);
		struct cprog_ccw *ccw;

		if (index < 0)
			return index;
		if (index == CPROG_NO_CCW)
			break;
		ccw = &prog->ccw[index];
		/* What all that is below would make of it. */
		if (reach == CPROG_OWN && !guess && is_new_command(ccw)) {
			ccw->reach = CPROG_OWN;
			reach = next_reach(ccw, CPROG_OWN);
			guest += CPROG_CCW_SIZE;
			after_tic = false;
			from = index;
			continue;
		}
		if (ccw->state & CPROG_REFUSED)
			break;
		if (!(ccw->state & CPROG_TIC) && ccw->flags & CPROG_CCW_SUSPEND)
			add_stop(prog, ccw, false);

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
		if (ccw->state & CPROG_STOP)
			break;

		after_tic = ccw->state & CPROG_TIC;
		if (after_tic) {
			guest = ccw->cda;
		} else if (reach && breaks_behind(ccw)) {
			return add_breaks(work, guest);
		} else if (reach) {
			reach = next_reach(ccw, reach);
			guest += CPROG_CCW_SIZE;
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
	const struct cprog_ccw *next = cprog_find(prog, ccw->guest + CPROG_CCW_SIZE,
						  NULL);

	if (!next || next->state & CPROG_REFUSED)
		return false;
	/* A loop "search, TIC back" can be left by skipping the TIC alone. */
	if (next->state & CPROG_TIC)
		return next->cda <= ccw->guest;
	return next->flags & (CPROG_CCW_CD | CPROG_CCW_CC);
}

/*
 * Pass, from CCW number @i on, what leads by skipping a CCW to a command that is
 * part of the program anyway, as nearly all do.
 */
static u32 pass_plain(const struct cprog *prog, u32 i)
{
	const struct cprog_ccw *end = prog->ccw + prog->used[CPROG_CCW];
	const struct cprog_ccw *ccw = prog->ccw + i;

	while (end - ccw > 2 && ccw[2].reach & CPROG_OWN &&
	       ccw[2].guest == ccw->guest + 2 * CPROG_CCW_SIZE)
		ccw++;
	return ccw - prog->ccw;
}

/*
 * Follow the program where it skips a CCW: with command chaining, the device
 * can ask for that at the end of each command (status modifier).
 */
static int follow_skips(struct cprog_work *work, u32 from, bool guess)
{
	struct cprog *prog = work->prog;

	/* This adds CCWs, and these are looked at in turn. */
	for (u32 i = pass_plain(prog, from); i < prog->used[CPROG_CCW];
	     i = pass_plain(prog, i + 1)) {
		const struct cprog_ccw *ccw = &prog->ccw[i];
		bool stops = ccw->state & CPROG_STOP;
		int ret;

		/* The first one runs before the program comes to stop there. */
		if (!i && prog->resumed && !(ccw->flags & CPROG_CCW_SUSPEND))
			stops = false;
		if (!ccw->reach || stops || breaks_behind(ccw) ||
		    ccw->state & (CPROG_TIC | CPROG_REFUSED) ||
		    (ccw->flags & (CPROG_CCW_CD | CPROG_CCW_CC)) !=
			    CPROG_CCW_CC)
			continue;
		work->skips = min(work->skips, i);
		if (!guess) {
			if (!skip_needed(prog, ccw))
				continue;
			/* This may lead to where it was not looked for. */
			work->skips = 0;
		}
		ret = follow(work, ccw->guest + 2 * CPROG_CCW_SIZE, CPROG_OWN, guess);
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

	work->skips = CPROG_NO_CCW;
	if (!ret)
		ret = follow_skips(work, 0, false);
	if (!ret)
		ret = follow_skips(work, work->skips, true);
	return ret;
}

/**
 * cprog_fetch_breaks() - See again what a program comes to, with breaks.
 * @work: the translation, cprog_find_changes() having found some
 *
 * Nothing is decoded again.  What is behind a break may not be part of the
 * program at all, and is no longer.
 *
 * Return: As cprog_fetch().
 */
int cprog_fetch_breaks(struct cprog_work *work)
{
	struct cprog *prog = work->prog;

	for (u32 i = 0; i < prog->used[CPROG_CCW]; i++) {
		prog->ccw[i].reach = 0;
		prog->ccw[i].state &= ~CPROG_STOP;
	}
	prog->stops = 0;
	work->first = true;
	return cprog_fetch(work);
}
