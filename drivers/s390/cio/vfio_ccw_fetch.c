// SPDX-License-Identifier: GPL-2.0
/*
 * A guest's CCWs: reads them, decodes each once, and keeps them such that they are
 * found by their address.
 */
#include <linux/errno.h>
#include <linux/string.h>
#include <asm/byteorder.h>

#include "vfio_ccw_cprog.h"

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
	index = (guest - run->guest) / CPROG_CCW_SIZE;
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

static bool midaw_allowed(const struct cprog_work *work, u8 flags)
{
	return !(flags & CPROG_CCW_MIDA) ||
	       (work->midaw && !(flags & (CPROG_CCW_IDA | CPROG_CCW_SKIP)));
}

/**
 * cprog_read_line() - Read from guest memory.
 * @work: the translation
 * @guest: guest address, a multiple of CPROG_LINE_SIZE
 *
 * Return: 0; -EFAULT also if that is nothing a CCW can name; what the service
 *	said.
 */
int cprog_read_line(struct cprog_work *work, u32 guest)
{
	int ret = -EFAULT;

	if (guest <= work->limit)
		ret = work->services->read(work->ctx, guest, work->line);
	work->line_at = ret ? CPROG_NOWHERE : guest;
	return ret;
}

/* Read and decode the CCW at ccw->guest. */
static int read_ccw(struct cprog_work *work, struct cprog_ccw *ccw)
{
	int ret = -EFAULT;
	const void *raw;

	if (!(ccw->guest % CPROG_CCW_SIZE))
		ret = cprog_look(work, ccw->guest, &raw);
	if (ret == -EFAULT) {
		ccw->state |= CPROG_REFUSED | CPROG_UNREADABLE;
		return 0;
	}
	if (ret)
		return ret;

	if (work->format1)
		decode1(ccw, raw);
	else
		decode0(ccw, raw);

	/* Invalid in whatever way the CCW gets control. */
	if (ccw->cda > work->limit ||
	    (ccw->state & CPROG_TIC ? ccw->cda % CPROG_CCW_SIZE != 0
				    : !midaw_allowed(work, ccw->flags)))
		ccw->state |= CPROG_REFUSED;
	/* All else is looked at when the program is resumed, and read again. */
	if (ccw->flags & CPROG_CCW_SUSPEND && !(ccw->state & CPROG_TIC))
		ccw->state = work->suspend ? ccw->state & ~CPROG_REFUSED :
					     ccw->state | CPROG_REFUSED;
	if (ccw->flags & CPROG_CCW_IDA && !(ccw->state & CPROG_REFUSED))
		work->idal = true;
	return 0;
}

/*
 * Be near the end of the first @n runs from now on.  The CCWs of a run lie
 * together in cprog.ccw, so only the run that got a CCW last can grow.
 */
static void come_near(struct cprog_work *work, u32 n)
{
	const struct cprog *prog = work->prog;
	const struct cprog_run *run;

	work->near = n;
	work->end = CPROG_NOWHERE;
	if (!n)
		return;
	run = &prog->run[n - 1];
	if (run->first + run->count == prog->used[CPROG_CCW])
		work->end = run->guest + run->count * CPROG_CCW_SIZE;
}

/* Find the CCW at a guest address, or CPROG_NO_CCW. */
static u32 look_up(struct cprog_work *work, u32 guest)
{
	const struct cprog *prog = work->prog;
	u32 n = work->near;
	const struct cprog_run *run;
	u32 index;

	if (!n || prog->run[n - 1].guest > guest ||
	    (n < prog->used[CPROG_RUN] && prog->run[n].guest <= guest)) {
		n = cprog_runs_up_to(prog, guest);
		come_near(work, n);
	}
	if (!n)
		return CPROG_NO_CCW;
	run = &prog->run[n - 1];
	index = (guest - run->guest) / CPROG_CCW_SIZE;
	return index < run->count ? run->first + index : CPROG_NO_CCW;
}

/* Whether a CCW would continue the run that got one last, and is new. */
static inline bool is_next(const struct cprog_work *work, u32 guest)
{
	const struct cprog *prog = work->prog;

	return guest == work->end &&
	       (work->near == prog->used[CPROG_RUN] ||
		prog->run[work->near].guest != guest);
}

/* Begin a run, behind those that are near. */
static int add_run(struct cprog_work *work, u32 guest)
{
	struct cprog *prog = work->prog;
	u32 n = work->near;
	struct cprog_run *run;
	int ret;

	ret = cprog_room(work, CPROG_RUN, prog->used[CPROG_RUN] + 1);
	if (ret)
		return ret;
	run = &prog->run[n];
	memmove(run + 1, run, (prog->used[CPROG_RUN] - n) * sizeof(*run));
	prog->used[CPROG_RUN]++;
	*run = (struct cprog_run){
		.guest = guest,
		.first = prog->used[CPROG_CCW],
	};
	come_near(work, n + 1);
	return 0;
}

/**
 * cprog_get() - Get the CCW at a guest address, which is decoded if it is new.
 * @work: the translation
 * @guest: guest address
 * @guess: whether the program hardly means to come there
 *
 * Return: Its index in cprog.ccw; CPROG_NO_CCW if there were too many guesses;
 *	-E2BIG if there are too many others; what a service said.
 */
int cprog_get(struct cprog_work *work, u32 guest, bool guess)
{
	struct cprog *prog = work->prog;
	u32 used = prog->used[CPROG_CCW];
	struct cprog_ccw *ccw;
	int ret;

	if (!is_next(work, guest)) {
		u32 index = look_up(work, guest);

		if (index != CPROG_NO_CCW)
			return index;
	}
	if (guess && work->guesses == CPROG_MAX_GUESSES)
		return CPROG_NO_CCW;
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
	if (!ret && guest != work->end)
		ret = add_run(work, guest);
	if (ret)
		return ret;
	prog->run[work->near - 1].count++;
	work->end += CPROG_CCW_SIZE;
	prog->used[CPROG_CCW]++;
	return used;
}
