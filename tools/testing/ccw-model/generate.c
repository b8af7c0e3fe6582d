// SPDX-License-Identifier: GPL-2.0
/*
 * Makes a channel program of a stream of bytes: mostly what an operating system
 * could have written, with something odd here and there.
 */
#include <asm/byteorder.h>
#include <linux/minmax.h>

#include "generate.h"

#define MAX_SEGMENTS	4
#define MAX_CCWS	40

struct stream {
	const u8 *byte;
	size_t left;
};

static u8 take(struct stream *stream)
{
	if (!stream->left)
		return 0;
	stream->left--;
	return *stream->byte++;
}

static u8 below(struct stream *stream, u8 limit)
{
	return take(stream) % limit;
}

/* Programs: some pages, the end of storage, and the ends of what CCWs address. */
static const u32 segments[] = {
	0x10000, 0x10800, 0x10fe8, 0x11f00, 0x11ff0, 0x20000, 0x10040, 0x10050,
	0x10058, 0x00000, 0xffffe0, 0x7fffffe0,
};

#define LISTS	0x30000	/* IDALs: two pages, then nothing */

/* Data. */
static const u64 areas[] = {
	0x40000, 0x40800, 0x40ffc, 0x41004, 0x427ff, 0x43fff,
	0x45000, 0x45ff0, 0x47000, 0x47800,	/* 0x44000 is not there, */
	0x48fff, 0x49000, 0x49ffc,		/* 0x49000 is for fetching */
	0x4a000, 0x4a7ff, 0xffeff0, 0xfff801, 0x7ffff000, 0x7fffe800,
	0x44000, 0x10000, 0x0,
	0x10028, 0x10805, 0x30000, 0x30044,	/* programs and lists */
	/* for IDAWs only, or with 31 bits */
	0x1000000, 0x80000000, 0x123456000, 0x123456fff,
	0xffffffffffffe000, 0x1234567890abc,
};

static void add_pages(struct guest *guest)
{
	static const u64 read_write[] = {
		0x0, 0x10000, 0x11000, 0x20000, 0x30000, 0x31000, 0x40000,
		0x41000, 0x42000, 0x43000, 0x45000, 0x46000, 0x47000, 0x48000,
		0x4a000, 0xffe000, 0xfff000, 0x1000000, 0x1001000, 0x7fffe000,
		0x7ffff000, 0x80000000, 0x123456000, 0x123457000,
	};

	for (u32 i = 0; i < sizeof(read_write) / sizeof(*read_write); i++)
		guest_add(guest, read_write[i], true);
	guest_add(guest, 0x49000, false);
}

static u64 area(struct stream *stream, u32 limit)
{
	u8 choice = take(stream);
	u64 addr = areas[choice % (sizeof(areas) / sizeof(*areas))];

	if (choice >= 0xf0)
		addr += take(stream) << 4;
	return addr > limit && choice < 0xe0 ? addr % 0x8000 + 0x40000 : addr;
}

static u16 count(struct stream *stream)
{
	static const u16 counts[] = {
		8, 80, 1, 2, 512, 2048, 2049, 4096, 4097, 6000, 12000, 0, 65535,
	};
	u8 choice = take(stream);

	if (choice >= 0xe0)
		return take(stream) << 6 | (choice & 0x3f);
	return counts[choice % (sizeof(counts) / sizeof(*counts))];
}

static u8 command(struct stream *stream)
{
	static const u8 commands[] = {
		0x02, 0x01, 0x07, 0x03, 0x04, 0x0c, 0x06, 0x05, 0x63, 0x47,
		0x31, 0xe4, 0x86, 0x1c, 0x00, 0x08, 0x18, 0xf8,
	};
	u8 choice = take(stream);

	return choice >= 0xf8 ? take(stream)
			      : commands[choice % sizeof(commands)];
}

static u8 flags(struct stream *stream)
{
	static const u8 common[] = {
		0x40, 0x60, 0x44, 0x40, 0x80, 0x84, 0x20, 0x24, 0x00, 0x50,
		0x90, 0x60, 0x64, 0xc0, 0x48, 0x54, 0x41, 0x42, 0x62, 0x46,
	};
	u8 choice = take(stream);

	if (choice >= 0xf0)
		return take(stream);
	return common[choice % sizeof(common)];
}

struct writer {
	struct stream stream;
	struct guest *guest;
	bool format1;
	bool idaw2;
	bool changes;
	u32 block;
	u32 list;		/* where the next IDAL goes */
	u32 ccw[MAX_CCWS];	/* addresses of all CCWs there will be */
	u32 ccws;
};

static void write_idaw(struct writer *to, u32 addr, u64 value)
{
	if (to->idaw2) {
		__be64 word = cpu_to_be64(value);

		guest_store(to->guest, addr, &word, 8);
	} else {
		__be32 word = cpu_to_be32(value);

		guest_store(to->guest, addr, &word, 4);
	}
}

static u32 write_idal(struct writer *to, u16 bytes, bool backward)
{
	u32 size = to->idaw2 ? 8 : 4;
	u32 list = to->list;
	u8 oddity = take(&to->stream);
	u64 addr = area(&to->stream, to->idaw2 ? -1 : 0x7fffffff);
	u32 words;

	if (oddity == 0xff)
		return area(&to->stream, -1);
	if (oddity == 0xfe)
		list = LISTS + PAGE - 2 * size;
	if (oddity == 0xfd)
		list = LISTS + 2 * PAGE - 2 * size;
	if (oddity == 0xfc)
		list += 2;

	words = (backward ? ~addr : addr) % to->block + bytes;
	words = (words + to->block - 1) / to->block;
	write_idaw(to, list, addr);
	for (u32 k = 1; k < words && k < 34; k++) {
		/* Down, up, or somewhere else. */
		if (oddity & 1)
			addr = area(&to->stream, to->idaw2 ? -1 : 0x7fffffff);
		else
			addr += backward ? -to->block : to->block;
		if (oddity < 0xf0 || k != (oddity & 3))
			addr = backward ? addr | (to->block - 1)
					: addr & ~(u64)(to->block - 1);
		write_idaw(to, list + k * size, addr);
	}
	if (list == to->list) {
		to->list += (words * size + 7) & ~7u;
		if (to->list > LISTS + 2 * PAGE - 0x200)
			to->list = LISTS;
	}
	return list;
}

static u32 write_midaws(struct writer *to, u16 bytes)
{
	u32 list = (to->list + 15) & ~15u;
	u8 oddity = take(&to->stream);
	u32 left = bytes;
	u32 k;

	if (oddity == 0xff)
		return area(&to->stream, -1);
	if (oddity == 0xfe)
		list = LISTS + PAGE - 32;
	if (oddity == 0xfd)
		list = LISTS + 2 * PAGE - 16;
	if (oddity == 0xfc)
		list += 8;

	for (k = 0; left && k < 20; k++) {
		u64 addr = area(&to->stream, -1);
		u8 shape = take(&to->stream);
		u32 n = min(left, 1 + (shape & 0x3fu) * 64);
		u8 flag = shape & 0x40 ? 0x40 : 0;
		u8 raw[8] = { 0 };
		__be64 word;

		if (!flag)
			n = min(n, PAGE - (u32)(addr % PAGE));
		if (k == (oddity & 7) && oddity >= 0xf0)
			n++;
		left -= min(left, n);
		if (!left)
			flag |= 0x80;
		if (k == (oddity & 7) && oddity >= 0xe0 && oddity < 0xf0)
			raw[shape % 6] = 1 << (shape & 7);
		raw[5] ^= flag;
		raw[6] = n >> 8;
		raw[7] = n;
		word = cpu_to_be64(addr);
		guest_store(to->guest, list + 16 * k, raw, 8);
		guest_store(to->guest, list + 16 * k + 8, &word, 8);
	}
	if (list == ((to->list + 15) & ~15u)) {
		to->list = list + 16 * k;
		if (to->list > LISTS + 2 * PAGE - 0x200)
			to->list = LISTS;
	}
	return list;
}

static void write_ccw(struct writer *to, u32 n)
{
	u8 code = command(&to->stream);
	u8 flag = flags(&to->stream);
	u16 bytes = 0;
	u32 data;
	u8 raw[8];

	if ((code & 0xf) == 8 && (!to->format1 || code == 8)) {
		u8 where = take(&to->stream);

		/* To another CCW, a bit off, or out. */
		if (where < 0x80 && where <= n)
			data = to->ccw[n - where];
		else
			data = to->ccw[where % to->ccws];
		if (where >= 0xf8)
			data = area(&to->stream, -1);
		else if (where >= 0xf0)
			data += where & 0xf;
		if (to->format1 && where < 0xfe)
			flag = 0;
		else
			bytes = where;
	} else {
		bytes = count(&to->stream);
		if (flag & CPROG_CCW_IDA)
			data = write_idal(to, bytes, (code & 0xf) == 0xc);
		else if (flag & CPROG_CCW_MIDA)
			data = write_midaws(to, bytes);
		else
			data = area(&to->stream, to->format1 ? 0x7fffffff
							     : 0xffffff);
		/* Over its own program, or nearly so. */
		if (to->changes && !(code & 1)) {
			u8 where = take(&to->stream);

			if (where & 1) {
				data = to->ccw[(n + (where >> 5)) % to->ccws] +
				       (where >> 2 & 7);
				bytes = 1 + (where >> 1 & 0xf);
				flag &= ~(CPROG_CCW_IDA | CPROG_CCW_MIDA |
					  CPROG_CCW_SKIP);
			}
		}
	}

	if (to->format1) {
		raw[0] = code;
		raw[1] = flag;
		raw[2] = bytes >> 8;
		raw[3] = bytes;
		raw[4] = data >> 24;
		raw[5] = data >> 16;
		raw[6] = data >> 8;
		raw[7] = data;
	} else {
		raw[0] = code;
		raw[1] = data >> 16;
		raw[2] = data >> 8;
		raw[3] = data;
		raw[4] = flag;
		raw[5] = n;
		raw[6] = bytes >> 8;
		raw[7] = bytes;
	}
	guest_store(to->guest, to->ccw[n], raw, 8);
}

/**
 * generate() - Make a channel program.
 * @to: where to; @to->guest is set, and without pages
 * @byte: the bytes
 * @size: how many they are
 */
void generate(struct generated *to, const u8 *byte, size_t size)
{
	struct writer writer = {
		.stream = { .byte = byte, .left = size },
		.guest = to->guest,
		.list = LISTS,
	};
	struct stream *stream = &writer.stream;
	u8 formats = take(stream);
	u8 shape = take(stream);
	u8 oddity;

	add_pages(to->guest);
	to->flags = 0xff00;
	if (formats & 1)
		to->flags |= CPROG_ORB_FORMAT1;
	if (formats & 2)
		to->flags |= CPROG_ORB_IDAW2;
	if (formats & 4)
		to->flags |= CPROG_ORB_IDAW_2K;
	if (formats & 8)
		to->flags |= CPROG_ORB_SUSPEND;
	if (formats & 16)
		to->flags |= CPROG_ORB_SUPPRESS;
	if (formats & 32)
		to->flags |= CPROG_ORB_PREFETCH;
	if (formats & 64)
		to->flags |= CPROG_ORB_MIDAW;
	writer.format1 = formats & 1;
	writer.idaw2 = formats & 2;
	writer.changes = shape >= 0x80;
	writer.block = (formats & 6) == 2 ? 4096 : 2048;

	for (u32 i = 0; i < 1 + shape % MAX_SEGMENTS; i++) {
		u32 addr = segments[below(stream, sizeof(segments) /
						  sizeof(*segments))];
		u32 n = 1 + below(stream, MAX_CCWS / MAX_SEGMENTS);

		for (u32 k = 0; k < n; k++)
			writer.ccw[writer.ccws++] = (addr + 8 * k) & 0x7fffffff;
	}
	for (u32 n = 0; n < writer.ccws; n++)
		write_ccw(&writer, n);

	to->cpa = writer.ccw[0];
	oddity = take(stream);
	if (oddity >= 0xf0)
		to->cpa = (area(stream, -1) + (oddity & 0xf)) & 0x7fffffff;
	to->script = (struct model_script){
		.byte = stream->byte,
		.left = stream->left,
	};
}
