// SPDX-License-Identifier: GPL-2.0
/*
 * Interruption responses wait in a queue: none is overwritten, they come in
 * order, and the eventfd is signalled again while more are waiting (S2)
 */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "kselftest_harness.h"

#include "testguest.h"

#define PROGRAMS 64	/* as many as a device must hold */

FIXTURE(queue) {
	struct testguest guest;
	struct ccw_prog prog;
	struct cio_irb irb;
};

FIXTURE_SETUP(queue)
{
	int i;

	ASSERT_EQ(0, testguest_open(&self->guest));
	ASSERT_EQ(0, ccw_prog_init(&self->prog, &self->guest.mem, 2 * PROGRAMS, 1, CCW_DIRECT));
	for (i = 0; i < 2 * PROGRAMS; i++)
		ASSERT_LE(0, ccw_prog_raw(&self->prog, CCW_CMD_NOP, CCW_SLI, GUEST_BASE, 1));
}

FIXTURE_TEARDOWN(queue)
{
	testguest_close(&self->guest);
}

/* One program of one CCW; its response tells which one by the CCW address. */
static int start(struct testguest *guest, struct ccw_prog *prog, unsigned int slot)
{
	struct cio_orb orb;
	int ret;

	ccw_prog_orb(prog, &orb);
	orb.cpa = cio_be32(ccw_prog_addr(prog, slot));
	ret = ccw_start(&guest->dev, &orb);
	if (!ret)
		ret = ccw_dev_wait(&guest->dev, VFIO_CCW_IO_IRQ_INDEX, WAIT_MS);
	return ret;
}

/* Programs end one after the other and nobody reads */
TEST_F(queue, in_order)
{
	struct testguest *guest = &self->guest;
	int i;

	for (i = 0; i < PROGRAMS; i++)
		ASSERT_EQ(0, start(guest, &self->prog, i));
	for (i = 0; i < PROGRAMS; i++) {
		ASSERT_EQ(0, ccw_response(&guest->dev, &self->irb));
		ASSERT_TRUE(is_good_end(&self->irb));
		ASSERT_EQ(ccw_prog_addr(&self->prog, i + 1), cio_32(self->irb.scsw.cpa));
	}
}

/* One signal may stand for many interrupts, so each read asks for the next */
TEST_F(queue, signalled_again)
{
	struct testguest *guest = &self->guest;
	int i;

	for (i = 0; i < 3; i++)
		ASSERT_EQ(0, start(guest, &self->prog, i));
	/* All signals so far have been taken. */
	for (i = 0; i < 2; i++) {
		ASSERT_EQ(0, ccw_response(&guest->dev, &self->irb));
		EXPECT_EQ(0, ccw_dev_wait(&guest->dev, VFIO_CCW_IO_IRQ_INDEX, 0));
	}
	ASSERT_EQ(0, ccw_response(&guest->dev, &self->irb));
	EXPECT_TRUE(testguest_quiet(guest));
}

/* A partial read takes nothing, so it does not ask for more either */
TEST_F(queue, peek_takes_nothing)
{
	struct testguest *guest = &self->guest;
	__u8 buf[96];

	ASSERT_EQ(0, start(guest, &self->prog, 0));
	ASSERT_EQ(0, start(guest, &self->prog, 1));
	ASSERT_EQ(95, pread(guest->dev.fd, buf, 95, 24));
	ASSERT_EQ(95, pread(guest->dev.fd, buf, 95, 25));
	ASSERT_EQ(0, ccw_response(&guest->dev, &self->irb));
	EXPECT_EQ(ccw_prog_addr(&self->prog, 1), cio_32(self->irb.scsw.cpa));
	/* Reading the response area alone is enough to take it. */
	ASSERT_EQ(96, pread(guest->dev.fd, &self->irb, 96, 24));
	EXPECT_EQ(ccw_prog_addr(&self->prog, 2), cio_32(self->irb.scsw.cpa));
	ASSERT_EQ(0, start(guest, &self->prog, 2));
	ASSERT_EQ(0, ccw_response(&guest->dev, &self->irb));
	EXPECT_EQ(ccw_prog_addr(&self->prog, 3), cio_32(self->irb.scsw.cpa));
}

/* Beyond what the queue holds the oldest stay, and the device goes on */
TEST_F(queue, overflow)
{
	struct testguest *guest = &self->guest;
	__u8 id[SENSE_ID_ROOM];
	int i;

	for (i = 0; i < 2 * PROGRAMS - 1; i++)
		ASSERT_EQ(0, start(guest, &self->prog, i));
	for (i = 0; i < PROGRAMS; i++) {
		ASSERT_EQ(0, ccw_response(&guest->dev, &self->irb));
		ASSERT_EQ(ccw_prog_addr(&self->prog, i + 1), cio_32(self->irb.scsw.cpa));
	}
	while (!ccw_dev_wait(&guest->dev, VFIO_CCW_IO_IRQ_INDEX, 0))
		ASSERT_EQ(0, ccw_response(&guest->dev, &self->irb));
	EXPECT_LE(7, testguest_sense_id(guest, id));
}

/* What waited belongs to the past after a reset */
TEST_F(queue, empty_after_reset)
{
	struct testguest *guest = &self->guest;
	__u8 id[SENSE_ID_ROOM];

	ASSERT_EQ(0, start(guest, &self->prog, 0));
	ASSERT_EQ(0, start(guest, &self->prog, 1));
	ASSERT_EQ(0, ccw_dev_reset(&guest->dev));
	ccw_dev_wait(&guest->dev, VFIO_CCW_IO_IRQ_INDEX, 0);
	ASSERT_EQ(0, ccw_response(&guest->dev, &self->irb));
	EXPECT_FALSE(cio_32(self->irb.scsw.word0) & SCSW_PENDING);
	EXPECT_LE(7, testguest_sense_id(guest, id));
}

int main(int argc, char **argv)
{
	return subchannel_main(argc, argv, test_harness_run);
}
