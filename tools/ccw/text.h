/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Channel programs as text, for `ccw run`
 *
 * One statement a line; # starts a comment; numbers are decimal or 0x….
 *
 *	format 0|1			CCW format, 1 if not said
 *	idaw none|1|2k|4k		how data areas are addressed, none if not said
 *	orb WORD…			suspend, no-prefetch, initial-status,
 *					no-suspend-interrupt, suppress-length
 *	lpm BYTE	key NUMBER	ORB path mask and storage key
 *	buffer NAME SIZE [= DATA…]	DATA: hexadecimal bytes, or "text" to become
 *					EBCDIC; the rest of the buffer is zero
 *	[LABEL:] COMMAND [BUFFER[+OFFSET]] [COUNT] [FLAG…]
 *	[LABEL:] tic LABEL
 *
 * COMMAND is two hexadecimal digits or a name (ccw_text_command() has the list).
 * COUNT is the rest of the buffer if not given, 1 without a buffer.
 * FLAG is one of cd cc sli skip pci suspend.
 * A buffer has to be defined above its use; a label may come later.
 */
#ifndef CCW_TEXT_H
#define CCW_TEXT_H

#include <stdbool.h>
#include <stdio.h>

#include "program.h"

#define TEXT_NAME	32
#define TEXT_BUFFERS	64
#define TEXT_OPS	1024
#define TEXT_BUFFER_MAX	65535

struct text_buffer {
	char name[TEXT_NAME];
	__u32 size;
	__u8 *data;
	__u64 iova;		/* after the build */
	bool filled;		/* a command of the program stores into it */
};

struct text_op {
	char label[TEXT_NAME];
	char target[TEXT_NAME];	/* of a TIC */
	int line;
	__u8 cmd;
	__u8 flags;
	int buffer;		/* -1: none */
	__u32 offset;
	__u16 count;
};

struct ccw_text {
	int format;
	enum ccw_addressing how;
	__u32 ctrl;
	__u8 lpm;
	unsigned int buffers;
	unsigned int ops;
	struct text_buffer buffer[TEXT_BUFFERS];
	struct text_op op[TEXT_OPS];
	int line;		/* of the error; 0: of the file as a whole */
	char error[128];
};

/* 0, or -EINVAL with line and error filled in. Either way to be freed. */
int ccw_text_parse(struct ccw_text *text, FILE *in);
void ccw_text_free(struct ccw_text *text);

/* Lay the program and its buffers out in @mem; 0, or a negative errno with error filled in. */
int ccw_text_build(struct ccw_text *text, struct ccw_mem *mem, struct ccw_prog *prog);

/* The code for a command name, or -1; the name at position @i, or NULL behind the last. */
int ccw_text_command(const char *name);
const char *ccw_text_command_name(unsigned int i, __u8 *code);

#endif
