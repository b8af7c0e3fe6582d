// SPDX-License-Identifier: GPL-2.0
/*
 * While a program is fetched: guest storage answers only when the test lets it, as
 * storage does that is swapped out, or on another machine. Nothing that happens to
 * the device meanwhile spoils anything, and nobody waits longer than for that.
 *
 * A device that goes, or its path, meanwhile: gone.c, path_event.c.
 */
#include <errno.h>
#include <pthread.h>
#include <string.h>
#include <unistd.h>

#include "kselftest_harness.h"

#include "async.h"
#include "late.h"
#include "locked.h"
#include "testguest.h"

#define ID_SIZE	7

FIXTURE(fetch) {
	struct testguest guest;
	struct late late;
	struct ccw_prog prog;
	struct cio_orb orb;
	struct cio_irb irb;
	__u8 *data;
	__u8 id[SENSE_ID_ROOM];
};

FIXTURE_VARIANT(fetch) {
	bool resumes;
};

FIXTURE_VARIANT_ADD(fetch, start) {
	.resumes = false,
};

/* Suspended in front of a transfer in channel to the late page */
FIXTURE_VARIANT_ADD(fetch, resume) {
	.resumes = true,
};

FIXTURE_SETUP(fetch)
{
	struct testguest *guest = &self->guest;

	if (!late_is_possible())
		SKIP(return, "the kernel has no userfaultfd");
	ASSERT_EQ(0, testguest_open(guest));
	ASSERT_EQ(0, late_map(&self->late, &guest->dev, GUEST_EXTRA));
	ASSERT_LE(ID_SIZE, testguest_sense_id(guest, self->id));
	self->data = testguest_alloc(guest, 16, 8);
	ccw_put(self->late.contents, 1, CCW_CMD_SENSE_ID, CCW_SLI,
		testguest_iova(guest, self->data), ID_SIZE);
	ASSERT_EQ(0, ccw_prog_init(&self->prog, &guest->mem, 2, 1, CCW_DIRECT));
	self->prog.ctrl |= ORB_SUSPEND | ORB_NO_SUSPEND_INT;
	ccw_prog_raw(&self->prog, CCW_CMD_NOP, CCW_SLI | CCW_CC, 0, 1);
	ccw_prog_raw(&self->prog, CCW_CMD_NOP, CCW_SLI | CCW_SUSPEND, 0, 1);
	ccw_prog_orb(&self->prog, &self->orb);
}

FIXTURE_TEARDOWN(fetch)
{
	late_close(&self->late);
	testguest_close(&self->guest);
}

/* Have the late page wanted: 0, or a negative errno. */
static int begin(struct testguest *guest, struct late *late, const struct ccw_prog *prog,
		 struct cio_orb *orb, bool resumes)
{
	void *last = ccw_mem_ptr(&guest->mem, ccw_prog_addr(prog, 1), 8);
	int ret;

	if (!resumes)
		return late_start(late, orb);
	ret = testguest_suspend(guest, orb);
	return ret ? ret : late_resume(late, last, orb);
}

#define BEGIN() \
	ASSERT_EQ(0, begin(&self->guest, &self->late, &self->prog, &self->orb, variant->resumes))

/*
 * Guards: the device is busy meanwhile, and tells what it tells at any time; then
 * the program goes on as if nothing had been. To see it fail: have
 * vfio_ccw_region_write() and _read() take one mutex.
 */
TEST_F(fetch, goes_on)
{
	struct ccw_dev *dev = &self->guest.dev;
	struct cio_schib schib;

	BEGIN();
	EXPECT_EQ(-EBUSY, ccw_start(dev, &self->orb));
	EXPECT_EQ(0, ccw_schib(dev, &schib));
	EXPECT_EQ(0, ccw_response(dev, &self->irb));
	EXPECT_EQ(-ETIMEDOUT, ccw_dev_wait(dev, VFIO_CCW_IO_IRQ_INDEX, 0));
	EXPECT_EQ(0, late_answer(&self->late));
	ASSERT_EQ(0, testguest_end(&self->guest, &self->irb));
	EXPECT_TRUE(is_good_end(&self->irb));
	EXPECT_EQ(GUEST_EXTRA + 8, cio_32(self->irb.scsw.cpa));
	EXPECT_EQ(0, memcmp(self->id, self->data, ID_SIZE));
}

struct other {
	struct ccw_dev *dev;
	int (*call)(struct ccw_dev *dev);
	int ret;
};

static void *call_other(void *arg)
{
	struct other *other = arg;

	other->ret = other->call(other->dev);
	return NULL;
}

/* What another thread asks for waits for the program, and then finds it there, or ended. */
#define MEANWHILE(_call, _ret) do { \
	struct other other = { .dev = &self->guest.dev, .call = (_call), .ret = 1 }; \
	pthread_t thread; \
	BEGIN(); \
	ASSERT_EQ(0, pthread_create(&thread, NULL, call_other, &other)); \
	EXPECT_TRUE(testguest_quiet(&self->guest)); \
	EXPECT_EQ(1, __atomic_load_n(&other.ret, __ATOMIC_RELAXED)); \
	EXPECT_EQ(0, late_answer(&self->late)); \
	EXPECT_EQ(0, pthread_join(thread, NULL)); \
	_ret = other.ret; \
} while (0)

/*
 * Guards: HALT halts the program that the guest has started before, not the
 * device under its fetching. To see it fail: let VFIO_CCW_SIGNAL go in
 * VFIO_CCW_BUILDING and VFIO_CCW_RESUMING, vfio_ccw_fsm.c.
 */
TEST_F(fetch, halted)
{
	struct testguest *guest = &self->guest;
	int ret;

	MEANWHILE(ccw_halt, ret);
	/* The program may be over, and its status not taken yet. */
	EXPECT_TRUE(!ret || ret == -EBUSY);
	ASSERT_EQ(0, ccw_dev_wait(&guest->dev, VFIO_CCW_IO_IRQ_INDEX, WAIT_MS));
	while (!testguest_quiet(guest))
		EXPECT_EQ(0, ccw_response(&guest->dev, &self->irb));
	EXPECT_TRUE(storage_unlocked());
	EXPECT_LE(ID_SIZE, testguest_sense_id(guest, self->id));
}

/*
 * Guards: a reset leaves no program behind, also not one that was on its way. To
 * see it fail: let VFIO_CCW_STOP go where it has to wait, vfio_ccw_fsm.c.
 */
TEST_F(fetch, reset)
{
	struct testguest *guest = &self->guest;
	int ret;

	MEANWHILE(ccw_dev_reset, ret);
	EXPECT_EQ(0, ret);
	EXPECT_EQ(0, locked_kib());
	EXPECT_FALSE(testguest_is_suspended(guest));
	while (!ccw_dev_wait(&guest->dev, VFIO_CCW_IO_IRQ_INDEX, 0))
		EXPECT_EQ(0, ccw_response(&guest->dev, &self->irb));
	EXPECT_LE(ID_SIZE, testguest_sense_id(guest, self->id));
}

struct owner {
	const struct ccw_mem *mem;
	const struct ccw_prog *prog;
	struct cio_orb *orb;
	bool resumes;
};

/* The program is still in our copy of the old storage: put it into the new. */
static bool fetch_own(void *context)
{
	const struct owner *owner = context;
	/* The request goes on when this has returned. */
	static struct testguest own;
	static struct late late;

	if (testguest_open(&own) || late_map(&late, &own.dev, GUEST_EXTRA))
		return false;
	memcpy(own.mem.base, owner->mem->base, owner->mem->size);
	return !begin(&own, &late, owner->prog, owner->orb, owner->resumes);
}

/*
 * Guards: the owner is killed while it waits for its own storage, which never
 * comes, and the next one finds the device at rest. To see it fail: leave out
 * vfio_ccw_close() in ops_close(), vfio_ccw_ops.c.
 */
TEST_F(fetch, killed)
{
	struct owner owner = {
		.mem = &self->guest.mem,
		.prog = &self->prog,
		.orb = &self->orb,
		.resumes = variant->resumes,
	};

	late_close(&self->late);
	ccw_dev_close(&self->guest.dev);
	ASSERT_EQ(0, testguest_kill_user(fetch_own, &owner));
	ASSERT_EQ(0, testguest_open(&self->guest));
	EXPECT_LE(ID_SIZE, testguest_sense_id(&self->guest, self->id));
}

int main(int argc, char **argv)
{
	return subchannel_main(argc, argv, test_harness_run);
}
