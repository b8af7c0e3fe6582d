// SPDX-License-Identifier: GPL-2.0
/* ccw: run channel programs on a subchannel passed through by vfio_ccw */
#include <stdio.h>
#include <string.h>

#include "command.h"
#include "text.h"

static const struct {
	const char *name;
	int (*run)(int argc, char **argv);
	int min, max;	/* arguments behind the name */
	const char *args;
	const char *what;
} commands[] = {
	{ "sense-id", cmd_sense_id, 1, 1, "UUID", "type of control unit and device" },
	{ "rdc", cmd_rdc, 1, 1, "UUID", "device characteristics of a DASD" },
	{ "label", cmd_label, 1, 1, "UUID", "volume label of an ECKD DASD" },
	{ "read", cmd_read, 1, 6, "UUID [--cyl N] [--head N] [--all]", "records of a track" },
	{ "run", cmd_run, 2, 2, "UUID FILE", "a channel program in text form (- is stdin)" },
};

static void print_help(FILE *out)
{
	const char *name;
	unsigned int i;
	__u8 code;

	fprintf(out, "usage: ccw COMMAND ...\n\n");
	for (i = 0; i < ARRAY_SIZE(commands); i++)
		fprintf(out, "  ccw %s %s\n\t%s\n", commands[i].name, commands[i].args,
			commands[i].what);
	fprintf(out, "  ccw help\n\tthis text\n\n"
		"UUID names the mediated device of a subchannel bound to vfio_ccw.\n"
		"Exit status: 0 done; 1 the channel program ended with an error;\n"
		"2 bad arguments or program text; 3 no device, or the host refused.\n\n"
		"Program text, one statement a line, # starts a comment:\n"
		"  format 0|1              CCW format (1)\n"
		"  idaw none|1|2k|4k       indirect data addressing (none)\n"
		"  orb WORD...             suspend no-prefetch initial-status\n"
		"                          no-suspend-interrupt suppress-length\n"
		"  lpm BYTE, key NUMBER    path mask (0xff), storage key (0)\n"
		"  buffer NAME SIZE [= HEX... | \"TEXT\"]   TEXT becomes EBCDIC\n"
		"  [LABEL:] COMMAND [BUFFER[+OFFSET]] [COUNT] [cd cc sli skip pci suspend]\n"
		"  [LABEL:] tic LABEL\n"
		"COMMAND is two hexadecimal digits or one of:\n");
	for (i = 0; (name = ccw_text_command_name(i, &code)); i++)
		fprintf(out, "  %02x %s\n", code, name);
}

int main(int argc, char **argv)
{
	unsigned int i;

	if (argc < 2) {
		print_help(stderr);
		return CCW_USAGE;
	}
	if (!strcmp(argv[1], "help") || !strcmp(argv[1], "--help")) {
		print_help(stdout);
		return CCW_OK;
	}
	for (i = 0; i < ARRAY_SIZE(commands); i++) {
		if (strcmp(argv[1], commands[i].name))
			continue;
		if (argc - 2 >= commands[i].min && argc - 2 <= commands[i].max)
			return commands[i].run(argc - 2, argv + 2);
		fprintf(stderr, "usage: ccw %s %s\n", commands[i].name, commands[i].args);
		return CCW_USAGE;
	}
	fprintf(stderr, "ccw: unknown command '%s' (try ccw help)\n", argv[1]);
	return CCW_USAGE;
}
