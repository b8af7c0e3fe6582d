// SPDX-License-Identifier: GPL-2.0
/*
 * Two devices of one guest, in one container, and so with the same storage: what
 * happens to one, or to the storage, is no business of the other's unless it is.
 *
 *	VFIO_CCW_SCH2	the second subchannel; a second process takes it
 */
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "kselftest_harness.h"

#include "locked.h"
#include "machine.h"
#include "testguest.h"

#define ID_SIZE		7
#define UUID_SIZE	40
/* Of a device that answers at once, on a busy host */
#define PROMPT_MS	1500

/* The process that has the second subchannel: tells its UUID, waits for its end. */
struct keeper {
	pid_t pid;
	int end;
	char uuid[UUID_SIZE];
};

static int keeper_says, keeper_waits;

static int keep(int argc, char **argv)
{
	char byte;
	int ret;

	ret = subchannel_mdev_create();
	if (ret || write(keeper_says, subchannel_uuid(), UUID_SIZE) != UUID_SIZE)
		return EXIT_FAILURE;
	/* Ends with the other side. */
	while (read(keeper_waits, &byte, 1) > 0)
		;
	return EXIT_SUCCESS;
}

static int keeper_start(struct keeper *keeper, const char *id)
{
	int says[2], waits[2];

	if (pipe(says) || pipe(waits))
		return -errno;
	fflush(stdout);
	keeper->pid = fork();
	if (keeper->pid < 0)
		return -errno;
	if (!keeper->pid) {
		close(says[0]);
		close(waits[1]);
		keeper_says = says[1];
		keeper_waits = waits[0];
		setenv("VFIO_CCW_SCH", id, 1);
		exit(subchannel_main(1, NULL, keep));
	}
	close(says[1]);
	close(waits[0]);
	keeper->end = waits[1];
	/* As one piece: it is shorter than a pipe's buffer. */
	return read(says[0], keeper->uuid, UUID_SIZE) == UUID_SIZE ? 0 : -EIO;
}

static int keeper_end(struct keeper *keeper)
{
	int status;

	close(keeper->end);
	if (waitpid(keeper->pid, &status, 0) != keeper->pid)
		return -errno;
	return status;
}

FIXTURE(pair) {
	struct testguest guest[2];	/* with the storage of the first one */
	struct keeper keeper;
	struct ccw_prog prog;		/* suspended behind its first sense ID */
	struct cio_orb orb;
	struct cio_irb irb;
	struct ccw_mem extra;		/* where that stores */
	__u8 id[SENSE_ID_ROOM];
};

FIXTURE_SETUP(pair)
{
	struct testguest *guest = self->guest;
	const char *id = getenv("VFIO_CCW_SCH2");
	int i;

	if (!id)
		SKIP(return, "VFIO_CCW_SCH2 names no second subchannel");
	ASSERT_EQ(0, keeper_start(&self->keeper, id));
	ASSERT_EQ(0, testguest_open(&guest[0]));
	ASSERT_EQ(0, ccw_dev_open_beside(&guest[1].dev, self->keeper.uuid, &guest[0].dev))
		TH_LOG("%s", guest[1].dev.error);
	guest[1].mem = guest[0].mem;
	/* Below, each has its own part of it. */
	ASSERT_NE(NULL, ccw_mem_alloc(&guest[1].mem, GUEST_SIZE / 2, 4096));
	for (i = 0; i < 2; i++)
		ASSERT_LE(ID_SIZE, testguest_sense_id(&guest[i], self->id));

	ASSERT_EQ(0, ccw_guest_map(&guest[0].dev, &self->extra, GUEST_EXTRA, 0x10000));
	ASSERT_EQ(0, ccw_prog_init(&self->prog, &guest[0].mem, 2, 1, CCW_DIRECT));
	self->prog.ctrl |= ORB_SUSPEND | ORB_NO_SUSPEND_INT;
	for (i = 0; i < 2; i++)
		ccw_prog_add(&self->prog, CCW_CMD_SENSE_ID, CCW_SLI | (i ? CCW_SUSPEND : CCW_CC),
			     GUEST_EXTRA + i * 0x1000, ID_SIZE);
	ccw_prog_orb(&self->prog, &self->orb);
}

FIXTURE_TEARDOWN(pair)
{
	ccw_dev_close(&self->guest[1].dev);
	testguest_close(&self->guest[0]);
	EXPECT_EQ(0, keeper_end(&self->keeper));
}

/*
 * Guards: both use the same page, one goes: the other one's is still held. To see
 * it fail: unpin twice in drop(), vfio_ccw_user.c.
 */
TEST_F(pair, closes_one)
{
	struct testguest *guest = self->guest;

	ASSERT_EQ(0, testguest_suspend(&guest[0], &self->orb));
	ASSERT_EQ(0, testguest_suspend(&guest[1], &self->orb));
	EXPECT_LT(0, locked_kib());
	ccw_dev_close(&guest[1].dev);
	EXPECT_TRUE(testguest_is_suspended(&guest[0]));
	EXPECT_LT(0, locked_kib());
	EXPECT_EQ(-EBUSY, ccw_start(&guest[0].dev, &self->orb));
	ASSERT_EQ(0, ccw_dev_reset(&guest[0].dev));
	EXPECT_TRUE(storage_unlocked());
	EXPECT_LE(ID_SIZE, testguest_sense_id(&guest[0], self->id));
}

/*
 * Guards: a program of one has ended, which nobody has read of yet, and the balloon takes
 * its page: the other one's next program has the page that is there now. To see it
 * fail: in pin(), vfio_ccw_pages.c, have no device but this one drop what is stale.
 */
TEST_F(pair, discarded_between)
{
	struct testguest *guest = self->guest;
	struct ccw_prog prog;
	__u8 id[2][SENSE_ID_ROOM];
	struct cio_orb orb;
	int i;

	for (i = 0; i < 2; i++)
		ASSERT_LE(ID_SIZE, testguest_sense_id(&guest[i], id[i]));

	ASSERT_EQ(0, ccw_prog_init(&prog, &guest[0].mem, 2, 1, CCW_DIRECT));
	ccw_prog_add(&prog, CCW_CMD_SENSE_ID, CCW_SLI, GUEST_EXTRA, ID_SIZE);
	ccw_prog_orb(&prog, &orb);
	for (i = 0; i < 100; i++) {
		struct testguest *first = &guest[i % 2], *second = &guest[1 - i % 2];

		ASSERT_EQ(0, ccw_start(&first->dev, &orb));
		ASSERT_EQ(0, ccw_dev_wait(&first->dev, VFIO_CCW_IO_IRQ_INDEX, WAIT_MS));
		ASSERT_EQ(0, madvise(self->extra.base, 0x1000, MADV_DONTNEED));
		ASSERT_EQ(0, testguest_run(second, &prog, &self->irb));
		EXPECT_TRUE(is_good_end(&self->irb));
		EXPECT_EQ(0, memcmp(id[1 - i % 2], self->extra.base, ID_SIZE));
		ASSERT_EQ(0, ccw_response(&first->dev, &self->irb));
	}
}

/*
 * Guards: storage that goes away goes away under each device of the container. To
 * see it fail: leave out .dma_unmap in vfio_ccw_ops.c.
 */
TEST_F(pair, unmap_under_both)
{
	struct testguest *guest = self->guest;
	int i;

	for (i = 0; i < 2; i++)
		ASSERT_EQ(0, testguest_suspend(&guest[i], &self->orb));
	ASSERT_EQ(0, ccw_guest_unmap(&guest[0].dev, &self->extra));
	for (i = 0; i < 2; i++) {
		EXPECT_FALSE(testguest_is_suspended(&guest[i]));
		ASSERT_EQ(0, ccw_dev_wait(&guest[i].dev, VFIO_CCW_IO_IRQ_INDEX, WAIT_MS));
		ASSERT_EQ(0, ccw_response(&guest[i].dev, &self->irb));
		EXPECT_TRUE(is_program_check(&self->irb, ccw_prog_addr(&self->prog, 1)));
		EXPECT_LE(ID_SIZE, testguest_sense_id(&guest[i], self->id));
	}
	EXPECT_TRUE(storage_unlocked());
}

struct closing {
	int fd;
	bool done;
};

static void *close_it(void *arg)
{
	struct closing *closing = arg;

	close(closing->fd);
	__atomic_store_n(&closing->done, true, __ATOMIC_RELEASE);
	return NULL;
}

static long long now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000LL + ts.tv_nsec / 1000000;
}

/*
 * Guards: a device that is slow to come to rest (its HALT is never carried out, so
 * closing waits for three seconds) delays no other one's interruptions. To see it
 * fail: serve interruptions and closing from one ordered workqueue.
 */
TEST_F(pair, slow_neighbour)
{
	struct testguest *guest = self->guest;
	struct closing closing = { .fd = guest[0].dev.fd };
	long long before;
	pthread_t thread;
	int runs = 0;

	if (machine_load())
		SKIP(return, "no module cio_test to be loaded");
	ASSERT_EQ(0, testguest_suspend(&guest[0], &self->orb));
	ASSERT_EQ(0, machine_answer("cio_halt", 0, 1));
	guest[0].dev.fd = -1;
	ASSERT_EQ(0, pthread_create(&thread, NULL, close_it, &closing));
	while (!machine_answered())
		usleep(1000);
	while (!__atomic_load_n(&closing.done, __ATOMIC_ACQUIRE)) {
		before = now_ms();
		EXPECT_LE(ID_SIZE, testguest_sense_id(&guest[1], self->id));
		EXPECT_GT(PROMPT_MS, now_ms() - before);
		ccw_mem_reset(&guest[1].mem);
		ASSERT_NE(NULL, ccw_mem_alloc(&guest[1].mem, GUEST_SIZE / 2, 4096));
		runs++;
	}
	ASSERT_EQ(0, pthread_join(thread, NULL));
	EXPECT_LT(1, runs);
	EXPECT_EQ(0, machine_unload());
}

int main(int argc, char **argv)
{
	return subchannel_main(argc, argv, test_harness_run);
}
