// SPDX-License-Identifier: GPL-2.0
/* Executes a channel program, from CCW to CCW. */
#include "channel.h"

/* device status */
#define STATUS_MODIFIER	0x40
#define CHANNEL_END	0x08
#define DEVICE_END	0x04
#define UNIT_CHECK	0x02
#define UNIT_EXCEPTION	0x01

static u8 decide(struct channel *channel)
{
	if (!channel->script.left)
		return 0;
	channel->script.left--;
	return *channel->script.byte++;
}

void channel_note(struct channel *channel, enum model_event_kind kind,
		  u64 value, u32 length)
{
	struct model_run *run = channel->run;

	if (run->events < MODEL_EVENTS)
		run->event[run->events++] = (struct model_event){
			.kind = kind,
			.value = value,
			.length = length,
		};
}

static bool is_tic(const struct channel *channel, const struct ccw *ccw)
{
	return channel->flags & ORB_FORMAT1 ? ccw->code == 0x08
					    : (ccw->code & 0x0f) == 0x08;
}

static enum way way_of(u8 code)
{
	switch (code & 0x0f) {
	case 0x0: case 0x8:
		return WAY_NONE;
	case 0x4:
		return WAY_IN;
	case 0xc:
		return WAY_BACK;
	default:
		return code & 1 ? WAY_OUT : WAY_IN;
	}
}

static bool fetch_ccw(struct channel *channel, u32 addr, struct ccw *ccw)
{
	u8 raw[8];

	if (addr % 8 || addr > channel->limit ||
	    !channel->storage->fetch(channel->storage->ctx, addr, raw, 8))
		return false;
	ccw->code = raw[0];
	if (channel->flags & ORB_FORMAT1) {
		ccw->flags = raw[1];
		ccw->count = raw[2] << 8 | raw[3];
		ccw->addr = (u32)raw[4] << 24 | raw[5] << 16 | raw[6] << 8 |
			    raw[7];
	} else {
		ccw->addr = raw[1] << 16 | raw[2] << 8 | raw[3];
		ccw->flags = raw[4];
		ccw->count = raw[6] << 8 | raw[7];
	}
	return true;
}

/* The checks on a CCW other than a TIC, before anything happens. */
static bool ccw_valid(const struct channel *channel, const struct ccw *ccw,
		      bool data_chained)
{
	bool format1 = channel->flags & ORB_FORMAT1;

	if (format1 && ccw->addr >> 31 && !channel->storage->lenient)
		return false;
	if (!ccw->count && (!format1 || data_chained || ccw->flags & CD))
		return false;
	if (!data_chained && way_of(ccw->code) == WAY_NONE)
		return false;
	if (ccw->flags & MIDA &&
	    (!(channel->flags & ORB_MIDAW) || ccw->flags & (IDA | SKIP)))
		return false;
	/* Elsewhere it is not for checking, but for suspending. */
	return !(ccw->flags & SUSPEND);
}

enum outcome { GO_ON, CHAIN_DATA, CHAIN_COMMAND, OVER, CHECK };

/* The end of a command, in the CCW in control. */
static enum outcome end_command(struct channel *channel, const struct ccw *ccw,
				u32 moved, bool more, bool immediate)
{
	struct model_run *run = channel->run;
	u8 how = decide(channel);

	run->device_status = CHANNEL_END | DEVICE_END;
	run->residual = ccw->count - moved;
	if (immediate)
		run->incorrect_length = ccw->count && !(ccw->flags & SLI) &&
			channel->flags & ORB_FORMAT1 &&
			!(channel->flags & ORB_SUPPRESS);
	else
		run->incorrect_length = (run->residual || more ||
					 ccw->flags & CD) &&
			(ccw->flags & CD || !(ccw->flags & SLI));

	switch (how & 0x0f) {
	case 1 ... 4:
		run->device_status |= STATUS_MODIFIER;
		break;
	case 5:
		run->device_status |= UNIT_CHECK;
		break;
	case 6:
		run->device_status |= UNIT_EXCEPTION;
		break;
	}
	if (run->device_status & (UNIT_CHECK | UNIT_EXCEPTION) ||
	    run->incorrect_length || (ccw->flags & (CD | CC)) != CC)
		return OVER;
	return CHAIN_COMMAND;
}

/* Let a valid CCW have control. */
static enum outcome execute(struct channel *channel, const struct ccw *ccw,
			    bool data_chained)
{
	bool skip, transfers, immediate, last;
	u32 moved = ccw->count;
	u8 how;

	if (!data_chained) {
		channel->code = ccw->code;
		channel->way = way_of(ccw->code);
	}
	skip = ccw->flags & SKIP && channel->way != WAY_OUT;
	/* No-operation moves nothing, whatever the CCW says. */
	transfers = ccw->count && !skip && channel->code != 0x03;
	if (transfers && !channel_begin(channel, ccw))
		return CHECK;
	if (ccw->flags & PCI)
		channel_note(channel, MODEL_PCI,
			     channel->storage->ccw(channel->storage->ctx,
						   channel->run->cpa), 0);
	if (!data_chained)
		channel_note(channel, MODEL_COMMAND, channel->code, 0);

	how = decide(channel);
	immediate = !data_chained && (channel->code & 3) == 3 &&
		    (channel->code == 0x03 || (how & 7) == 6);
	last = !(ccw->flags & CD);
	switch (how & 7) {
	case 5:
		moved = moved * (how >> 3) / 32;
		last = true;
		break;
	case 6:
		moved = 0;
		last = true;
		break;
	case 7:
		last = true;
		break;
	}
	if (immediate) {
		moved = 0;
		last = true;
	}

	if (skip)
		channel_note(channel, MODEL_SKIPPED, 0, moved);
	else if (transfers && !channel_move(channel, moved))
		return CHECK;
	if (!last)
		return CHAIN_DATA;
	return end_command(channel, ccw, moved, how & 0x80, immediate);
}

/**
 * model_start() - Execute a channel program.
 * @storage: the storage it runs on
 * @flags: ORB word 1
 * @cpa: address of the first CCW
 * @script: what the device does
 * @run: what became of it
 */
void model_start(const struct model_storage *storage, u32 flags, u32 cpa,
		 struct model_script script, struct model_run *run)
{
	struct channel channel = {
		.storage = storage,
		.run = run,
		.script = script,
		.flags = flags,
		.limit = flags & ORB_FORMAT1 ? 0x7fffffff : 0xffffff,
	};
	bool no_tic = true;	/* at the start, and behind a TIC */
	u32 tic = 0;		/* address of the TIC that led here, plus 8 */
	bool data_chained = false;
	u32 addr = cpa;

	run->events = 0;
	run->device_status = 0;
	run->incorrect_length = false;
	run->residual = 0;
	run->end = MODEL_PROGRAM_CHECK;

	for (u32 steps = 0; steps < MODEL_STEPS; steps++) {
		struct ccw ccw;

		run->command = !data_chained;
		run->cpa = addr + 8;
		if (!fetch_ccw(&channel, addr, &ccw)) {
			if (tic)
				run->cpa = tic;
			goto out;
		}
		if (is_tic(&channel, &ccw)) {
			if (no_tic || ccw.addr % 8 || ccw.addr > channel.limit ||
			    (flags & ORB_FORMAT1 && (ccw.flags || ccw.count)))
				goto out;
			no_tic = true;
			tic = addr + 8;
			addr = ccw.addr;
			continue;
		}
		no_tic = false;
		tic = 0;

		if (ccw.flags & SUSPEND && flags & ORB_SUSPEND &&
		    !data_chained) {
			u8 how;

			/* The CCW is fetched again, so it may be any now. */
			if (storage->is_break(storage->ctx, run->cpa))
				continue;
			channel_note(&channel, MODEL_SUSPENSION,
				     storage->ccw(storage->ctx, run->cpa), 0);
			how = decide(&channel);
			run->end = MODEL_SUSPENDED;
			if (!how)
				goto out;
			run->end = MODEL_PROGRAM_CHECK;
			if (!storage->resume(storage->ctx, run->cpa, how))
				goto out;
			continue;
		}
		if (!ccw_valid(&channel, &ccw, data_chained))
			goto out;
		switch (execute(&channel, &ccw, data_chained)) {
		case CHAIN_DATA:
			data_chained = true;
			addr += 8;
			break;
		case CHAIN_COMMAND:
			data_chained = false;
			addr += run->device_status & STATUS_MODIFIER ? 16 : 8;
			break;
		case OVER:
			run->end = MODEL_DONE;
			goto out;
		default:
			goto out;
		}
		if (run->events == MODEL_EVENTS)
			break;
	}
	run->end = MODEL_ENDLESS;
	return;
out:
	run->cpa = storage->ccw(storage->ctx, run->cpa);
}
