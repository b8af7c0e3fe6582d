// SPDX-License-Identifier: GPL-2.0
/* A piece of guest storage, allocated forward only */
#include <string.h>

#include "mem.h"

void *ccw_mem_alloc(struct ccw_mem *mem, size_t size, size_t align)
{
	__u64 at = (mem->iova + mem->used + align - 1) & ~((__u64)align - 1);
	size_t start = at - mem->iova;

	if (start > mem->size || size > mem->size - start)
		return NULL;
	mem->used = start + size;
	return mem->base + start;
}

void *ccw_mem_ptr(const struct ccw_mem *mem, __u64 iova, size_t size)
{
	if (iova < mem->iova || iova - mem->iova > mem->size ||
	    size > mem->size - (iova - mem->iova))
		return NULL;
	return mem->base + (iova - mem->iova);
}

__u64 ccw_mem_iova(const struct ccw_mem *mem, const void *ptr)
{
	return mem->iova + ((const __u8 *)ptr - mem->base);
}

void ccw_mem_reset(struct ccw_mem *mem)
{
	memset(mem->base, 0, mem->used);
	mem->used = 0;
}
