// SPDX-License-Identifier: GPL-2.0
/*
 * frame - the guest's half of the transport over an unreliable console
 *
 * Every line of standard input leaves as one or more frames
 *
 *	=NNNNNN CCCCCCCC . text
 *
 * with "." where the line ends and "+" where it goes on in the next frame.
 * NNNNNN counts frames from 1, CCCCCCCC is the Adler-32 of "NNNNNN . text".
 * Bytes that a translation from and to EBCDIC might alter, and a blank that a
 * terminal might trim, leave as %XX. transcript.py is the other half.
 *
 * An emulated 3215 keeps the first 150 bytes of a channel program and drops
 * the rest, and the driver puts into one program whatever is waiting. So a
 * frame is shorter than that and alone: it has left before the next is sent.
 * As that driver holds back a short output for a tenth of a second in hope of
 * more, blanks can be added to each frame: PADDING, or 0 for a console that
 * needs none.
 *
 * usage: frame PADDING
 */
#include <ctype.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#define TEXT_SIZE	112
#define ESCAPE_SIZE	3
#define ADLER_MODULUS	65521

static uint32_t adler32(const char *text)
{
	uint32_t a = 1, b = 0;

	for (; *text; text++) {
		a = (a + (unsigned char)*text) % ADLER_MODULUS;
		b = (b + a) % ADLER_MODULUS;
	}
	return b << 16 | a;
}

static int padding;

static int send_frame(char flag, const char *text)
{
	static unsigned int number;
	char body[TEXT_SIZE + 16];

	snprintf(body, sizeof(body), "%06u %c %s", ++number, flag, text);
	if (printf("=%.6s %08x %s\n%*s", body, adler32(body), body + 7,
		   padding, "") < 0 ||
	    fflush(stdout))
		return -1;
	/* Fails on what is no terminal and has nothing to wait for. */
	tcdrain(STDOUT_FILENO);
	return 0;
}

static int is_safe(char byte, int is_last)
{
	return byte == ' ' ? !is_last :
	       isalnum((unsigned char)byte) ||
	       (byte && strchr(".,:;()+-/*=<>_?'", byte));
}

static int send_line(const char *line, size_t length)
{
	char text[TEXT_SIZE + 1] = "";
	size_t used = 0, i;
	int is_last;

	for (i = 0; i < length; i++) {
		if (used + ESCAPE_SIZE > TEXT_SIZE) {
			if (send_frame('+', text))
				return -1;
			used = 0;
		}
		is_last = i + 1 == length ||
			  used + 1 + ESCAPE_SIZE > TEXT_SIZE;
		used += snprintf(text + used, sizeof(text) - used,
				 is_safe(line[i], is_last) ? "%c" : "%%%02X",
				 (unsigned char)line[i]);
	}
	text[used] = '\0';
	return send_frame('.', text);
}

int main(int argc, char **argv)
{
	char *line = NULL;
	size_t size = 0;
	ssize_t length;

	if (argc != 2)
		return 1;
	padding = atoi(argv[1]);
	while ((length = getline(&line, &size, stdin)) > 0) {
		if (line[length - 1] == '\n')
			length--;
		if (send_line(line, length))
			return 1;
	}
	free(line);
	return 0;
}
