/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Sense bytes in words, as ECKD DASD (3990 and later) give them
 *
 * Byte 0 means nearly the same on every device type, so the first line is of
 * use for others too.
 */
#ifndef CCW_SENSE_H
#define CCW_SENSE_H

#include <stdio.h>
#include <linux/types.h>

/* Names of the bits of sense byte @byte (0, 1 or 2). Returns @text. */
char *ccw_sense_bits(char *text, size_t size, unsigned int byte, __u8 value);
/* What the format and message code of sense byte 7 say; NULL if not known. */
const char *ccw_sense_format(__u8 byte7);
const char *ccw_sense_message(__u8 byte7);

void ccw_print_sense(FILE *out, const __u8 *sense, unsigned int size);

#endif
