// SPDX-License-Identifier: GPL-2.0
/*
 * Each allocation, each copy and each pin that START, RESUME, open, create and
 * bind need, failed in turn: the caller is told why, nothing is lost, and the
 * next try succeeds (F10, F11, F23). That nothing leaks is the host's to say
 * (kmemleak), and the container's, which counts the pages that are pinned.
 *
 * A copy that fails is guest storage that cannot be read: when the channel comes
 * there, a program check says so.
 *
 * To see them fail: leave out an unpin or free on one of the error paths of
 * vfio_ccw_cp.c, vfio_ccw_pages.c, vfio_ccw_ops.c or vfio_ccw_drv.c.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include "kselftest_harness.h"

#include "fault.h"
#include "locked.h"
#include "machine.h"
#include "sysfs.h"
#include "testguest.h"

#define ID_SIZE		7
#define PAGE		4096
/* So many that lists have to grow on the way, in pages that are no neighbours. */
#define CCWS		40
#define SPREAD		(3 * PAGE)
/* Where the program is suspended */
#define STOP		2

FIXTURE(fault) {
	struct testguest guest;
	struct ccw_prog prog;
	struct cio_orb orb;
	struct cio_irb irb;
	__u8 *data;
	char path[SCH_PATH];
	bool open;
};

static int run(struct testguest *guest, const struct cio_orb *orb)
{
	struct cio_irb irb;
	int ret = ccw_run(&guest->dev, orb, &irb, WAIT_MS);

	return ret ? ret : ccw_irb_good(&irb) ? 0 : -EIO;
}

/*
 * Faults that fail a program: in the copy of the request, in memory for the program
 * and for its IDAWs. Pins are tried again with less. One of three may be missed: the
 * kernel's caches fill meanwhile, so the n-th fault is not the one it was before.
 */
#define FATAL 2

static bool is_end(const struct cio_irb *irb)
{
	return irb->scsw.cstat == SCH_PROGRAM_CHECK || is_good_end(irb);
}

FIXTURE_SETUP(fault)
{
	struct testguest *guest = &self->guest;
	int i, ret;

	ret = fault_prepare();
	if (ret == -ENOENT)
		SKIP(return, "the kernel has no fault injection");
	ASSERT_EQ(0, ret);
	ASSERT_EQ(0, testguest_open(guest));
	self->open = true;
	self->data = testguest_alloc(guest, CCWS * SPREAD, PAGE);
	ASSERT_EQ(0, ccw_prog_init(&self->prog, &guest->mem, CCWS, 1, CCW_IDAL2_4K));
	for (i = 0; i < CCWS; i++)
		ccw_prog_add(&self->prog, CCW_CMD_SENSE_ID,
			     CCW_SLI | (i < CCWS - 1 ? CCW_CC : 0),
			     testguest_iova(guest, self->data + i * SPREAD), ID_SIZE);
	ccw_prog_orb(&self->prog, &self->orb);
}

FIXTURE_TEARDOWN(fault)
{
	if (self->open)
		testguest_close(&self->guest);
}

/* All that the driver keeps from one program to the next goes, pages at once. */
static int reopen(struct ccw_dev *dev)
{
	close(dev->fd);
	if (locked_kib())
		return -EBUSY;
	dev->fd = ioctl(dev->group, VFIO_GROUP_GET_DEVICE_FD, subchannel_uuid());
	if (dev->fd < 0)
		return -errno;
	return ccw_dev_set_event(dev, VFIO_CCW_IO_IRQ_INDEX, dev->event[VFIO_CCW_IO_IRQ_INDEX]);
}

TEST_F_TIMEOUT(fault, start, 600)
{
	struct testguest *guest = &self->guest;
	unsigned int nth, failed = 0;
	bool reached = true;
	int ret;

	for (nth = 1; reached; nth++) {
		ASSERT_EQ(0, reopen(&guest->dev));
		/* Its pages have to be had anew, too. */
		ASSERT_EQ(0, madvise(self->data, CCWS * SPREAD, MADV_DONTNEED));
		fault_arm(nth);
		ret = ccw_start(&guest->dev, &self->orb);
		reached = fault_disarm();
		if (!ret) {
			ASSERT_EQ(0, ccw_finish(&guest->dev, &self->irb, WAIT_MS));
			ASSERT_TRUE(reached ? is_end(&self->irb) : is_good_end(&self->irb));
		} else {
			ASSERT_TRUE(reached && is_fault(ret))
				TH_LOG("fault %u: %s", nth, strerror(-ret));
			failed++;
		}
		/* The same is right at once, on the device as the fault left it. */
		ASSERT_EQ(0, run(guest, &self->orb))
			TH_LOG("after fault %u", nth);
		ASSERT_EQ(0, memcmp(self->data, self->data + (CCWS - 1) * SPREAD, ID_SIZE));
	}
	ASSERT_EQ(0, reopen(&guest->dev));
	TH_LOG("%u of %u faults failed it", failed, nth - 2);
	EXPECT_LE(CCWS, nth - 2);
	EXPECT_LE(FATAL, failed);
}

TEST_F_TIMEOUT(fault, resume, 600)
{
	struct testguest *guest = &self->guest;
	unsigned int nth, failed = 0;
	bool reached = true;
	int ret;

	self->prog.ctrl |= ORB_SUSPEND | ORB_NO_SUSPEND_INT;
	ccw_prog_orb(&self->prog, &self->orb);
	for (nth = 1; reached; nth++) {
		ASSERT_EQ(0, reopen(&guest->dev));
		ccw_prog_set_flags(&self->prog, STOP, CCW_SLI | CCW_CC | CCW_SUSPEND);
		ASSERT_EQ(0, testguest_suspend(guest, &self->orb));
		ASSERT_EQ(0, madvise(self->data, CCWS * SPREAD, MADV_DONTNEED));
		ccw_prog_set_flags(&self->prog, STOP, CCW_SLI | CCW_CC);
		fault_arm(nth);
		ret = ccw_resume(&guest->dev, &self->orb);
		reached = fault_disarm();
		if (ret) {
			ASSERT_TRUE(reached && is_fault(ret))
				TH_LOG("fault %u: %s", nth, strerror(-ret));
			failed++;
			/* It is still there, and still to be resumed. */
			ASSERT_TRUE(testguest_is_suspended(guest));
			ASSERT_EQ(0, ccw_resume(&guest->dev, &self->orb));
		}
		ASSERT_EQ(0, ccw_finish(&guest->dev, &self->irb, WAIT_MS));
		ASSERT_TRUE(reached && !ret ? is_end(&self->irb) : is_good_end(&self->irb))
			TH_LOG("after fault %u", nth);
	}
	ASSERT_EQ(0, reopen(&guest->dev));
	TH_LOG("%u of %u faults failed it", failed, nth - 2);
	EXPECT_LE(FATAL, failed);
}

/* What may be locked counts each page that is pinned: at which one it stops is our choice. */
TEST_F_TIMEOUT(fault, pin, 300)
{
	struct testguest *guest = &self->guest;
	struct rlimit limit, old;
	unsigned int pages;
	int ret;

	/* The container looks at the capability when storage is mapped. */
	ASSERT_EQ(0, ccw_dma_unmap(&guest->dev, guest->mem.iova, guest->mem.size));
	ASSERT_EQ(0, locked_obey_limit());
	ASSERT_EQ(0, ccw_dma_map(&guest->dev, guest->mem.base, guest->mem.iova, guest->mem.size,
				 VFIO_DMA_MAP_FLAG_READ | VFIO_DMA_MAP_FLAG_WRITE));
	ASSERT_EQ(0, run(guest, &self->orb));
	ASSERT_EQ(0, getrlimit(RLIMIT_MEMLOCK, &old));
	for (pages = 0; pages < CCWS; pages++) {
		ASSERT_EQ(0, reopen(&guest->dev));
		limit = old;
		limit.rlim_cur = pages * PAGE;
		ASSERT_EQ(0, setrlimit(RLIMIT_MEMLOCK, &limit));
		ret = ccw_start(&guest->dev, &self->orb);
		ASSERT_EQ(-ENOMEM, ret)
			TH_LOG("with room for %u pages", pages);
	}
	ASSERT_EQ(0, reopen(&guest->dev));
	limit.rlim_cur = CCWS * PAGE;
	ASSERT_EQ(0, setrlimit(RLIMIT_MEMLOCK, &limit));
	EXPECT_EQ(0, run(guest, &self->orb));
	EXPECT_EQ(0, setrlimit(RLIMIT_MEMLOCK, &old));
}

TEST_F_TIMEOUT(fault, open, 600)
{
	struct testguest *guest = &self->guest;
	unsigned int nth, failed = 0;
	__u8 id[SENSE_ID_ROOM];
	bool reached = true;
	int ret;

	ccw_dev_close(&guest->dev);
	for (nth = 1; reached; nth++) {
		fault_arm(nth);
		ret = ccw_dev_open(&guest->dev, subchannel_uuid());
		reached = fault_disarm();
		if (!ret) {
			ccw_dev_close(&guest->dev);
			continue;
		}
		ASSERT_TRUE(reached && is_fault(ret))
			TH_LOG("fault %u: %s", nth, guest->dev.error);
		failed++;
	}
	TH_LOG("%u of %u faults failed it", failed, nth - 2);
	EXPECT_LE(10, failed);
	testguest_close(guest);
	ASSERT_EQ(0, testguest_open(guest));
	EXPECT_LE(ID_SIZE, testguest_sense_id(guest, id));
}

/*
 * It always fails, in the end because the device cannot be registered: the VFIO
 * core warns of itself when an allocation of its own fails there.
 */
TEST_F_TIMEOUT(fault, create, 600)
{
	struct testguest *guest = &self->guest;
	unsigned int nth, failed = 0;
	bool reached = true;
	char text[8];
	int ret;

	testguest_close(guest);
	self->open = false;
	ret = machine_load();
	if (ret == -ENOENT)
		SKIP(return, "there is no cio_test.ko");
	ASSERT_EQ(0, ret);
	ASSERT_EQ(0, machine_answer("vfio_register_emulated_iommu_dev", -ENOMEM, 1000000));
	for (nth = 1; reached; nth++) {
		subchannel_type_path(self->path, "create");
		fault_arm(nth);
		ret = sysfs_write(self->path, subchannel_uuid());
		reached = fault_disarm();
		ASSERT_TRUE(is_fault(ret))
			TH_LOG("fault %u: %s", nth, strerror(-ret));
		subchannel_type_path(self->path, "available_instances");
		ASSERT_EQ(0, sysfs_read(self->path, text, sizeof(text)));
		ASSERT_STREQ("1", text)
			TH_LOG("after fault %u", nth);
		ASSERT_FALSE(sysfs_exists(subchannel_mdev_path(self->path, "remove")));
		failed++;
	}
	ASSERT_LE(1, machine_answered());
	ASSERT_EQ(0, machine_unload());
	TH_LOG("%u of %u faults failed it", failed - 1, nth - 2);
	EXPECT_LE(20, failed);
	ASSERT_EQ(0, testguest_open(guest));
	self->open = true;
	EXPECT_EQ(0, ccw_dev_reset(&guest->dev));
}

/* F23: a probe that fails leaves nothing that is in the way of the next. */
TEST_F_TIMEOUT(fault, bind, 600)
{
	struct testguest *guest = &self->guest;
	unsigned int nth, failed = 0;
	bool reached = true;
	int ret;

	testguest_close(guest);
	self->open = false;
	for (nth = 1; reached; nth++) {
		ASSERT_EQ(0, subchannel_unbind());
		subchannel_path(self->path, "driver_override");
		ASSERT_EQ(0, sysfs_write(self->path, "vfio_ccw"));
		fault_arm(nth);
		ret = sysfs_write("/sys/bus/css/drivers/vfio_ccw/bind", subchannel_id());
		reached = fault_disarm();
		subchannel_type_path(self->path, "create");
		ASSERT_EQ(!ret, sysfs_exists(self->path))
			TH_LOG("fault %u: %s", nth, strerror(-ret));
		if (!ret)
			continue;
		ASSERT_TRUE(reached && is_fault(ret))
			TH_LOG("fault %u: %s", nth, strerror(-ret));
		failed++;
		ASSERT_EQ(0, subchannel_bind())
			TH_LOG("after fault %u", nth);
	}
	TH_LOG("%u of %u faults failed it", failed, nth - 2);
	EXPECT_LE(5, failed);
	ASSERT_EQ(0, testguest_open(guest));
	self->open = true;
	EXPECT_EQ(0, ccw_dev_reset(&guest->dev));
}

int main(int argc, char **argv)
{
	return subchannel_main(argc, argv, test_harness_run);
}
