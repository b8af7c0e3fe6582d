// SPDX-License-Identifier: GPL-2.0
/*
 * HALT and CLEAR SUBCHANNEL, whatever the subchannel is doing: nothing, a
 * program, a suspended one. Each is answered by an interruption that names the
 * function, and by then the subchannel is free.
 */
#include <errno.h>
#include <pthread.h>
#include <string.h>
#include <unistd.h>

#include <linux/vfio_ccw.h>

#include "kselftest_harness.h"

#include "async.h"
#include "locked.h"
#include "testguest.h"

#define ID_SIZE	7
#define ROUNDS	200

FIXTURE(async) {
	struct testguest guest;
	struct ccw_prog prog;	/* sense ID, then suspended before another one */
	struct cio_orb orb;
	struct cio_irb irb;
	__u8 id[SENSE_ID_ROOM];
};

FIXTURE_VARIANT(async) {
	int (*signal)(struct ccw_dev *dev);
	__u32 function;
};

FIXTURE_VARIANT_ADD(async, halt) { .signal = ccw_halt, .function = SCSW_FC_HALT };
FIXTURE_VARIANT_ADD(async, clear) { .signal = ccw_clear, .function = SCSW_FC_CLEAR };

FIXTURE_SETUP(async)
{
	struct testguest *guest = &self->guest;
	int i;

	ASSERT_EQ(0, testguest_open(guest));
	ASSERT_LE(ID_SIZE, testguest_sense_id(guest, self->id));
	ASSERT_EQ(0, ccw_prog_init(&self->prog, &guest->mem, 2, 1, CCW_DIRECT));
	self->prog.ctrl |= ORB_SUSPEND | ORB_NO_SUSPEND_INT;
	for (i = 0; i < 2; i++)
		ccw_prog_add(&self->prog, CCW_CMD_SENSE_ID,
			     CCW_SLI | (i ? CCW_SUSPEND : CCW_CC),
			     testguest_iova(guest, testguest_alloc(guest, 16, 8)), ID_SIZE);
	ccw_prog_orb(&self->prog, &self->orb);
}

FIXTURE_TEARDOWN(async)
{
	testguest_close(&self->guest);
}

/*
 * The next response is the answer to the signal. What the program was doing when
 * it was signalled may still stand there.
 */
static bool answered(struct ccw_dev *dev, __u32 function)
{
	struct cio_irb irb;
	__u32 word0;

	if (ccw_dev_wait(dev, VFIO_CCW_IO_IRQ_INDEX, WAIT_MS) || ccw_response(dev, &irb))
		return false;
	word0 = cio_32(irb.scsw.word0);
	return word0 & function && word0 & SCSW_PENDING;
}

TEST_F(async, no_program)
{
	struct testguest *guest = &self->guest;
	int i;

	for (i = 0; i < 3; i++) {
		ASSERT_EQ(0, variant->signal(&guest->dev));
		ASSERT_TRUE(answered(&guest->dev, variant->function));
		EXPECT_TRUE(testguest_quiet(guest));
	}
	EXPECT_LE(ID_SIZE, testguest_sense_id(guest, self->id));
}

/* The program is over with the answer: its storage is free, the next one starts. */
TEST_F(async, suspended_program)
{
	struct testguest *guest = &self->guest;
	int i;

	for (i = 0; i < 3; i++) {
		ASSERT_EQ(0, ccw_start(&guest->dev, &self->orb));
		ASSERT_EQ(0, testguest_suspended(guest));
		ASSERT_EQ(0, variant->signal(&guest->dev));
		ASSERT_TRUE(answered(&guest->dev, variant->function));
		EXPECT_EQ(-EBUSY, ccw_resume(&guest->dev, &self->orb));
	}
	EXPECT_TRUE(storage_unlocked());
	EXPECT_LE(ID_SIZE, testguest_sense_id(guest, self->id));
}

/* Its end is told first, then the answer, each once. */
TEST_F(async, ended_program)
{
	struct testguest *guest = &self->guest;
	struct ccw_prog prog;
	struct cio_orb orb;

	ASSERT_EQ(0, ccw_prog_init(&prog, &guest->mem, 1, 1, CCW_DIRECT));
	ccw_prog_add(&prog, CCW_CMD_SENSE_ID, CCW_SLI,
		     testguest_iova(guest, testguest_alloc(guest, 16, 8)), ID_SIZE);
	ccw_prog_orb(&prog, &orb);
	ASSERT_EQ(0, ccw_start(&guest->dev, &orb));
	ASSERT_EQ(0, ccw_dev_wait(&guest->dev, VFIO_CCW_IO_IRQ_INDEX, WAIT_MS));
	ASSERT_EQ(0, variant->signal(&guest->dev));
	ASSERT_EQ(0, ccw_response(&guest->dev, &self->irb));
	EXPECT_TRUE(is_good_end(&self->irb));
	EXPECT_TRUE(answered(&guest->dev, variant->function));
	EXPECT_TRUE(testguest_quiet(guest));
}

/* What the region last answered can be read there. */
TEST_F(async, region_shows_result)
{
	struct ccw_dev *dev = &self->guest.dev;
	struct ccw_cmd_region area = { .command = 77 };

	ASSERT_EQ(0, variant->signal(dev));
	ASSERT_EQ((ssize_t)sizeof(area), pread(dev->fd, &area, sizeof(area), dev->async.offset));
	EXPECT_EQ(0, area.ret_code);
	EXPECT_NE(77, area.command);
	EXPECT_TRUE(answered(dev, variant->function));

	area.command = 77;
	EXPECT_EQ(-1, pwrite(dev->fd, &area, sizeof(area), dev->async.offset));
	EXPECT_EQ(EINVAL, errno);
	ASSERT_EQ((ssize_t)sizeof(area), pread(dev->fd, &area, sizeof(area), dev->async.offset));
	EXPECT_EQ(-EINVAL, (int)area.ret_code);
	EXPECT_EQ(77, area.command);
	EXPECT_TRUE(testguest_quiet(&self->guest));
}

struct race {
	struct ccw_dev *dev;
	int (*signal)(struct ccw_dev *dev);
	int refused;
	int failed;
};

/* Condition codes 0, 1 and 2 may come; any other refusal is an error. */
static void *signals(void *arg)
{
	struct race *race = arg;
	int i;

	for (i = 0; i < ROUNDS; i++) {
		int ret = race->signal(race->dev);

		if (ret == -EBUSY)
			race->refused++;
		else if (ret)
			race->failed = ret;
	}
	return NULL;
}

/* F12-F14: programs start and end while they are halted and cleared from another thread. */
TEST_F(async, race)
{
	struct testguest *guest = &self->guest;
	struct race race = { .dev = &guest->dev, .signal = variant->signal };
	struct cio_irb irb;
	pthread_t thread;
	int i;

	ASSERT_EQ(0, pthread_create(&thread, NULL, signals, &race));
	for (i = 0; i < ROUNDS; i++) {
		int ret = ccw_start(&guest->dev, &self->orb);

		if (ret != -EBUSY)
			EXPECT_EQ(0, ret);
		while (!ccw_dev_wait(&guest->dev, VFIO_CCW_IO_IRQ_INDEX, 0))
			ASSERT_EQ(0, ccw_response(&guest->dev, &irb));
	}
	pthread_join(thread, NULL);
	EXPECT_EQ(0, race.failed);

	/* Whatever runs now ends with a last signal. */
	while (variant->signal(&guest->dev) == -EBUSY)
		ccw_dev_wait(&guest->dev, VFIO_CCW_IO_IRQ_INDEX, WAIT_MS);
	while (!testguest_quiet(guest))
		ccw_response(&guest->dev, &irb);
	EXPECT_TRUE(storage_unlocked());
	EXPECT_LE(ID_SIZE, testguest_sense_id(guest, self->id));
}

int main(int argc, char **argv)
{
	return subchannel_main(argc, argv, test_harness_run);
}
