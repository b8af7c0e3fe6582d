// SPDX-License-Identifier: GPL-2.0
/*
 * The numbers of a device in debugfs: each counts exactly what was done, from
 * the making of the mediated device on.
 *
 * To see them fail: leave out a count() in vfio_ccw_note.c.
 */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <linux/vfio_ccw.h>

#include "kselftest_harness.h"

#include "async.h"
#include "testguest.h"
#include "tracing.h"

/* What one device holds: see vfio_ccw_status.h. */
#define RESPONSES 80

static const char * const names[] = {
	"programs", "resumes", "parts", "halts", "clears", "aborts", "ccws", "pages", "pins",
	"requests_ok", "requests_busy", "requests_no_path", "requests_no_memory",
	"requests_refused", "requests_failed",
	"interruptions", "interruptions_lost", "reports", "reports_lost",
};

#define NAMES (sizeof(names) / sizeof(*names))

FIXTURE(stats) {
	struct testguest guest;
	struct ccw_prog prog;
	struct ccw_mem extra;
	struct cio_orb orb;
	struct cio_irb irb;
	__u8 *data;
	char folder[64];
};

FIXTURE_SETUP(stats)
{
	struct testguest *guest = &self->guest;

	ASSERT_EQ(0, tracing_mount());
	ASSERT_EQ(0, testguest_open(guest));
	ASSERT_EQ(0, ccw_guest_map(&guest->dev, &self->extra, GUEST_EXTRA, 0x10000));
	snprintf(self->folder, sizeof(self->folder), "vfio_ccw/%s", subchannel_id());
	self->data = testguest_alloc(guest, 0x3000, 0x1000);
	ASSERT_EQ(0, ccw_prog_init(&self->prog, &guest->mem, 4, 1, CCW_DIRECT));
}

FIXTURE_TEARDOWN(stats)
{
	testguest_close(&self->guest);
}

#define EXPECT_STAT(number, name) \
	EXPECT_EQ(number, debugfs_number(self->folder, name))

/* All of them but those @named, of which there are @count, are zero. */
static bool others_zero(const char *folder, const char * const *named, unsigned int count)
{
	unsigned int i, j;
	bool zero = true;

	for (i = 0; i < NAMES; i++) {
		for (j = 0; j < count && strcmp(names[i], named[j]); j++)
			;
		if (j < count || !debugfs_number(folder, names[i]))
			continue;
		printf("# %s is %lld\n", names[i], debugfs_number(folder, names[i]));
		zero = false;
	}
	return zero;
}

#define EXPECT_OTHERS_ZERO(...) do {							\
	const char * const named[] = { __VA_ARGS__ };					\
											\
	EXPECT_TRUE(others_zero(self->folder, named, sizeof(named) / sizeof(*named)));	\
} while (0)

static int command(struct testguest *guest, __u32 code)
{
	ssize_t n = pwrite(guest->dev.fd, &code, sizeof(code), guest->dev.async.offset);

	return n < 0 ? -errno : 0;
}

/* Collect the end of a program: how many responses it took, or a negative errno. */
static int end(struct testguest *guest, struct cio_irb *irb)
{
	int n = 0, ret;

	do {
		ret = ccw_dev_wait(&guest->dev, VFIO_CCW_IO_IRQ_INDEX, WAIT_MS);
		if (!ret)
			ret = ccw_response(&guest->dev, irb);
		n++;
	} while (!ret && !ccw_irb_final(irb));
	return ret ? ret : n;
}

static int suspend(struct testguest *guest, struct ccw_prog *prog, struct cio_orb *orb)
{
	prog->ctrl |= ORB_SUSPEND | ORB_NO_SUSPEND_INT;
	ccw_prog_add(prog, CCW_CMD_SENSE_ID, CCW_SLI | CCW_CC, GUEST_EXTRA, 0x2000);
	ccw_prog_add(prog, CCW_CMD_SENSE_ID, CCW_SLI | CCW_SUSPEND, GUEST_EXTRA, 7);
	/* Where a status modifier would lead: the driver fetches that as well. */
	ccw_prog_raw(prog, CCW_CMD_NOP, CCW_SLI, GUEST_BASE, 1);
	ccw_prog_orb(prog, orb);
	return testguest_suspend(guest, orb);
}

/* Nothing but these, zero in a new device, and gone with it. */
TEST_F(stats, files)
{
	__u8 id[SENSE_ID_ROOM];
	struct dirent *entry;
	unsigned int n = 0;
	char path[128];
	DIR *dir;

	snprintf(path, sizeof(path), "/sys/kernel/debug/%s", self->folder);
	dir = opendir(path);
	ASSERT_NE(NULL, dir);
	while ((entry = readdir(dir)))
		n += *entry->d_name != '.';
	closedir(dir);
	EXPECT_EQ(NAMES, n);
	EXPECT_OTHERS_ZERO("");

	ASSERT_LE(7, testguest_sense_id(&self->guest, id));
	EXPECT_STAT(1, "programs");
	testguest_close(&self->guest);
	EXPECT_EQ(-1, access(path, F_OK));
	EXPECT_EQ(0, access("/sys/kernel/debug/vfio_ccw", F_OK));
	ASSERT_EQ(0, testguest_open(&self->guest));
	EXPECT_OTHERS_ZERO("");
}

/* Pages are those that are held: not the program's own, nor one that is not there. */
TEST_F(stats, program)
{
	struct testguest *guest = &self->guest;
	int responses;

	ccw_prog_add(&self->prog, CCW_CMD_SENSE_ID, CCW_SLI | CCW_CC,
		     testguest_iova(guest, self->data), 0x3000);
	ccw_prog_add(&self->prog, CCW_CMD_NOP, CCW_SLI, GUEST_HOLE, 1);
	ccw_prog_add(&self->prog, CCW_CMD_SENSE_ID, CCW_SLI, GUEST_HOLE, 1);
	ccw_prog_orb(&self->prog, &self->orb);
	ASSERT_EQ(0, ccw_start(&guest->dev, &self->orb));
	responses = end(guest, &self->irb);
	ASSERT_LE(1, responses);
	EXPECT_STAT(1, "programs");
	EXPECT_STAT(3, "ccws");
	EXPECT_STAT(3, "pages");
	EXPECT_STAT(1, "requests_ok");
	EXPECT_STAT(responses, "interruptions");
	EXPECT_OTHERS_ZERO("programs", "ccws", "pages", "pins", "requests_ok", "interruptions");

	ASSERT_EQ(0, ccw_start(&guest->dev, &self->orb));
	responses += end(guest, &self->irb);
	EXPECT_STAT(2, "programs");
	EXPECT_STAT(6, "ccws");
	EXPECT_STAT(6, "pages");
	EXPECT_STAT(2, "requests_ok");
	EXPECT_STAT(responses, "interruptions");
	EXPECT_OTHERS_ZERO("programs", "ccws", "pages", "pins", "requests_ok", "interruptions");
}

TEST_F(stats, refusals)
{
	struct testguest *guest = &self->guest;

	ASSERT_EQ(0, suspend(guest, &self->prog, &self->orb));
	EXPECT_EQ(-EBUSY, ccw_start(&guest->dev, &self->orb));
	EXPECT_EQ(-EBUSY, ccw_start(&guest->dev, &self->orb));
	self->orb.ctrl |= cio_be32(ORB_TRANSPORT);
	EXPECT_EQ(-EOPNOTSUPP, ccw_start(&guest->dev, &self->orb));
	EXPECT_EQ(-EINVAL, command(guest, 0));
	EXPECT_EQ(-EINVAL, command(guest, 3));
	EXPECT_STAT(1, "programs");
	EXPECT_STAT(3, "ccws");
	EXPECT_STAT(2, "pages");
	EXPECT_STAT(1, "requests_ok");
	EXPECT_STAT(2, "requests_busy");
	EXPECT_STAT(3, "requests_refused");
	EXPECT_OTHERS_ZERO("programs", "ccws", "pages", "pins", "requests_ok", "requests_busy",
			   "requests_refused");
}

TEST_F(stats, resumes)
{
	struct testguest *guest = &self->guest;
	int i, responses;

	ASSERT_EQ(0, suspend(guest, &self->prog, &self->orb));
	for (i = 0; i < 2; i++) {
		ASSERT_EQ(0, ccw_resume(&guest->dev, &self->orb));
		ASSERT_EQ(0, testguest_suspended(guest));
	}
	ccw_prog_set_flags(&self->prog, 1, CCW_SLI);
	ASSERT_EQ(0, ccw_resume(&guest->dev, &self->orb));
	responses = end(guest, &self->irb);
	ASSERT_LE(1, responses);
	EXPECT_STAT(1, "programs");
	EXPECT_STAT(3, "resumes");
	EXPECT_STAT(6, "ccws");
	EXPECT_STAT(3, "pages");
	EXPECT_STAT(4, "requests_ok");
	EXPECT_STAT(responses, "interruptions");
	EXPECT_OTHERS_ZERO("programs", "resumes", "ccws", "pages", "pins", "requests_ok",
			   "interruptions");
}

/* A program that reads over its next CCW, which has the host fetch that again. */
TEST_F(stats, parts)
{
	struct testguest *guest = &self->guest;
	int responses;

	self->prog.ctrl &= ~ORB_PREFETCH;
	ccw_prog_add(&self->prog, CCW_CMD_SENSE_ID, CCW_SLI | CCW_CC,
		     ccw_prog_addr(&self->prog, 1) + 2, 1);
	ccw_prog_add(&self->prog, CCW_CMD_SENSE_ID, CCW_SLI, testguest_iova(guest, self->data),
		     0x107);
	ccw_prog_orb(&self->prog, &self->orb);
	self->orb.ctrl &= ~cio_be32(ORB_PREFETCH);
	ASSERT_EQ(0, ccw_start(&guest->dev, &self->orb));
	responses = end(guest, &self->irb);
	ASSERT_LE(1, responses);
	EXPECT_STAT(1, "programs");
	EXPECT_STAT(1, "parts");
	EXPECT_STAT(1, "requests_ok");
	EXPECT_STAT(responses, "interruptions");
	EXPECT_OTHERS_ZERO("programs", "parts", "ccws", "pages", "pins", "requests_ok",
			   "interruptions");
}

TEST_F(stats, commands)
{
	struct testguest *guest = &self->guest;
	int i;

	ASSERT_EQ(0, ccw_halt(&guest->dev));
	ASSERT_EQ(0, ccw_dev_wait(&guest->dev, VFIO_CCW_IO_IRQ_INDEX, WAIT_MS));
	EXPECT_STAT(1, "halts");
	for (i = 0; i < 2; i++) {
		ASSERT_EQ(0, ccw_clear(&guest->dev));
		ASSERT_EQ(0, ccw_dev_wait(&guest->dev, VFIO_CCW_IO_IRQ_INDEX, WAIT_MS));
	}
	EXPECT_STAT(1, "halts");
	EXPECT_STAT(2, "clears");
	EXPECT_STAT(3, "requests_ok");
	EXPECT_STAT(3, "interruptions");
	EXPECT_OTHERS_ZERO("halts", "clears", "requests_ok", "interruptions");
}

/* What the guest is told of an abort is an interruption as well. */
TEST_F(stats, aborts)
{
	struct testguest *guest = &self->guest;

	ASSERT_EQ(0, suspend(guest, &self->prog, &self->orb));
	ASSERT_EQ(0, ccw_guest_unmap(&guest->dev, &self->extra));
	ASSERT_EQ(1, end(guest, &self->irb));
	EXPECT_STAT(1, "aborts");
	EXPECT_STAT(1, "interruptions");
	EXPECT_OTHERS_ZERO("programs", "ccws", "pages", "pins", "requests_ok", "aborts",
			   "interruptions");
}

TEST_F(stats, lost)
{
	struct testguest *guest = &self->guest;
	int i;

	ccw_prog_raw(&self->prog, CCW_CMD_NOP, CCW_SLI, GUEST_BASE, 1);
	ccw_prog_orb(&self->prog, &self->orb);
	for (i = 0; i < RESPONSES + 5; i++) {
		ASSERT_EQ(0, ccw_start(&guest->dev, &self->orb));
		ASSERT_EQ(0, ccw_dev_wait(&guest->dev, VFIO_CCW_IO_IRQ_INDEX, WAIT_MS));
	}
	EXPECT_STAT(RESPONSES, "interruptions");
	EXPECT_STAT(5, "interruptions_lost");
	EXPECT_STAT(RESPONSES + 5, "requests_ok");
}

int main(int argc, char **argv)
{
	return subchannel_main(argc, argv, test_harness_run);
}
