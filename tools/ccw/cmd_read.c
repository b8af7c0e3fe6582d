// SPDX-License-Identifier: GPL-2.0
/* ccw read: all records of a track */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "decode.h"
#include "eckd.h"

/* More than any track holds; the count of a CCW ends here as well. */
#define TRACK_MAX	65535
#define SHORT_DUMP	64

static int option(const char *arg, const char *value, __u32 *to)
{
	char *end;

	if (!value || !*value)
		goto bad;
	*to = strtoul(value, &end, 0);
	if (!*end)
		return 0;
bad:
	fprintf(stderr, "ccw: %s needs a number\n", arg);
	return -1;
}

static void print_track(const __u8 *track, __u32 size, bool all)
{
	const struct eckd_count *count;
	unsigned int records = 0, bytes = 0;
	__u32 data_len, show;

	while ((count = eckd_record(track, size))) {
		data_len = cio_16(count->data_len);
		printf("record %u: cylinder %u, head %u, key %u bytes, data %u bytes\n",
		       count->record, eckd_track_cyl(&count->track),
		       eckd_track_head(&count->track), count->key_len, data_len);
		show = count->key_len + data_len;
		if (!all && show > SHORT_DUMP)
			show = SHORT_DUMP;
		ccw_print_hex(stdout, count + 1, show);
		if (show < count->key_len + data_len)
			printf("… (--all shows the rest)\n");
		records++;
		bytes += data_len;
		track += eckd_record_size(count);
		size -= eckd_record_size(count);
	}
	printf("%u records, %u bytes of data\n", records, bytes);
}

int cmd_read(int argc, char **argv)
{
	struct eckd_extent *extent;
	struct eckd_locate *locate;
	__u32 cyl = 0, head = 0;
	struct ccw_prog prog;
	struct cio_irb irb;
	struct session s;
	bool all = false;
	__u8 *track;
	int ret, i;

	for (i = 1; i < argc; i++) {
		if (!strcmp(argv[i], "--all")) {
			all = true;
		} else if (!strcmp(argv[i], "--cyl") || !strcmp(argv[i], "--head")) {
			if (option(argv[i], argv[i + 1], argv[i][2] == 'c' ? &cyl : &head))
				return CCW_USAGE;
			i++;
		} else {
			fprintf(stderr, "ccw: read does not know '%s'\n", argv[i]);
			return CCW_USAGE;
		}
	}
	if (head > 15 || cyl > 0xfffffff) {
		fprintf(stderr, "ccw: no such track: cylinder %u, head %u\n", cyl, head);
		return CCW_USAGE;
	}

	ret = session_open(&s, argv[0]);
	if (ret)
		return ret;
	extent = session_alloc(&s, sizeof(*extent));
	locate = session_alloc(&s, sizeof(*locate));
	track = session_alloc(&s, TRACK_MAX);
	eckd_extent_set(extent, ECKD_MASK_NO_WRITE, 0, cyl, head, cyl, head);
	eckd_locate_set(locate, ECKD_OP_READ_TRACKS, 1, cyl, head, 0);
	ccw_prog_init(&prog, &s.mem, 3, 1, CCW_IDAL2_4K);
	ccw_prog_add(&prog, ECKD_DEFINE_EXTENT, CCW_CC, ccw_mem_iova(&s.mem, extent),
		     sizeof(*extent));
	ccw_prog_add(&prog, ECKD_LOCATE_RECORD, CCW_CC, ccw_mem_iova(&s.mem, locate),
		     sizeof(*locate));
	ccw_prog_add(&prog, ECKD_READ_TRACK, CCW_SLI, ccw_mem_iova(&s.mem, track), TRACK_MAX);
	ret = session_run(&s, &prog, &irb);
	if (ret == CCW_OK) {
		print_track(track, TRACK_MAX - cio_16(irb.scsw.count), all);
	} else if (ret == CCW_FAILED) {
		fprintf(stderr, "ccw: reading cylinder %u, head %u failed\n", cyl, head);
		ccw_print_irb(stderr, &irb);
	}
	session_close(&s);
	return ret;
}
