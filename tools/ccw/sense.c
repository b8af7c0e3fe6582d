// SPDX-License-Identifier: GPL-2.0
/* ECKD sense bytes */
#include "sense.h"

#define BITS 8
#define BYTES 3

static const char *const bit_names[BYTES][BITS] = {
	{
		"command-reject", "intervention-required", "bus-out-parity", "equipment-check",
		"data-check", "overrun", NULL, "incomplete-domain",
	}, {
		"permanent-error", "invalid-track-format", "end-of-cylinder", "operator-message",
		"no-record-found", "file-protected", "write-inhibited", "imprecise-ending",
	}, {
		"request-inhibit-write", "correctable", "first-error-logged",
		"environmental-data", NULL, "imprecise-ending-2", NULL, NULL,
	},
};

static const char *const formats[16] = {
	[0x0] = "program or system check",
	[0x1] = "device equipment check",
	[0x2] = "control unit equipment check",
	[0x3] = "control unit control check",
	[0x4] = "data check",
	[0x5] = "data check with displacement",
	[0x6] = "usage statistics or overrun",
	[0x7] = "device control check",
	[0x8] = "device equipment check",
	[0x9] = "device write check",
	[0xf] = "cache or nonvolatile storage check",
};

/* Messages of format 0, the one that tells what was wrong with a channel program. */
static const char *const program_messages[16] = {
	[0x0] = "no message",
	[0x1] = "command not valid",
	[0x2] = "command sequence not valid",
	[0x3] = "CCW count less than the command needs",
	[0x4] = "parameter not valid",
	[0x5] = "diagnostic command against the file mask",
	[0x7] = "channel came back with the wrong CCW for a retry",
	[0x8] = "reset notification",
	[0x9] = "storage path restarted",
	[0xa] = "channel asked for a retry that cannot be done",
};

char *ccw_sense_bits(char *text, size_t size, unsigned int byte, __u8 value)
{
	size_t used = 0;
	unsigned int i;

	snprintf(text, size, "none");
	if (byte >= BYTES)
		return text;
	for (i = 0; i < BITS && used < size; i++) {
		const char *name = bit_names[byte][i];

		if (!(value & 0x80 >> i))
			continue;
		used += name ? snprintf(text + used, size - used, "%s%s", used ? " " : "", name) :
			       snprintf(text + used, size - used, "%sbit-%u", used ? " " : "", i);
	}
	return text;
}

const char *ccw_sense_format(__u8 byte7)
{
	return formats[byte7 >> 4];
}

const char *ccw_sense_message(__u8 byte7)
{
	return byte7 >> 4 ? NULL : program_messages[byte7 & 0xf];
}

void ccw_print_sense(FILE *out, const __u8 *sense, unsigned int size)
{
	const char *format, *message;
	char text[256];
	unsigned int i;

	fprintf(out, "sense             ");
	for (i = 0; i < size; i++)
		fprintf(out, "%s%02x", i % 4 ? "" : " ", sense[i]);
	fputc('\n', out);
	for (i = 0; i < BYTES && i < size; i++)
		if (sense[i])
			fprintf(out, "sense byte %u       %s\n", i,
				ccw_sense_bits(text, sizeof(text), i, sense[i]));
	/* Only the long form of the newer control units has a format byte. */
	if (size < 24)
		return;
	format = ccw_sense_format(sense[7]);
	message = ccw_sense_message(sense[7]);
	fprintf(out, "sense format       %x: %s%s%s\n", sense[7] >> 4,
		format ? format : "not known here", message ? "; " : "", message ? message : "");
}
