/* SPDX-License-Identifier: GPL-2.0 */
/* The kernel's names for compiler features, where userspace has none */
#ifndef CCW_COMPILER_H
#define CCW_COMPILER_H

#include <assert.h>

#ifndef ARRAY_SIZE
#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))
#endif

/* sparse tells types of different byte order apart */
#ifdef __CHECKER__
#define CIO_FORCE __attribute__((force))
#else
#define CIO_FORCE
#endif

#endif
