/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the subcommands of `ccw` share: an open device with guest storage, and
 * running one program with complaints on standard error
 */
#ifndef CCW_COMMAND_H
#define CCW_COMMAND_H

#include "device.h"
#include "guest.h"
#include "program.h"
#include "start.h"

/* Exit status */
enum {
	CCW_OK = 0,
	CCW_FAILED = 1,		/* the program ended with an error status */
	CCW_USAGE = 2,		/* bad arguments or a bad program text */
	CCW_REFUSED = 3,	/* no device, or the host refused */
};

struct session {
	struct ccw_dev dev;
	struct ccw_mem mem;
};

/* CCW_OK or the exit status, after telling why. */
int session_open(struct session *s, const char *uuid);
void session_close(struct session *s);

/* Run to the end. Anything but a good end, or one of unit check when @irb is given, is told. */
int session_run(struct session *s, const struct ccw_prog *prog, struct cio_irb *irb);

/* @size bytes of guest storage, doubleword aligned; the session has room for a track. */
void *session_alloc(struct session *s, size_t size);

int cmd_sense_id(int argc, char **argv);
int cmd_rdc(int argc, char **argv);
int cmd_label(int argc, char **argv);
int cmd_read(int argc, char **argv);
int cmd_run(int argc, char **argv);

#endif
