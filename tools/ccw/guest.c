// SPDX-License-Identifier: GPL-2.0
/* Guest storage behind VFIO_IOMMU_MAP_DMA */
#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>

#include "guest.h"

int ccw_dma_map(struct ccw_dev *dev, void *addr, __u64 iova, size_t size, __u32 flags)
{
	struct vfio_iommu_type1_dma_map map = {
		.argsz = sizeof(map),
		.flags = flags,
		.vaddr = (uintptr_t)addr,
		.iova = iova,
		.size = size,
	};

	return ioctl(dev->container, VFIO_IOMMU_MAP_DMA, &map) ? -errno : 0;
}

int ccw_dma_unmap(struct ccw_dev *dev, __u64 iova, size_t size)
{
	struct vfio_iommu_type1_dma_unmap unmap = {
		.argsz = sizeof(unmap),
		.iova = iova,
		.size = size,
	};

	if (ioctl(dev->container, VFIO_IOMMU_UNMAP_DMA, &unmap))
		return -errno;
	/* The kernel reports how much it found. */
	return unmap.size == size ? 0 : -ENOENT;
}

int ccw_guest_map(struct ccw_dev *dev, struct ccw_mem *mem, __u64 iova, size_t size)
{
	void *base;
	int ret;

	memset(mem, 0, sizeof(*mem));
	base = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (base == MAP_FAILED)
		return -errno;
	ret = ccw_dma_map(dev, base, iova, size,
			  VFIO_DMA_MAP_FLAG_READ | VFIO_DMA_MAP_FLAG_WRITE);
	if (ret) {
		munmap(base, size);
		return ret;
	}
	mem->base = base;
	mem->iova = iova;
	mem->size = size;
	return 0;
}

int ccw_guest_unmap(struct ccw_dev *dev, struct ccw_mem *mem)
{
	int ret = ccw_dma_unmap(dev, mem->iova, mem->size);

	munmap(mem->base, mem->size);
	memset(mem, 0, sizeof(*mem));
	return ret;
}
