/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A model of the channel subsystem: executes channel programs as the Principles
 * of Operation say (chapters "Basic I/O Functions" and "I/O Interruptions"),
 * with a device that does what a script says.
 *
 * It knows nothing of the translator: both the guest's program and the host's
 * run on it, and what it notes down of each must be the same.
 */
#ifndef CCW_MODEL_MODEL_H
#define CCW_MODEL_MODEL_H

#include <linux/types.h>

#define MODEL_EVENTS	4096
#define MODEL_STEPS	1500	/* CCWs; a program can be an endless loop */

enum model_event_kind {
	MODEL_COMMAND,		/* the device got a command: its code */
	MODEL_FETCH,		/* bytes from storage to the device */
	MODEL_STORE,		/* bytes from the device to storage */
	MODEL_STORE_BACK,	/* the same, to lower and lower addresses */
	MODEL_SKIPPED,		/* bytes from the device to nowhere */
	MODEL_PCI,		/* intermediate interruption: CCW address */
	MODEL_SUSPENSION,	/* the program was suspended: CCW address */
};

struct model_event {
	enum model_event_kind kind;
	u32 length;
	u64 value;
};

enum model_end {
	MODEL_DONE,
	MODEL_PROGRAM_CHECK,
	MODEL_SUSPENDED,
	MODEL_ENDLESS,
};

/**
 * struct model_run - one execution
 * @end: how it ended
 * @device_status: then; for MODEL_DONE
 * @incorrect_length: the same
 * @residual: the same
 * @cpa: CCW address stored
 * @command: whether the CCW there got control as a command, or would have
 * @event: what happened, in order
 * @events: how much of it
 */
struct model_run {
	enum model_end end;
	u8 device_status;
	bool incorrect_length;
	u16 residual;
	u32 cpa;
	bool command;
	struct model_event event[MODEL_EVENTS];
	u32 events;
};

/**
 * struct model_storage - the storage that a program runs on
 * @fetch: the channel fetches a CCW, IDAW or MIDAW; false if that is not available
 * @access: the device's data; false if the byte is not available. Sets @name to
 *	the address to note down. With @length 0: just look.
 * @ccw: the address to note down for a CCW address
 * @is_break: whether a program suspended at a CCW address goes on at once, and
 *	nobody is to know
 * @resume: whether a program suspended at a CCW address goes on; how, is the
 *	script's to say
 * @lenient: a channel that overlooks bit 32 of a CCW, and IDAWs that are not on
 *	a block boundary
 */
struct model_storage {
	bool (*fetch)(void *ctx, u64 addr, void *to, u32 length);
	bool (*access)(void *ctx, u64 addr, u32 length, bool store, u64 *name);
	u32 (*ccw)(void *ctx, u32 cpa);
	bool (*is_break)(void *ctx, u32 cpa);
	bool (*resume)(void *ctx, u32 cpa, u8 how);
	void *ctx;
	bool lenient;
};

/* What the device does: bytes, and zeros when these are used up. */
struct model_script {
	const u8 *byte;
	size_t left;
};

void model_start(const struct model_storage *storage, u32 flags, u32 cpa,
		 struct model_script script, struct model_run *run);

#endif
