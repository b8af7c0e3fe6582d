// SPDX-License-Identifier: GPL-2.0
/*
 * Storage that changes between programs: a driver may keep pages pinned from one
 * to the next, and must have what the VMM has there now all the same
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdint.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kselftest_harness.h"

#include "locked.h"
#include "testguest.h"
#include "tracing.h"

#define PAGE		4096
#define ID_SIZE		7
#define RW		(VFIO_DMA_MAP_FLAG_READ | VFIO_DMA_MAP_FLAG_WRITE)

FIXTURE(keep) {
	struct testguest guest;
	struct ccw_prog prog;	/* sense ID into data, by an IDAL */
	struct cio_irb irb;
	__u8 id[SENSE_ID_ROOM];
	__u8 *program;		/* a page each */
	__u8 *idal;
	__u8 *data;
};

/* A program of one CCW in a page of its own. */
static void put_program(struct testguest *guest, __u8 *at, __u8 cmd, __u8 flags, const __u8 *data)
{
	ccw_put(at, 1, cmd, CCW_SLI | flags, testguest_iova(guest, data), ID_SIZE);
}

static void put_idaw(struct testguest *guest, __u8 *at, const __u8 *data)
{
	*(__be64 *)at = cio_be64(testguest_iova(guest, data));
}

static int run(struct testguest *guest, const __u8 *program, struct cio_irb *irb)
{
	const struct cio_orb orb = {
		.ctrl = cio_be32(ORB_FORMAT1 | ORB_PREFETCH | ORB_IDAW64 | 0xff << ORB_LPM_SHIFT),
		.cpa = cio_be32(testguest_iova(guest, program)),
	};

	return ccw_run(&guest->dev, &orb, irb, WAIT_MS);
}

#define EXPECT_ID(where) do { \
	__u8 *_where = (where); \
	ASSERT_EQ(0, run(&self->guest, self->program, &self->irb)); \
	EXPECT_TRUE(is_good_end(&self->irb)); \
	EXPECT_EQ(0, memcmp(self->id, _where, ID_SIZE)); \
	memset(_where, PATTERN, ID_SIZE); \
} while (0)

FIXTURE_SETUP(keep)
{
	struct testguest *guest = &self->guest;

	ASSERT_EQ(0, testguest_open(guest));
	ASSERT_LE(ID_SIZE, testguest_sense_id(guest, self->id));
	self->program = testguest_alloc(guest, PAGE, PAGE);
	self->idal = testguest_alloc(guest, PAGE, PAGE);
	self->data = testguest_alloc(guest, PAGE, PAGE);
	put_program(guest, self->program, CCW_CMD_SENSE_ID, CCW_IDA, self->idal);
	put_idaw(guest, self->idal, self->data);
	EXPECT_ID(self->data);
	EXPECT_ID(self->data);
}

FIXTURE_TEARDOWN(keep)
{
	testguest_close(&self->guest);
}

/* The balloon takes a page and gives another one */
TEST_F(keep, discarded_data)
{
	int i;

	for (i = 0; i < 20; i++) {
		ASSERT_EQ(0, madvise(self->data, PAGE, MADV_DONTNEED));
		EXPECT_EQ(0, self->data[0]);
		EXPECT_ID(self->data);
	}
}

TEST_F(keep, discarded_program)
{
	__u8 *other = testguest_alloc(&self->guest, PAGE, PAGE);

	ASSERT_EQ(0, madvise(self->program, PAGE, MADV_DONTNEED));
	put_program(&self->guest, self->program, CCW_CMD_SENSE_ID, 0, other);
	EXPECT_ID(other);
	EXPECT_TRUE(untouched(self->data, PAGE));
}

TEST_F(keep, discarded_idal)
{
	__u8 *other = testguest_alloc(&self->guest, PAGE, PAGE);

	ASSERT_EQ(0, madvise(self->idal, PAGE, MADV_DONTNEED));
	put_idaw(&self->guest, self->idal, other);
	EXPECT_ID(other);
	EXPECT_TRUE(untouched(self->data, PAGE));
}

/* All of it at once, with much that no program uses */
TEST_F(keep, discarded_storage)
{
	ASSERT_EQ(0, madvise(self->guest.mem.base, self->guest.mem.size, MADV_DONTNEED));
	put_program(&self->guest, self->program, CCW_CMD_SENSE_ID, CCW_IDA, self->idal);
	put_idaw(&self->guest, self->idal, self->data);
	EXPECT_ID(self->data);
}

/* Other memory in the same place, which the container is not told */
TEST_F(keep, replaced)
{
	ASSERT_EQ(self->data, mmap(self->data, PAGE, PROT_READ | PROT_WRITE,
				   MAP_FIXED | MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
	EXPECT_ID(self->data);
}

/* A page of another file, or of the same file elsewhere */
TEST_F(keep, shared_memory)
{
	struct ccw_dev *dev = &self->guest.dev;
	int fd = memfd_create("storage", 0);
	struct ccw_mem shared = { .iova = GUEST_EXTRA, .size = 4 * PAGE };
	__u8 *data;
	int i;

	ASSERT_LE(0, fd);
	ASSERT_EQ(0, ftruncate(fd, 4 * PAGE));
	shared.base = mmap(NULL, 4 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	ASSERT_NE(MAP_FAILED, shared.base);
	ASSERT_EQ(0, ccw_dma_map(dev, shared.base, GUEST_EXTRA, 4 * PAGE, RW));
	data = shared.base + PAGE;
	ccw_put(self->program, 1, CCW_CMD_SENSE_ID, CCW_SLI, GUEST_EXTRA + PAGE, ID_SIZE);
	for (i = 0; i < 4; i++) {
		EXPECT_ID(data);
		ASSERT_EQ(data, mmap(data, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED,
				     fd, i * PAGE));
		EXPECT_ID(data);
		/* As virtio-mem and the balloon do it for shared memory. */
		ASSERT_EQ(0, fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, i * PAGE,
				       PAGE));
		EXPECT_EQ(0, data[0]);
	}
	EXPECT_EQ(0, ccw_dma_unmap(dev, GUEST_EXTRA, 4 * PAGE));
}

/*
 * A page that the process has in another place, too: it is the place that the
 * container was told of that counts
 */
TEST_F(keep, shared_memory_twice)
{
	struct ccw_dev *dev = &self->guest.dev;
	int fd = memfd_create("storage", 0);
	__u8 *reserved, *place[3];
	int i, k;

	ASSERT_LE(0, fd);
	ASSERT_EQ(0, ftruncate(fd, 2 * PAGE));
	/* Apart, and the container's in the middle. */
	reserved = mmap(NULL, 7 * PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	ASSERT_NE(MAP_FAILED, reserved);
	for (i = 0; i < 3; i++) {
		place[i] = mmap(reserved + (1 + 2 * i) * PAGE, PAGE, PROT_READ | PROT_WRITE,
				MAP_SHARED | MAP_FIXED, fd, 0);
		ASSERT_NE(MAP_FAILED, place[i]);
	}
	ASSERT_EQ(0, ccw_dma_map(dev, place[1], GUEST_EXTRA, PAGE, RW));
	ccw_put(self->program, 1, CCW_CMD_SENSE_ID, CCW_SLI, GUEST_EXTRA, ID_SIZE);
	for (i = 0; i < 4; i++) {
		for (k = 0; k < 3; k++)
			__atomic_load_n(place[k], __ATOMIC_RELAXED);
		EXPECT_ID(place[1]);
		ASSERT_EQ(place[1], mmap(place[1], PAGE, PROT_READ | PROT_WRITE,
					 MAP_SHARED | MAP_FIXED, fd, i % 2 ? 0 : PAGE));
	}
	EXPECT_EQ(0, ccw_dma_unmap(dev, GUEST_EXTRA, PAGE));
}

/* Also if the page is the container's by way of an address that comes to it later */
TEST_F(keep, discarded_with_others_running)
{
	__u8 *many = testguest_alloc(&self->guest, 64 * PAGE, PAGE);
	struct ccw_prog prog;
	unsigned int i;

	ASSERT_EQ(0, ccw_prog_init(&prog, &self->guest.mem, 64, 1, CCW_DIRECT));
	for (i = 0; i < 64; i++)
		ccw_prog_add(&prog, CCW_CMD_SENSE_ID, CCW_SLI | (i < 63 ? CCW_CC : 0),
			     testguest_iova(&self->guest, many) + i * PAGE, ID_SIZE);
	for (i = 0; i < 64; i++) {
		unsigned int k;

		ASSERT_EQ(0, madvise(many + i * PAGE, PAGE, MADV_DONTNEED));
		ASSERT_EQ(0, testguest_run(&self->guest, &prog, &self->irb));
		EXPECT_TRUE(is_good_end(&self->irb));
		for (k = 0; k < 64; k++) {
			EXPECT_EQ(0, memcmp(self->id, many + k * PAGE, ID_SIZE));
			memset(many + k * PAGE, PATTERN, ID_SIZE);
		}
	}
}

/* The storage is the parent's, whoever starts programs; copies are copies */
TEST_F(keep, fork)
{
	__u8 *other = testguest_alloc(&self->guest, PAGE, PAGE);
	int status;
	pid_t pid;

	pid = fork();
	ASSERT_LE(0, pid);
	if (!pid) {
		/* Of no effect on the guest: this is another process. */
		memset(self->program, 0, PAGE);
		madvise(self->data, PAGE, MADV_DONTNEED);
		_exit(run(&self->guest, self->program, &self->irb) ? 1 : 0);
	}
	ASSERT_EQ(pid, waitpid(pid, &status, 0));
	EXPECT_EQ(0, status);
	EXPECT_EQ(0, memcmp(self->id, self->data, ID_SIZE));

	/* With the child there, what is written goes to a page of the writer's own. */
	pid = fork();
	ASSERT_LE(0, pid);
	if (!pid) {
		pause();
		_exit(0);
	}
	put_program(&self->guest, self->program, CCW_CMD_SENSE_ID, 0, other);
	EXPECT_ID(other);
	ASSERT_EQ(0, madvise(other, PAGE, MADV_DONTNEED));
	EXPECT_ID(other);
	kill(pid, SIGKILL);
	ASSERT_EQ(pid, waitpid(pid, &status, 0));
	EXPECT_ID(other);
}

/* A program started by a process which does not have the storage */
TEST_F(keep, other_process_starts)
{
	int i, status;
	pid_t pid;

	for (i = 0; i < 3; i++) {
		ASSERT_EQ(0, madvise(self->data, PAGE, MADV_DONTNEED));
		pid = fork();
		ASSERT_LE(0, pid);
		if (!pid)
			_exit(run(&self->guest, self->program, &self->irb) ? 1 : 0);
		ASSERT_EQ(pid, waitpid(pid, &status, 0));
		ASSERT_EQ(0, status);
		EXPECT_EQ(0, memcmp(self->id, self->data, ID_SIZE));
	}
}

struct discarder {
	__u8 *page;
	bool stop;
};

static void *discard(void *arg)
{
	struct discarder *d = arg;

	while (!__atomic_load_n(&d->stop, __ATOMIC_RELAXED))
		madvise(d->page, PAGE, MADV_DONTNEED);
	return NULL;
}

/* A page goes at any time, and what is in others comes where it belongs */
TEST_F(keep, discarded_at_any_time)
{
	struct discarder d = { .page = testguest_alloc(&self->guest, PAGE, PAGE) };
	struct ccw_prog prog;
	pthread_t thread;
	int i;

	ASSERT_EQ(0, ccw_prog_init(&prog, &self->guest.mem, 2, 1, CCW_DIRECT));
	ccw_prog_add(&prog, CCW_CMD_SENSE_ID, CCW_SLI | CCW_CC,
		     testguest_iova(&self->guest, d.page), ID_SIZE);
	ccw_prog_add(&prog, CCW_CMD_SENSE_ID, CCW_SLI, testguest_iova(&self->guest, self->data),
		     ID_SIZE);
	ASSERT_EQ(0, pthread_create(&thread, NULL, discard, &d));
	for (i = 0; i < 500; i++) {
		ASSERT_EQ(0, testguest_run(&self->guest, &prog, &self->irb));
		EXPECT_TRUE(is_good_end(&self->irb));
		EXPECT_EQ(0, memcmp(self->id, self->data, ID_SIZE));
		memset(self->data, PATTERN, ID_SIZE);
	}
	__atomic_store_n(&d.stop, true, __ATOMIC_RELAXED);
	ASSERT_EQ(0, pthread_join(thread, NULL));
	/* Now it stays. */
	ASSERT_EQ(0, testguest_run(&self->guest, &prog, &self->irb));
	EXPECT_EQ(0, memcmp(self->id, d.page, ID_SIZE));
}

/* 1 or 0: the container says that the page may have been stored into; or -errno. */
static int is_dirty(struct testguest *guest, const void *page)
{
	struct {
		struct vfio_iommu_type1_dirty_bitmap head;
		struct vfio_iommu_type1_dirty_bitmap_get get;
	} arg = {
		.head.argsz = sizeof(arg),
		.head.flags = VFIO_IOMMU_DIRTY_PAGES_FLAG_GET_BITMAP,
		.get.iova = guest->mem.iova,
		.get.size = guest->mem.size,
		.get.bitmap.pgsize = PAGE,
	};
	static __u64 map[GUEST_SIZE / PAGE / 64];
	__u64 number = ((const __u8 *)page - guest->mem.base) / PAGE;

	memset(map, 0, sizeof(map));
	arg.get.bitmap.size = sizeof(map);
	arg.get.bitmap.data = (void *)map;
	if (ioctl(guest->dev.container, VFIO_IOMMU_DIRTY_PAGES, &arg))
		return -errno;
	return map[number / 64] >> number % 64 & 1;
}

static int track(struct testguest *guest, __u32 flag)
{
	struct vfio_iommu_type1_dirty_bitmap arg = { .argsz = sizeof(arg), .flags = flag };

	return ioctl(guest->dev.container, VFIO_IOMMU_DIRTY_PAGES, &arg) ? -errno : 0;
}

/* Each round sees what was stored since the one before */
TEST_F(keep, dirty_pages)
{
	struct testguest *guest = &self->guest;
	__u8 *other = testguest_alloc(guest, PAGE, PAGE);
	int i;

	i = track(guest, VFIO_IOMMU_DIRTY_PAGES_FLAG_START);
	if (i == -ENOTTY)
		SKIP(return, "this container tracks no dirty pages");
	ASSERT_EQ(0, i);
	for (i = 0; i < 3; i++) {
		EXPECT_ID(self->data);
		EXPECT_EQ(1, is_dirty(guest, self->data));
		EXPECT_EQ(0, is_dirty(guest, other));
	}
	/* What is not kept any more was dirty to the last. */
	EXPECT_ID(self->data);
	EXPECT_TRUE(storage_unlocked());
	EXPECT_EQ(1, is_dirty(guest, self->data));
	EXPECT_EQ(0, is_dirty(guest, self->data));
	EXPECT_ID(self->data);
	EXPECT_EQ(1, is_dirty(guest, self->data));
	EXPECT_EQ(0, track(guest, VFIO_IOMMU_DIRTY_PAGES_FLAG_STOP));
}

static int limit_pages(unsigned int pages)
{
	const struct rlimit limit = { .rlim_cur = pages * PAGE, .rlim_max = RLIM_INFINITY };

	return setrlimit(RLIMIT_MEMLOCK, &limit) ? -errno : 0;
}

/* What may be locked is there for programs first: none fails for what is kept */
TEST_F(keep, locked_memory_limit)
{
	struct testguest *guest = &self->guest;
	struct ccw_dev *dev = &guest->dev;
	struct ccw_prog prog[64];
	struct ccw_mem extra;
	unsigned int i, k;

	/* The container looks at who maps. */
	ASSERT_EQ(0, locked_obey_limit());
	ASSERT_EQ(0, ccw_guest_map(dev, &extra, GUEST_EXTRA, 64 * 8 * PAGE));
	for (i = 0; i < 64; i++) {
		/* With something behind that does not look like a CCW to skip to */
		ASSERT_EQ(0, ccw_prog_init(&prog[i], &guest->mem, 10, 1, CCW_DIRECT));
		for (k = 0; k < 8; k++)
			ccw_prog_add(&prog[i], CCW_CMD_SENSE_ID, CCW_SLI | (k < 7 ? CCW_CC : 0),
				     GUEST_EXTRA + (i * 8 + k) * PAGE, ID_SIZE);
	}
	ASSERT_EQ(0, limit_pages(4096));
	for (i = 0; i < 64; i++) {
		ASSERT_EQ(0, testguest_run(guest, &prog[i], &self->irb));
		EXPECT_TRUE(is_good_end(&self->irb));
		/* With room for no more than one of them */
		if (i == 40)
			ASSERT_EQ(0, limit_pages(10));
		if (i >= 42)
			EXPECT_GE(10 * PAGE / 1024, locked_kib());
	}
	/* And not for one: that fails, and harms nobody. */
	ASSERT_EQ(0, limit_pages(4));
	EXPECT_NE(0, testguest_run(guest, &prog[0], &self->irb));
	ASSERT_EQ(0, limit_pages(10));
	EXPECT_EQ(0, testguest_run(guest, &prog[0], &self->irb));
	EXPECT_EQ(0, ccw_guest_unmap(dev, &extra));
}

/* What a program hardly needs takes no room from what it does need */
TEST_F(keep, locked_memory_for_guesses)
{
	const unsigned int needed = 8, guessed = 4;
	struct testguest *guest = &self->guest;
	struct ccw_dev *dev = &guest->dev;
	struct ccw_prog prog, before;
	struct ccw_mem extra;
	unsigned int i;

	ASSERT_EQ(0, locked_obey_limit());
	ASSERT_EQ(0, ccw_guest_map(dev, &extra, GUEST_EXTRA, (needed + guessed) * PAGE));
	ASSERT_EQ(0, ccw_prog_init(&prog, &guest->mem, needed + guessed, 1, CCW_DIRECT));
	/* Were the last but one skipped, the guesses would be next. */
	for (i = 0; i < needed + guessed; i++)
		ccw_prog_add(&prog, CCW_CMD_SENSE_ID,
			     CCW_SLI | (i % needed < needed - 1 ? CCW_CC : 0),
			     GUEST_EXTRA + i * PAGE, ID_SIZE);
	ASSERT_EQ(0, ccw_prog_init(&before, &guest->mem, guessed + 1, 1, CCW_DIRECT));
	for (i = 0; i < guessed; i++)
		ccw_prog_add(&before, CCW_CMD_SENSE_ID, CCW_SLI | (i < guessed - 1 ? CCW_CC : 0),
			     GUEST_EXTRA + (needed + i) * PAGE, ID_SIZE);
	ASSERT_EQ(0, limit_pages(4096));
	ASSERT_EQ(0, testguest_run(guest, &before, &self->irb));
	EXPECT_TRUE(is_good_end(&self->irb));
	ASSERT_EQ(0, limit_pages(needed + 1));
	ASSERT_EQ(0, testguest_run(guest, &prog, &self->irb));
	EXPECT_TRUE(is_good_end(&self->irb));
	for (i = 0; i < needed; i++)
		EXPECT_EQ(0, memcmp(self->id, extra.base + i * PAGE, ID_SIZE));
	ASSERT_EQ(0, limit_pages(4096));
	EXPECT_EQ(0, ccw_guest_unmap(dev, &extra));
}

/* More pages than any driver keeps, and in another order each time */
TEST_F(keep, more_than_fit)
{
	const unsigned int pages = 4096, step = 37;
	struct ccw_dev *dev = &self->guest.dev;
	struct ccw_prog prog;
	struct ccw_mem extra;
	unsigned int i, k;

	ASSERT_EQ(0, ccw_guest_map(dev, &extra, GUEST_EXTRA, pages * PAGE));
	for (i = 0; i < pages; i += 64) {
		self->guest.mem.used = self->guest.mem.size / 2;
		ASSERT_EQ(0, ccw_prog_init(&prog, &self->guest.mem, 66, 1, CCW_DIRECT));
		for (k = 0; k < 64; k++)
			ccw_prog_add(&prog, CCW_CMD_SENSE_ID, CCW_SLI | (k < 63 ? CCW_CC : 0),
				     GUEST_EXTRA + (i + k) * step % pages * PAGE, ID_SIZE);
		ASSERT_EQ(0, testguest_run(&self->guest, &prog, &self->irb));
		ASSERT_TRUE(is_good_end(&self->irb));
	}
	for (i = 0; i < pages; i++)
		ASSERT_EQ(0, memcmp(self->id, extra.base + i * PAGE, ID_SIZE));
	EXPECT_EQ(0, ccw_guest_unmap(dev, &extra));
	EXPECT_ID(self->data);
}

/* What is kept is not pinned again: our driver has a number for that */
TEST_F(keep, kept)
{
	char folder[64];
	long long pins;
	int i;

	ASSERT_EQ(0, tracing_mount());
	snprintf(folder, sizeof(folder), "vfio_ccw/%s", subchannel_id());
	pins = debugfs_number(folder, "pins");
	if (pins < 0)
		SKIP(return, "the driver does not count what it pins");
	for (i = 0; i < 10; i++)
		EXPECT_ID(self->data);
	EXPECT_EQ(pins, debugfs_number(folder, "pins"));
	ASSERT_EQ(0, madvise(self->data, PAGE, MADV_DONTNEED));
	EXPECT_ID(self->data);
	EXPECT_EQ(pins + 1, debugfs_number(folder, "pins"));
	/* Nor is it given back for a change elsewhere. */
	ASSERT_EQ(0, madvise(self->guest.mem.base + GUEST_SIZE / 2, PAGE, MADV_DONTNEED));
	EXPECT_ID(self->data);
	EXPECT_EQ(pins + 1, debugfs_number(folder, "pins"));
	EXPECT_TRUE(storage_unlocked());
	EXPECT_ID(self->data);
	EXPECT_EQ(pins + 2, debugfs_number(folder, "pins"));
}

int main(int argc, char **argv)
{
	return subchannel_main(argc, argv, test_harness_run);
}
