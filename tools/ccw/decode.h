/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Interruption responses in words
 */
#ifndef CCW_DECODE_H
#define CCW_DECODE_H

#include <stdio.h>

#include "cio.h"

/* Names of the bits that are set, joined by spaces; "none" for zero. Returns @text. */
char *ccw_device_status(char *text, size_t size, __u8 dstat);
char *ccw_subchannel_status(char *text, size_t size, __u8 cstat);
char *ccw_scsw_control(char *text, size_t size, __u32 word0);

/* A response, a line each for control, status, address, and sense if there is any. */
void ccw_print_irb(FILE *out, const struct cio_irb *irb);

/* Bytes with their offset, hexadecimal and EBCDIC; equal lines are shown once. */
void ccw_print_hex(FILE *out, const void *data, size_t size);

#endif
