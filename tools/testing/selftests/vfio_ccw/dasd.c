// SPDX-License-Identifier: GPL-2.0
/*
 * A real ECKD volume: identification, label, blocks written and read back with
 * every kind of addressing, data chaining
 */
#include <errno.h>
#include <string.h>
#include <sys/mman.h>

#include "kselftest_harness.h"

#include "dasd.h"

#define NOT_SCRATCH "volume %s is not written to, only " DASD_SCRATCH

FIXTURE(dasd) {
	struct dasd d;
};

FIXTURE_SETUP(dasd)
{
	ASSERT_TRUE(dasd_open(&self->d));
}

FIXTURE_TEARDOWN(dasd)
{
	testguest_close(&self->d.guest);
}

TEST_F(dasd, sense_id)
{
	__u8 bytes[SENSE_ID_ROOM];
	struct ccw_sense_id *id = (void *)bytes;

	ASSERT_LE(7, testguest_sense_id(&self->d.guest, bytes));
	EXPECT_EQ(0xff, id->valid);
	EXPECT_EQ(0x33, id->dev_type[0]);
}

/* The identity is said twice; the geometry is that of a disk */
TEST_F(dasd, characteristics)
{
	__u8 bytes[SENSE_ID_ROOM];
	struct ccw_sense_id *id = (void *)bytes;
	struct eckd_rdc *rdc = &self->d.rdc;

	ASSERT_LE(7, testguest_sense_id(&self->d.guest, bytes));
	EXPECT_EQ(0, memcmp(id->dev_type, rdc->dev_type, 2));
	EXPECT_NE(0, cio_16(rdc->cylinders));
	EXPECT_EQ(15, cio_16(rdc->heads));
}

TEST_F(dasd, label)
{
	struct dasd *d = &self->d;
	__u8 *label = testguest_alloc(&d->guest, 84, 8);
	char id[5];

	dasd_begin(d, 1, CCW_DIRECT, ECKD_MASK_NO_WRITE, ECKD_OP_READ_DATA, 1, 0, 0, 3);
	dasd_add(d, ECKD_READ_DATA_MT, CCW_SLI, label, 84);
	ASSERT_TRUE(dasd_run(d));
	ccw_ebcdic_text(id, label, 4);
	EXPECT_STREQ("VOL1", id);
}

TEST_F(dasd, read_track)
{
	struct dasd *d = &self->d;
	const struct eckd_count *count;
	const __u32 room = 65535;
	__u8 *track = testguest_alloc(&d->guest, 0x10000, 4096);
	unsigned int records = 0, first = 0, size;

	dasd_begin(d, 1, CCW_IDAL2_4K, ECKD_MASK_NO_WRITE, ECKD_OP_READ_TRACKS, 1, 0, 0, 0);
	dasd_add(d, ECKD_READ_TRACK, CCW_SLI, track, room);
	ASSERT_TRUE(dasd_run(d));
	size = room - cio_16(d->irb.scsw.count);
	while ((count = eckd_record(track, size))) {
		EXPECT_EQ(0, eckd_track_cyl(&count->track));
		/* Not every control unit shows record 0. */
		if (!records)
			first = count->record;
		EXPECT_EQ(first + records, count->record);
		records++;
		track += eckd_record_size(count);
		size -= eckd_record_size(count);
	}
	EXPECT_GE(1, first);
	/* Two IPL records and the volume label, at the least */
	EXPECT_LT(3, first + records);
	EXPECT_EQ(8, size);
}

/* Reading what another command has sought for: loops on status modifier (F7) */
TEST_F(dasd, search_loop)
{
	struct dasd *d = &self->d;
	__u8 *seek = testguest_alloc(&d->guest, 8, 8);
	__u8 *id = testguest_alloc(&d->guest, 8, 8);
	__u8 *label = testguest_alloc(&d->guest, 84, 8);
	char text[5];

	memset(seek, 0, 8);
	memset(id, 0, 8);
	id[4] = 3;
	ccw_prog_init(&d->prog, &d->guest.mem, 4, 0, CCW_DIRECT);
	dasd_add(d, 0x07, CCW_CC, seek, 6);
	dasd_add(d, 0x31, CCW_CC, id, 5);
	ccw_prog_tic(&d->prog, 1);
	dasd_add(d, ECKD_READ_DATA, CCW_SLI, label, 84);
	ASSERT_TRUE(dasd_run(d));
	EXPECT_EQ(ccw_prog_addr(&d->prog, 4), cio_32(d->irb.scsw.cpa));
	ccw_ebcdic_text(text, label, 4);
	EXPECT_STREQ("VOL1", text);
}

FIXTURE(blocks) {
	struct dasd d;
	__u8 want[BLOCK];
};

FIXTURE_VARIANT(blocks) {
	int format;
	enum ccw_addressing how;
	unsigned int offset;	/* of the first block from the start of a page */
	__u32 no_ctrl;		/* ORB bits to leave out */
};

FIXTURE_VARIANT_ADD(blocks, format0_direct) { .format = 0, .how = CCW_DIRECT };
FIXTURE_VARIANT_ADD(blocks, format0_idal1) { .format = 0, .how = CCW_IDAL1 };
FIXTURE_VARIANT_ADD(blocks, format0_idal2_2k) { .format = 0, .how = CCW_IDAL2_2K };
FIXTURE_VARIANT_ADD(blocks, format0_idal2_4k) { .format = 0, .how = CCW_IDAL2_4K };
FIXTURE_VARIANT_ADD(blocks, format1_direct) { .format = 1, .how = CCW_DIRECT };
FIXTURE_VARIANT_ADD(blocks, format1_idal1) { .format = 1, .how = CCW_IDAL1 };
FIXTURE_VARIANT_ADD(blocks, format1_idal2_2k) { .format = 1, .how = CCW_IDAL2_2K };
FIXTURE_VARIANT_ADD(blocks, format1_idal2_4k) { .format = 1, .how = CCW_IDAL2_4K };
/* Beginning inside a block: one IDAW more, no block is whole */
FIXTURE_VARIANT_ADD(blocks, offset_direct) { .format = 1, .how = CCW_DIRECT, .offset = 2047 };
FIXTURE_VARIANT_ADD(blocks, offset_idal1) { .format = 1, .how = CCW_IDAL1, .offset = 1 };
FIXTURE_VARIANT_ADD(blocks, offset_idal2_2k) { .format = 1, .how = CCW_IDAL2_2K, .offset = 3000 };
FIXTURE_VARIANT_ADD(blocks, offset_idal2_4k) { .format = 1, .how = CCW_IDAL2_4K, .offset = 4095 };
FIXTURE_VARIANT_ADD(blocks, no_prefetch) {
	.format = 1, .how = CCW_IDAL2_4K, .no_ctrl = ORB_PREFETCH,
};

FIXTURE_SETUP(blocks)
{
	ASSERT_TRUE(dasd_open(&self->d));
	if (!dasd_scratch(&self->d))
		SKIP(return, NOT_SCRATCH, self->d.serial);
	ASSERT_TRUE(dasd_format(&self->d, self->d.head, 0));
}

FIXTURE_TEARDOWN(blocks)
{
	testguest_close(&self->d.guest);
}

/* All blocks of a track, a CCW each, written with one generation and read back */
static bool transfer(struct dasd *d, const FIXTURE_VARIANT(blocks) * variant, bool write,
		     __u8 *data)
{
	int i;

	dasd_begin(d, variant->format, variant->how,
		   write ? ECKD_MASK_UPDATE : ECKD_MASK_NO_WRITE,
		   write ? ECKD_OP_WRITE_DATA : ECKD_OP_READ_DATA, BLOCKS, d->cyl, d->head, 1);
	d->prog.ctrl &= ~variant->no_ctrl;
	for (i = 0; i < BLOCKS; i++)
		dasd_add(d, write ? ECKD_WRITE_DATA_MT : ECKD_READ_DATA_MT,
			 i < BLOCKS - 1 ? CCW_CC : 0, data + i * BLOCK, BLOCK);
	return dasd_run(d);
}

TEST_F(blocks, write_and_read)
{
	struct dasd *d = &self->d;
	__u8 *data = testguest_alloc(&d->guest, (BLOCKS + 2) * BLOCK, 4096) + variant->offset;
	unsigned int generation, i;

	for (generation = 1; generation <= 2; generation++) {
		for (i = 0; i < BLOCKS; i++)
			dasd_fill(data + i * BLOCK, i, generation);
		ASSERT_TRUE(transfer(d, variant, true, data));
		EXPECT_EQ(ccw_prog_addr(&d->prog, BLOCKS + 2), cio_32(d->irb.scsw.cpa));
		memset(data - variant->offset, PATTERN, (BLOCKS + 2) * BLOCK);
		ASSERT_TRUE(transfer(d, variant, false, data));
		for (i = 0; i < BLOCKS; i++) {
			dasd_fill(self->want, i, generation);
			ASSERT_EQ(0, memcmp(self->want, data + i * BLOCK, BLOCK));
		}
		EXPECT_TRUE(untouched(data - variant->offset, variant->offset));
		EXPECT_TRUE(untouched(data + BLOCKS * BLOCK, 2 * BLOCK - variant->offset));
	}
}

/* Blocks whose IDAWs lie all over storage, last page first */
TEST_F(blocks, scattered)
{
	struct dasd *d = &self->d;
	const unsigned int size = ccw_block_size(variant->how);
	const unsigned int words = BLOCK / size;
	__u8 *data = testguest_alloc(&d->guest, BLOCKS * BLOCK, 4096);
	unsigned int i, w;
	__u64 list[2];

	if (variant->how == CCW_DIRECT || variant->offset)
		return;
	dasd_begin(d, variant->format, variant->how, ECKD_MASK_NO_WRITE, ECKD_OP_READ_DATA, BLOCKS,
		   d->cyl, d->head, 1);
	for (i = 0; i < BLOCKS; i++) {
		for (w = 0; w < words; w++)
			list[w] = testguest_iova(&d->guest, data) + BLOCKS * BLOCK -
				  (i * words + w + 1) * size;
		ASSERT_LE(0, ccw_prog_raw(&d->prog, ECKD_READ_DATA_MT,
					  CCW_IDA | (i < BLOCKS - 1 ? CCW_CC : 0),
					  ccw_idal_list(&d->guest.mem, variant->how, list, words),
					  BLOCK));
	}
	ASSERT_TRUE(dasd_run(d));
	for (i = 0; i < BLOCKS * words; i++) {
		dasd_fill(self->want, i / words, 0);
		EXPECT_EQ(0, memcmp(self->want + i % words * size,
				    data + BLOCKS * BLOCK - (i + 1) * size, size));
	}
}

/* One block in pieces of odd sizes, by data chaining, first a skipped one */
TEST_F(blocks, data_chaining)
{
	static const unsigned int piece[] = { 1, 7, 2048, 1000, 1040 };
	struct dasd *d = &self->d;
	__u8 *data = testguest_alloc(&d->guest, BLOCK * 2, 4096) + variant->offset;
	unsigned int i, at = 0;

	dasd_begin(d, variant->format, variant->how, ECKD_MASK_NO_WRITE, ECKD_OP_READ_DATA, 1,
		   d->cyl, d->head, 5);
	for (i = 0; i < ARRAY_SIZE(piece); i++) {
		/* The command code counts in the first of them only. */
		ASSERT_LE(0, dasd_add(d, i ? 0 : ECKD_READ_DATA_MT,
				      (i < ARRAY_SIZE(piece) - 1 ? CCW_CD : 0) |
				      (i == 1 ? CCW_SKIP : 0), data + at, piece[i]));
		at += piece[i];
	}
	ASSERT_EQ(BLOCK, at);
	ASSERT_TRUE(dasd_run(d));
	EXPECT_EQ(ccw_prog_addr(&d->prog, 2 + ARRAY_SIZE(piece)), cio_32(d->irb.scsw.cpa));
	dasd_fill(self->want, 4, 0);
	EXPECT_EQ(self->want[0], data[0]);
	EXPECT_TRUE(untouched(data + 1, 7));
	EXPECT_EQ(0, memcmp(self->want + 8, data + 8, BLOCK - 8));
}

/* S14: what is written to the disk need not be writable */
TEST_F(dasd, write_from_rom)
{
	struct dasd *d = &self->d;
	__u8 *rom, *back;

	if (!dasd_scratch(d))
		SKIP(return, NOT_SCRATCH, d->serial);
	ASSERT_TRUE(dasd_format(d, d->head, 0));
	rom = mmap(NULL, BLOCK, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	ASSERT_NE(MAP_FAILED, rom);
	dasd_fill(rom, 0, 77);
	ASSERT_EQ(0, mprotect(rom, BLOCK, PROT_READ));
	ASSERT_EQ(0, ccw_dma_map(&d->guest.dev, rom, GUEST_EXTRA, BLOCK, VFIO_DMA_MAP_FLAG_READ));
	dasd_begin(d, 1, CCW_IDAL2_4K, ECKD_MASK_UPDATE, ECKD_OP_WRITE_DATA, 1, d->cyl, d->head, 7);
	ASSERT_LE(0, ccw_prog_add(&d->prog, ECKD_WRITE_DATA_MT, 0, GUEST_EXTRA, BLOCK));
	ASSERT_TRUE(dasd_run(d));

	back = testguest_alloc(&d->guest, BLOCK, 8);
	dasd_begin(d, 1, CCW_DIRECT, ECKD_MASK_NO_WRITE, ECKD_OP_READ_DATA, 1, d->cyl, d->head, 7);
	ASSERT_LE(0, dasd_add(d, ECKD_READ_DATA_MT, 0, back, BLOCK));
	ASSERT_TRUE(dasd_run(d));
	EXPECT_EQ(0, memcmp(rom, back, BLOCK));
}

/* Through several tracks, more data than any single transfer */
TEST_F(dasd, many_tracks)
{
	const unsigned int tracks = 4, blocks = tracks * BLOCKS;
	struct dasd *d = &self->d;
	__u32 head = d->head - (tracks - 1);
	__u8 *data, *want;
	unsigned int i;

	if (!dasd_scratch(d))
		SKIP(return, NOT_SCRATCH, d->serial);
	for (i = 0; i < tracks; i++)
		ASSERT_TRUE(dasd_format(d, head + i, i));
	data = testguest_alloc(&d->guest, blocks * BLOCK, 4096);
	want = testguest_alloc(&d->guest, BLOCK, 8);
	dasd_begin(d, 1, CCW_IDAL2_4K, ECKD_MASK_NO_WRITE, ECKD_OP_READ_DATA, blocks, d->cyl, head,
		   1);
	for (i = 0; i < blocks; i++)
		ASSERT_LE(0, dasd_add(d, ECKD_READ_DATA_MT, i < blocks - 1 ? CCW_CC : 0,
				      data + i * BLOCK, BLOCK));
	ASSERT_TRUE(dasd_run(d));
	for (i = 0; i < blocks; i++) {
		dasd_fill(want, i % BLOCKS, i / BLOCKS);
		ASSERT_EQ(0, memcmp(want, data + i * BLOCK, BLOCK));
	}
}

int main(int argc, char **argv)
{
	return subchannel_main_for("dasd", argc, argv, test_harness_run);
}
