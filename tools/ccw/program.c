// SPDX-License-Identifier: GPL-2.0
/* Building channel programs: CCWs of both formats and IDALs of all three kinds */
#include <errno.h>
#include <string.h>

#include "program.h"

#define CCW_SIZE 8
#define MAX_WORDS (65535 / 2048 + 2)

unsigned int ccw_block_size(enum ccw_addressing how)
{
	return how == CCW_IDAL2_4K ? 4096 : 2048;
}

unsigned int ccw_idal_words(enum ccw_addressing how, __u64 data, __u32 count)
{
	unsigned int block = ccw_block_size(how);

	if (!count)
		return 1;
	return (data % block + count + block - 1) / block;
}

__u32 ccw_idal_list(struct ccw_mem *mem, enum ccw_addressing how, const __u64 *blocks,
		    unsigned int words)
{
	unsigned int size = how == CCW_IDAL1 ? sizeof(__be32) : sizeof(__be64);
	void *idal = ccw_mem_alloc(mem, (size_t)size * words, size);
	unsigned int i;

	if (!idal)
		return 0;
	for (i = 0; i < words; i++) {
		if (how == CCW_IDAL1) {
			if (blocks[i] > 0x7fffffff)
				return 0;
			((__be32 *)idal)[i] = cio_be32(blocks[i]);
		} else {
			((__be64 *)idal)[i] = cio_be64(blocks[i]);
		}
	}
	return ccw_mem_iova(mem, idal);
}

void ccw_put(void *slot, int format, __u8 cmd, __u8 flags, __u32 addr, __u16 count)
{
	if (format == 0) {
		struct cio_ccw0 *ccw = slot;

		ccw->cmd = cmd;
		ccw->addr[0] = addr >> 16;
		ccw->addr[1] = addr >> 8;
		ccw->addr[2] = addr;
		ccw->flags = flags;
		ccw->ignored = 0;
		ccw->count = cio_be16(count);
	} else {
		struct cio_ccw1 *ccw = slot;

		ccw->cmd = cmd;
		ccw->flags = flags;
		ccw->count = cio_be16(count);
		ccw->addr = cio_be32(addr);
	}
}

int ccw_prog_init(struct ccw_prog *prog, struct ccw_mem *mem, unsigned int slots,
		  int format, enum ccw_addressing how)
{
	memset(prog, 0, sizeof(*prog));
	prog->slots = ccw_mem_alloc(mem, (size_t)slots * CCW_SIZE, CCW_SIZE);
	if (!prog->slots)
		return -ENOMEM;
	prog->mem = mem;
	prog->room = slots;
	prog->format = format;
	prog->how = how;
	prog->ctrl = ORB_PREFETCH;
	prog->lpm = 0xff;
	return 0;
}

int ccw_prog_raw(struct ccw_prog *prog, __u8 cmd, __u8 flags, __u32 addr, __u16 count)
{
	if (prog->used == prog->room)
		return -ENOSPC;
	if (addr > (prog->format ? 0x7fffffffu : 0x00ffffffu))
		return -ERANGE;
	ccw_put(prog->slots + (size_t)prog->used * CCW_SIZE, prog->format, cmd, flags, addr,
		count);
	return prog->used++;
}

int ccw_prog_add(struct ccw_prog *prog, __u8 cmd, __u8 flags, __u64 data, __u16 count)
{
	unsigned int block = ccw_block_size(prog->how);
	unsigned int words = ccw_idal_words(prog->how, data, count);
	__u64 blocks[MAX_WORDS];
	unsigned int i;
	__u32 idal;

	if (prog->how == CCW_DIRECT) {
		if (data > 0x7fffffff)
			return -ERANGE;
		return ccw_prog_raw(prog, cmd, flags, data, count);
	}
	/* Only the first IDAW may point into the middle of a block. */
	blocks[0] = data;
	for (i = 1; i < words; i++)
		blocks[i] = (data & ~((__u64)block - 1)) + (__u64)i * block;
	idal = ccw_idal_list(prog->mem, prog->how, blocks, words);
	if (!idal)
		return -ENOMEM;
	return ccw_prog_raw(prog, cmd, flags | CCW_IDA, idal, count);
}

__u32 ccw_prog_addr(const struct ccw_prog *prog, unsigned int slot)
{
	return ccw_mem_iova(prog->mem, prog->slots) + slot * CCW_SIZE;
}

int ccw_prog_tic(struct ccw_prog *prog, unsigned int slot)
{
	/* Format 1 demands zeros beside the code and the address. */
	return ccw_prog_raw(prog, CCW_CMD_TIC, 0, ccw_prog_addr(prog, slot), 0);
}

void ccw_prog_set_flags(struct ccw_prog *prog, unsigned int slot, __u8 flags)
{
	prog->slots[slot * CCW_SIZE + (prog->format ? 1 : 4)] = flags;
}

void ccw_prog_orb(const struct ccw_prog *prog, struct cio_orb *orb)
{
	__u32 ctrl = prog->ctrl | (__u32)prog->lpm << ORB_LPM_SHIFT;

	if (prog->format)
		ctrl |= ORB_FORMAT1;
	if (prog->how == CCW_IDAL2_2K || prog->how == CCW_IDAL2_4K)
		ctrl |= ORB_IDAW64;
	if (prog->how == CCW_IDAL2_2K)
		ctrl |= ORB_IDAW_2K;
	orb->param = cio_be32(0);
	orb->ctrl = cio_be32(ctrl);
	orb->cpa = cio_be32(ccw_prog_addr(prog, 0));
}
