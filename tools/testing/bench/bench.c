// SPDX-License-Identifier: GPL-2.0
/*
 * bench - what I/O through vfio_ccw costs
 *
 * usage: bench [-o] SUBCHANNEL...
 *        bench -f
 *        bench -r WORKLOAD COUNT SUBCHANNEL
 *
 * The subchannels are bound to the driver and have no mediated device; -o: the
 * driver is ours; -r: only run this so often, for a profiler. What is timed is a
 * write that starts a program, the wait for the eventfd and the read of the
 * response. In a lab that counts time in instructions (tools/lab/count.sh) a
 * nanosecond is an instruction.
 *
 * Prints a line "KIND NAME VALUE" for each result:
 *
 *	program		median cost of a run of that workload
 *	allocations	how many 64 runs of it make, one after the other; "nothing"
 *			is what it takes to find out
 *	devices		cost of a program of the first workload when so many devices
 *			have one at a time, started one after the other
 *	idle		bytes of memory for a device that has been at rest for a while
 *	floor		what the first workload costs without a translation, nor VFIO:
 *			this alone, with -f, by ccw_floor.ko
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include <linux/vfio_ccw.h>

#include "decode.h"
#include "device.h"
#include "guest.h"
#include "memory.h"
#include "start.h"
#include "sysfs.h"
#include "workload.h"

#define MAX_DEVICES	8
#define STORAGE		0x1000000ull	/* guest address of the storage */

#define WARM_UP		16
#define RUNS		65		/* odd: it has a middle */
#define TRACED_RUNS	64

/* Longer than any driver waits before it gives back what it holds. */
#define REST_SECONDS	60

struct bench_device {
	char uuid[40];
	char path[160];		/* the folder of its mediated device's type */
	struct ccw_dev dev;
	struct ccw_mem mem;
	struct ccw_io_region request;
};

static struct bench_device devices[MAX_DEVICES];

static void fail(const char *what, int error)
{
	fprintf(stderr, "bench: %s: %s\n", what, strerror(-error));
	exit(1);
}

static void check(const char *what, int ret)
{
	if (ret < 0)
		fail(what, ret);
}

static long now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000000000l + ts.tv_nsec;
}

static void make_mdev(struct bench_device *device)
{
	char path[256];

	snprintf(path, sizeof(path), "%s/create", device->path);
	check(path, sysfs_write(path, device->uuid));
}

static void open_device(struct bench_device *device)
{
	int ret = ccw_dev_open(&device->dev, device->uuid);
	int event;

	if (ret)
		fail(device->dev.error, ret);
	event = device->dev.event[VFIO_CCW_IO_IRQ_INDEX];
	fcntl(event, F_SETFL, fcntl(event, F_GETFL) & ~O_NONBLOCK);
}

/* A workload, alone in fresh storage. */
static void load(struct bench_device *device, const struct workload *workload)
{
	struct ccw_prog prog;
	struct cio_orb orb;

	check("guest storage", ccw_guest_map(&device->dev, &device->mem, STORAGE,
					     WORKLOAD_STORAGE));
	check(workload->name, workload->build(&prog, &device->mem, workload->size));
	ccw_prog_orb(&prog, &orb);
	ccw_start_area(&device->request, &orb);
}

static void unload(struct bench_device *device)
{
	check("guest storage", ccw_guest_unmap(&device->dev, &device->mem));
}

static void start(struct bench_device *device)
{
	if (pwrite(device->dev.fd, &device->request, sizeof(device->request),
		   device->dev.io.offset) != sizeof(device->request))
		fail("start", -errno);
}

static void finish(struct bench_device *device)
{
	int event = device->dev.event[VFIO_CCW_IO_IRQ_INDEX];
	struct ccw_io_region response;
	struct cio_irb irb;
	__u64 signals;

	if (read(event, &signals, sizeof(signals)) != sizeof(signals))
		fail("eventfd", -errno);
	if (pread(device->dev.fd, &response, sizeof(response), device->dev.io.offset) !=
	    sizeof(response))
		fail("response", -errno);
	memcpy(&irb, response.irb_area, sizeof(irb));
	if (!ccw_irb_good(&irb)) {
		ccw_print_irb(stderr, &irb);
		fail("the program has not ended well", -EIO);
	}
}

/* All of them at a time. */
static void run(struct bench_device *device, unsigned int count)
{
	unsigned int i;

	for (i = 0; i < count; i++)
		start(&device[i]);
	for (i = 0; i < count; i++)
		finish(&device[i]);
}

static void runs(struct bench_device *device, unsigned int times)
{
	while (times--)
		run(device, 1);
}

static int compare(const void *a, const void *b)
{
	const long *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

/* Of a program for each of so many devices. */
static long median(struct bench_device *device, unsigned int count)
{
	static long cost[RUNS];
	unsigned int i;

	for (i = 0; i < RUNS; i++) {
		long begin = now();

		run(device, count);
		cost[i] = now() - begin;
	}
	qsort(cost, RUNS, sizeof(*cost), compare);
	return cost[RUNS / 2];
}

/* What it takes to look at the clock. */
static long overhead(void)
{
	static long cost[RUNS];
	unsigned int i;

	for (i = 0; i < RUNS; i++) {
		cost[i] = now();
		cost[i] = now() - cost[i];
	}
	qsort(cost, RUNS, sizeof(*cost), compare);
	return cost[RUNS / 2];
}

static void measure_programs(struct bench_device *device, bool ours)
{
	const struct workload *workload;
	long clock = overhead();

	for (workload = workloads; workload->name; workload++) {
		if (workload->ours_only && !ours)
			continue;
		load(device, workload);
		runs(device, WARM_UP);
		printf("program %s %ld\n", workload->name, median(device, 1) - clock);
		unload(device);
	}
}

static void measure_allocations(struct bench_device *device, bool ours)
{
	const struct workload *workload;

	check("tracing", memory_open());
	check("tracing", memory_begin());
	check("tracing", memory_end());
	printf("allocations nothing %ld\n", memory_allocations());
	for (workload = workloads; workload->name; workload++) {
		if (workload->ours_only && !ours)
			continue;
		load(device, workload);
		runs(device, WARM_UP);
		check("tracing", memory_begin());
		runs(device, TRACED_RUNS);
		check("tracing", memory_end());
		printf("allocations %s %ld\n", workload->name, memory_allocations());
		unload(device);
	}
	memory_close();
}

/* Open to rest, with all workloads in between, of a device that nobody had before. */
static void measure_idle(struct bench_device *device, bool ours)
{
	const struct workload *workload;

	check("tracing", memory_open());
	check("tracing", memory_begin());
	make_mdev(device);
	open_device(device);
	for (workload = workloads; workload->name; workload++) {
		if (workload->ours_only && !ours)
			continue;
		load(device, workload);
		run(device, 1);
		if (workload[1].name)
			unload(device);
	}
	sleep(REST_SECONDS);
	check("tracing", memory_end());
	printf("idle %s %ld\n", "device", memory_left());
	memory_close();
	unload(device);
}

static int measure_floor(struct bench_device *device)
{
	struct ccw_dev *dev = &device->dev;
	int *event = &dev->event[VFIO_CCW_IO_IRQ_INDEX];
	long clock = overhead();

	dev->fd = open("/dev/ccw_floor", O_RDWR);
	if (dev->fd < 0)
		fail("/dev/ccw_floor", -errno);
	*event = eventfd(0, 0);
	if (*event < 0 || write(dev->fd, event, sizeof(*event)) != sizeof(*event))
		fail("eventfd", -errno);
	runs(device, WARM_UP);
	printf("floor %s %ld\n", workloads->name, median(device, 1) - clock);
	return 0;
}

static void measure_at_once(unsigned int count)
{
	long clock = overhead();
	unsigned int i;

	for (i = 0; i < count; i++) {
		load(&devices[i], workloads);
		runs(&devices[i], WARM_UP);
	}
	printf("devices %u %ld\n", count, (median(devices, count) - clock) / count);
	for (i = 0; i < count; i++)
		unload(&devices[i]);
}

static void name(struct bench_device *device, const char *subchannel)
{
	snprintf(device->uuid, sizeof(device->uuid), "be7c0000-0000-4000-8000-%012tx",
		 device - devices);
	snprintf(device->path, sizeof(device->path),
		 "/sys/bus/css/devices/%s/mdev_supported_types/vfio_ccw-io", subchannel);
}

static int only_run(const char *workload_name, unsigned int count)
{
	const struct workload *workload = workloads;

	while (workload->name && strcmp(workload->name, workload_name))
		workload++;
	if (!workload->name)
		fail(workload_name, -ENOENT);
	make_mdev(&devices[0]);
	open_device(&devices[0]);
	load(&devices[0], workload);
	runs(&devices[0], count);
	return 0;
}

int main(int argc, char **argv)
{
	bool ours = argc > 1 && !strcmp(argv[1], "-o");
	unsigned int count, i;

	if (argc == 2 && !strcmp(argv[1], "-f"))
		return measure_floor(&devices[0]);
	if (argc == 5 && !strcmp(argv[1], "-r")) {
		name(&devices[0], argv[4]);
		return only_run(argv[2], atoi(argv[3]));
	}
	argc -= 1 + ours;
	argv += 1 + ours;
	if (argc < 1 || argc > MAX_DEVICES) {
		fprintf(stderr, "usage: bench [-o] SUBCHANNEL... (up to %u)\n"
				"       bench -f\n"
				"       bench -r WORKLOAD COUNT SUBCHANNEL\n", MAX_DEVICES);
		return 2;
	}
	count = argc;
	for (i = 0; i < count; i++)
		name(&devices[i], argv[i]);
	measure_idle(&devices[0], ours);
	measure_programs(&devices[0], ours);
	measure_allocations(&devices[0], ours);
	for (i = 1; i < count; i++) {
		make_mdev(&devices[i]);
		open_device(&devices[i]);
	}
	for (i = 1; i <= count; i *= 2)
		measure_at_once(i);
	return 0;
}
