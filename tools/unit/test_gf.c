// SPDX-License-Identifier: GPL-2.0-only
#include "gf.h"
#include "unit.h"
#include "kernel-shim.h"

/* Long multiplication, then long division by 0x11d: another way to the same. */
static u8 by_division(u8 a, u8 b)
{
	unsigned int product = 0, bit;

	for (bit = 0; bit < 8; bit++)
		if (b >> bit & 1)
			product ^= a << bit;
	for (bit = 15; bit > 7; bit--)
		if (product >> bit & 1)
			product ^= 0x11d << (bit - 8);
	return product;
}

static void products_match_long_division(void)
{
	unsigned int a, b;

	for (a = 0; a < 256; a++)
		for (b = 0; b < 256; b++)
			EXPECT(dmabench_gf_mul(a, b) == by_division(a, b), "%u * %u", a, b);
}

static void the_polynomial_is_that_of_raid6(void)
{
	EXPECT(dmabench_gf_mul(0x80, 2) == 0x1d);
	EXPECT(dmabench_gf_mul(0x80, 2) != 0x1b, "the polynomial of AES");
}

static void two_generates_the_field(void)
{
	bool seen[256] = {};
	unsigned int n;

	for (n = 0; n < 255; n++) {
		u8 x = dmabench_gf_pow2(n);

		EXPECT(x && !seen[x], "power %u", n);
		seen[x] = true;
	}
	EXPECT(dmabench_gf_pow2(255) == 1);
	EXPECT(dmabench_gf_pow2(8) == 0x1d);
}

static void syndromes_of_known_sources(void)
{
	static const u8 a[] = { 1, 0x80, 0 }, b[] = { 2, 0x80, 0xff };
	static const u8 *const src[] = { a, b };
	static const u8 coef[] = { 1, 2 };
	u8 p[3], q[3];

	dmabench_gf_xor(p, src, 2, 3);
	EXPECT(p[0] == 3 && p[1] == 0 && p[2] == 0xff);
	dmabench_gf_syndrome(q, src, coef, 2, 3);
	EXPECT(q[0] == (1 ^ 4) && q[1] == (0x80 ^ 0x1d) && q[2] == dmabench_gf_mul(2, 0xff));
}

static void swapped_sources_change_q_not_p(void)
{
	static const u8 a[] = { 0x53 }, b[] = { 0xca };
	static const u8 *const ab[] = { a, b }, *const ba[] = { b, a };
	static const u8 coef[] = { 1, 2 };
	u8 p1, p2, q1, q2;

	dmabench_gf_xor(&p1, ab, 2, 1);
	dmabench_gf_xor(&p2, ba, 2, 1);
	dmabench_gf_syndrome(&q1, ab, coef, 2, 1);
	dmabench_gf_syndrome(&q2, ba, coef, 2, 1);
	EXPECT(p1 == p2 && q1 != q2);
}

static const struct unit_case cases[] = {
	{ "gf.products_match_long_division", products_match_long_division },
	{ "gf.the_polynomial_is_that_of_raid6", the_polynomial_is_that_of_raid6 },
	{ "gf.two_generates_the_field", two_generates_the_field },
	{ "gf.syndromes_of_known_sources", syndromes_of_known_sources },
	{ "gf.swapped_sources_change_q_not_p", swapped_sources_change_q_not_p },
};

int main(void)
{
	return unit_main(cases, UNIT_COUNT(cases));
}
