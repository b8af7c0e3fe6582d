/* SPDX-License-Identifier: GPL-2.0 */
#ifndef CCW_MODEL_LINUX_STDDEF_H
#define CCW_MODEL_LINUX_STDDEF_H

#include <stddef.h>

#endif
