// SPDX-License-Identifier: GPL-2.0
/*
 * What happens to a device is noted in three places: as tracepoints, for who
 * watches; in the s390 debug feature, for who comes later, with a dump or with
 * the system still up; and as numbers.
 *
 * The debug feature keeps the format and the arguments as they are, and makes
 * text of them when it is read: so the arguments are values only, never what
 * points to a text.  At its default level (2) it has what happens seldom: a
 * busy disk would soon drive that out.
 *
 * The subchannel lock is held in all of these, which puts the notes in order.
 */
#include <linux/printk.h>
#include <linux/vfio_ccw.h>

#include <asm/cio.h>
#include <asm/debug.h>

#include "vfio_ccw_device.h"
#include "vfio_ccw_note.h"
#include "vfio_ccw_trace.h"

#define LEVEL_SELDOM	2
#define LEVEL_EACH	4	/* each request and interruption that is well */
#define LEVEL_DETAIL	6

#define AREA_PAGES	16
#define MSG_ARGUMENTS	8	/* besides the format */
#define TRACE_BYTES	16

static debug_info_t *msg;
static debug_info_t *trace;

static debug_info_t *area(const char *name, int size, struct debug_view *view)
{
	debug_info_t *id = debug_register(name, AREA_PAGES, 1, size);

	if (!id)
		return NULL;
	if (debug_register_view(id, view)) {
		debug_unregister(id);
		return NULL;
	}
	debug_set_level(id, LEVEL_SELDOM);
	return id;
}

int __init vfio_ccw_note_setup(void)
{
	msg = area("vfio_ccw_msg", (MSG_ARGUMENTS + 1) * sizeof(long),
		   &debug_sprintf_view);
	trace = area("vfio_ccw_trace", TRACE_BYTES, &debug_hex_ascii_view);
	if (msg && trace)
		return 0;
	vfio_ccw_note_cleanup();
	return -ENOMEM;
}

void vfio_ccw_note_cleanup(void)
{
	debug_unregister(trace);
	debug_unregister(msg);
}

/* All formats begin with the subchannel's three numbers. */
#define BUS_ID	"%x.%x.%04x: "

#define note_msg(device, level, format, ...) do {			\
	struct subchannel_id _id = (device)->sch->schid;		\
									\
	debug_sprintf_event(msg, level, format, _id.cssid, _id.ssid,	\
			    _id.sch_no, ##__VA_ARGS__);			\
} while (0)

/* A name, the subchannel, and four bytes that say more. */
static void note_trace(struct vfio_ccw_device *device, const char *text,
		       u32 word)
{
	debug_text_event(trace, LEVEL_SELDOM, text);
	debug_text_event(trace, LEVEL_SELDOM, dev_name(&device->sch->dev));
	debug_int_event(trace, LEVEL_SELDOM, word);
}

static void count(struct vfio_ccw_device *device, enum vfio_ccw_stat stat,
		  u64 more)
{
	vfio_ccw_stats_add(&device->stats, stat, more);
}

static int level_of(int result)
{
	return result ? LEVEL_SELDOM : LEVEL_EACH;
}

/**
 * vfio_ccw_note_event() - Note that something befalls a device.
 * @device: the device, in the state in which it befalls it
 * @event: what it is
 */
void vfio_ccw_note_event(struct vfio_ccw_device *device,
			 enum vfio_ccw_event event)
{
	trace_vfio_ccw_fsm_event(device->sch->schid, device->fsm.state, event);
	note_msg(device, LEVEL_DETAIL, BUS_ID "event %d in state %d\n",
		 event, device->fsm.state);
	if (event == VFIO_CCW_EVENT_ABORT)
		count(device, VFIO_CCW_ABORTS, 1);
}

static const struct {
	const char *text;
	char *format;
} steps[] = {
	[VFIO_CCW_STEP_FUNCTION] = {
		"function", BUS_ID "I/O request without a function: %d\n" },
	[VFIO_CCW_STEP_ORB] = {
		"orb", BUS_ID "START, invalid ORB: %d\n" },
	[VFIO_CCW_STEP_STATE] = {
		"state", BUS_ID "START or RESUME, state: %d\n" },
	[VFIO_CCW_STEP_PROGRAM] = {
		"program", BUS_ID "START, program not translated: %d\n" },
	[VFIO_CCW_STEP_SSCH] = {
		"ssch", BUS_ID "START: %d\n" },
	[VFIO_CCW_STEP_STOP] = {
		"stop", BUS_ID "RESUME, not suspended: %d\n" },
	[VFIO_CCW_STEP_REST] = {
		"rest", BUS_ID "RESUME, program not translated: %d\n" },
	[VFIO_CCW_STEP_RSCH] = {
		"rsch", BUS_ID "RESUME: %d\n" },
};

/**
 * vfio_ccw_note_io() - Note the answer to a request that came to the I/O region.
 * @device: the device
 * @fctl: the functions that the request names
 * @step: the last step that was taken
 * @result: its result, and so the request's
 */
void vfio_ccw_note_io(struct vfio_ccw_device *device, u32 fctl,
		      enum vfio_ccw_step step, int result)
{
	trace_vfio_ccw_fsm_io_request(fctl, device->sch->schid, result,
				      steps[step].text);
	note_msg(device, level_of(result), steps[step].format, result);
	vfio_ccw_stats_result(&device->stats, result);

	if (step == VFIO_CCW_STEP_SSCH) {
		note_trace(device, "stIO", result);
		count(device, VFIO_CCW_PROGRAMS, !result);
	} else if (step == VFIO_CCW_STEP_RSCH) {
		note_trace(device, "resIO", result);
		count(device, VFIO_CCW_RESUMES, !result);
	}
}

/**
 * vfio_ccw_note_part() - Note that the host has a program go on by itself.
 * @device: the device
 * @result: 0 or why that was not possible
 */
void vfio_ccw_note_part(struct vfio_ccw_device *device, int result)
{
	note_msg(device, level_of(result), BUS_ID "fetched again: %d\n",
		 result);
	note_trace(device, "partIO", result);
	count(device, VFIO_CCW_PARTS, !result);
}

/**
 * vfio_ccw_note_async() - Note the answer to what came to the command region.
 * @device: the device
 * @command: the command
 * @result: its result
 */
void vfio_ccw_note_async(struct vfio_ccw_device *device, u32 command,
			 int result)
{
	trace_vfio_ccw_fsm_async_request(device->sch->schid, command, result);
	vfio_ccw_stats_result(&device->stats, result);

	switch (command) {
	case VFIO_CCW_ASYNC_CMD_HSCH:
		note_msg(device, LEVEL_SELDOM, BUS_ID "HALT: %d\n", result);
		note_trace(device, "haltIO", result);
		count(device, VFIO_CCW_HALTS, !result);
		break;
	case VFIO_CCW_ASYNC_CMD_CSCH:
		note_msg(device, LEVEL_SELDOM, BUS_ID "CLEAR: %d\n", result);
		note_trace(device, "clearIO", result);
		count(device, VFIO_CCW_CLEARS, !result);
		break;
	default:
		note_msg(device, LEVEL_SELDOM, BUS_ID "command %u: %d\n",
			 command, result);
	}
}

/**
 * vfio_ccw_note_program() - Note that a program, or its rest, was translated.
 * @device: the device
 * @image: where it is
 */
void vfio_ccw_note_program(struct vfio_ccw_device *device,
			   const struct vfio_ccw_image *image)
{
	u32 ccws = image->prog.used[CPROG_CCW];
	bool format1 = be32_to_cpu(device->cp.orb.flags) & CPROG_ORB_FORMAT1;

	trace_vfio_ccw_program(device->sch->schid, ccws, image->hold.count, format1,
			       image->prog.resumed);
	note_msg(device, LEVEL_DETAIL,
		 BUS_ID "program of %u CCWs, %u pages, format %d, at %08x\n",
		 ccws, image->hold.count, format1, image->prog.cpa);
	count(device, VFIO_CCW_CCWS, ccws);
	count(device, VFIO_CCW_PAGES, image->hold.count);
	count(device, VFIO_CCW_PINS, image->hold.pinned);
}

/**
 * vfio_ccw_note_interrupt() - Note what the subchannel presents.
 * @device: the device
 * @irb: the status, of which the host's addresses are not noted
 */
void vfio_ccw_note_interrupt(struct vfio_ccw_device *device,
			     const struct irb *irb)
{
	const u32 *word = (const u32 *)&irb->scsw;

	vfio_ccw_note_event(device, VFIO_CCW_EVENT_INTERRUPT);
	note_msg(device, LEVEL_DETAIL,
		 BUS_ID "interruption in state %d: SCSW %08x ... %08x\n",
		 device->fsm.state, word[0], word[2]);
	note_trace(device, "IRQ", word[0]);
}

/**
 * vfio_ccw_note_response() - Note what the guest is told.
 * @device: the device
 * @irb: the status, with the guest's addresses
 * @queued: whether there was room
 */
void vfio_ccw_note_response(struct vfio_ccw_device *device,
			    const struct irb *irb, bool queued)
{
	const u32 *word = (const u32 *)&irb->scsw;
	bool well = queued && !irb->scsw.cmd.cc && !irb->scsw.cmd.cstat;

	trace_vfio_ccw_interruption(device->sch->schid, word[0], word[1],
				    word[2], queued);
	note_msg(device, well ? LEVEL_EACH : LEVEL_SELDOM,
		 BUS_ID "response %08x %08x %08x, queued: %d\n",
		 word[0], word[1], word[2], queued);
	count(device, queued ? VFIO_CCW_INTERRUPTIONS :
			       VFIO_CCW_INTERRUPTIONS_LOST, 1);
}

/**
 * vfio_ccw_note_path() - Note that a channel path came, went, or was varied.
 * @device: the device
 * @mask: the path, as a mask
 * @event: CHP_ONLINE, CHP_OFFLINE, CHP_VARY_ON or CHP_VARY_OFF
 */
void vfio_ccw_note_path(struct vfio_ccw_device *device, u8 mask, int event)
{
	const struct subchannel *sch = device->sch;

	trace_vfio_ccw_chp_event(sch->schid, mask, event);
	note_msg(device, LEVEL_SELDOM,
		 BUS_ID "path %02x, event %d, before: lpm %02x opm %02x\n",
		 mask, event, sch->lpm, sch->opm);
}

/**
 * vfio_ccw_note_report() - Note a channel report.
 * @device: the device
 * @chpid: the channel path
 * @online: whether it came
 * @queued: whether there was room
 */
void vfio_ccw_note_report(struct vfio_ccw_device *device, u8 chpid, bool online,
			  bool queued)
{
	note_msg(device, LEVEL_SELDOM,
		 BUS_ID "report: channel path %02x, online: %d, queued: %d\n",
		 chpid, online, queued);
	count(device, queued ? VFIO_CCW_REPORTS : VFIO_CCW_REPORTS_LOST, 1);
}

/**
 * vfio_ccw_note_unmap() - Note that guest memory in use goes away.
 * @device: the device
 * @guest: start of the range
 * @length: its length in bytes
 */
void vfio_ccw_note_unmap(struct vfio_ccw_device *device, u64 guest, u64 length)
{
	vfio_ccw_note_event(device, VFIO_CCW_EVENT_UNMAP);
	note_msg(device, LEVEL_SELDOM,
		 BUS_ID "unmap in state %d: %lx, %lx bytes\n",
		 device->fsm.state, (unsigned long)guest,
		 (unsigned long)length);
}

static char *const ends[] = {
	[VFIO_CCW_EVENT_GONE] = BUS_ID "gone: %d, state %d\n",
	[VFIO_CCW_EVENT_OPEN] = BUS_ID "open: %d, state %d\n",
	[VFIO_CCW_EVENT_CLOSE] = BUS_ID "close: %d, state %d\n",
	[VFIO_CCW_EVENT_RESET] = BUS_ID "reset: %d, state %d\n",
	[VFIO_CCW_EVENT_ABORT] = BUS_ID "abort: %d, state %d\n",
};

/**
 * vfio_ccw_note_settled() - Note what came of an event.
 * @device: the device, in its new state
 * @event: that it is gone, was opened, closed or reset, or its program aborted
 * @result: 0 or an error
 */
void vfio_ccw_note_settled(struct vfio_ccw_device *device,
			   enum vfio_ccw_event event, int result)
{
	note_msg(device, LEVEL_SELDOM, ends[event], result, device->fsm.state);
}
