/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _DMABENCH_GF_H
#define _DMABENCH_GF_H

#include <linux/types.h>

u8 dmabench_gf_mul(u8 a, u8 b);
u8 dmabench_gf_pow2(unsigned int n);
void dmabench_gf_xor(u8 *p, const u8 *const *src, unsigned int nr, size_t len);
void dmabench_gf_syndrome(u8 *q, const u8 *const *src, const u8 *coef, unsigned int nr,
			  size_t len);

#endif
