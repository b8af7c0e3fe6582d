/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A piece of guest storage: where it is for us and where it is for the guest
 *
 * Allocation only moves forward; a program and its data live until the whole
 * piece is reset. Nothing here knows about VFIO, so builders are testable anywhere.
 */
#ifndef CCW_MEM_H
#define CCW_MEM_H

#include <stddef.h>
#include <linux/types.h>

struct ccw_mem {
	__u8 *base;	/* our address of the first byte */
	__u64 iova;	/* the guest's absolute address of it */
	size_t size;
	size_t used;
};

/* Both return NULL when the range does not fit. @align is a power of two, of the guest address. */
void *ccw_mem_alloc(struct ccw_mem *mem, size_t size, size_t align);
void *ccw_mem_ptr(const struct ccw_mem *mem, __u64 iova, size_t size);

/* @ptr must lie inside @mem. */
__u64 ccw_mem_iova(const struct ccw_mem *mem, const void *ptr);

/* Forget all allocations and zero what they used. */
void ccw_mem_reset(struct ccw_mem *mem);

#endif
