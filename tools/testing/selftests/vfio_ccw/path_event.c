// SPDX-License-Identifier: GPL-2.0
/*
 * Channel paths that the machine takes away and gives back: the css layer is
 * told so as by a channel report after a machine check (cio_test.ko). The masks
 * of usable paths follow, I/O on a path that has gone is ended, and the guest
 * finds a channel report of its own for each event.
 */
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stdbool.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <linux/vfio_ccw.h>

#include "kselftest_harness.h"

#include "late.h"
#include "locked.h"
#include "machine.h"
#include "sysfs.h"
#include "testguest.h"

#define ID_SIZE	7

/* Channel-report word (Principles of Operation, Machine-Check Handling). */
#define CRW_OVERFLOW	0x20000000u
#define CRW_PATH	0x04000000u	/* source: a channel path */
#define CRW_BACK	0x00020000u	/* initialised */
#define CRW_LOST	0x00060000u	/* permanent error */
#define CRW_BROKEN	0xffffffffu	/* none: it could not be read */

#define EVENTS		100000
#define MOST_REPORTS	256		/* that a queue of them may well hold */

FIXTURE(path_event) {
	struct testguest guest;
	struct late late;
	struct ccw_prog prog;	/* sense ID */
	struct cio_orb orb;
	struct cio_irb irb;
	__u8 id[SENSE_ID_ROOM];
	int path;		/* the device's one channel path */
	bool varied;
};

FIXTURE_SETUP(path_event)
{
	struct testguest *guest = &self->guest;

	self->path = machine_path();
	if (self->path < 0)
		SKIP(return, "the device has no single channel path that the host knows");
	if (machine_load())
		SKIP(return, "no module cio_test to be loaded");
	ASSERT_EQ(0, testguest_open(guest));
	ASSERT_LE(ID_SIZE, testguest_sense_id(guest, self->id));
	ASSERT_EQ(0, ccw_prog_init(&self->prog, &guest->mem, 1, 1, CCW_DIRECT));
	ccw_prog_add(&self->prog, CCW_CMD_SENSE_ID, CCW_SLI,
		     testguest_iova(guest, testguest_alloc(guest, 16, 8)), ID_SIZE);
	ccw_prog_orb(&self->prog, &self->orb);
}

FIXTURE_TEARDOWN(path_event)
{
	late_close(&self->late);
	testguest_close(&self->guest);
	if (self->varied)
		EXPECT_EQ(0, machine_vary(self->path, "on"));
	EXPECT_EQ(0, machine_path_back(self->path));
	EXPECT_EQ(0, machine_unload());
}

static __u32 report(struct ccw_dev *dev)
{
	struct ccw_crw_region crw;

	if (pread(dev->fd, &crw, sizeof(crw), dev->crw.offset) != sizeof(crw))
		return CRW_BROKEN;
	return crw.crw;
}

static bool told(struct ccw_dev *dev)
{
	return !ccw_dev_wait(dev, VFIO_CCW_CRW_IRQ_INDEX, WAIT_MS);
}

/*
 * Guards: masks and reports follow the machine. To see it fail: leave out either
 * change of sch->lpm, or the queueing, in vfio_ccw_path_event().
 */
TEST_F(path_event, goes_and_comes_back)
{
	struct ccw_dev *dev = &self->guest.dev;
	struct cio_orb named;

	self->prog.lpm = 0x80;
	ccw_prog_orb(&self->prog, &named);

	ASSERT_EQ(0, machine_path_lost(self->path));
	EXPECT_TRUE(told(dev));
	EXPECT_EQ(CRW_PATH | CRW_LOST | self->path, report(dev));
	EXPECT_EQ(0, report(dev));
	EXPECT_EQ(-ENODEV, ccw_start(dev, &self->orb));
	EXPECT_EQ(-ENODEV, ccw_start(dev, &named));
	EXPECT_TRUE(testguest_quiet(&self->guest));

	ASSERT_EQ(0, machine_path_back(self->path));
	EXPECT_TRUE(told(dev));
	EXPECT_EQ(CRW_PATH | CRW_BACK | self->path, report(dev));
	EXPECT_EQ(0, report(dev));
	ASSERT_EQ(0, ccw_run(dev, &named, &self->irb, WAIT_MS));
	EXPECT_TRUE(is_good_end(&self->irb));
}

/*
 * Guards: a program on a path that has gone is ended, and its storage free; here
 * it is a suspended one, which would wait there for ever. To see it fail: leave
 * out halt and clear in lose(), vfio_ccw_path.c.
 */
TEST_F(path_event, ends_a_suspended_program)
{
	struct testguest *guest = &self->guest;
	struct ccw_dev *dev = &guest->dev;

	ASSERT_EQ(0, testguest_suspend_at(guest, &self->prog, 0, &self->orb));

	ASSERT_EQ(0, machine_path_lost(self->path));
	ASSERT_EQ(0, ccw_dev_wait(dev, VFIO_CCW_IO_IRQ_INDEX, WAIT_MS));
	ASSERT_EQ(0, ccw_response(dev, &self->irb));
	EXPECT_TRUE(cio_32(self->irb.scsw.word0) & (SCSW_FC_HALT | SCSW_FC_CLEAR));
	EXPECT_TRUE(storage_unlocked());
	EXPECT_EQ(CRW_PATH | CRW_LOST | self->path, report(dev));
	EXPECT_EQ(-EBUSY, ccw_resume(dev, &self->orb));
	EXPECT_TRUE(testguest_quiet(guest));

	ASSERT_EQ(0, machine_path_back(self->path));
	EXPECT_LE(ID_SIZE, testguest_sense_id(guest, self->id));
}

/*
 * Guards: the same while the rest of it is fetched: the halted program ends at
 * once, and the thread that would have resumed it gives it back. To see it fail:
 * leave out leave_resuming() in vfio_ccw_interrupt(), vfio_ccw_interrupt.c.
 */
TEST_F(path_event, ends_a_program_being_fetched)
{
	struct testguest *guest = &self->guest;
	struct ccw_dev *dev = &guest->dev;

	if (!late_is_possible())
		SKIP(return, "the kernel has no userfaultfd");
	ASSERT_EQ(0, late_map(&self->late, dev, GUEST_EXTRA));
	ASSERT_EQ(0, testguest_suspend_at(guest, &self->prog, 0, &self->orb));
	ASSERT_EQ(0, late_resume(&self->late, self->prog.slots, &self->orb));

	ASSERT_EQ(0, machine_path_lost(self->path));
	ASSERT_EQ(0, ccw_dev_wait(dev, VFIO_CCW_IO_IRQ_INDEX, WAIT_MS));
	ASSERT_EQ(0, ccw_response(dev, &self->irb));
	EXPECT_TRUE(cio_32(self->irb.scsw.word0) & (SCSW_FC_HALT | SCSW_FC_CLEAR));
	EXPECT_EQ(-EBUSY, late_answer(&self->late));
	EXPECT_TRUE(testguest_quiet(guest));
	EXPECT_TRUE(storage_unlocked());

	ASSERT_EQ(0, machine_path_back(self->path));
	EXPECT_LE(ID_SIZE, testguest_sense_id(guest, self->id));
}

/* Guards: and a program that has not been started yet is not started on that path. */
TEST_F(path_event, goes_before_the_start)
{
	struct testguest *guest = &self->guest;

	if (!late_is_possible())
		SKIP(return, "the kernel has no userfaultfd");
	ASSERT_EQ(0, late_map(&self->late, &guest->dev, GUEST_EXTRA));
	ASSERT_EQ(0, late_start(&self->late, &self->orb));
	ASSERT_EQ(0, machine_path_lost(self->path));
	EXPECT_EQ(-ENODEV, late_answer(&self->late));
	EXPECT_TRUE(testguest_quiet(guest));
	EXPECT_TRUE(storage_unlocked());

	ASSERT_EQ(0, machine_path_back(self->path));
	EXPECT_LE(ID_SIZE, testguest_sense_id(guest, self->id));
}

/*
 * Guards: what the operator has taken away is used by nobody, whatever the
 * machine and the guest say. To see it fail: leave out sch->opm in
 * vfio_ccw_io_enable().
 */
TEST_F(path_event, comes_back_varied_off)
{
	struct ccw_dev *dev = &self->guest.dev;

	self->prog.lpm = 0xff;
	ccw_prog_orb(&self->prog, &self->orb);
	self->varied = true;
	ASSERT_EQ(0, machine_vary(self->path, "off"));
	/* The css layer tells no driver of what befalls such a path. */
	ASSERT_EQ(0, machine_path_lost(self->path));
	ASSERT_EQ(0, machine_path_back(self->path));
	EXPECT_EQ(0, report(dev));
	EXPECT_EQ(-ENODEV, ccw_start(dev, &self->orb));
	ASSERT_EQ(0, ccw_dev_reset(dev));
	EXPECT_EQ(-ENODEV, ccw_start(dev, &self->orb));

	ASSERT_EQ(0, machine_vary(self->path, "on"));
	self->varied = false;
	EXPECT_EQ(0, report(dev));
	ASSERT_EQ(0, ccw_run(dev, &self->orb, &self->irb, WAIT_MS));
	EXPECT_TRUE(is_good_end(&self->irb));
}

/* Many reports, in order; a signal may stand for several, so each read asks for the next. */
TEST_F(path_event, reports_in_order)
{
	struct ccw_dev *dev = &self->guest.dev;
	int i;

	for (i = 0; i < 4; i++) {
		ASSERT_EQ(0, machine_path_lost(self->path));
		ASSERT_EQ(0, machine_path_back(self->path));
	}
	for (i = 0; i < 8; i++) {
		ASSERT_TRUE(told(dev));
		EXPECT_EQ(CRW_PATH | (i % 2 ? CRW_BACK : CRW_LOST) | self->path, report(dev));
	}
	EXPECT_EQ(-ETIMEDOUT, ccw_dev_wait(dev, VFIO_CCW_CRW_IRQ_INDEX, 0));
	EXPECT_EQ(0, report(dev));
}

/*
 * Guards: a report that userspace did not get is not lost. To see it fail: call
 * region->taken() before copy_to_user() in vfio_ccw_region_read().
 */
TEST_F(path_event, failed_read_keeps_report)
{
	struct ccw_dev *dev = &self->guest.dev;
	void *nowhere = mmap(NULL, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	__u8 part[3];

	ASSERT_NE(MAP_FAILED, nowhere);
	ASSERT_EQ(0, machine_path_lost(self->path));
	EXPECT_EQ(-1, pread(dev->fd, nowhere, 8, dev->crw.offset));
	EXPECT_EQ(EFAULT, errno);
	EXPECT_EQ(3, pread(dev->fd, part, 3, dev->crw.offset));
	EXPECT_EQ(3, pread(dev->fd, part, 3, dev->crw.offset + 1));
	EXPECT_EQ(CRW_PATH | CRW_LOST | self->path, report(dev));
	EXPECT_EQ(0, report(dev));
}

/* The word alone is all there is to a report: reading that takes it, and it is got. */
TEST_F(path_event, short_read_brings_report)
{
	struct ccw_dev *dev = &self->guest.dev;
	__u32 word = 0;
	int i, lost = 0;

	for (i = 0; i < 3; i++) {
		ASSERT_EQ(0, machine_path_lost(self->path));
		if (pread(dev->fd, &word, 4, dev->crw.offset) != 4)
			word = report(dev);
		lost += word != (CRW_PATH | CRW_LOST | self->path);
	}
	EXPECT_EQ(0, lost);
	while (report(dev))
		;
}

/*
 * Guards: events that nobody reads take no more and more memory, and what was
 * lost is told. To see it fail: let the queue take all (it then overwrites what
 * waits), or leave out CRW_OVERFLOW, in vfio_ccw_crw_queue_path().
 */
TEST_F(path_event, nobody_reads)
{
	struct ccw_dev *dev = &self->guest.dev;
	__u32 word, last = 0;
	int n;

	ASSERT_EQ(0, machine_path_storm(self->path, EVENTS));
	for (n = 0; (word = report(dev)) && n < MOST_REPORTS; n++) {
		EXPECT_FALSE(last & CRW_OVERFLOW);
		EXPECT_EQ(CRW_PATH | (n % 2 ? CRW_BACK : CRW_LOST) | self->path,
			  word & ~CRW_OVERFLOW);
		last = word;
	}
	EXPECT_EQ(0, word);
	EXPECT_LT(1, n);
	EXPECT_TRUE(last & CRW_OVERFLOW);

	/* There is room again. */
	ASSERT_EQ(0, machine_path_lost(self->path));
	EXPECT_EQ(CRW_PATH | CRW_LOST | self->path, report(dev));
	EXPECT_EQ(0, report(dev));
	ASSERT_EQ(0, machine_path_back(self->path));
	EXPECT_LE(ID_SIZE, testguest_sense_id(&self->guest, self->id));
}

/* What came while nobody had the device open is no report to the next user. */
TEST_F(path_event, while_closed)
{
	struct testguest *guest = &self->guest;
	struct ccw_dev *dev = &guest->dev;

	ccw_dev_close(dev);
	ASSERT_EQ(0, machine_path_lost(self->path));
	ASSERT_EQ(0, machine_path_back(self->path));
	ASSERT_EQ(0, ccw_dev_open(dev, subchannel_uuid()));
	ASSERT_EQ(0, ccw_dma_map(dev, guest->mem.base, GUEST_BASE, GUEST_SIZE,
				 VFIO_DMA_MAP_FLAG_READ | VFIO_DMA_MAP_FLAG_WRITE));
	EXPECT_EQ(0, report(dev));
	EXPECT_LE(ID_SIZE, testguest_sense_id(guest, self->id));
}

/* A reset forgets them, and finds the path usable or not as it is. */
TEST_F(path_event, reset)
{
	struct ccw_dev *dev = &self->guest.dev;

	ASSERT_EQ(0, machine_path_lost(self->path));
	ASSERT_EQ(0, machine_path_back(self->path));
	ASSERT_EQ(0, ccw_dev_reset(dev));
	EXPECT_EQ(0, report(dev));
	EXPECT_LE(ID_SIZE, testguest_sense_id(&self->guest, self->id));
}

/* So often at least, and until so many STARTs of them have found the path there. */
#define ROUNDS 300
#define STARTED 20

struct noise {
	int path;
	int errors;
	bool done;
};

static void *make_noise(void *arg)
{
	struct noise *noise = arg;

	while (!__atomic_load_n(&noise->done, __ATOMIC_ACQUIRE)) {
		noise->errors += !!machine_path_lost(noise->path);
		noise->errors += !!machine_path_back(noise->path);
	}
	return NULL;
}

/*
 * Guards: events come with the subchannel lock held, at any time: nothing may
 * sleep there (the debug kernel would say so), nothing may be lost but I/O on
 * that path. To see it fail there: take a mutex in vfio_ccw_path_event().
 */
TEST_F_TIMEOUT(path_event, under_io, 60)
{
	struct testguest *guest = &self->guest;
	struct ccw_dev *dev = &guest->dev;
	struct noise noise = { .path = self->path };
	pthread_t thread;
	int i, ret, started = 0;

	ASSERT_EQ(0, pthread_create(&thread, NULL, make_noise, &noise));
	for (i = 0; i < ROUNDS || started < STARTED; i++) {
		ret = ccw_start(dev, &self->orb);
		EXPECT_TRUE(!ret || ret == -ENODEV || ret == -EBUSY) TH_LOG("start: %d", ret);
		started += !ret;
		while (!ccw_dev_wait(dev, VFIO_CCW_IO_IRQ_INDEX, 0))
			EXPECT_EQ(0, ccw_response(dev, &self->irb));
		EXPECT_NE(CRW_BROKEN, report(dev));
		/* There may be one CPU. */
		sched_yield();
	}
	__atomic_store_n(&noise.done, true, __ATOMIC_RELEASE);
	ASSERT_EQ(0, pthread_join(thread, NULL));
	EXPECT_EQ(0, noise.errors);
	while (!ccw_dev_wait(dev, VFIO_CCW_IO_IRQ_INDEX, QUIET_MS))
		EXPECT_EQ(0, ccw_response(dev, &self->irb));
	EXPECT_TRUE(storage_unlocked());
	EXPECT_LE(ID_SIZE, testguest_sense_id(guest, self->id));
}

int main(int argc, char **argv)
{
	return subchannel_main(argc, argv, test_harness_run);
}
