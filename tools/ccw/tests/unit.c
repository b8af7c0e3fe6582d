// SPDX-License-Identifier: GPL-2.0
/*
 * Unit tests of what needs no device: builder, parser, decoder, ECKD lists,
 * EBCDIC. Prints a line for each test; the arguments are program files that
 * have to parse and build.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "decode.h"
#include "ebcdic.h"
#include "eckd.h"
#include "program.h"
#include "sense.h"
#include "text.h"

static int tests, failures;
static __u8 storage[0x40000];

static void report(bool good, const char *name)
{
	tests++;
	failures += !good;
	printf("%s %d - %s\n", good ? "ok" : "not ok", tests, name);
}

static struct ccw_mem fresh(__u64 iova)
{
	memset(storage, 0, sizeof(storage));
	return (struct ccw_mem){ .base = storage, .iova = iova, .size = sizeof(storage) };
}

static void test_mem(void)
{
	struct ccw_mem mem = fresh(0x10004);
	__u8 *a = ccw_mem_alloc(&mem, 1, 8);
	__u8 *b = ccw_mem_alloc(&mem, 8, 4096);

	report(a && ccw_mem_iova(&mem, a) == 0x10008, "alignment is of the guest address");
	report(b && ccw_mem_iova(&mem, b) == 0x11000, "allocation moves forward");
	report(!ccw_mem_alloc(&mem, sizeof(storage), 1), "too large an allocation fails");
	report(ccw_mem_ptr(&mem, 0x11000, 8) == b, "address back to pointer");
	report(!ccw_mem_ptr(&mem, 0x10003, 1), "below the piece");
	report(ccw_mem_ptr(&mem, 0x10004 + sizeof(storage) - 1, 1) &&
	       !ccw_mem_ptr(&mem, 0x10004 + sizeof(storage) - 1, 2), "end of the piece");
}

static void test_formats(void)
{
	static const __u8 ccw0[] = { 0xe4, 0x12, 0x34, 0x56, 0x60, 0x00, 0x01, 0x02 };
	static const __u8 ccw1[] = { 0xe4, 0x60, 0x01, 0x02, 0x7f, 0x12, 0x34, 0x56 };
	static const __u8 tic1[] = { 0x08, 0, 0, 0, 0, 0, 0x20, 0x10 };
	struct ccw_mem mem = fresh(0x2000);
	struct ccw_prog prog;
	struct cio_orb orb;

	ccw_prog_init(&prog, &mem, 2, 0, CCW_DIRECT);
	ccw_prog_add(&prog, 0xe4, CCW_CC | CCW_SLI, 0x123456, 0x102);
	report(!memcmp(prog.slots, ccw0, 8), "format-0 CCW");
	report(ccw_prog_add(&prog, 0xe4, 0, 0x1000000, 1) == -ERANGE, "24 bits in format 0");
	ccw_prog_orb(&prog, &orb);
	report(cio_32(orb.ctrl) == 0x0040ff00 && cio_32(orb.cpa) == 0x2000, "ORB of format 0");

	mem = fresh(0x2000);
	ccw_prog_init(&prog, &mem, 3, 1, CCW_IDAL2_2K);
	ccw_prog_raw(&prog, 0xe4, CCW_CC | CCW_SLI, 0x7f123456, 0x102);
	report(!memcmp(prog.slots, ccw1, 8), "format-1 CCW");
	report(ccw_prog_raw(&prog, 3, 0, 0x80000000, 1) == -ERANGE, "31 bits in format 1");
	ccw_prog_tic(&prog, 2);
	report(!memcmp(prog.slots + 8, tic1, 8), "TIC forward");
	ccw_prog_tic(&prog, 0);
	report(ccw_prog_raw(&prog, 3, 0, 0, 1) == -ENOSPC, "no slot left");
	ccw_prog_orb(&prog, &orb);
	report(cio_32(orb.ctrl) == 0x00c3ff00, "ORB of format 1 with 2 KiB IDAWs");
	ccw_prog_set_flags(&prog, 0, CCW_SUSPEND);
	report(prog.slots[1] == CCW_SUSPEND, "flags rewritten");
}

static void test_idal(void)
{
	struct ccw_mem mem = fresh(0x10000);
	struct ccw_prog prog;
	struct cio_ccw1 *ccw;
	__be32 *word32;
	__be64 *word64;

	report(ccw_idal_words(CCW_IDAL1, 0x107ff, 2) == 2 &&
	       ccw_idal_words(CCW_IDAL1, 0x10800, 2048) == 1 &&
	       ccw_idal_words(CCW_IDAL2_4K, 0x10fff, 4098) == 3 &&
	       ccw_idal_words(CCW_IDAL2_4K, 0x10fff, 0) == 1, "IDAWs are the blocks touched");

	ccw_prog_init(&prog, &mem, 2, 1, CCW_IDAL1);
	ccw_prog_add(&prog, 2, 0, 0x207fe, 2048);
	ccw = (void *)prog.slots;
	report(ccw->flags == CCW_IDA, "IDA is set");
	word32 = ccw_mem_ptr(&mem, cio_32(ccw->addr), 8);
	report(word32 && cio_32(word32[0]) == 0x207fe && cio_32(word32[1]) == 0x20800,
	       "format-1 IDAWs");
	report(ccw_prog_add(&prog, 2, 0, 0x80000000ull, 1) == -ENOMEM, "format-1 IDAW has 31 bits");

	prog.how = CCW_IDAL2_4K;
	ccw_prog_add(&prog, 2, 0, 0x123450ffeull, 4099);
	ccw = (void *)(prog.slots + 8);
	word64 = ccw_mem_ptr(&mem, cio_32(ccw->addr), 24);
	report(word64 && cio_64(word64[0]) == 0x123450ffeull &&
	       cio_64(word64[1]) == 0x123451000ull && cio_64(word64[2]) == 0x123452000ull,
	       "format-2 IDAWs above 4 GiB");
}

/* Parse one text; the error message, NULL if it is good. */
static const char *parse(struct ccw_text *text, const char *source)
{
	FILE *in = fmemopen((void *)source, strlen(source), "r");
	int ret = ccw_text_parse(text, in);

	fclose(in);
	return ret ? text->error : NULL;
}

static const struct {
	const char *source;
	int line;
	const char *error;
} wrong[] = {
	{ "# nothing\n", 0, "no CCW in the program" },
	{ "format 2\nnop\n", 1, "2 is more than 1" },
	{ "format\n", 1, "format needs one value" },
	{ "idaw 3\n", 1, "idaw is none, 1, 2k or 4k, not '3'" },
	{ "key 16\n", 1, "16 is more than 15" },
	{ "lpm x\n", 1, "'x' is not a number" },
	{ "orb fast\n", 1, "'fast' is no ORB control" },
	{ "nop\nxyz\n", 2, "'xyz' is not a statement or command" },
	{ "e4 id\n", 1, "'id' is no buffer, count or flag" },
	{ "buffer id\n", 1, "buffer needs a name and a size" },
	{ "buffer id 0\n", 1, "buffer of size 0" },
	{ "buffer id 65536\n", 1, "65536 is more than 65535" },
	{ "buffer 1d 4\n", 1, "'1d' cannot be a name" },
	{ "buffer id 4\nbuffer id 4\n", 2, "buffer 'id' is already there" },
	{ "buffer id 4 1234\n", 1, "'=' expected before the data, not '1234'" },
	{ "buffer id 2 = 123\n", 1, "odd number of hexadecimal digits in '123'" },
	{ "buffer id 2 = 12 zz\n", 1, "'zz' is not hexadecimal" },
	{ "buffer id 2 = 12 3456\n", 1, "more data than buffer 'id' holds" },
	{ "buffer id 2 = \"ABC\"\n", 1, "more data than buffer 'id' holds" },
	{ "buffer id 2 = \"A\n", 1, "text without closing quote" },
	{ "buffer id 4\ne4 id+4\n", 2, "4 is more than 3" },
	{ "buffer id 4\ne4 id 5\n", 2, "count 5, but the buffer has 4" },
	{ "buffer id 4\ne4 id+2 3\n", 2, "count 3, but the buffer has 2" },
	{ "a: nop cc\na: nop\n", 2, "label 'a' is already there" },
	{ "a:\n", 1, "a label needs a CCW on its line" },
	{ "nop cc\ntic b\n", 2, "no CCW is labelled 'b'" },
	{ "tic\n", 1, "tic needs one label" },
};

static void test_parser_errors(struct ccw_text *text)
{
	const char *error;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(wrong); i++) {
		error = parse(text, wrong[i].source);
		report(error && !strcmp(error, wrong[i].error) && text->line == wrong[i].line,
		       wrong[i].error);
		ccw_text_free(text);
	}
}

static void test_parser(struct ccw_text *text)
{
	static const char source[] =
		"format 0 # comment\nidaw 1\nlpm 0x80\nkey 3\norb suspend no-prefetch\n"
		"buffer in 32 = c1 \"B#\" 01\nbuffer out 8\n"
		"again: read-data in+2 cc sli\n\ttic again\n06 out 4 skip\n\tnop\n";
	static const __u8 in[] = { 0xc1, 0xc2, 0x7b, 0x01, 0 };
	struct ccw_mem mem = fresh(0x4000);
	struct ccw_prog prog;
	struct cio_orb orb;
	struct cio_ccw0 *ccw;
	__be32 *idaw;

	report(!parse(text, source), "a program with everything parses");
	report(text->ops == 4 && text->buffers == 2, "its CCWs and buffers");
	report(!memcmp(text->buffer[0].data, in, sizeof(in)), "data of a buffer");
	report(text->buffer[0].filled && text->buffer[1].filled, "buffers read into");
	report(!ccw_text_build(text, &mem, &prog), "it builds");
	ccw_prog_orb(&prog, &orb);
	report(cio_32(orb.ctrl) == 0x38008000, "its ORB");
	ccw = (void *)prog.slots;
	report(ccw[0].cmd == 6 && ccw[0].flags == (CCW_CC | CCW_SLI | CCW_IDA) &&
	       cio_16(ccw[0].count) == 30, "command, flags and rest of the buffer as count");
	idaw = ccw_mem_ptr(&mem, ccw[0].addr[1] << 8 | ccw[0].addr[2], 4);
	report(idaw && cio_32(*idaw) == text->buffer[0].iova + 2, "offset into the buffer");
	report(ccw[1].cmd == CCW_CMD_TIC && ccw[1].addr[1] == 0x40 && !ccw[1].addr[2], "TIC back");
	report(ccw[2].flags == (CCW_SKIP | CCW_IDA) && cio_16(ccw[2].count) == 4, "given count");
	report(ccw[3].cmd == 3 && cio_16(ccw[3].count) == 1, "command without a buffer");
	ccw_text_free(text);

	mem.size = 16;
	mem.used = 0;
	parse(text, source);
	report(ccw_text_build(text, &mem, &prog) == -ENOMEM && *text->error,
	       "storage too small for the program");
	ccw_text_free(text);
}

static void test_files(struct ccw_text *text, int argc, char **argv)
{
	struct ccw_mem mem;
	struct ccw_prog prog;
	FILE *in;
	int i;

	for (i = 1; i < argc; i++) {
		in = fopen(argv[i], "r");
		mem = fresh(0x10000);
		report(in && !ccw_text_parse(text, in) && !ccw_text_build(text, &mem, &prog),
		       strrchr(argv[i], '/') ? strrchr(argv[i], '/') + 1 : argv[i]);
		if (in) {
			fclose(in);
			ccw_text_free(text);
		}
	}
}

static void test_decode(void)
{
	struct cio_irb irb = { .scsw = { .word0 = cio_be32(0x00c24017), .cpa = cio_be32(0x2010),
					 .dstat = 0x0e, .cstat = 0x40, .count = cio_be16(5) } };
	static char text[4096];
	FILE *out = fmemopen(text, sizeof(text), "w");

	irb.esw[1] = cio_be32(ERW_SENSE | 32 << ERW_SENSE_SHIFT);
	irb.ecw[0] = 0x80;
	irb.ecw[1] = 0x08;
	irb.ecw[7] = 0x02;
	ccw_print_irb(out, &irb);
	fclose(out);
	report(strstr(text, "start alert primary secondary pending (0x00c24017)"), "control bits");
	report(strstr(text, "channel-end device-end unit-check (0x0e)"), "device status");
	report(strstr(text, "incorrect-length (0x40)"), "subchannel status");
	report(strstr(text, "0x00002010") && strstr(text, "residual count     5\n"),
	       "address and count");
	report(strstr(text, "sense byte 0       command-reject\n") &&
	       strstr(text, "sense byte 1       no-record-found\n"), "sense bits");
	report(strstr(text, "program or system check; command sequence not valid"),
	       "sense format and message");
	report(!strcmp(ccw_subchannel_status(text, sizeof(text), 0), "none"), "no bit at all");
	report(!strcmp(ccw_device_status(text, 12, 0xff), "attention s"),
	       "names are cut at the end of the text");
	report(!strcmp(ccw_sense_bits(text, sizeof(text), 0, 0x02), "bit-6"), "nameless bit");
	report(!ccw_sense_message(0x12) && ccw_sense_format(0x12), "message of another format");
}

static void test_hex(void)
{
	static char text[1024];
	__u8 data[70] = { 0xe5, 0xd6, 0xd3, 0xf1 };
	FILE *out = fmemopen(text, sizeof(text), "w");

	ccw_print_hex(out, data, sizeof(data));
	fclose(out);
	report(!strcmp(text,
		       "000000  e5d6d3f1 00000000 00000000 00000000  |VOL1............|\n"
		       "000010  00000000 00000000 00000000 00000000  |................|\n"
		       "*\n"
		       "000040  00000000 0000                        |......|\n"),
	       "hex dump");
}

static void test_eckd(void)
{
	static const __u8 locate_bytes[] = { 6, 0, 0, 12, 1, 2, 0, 3, 1, 2, 0, 3, 1, 0xff, 0, 0 };
	__u8 track[64] = { 0, 1, 0, 2, 0, 0, 0, 8 };
	struct eckd_extent extent;
	struct eckd_locate locate;
	struct eckd_track big;

	eckd_track_set(&big, 0x12345, 7);
	report(cio_16(big.cyl) == 0x2345 && cio_16(big.head) == 0x17, "track of a large volume");
	report(eckd_track_cyl(&big) == 0x12345 && eckd_track_head(&big) == 7, "and back");
	eckd_extent_set(&extent, ECKD_MASK_NO_WRITE, 4096, 1, 2, 3, 4);
	report(extent.mask == 0x40 && extent.attributes == 0xc0 &&
	       cio_16(extent.block_size) == 4096 && cio_16(extent.last.head) == 4,
	       "define extent");
	eckd_locate_set(&locate, ECKD_OP_READ_DATA, 12, 0x102, 3, 1);
	report(!memcmp(&locate, locate_bytes, 16), "locate record");
	memset(track + 16, 0xff, 8);
	report(eckd_record(track, 24) && eckd_record_size((void *)track) == 16, "a record");
	report(!eckd_record(track + 16, 8), "end of the track");
	report(!eckd_record(track, 15) && !eckd_record(track, 7), "a record that was cut off");
}

static void test_ebcdic(void)
{
	static const __u8 vol1[] = { 0xe5, 0xd6, 0xd3, 0xf1, 0x00 };
	char text[8];
	char c;
	int ok = 1;

	ccw_ebcdic_text(text, vol1, 5);
	report(!strcmp(text, "VOL1."), "EBCDIC text");
	for (c = ' '; c <= '~'; c++)
		ok &= ccw_ebcdic_to_ascii(ccw_ascii_to_ebcdic(c)) == c;
	report(ok, "every printable character there and back");
	report(ccw_ascii_to_ebcdic('\t') == 0x6f && ccw_ascii_to_ebcdic(0) == 0x6f,
	       "what has no EBCDIC character");
}

int main(int argc, char **argv)
{
	struct ccw_text *text = malloc(sizeof(*text));

	test_mem();
	test_formats();
	test_idal();
	test_parser_errors(text);
	test_parser(text);
	test_files(text, argc, argv);
	test_decode();
	test_hex();
	test_eckd();
	test_ebcdic();
	free(text);
	printf("1..%d\n", tests);
	return failures != 0;
}
