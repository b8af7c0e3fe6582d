/* SPDX-License-Identifier: GPL-2.0 */
#ifndef CCW_MODEL_LINUX_MINMAX_H
#define CCW_MODEL_LINUX_MINMAX_H

/* As in the kernel, both sides must have one type, which is checked there. */
#define min(a, b) ({ __typeof__(a) _a = (a); __typeof__(b) _b = (b); \
		     _a < _b ? _a : _b; })
#define min_t(type, a, b) min((type)(a), (type)(b))

#endif
