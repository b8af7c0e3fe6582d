// SPDX-License-Identifier: GPL-2.0
/*
 * The host's channel program: looks at the ORB, gives each guest CCW its place, and
 * writes the host's CCWs when the pages' addresses are known.
 *
 * Host CCWs lie as the guest's do: in the same order, and next to each other if
 * these are.  What is behind the last CCW of a run, and what the architecture
 * has the channel refuse, is a CCW which the channel refuses: so the check comes
 * when, and only if, the program gets there, and tells where.
 */
#include <linux/errno.h>
#include <linux/minmax.h>
#include <linux/stddef.h>
#include <asm/byteorder.h>

#include "vfio_ccw_cprog.h"

/* A CCW has an effect on the next two places: the second one if it skips. */
#define GUARDS		2

/* The first CCW and what leads on from there, see write_entry(). */
#define ENTRY		3

#define BLOCK_2K_SHIFT	11
#define BLOCK_4K_SHIFT	12

/*
 * Refused in whatever way the channel gets to it: as a command, for its code;
 * under data chaining, which ignores that, for its count; and always for bit 0
 * of the address.
 */
static const struct cprog_ccw1 refused_ccw = {
	.cda = cpu_to_be32(0x80000000),
};

/**
 * cprog_element_size() - Size of the elements of an array of struct cprog.
 * @which: the array; for CPROG_IDAW the table, not the pages
 */
size_t cprog_element_size(enum cprog_array which)
{
	switch (which) {
	case CPROG_CCW:
		return sizeof(struct cprog_ccw);
	case CPROG_RUN:
		return sizeof(struct cprog_run);
	case CPROG_PAGE:
		return sizeof(struct cprog_page);
	case CPROG_HOST:
		return sizeof(struct cprog_ccw1);
	default:
		return sizeof(struct cprog_idaw_page);
	}
}

/**
 * cprog_check_orb() - Look for what keeps a program from being started at all.
 * @orb: the guest's ORB
 *
 * Return: 0; -EIO for an operand exception; -EOPNOTSUPP for transport mode.
 */
int cprog_check_orb(const struct cprog_orb *orb)
{
	u32 flags = be32_to_cpu(orb->flags);

	/* The other mode has bits of its own. */
	if (flags & CPROG_ORB_TRANSPORT)
		return -EOPNOTSUPP;
	if (flags & CPROG_ORB_RESERVED || be32_to_cpu(orb->cpa) & 0x80000000)
		return -EIO;
	return 0;
}

/* Give each run its place among the host CCWs, and these theirs. */
static int lay_out(struct cprog_work *work)
{
	struct cprog *prog = work->prog;
	u32 end = 0;	/* of the run before, in the guest */
	u32 host = 0;

	for (u32 r = 0; r < prog->used[CPROG_RUN]; r++) {
		struct cprog_run *run = &prog->run[r];

		if (r)
			host += min_t(u32, (run->guest - end) /
				      sizeof(struct cprog_ccw1), GUARDS);
		run->host = host;
		host += run->count;
		end = run->guest + run->count * sizeof(struct cprog_ccw1);
	}
	prog->used[CPROG_HOST] = host + GUARDS;
	return cprog_room(work, CPROG_HOST, prog->used[CPROG_HOST] + ENTRY);
}

static u32 host_address(const struct cprog *prog, u32 index)
{
	return prog->host_addr + index * sizeof(struct cprog_ccw1);
}

static struct cprog_ccw1 host_tic(const struct cprog *prog,
				  const struct cprog_ccw *ccw)
{
	const struct cprog_ccw *target;
	u32 index;

	target = cprog_find(prog, ccw->cda, &index);
	if (!target || target->state & CPROG_UNREADABLE)
		return refused_ccw;
	return (struct cprog_ccw1){
		.cmd = CPROG_CMD_TIC,
		.cda = cpu_to_be32(host_address(prog, index)),
	};
}

/* The channel suspends here, and never runs it. */
static struct cprog_ccw1 stop_ccw(const struct cprog *prog)
{
	return (struct cprog_ccw1){
		.cmd = CPROG_CMD_NOP,
		.flags = CPROG_CCW_SUSPEND | CPROG_CCW_SLI,
		.count = cpu_to_be16(1),
		.cda = cpu_to_be32(prog->sink),
	};
}

/* What a CCW is for the host where the channel runs it. */
static inline struct cprog_ccw1 run_ccw(const struct cprog *prog,
					const struct cprog_ccw *ccw)
{
	bool command = ccw->reach & ccw->served & CPROG_OWN &&
		       cprog_direction(ccw->cmd);
	u8 flags = ccw->flags;

	if (ccw->state & CPROG_REFUSED || !ccw->reach)
		return refused_ccw;
	if (ccw->state & CPROG_TIC)
		return host_tic(prog, ccw);
	/* Nothing comes here in a way that no IDAL was made for. */
	if (ccw->reach & ~ccw->served & CPROG_DATA ||
	    !(ccw->reach & ccw->served))
		return refused_ccw;
	/* Nor is anything transferred by MIDAWs that were not looked at. */
	if (!ccw->idaws)
		flags &= ~CPROG_CCW_MIDA;
	if (!(flags & CPROG_CCW_MIDA))
		flags |= CPROG_CCW_IDA;
	/*
	 * Its data address was found for certain directions.  A command code
	 * that the program does not come to may want another one, so there is
	 * none: under data chaining it makes no difference.
	 */
	return (struct cprog_ccw1){
		.cmd = command ? ccw->cmd : 0,
		.flags = flags,
		.count = cpu_to_be16(ccw->count),
		.cda = cpu_to_be32(cprog_idaw_addr(prog, ccw->idaw)),
	};
}

/* A command and nothing else, as nearly all are: what run_ccw() makes of it. */
static inline bool is_plain(const struct cprog_ccw *ccw)
{
	return !ccw->state && ccw->reach == CPROG_OWN &&
	       ccw->served == CPROG_OWN && !(ccw->flags & CPROG_CCW_MIDA);
}

static inline struct cprog_ccw1 plain_ccw(const struct cprog *prog,
					  const struct cprog_ccw *ccw)
{
	return (struct cprog_ccw1){
		.cmd = cprog_direction(ccw->cmd) ? ccw->cmd : 0,
		.flags = ccw->flags | CPROG_CCW_IDA,
		.count = cpu_to_be16(ccw->count),
		.cda = cpu_to_be32(cprog_idaw_addr(prog, ccw->idaw)),
	};
}

static struct cprog_ccw1 host_ccw(const struct cprog *prog,
				  const struct cprog_ccw *ccw)
{
	if (!(ccw->state & CPROG_STOP))
		return run_ccw(prog, ccw);
	/* There is no suspending in the middle of a command. */
	return ccw->state & CPROG_BREAK || ccw->reach & CPROG_OWN
		       ? stop_ccw(prog) : refused_ccw;
}

/* To the CCW at a guest address, from behind a CCW. */
static struct cprog_ccw1 go_to(const struct cprog *prog, u32 guest)
{
	const struct cprog_ccw *ccw;
	u32 index;

	ccw = cprog_find(prog, guest, &index);
	if (!ccw)
		return refused_ccw;
	/* Two in a row are refused. */
	if (prog->host[index].cmd == CPROG_CMD_TIC)
		return prog->host[index];
	return (struct cprog_ccw1){
		.cmd = CPROG_CMD_TIC,
		.cda = cpu_to_be32(host_address(prog, index)),
	};
}

/*
 * The host's ORB, and with it the size of blocks.  It holds for the parts of a
 * program, too, that are translated later.
 */
static void host_orb(struct cprog_work *work, u32 guest)
{
	bool in_parts = guest & CPROG_ORB_SUSPEND ||
			!(guest & CPROG_ORB_PREFETCH);
	u32 host = guest | CPROG_ORB_FORMAT1 | CPROG_ORB_IDAW2;

	/* The guest's blocks, if it can have any. */
	host &= ~CPROG_ORB_IDAW_2K;
	work->shift = BLOCK_4K_SHIFT;
	if ((work->idal || in_parts) &&
	    (!work->idaw2 || guest & CPROG_ORB_IDAW_2K)) {
		work->shift = BLOCK_2K_SHIFT;
		host |= CPROG_ORB_IDAW_2K;
	}
	work->mask = (1u << work->shift) - 1;
	/* An immediate command has no incorrect length in format 0. */
	if (!work->format1)
		host |= CPROG_ORB_SUPPRESS;
	/* We are told of each stop, and keep to ourselves what the guest is not. */
	host &= ~CPROG_ORB_HIDE_SUSPEND;
	work->prog->host_flags = host;
}

/**
 * cprog_translate() - Make the host's channel program from the guest's.
 * @prog: where to; what it held before is gone
 * @orb: the guest's ORB, which cprog_check_orb() finds good
 * @services: what the surroundings offer
 * @ctx: for these
 *
 * Return: 0; -E2BIG if the program has more than CPROG_MAX_CCWS CCWs, or
 *	CPROG_MAX_MIDAWS MIDAWs; what a service said.
 */
int cprog_translate(struct cprog *prog, const struct cprog_orb *orb,
		    const struct cprog_services *services, void *ctx)
{
	u32 flags = be32_to_cpu(orb->flags);
	bool format1 = flags & CPROG_ORB_FORMAT1;
	bool idaw2 = flags & CPROG_ORB_IDAW2;
	struct cprog_work work = {
		.prog = prog,
		.services = services,
		.ctx = ctx,
		.limit = format1 ? 0x7fffffff : 0x00ffffff,
		.format1 = format1,
		.idaw2 = idaw2,
		.suspend = flags & CPROG_ORB_SUSPEND,
		.midaw = flags & CPROG_ORB_MIDAW,
		.first = true,
		.end = CPROG_NOWHERE,
		.line_at = CPROG_NOWHERE,
	};
	int ret;

	for (u32 i = 0; i < CPROG_ARRAYS; i++)
		prog->used[i] = 0;
	prog->stops = 0;
	prog->breaks = 0;
	prog->entry = 0;
	prog->cpa = be32_to_cpu(orb->cpa);

	ret = cprog_fetch(&work);
	if (ret)
		return ret;

	host_orb(&work, flags);
	ret = cprog_find_data(&work);
	if (ret)
		return ret;

	if (!(flags & CPROG_ORB_PREFETCH) && cprog_find_changes(&work)) {
		ret = cprog_fetch_breaks(&work);
		if (!ret)
			ret = cprog_find_data(&work);
		if (ret)
			return ret;
		prog->host_flags |= CPROG_ORB_SUSPEND;
	}
	return lay_out(&work);
}

/* Complete an IDAL.  False: the channel would have refused its first word. */
static bool bind_idal(const struct cprog *prog, const struct cprog_ccw *ccw)
{
	__be64 *first = cprog_idaw(prog, ccw->idaw);
	__be64 *end = first + ccw->idaws;
	__be64 *idaw;

	for (idaw = first; idaw < end; idaw++) {
		u64 word = be64_to_cpu(*idaw);
		u64 host = CPROG_NO_PAGE;

		if (word != CPROG_IDAW_REFUSED)
			host = prog->page[word >> CPROG_IDAW_PAGE_SHIFT].host;
		if (host == CPROG_NO_PAGE)
			break;
		*idaw = cpu_to_be64(host + (word & CPROG_IDAW_OFFSET));
	}
	if (idaw == end)
		return true;
	cprog_refuse_idaws(idaw, end - idaw);
	return idaw != first;
}

/* Complete what a CCW transfers.  False: the channel would not even start to. */
static inline bool bind_data(const struct cprog *prog, const struct cprog_ccw *ccw)
{
	if (!ccw->idaws)
		return true;
	return ccw->flags & CPROG_CCW_MIDA ? cprog_bind_midaws(prog, ccw)
					   : bind_idal(prog, ccw);
}

/*
 * Where does a program begin?  One that goes on behind a break may come to that
 * place again, and must stop there once more, but not now.  So its first CCW is
 * run elsewhere, with what leads on from there behind it.  One that the guest
 * has suspended again has nothing behind it that could break.
 */
static u32 write_entry(struct cprog *prog, bool refused)
{
	u32 free = prog->used[CPROG_HOST];
	const struct cprog_ccw *ccw;
	struct cprog_ccw1 first;
	u32 index;

	ccw = cprog_find(prog, prog->cpa, &index);
	if (!prog->resumed)
		return host_address(prog, index);

	first = refused ? refused_ccw : run_ccw(prog, ccw);
	/* A resumed program gets here by a TIC already. */
	if (first.cmd == CPROG_CMD_TIC)
		return be32_to_cpu(first.cda);
	if (!(ccw->state & CPROG_BREAK))
		return host_address(prog, index);

	prog->entry = free;
	prog->used[CPROG_HOST] += ENTRY;
	prog->host[free] = first;
	prog->host[free + 1] = go_to(prog, prog->cpa + CPROG_CCW_SIZE);
	prog->host[free + 2] = go_to(prog, prog->cpa + 2 * CPROG_CCW_SIZE);
	return host_address(prog, free);
}

/**
 * cprog_bind() - Write the host's program.
 * @prog: the program, translated; its pages have their host addresses
 *
 * A CCW whose transfer starts in a page without one is refused, before the
 * device knows of it; a transfer that comes to such a page later is refused
 * there.
 */
void cprog_bind(struct cprog *prog)
{
	struct cprog_ccw1 *host = prog->host;
	bool first_refused = false;

	for (u32 r = 0; r < prog->used[CPROG_RUN]; r++) {
		const struct cprog_run *run = &prog->run[r];
		const struct cprog_ccw *ccw = &prog->ccw[run->first];
		const struct cprog_ccw *end = ccw + run->count;

		while (host < &prog->host[run->host])
			*host++ = refused_ccw;
		for (; ccw < end; ccw++, host++) {
			bool refused = !bind_data(prog, ccw);

			if (refused && ccw->guest == prog->cpa)
				first_refused = true;
			if (refused && !(ccw->state & CPROG_STOP))
				*host = refused_ccw;
			else
				*host = is_plain(ccw) ? plain_ccw(prog, ccw)
						      : host_ccw(prog, ccw);
		}
	}
	while (host < &prog->host[prog->used[CPROG_HOST]])
		*host++ = refused_ccw;
	prog->host_cpa = write_entry(prog, first_refused);
}

/**
 * cprog_transfer() - A transfer in channel to a program.
 * @prog: the program, translated from where a suspended one goes on
 *
 * Return: The CCW to put in the place where that stands.
 */
struct cprog_ccw1 cprog_transfer(const struct cprog *prog)
{
	return (struct cprog_ccw1){
		.cmd = CPROG_CMD_TIC,
		.cda = cpu_to_be32(prog->host_cpa),
	};
}
