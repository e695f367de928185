// SPDX-License-Identifier: GPL-2.0-only
/*
 * The reference for RAID-6 operations: P and Q over GF(2^8) with the polynomial
 * x^8 + x^4 + x^3 + x^2 + 1 (0x11d) and the generator 2, byte by byte.
 *
 * It is slow and plain on purpose: what it checks is built on tables and vector
 * units, and a reference must not share their mistakes.
 *
 * No kernel object is used here, so that the unit tests can build this file in
 * userspace.
 */
#include "gf.h"

#define GF_POLY_LOW	0x1d

/**
 * dmabench_gf_mul - product in the field
 * @a: factor
 * @b: factor
 *
 * Return: @a * @b modulo 0x11d.
 */
u8 dmabench_gf_mul(u8 a, u8 b)
{
	u8 product = 0;

	for (; b; b >>= 1) {
		if (b & 1)
			product ^= a;
		a = a << 1 ^ (a & 0x80 ? GF_POLY_LOW : 0);
	}
	return product;
}

/**
 * dmabench_gf_pow2 - power of the generator
 * @n: exponent
 *
 * Return: 2^n in the field, the usual coefficient of source @n.
 */
u8 dmabench_gf_pow2(unsigned int n)
{
	u8 x = 1;

	for (n %= 255; n; n--)
		x = dmabench_gf_mul(x, 2);
	return x;
}

/**
 * dmabench_gf_xor - P, the exclusive or of all sources
 * @p: destination
 * @src: the sources
 * @nr: how many, at least 1
 * @len: bytes of each
 */
void dmabench_gf_xor(u8 *p, const u8 *const *src, unsigned int nr, size_t len)
{
	unsigned int s;
	size_t i;

	for (i = 0; i < len; i++) {
		u8 x = 0;

		for (s = 0; s < nr; s++)
			x ^= src[s][i];
		p[i] = x;
	}
}

/**
 * dmabench_gf_syndrome - Q, the sum of all sources times their coefficients
 * @q: destination
 * @src: the sources
 * @coef: a coefficient for each
 * @nr: how many, at least 1
 * @len: bytes of each
 */
void dmabench_gf_syndrome(u8 *q, const u8 *const *src, const u8 *coef, unsigned int nr,
			  size_t len)
{
	unsigned int s;
	size_t i;

	for (i = 0; i < len; i++) {
		u8 x = 0;

		for (s = 0; s < nr; s++)
			x ^= dmabench_gf_mul(coef[s], src[s][i]);
		q[i] = x;
	}
}
