// SPDX-License-Identifier: GPL-2.0
/* From the text form of a channel program to the program in guest storage */
#include <errno.h>
#include <string.h>

#include "text.h"

static unsigned int slot_of(const struct ccw_text *text, const char *label)
{
	unsigned int i = 0;

	/* The parser has seen to it that there is one. */
	while (strcmp(text->op[i].label, label))
		i++;
	return i;
}

static int add(struct ccw_text *text, const struct text_op *op, struct ccw_prog *prog)
{
	if (op->cmd == CCW_CMD_TIC && *op->target)
		return ccw_prog_tic(prog, slot_of(text, op->target));
	/* Format 0 has no zero counts: a command without data says 1. */
	if (op->buffer < 0)
		return ccw_prog_raw(prog, op->cmd, op->flags, 0, 1);
	return ccw_prog_add(prog, op->cmd, op->flags,
			    text->buffer[op->buffer].iova + op->offset, op->count);
}

int ccw_text_build(struct ccw_text *text, struct ccw_mem *mem, struct ccw_prog *prog)
{
	unsigned int i;
	__u8 *place;
	int ret;

	ret = ccw_prog_init(prog, mem, text->ops, text->format, text->how);
	if (ret)
		goto full;
	prog->ctrl = text->ctrl;
	prog->lpm = text->lpm;
	for (i = 0; i < text->buffers; i++) {
		struct text_buffer *buffer = &text->buffer[i];

		place = ccw_mem_alloc(mem, buffer->size, 8);
		if (!place) {
			ret = -ENOMEM;
			goto full;
		}
		memcpy(place, buffer->data, buffer->size);
		buffer->iova = ccw_mem_iova(mem, place);
	}
	for (i = 0; i < text->ops; i++) {
		ret = add(text, &text->op[i], prog);
		if (ret < 0) {
			text->line = text->op[i].line;
			goto full;
		}
	}
	return 0;
full:
	snprintf(text->error, sizeof(text->error), "program does not fit guest storage: %s",
		 strerror(-ret));
	return ret;
}
