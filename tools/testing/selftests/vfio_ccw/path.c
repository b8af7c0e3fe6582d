// SPDX-License-Identifier: GPL-2.0
/*
 * Channel paths that the host's operator takes away and gives back (vary): no
 * I/O goes there meanwhile, whatever paths the guest's ORB names. That is no
 * business of the guest's, so no channel report tells of it.
 */
#include <errno.h>
#include <unistd.h>

#include <linux/vfio_ccw.h>

#include "kselftest_harness.h"

#include "machine.h"
#include "testguest.h"

#define ID_SIZE	7

FIXTURE(path) {
	struct testguest guest;
	struct ccw_prog prog;
	struct cio_orb orb;
	struct cio_irb irb;
	int path;		/* the device's one channel path */
	__u8 id[SENSE_ID_ROOM];
	bool varied;
};

FIXTURE_SETUP(path)
{
	struct testguest *guest = &self->guest;

	self->path = machine_path();
	if (self->path < 0)
		SKIP(return, "the device has no single channel path that can be varied");
	ASSERT_EQ(0, testguest_open(guest));
	ASSERT_LE(ID_SIZE, testguest_sense_id(guest, self->id));
	ASSERT_EQ(0, ccw_prog_init(&self->prog, &guest->mem, 1, 1, CCW_DIRECT));
	ccw_prog_add(&self->prog, CCW_CMD_SENSE_ID, CCW_SLI,
		     testguest_iova(guest, testguest_alloc(guest, 16, 8)), ID_SIZE);
	ccw_prog_orb(&self->prog, &self->orb);
}

FIXTURE_TEARDOWN(path)
{
	if (self->varied)
		EXPECT_EQ(0, machine_vary(self->path, "on"));
	testguest_close(&self->guest);
}

static bool reported(struct ccw_dev *dev)
{
	struct ccw_crw_region crw;

	return pread(dev->fd, &crw, sizeof(crw), dev->crw.offset) != sizeof(crw) || crw.crw;
}

/* S9: with no path left the answer is condition code 3, with the path back all is well. */
TEST_F(path, varied_off)
{
	struct ccw_dev *dev = &self->guest.dev;
	struct cio_orb named;

	self->varied = true;
	ASSERT_EQ(0, machine_vary(self->path, "off"));
	EXPECT_EQ(-ENODEV, ccw_start(dev, &self->orb));
	self->prog.lpm = 0x80;
	ccw_prog_orb(&self->prog, &named);
	EXPECT_EQ(-ENODEV, ccw_start(dev, &named));
	EXPECT_TRUE(testguest_quiet(&self->guest));
	EXPECT_FALSE(reported(dev));

	ASSERT_EQ(0, machine_vary(self->path, "on"));
	self->varied = false;
	ASSERT_EQ(0, ccw_run(dev, &self->orb, &self->irb, WAIT_MS));
	EXPECT_TRUE(is_good_end(&self->irb));
	EXPECT_FALSE(reported(dev));
}

/* No path named leaves the choice to the host; of those named, one that is there will do. */
TEST_F(path, named)
{
	static const __u8 lpm[] = { 0x00, 0x80, 0xff };
	unsigned int i;

	for (i = 0; i < sizeof(lpm); i++) {
		self->prog.lpm = lpm[i];
		ccw_prog_orb(&self->prog, &self->orb);
		ASSERT_EQ(0, ccw_run(&self->guest.dev, &self->orb, &self->irb, WAIT_MS));
		EXPECT_TRUE(is_good_end(&self->irb));
	}
}

/* A path that the device does not have is none to use. */
TEST_F(path, not_installed)
{
	struct ccw_dev *dev = &self->guest.dev;

	self->prog.lpm = 0x40;
	ccw_prog_orb(&self->prog, &self->orb);
	EXPECT_EQ(-EACCES, ccw_start(dev, &self->orb));
	self->prog.lpm = 0xc0;
	ccw_prog_orb(&self->prog, &self->orb);
	ASSERT_EQ(0, ccw_run(dev, &self->orb, &self->irb, WAIT_MS));
	EXPECT_TRUE(is_good_end(&self->irb));
}

/* I/O that runs there is ended: the guest does not wait for ever. */
TEST_F(path, varied_off_under_io)
{
	struct ccw_dev *dev = &self->guest.dev;

	ASSERT_EQ(0, testguest_suspend_at(&self->guest, &self->prog, 0, &self->orb));

	self->varied = true;
	ASSERT_EQ(0, machine_vary(self->path, "off"));
	ASSERT_EQ(0, ccw_dev_wait(dev, VFIO_CCW_IO_IRQ_INDEX, WAIT_MS));
	ASSERT_EQ(0, ccw_response(dev, &self->irb));
	EXPECT_TRUE(cio_32(self->irb.scsw.word0) & (SCSW_FC_HALT | SCSW_FC_CLEAR));

	ASSERT_EQ(0, machine_vary(self->path, "on"));
	self->varied = false;
	EXPECT_LE(ID_SIZE, testguest_sense_id(&self->guest, self->id));
}

int main(int argc, char **argv)
{
	return subchannel_main(argc, argv, test_harness_run);
}
