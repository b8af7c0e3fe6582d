// SPDX-License-Identifier: GPL-2.0
/*
 * What the driver tells of itself as it goes: trace events with numbers that
 * can be filtered (F19), and the debug feature with values that can be read
 * long afterwards (P2).
 *
 * To see them fail: leave out the note in question in vfio_ccw_start.c,
 * vfio_ccw_stop.c, vfio_ccw_interrupt.c or vfio_ccw_path.c.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <linux/vfio_ccw.h>

#include "kselftest_harness.h"

#include "async.h"
#include "sysfs.h"
#include "testguest.h"
#include "tracing.h"

#define MSG "vfio_ccw_msg"
#define TRACE "vfio_ccw_trace"

FIXTURE(observe) {
	struct testguest guest;
	struct ccw_prog prog;
	struct ccw_mem extra;
	struct cio_orb orb;
	struct cio_irb irb;
	char text[160];
};

/* A program that is suspended behind its first CCW, and then holds what that needed. */
FIXTURE_SETUP(observe)
{
	struct testguest *guest = &self->guest;

	ASSERT_EQ(0, tracing_mount());
	ASSERT_EQ(0, tracing_open("vfio_ccw"));
	ASSERT_EQ(0, dbf_level(MSG, 2));
	ASSERT_EQ(0, dbf_flush(MSG));
	ASSERT_EQ(0, dbf_flush(TRACE));
	ASSERT_EQ(0, testguest_open(guest));
	ASSERT_EQ(0, ccw_guest_map(&guest->dev, &self->extra, GUEST_EXTRA, 0x10000));
	ASSERT_EQ(0, ccw_prog_init(&self->prog, &guest->mem, 4, 1, CCW_DIRECT));
	self->prog.ctrl |= ORB_SUSPEND | ORB_NO_SUSPEND_INT;
	ccw_prog_add(&self->prog, CCW_CMD_SENSE_ID, CCW_SLI | CCW_CC,
		     GUEST_EXTRA, 0x2000);
	ccw_prog_add(&self->prog, CCW_CMD_SENSE_ID, CCW_SLI | CCW_SUSPEND, GUEST_EXTRA, 7);
	/* Where a status modifier would lead: the driver fetches that as well. */
	ccw_prog_raw(&self->prog, CCW_CMD_NOP, CCW_SLI, GUEST_BASE, 1);
	ccw_prog_orb(&self->prog, &self->orb);
}

FIXTURE_TEARDOWN(observe)
{
	testguest_close(&self->guest);
	tracing_close();
	dbf_level(MSG, 2);
}

static int command(struct testguest *guest, __u32 code)
{
	ssize_t n = pwrite(guest->dev.fd, &code, sizeof(code), guest->dev.async.offset);

	return n < 0 ? -errno : 0;
}

/* How many trace records there are of @event for this subchannel with the fields of @format. */
static __printf(2, 3) int records(const char *event, const char *format, ...)
{
	char text[256], fields[128];
	va_list args;

	va_start(args, format);
	vsnprintf(fields, sizeof(fields), format, args);
	va_end(args);
	snprintf(text, sizeof(text), "vfio_ccw_%s: schid=%s %s\n", event, subchannel_id(), fields);
	return tracing_count(text);
}

/* How many messages there are for this subchannel. */
static __printf(1, 2) int messages(const char *format, ...)
{
	char text[256], message[128];
	va_list args;

	va_start(args, format);
	vsnprintf(message, sizeof(message), format, args);
	va_end(args);
	snprintf(text, sizeof(text), "%s: %s\n", subchannel_id(), message);
	return dbf_count(MSG, "sprintf", text);
}

/* Each event with the state in which it comes. */
TEST_F(observe, events)
{
	struct testguest *guest = &self->guest;
	__u8 id[SENSE_ID_ROOM];

	EXPECT_EQ(1, records("fsm_event", "state=1 event=4"));
	ASSERT_EQ(0, ccw_clear(&guest->dev));
	EXPECT_EQ(1, records("fsm_event", "state=2 event=3"));
	ASSERT_EQ(0, ccw_dev_wait(&guest->dev, VFIO_CCW_IO_IRQ_INDEX, WAIT_MS));
	ASSERT_EQ(0, ccw_response(&guest->dev, &self->irb));
	EXPECT_EQ(1, records("fsm_event", "state=2 event=2"));
	ASSERT_LE(7, testguest_sense_id(guest, id));
	EXPECT_EQ(1, records("fsm_event", "state=2 event=1"));
	EXPECT_LE(1, records("fsm_event", "state=4 event=2"));
	ASSERT_EQ(0, testguest_suspend(guest, &self->orb));
	EXPECT_EQ(-EBUSY, ccw_start(&guest->dev, &self->orb));
	EXPECT_EQ(1, records("fsm_event", "state=4 event=1"));
	ASSERT_EQ(0, ccw_dev_reset(&guest->dev));
	EXPECT_EQ(1, records("fsm_event", "state=4 event=6"));
	ASSERT_EQ(0, testguest_suspend(guest, &self->orb));
	ASSERT_EQ(0, ccw_guest_unmap(&guest->dev, &self->extra));
	EXPECT_LE(1, records("fsm_event", "state=4 event=7"));
	EXPECT_EQ(1, records("fsm_event", "state=4 event=8"));
	ccw_dev_close(&guest->dev);
	EXPECT_EQ(1, records("fsm_event", "state=2 event=5"));
}

/* What the guest asked for, the answer, and how far it came. */
TEST_F(observe, requests)
{
	struct testguest *guest = &self->guest;
	struct ccw_io_region area;
	__u8 id[SENSE_ID_ROOM];

	ASSERT_LE(7, testguest_sense_id(guest, id));
	EXPECT_EQ(1, records("fsm_io_request", "fctl=0x4 errno=0 text=ssch"));
	EXPECT_EQ(-EBUSY, ccw_resume(&guest->dev, &self->orb));
	EXPECT_EQ(1, records("fsm_io_request", "fctl=0x4 errno=%d text=state", -EBUSY));
	self->orb.ctrl |= cio_be32(ORB_TRANSPORT);
	EXPECT_EQ(-EOPNOTSUPP, ccw_start(&guest->dev, &self->orb));
	EXPECT_EQ(1, records("fsm_io_request", "fctl=0x4 errno=%d text=orb", -EOPNOTSUPP));
	self->orb.ctrl ^= cio_be32(ORB_TRANSPORT);

	ccw_start_area(&area, &self->orb);
	area.scsw_area[2] = SCSW_FC_HALT >> 8;
	EXPECT_EQ(-1, pwrite(guest->dev.fd, &area, sizeof(area), guest->dev.io.offset));
	EXPECT_EQ(1, records("fsm_io_request", "fctl=0x2 errno=%d text=function", -EOPNOTSUPP));

	ASSERT_EQ(0, testguest_suspend(guest, &self->orb));
	EXPECT_EQ(2, records("fsm_io_request", "fctl=0x4 errno=0 text=ssch"));
	ccw_prog_set_flags(&self->prog, 1, CCW_SLI);
	ASSERT_EQ(0, ccw_resume(&guest->dev, &self->orb));
	EXPECT_EQ(1, records("fsm_io_request", "fctl=0x4 errno=0 text=rsch"));
	EXPECT_EQ(0, testguest_end(guest, &self->irb));

	EXPECT_EQ(-EINVAL, command(guest, 7));
	EXPECT_EQ(1, records("fsm_async_request", "command=7 errno=%d", -EINVAL));
	ASSERT_EQ(0, ccw_clear(&guest->dev));
	EXPECT_EQ(1, records("fsm_async_request", "command=2 errno=0"));
}

TEST_F(observe, program)
{
	struct testguest *guest = &self->guest;

	ASSERT_EQ(0, testguest_suspend(guest, &self->orb));
	EXPECT_EQ(1, records("program", "ccws=3 pages=2 format=1 rest=0"));
	ccw_prog_set_flags(&self->prog, 1, CCW_SLI);
	ASSERT_EQ(0, ccw_resume(&guest->dev, &self->orb));
	EXPECT_EQ(1, records("program", "ccws=1 pages=1 format=1 rest=1"));
	EXPECT_EQ(0, testguest_end(guest, &self->irb));

	ASSERT_EQ(0, ccw_prog_init(&self->prog, &guest->mem, 1, 0, CCW_DIRECT));
	ccw_prog_raw(&self->prog, CCW_CMD_NOP, CCW_SLI, GUEST_BASE, 1);
	EXPECT_EQ(0, testguest_run(guest, &self->prog, &self->irb));
	EXPECT_EQ(1, records("program", "ccws=1 pages=0 format=0 rest=0"));
}

/* The very words that the guest gets, and so no address of the host. */
TEST_F(observe, interruption)
{
	struct testguest *guest = &self->guest;
	__be32 word[3];

	ccw_prog_set_flags(&self->prog, 0, CCW_SLI);
	ASSERT_EQ(0, ccw_start(&guest->dev, &self->orb));
	ASSERT_EQ(0, ccw_dev_wait(&guest->dev, VFIO_CCW_IO_IRQ_INDEX, WAIT_MS));
	ASSERT_EQ(0, ccw_response(&guest->dev, &self->irb));
	memcpy(word, &self->irb.scsw, sizeof(word));
	EXPECT_EQ(ccw_prog_addr(&self->prog, 1), cio_32(word[1]));
	EXPECT_EQ(1, records("interruption", "scsw=%08x.%08x.%08x queued=1",
			     cio_32(word[0]), cio_32(word[1]), cio_32(word[2])));
}

/* F19: the subchannel is three numbers, by which records can be chosen. */
TEST_F(observe, filter)
{
	static const char * const events[] = {
		"vfio_ccw_fsm_event", "vfio_ccw_fsm_io_request", "vfio_ccw_fsm_async_request",
		"vfio_ccw_chp_event", "vfio_ccw_program", "vfio_ccw_interruption",
	};
	unsigned int cssid, ssid, sch_no, i;
	__u8 id[SENSE_ID_ROOM];

	for (i = 0; i < sizeof(events) / sizeof(*events); i++) {
		EXPECT_TRUE(tracing_declares(events[i], "field:u8 cssid;"));
		EXPECT_TRUE(tracing_declares(events[i], "field:u8 ssid;"));
		EXPECT_TRUE(tracing_declares(events[i], "field:u16 sch_no;"));
	}

	ASSERT_EQ(3, sscanf(subchannel_id(), "%x.%x.%x", &cssid, &ssid, &sch_no));
	snprintf(self->text, sizeof(self->text), "cssid == %u && ssid == %u && sch_no != %u",
		 cssid, ssid, sch_no);
	ASSERT_EQ(0, tracing_filter(self->text));
	ASSERT_EQ(0, tracing_clear());
	ASSERT_LE(7, testguest_sense_id(&self->guest, id));
	EXPECT_EQ(0, tracing_count("schid="));

	snprintf(self->text, sizeof(self->text), "cssid == %u && ssid == %u && sch_no == %u",
		 cssid, ssid, sch_no);
	ASSERT_EQ(0, tracing_filter(self->text));
	ASSERT_LE(7, testguest_sense_id(&self->guest, id));
	EXPECT_EQ(1, records("fsm_io_request", "fctl=0x4 errno=0 text=ssch"));
	EXPECT_EQ(1, records("program", "ccws=1 pages=1 format=1 rest=0"));
}

/* S12: a record has the text itself, for who reads it when the module is gone. */
TEST_F(observe, text_in_record)
{
	self->orb.ctrl |= cio_be32(ORB_TRANSPORT);
	EXPECT_FALSE(tracing_raw_has("orb"));
	EXPECT_EQ(-EOPNOTSUPP, ccw_start(&self->guest.dev, &self->orb));
	EXPECT_TRUE(tracing_raw_has("orb"));
}

/* P2: what went wrong, and what is seldom, is there without anybody having asked. */
TEST_F(observe, messages)
{
	struct testguest *guest = &self->guest;
	__u8 id[SENSE_ID_ROOM];

	EXPECT_EQ(1, messages("open: 0, state 2"));
	ASSERT_LE(7, testguest_sense_id(guest, id));
	EXPECT_EQ(0, messages("START: 0"));
	self->orb.ctrl |= cio_be32(ORB_TRANSPORT);
	EXPECT_EQ(-EOPNOTSUPP, ccw_start(&guest->dev, &self->orb));
	EXPECT_EQ(1, messages("START, invalid ORB: %d", -EOPNOTSUPP));
	self->orb.ctrl ^= cio_be32(ORB_TRANSPORT);
	EXPECT_EQ(-EINVAL, command(guest, 0x12345678));
	EXPECT_EQ(1, messages("command %u: %d", 0x12345678, -EINVAL));
	ASSERT_EQ(0, ccw_dev_reset(&guest->dev));
	EXPECT_EQ(1, messages("reset: 0, state 2"));

	ASSERT_EQ(0, testguest_suspend(guest, &self->orb));
	EXPECT_EQ(-EBUSY, ccw_start(&guest->dev, &self->orb));
	EXPECT_EQ(1, messages("START or RESUME, state: %d", -EBUSY));
	ASSERT_EQ(0, ccw_guest_unmap(&guest->dev, &self->extra));
	EXPECT_LE(1, messages("unmap in state 4: %llx, 10000 bytes", GUEST_EXTRA));
	EXPECT_EQ(1, messages("abort: 0, state 2"));
	ASSERT_EQ(0, testguest_end(guest, &self->irb));
	EXPECT_EQ(1, messages("response %08x %08x %08x, queued: 1",
			      cio_32(self->irb.scsw.word0), cio_32(self->irb.scsw.cpa),
			      SCH_PROGRAM_CHECK << 16));
	ASSERT_EQ(0, ccw_clear(&guest->dev));
	EXPECT_EQ(1, messages("CLEAR: 0"));
	ccw_dev_close(&guest->dev);
	EXPECT_EQ(1, messages("close: 0, state 1"));
}

/* The rest is, if somebody asks for it. */
TEST_F(observe, all_messages)
{
	struct testguest *guest = &self->guest;

	ASSERT_EQ(0, dbf_level(MSG, 6));
	ASSERT_EQ(0, testguest_suspend(guest, &self->orb));
	EXPECT_EQ(1, messages("event 1 in state 2"));
	EXPECT_EQ(1, messages("program of 3 CCWs, 2 pages, format 1, at %08x",
			      ccw_prog_addr(&self->prog, 0)));
	EXPECT_EQ(1, messages("START: 0"));
	ccw_prog_set_flags(&self->prog, 1, CCW_SLI);
	ASSERT_EQ(0, ccw_resume(&guest->dev, &self->orb));
	EXPECT_EQ(1, messages("RESUME: 0"));
	EXPECT_EQ(0, testguest_end(guest, &self->irb));
}

/* Each instruction leaves its name, the subchannel, and its result. */
TEST_F(observe, instructions)
{
	struct testguest *guest = &self->guest;

	ASSERT_EQ(0, ccw_clear(&guest->dev));
	EXPECT_EQ(1, dbf_count(TRACE, "hex_ascii", "| clearIO"));
	ASSERT_EQ(0, ccw_dev_wait(&guest->dev, VFIO_CCW_IO_IRQ_INDEX, WAIT_MS));
	EXPECT_EQ(1, dbf_count(TRACE, "hex_ascii", "| IRQ"));
	ASSERT_EQ(0, testguest_suspend(guest, &self->orb));
	EXPECT_EQ(1, dbf_count(TRACE, "hex_ascii", "| stIO"));
	snprintf(self->text, sizeof(self->text), "| %s", subchannel_id());
	EXPECT_LE(3, dbf_count(TRACE, "hex_ascii", self->text));
}

/* A path is varied off and on by the operator; it is one of our subchannel. */
TEST_F(observe, path)
{
	char path[SCH_PATH], pim[16], chpids[32], status[64];
	unsigned long cssid;

	ASSERT_EQ(0, sysfs_read(subchannel_path(path, "pimpampom"), pim, sizeof(pim)));
	ASSERT_EQ(0, sysfs_read(subchannel_path(path, "chpids"), chpids, sizeof(chpids)));
	/* The first path is there: its bit is the first one. */
	ASSERT_LE('8', *pim);
	cssid = strtoul(subchannel_id(), NULL, 16);
	snprintf(status, sizeof(status), "/sys/devices/css%lx/chp%lx.%.2s/status", cssid, cssid,
		 chpids);
	if (!sysfs_exists(status))
		SKIP(return, "the host does not know the channel paths of this machine");

	ASSERT_EQ(0, sysfs_write(status, "offline"));
	EXPECT_EQ(0, sysfs_write(status, "online"));
	EXPECT_EQ(1, records("chp_event", "mask=0x80 event=3"));
	EXPECT_EQ(1, records("chp_event", "mask=0x80 event=2"));
	EXPECT_EQ(1, messages("path 80, event 2, before: lpm 00 opm 7f"));
}

int main(int argc, char **argv)
{
	return subchannel_main(argc, argv, test_harness_run);
}
