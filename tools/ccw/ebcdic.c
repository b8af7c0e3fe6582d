// SPDX-License-Identifier: GPL-2.0
/* EBCDIC conversion: rows of the code page that hold printable ASCII */
#include <string.h>

#include "compiler.h"
#include "ebcdic.h"

/* Each run: the first EBCDIC code and the ASCII characters that follow it. */
static const struct {
	__u8 first;
	const char *ascii;
} runs[] = {
	{ 0x40, " " },
	{ 0x4b, ".<(+|&" },
	{ 0x5a, "!$*);^-/" },
	{ 0x6b, ",%_>?" },
	{ 0x79, "`:#@'=\"" },
	{ 0x81, "abcdefghi" },
	{ 0x91, "jklmnopqr" },
	{ 0xa1, "~stuvwxyz" },
	{ 0xad, "[" },
	{ 0xbd, "]" },
	{ 0xc0, "{ABCDEFGHI" },
	{ 0xd0, "}JKLMNOPQR" },
	{ 0xe0, "\\" },
	{ 0xe2, "STUVWXYZ" },
	{ 0xf0, "0123456789" },
};

char ccw_ebcdic_to_ascii(__u8 c)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(runs); i++)
		if (c >= runs[i].first && c < runs[i].first + strlen(runs[i].ascii))
			return runs[i].ascii[c - runs[i].first];
	return '.';
}

__u8 ccw_ascii_to_ebcdic(char c)
{
	const char *at;
	size_t i;

	for (i = 0; c && i < ARRAY_SIZE(runs); i++) {
		at = strchr(runs[i].ascii, c);
		if (at)
			return runs[i].first + (at - runs[i].ascii);
	}
	return 0x6f;
}

void ccw_ebcdic_text(char *text, const __u8 *from, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		text[i] = ccw_ebcdic_to_ascii(from[i]);
	text[len] = '\0';
}
