// SPDX-License-Identifier: GPL-2.0
/*
 * From addresses that the channel stored, which are the host's, to the guest's.
 */
#include <asm/byteorder.h>

#include "vfio_ccw_cprog.h"

/*
 * Which place of the guest does a place of the host stand for?  What is behind
 * a run counts too: the channel may have been refused there.
 */
static u32 guest_place(const struct cprog *prog, u32 index)
{
	u32 low = 0, high = prog->used[CPROG_RUN];
	const struct cprog_run *run;

	if (prog->entry && index >= prog->entry)
		return prog->cpa + (index - prog->entry) * CPROG_CCW_SIZE;

	/* The last run that starts there or before; run 0 starts at 0. */
	while (high - low > 1) {
		u32 middle = low + (high - low) / 2;

		if (prog->run[middle].host <= index)
			low = middle;
		else
			high = middle;
	}
	run = &prog->run[low];
	return run->guest + (index - run->host) * CPROG_CCW_SIZE;
}

/* The place of the host that comes before a CCW address. */
static bool host_place(const struct cprog *prog, u32 host_cpa, u32 *index)
{
	u32 offset = host_cpa - CPROG_CCW_SIZE - prog->host_addr;

	*index = offset / CPROG_CCW_SIZE;
	return !(offset % CPROG_CCW_SIZE) && *index < prog->used[CPROG_HOST];
}

/**
 * cprog_guest_ccw() - Map the CCW address of a subchannel status word back.
 * @prog: the program that ran
 * @host_cpa: eight more than the host address of a CCW
 * @guest_cpa: set to eight more than that CCW's guest address
 *
 * Return: Whether the address is part of the host's program.
 */
bool cprog_guest_ccw(const struct cprog *prog, u32 host_cpa, u32 *guest_cpa)
{
	u32 index;

	if (!host_place(prog, host_cpa, &index))
		return false;
	*guest_cpa = (guest_place(prog, index) + CPROG_CCW_SIZE) & 0x7fffffff;
	return true;
}

/**
 * cprog_guest_data() - Map a data address back.
 * @prog: the program that ran
 * @host: address of a byte in host memory
 * @guest: set to the address of the same byte in the guest
 *
 * Return: Whether the byte is in one of the program's pages.
 */
bool cprog_guest_data(const struct cprog *prog, u64 host, u64 *guest)
{
	u64 offset = host & CPROG_IDAW_OFFSET;

	for (u32 i = 0; i < prog->used[CPROG_PAGE]; i++) {
		if (prog->page[i].host != host - offset)
			continue;
		*guest = cprog_page_guest(&prog->page[i]) + offset;
		return true;
	}
	return false;
}

/**
 * cprog_find_stop() - Where does a suspended program stand?
 * @prog: the program, suspended
 * @host_cpa: the CCW address of its subchannel status word
 * @stop: set to the place
 *
 * Not every channel subsystem stores the address when it suspends (QEMU's does
 * not).  A program with one stop can only stand there; with several, one that
 * the address does not name, it is taken to stand at the first.
 *
 * Return: Whether there is such a place.
 */
bool cprog_find_stop(const struct cprog *prog, u32 host_cpa,
		     struct cprog_stop *stop)
{
	const struct cprog_ccw *ccw = NULL;
	u32 index;

	if (!prog->stops)
		return false;
	if (prog->stops > 1 && host_place(prog, host_cpa, &index))
		ccw = cprog_find(prog, guest_place(prog, index), NULL);
	if (!ccw || !(ccw->state & CPROG_STOP))
		ccw = &prog->ccw[prog->first_stop];
	cprog_find(prog, ccw->guest, &index);
	*stop = (struct cprog_stop){
		.ccw = &prog->host[index],
		.guest = ccw->guest,
		.is_break = ccw->state & CPROG_BREAK,
	};
	return true;
}
