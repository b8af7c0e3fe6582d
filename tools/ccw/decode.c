// SPDX-License-Identifier: GPL-2.0
/* Names for the bits of an interruption response */
#include <stdbool.h>
#include <string.h>

#include "decode.h"
#include "ebcdic.h"
#include "sense.h"

struct bit_name {
	__u32 bit;
	const char *name;
};

static const struct bit_name device_bits[] = {
	{ DEV_ATTENTION, "attention" },
	{ DEV_STATUS_MOD, "status-modifier" },
	{ DEV_CU_END, "control-unit-end" },
	{ DEV_BUSY, "busy" },
	{ DEV_CHANNEL_END, "channel-end" },
	{ DEV_DEVICE_END, "device-end" },
	{ DEV_UNIT_CHECK, "unit-check" },
	{ DEV_UNIT_EXCEPTION, "unit-exception" },
	{ 0, NULL },
};

static const struct bit_name subchannel_bits[] = {
	{ SCH_PCI, "program-controlled-interruption" },
	{ SCH_INCORRECT_LENGTH, "incorrect-length" },
	{ SCH_PROGRAM_CHECK, "program-check" },
	{ SCH_PROTECTION_CHECK, "protection-check" },
	{ SCH_DATA_CHECK, "channel-data-check" },
	{ SCH_CONTROL_CHECK, "channel-control-check" },
	{ SCH_INTERFACE_CHECK, "interface-control-check" },
	{ SCH_CHAINING_CHECK, "chaining-check" },
	{ 0, NULL },
};

static const struct bit_name control_bits[] = {
	{ SCSW_FC_START, "start" },
	{ SCSW_FC_HALT, "halt" },
	{ SCSW_FC_CLEAR, "clear" },
	{ SCSW_RESUME_PEND, "resume-pending" },
	{ SCSW_START_PEND, "start-pending" },
	{ SCSW_HALT_PEND, "halt-pending" },
	{ SCSW_CLEAR_PEND, "clear-pending" },
	{ SCSW_SCH_ACTIVE, "subchannel-active" },
	{ SCSW_DEV_ACTIVE, "device-active" },
	{ SCSW_SUSPENDED, "suspended" },
	{ SCSW_ALERT, "alert" },
	{ SCSW_INTERMEDIATE, "intermediate" },
	{ SCSW_PRIMARY, "primary" },
	{ SCSW_SECONDARY, "secondary" },
	{ SCSW_PENDING, "pending" },
	{ SCSW_ZERO_CC, "zero-cc" },
	{ SCSW_PNO, "path-not-operational" },
	{ 0, NULL },
};

static char *names(char *text, size_t size, __u32 value, const struct bit_name *bits)
{
	size_t used = 0;

	snprintf(text, size, "none");
	for (; bits->name; bits++) {
		if (!(value & bits->bit))
			continue;
		used += snprintf(text + used, size - used, "%s%s", used ? " " : "", bits->name);
		if (used >= size)
			break;
	}
	return text;
}

char *ccw_device_status(char *text, size_t size, __u8 dstat)
{
	return names(text, size, dstat, device_bits);
}

char *ccw_subchannel_status(char *text, size_t size, __u8 cstat)
{
	return names(text, size, cstat, subchannel_bits);
}

char *ccw_scsw_control(char *text, size_t size, __u32 word0)
{
	return names(text, size, word0, control_bits);
}

void ccw_print_irb(FILE *out, const struct cio_irb *irb)
{
	__u32 word0 = cio_32(irb->scsw.word0);
	unsigned int cc = (word0 & SCSW_CC) >> SCSW_CC_SHIFT;
	__u32 erw = cio_32(irb->esw[1]);
	char text[256];

	fprintf(out, "control            %s (0x%08x)\n",
		ccw_scsw_control(text, sizeof(text), word0), word0);
	if (cc)
		fprintf(out, "deferred cc        %u%s\n", cc,
			cc == 3 ? " (path not operational)" : "");
	fprintf(out, "device status      %s (0x%02x)\n",
		ccw_device_status(text, sizeof(text), irb->scsw.dstat), irb->scsw.dstat);
	fprintf(out, "subchannel status  %s (0x%02x)\n",
		ccw_subchannel_status(text, sizeof(text), irb->scsw.cstat), irb->scsw.cstat);
	fprintf(out, "CCW address        0x%08x\n", cio_32(irb->scsw.cpa));
	fprintf(out, "residual count     %u\n", cio_16(irb->scsw.count));
	if (word0 & SCSW_ECW && erw & ERW_SENSE)
		ccw_print_sense(out, irb->ecw, (erw & ERW_SENSE_COUNT) >> ERW_SENSE_SHIFT);
}

static void hex_line(FILE *out, size_t at, const __u8 *p, size_t n)
{
	size_t i;

	fprintf(out, "%06zx ", at);
	for (i = 0; i < 16; i++) {
		if (i < n)
			fprintf(out, "%s%02x", i % 4 ? "" : " ", p[i]);
		else
			fprintf(out, "%s  ", i % 4 ? "" : " ");
	}
	fprintf(out, "  |");
	for (i = 0; i < n; i++)
		fputc(ccw_ebcdic_to_ascii(p[i]), out);
	fprintf(out, "|\n");
}

void ccw_print_hex(FILE *out, const void *data, size_t size)
{
	const __u8 *p = data;
	bool starred = false;
	size_t at, n;

	for (at = 0; at < size; at += 16) {
		n = size - at < 16 ? size - at : 16;
		if (at && n == 16 && at + n < size && !memcmp(p + at, p + at - 16, 16)) {
			if (!starred)
				fprintf(out, "*\n");
			starred = true;
			continue;
		}
		starred = false;
		hex_line(out, at, p + at, n);
	}
}
