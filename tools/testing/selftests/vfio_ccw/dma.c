// SPDX-License-Identifier: GPL-2.0
/*
 * Guest storage: high, read-only, coming and going; pages are given back when
 * a program is over
 */
#include <errno.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kselftest_harness.h"

#include "locked.h"
#include "sysfs.h"
#include "testguest.h"

#define RW (VFIO_DMA_MAP_FLAG_READ | VFIO_DMA_MAP_FLAG_WRITE)

FIXTURE(dma) {
	struct testguest guest;
	struct ccw_prog prog;
	struct cio_irb irb;
	__u8 id[SENSE_ID_ROOM];
};

FIXTURE_SETUP(dma)
{
	ASSERT_EQ(0, testguest_open(&self->guest));
	ASSERT_LE(7, testguest_sense_id(&self->guest, self->id));
	ASSERT_EQ(0, ccw_prog_init(&self->prog, &self->guest.mem, 64, 1, CCW_DIRECT));
}

FIXTURE_TEARDOWN(dma)
{
	testguest_close(&self->guest);
}

/* Data above what 31 bits reach, by 64-bit IDAWs */
TEST_F(dma, data_above_4g)
{
	struct ccw_mem high;

	ASSERT_EQ(0, ccw_guest_map(&self->guest.dev, &high, GUEST_HIGH, 0x10000));
	self->prog.how = CCW_IDAL2_4K;
	ASSERT_LE(0, ccw_prog_add(&self->prog, CCW_CMD_SENSE_ID, CCW_SLI, GUEST_HIGH + 0x1100, 7));
	ASSERT_EQ(0, testguest_run(&self->guest, &self->prog, &self->irb));
	EXPECT_TRUE(is_good_end(&self->irb));
	EXPECT_EQ(0, memcmp(self->id, high.base + 0x1100, 7));
	EXPECT_EQ(0, ccw_guest_unmap(&self->guest.dev, &high));
}

/* F9, F31: halves of pages in any order, by 2 KiB IDAWs */
TEST_F(dma, halves_of_pages)
{
	static const unsigned int half[] = { 1, 0, 3, 2, 5, 4, 0, 1 };
	__u8 *data = testguest_alloc(&self->guest, 4 * 4096, 4096);
	enum ccw_addressing how;
	unsigned int i;

	for (how = CCW_IDAL1; how <= CCW_IDAL2_2K; how++) {
		ASSERT_EQ(0, ccw_prog_init(&self->prog, &self->guest.mem, ARRAY_SIZE(half), 1,
					   how));
		for (i = 0; i < ARRAY_SIZE(half); i++)
			ASSERT_LE(0, ccw_prog_add(&self->prog, CCW_CMD_SENSE_ID, CCW_SLI |
						  (i + 1 < ARRAY_SIZE(half) ? CCW_CC : 0),
						  testguest_iova(&self->guest, data) +
						  half[i] * 2048 + i * 8, 7));
		ASSERT_EQ(0, testguest_run(&self->guest, &self->prog, &self->irb));
		EXPECT_TRUE(is_good_end(&self->irb));
		for (i = 0; i < ARRAY_SIZE(half); i++)
			EXPECT_EQ(0, memcmp(self->id, data + half[i] * 2048 + i * 8, 7));
	}
}

/* F30: format-1 IDALs and direct addresses in one program */
TEST_F(dma, direct_and_idal)
{
	__u8 *data = testguest_alloc(&self->guest, 2 * 4096, 4096);

	ccw_prog_add(&self->prog, CCW_CMD_SENSE_ID, CCW_SLI | CCW_CC,
		     testguest_iova(&self->guest, data), 7);
	self->prog.how = CCW_IDAL1;
	ccw_prog_add(&self->prog, CCW_CMD_SENSE_ID, CCW_SLI | CCW_CC,
		     testguest_iova(&self->guest, data + 2048), 7);
	self->prog.how = CCW_DIRECT;
	ccw_prog_add(&self->prog, CCW_CMD_SENSE_ID, CCW_SLI,
		     testguest_iova(&self->guest, data + 4096), 7);
	ASSERT_EQ(0, testguest_run(&self->guest, &self->prog, &self->irb));
	EXPECT_TRUE(is_good_end(&self->irb));
	EXPECT_EQ(0, memcmp(self->id, data, 7));
	EXPECT_EQ(0, memcmp(self->id, data + 2048, 7));
	EXPECT_EQ(0, memcmp(self->id, data + 4096, 7));
}

/* F29: a list may end with the page, and what is behind it is not read */
TEST_F(dma, idal_at_the_end_of_storage)
{
	__u8 *data = testguest_alloc(&self->guest, 8, 8);
	__be32 *idal = ccw_mem_ptr(&self->guest.mem, GUEST_END - 4, 4);

	*idal = cio_be32(testguest_iova(&self->guest, data));
	ccw_prog_raw(&self->prog, CCW_CMD_SENSE_ID, CCW_SLI | CCW_IDA, GUEST_END - 4, 7);
	ASSERT_EQ(0, testguest_run(&self->guest, &self->prog, &self->irb));
	EXPECT_TRUE(is_good_end(&self->irb));
	EXPECT_EQ(0, memcmp(self->id, data, 7));
}

/* S14: the guest's ROM can be written to a device, and can hold the program */
TEST_F(dma, read_only_program)
{
	struct ccw_dev *dev = &self->guest.dev;
	__u8 *data = testguest_alloc(&self->guest, 8, 8);
	struct cio_orb orb;
	__u8 *rom;

	rom = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	ASSERT_NE(MAP_FAILED, rom);
	ccw_put(rom, 1, CCW_CMD_NOP, CCW_SLI | CCW_CC, GUEST_EXTRA, 1);
	ccw_put(rom + 8, 1, CCW_CMD_SENSE_ID, CCW_SLI, testguest_iova(&self->guest, data), 7);
	ASSERT_EQ(0, mprotect(rom, 4096, PROT_READ));
	ASSERT_EQ(0, ccw_dma_map(dev, rom, GUEST_EXTRA, 4096, VFIO_DMA_MAP_FLAG_READ));
	ccw_prog_orb(&self->prog, &orb);
	orb.cpa = cio_be32(GUEST_EXTRA);
	ASSERT_EQ(0, ccw_run(dev, &orb, &self->irb, WAIT_MS));
	EXPECT_TRUE(is_good_end(&self->irb));
	EXPECT_EQ(0, memcmp(self->id, data, 7));
}

/* Storing into it is another matter: refused one way or the other, never done */
TEST_F(dma, read_only_data)
{
	struct ccw_dev *dev = &self->guest.dev;
	__u8 id[SENSE_ID_ROOM];
	struct cio_orb orb;
	__u8 *rom;
	int ret;

	rom = mmap(NULL, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	ASSERT_NE(MAP_FAILED, rom);
	ASSERT_EQ(0, ccw_dma_map(dev, rom, GUEST_EXTRA, 4096, VFIO_DMA_MAP_FLAG_READ));
	ccw_prog_add(&self->prog, CCW_CMD_SENSE_ID, CCW_SLI, GUEST_EXTRA, 7);
	ccw_prog_orb(&self->prog, &orb);
	ret = ccw_run(dev, &orb, &self->irb, WAIT_MS);
	EXPECT_TRUE(ret == -EPERM ||
		    (!ret && self->irb.scsw.cstat & (SCH_PROGRAM_CHECK | SCH_PROTECTION_CHECK)));
	EXPECT_EQ(0, rom[0]);
	EXPECT_LE(7, testguest_sense_id(&self->guest, id));
}

/* Nothing stays pinned for long when the end of a program has been read */
TEST_F(dma, pages_given_back)
{
	__u8 *data = testguest_alloc(&self->guest, 0x40000, 4096);
	int i;

	self->prog.how = CCW_IDAL2_4K;
	for (i = 0; i < 4; i++)
		ASSERT_LE(0, ccw_prog_add(&self->prog, CCW_CMD_SENSE_ID,
					  CCW_SLI | (i < 3 ? CCW_CC : 0),
					  testguest_iova(&self->guest, data) + i * 0x10000, 65535));
	for (i = 0; i < 20; i++)
		ASSERT_EQ(0, testguest_run(&self->guest, &self->prog, &self->irb));
	EXPECT_TRUE(storage_unlocked());
}

/* Also not after programs that were refused half way (F10, F22) */
TEST_F(dma, pages_given_back_after_errors)
{
	__u8 *data = testguest_alloc(&self->guest, 0x20000, 4096);
	struct cio_orb orb;
	int i;

	self->prog.how = CCW_IDAL2_4K;
	ccw_prog_add(&self->prog, CCW_CMD_SENSE_ID, CCW_SLI | CCW_CC,
		     testguest_iova(&self->guest, data), 65535);
	ccw_prog_raw(&self->prog, CCW_CMD_SENSE_ID, CCW_SLI | CCW_IDA, GUEST_HOLE, 65535);
	ccw_prog_orb(&self->prog, &orb);
	for (i = 0; i < 20; i++)
		ccw_run(&self->guest.dev, &orb, &self->irb, WAIT_MS);
	EXPECT_TRUE(storage_unlocked());
}

/* The same address, other storage behind it */
TEST_F(dma, remapped)
{
	struct ccw_dev *dev = &self->guest.dev;
	struct ccw_mem extra;
	int i;

	ccw_prog_add(&self->prog, CCW_CMD_SENSE_ID, CCW_SLI, GUEST_EXTRA, 7);
	for (i = 0; i < 20; i++) {
		ASSERT_EQ(0, ccw_guest_map(dev, &extra, GUEST_EXTRA, 0x10000));
		ASSERT_EQ(0, testguest_run(&self->guest, &self->prog, &self->irb));
		EXPECT_TRUE(is_good_end(&self->irb));
		EXPECT_EQ(0, memcmp(self->id, extra.base, 7));
		ASSERT_EQ(0, ccw_guest_unmap(dev, &extra));
		ASSERT_EQ(0, testguest_run(&self->guest, &self->prog, &self->irb));
		EXPECT_TRUE(is_program_check(&self->irb, ccw_prog_addr(&self->prog, 1)));
	}
}

/*
 * A balloon takes a page, and the guest gets another one at the same address: the
 * next program does not have the one that was there before. To see it fail: leave
 * out vfio_ccw_keep_expire() in change_begins(), vfio_ccw_watch.c.
 */
TEST_F(dma, discarded)
{
	struct ccw_mem extra;
	int i;

	ASSERT_EQ(0, ccw_guest_map(&self->guest.dev, &extra, GUEST_EXTRA, 0x10000));
	ccw_prog_add(&self->prog, CCW_CMD_SENSE_ID, CCW_SLI, GUEST_EXTRA + 0x3004, 7);
	for (i = 0; i < 20; i++) {
		ASSERT_EQ(0, testguest_run(&self->guest, &self->prog, &self->irb));
		EXPECT_TRUE(is_good_end(&self->irb));
		EXPECT_EQ(0, memcmp(self->id, extra.base + 0x3004, 7));
		ASSERT_EQ(0, madvise(extra.base, 0x10000, MADV_DONTNEED));
		ASSERT_EQ(0, extra.base[0x3004]);
	}
	EXPECT_EQ(0, ccw_guest_unmap(&self->guest.dev, &extra));
}

#define CGROUP "/tmp/selftest-cgroup"

/* Kernel memory that is charged to our own control group, in KiB, or negative. */
static long charged_kib(void)
{
	FILE *in = fopen(CGROUP "/guest/memory.stat", "r");
	char line[128];
	long value = -1;

	while (in && fgets(line, sizeof(line), in))
		if (!strncmp(line, "kernel ", 7))
			value = atol(line + 7) / 1024;
	if (in)
		fclose(in);
	return value;
}

FIXTURE(charge) {
	struct testguest guest;
	struct ccw_prog prog;
	struct cio_irb irb;
};

FIXTURE_SETUP(charge)
{
	mkdir(CGROUP, 0700);
	if (mount("none", CGROUP, "cgroup2", 0, NULL))
		SKIP(return, "no control groups");
	if (sysfs_write(CGROUP "/cgroup.subtree_control", "+memory"))
		SKIP(return, "no memory controller");
	ASSERT_EQ(0, mkdir(CGROUP "/guest", 0700));
	ASSERT_EQ(0, sysfs_write(CGROUP "/guest/cgroup.procs", "0"));
	ASSERT_EQ(0, testguest_open(&self->guest));
}

FIXTURE_TEARDOWN(charge)
{
	if (self->guest.mem.base) {
		testguest_close(&self->guest);
		EXPECT_EQ(0, sysfs_write(CGROUP "/cgroup.procs", "0"));
		EXPECT_EQ(0, rmdir(CGROUP "/guest"));
	}
	umount(CGROUP);
	rmdir(CGROUP);
}

#define LARGE		4096	/* CCWs, each with 17 IDAWs */

/*
 * Guards: what a guest's programs need of the host's memory is bounded, and charged
 * to that guest. To see it fail: leave out the ACCOUNT of the GFP flags in
 * vfio_ccw_cp.c.
 */
TEST_F_TIMEOUT(charge, large_program, 60)
{
	const long least = LARGE * 17 * 8 / 1024;
	__u8 *data = testguest_alloc(&self->guest, 0x10000, 4096);
	long before = charged_kib();
	int i;

	ASSERT_LE(0, before);
	ASSERT_EQ(0, ccw_prog_init(&self->prog, &self->guest.mem, LARGE, 1, CCW_DIRECT));
	for (i = 0; i < LARGE; i++)
		ccw_prog_add(&self->prog, CCW_CMD_SENSE_ID, CCW_SLI | (i < LARGE - 1 ? CCW_CC : 0),
			     testguest_iova(&self->guest, data), 65535);
	ASSERT_EQ(0, testguest_run(&self->guest, &self->prog, &self->irb));
	EXPECT_TRUE(is_good_end(&self->irb));
	EXPECT_LE(least, charged_kib() - before);
}

#define ROUNDS 100

struct mapper {
	struct ccw_dev *dev;
	struct ccw_mem *extra;
	int errors;
};

static void *map_and_unmap(void *arg)
{
	struct mapper *m = arg;
	int i;

	for (i = 0; i < ROUNDS; i++) {
		m->errors += ccw_dma_unmap(m->dev, GUEST_EXTRA, 0x10000) != 0;
		m->errors += ccw_dma_map(m->dev, m->extra->base, GUEST_EXTRA, 0x10000, RW) != 0;
	}
	return NULL;
}

/* P5, S8: storage goes away under starts and running programs */
TEST_F_TIMEOUT(dma, unmap_while_running, 120)
{
	struct ccw_dev *dev = &self->guest.dev;
	__u8 id[SENSE_ID_ROOM];
	struct ccw_mem extra;
	struct mapper m = { .dev = dev, .extra = &extra };
	struct cio_orb orb;
	pthread_t thread;
	int i, ret;

	ASSERT_EQ(0, ccw_guest_map(dev, &extra, GUEST_EXTRA, 0x10000));
	for (i = 0; i < 16; i++)
		ccw_prog_add(&self->prog, CCW_CMD_SENSE_ID, CCW_SLI | (i < 15 ? CCW_CC : 0),
			     GUEST_EXTRA + 4096 * i, 7);
	ccw_prog_orb(&self->prog, &orb);
	ASSERT_EQ(0, pthread_create(&thread, NULL, map_and_unmap, &m));
	for (i = 0; i < ROUNDS; i++) {
		ret = ccw_start(dev, &orb);
		EXPECT_TRUE(!ret || ret == -EBUSY || ret == -EIO)
			TH_LOG("start: %d", ret);
		ccw_response(dev, &self->irb);
	}
	ASSERT_EQ(0, pthread_join(thread, NULL));
	EXPECT_EQ(0, m.errors);
	ASSERT_EQ(0, ccw_dev_reset(dev));
	while (!ccw_dev_wait(dev, VFIO_CCW_IO_IRQ_INDEX, 0))
		ccw_response(dev, &self->irb);
	EXPECT_LE(7, testguest_sense_id(&self->guest, id));
	EXPECT_TRUE(storage_unlocked());
}

struct rewriter {
	__be32 *idal;
	__u32 good;
	__u32 bad;
	bool stop;
};

static void *rewrite(void *arg)
{
	struct rewriter *r = arg;

	while (!__atomic_load_n(&r->stop, __ATOMIC_RELAXED)) {
		__atomic_store_n((__u32 *)r->idal, (__u32)cio_be32(r->bad), __ATOMIC_RELAXED);
		__atomic_store_n((__u32 *)r->idal, (__u32)cio_be32(r->good), __ATOMIC_RELAXED);
	}
	return NULL;
}

/* F33c: another CPU of the guest rewrites the IDAL while it is read */
TEST_F(dma, idal_rewritten)
{
	__u8 *data = testguest_alloc(&self->guest, 4096, 4096);
	const __u64 block = testguest_iova(&self->guest, data);
	__u32 idal = ccw_idal_list(&self->guest.mem, CCW_IDAL1, &block, 1);
	struct rewriter r = { .idal = ccw_mem_ptr(&self->guest.mem, idal, 4), .good = block,
			      .bad = GUEST_HOLE };
	struct cio_orb orb;
	pthread_t thread;
	int i, ret;

	ccw_prog_raw(&self->prog, CCW_CMD_SENSE_ID, CCW_SLI | CCW_IDA, idal, 7);
	ccw_prog_orb(&self->prog, &orb);
	ASSERT_EQ(0, pthread_create(&thread, NULL, rewrite, &r));
	for (i = 0; i < ROUNDS; i++) {
		ret = ccw_run(&self->guest.dev, &orb, &self->irb, WAIT_MS);
		EXPECT_EQ(0, ret);
		/* One of the two, whole */
		if (!ret && !ccw_irb_good(&self->irb))
			EXPECT_TRUE(is_program_check(&self->irb, ccw_prog_addr(&self->prog, 1)));
	}
	__atomic_store_n(&r.stop, true, __ATOMIC_RELAXED);
	ASSERT_EQ(0, pthread_join(thread, NULL));
}

int main(int argc, char **argv)
{
	return subchannel_main(argc, argv, test_harness_run);
}
