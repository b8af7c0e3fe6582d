/* SPDX-License-Identifier: GPL-2.0 */
#ifndef CCW_MODEL_LINUX_STRING_H
#define CCW_MODEL_LINUX_STRING_H

#include <string.h>

#endif
