/* SPDX-License-Identifier: GPL-2.0 */
#ifndef CCW_MODEL_ASM_BYTEORDER_H
#define CCW_MODEL_ASM_BYTEORDER_H

#include <linux/types.h>

#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
#define cpu_to_be16(x) ((__force __be16)(u16)(x))
#define cpu_to_be32(x) ((__force __be32)(u32)(x))
#define cpu_to_be64(x) ((__force __be64)(u64)(x))
#define be16_to_cpu(x) ((__force u16)(__be16)(x))
#define be32_to_cpu(x) ((__force u32)(__be32)(x))
#define be64_to_cpu(x) ((__force u64)(__be64)(x))
#else
#define cpu_to_be16(x) ((__force __be16)__builtin_bswap16(x))
#define cpu_to_be32(x) ((__force __be32)__builtin_bswap32(x))
#define cpu_to_be64(x) ((__force __be64)__builtin_bswap64(x))
#define be16_to_cpu(x) __builtin_bswap16((__force u16)(__be16)(x))
#define be32_to_cpu(x) __builtin_bswap32((__force u32)(__be32)(x))
#define be64_to_cpu(x) __builtin_bswap64((__force u64)(__be64)(x))
#endif

#endif
