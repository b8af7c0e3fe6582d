// SPDX-License-Identifier: GPL-2.0
/* ccw sense-id, ccw rdc: what is this device? */
#include <stdio.h>

#include "command.h"
#include "decode.h"
#include "eckd.h"

#define SENSE_ID_SIZE 256

int cmd_sense_id(int argc, char **argv)
{
	struct ccw_sense_id *id;
	struct ccw_prog prog;
	struct cio_irb irb;
	struct session s;
	unsigned int size;
	int ret;

	(void)argc;
	ret = session_open(&s, argv[0]);
	if (ret)
		return ret;
	id = session_alloc(&s, SENSE_ID_SIZE);
	ccw_prog_init(&prog, &s.mem, 1, 1, CCW_DIRECT);
	ccw_prog_add(&prog, CCW_CMD_SENSE_ID, CCW_SLI, ccw_mem_iova(&s.mem, id), SENSE_ID_SIZE);
	ret = session_run(&s, &prog, &irb);
	if (ret == CCW_OK) {
		size = SENSE_ID_SIZE - cio_16(irb.scsw.count);
		printf("control unit  %04x/%02x\n", cio_bytes16(id->cu_type), id->cu_model);
		printf("device        %04x/%02x\n", cio_bytes16(id->dev_type), id->dev_model);
		ccw_print_hex(stdout, id, size);
	} else if (ret == CCW_FAILED) {
		fprintf(stderr, "ccw: SENSE ID failed\n");
		ccw_print_irb(stderr, &irb);
	}
	session_close(&s);
	return ret;
}

int cmd_rdc(int argc, char **argv)
{
	struct ccw_prog prog;
	struct eckd_rdc *rdc;
	struct session s;
	int ret;

	(void)argc;
	ret = session_open(&s, argv[0]);
	if (ret)
		return ret;
	rdc = session_alloc(&s, sizeof(*rdc));
	ccw_prog_init(&prog, &s.mem, 1, 1, CCW_DIRECT);
	ccw_prog_add(&prog, ECKD_RDC, CCW_SLI, ccw_mem_iova(&s.mem, rdc), sizeof(*rdc));
	ret = session_run(&s, &prog, NULL);
	if (ret == CCW_OK) {
		printf("control unit       %04x/%02x\n", cio_bytes16(rdc->cu_type),
		       rdc->cu_model);
		printf("device             %04x/%02x\n", cio_bytes16(rdc->dev_type),
		       rdc->dev_model);
		printf("cylinders          %u\n", cio_16(rdc->cylinders));
		printf("tracks a cylinder  %u\n", cio_16(rdc->heads));
		printf("track length       %u\n",
		       rdc->track_len[0] << 16 | cio_bytes16(rdc->track_len + 1));
		ccw_print_hex(stdout, rdc, sizeof(*rdc));
	}
	session_close(&s);
	return ret;
}
