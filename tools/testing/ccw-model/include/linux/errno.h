/* SPDX-License-Identifier: GPL-2.0 */
#ifndef CCW_MODEL_LINUX_ERRNO_H
#define CCW_MODEL_LINUX_ERRNO_H

#include <asm-generic/errno.h>

#endif
