// SPDX-License-Identifier: GPL-2.0
/* ccw run: a channel program from a text file */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "decode.h"
#include "text.h"

static int load(struct ccw_text *text, const char *path)
{
	FILE *in = strcmp(path, "-") ? fopen(path, "r") : stdin;
	int ret;

	if (!in) {
		fprintf(stderr, "ccw: %s: %s\n", path, strerror(errno));
		return CCW_USAGE;
	}
	ret = ccw_text_parse(text, in);
	if (in != stdin)
		fclose(in);
	if (!ret)
		return CCW_OK;
	if (text->line)
		fprintf(stderr, "%s:%d: %s\n", path, text->line, text->error);
	else
		fprintf(stderr, "%s: %s\n", path, text->error);
	return CCW_USAGE;
}

/* Which slot the CCW address of the response stands behind. */
static void print_place(const struct ccw_text *text, const struct ccw_prog *prog, __u32 cpa)
{
	__u32 behind = cpa - ccw_prog_addr(prog, 0);

	if (behind >= 8 && behind <= prog->used * 8 && behind % 8 == 0)
		printf("                   behind CCW %u, line %d\n", behind / 8 - 1,
		       text->op[behind / 8 - 1].line);
}

int cmd_run(int argc, char **argv)
{
	struct ccw_text *text;
	struct ccw_prog prog;
	struct cio_irb irb;
	struct session s;
	unsigned int i;
	int ret;

	(void)argc;
	text = calloc(1, sizeof(*text));
	if (!text) {
		fprintf(stderr, "ccw: out of memory\n");
		return CCW_REFUSED;
	}
	ret = load(text, argv[1]);
	if (ret)
		goto out;
	ret = session_open(&s, argv[0]);
	if (ret)
		goto out;
	if (ccw_text_build(text, &s.mem, &prog)) {
		fprintf(stderr, "%s:%d: %s\n", argv[1], text->line, text->error);
		ret = CCW_USAGE;
		goto close;
	}
	ret = session_run(&s, &prog, &irb);
	if (ret == CCW_REFUSED)
		goto close;
	ccw_print_irb(stdout, &irb);
	print_place(text, &prog, cio_32(irb.scsw.cpa));
	for (i = 0; i < text->buffers; i++) {
		struct text_buffer *buffer = &text->buffer[i];

		if (!buffer->filled)
			continue;
		printf("buffer %s\n", buffer->name);
		ccw_print_hex(stdout, ccw_mem_ptr(&s.mem, buffer->iova, buffer->size),
			      buffer->size);
	}
close:
	session_close(&s);
out:
	ccw_text_free(text);
	free(text);
	return ret;
}
