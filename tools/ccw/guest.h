/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Guest storage: our memory, made known to the device's container
 *
 * What a VMM does for a whole guest, for as many pieces as wanted. Channel
 * programs and IDALs have to lie below 2 GiB of guest storage, format-0 ones
 * below 16 MiB.
 */
#ifndef CCW_GUEST_H
#define CCW_GUEST_H

#include "device.h"
#include "mem.h"

/* Fresh zeroed storage of @size at guest address @iova, both multiples of the page size. */
int ccw_guest_map(struct ccw_dev *dev, struct ccw_mem *mem, __u64 iova, size_t size);
int ccw_guest_unmap(struct ccw_dev *dev, struct ccw_mem *mem);

/* The DMA mapping alone; @flags are VFIO_DMA_MAP_FLAG_*. */
int ccw_dma_map(struct ccw_dev *dev, void *addr, __u64 iova, size_t size, __u32 flags);
int ccw_dma_unmap(struct ccw_dev *dev, __u64 iova, size_t size);

#endif
