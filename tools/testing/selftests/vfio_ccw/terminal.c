// SPDX-License-Identifier: GPL-2.0
/*
 * A 3270 with an operator who answers each screen with ENTER: the one device of
 * the lab whose status comes on its own account
 */
#include <errno.h>
#include <string.h>
#include <sys/mman.h>

#include "kselftest_harness.h"

#include "testguest.h"

#define ERASE_WRITE	0x05
#define READ_MODIFIED	0x06
#define AID_NONE	0x60
#define KEY_WAIT_MS	20000

FIXTURE(terminal) {
	struct testguest guest;
	struct cio_irb irb;
};

FIXTURE_SETUP(terminal)
{
	ASSERT_EQ(0, testguest_open(&self->guest));
}

/* The operator's answers to what has been written are no business of later tests. */
FIXTURE_TEARDOWN(terminal)
{
	while (!testguest_quiet(&self->guest))
		ccw_response(&self->guest.dev, &self->irb);
	testguest_close(&self->guest);
}

/* Attention, alone, without a program */
static bool attention(const struct cio_irb *irb)
{
	__u32 word0 = cio_32(irb->scsw.word0);

	return irb->scsw.dstat & DEV_ATTENTION && word0 & SCSW_ALERT && word0 & SCSW_PENDING &&
	       !(word0 & (SCSW_FC_START | SCSW_FC_HALT | SCSW_FC_CLEAR | SCSW_PRIMARY));
}

/*
 * The program has ended well. A key that is pressed before the end has been
 * taken may join it; QEMU then shows the attention alone.
 */
static bool ended(const struct cio_irb *irb)
{
	if (irb->scsw.dstat == DEV_ATTENTION && !irb->scsw.cstat &&
	    cio_32(irb->scsw.word0) & SCSW_PRIMARY)
		return true;
	return is_good_end(irb);
}

static int wait_for_key(struct testguest *guest, struct cio_irb *irb)
{
	int ret = ccw_dev_wait(&guest->dev, VFIO_CCW_IO_IRQ_INDEX, KEY_WAIT_MS);

	return ret ? ret : ccw_response(&guest->dev, irb);
}

static int write_screen(struct testguest *guest, struct cio_irb *irb)
{
	/* Write control character: restore keyboard; then text */
	static const __u8 screen[] = { 0xc2, 0xc8, 0xc5, 0xd3, 0xd3, 0xd6 };
	struct ccw_prog prog;
	__u8 *data = testguest_alloc(guest, sizeof(screen), 8);

	memcpy(data, screen, sizeof(screen));
	ccw_prog_init(&prog, &guest->mem, 1, 1, CCW_IDAL2_4K);
	ccw_prog_add(&prog, ERASE_WRITE, CCW_SLI, testguest_iova(guest, data), sizeof(screen));
	return testguest_run(guest, &prog, irb);
}

TEST_F(terminal, writes)
{
	ASSERT_EQ(0, write_screen(&self->guest, &self->irb));
	EXPECT_TRUE(ended(&self->irb));
}

/* S14: what is written to the device need not be writable */
TEST_F(terminal, writes_from_rom)
{
	struct testguest *guest = &self->guest;
	struct ccw_prog prog;
	__u8 *rom;

	rom = mmap(NULL, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	ASSERT_NE(MAP_FAILED, rom);
	ASSERT_EQ(0, ccw_dma_map(&guest->dev, rom, GUEST_EXTRA, 4096, VFIO_DMA_MAP_FLAG_READ));
	ASSERT_EQ(0, ccw_prog_init(&prog, &guest->mem, 1, 1, CCW_DIRECT));
	ccw_prog_add(&prog, ERASE_WRITE, CCW_SLI, GUEST_EXTRA, 6);
	ASSERT_EQ(0, testguest_run(guest, &prog, &self->irb));
	EXPECT_TRUE(ended(&self->irb));
}

TEST_F_TIMEOUT(terminal, attention, 60)
{
	struct ccw_prog prog;
	__u8 *data;

	ASSERT_EQ(0, write_screen(&self->guest, &self->irb));
	ASSERT_TRUE(ended(&self->irb));
	if (!(self->irb.scsw.dstat & DEV_ATTENTION)) {
		ASSERT_EQ(0, wait_for_key(&self->guest, &self->irb));
		EXPECT_TRUE(attention(&self->irb));
	}

	data = testguest_alloc(&self->guest, 64, 8);
	ASSERT_EQ(0, ccw_prog_init(&prog, &self->guest.mem, 1, 1, CCW_IDAL2_4K));
	ccw_prog_add(&prog, READ_MODIFIED, CCW_SLI, testguest_iova(&self->guest, data), 64);
	ASSERT_EQ(0, testguest_run(&self->guest, &prog, &self->irb));
	EXPECT_TRUE(is_good_end(&self->irb));
	/* The key that was pressed, then the cursor */
	EXPECT_LT(cio_16(self->irb.scsw.count), 64);
	EXPECT_NE(PATTERN, data[0]);
	EXPECT_NE(AID_NONE, data[0]);
}

/* Unsolicited status does not end a program that is in the device (F12) */
TEST_F_TIMEOUT(terminal, attention_ends_no_program, 60)
{
	struct testguest *guest = &self->guest;
	struct ccw_prog prog;
	struct cio_orb orb;
	__u8 *data;
	int i, ret;

	data = testguest_alloc(guest, SENSE_ID_ROOM, 8);
	ASSERT_EQ(0, ccw_prog_init(&prog, &guest->mem, 1, 1, CCW_DIRECT));
	ccw_prog_add(&prog, CCW_CMD_SENSE_ID, CCW_SLI, testguest_iova(guest, data), 7);
	ccw_prog_orb(&prog, &orb);
	/* Programs run while keys come; each of them ends by itself. */
	for (i = 0; i < 200; i++) {
		if (i % 20 == 0)
			ASSERT_EQ(0, write_screen(guest, &self->irb));
		/* Status that is pending keeps a program out until it has been taken. */
		while ((ret = ccw_run(&guest->dev, &orb, &self->irb, WAIT_MS)) == -EBUSY) {
			ASSERT_EQ(0, wait_for_key(guest, &self->irb));
			ASSERT_TRUE(attention(&self->irb));
		}
		ASSERT_EQ(0, ret);
		ASSERT_TRUE(ended(&self->irb));
		ASSERT_EQ(ccw_prog_addr(&prog, 1), cio_32(self->irb.scsw.cpa));
	}
}

int main(int argc, char **argv)
{
	return subchannel_main_for("3270", argc, argv, test_harness_run);
}
