/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Tracepoints.  A record is complete in itself: numbers and copies of text, so
 * that it can be filtered and still be read when the module is gone; addresses
 * are the guest's.  Call them through vfio_ccw_note.c.
 */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM vfio_ccw

#if !defined(VFIO_CCW_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define VFIO_CCW_TRACE_H

#include <linux/tracepoint.h>

#include <asm/schid.h>

TRACE_EVENT(vfio_ccw_fsm_event,
	    TP_PROTO(struct subchannel_id schid, int state, int event),
	    TP_ARGS(schid, state, event),

	    TP_STRUCT__entry(__field(u8, cssid)
			     __field(u8, ssid)
			     __field(u16, sch_no)
			     __field(int, state)
			     __field(int, event)),

	    TP_fast_assign(__entry->cssid = schid.cssid;
			   __entry->ssid = schid.ssid;
			   __entry->sch_no = schid.sch_no;
			   __entry->state = state;
			   __entry->event = event;),

	    TP_printk("schid=%x.%x.%04x state=%d event=%d",
		      __entry->cssid, __entry->ssid, __entry->sch_no,
		      __entry->state, __entry->event));

TRACE_EVENT(vfio_ccw_fsm_io_request,
	    TP_PROTO(int fctl, struct subchannel_id schid, int error,
		     const char *text),
	    TP_ARGS(fctl, schid, error, text),

	    TP_STRUCT__entry(__field(u8, cssid)
			     __field(u8, ssid)
			     __field(u16, sch_no)
			     __field(int, fctl)
			     __field(int, errno)
			     __string(text, text)),

	    TP_fast_assign(__entry->cssid = schid.cssid;
			   __entry->ssid = schid.ssid;
			   __entry->sch_no = schid.sch_no;
			   __entry->fctl = fctl;
			   __entry->errno = error;
			   __assign_str(text);),

	    TP_printk("schid=%x.%x.%04x fctl=0x%x errno=%d text=%s",
		      __entry->cssid, __entry->ssid, __entry->sch_no,
		      __entry->fctl, __entry->errno, __get_str(text)));

TRACE_EVENT(vfio_ccw_fsm_async_request,
	    TP_PROTO(struct subchannel_id schid, u32 command, int error),
	    TP_ARGS(schid, command, error),

	    TP_STRUCT__entry(__field(u8, cssid)
			     __field(u8, ssid)
			     __field(u16, sch_no)
			     __field(u32, command)
			     __field(int, errno)),

	    TP_fast_assign(__entry->cssid = schid.cssid;
			   __entry->ssid = schid.ssid;
			   __entry->sch_no = schid.sch_no;
			   __entry->command = command;
			   __entry->errno = error;),

	    TP_printk("schid=%x.%x.%04x command=%u errno=%d",
		      __entry->cssid, __entry->ssid, __entry->sch_no,
		      __entry->command, __entry->errno));

TRACE_EVENT(vfio_ccw_chp_event,
	    TP_PROTO(struct subchannel_id schid, int mask, int event),
	    TP_ARGS(schid, mask, event),

	    TP_STRUCT__entry(__field(u8, cssid)
			     __field(u8, ssid)
			     __field(u16, sch_no)
			     __field(int, mask)
			     __field(int, event)),

	    TP_fast_assign(__entry->cssid = schid.cssid;
			   __entry->ssid = schid.ssid;
			   __entry->sch_no = schid.sch_no;
			   __entry->mask = mask;
			   __entry->event = event;),

	    TP_printk("schid=%x.%x.%04x mask=0x%02x event=%d",
		      __entry->cssid, __entry->ssid, __entry->sch_no,
		      __entry->mask, __entry->event));

/* A program, or the rest of one, was translated and its pages pinned. */
TRACE_EVENT(vfio_ccw_program,
	    TP_PROTO(struct subchannel_id schid, u32 ccws, u32 pages, int format,
		     bool rest),
	    TP_ARGS(schid, ccws, pages, format, rest),

	    TP_STRUCT__entry(__field(u8, cssid)
			     __field(u8, ssid)
			     __field(u16, sch_no)
			     __field(u32, ccws)
			     __field(u32, pages)
			     __field(int, format)
			     __field(int, rest)),

	    TP_fast_assign(__entry->cssid = schid.cssid;
			   __entry->ssid = schid.ssid;
			   __entry->sch_no = schid.sch_no;
			   __entry->ccws = ccws;
			   __entry->pages = pages;
			   __entry->format = format;
			   __entry->rest = rest;),

	    TP_printk("schid=%x.%x.%04x ccws=%u pages=%u format=%d rest=%d",
		      __entry->cssid, __entry->ssid, __entry->sch_no,
		      __entry->ccws, __entry->pages, __entry->format,
		      __entry->rest));

/* What the guest will see of an interruption; not queued means lost. */
TRACE_EVENT(vfio_ccw_interruption,
	    TP_PROTO(struct subchannel_id schid, u32 word0, u32 word1, u32 word2,
		     bool queued),
	    TP_ARGS(schid, word0, word1, word2, queued),

	    TP_STRUCT__entry(__field(u8, cssid)
			     __field(u8, ssid)
			     __field(u16, sch_no)
			     __field(u32, word0)
			     __field(u32, word1)
			     __field(u32, word2)
			     __field(int, queued)),

	    TP_fast_assign(__entry->cssid = schid.cssid;
			   __entry->ssid = schid.ssid;
			   __entry->sch_no = schid.sch_no;
			   __entry->word0 = word0;
			   __entry->word1 = word1;
			   __entry->word2 = word2;
			   __entry->queued = queued;),

	    TP_printk("schid=%x.%x.%04x scsw=%08x.%08x.%08x queued=%d",
		      __entry->cssid, __entry->ssid, __entry->sch_no,
		      __entry->word0, __entry->word1, __entry->word2,
		      __entry->queued));

#endif

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE vfio_ccw_trace
#include <trace/define_trace.h>
