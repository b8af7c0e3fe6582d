// SPDX-License-Identifier: GPL-2.0
/*
 * RESUME SUBCHANNEL: a suspended program goes on, with what the guest has made
 * of the rest of it meanwhile (Principles of Operation, I/O Instructions).
 */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "kselftest_harness.h"

#include "testguest.h"

#define ID_SIZE	7

FIXTURE(resume) {
	struct testguest guest;
	struct ccw_prog prog;
	struct cio_orb orb;
	struct cio_irb irb;
	__u8 *data[3];
	__u8 id[SENSE_ID_ROOM];
};

/* Three times sense ID, the second one suspended. */
FIXTURE_SETUP(resume)
{
	struct testguest *guest = &self->guest;
	int i;

	ASSERT_EQ(0, testguest_open(guest));
	ASSERT_LE(ID_SIZE, testguest_sense_id(guest, self->id));
	ASSERT_EQ(0, ccw_prog_init(&self->prog, &guest->mem, 4, 1, CCW_DIRECT));
	self->prog.ctrl |= ORB_SUSPEND | ORB_NO_SUSPEND_INT;
	for (i = 0; i < 3; i++) {
		self->data[i] = testguest_alloc(guest, 16, 8);
		ccw_prog_add(&self->prog, CCW_CMD_SENSE_ID,
			     CCW_SLI | (i < 2 ? CCW_CC : 0) | (i == 1 ? CCW_SUSPEND : 0),
			     testguest_iova(guest, self->data[i]), ID_SIZE);
	}
	ccw_prog_orb(&self->prog, &self->orb);
	ASSERT_EQ(0, ccw_start(&guest->dev, &self->orb));
	ASSERT_EQ(0, testguest_suspended(guest));
}

FIXTURE_TEARDOWN(resume)
{
	testguest_close(&self->guest);
}

TEST_F(resume, goes_on)
{
	struct ccw_dev *dev = &self->guest.dev;
	int i;

	EXPECT_TRUE(untouched(self->data[1], 16));
	ccw_prog_set_flags(&self->prog, 1, CCW_SLI | CCW_CC);
	ASSERT_EQ(0, ccw_resume(dev, &self->orb));
	ASSERT_EQ(0, testguest_end(&self->guest, &self->irb));
	EXPECT_TRUE(is_good_end(&self->irb));
	EXPECT_EQ(ccw_prog_addr(&self->prog, 3), cio_32(self->irb.scsw.cpa));
	for (i = 0; i < 3; i++)
		EXPECT_EQ(0, memcmp(self->id, self->data[i], ID_SIZE));
}

/* What the guest changes while the program is suspended takes effect. */
TEST_F(resume, fetches_again)
{
	struct testguest *guest = &self->guest;
	__u8 *other = testguest_alloc(guest, 16, 8);
	struct ccw_prog tail;

	ASSERT_EQ(0, ccw_prog_init(&tail, &guest->mem, 2, 1, CCW_DIRECT));
	ccw_prog_add(&tail, CCW_CMD_SENSE_ID, CCW_SLI, testguest_iova(guest, other), ID_SIZE);
	/* The CCW that stands, and the one behind it, to somewhere else. */
	ccw_put(self->prog.slots + 8, 1, CCW_CMD_NOP, CCW_SLI | CCW_CC, 0, 1);
	ccw_put(self->prog.slots + 16, 1, CCW_CMD_TIC, 0, ccw_prog_addr(&tail, 0), 0);

	ASSERT_EQ(0, ccw_resume(&guest->dev, &self->orb));
	ASSERT_EQ(0, testguest_end(guest, &self->irb));
	EXPECT_TRUE(is_good_end(&self->irb));
	EXPECT_EQ(ccw_prog_addr(&tail, 1), cio_32(self->irb.scsw.cpa));
	EXPECT_EQ(0, memcmp(self->id, other, ID_SIZE));
	EXPECT_TRUE(untouched(self->data[1], 16));
	EXPECT_TRUE(untouched(self->data[2], 16));
}

/* The CCW that stands may become a transfer in channel itself. */
TEST_F(resume, at_a_transfer)
{
	struct testguest *guest = &self->guest;

	ccw_put(self->prog.slots + 8, 1, CCW_CMD_TIC, 0, ccw_prog_addr(&self->prog, 2), 0);
	ASSERT_EQ(0, ccw_resume(&guest->dev, &self->orb));
	ASSERT_EQ(0, testguest_end(guest, &self->irb));
	EXPECT_TRUE(is_good_end(&self->irb));
	EXPECT_EQ(ccw_prog_addr(&self->prog, 3), cio_32(self->irb.scsw.cpa));
	EXPECT_TRUE(untouched(self->data[1], 16));
	EXPECT_EQ(0, memcmp(self->id, self->data[2], ID_SIZE));
}

/* As long as the guest leaves the flag there, the program stays where it is. */
TEST_F(resume, suspends_again)
{
	struct testguest *guest = &self->guest;
	int i;

	for (i = 0; i < 5; i++) {
		ASSERT_EQ(0, ccw_resume(&guest->dev, &self->orb));
		ASSERT_EQ(0, testguest_suspended(guest));
		EXPECT_TRUE(untouched(self->data[1], 16));
	}
	EXPECT_EQ(-EBUSY, ccw_start(&guest->dev, &self->orb));
	ccw_prog_set_flags(&self->prog, 1, CCW_SLI);
	ASSERT_EQ(0, ccw_resume(&guest->dev, &self->orb));
	ASSERT_EQ(0, testguest_end(guest, &self->irb));
	EXPECT_TRUE(is_good_end(&self->irb));
	EXPECT_EQ(ccw_prog_addr(&self->prog, 2), cio_32(self->irb.scsw.cpa));
}

/* S25: with nothing to resume, the condition code says so and nothing happens. */
TEST_F(resume, nothing_suspended)
{
	struct testguest *guest = &self->guest;

	ccw_prog_set_flags(&self->prog, 1, CCW_SLI | CCW_CC);
	ASSERT_EQ(0, ccw_resume(&guest->dev, &self->orb));
	EXPECT_EQ(-EBUSY, ccw_resume(&guest->dev, &self->orb));
	ASSERT_EQ(0, testguest_end(guest, &self->irb));
	EXPECT_TRUE(is_good_end(&self->irb));
	EXPECT_EQ(-EBUSY, ccw_resume(&guest->dev, &self->orb));
	EXPECT_TRUE(testguest_quiet(guest));
	EXPECT_LE(ID_SIZE, testguest_sense_id(guest, self->id));
}

/* What stands there is gone from storage: the channel finds nothing to fetch. */
TEST_F(resume, program_unmapped)
{
	struct testguest *guest = &self->guest;
	struct ccw_mem extra;
	struct ccw_prog far;

	ASSERT_EQ(0, ccw_dev_reset(&guest->dev));
	ASSERT_EQ(0, ccw_guest_map(&guest->dev, &extra, GUEST_EXTRA, 0x10000));
	ASSERT_EQ(0, ccw_prog_init(&far, &extra, 2, 1, CCW_DIRECT));
	ccw_prog_add(&far, CCW_CMD_SENSE_ID, CCW_SLI | CCW_SUSPEND,
		     testguest_iova(guest, self->data[0]), ID_SIZE);
	ccw_put(self->prog.slots + 8, 1, CCW_CMD_TIC, 0, ccw_prog_addr(&far, 0), 0);
	ASSERT_EQ(0, ccw_start(&guest->dev, &self->orb));
	ASSERT_EQ(0, testguest_suspended(guest));
	ASSERT_EQ(0, ccw_guest_unmap(&guest->dev, &extra));

	ASSERT_EQ(0, ccw_resume(&guest->dev, &self->orb));
	ASSERT_EQ(0, testguest_end(guest, &self->irb));
	EXPECT_TRUE(is_program_check(&self->irb, GUEST_EXTRA + 8));
	EXPECT_LE(ID_SIZE, testguest_sense_id(guest, self->id));
}

int main(int argc, char **argv)
{
	return subchannel_main(argc, argv, test_harness_run);
}
