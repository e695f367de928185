/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The few kernel helpers that hist.c, pattern.c and gf.c use, for userspace.
 * Every header in linux/ and asm/ here leads to this one.
 */
#ifndef _KERNEL_SHIM_H
#define _KERNEL_SHIM_H

#include <endian.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

typedef uint8_t u8;
typedef uint32_t u32;
typedef int64_t s64;
typedef uint64_t u64;
typedef uint64_t __le64;

#define BIT(n)			(1UL << (n))
#define U64_MAX			UINT64_MAX

#define min(a, b)		({ __auto_type _a = (a); __auto_type _b = (b); _a < _b ? _a : _b; })
#define max(a, b)		({ __auto_type _a = (a); __auto_type _b = (b); _a > _b ? _a : _b; })
#define clamp(v, lo, hi)	min(max(v, lo), hi)
#define clamp_t(type, v, lo, hi) ((type)clamp((type)(v), (type)(lo), (type)(hi)))

#define cpu_to_le64(x)		htole64(x)
#define le64_to_cpu(x)		le64toh(x)

static inline int fls64(u64 x)
{
	return x ? 64 - __builtin_clzll(x) : 0;
}

static inline u64 div_u64(u64 dividend, u32 divisor)
{
	return dividend / divisor;
}

static inline u64 div64_u64(u64 dividend, u64 divisor)
{
	return dividend / divisor;
}

#endif
