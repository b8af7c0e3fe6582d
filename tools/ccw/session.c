// SPDX-License-Identifier: GPL-2.0
/* An open device with guest storage for one command */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "decode.h"

#define GUEST_BASE	0x100000
#define GUEST_SIZE	0x600000
#define TIMEOUT_MS	60000

int session_open(struct session *s, const char *uuid)
{
	int ret;

	ret = ccw_dev_open(&s->dev, uuid);
	if (ret) {
		fprintf(stderr, "ccw: %s\n", s->dev.error);
		return CCW_REFUSED;
	}
	ret = ccw_guest_map(&s->dev, &s->mem, GUEST_BASE, GUEST_SIZE);
	if (ret) {
		fprintf(stderr, "ccw: mapping guest storage: %s\n", strerror(-ret));
		ccw_dev_close(&s->dev);
		return CCW_REFUSED;
	}
	return CCW_OK;
}

void session_close(struct session *s)
{
	ccw_guest_unmap(&s->dev, &s->mem);
	ccw_dev_close(&s->dev);
}

void *session_alloc(struct session *s, size_t size)
{
	void *p = ccw_mem_alloc(&s->mem, size, 8);

	if (!p) {
		fprintf(stderr, "ccw: guest storage is full\n");
		exit(CCW_REFUSED);
	}
	return p;
}

int session_run(struct session *s, const struct ccw_prog *prog, struct cio_irb *irb)
{
	struct cio_irb local;
	struct cio_orb orb;
	int ret;

	ccw_prog_orb(prog, &orb);
	ret = ccw_run(&s->dev, &orb, irb ? irb : &local, TIMEOUT_MS);
	if (ret == -ETIMEDOUT) {
		fprintf(stderr, "ccw: no answer from the device within %d seconds\n",
			TIMEOUT_MS / 1000);
		return CCW_REFUSED;
	}
	if (ret) {
		fprintf(stderr, "ccw: start refused: %s\n", strerror(-ret));
		return CCW_REFUSED;
	}
	if (irb)
		return ccw_irb_good(irb) ? CCW_OK : CCW_FAILED;
	if (ccw_irb_good(&local))
		return CCW_OK;
	fprintf(stderr, "ccw: the channel program failed\n");
	ccw_print_irb(stderr, &local);
	return CCW_FAILED;
}
