// SPDX-License-Identifier: GPL-2.0
/* ccw label: the volume label, record 3 of the first track */
#include <stdio.h>
#include <string.h>

#include "command.h"
#include "decode.h"
#include "ebcdic.h"
#include "eckd.h"

#define LABEL_RECORD	3
#define LABEL_SIZE	84

/* With its key, the record may begin with VOL1 twice: the fields count from the data. */
struct vol1 {
	__u8 id[4];
	__u8 serial[6];
	__u8 security;
	__u8 vtoc[5];
	__u8 rest[LABEL_SIZE - 16];
};

int cmd_label(int argc, char **argv)
{
	struct eckd_extent *extent;
	struct eckd_locate *locate;
	char id[5], serial[7];
	struct ccw_prog prog;
	struct vol1 *label;
	struct session s;
	int ret;

	(void)argc;
	ret = session_open(&s, argv[0]);
	if (ret)
		return ret;
	extent = session_alloc(&s, sizeof(*extent));
	locate = session_alloc(&s, sizeof(*locate));
	label = session_alloc(&s, sizeof(*label));
	eckd_extent_set(extent, ECKD_MASK_NO_WRITE, 0, 0, 0, 0, 0);
	eckd_locate_set(locate, ECKD_OP_READ_DATA, 1, 0, 0, LABEL_RECORD);
	ccw_prog_init(&prog, &s.mem, 3, 1, CCW_DIRECT);
	ccw_prog_add(&prog, ECKD_DEFINE_EXTENT, CCW_CC, ccw_mem_iova(&s.mem, extent),
		     sizeof(*extent));
	ccw_prog_add(&prog, ECKD_LOCATE_RECORD, CCW_CC, ccw_mem_iova(&s.mem, locate),
		     sizeof(*locate));
	ccw_prog_add(&prog, ECKD_READ_DATA_MT, CCW_SLI, ccw_mem_iova(&s.mem, label),
		     sizeof(*label));
	ret = session_run(&s, &prog, NULL);
	if (ret == CCW_OK) {
		ccw_ebcdic_text(id, label->id, 4);
		ccw_ebcdic_text(serial, label->serial, 6);
		if (!strcmp(id, "VOL1") || !strcmp(id, "LNX1") || !strcmp(id, "CMS1")) {
			printf("label   %s\n", id);
			printf("serial  %s\n", serial);
		} else {
			fprintf(stderr, "ccw: record 3 of track 0/0 is not a volume label\n");
			ret = CCW_FAILED;
		}
		ccw_print_hex(stdout, label, sizeof(*label));
	}
	session_close(&s);
	return ret;
}
