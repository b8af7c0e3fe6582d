// SPDX-License-Identifier: GPL-2.0
/*
 * What QEMU relies on: its calls, in its order, and answers that it can make
 * those of a subchannel of. See vmm.h
 */
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "kselftest_harness.h"

#include "cio.h"
#include "program.h"
#include "start.h"
#include "subchannel.h"
#include "sysfs.h"
#include "vmm.h"

#define WAIT_MS		10000
#define QUIET_MS	300

/* Where things are in the guest's memory */
#define PROGRAM		0x2000
#define DATA		0x3000
#define ID_SIZE		7

FIXTURE(qemu) {
	struct vmm vmm;
	struct cio_orb orb;
	struct cio_irb irb;
	char path[SCH_PATH];
};

/* Sense ID, with all bits of the ORB in which a guest's is like another's. */
static void sense_id(struct vmm *vmm, struct cio_orb *orb)
{
	memset(vmm->memory + DATA, 0, 16);
	ccw_put(vmm->memory + PROGRAM, 1, CCW_CMD_SENSE_ID, CCW_SLI, DATA, ID_SIZE);
	*orb = (struct cio_orb) {
		.ctrl = cio_be32(ORB_FORMAT1 | ORB_PREFETCH | 0xffu << ORB_LPM_SHIFT),
		.cpa = cio_be32(PROGRAM),
	};
}

FIXTURE_SETUP(qemu)
{
	ASSERT_EQ(0, subchannel_mdev_create());
	ASSERT_EQ(0, vmm_realize(&self->vmm, subchannel_mdev_path(self->path, "")));
	sense_id(&self->vmm, &self->orb);
}

FIXTURE_TEARDOWN(qemu)
{
	vmm_unrealize(&self->vmm);
	subchannel_mdev_remove();
}

/* The interruptions of one start, up to the last. */
static int end(struct vmm *vmm, struct cio_irb *irb)
{
	int ret;

	do {
		ret = vmm_interrupt(vmm, irb, WAIT_MS);
	} while (!ret && !ccw_irb_final(irb));
	return ret;
}

static bool quiet(struct vmm *vmm)
{
	struct cio_irb irb;

	return vmm_interrupt(vmm, &irb, QUIET_MS) == -ETIMEDOUT;
}

/* SSCH, then TSCH after each interruption, as often as a guest may. */
TEST_F(qemu, start)
{
	struct vmm *vmm = &self->vmm;

	for (int i = 0; i < 50; i++) {
		sense_id(vmm, &self->orb);
		ASSERT_EQ(0, vmm_ssch(vmm, &self->orb));
		ASSERT_EQ(0, end(vmm, &self->irb));
		EXPECT_TRUE(ccw_irb_good(&self->irb));
		EXPECT_EQ(PROGRAM + 8, cio_32(self->irb.scsw.cpa));
		EXPECT_EQ(0xff, vmm->memory[DATA]);
	}
	EXPECT_TRUE(quiet(vmm));
}

/*
 * A bit of the ORB that QEMU passes on may be one that the device cannot do;
 * the guest has to get an answer of the architecture, never a unit exception,
 * and the next start has to work.
 */
TEST_F(qemu, every_orb)
{
	static const __u32 flip[] = {
		1u << ORB_KEY_SHIFT, 0xfu << ORB_KEY_SHIFT, ORB_SUSPEND, ORB_STREAMING,
		ORB_MODIFICATION, ORB_SYNC, ORB_FORMAT1, ORB_PREFETCH, ORB_INITIAL_STATUS,
		ORB_ADDRESS_LIMIT, ORB_NO_SUSPEND_INT, ORB_IDAW64, ORB_IDAW_2K,
		0x7fu << ORB_LPM_SHIFT, 0xffu << ORB_LPM_SHIFT, ORB_LENGTH_SUPPRESS, ORB_EXTENSION,
	};
	struct vmm *vmm = &self->vmm;

	for (unsigned int i = 0; i < ARRAY_SIZE(flip); i++) {
		sense_id(vmm, &self->orb);
		self->orb.ctrl ^= cio_be32(flip[i]);
		ASSERT_EQ(0, vmm_ssch(vmm, &self->orb)) TH_LOG("flipped %08x", flip[i]);
		ASSERT_EQ(0, end(vmm, &self->irb)) TH_LOG("flipped %08x", flip[i]);

		sense_id(vmm, &self->orb);
		ASSERT_EQ(0, vmm_ssch(vmm, &self->orb)) TH_LOG("after %08x", flip[i]);
		ASSERT_EQ(0, end(vmm, &self->irb));
		EXPECT_TRUE(ccw_irb_good(&self->irb)) TH_LOG("after %08x", flip[i]);
	}
}

/* What is wrong with a program is said in an interruption, with the guest's address. */
TEST_F(qemu, bad_programs)
{
	static const struct {
		__u32 cpa;
		__u8 cmd;
		__u32 data;
		__u32 end;	/* where the response says it stopped */
	} bad[] = {
		{ PROGRAM, CCW_CMD_SENSE_ID, VMM_MEMORY, PROGRAM + 8 },
		{ PROGRAM, CCW_CMD_SENSE_ID, 0x7ffffff8, PROGRAM + 8 },
		{ PROGRAM, CCW_CMD_TIC, PROGRAM, PROGRAM + 8 },
		{ PROGRAM, 0, DATA, PROGRAM + 8 },
		{ VMM_MEMORY, 0, 0, VMM_MEMORY + 8 },
	};
	struct vmm *vmm = &self->vmm;

	for (unsigned int i = 0; i < ARRAY_SIZE(bad); i++) {
		sense_id(vmm, &self->orb);
		ccw_put(vmm->memory + PROGRAM, 1, bad[i].cmd, CCW_SLI, bad[i].data, 16);
		self->orb.cpa = cio_be32(bad[i].cpa);
		ASSERT_EQ(0, vmm_ssch(vmm, &self->orb)) TH_LOG("program %u", i);
		ASSERT_EQ(0, end(vmm, &self->irb)) TH_LOG("program %u", i);
		EXPECT_EQ(SCH_PROGRAM_CHECK, self->irb.scsw.cstat) TH_LOG("program %u", i);
		EXPECT_EQ(bad[i].end, cio_32(self->irb.scsw.cpa)) TH_LOG("program %u", i);
	}
}

/* Resuming is another write of the ORB: a second start it must not be. */
TEST_F(qemu, resume)
{
	struct vmm *vmm = &self->vmm;
	struct cio_schib schib;
	int tries = 0;

	ccw_put(vmm->memory + PROGRAM, 1, CCW_CMD_NOP, CCW_SLI | CCW_CC, DATA, 1);
	ccw_put(vmm->memory + PROGRAM + 8, 1, CCW_CMD_SENSE_ID, CCW_SLI | CCW_SUSPEND, DATA,
		ID_SIZE);
	self->orb.ctrl |= cio_be32(ORB_SUSPEND | ORB_NO_SUSPEND_INT);
	ASSERT_EQ(0, vmm_ssch(vmm, &self->orb));
	do {
		ASSERT_GT(WAIT_MS, tries++);
		usleep(1000);
		ASSERT_EQ(0, vmm_stsch(vmm, &schib));
	} while (!(cio_32(schib.scsw.word0) & SCSW_SUSPENDED));
	/* As the interruption of the suspension would have shown it. */
	vmm->scsw = schib.scsw;
	EXPECT_EQ(0, vmm->memory[DATA]);

	ccw_put(vmm->memory + PROGRAM + 8, 1, CCW_CMD_SENSE_ID, CCW_SLI, DATA, ID_SIZE);
	ASSERT_EQ(0, vmm_rsch(vmm, &self->orb));
	ASSERT_EQ(0, end(vmm, &self->irb));
	EXPECT_TRUE(ccw_irb_good(&self->irb));
	EXPECT_EQ(0xff, vmm->memory[DATA]);
}

/* HSCH and CSCH with nothing to stop: condition code 0 and an interruption each. */
TEST_F(qemu, halt_and_clear)
{
	struct vmm *vmm = &self->vmm;

	ASSERT_EQ(0, vmm_hsch(vmm));
	ASSERT_EQ(0, vmm_interrupt(vmm, &self->irb, WAIT_MS));
	EXPECT_TRUE(cio_32(self->irb.scsw.word0) & SCSW_FC_HALT);
	ASSERT_EQ(0, vmm_csch(vmm));
	ASSERT_EQ(0, vmm_interrupt(vmm, &self->irb, WAIT_MS));
	EXPECT_TRUE(cio_32(self->irb.scsw.word0) & SCSW_FC_CLEAR);
	ASSERT_EQ(0, vmm_ssch(vmm, &self->orb));
	ASSERT_EQ(0, end(vmm, &self->irb));
	EXPECT_TRUE(ccw_irb_good(&self->irb));
}

/* Of the SCHIB, QEMU takes the path masks: the same as in sysfs. */
TEST_F(qemu, store_subchannel)
{
	struct cio_schib schib;
	char text[64], stored[64];

	ASSERT_EQ(0, sysfs_read(subchannel_path(self->path, "pimpampom"), text, sizeof(text)));
	ASSERT_EQ(0, vmm_stsch(&self->vmm, &schib));
	snprintf(stored, sizeof(stored), "%02x %02x %02x", schib.pim, schib.pam, schib.pom);
	EXPECT_STREQ(text, stored);
	EXPECT_EQ(0, schib.pnom);
}

/* Reading channel reports ends: QEMU reads until there is none. */
TEST_F(qemu, channel_reports)
{
	EXPECT_EQ(0, vmm_reports(&self->vmm));
}

/* A guest that is started anew finds a subchannel that is idle and works. */
TEST_F(qemu, machine_reset)
{
	struct vmm *vmm = &self->vmm;

	EXPECT_EQ(0, vmm_reset(vmm));
	ASSERT_EQ(0, vmm_ssch(vmm, &self->orb));
	EXPECT_EQ(0, vmm_reset(vmm));
	/* What was left of it is dropped, or read like any other. */
	while (!vmm_interrupt(vmm, &self->irb, QUIET_MS))
		;
	ASSERT_EQ(0, vmm_ssch(vmm, &self->orb));
	ASSERT_EQ(0, end(vmm, &self->irb));
	EXPECT_TRUE(ccw_irb_good(&self->irb));
}

/* Another QEMU, and the first one has left nothing behind. */
TEST_F(qemu, another)
{
	struct vmm *vmm = &self->vmm;

	ASSERT_EQ(0, vmm_ssch(vmm, &self->orb));
	vmm_unrealize(vmm);
	ASSERT_EQ(0, vmm_realize(vmm, subchannel_mdev_path(self->path, "")));
	EXPECT_TRUE(quiet(vmm));
	sense_id(vmm, &self->orb);
	ASSERT_EQ(0, vmm_ssch(vmm, &self->orb));
	ASSERT_EQ(0, end(vmm, &self->irb));
	EXPECT_TRUE(ccw_irb_good(&self->irb));
	EXPECT_TRUE(quiet(vmm));
}

static void *remove_mdev(void *path)
{
	return (void *)(intptr_t)sysfs_write(path, "1");
}

/* The host wants the device back: QEMU is asked, gives it up, and the host has it. */
TEST_F(qemu, asked_to_give_back)
{
	struct pollfd pfd = { .fd = self->vmm.req_event, .events = POLLIN };
	pthread_t thread;
	void *result;
	int asked;

	subchannel_mdev_path(self->path, "remove");
	ASSERT_EQ(0, pthread_create(&thread, NULL, remove_mdev, self->path));
	/* Given up in any case, or the thread would wait for us, and we for it. */
	asked = poll(&pfd, 1, WAIT_MS);
	vmm_unrealize(&self->vmm);
	ASSERT_EQ(0, pthread_join(thread, &result));
	EXPECT_EQ(1, asked);
	EXPECT_EQ(0, (intptr_t)result);
	EXPECT_FALSE(sysfs_exists(self->path));
}

int main(int argc, char **argv)
{
	return subchannel_main(argc, argv, test_harness_run);
}
