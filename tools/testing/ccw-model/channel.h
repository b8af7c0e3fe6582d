/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The channel in the middle of a program, as the two halves of the model share
 * it: model.c, which goes from CCW to CCW, and channel_data.c, which moves the
 * bytes of one.
 */
#ifndef CCW_MODEL_CHANNEL_H
#define CCW_MODEL_CHANNEL_H

#include "model.h"

/* ORB word 1 */
#define ORB_SUSPEND	0x08000000u
#define ORB_FORMAT1	0x00800000u
#define ORB_IDAW2	0x00020000u
#define ORB_IDAW_2K	0x00010000u
#define ORB_SUPPRESS	0x00000080u
#define ORB_MIDAW	0x00000040u

/* CCW flags */
#define CD	0x80
#define CC	0x40
#define SLI	0x20
#define SKIP	0x10
#define PCI	0x08
#define IDA	0x04
#define SUSPEND	0x02
#define MIDA	0x01

enum way { WAY_NONE, WAY_OUT, WAY_IN, WAY_BACK };

struct ccw {
	u8 code;
	u8 flags;
	u16 count;
	u32 addr;
};

struct channel {
	const struct model_storage *storage;
	struct model_run *run;
	struct model_script script;
	u32 flags;
	u32 limit;
	/* the command under way */
	u8 code;
	enum way way;
	/* the storage of the CCW in control */
	bool ida;
	bool mida;
	u64 word;		/* address of the next IDAW or MIDAW */
	u32 left;		/* bytes that no MIDAW was fetched for yet */
	u32 piece;		/* bytes left of the MIDAW */
	bool skip_piece;
	u64 addr;		/* of the next byte */
	bool first;		/* no byte was moved yet */
};

/* Note down what happened. */
void channel_note(struct channel *channel, enum model_event_kind kind, u64 value,
		  u32 length);

/* Make a CCW's storage the one to move bytes of.  False: program check. */
bool channel_begin(struct channel *channel, const struct ccw *ccw);

/* Move bytes.  False: program check before the last one of them. */
bool channel_move(struct channel *channel, u32 count);

#endif
