/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Tracepoints.  A record is complete in itself: numbers and copies of text, so
 * that it can be filtered and still be read when the module is gone; addresses
 * are the guest's.  Call them through vfio_ap_note.c.
 */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM vfio_ap

#if !defined(VFIO_AP_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define VFIO_AP_TRACE_H

#include <linux/tracepoint.h>

#include "vfio_ap_matrix.h"

TRACE_EVENT(vfio_ap_queue,
	    TP_PROTO(u16 apqn, bool bound),
	    TP_ARGS(apqn, bound),

	    TP_STRUCT__entry(__field(u8, adapter)
			     __field(u8, domain)
			     __field(int, bound)),

	    TP_fast_assign(__entry->adapter = vfio_ap_adapter_of(apqn);
			   __entry->domain = vfio_ap_domain_of(apqn);
			   __entry->bound = bound;),

	    TP_printk("queue=%02x.%04x bound=%d",
		      __entry->adapter, __entry->domain, __entry->bound));

TRACE_EVENT(vfio_ap_reset,
	    TP_PROTO(u16 apqn, bool zapq, u8 code, unsigned int ms),
	    TP_ARGS(apqn, zapq, code, ms),

	    TP_STRUCT__entry(__field(u8, adapter)
			     __field(u8, domain)
			     __field(int, zapq)
			     __field(u8, code)
			     __field(unsigned int, ms)),

	    TP_fast_assign(__entry->adapter = vfio_ap_adapter_of(apqn);
			   __entry->domain = vfio_ap_domain_of(apqn);
			   __entry->zapq = zapq;
			   __entry->code = code;
			   __entry->ms = ms;),

	    TP_printk("queue=%02x.%04x zapq=%d code=%02x ms=%u",
		      __entry->adapter, __entry->domain, __entry->zapq,
		      __entry->code, __entry->ms));

TRACE_EVENT(vfio_ap_aqic,
	    TP_PROTO(u16 apqn, bool enable, u8 gisc, u64 address, u8 code),
	    TP_ARGS(apqn, enable, gisc, address, code),

	    TP_STRUCT__entry(__field(u8, adapter)
			     __field(u8, domain)
			     __field(int, enable)
			     __field(u8, gisc)
			     __field(u64, address)
			     __field(u8, code)),

	    TP_fast_assign(__entry->adapter = vfio_ap_adapter_of(apqn);
			   __entry->domain = vfio_ap_domain_of(apqn);
			   __entry->enable = enable;
			   __entry->gisc = gisc;
			   __entry->address = address;
			   __entry->code = code;),

	    TP_printk("queue=%02x.%04x enable=%d gisc=%u nib=%llx code=%02x",
		      __entry->adapter, __entry->domain, __entry->enable,
		      __entry->gisc, __entry->address, __entry->code));

TRACE_EVENT(vfio_ap_guest,
	    TP_PROTO(const char *uuid, const struct vfio_ap_matrix *guest),
	    TP_ARGS(uuid, guest),

	    TP_STRUCT__entry(__string(uuid, uuid)
			     __array(unsigned long, adapters, VFIO_AP_WORDS)
			     __array(unsigned long, domains, VFIO_AP_WORDS)
			     __array(unsigned long, controls, VFIO_AP_WORDS)),

	    TP_fast_assign(__assign_str(uuid);
			   memcpy(__entry->adapters, guest->adapters.word,
				  sizeof(__entry->adapters));
			   memcpy(__entry->domains, guest->domains.word,
				  sizeof(__entry->domains));
			   memcpy(__entry->controls, guest->controls.word,
				  sizeof(__entry->controls));),

	    TP_printk("uuid=%s adapters=%s domains=%s controls=%s",
		      __get_str(uuid),
		      __print_array(__entry->adapters, VFIO_AP_WORDS, 8),
		      __print_array(__entry->domains, VFIO_AP_WORDS, 8),
		      __print_array(__entry->controls, VFIO_AP_WORDS, 8)));

#endif

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE vfio_ap_trace
#include <trace/define_trace.h>
