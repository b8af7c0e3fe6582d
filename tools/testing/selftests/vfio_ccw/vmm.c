// SPDX-License-Identifier: GPL-2.0
/* The calls of a VMM */
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "vmm.h"

/* A call that QEMU cannot do without has failed. */
static int fail(struct vmm *vmm, const char *step)
{
	vmm->step = step;
	return -errno;
}

/* It was successful, but QEMU could not do with the answer. */
static int misfit(struct vmm *vmm, const char *step)
{
	vmm->step = step;
	return -EPROTO;
}

/* One line of hexadecimal numbers: how many there are. */
static int read_hex(const char *path, unsigned int *value, int room)
{
	FILE *in = fopen(path, "r");
	int n = 0;

	if (!in)
		return -1;
	while (n < room && fscanf(in, "%x", &value[n]) == 1)
		n++;
	fclose(in);
	return n;
}

/*
 * The subchannel is told by the name of the mediated device's parent; its paths
 * are read from files of the css layer, which have to stay.
 */
static int read_subchannel(struct vmm *vmm, const char *device)
{
	char parent[PATH_MAX], path[PATH_MAX + 64];
	unsigned int css, ssid, number, masks[3], chpids[8];
	char *name;

	snprintf(parent, sizeof(parent), "%s", device);
	name = basename(dirname(parent));
	if (sscanf(name, "%2x.%1x.%4x", &css, &ssid, &number) != 3)
		return misfit(vmm, "the parent's name");
	snprintf(path, sizeof(path), "/sys/bus/css/devices/%x.%x.%04x/pimpampom", css, ssid,
		 number);
	if (read_hex(path, masks, 3) != 3)
		return misfit(vmm, "pimpampom");
	snprintf(path, sizeof(path), "/sys/bus/css/devices/%x.%x.%04x/chpids", css, ssid, number);
	if (read_hex(path, chpids, 8) < 1)
		return misfit(vmm, "chpids");
	return 0;
}

static int open_group(struct vmm *vmm, const char *device)
{
	struct vfio_group_status status = { .argsz = sizeof(status) };
	struct vfio_iommu_type1_info info = { .argsz = sizeof(info) };
	struct vfio_iommu_type1_dma_map map = {
		.argsz = sizeof(map),
		.flags = VFIO_DMA_MAP_FLAG_READ | VFIO_DMA_MAP_FLAG_WRITE,
		.size = VMM_MEMORY,
	};
	char link[PATH_MAX + 16], target[PATH_MAX], path[PATH_MAX];

	snprintf(link, sizeof(link), "%s/iommu_group", device);
	if (!realpath(link, target))
		return fail(vmm, "iommu_group");
	snprintf(path, sizeof(path), "/dev/vfio/%s", basename(target));
	vmm->group = open(path, O_RDWR | O_CLOEXEC);
	if (vmm->group < 0)
		return fail(vmm, "open the group");
	if (ioctl(vmm->group, VFIO_GROUP_GET_STATUS, &status))
		return fail(vmm, "GROUP_GET_STATUS");
	if (!(status.flags & VFIO_GROUP_FLAGS_VIABLE))
		return misfit(vmm, "the group is viable");
	vmm->container = open("/dev/vfio/vfio", O_RDWR | O_CLOEXEC);
	if (vmm->container < 0)
		return fail(vmm, "open the container");
	if (ioctl(vmm->container, VFIO_GET_API_VERSION) != VFIO_API_VERSION)
		return misfit(vmm, "GET_API_VERSION");
	if (ioctl(vmm->container, VFIO_CHECK_EXTENSION, VFIO_TYPE1v2_IOMMU) <= 0)
		return misfit(vmm, "CHECK_EXTENSION type1v2");
	if (ioctl(vmm->group, VFIO_GROUP_SET_CONTAINER, &vmm->container))
		return fail(vmm, "GROUP_SET_CONTAINER");
	if (ioctl(vmm->container, VFIO_SET_IOMMU, VFIO_TYPE1v2_IOMMU))
		return fail(vmm, "SET_IOMMU");
	if (ioctl(vmm->container, VFIO_IOMMU_GET_INFO, &info))
		return fail(vmm, "IOMMU_GET_INFO");

	vmm->memory = mmap(NULL, VMM_MEMORY, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (vmm->memory == MAP_FAILED)
		return fail(vmm, "memory");
	map.vaddr = (uintptr_t)vmm->memory;
	if (ioctl(vmm->container, VFIO_IOMMU_MAP_DMA, &map))
		return fail(vmm, "IOMMU_MAP_DMA");
	return 0;
}

/* Asked for twice: the first answer says how much room the second needs. */
static struct vfio_region_info *region_info(struct vmm *vmm, __u32 index)
{
	struct vfio_region_info *info, *larger;
	__u32 size = sizeof(*info);

	info = calloc(1, size);
	for (;;) {
		info->index = index;
		info->argsz = size;
		if (ioctl(vmm->device, VFIO_DEVICE_GET_REGION_INFO, info)) {
			free(info);
			return NULL;
		}
		if (info->argsz <= size)
			return info;
		size = info->argsz;
		larger = realloc(info, size);
		memset(larger, 0, size);
		info = larger;
	}
}

/*
 * Where the region with @subtype is, of which QEMU demands the very size:
 * the first with that capability, at whatever index. Absent, it would do without.
 */
static int find_region(struct vmm *vmm, __u32 regions, __u32 subtype, __u64 size, __u64 *offset)
{
	for (__u32 i = 0; i < regions; i++) {
		struct vfio_region_info *info = region_info(vmm, i);
		struct vfio_region_info_cap_type *cap;
		__u32 at;

		if (!info)
			return fail(vmm, "GET_REGION_INFO");
		at = info->flags & VFIO_REGION_INFO_FLAG_CAPS ? info->cap_offset : 0;
		for (; at; at = cap->header.next) {
			cap = (void *)((__u8 *)info + at);
			if (cap->header.id == VFIO_REGION_INFO_CAP_TYPE &&
			    cap->type == VFIO_REGION_TYPE_CCW && cap->subtype == subtype)
				break;
		}
		if (at) {
			*offset = info->offset;
			at = info->size;
			free(info);
			return at == size ? 0 : misfit(vmm, "a region's size");
		}
		free(info);
	}
	return misfit(vmm, "a region is missing");
}

static int set_event(struct vmm *vmm, __u32 index, int event)
{
	struct {
		struct vfio_irq_set set;
		__s32 fd;
	} arg = {
		.set = {
			.argsz = sizeof(arg),
			.flags = VFIO_IRQ_SET_DATA_EVENTFD | VFIO_IRQ_SET_ACTION_TRIGGER,
			.index = index,
			.count = 1,
		},
		.fd = event,
	};

	return ioctl(vmm->device, VFIO_DEVICE_SET_IRQS, &arg);
}

static int hook_event(struct vmm *vmm, __u32 irqs, __u32 index, int *event)
{
	struct vfio_irq_info info = { .argsz = sizeof(info), .index = index };

	if (index >= irqs)
		return misfit(vmm, "num_irqs");
	if (ioctl(vmm->device, VFIO_DEVICE_GET_IRQ_INFO, &info))
		return fail(vmm, "GET_IRQ_INFO");
	if (!info.count)
		return misfit(vmm, "the count of an irq");
	*event = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	if (*event < 0)
		return fail(vmm, "eventfd");
	if (set_event(vmm, index, *event))
		return fail(vmm, "SET_IRQS");
	return 0;
}

static int realize(struct vmm *vmm, const char *sysfsdev)
{
	struct vfio_device_info device_info = { .argsz = sizeof(device_info) };
	struct vfio_region_info *io;
	char device[PATH_MAX];
	int ret;

	if (!realpath(sysfsdev, device))
		return fail(vmm, "sysfsdev");
	ret = read_subchannel(vmm, device) ?: open_group(vmm, device);
	if (ret)
		return ret;
	vmm->device = ioctl(vmm->group, VFIO_GROUP_GET_DEVICE_FD, basename(device));
	if (vmm->device < 0)
		return fail(vmm, "GROUP_GET_DEVICE_FD");
	if (ioctl(vmm->device, VFIO_DEVICE_GET_INFO, &device_info))
		return fail(vmm, "GET_INFO");
	if (!(device_info.flags & VFIO_DEVICE_FLAGS_CCW))
		return misfit(vmm, "FLAGS_CCW");
	if (device_info.num_regions < VFIO_CCW_CONFIG_REGION_INDEX + 1)
		return misfit(vmm, "num_regions");

	io = region_info(vmm, VFIO_CCW_CONFIG_REGION_INDEX);
	if (!io)
		return fail(vmm, "GET_REGION_INFO");
	vmm->io_offset = io->offset;
	ret = io->size == sizeof(struct ccw_io_region) ? 0 : misfit(vmm, "the I/O region's size");
	free(io);
	if (ret)
		return ret;
	ret = find_region(vmm, device_info.num_regions, VFIO_REGION_SUBTYPE_CCW_ASYNC_CMD,
			  sizeof(struct ccw_cmd_region), &vmm->async_offset) ?:
	      find_region(vmm, device_info.num_regions, VFIO_REGION_SUBTYPE_CCW_SCHIB,
			  sizeof(struct ccw_schib_region), &vmm->schib_offset) ?:
	      find_region(vmm, device_info.num_regions, VFIO_REGION_SUBTYPE_CCW_CRW,
			  sizeof(struct ccw_crw_region), &vmm->crw_offset) ?:
	      hook_event(vmm, device_info.num_irqs, VFIO_CCW_IO_IRQ_INDEX, &vmm->io_event) ?:
	      hook_event(vmm, device_info.num_irqs, VFIO_CCW_CRW_IRQ_INDEX, &vmm->crw_event) ?:
	      hook_event(vmm, device_info.num_irqs, VFIO_CCW_REQ_IRQ_INDEX, &vmm->req_event);
	return ret;
}

int vmm_realize(struct vmm *vmm, const char *sysfsdev)
{
	int ret;

	*vmm = (struct vmm) {
		.container = -1, .group = -1, .device = -1,
		.io_event = -1, .crw_event = -1, .req_event = -1,
		.memory = MAP_FAILED,
	};
	ret = realize(vmm, sysfsdev);
	if (ret) {
		printf("# QEMU would fail: %s: %s\n", vmm->step, strerror(-ret));
		vmm_unrealize(vmm);
	}
	return ret;
}

static void unhook_event(struct vmm *vmm, __u32 index, int *event)
{
	if (*event < 0)
		return;
	if (set_event(vmm, index, -1))
		printf("# taking eventfd %u away: %m\n", index);
	close(*event);
	*event = -1;
}

static void drop(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

void vmm_unrealize(struct vmm *vmm)
{
	struct vfio_iommu_type1_dma_unmap unmap = { .argsz = sizeof(unmap), .size = VMM_MEMORY };

	unhook_event(vmm, VFIO_CCW_REQ_IRQ_INDEX, &vmm->req_event);
	unhook_event(vmm, VFIO_CCW_CRW_IRQ_INDEX, &vmm->crw_event);
	unhook_event(vmm, VFIO_CCW_IO_IRQ_INDEX, &vmm->io_event);
	drop(&vmm->device);
	if (vmm->memory != MAP_FAILED) {
		ioctl(vmm->container, VFIO_IOMMU_UNMAP_DMA, &unmap);
		munmap(vmm->memory, VMM_MEMORY);
		vmm->memory = MAP_FAILED;
	}
	if (vmm->group >= 0 && vmm->container >= 0)
		ioctl(vmm->group, VFIO_GROUP_UNSET_CONTAINER, &vmm->container);
	drop(&vmm->container);
	drop(&vmm->group);
}

/* One write, of a size that has to be taken whole; tried again as long as it says so. */
static int command(struct vmm *vmm, const void *area, size_t size, __u64 offset)
{
	for (int tries = 0; tries < VMM_TRIES; tries++) {
		ssize_t n = pwrite(vmm->device, area, size, offset);

		if (n == (ssize_t)size)
			return 0;
		if (n >= 0)
			return -EIO;
		if (errno != EAGAIN)
			return -errno;
	}
	return -EAGAIN;
}

/* What the guest gets of it. */
static int condition_code(int ret)
{
	switch (ret) {
	case 0:
	case -EAGAIN:
		return ret;
	case -EBUSY:
		return 2;
	case -ENODEV:
	case -EACCES:
		return 3;
	default:
		printf("# QEMU would give the guest a unit exception for: %s\n", strerror(-ret));
		return -EIO;
	}
}

static int start(struct vmm *vmm, const struct cio_orb *orb)
{
	struct ccw_io_region area;

	memset(&area, 0, sizeof(area));
	memcpy(area.orb_area, orb, sizeof(*orb));
	memcpy(area.scsw_area, &vmm->scsw, sizeof(vmm->scsw));
	return condition_code(command(vmm, &area, sizeof(area), vmm->io_offset));
}

int vmm_ssch(struct vmm *vmm, const struct cio_orb *orb)
{
	vmm->scsw = (struct cio_scsw) { .word0 = cio_be32(SCSW_FC_START | SCSW_START_PEND) };
	return start(vmm, orb);
}

int vmm_rsch(struct vmm *vmm, const struct cio_orb *orb)
{
	vmm->scsw.word0 = cio_be32(cio_32(vmm->scsw.word0) | SCSW_RESUME_PEND);
	return start(vmm, orb);
}

static int async(struct vmm *vmm, __u32 code)
{
	struct ccw_cmd_region area = { .command = code };

	return condition_code(command(vmm, &area, sizeof(area), vmm->async_offset));
}

int vmm_hsch(struct vmm *vmm)
{
	return async(vmm, VFIO_CCW_ASYNC_CMD_HSCH);
}

int vmm_csch(struct vmm *vmm)
{
	int ret = async(vmm, VFIO_CCW_ASYNC_CMD_CSCH);

	/* The instruction has no such condition code. */
	return ret == 2 ? -EIO : ret;
}

int vmm_stsch(struct vmm *vmm, struct cio_schib *schib)
{
	ssize_t n = pread(vmm->device, schib, sizeof(*schib), vmm->schib_offset);

	return n == sizeof(*schib) ? 0 : n < 0 ? -errno : -EIO;
}

static int signalled(int event, int ms)
{
	struct pollfd pfd = { .fd = event, .events = POLLIN };
	uint64_t count;

	if (poll(&pfd, 1, ms) != 1)
		return -ETIMEDOUT;
	return read(event, &count, sizeof(count)) == sizeof(count) ? 0 : -errno;
}

int vmm_interrupt(struct vmm *vmm, struct cio_irb *irb, int ms)
{
	struct ccw_io_region area;
	ssize_t n;
	int ret;

	ret = signalled(vmm->io_event, ms);
	if (ret)
		return ret;
	memset(&area, 0, sizeof(area));
	n = pread(vmm->device, &area, sizeof(area), vmm->io_offset);
	if (n != sizeof(area))
		return n < 0 ? -errno : -EIO;
	memcpy(irb, area.irb_area, sizeof(*irb));
	vmm->scsw = irb->scsw;
	return 0;
}

int vmm_reports(struct vmm *vmm)
{
	struct ccw_crw_region area;
	int reports = 0;

	for (;;) {
		memset(&area, 0, sizeof(area));
		if (pread(vmm->device, &area, sizeof(area), vmm->crw_offset) != sizeof(area))
			return -errno;
		if (!area.crw)
			return reports;
		if (++reports > 1000)
			return -ELOOP;
	}
}

int vmm_reset(struct vmm *vmm)
{
	return ioctl(vmm->device, VFIO_DEVICE_RESET) ? -errno : 0;
}
