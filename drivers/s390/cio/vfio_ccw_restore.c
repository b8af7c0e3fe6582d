// SPDX-License-Identifier: GPL-2.0
/*
 * From addresses that the channel stored, which are the host's, to the guest's.
 */
#include <asm/byteorder.h>

#include "vfio_ccw_cprog.h"

#define CCW_SIZE	8

/**
 * cprog_guest_ccw() - Map the CCW address of a subchannel status word back.
 * @prog: the program that ran
 * @host_cpa: eight more than the host address of a CCW
 *
 * What stands behind a run counts too: the channel may have been refused there.
 *
 * Return: Eight more than that CCW's guest address, or, if the address is no
 *	part of the host's program, than that of the guest's first CCW.
 */
u32 cprog_guest_ccw(const struct cprog *prog, u32 host_cpa)
{
	u32 offset = host_cpa - CCW_SIZE - prog->host_addr;
	u32 index = offset / CCW_SIZE;
	u32 low = 0, high = prog->used[CPROG_RUN];
	u32 guest = prog->cpa;

	if (offset % CCW_SIZE == 0 && index < prog->used[CPROG_HOST]) {
		/* The last run that starts there or before; run 0 starts at 0. */
		while (high - low > 1) {
			u32 middle = low + (high - low) / 2;

			if (prog->run[middle].host <= index)
				low = middle;
			else
				high = middle;
		}
		guest = prog->run[low].guest +
			(index - prog->run[low].host) * CCW_SIZE;
	}
	return (guest + CCW_SIZE) & 0x7fffffff;
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
		*guest = prog->page[i].guest + offset;
		return true;
	}
	return false;
}
