/* SPDX-License-Identifier: GPL-2.0 */
/* EBCDIC (code page 1047, the characters labels are made of) to ASCII and back */
#ifndef CCW_EBCDIC_H
#define CCW_EBCDIC_H

#include <stddef.h>
#include <linux/types.h>

/* '.' for what has no printable ASCII character */
char ccw_ebcdic_to_ascii(__u8 c);
/* 0x6f, the question mark, for what has no EBCDIC character here */
__u8 ccw_ascii_to_ebcdic(char c);

/* @len bytes of EBCDIC to a terminated string of @len characters */
void ccw_ebcdic_text(char *text, const __u8 *from, size_t len);

#endif
