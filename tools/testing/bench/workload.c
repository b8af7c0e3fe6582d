// SPDX-License-Identifier: GPL-2.0
/* Building the channel programs that are measured */
#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "workload.h"

#define PAGE		4096u

/* Of virtio-ccw: neither does anything with what is written here. */
#define CMD_WRITE_FEATURES	0x11	/* word 2 and above, of which there are none */
#define CMD_WRITE_CONFIG	0x21	/* to a device without any */

static void *pages(struct ccw_mem *mem, unsigned int count)
{
	void *p = ccw_mem_alloc(mem, count * PAGE, PAGE);

	/* A guest has used its memory before. */
	if (p)
		memset(p, 1, count * PAGE);
	return p;
}

static int init(struct ccw_prog *prog, struct ccw_mem *mem, unsigned int slots,
		enum ccw_addressing how)
{
	if (!pages(mem, 1))
		return -ENOMEM;
	return ccw_prog_init(prog, mem, slots, 1, how);
}

static int sense_id(struct ccw_prog *prog, struct ccw_mem *mem, unsigned int size)
{
	int ret = init(prog, mem, 1, CCW_DIRECT);
	__u8 *data = pages(mem, 1);

	if (ret || !data)
		return -ENOMEM;
	return ccw_prog_add(prog, CCW_CMD_SENSE_ID, CCW_SLI, ccw_mem_iova(mem, data), size);
}

/* As for a block of a DASD: DEFINE EXTENT, LOCATE RECORD, a search, the data. */
static int dasd(struct ccw_prog *prog, struct ccw_mem *mem, unsigned int size)
{
	int ret = init(prog, mem, 4, CCW_DIRECT);
	__u8 *parameters = pages(mem, 1);
	__u8 *data = pages(mem, 1);
	__u64 at;

	if (ret || !parameters || !data)
		return -ENOMEM;
	at = ccw_mem_iova(mem, parameters);
	memset(parameters + 32, 0, 4);
	parameters[36] = 0xff;
	ccw_prog_add(prog, CMD_WRITE_CONFIG, CCW_CC | CCW_SLI, at, 16);
	ccw_prog_add(prog, CMD_WRITE_CONFIG, CCW_CC | CCW_SLI, at + 16, 16);
	ccw_prog_add(prog, CMD_WRITE_FEATURES, CCW_CC | CCW_SLI, at + 32, 5);
	return ccw_prog_add(prog, CCW_CMD_SENSE_ID, CCW_SLI, ccw_mem_iova(mem, data), size);
}

/* @size CCWs that transfer @each pages by format-2 IDAWs. */
static int idals(struct ccw_prog *prog, struct ccw_mem *mem, unsigned int size,
		 unsigned int each)
{
	int ret = init(prog, mem, size, CCW_IDAL2_4K);
	__u8 *data = pages(mem, size * each);
	unsigned int i;

	if (ret || !data)
		return -ENOMEM;
	for (i = 0; i < size && ret >= 0; i++)
		ret = ccw_prog_add(prog, CCW_CMD_SENSE_ID,
				   CCW_SLI | (i + 1 < size ? CCW_CC : 0),
				   ccw_mem_iova(mem, data) + i * each * PAGE, each * PAGE);
	return ret;
}

static int two_idaws(struct ccw_prog *prog, struct ccw_mem *mem, unsigned int size)
{
	return idals(prog, mem, size, 2);
}

static int eight_idaws(struct ccw_prog *prog, struct ccw_mem *mem, unsigned int size)
{
	return idals(prog, mem, size, 8);
}

/* @size CCWs of half a page each, in pages all over the storage. */
static int scattered(struct ccw_prog *prog, struct ccw_mem *mem, unsigned int size)
{
	const unsigned int spread = 2048;	/* pages, a power of two */
	int ret = init(prog, mem, size, CCW_DIRECT);
	__u8 *data = pages(mem, spread);
	unsigned int i;

	if (ret || !data)
		return -ENOMEM;
	/* An odd step comes to each page once. */
	for (i = 0; i < size && ret >= 0; i++)
		ret = ccw_prog_add(prog, CCW_CMD_SENSE_ID,
				   CCW_SLI | (i + 1 < size ? CCW_CC : 0),
				   ccw_mem_iova(mem, data) + (i * 1237 + 5) % spread * PAGE,
				   PAGE / 2);
	return ret;
}

const struct workload workloads[] = {
	{ .name = "sense-id", .build = sense_id, .size = 7 },
	{ .name = "dasd-4-ccws", .build = dasd, .size = PAGE },
	{ .name = "64-ccws-2-idaws", .build = two_idaws, .size = 64 },
	{ .name = "1-mib", .build = eight_idaws, .size = 32 },
	{ .name = "256-ccws-scattered", .build = scattered, .size = 256 },
	{ .name = "64-ccws-scattered", .build = scattered, .size = 64 },
	{ .name = "1024-ccws-scattered", .build = scattered, .size = 1024, .ours_only = true },
	{ .name = "4-mib", .build = eight_idaws, .size = 128 },
	{ }
};
