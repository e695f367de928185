// SPDX-License-Identifier: GPL-2.0-only
/* Quantities as people like to read them. */
#include <stdio.h>

#include "defs.h"
#include "units.h"

const char *units_size(char *text, __u64 bytes)
{
	static const char *const names[] = { "B", "KiB", "MiB", "GiB", "TiB" };
	size_t i = 0;

	while (i + 1 < ARRAY_SIZE(names) && bytes >= 1024 && !(bytes % 1024)) {
		bytes /= 1024;
		i++;
	}
	/* What no unit divides is rounded only when it is too long to read. */
	if (bytes < 1024 * 100 || i + 1 == ARRAY_SIZE(names)) {
		snprintf(text, UNITS_LEN, "%llu %s", bytes, names[i]);
	} else {
		double value = (double)bytes;

		while (i + 1 < ARRAY_SIZE(names) && value >= 1024) {
			value /= 1024;
			i++;
		}
		snprintf(text, UNITS_LEN, "%.1f %s", value, names[i]);
	}
	return text;
}

/* Three significant digits; @steps are the names of successive powers of 1000. */
static const char *thousands(char *text, __u64 number, const char *const *steps, size_t n,
			     const char *unit)
{
	double value = (double)number;
	size_t i = 0;
	int digits;

	while (i + 1 < n && value >= 999.5) {
		value /= 1000;
		i++;
	}
	digits = !i || value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2;
	snprintf(text, UNITS_LEN, "%.*f%s%s%s", digits, value,
		 *steps[i] || *unit ? " " : "", steps[i], unit);
	return text;
}

const char *units_count(char *text, __u64 value, const char *unit)
{
	static const char *const steps[] = { "", "k", "M", "G", "T", "P" };

	return thousands(text, value, steps, ARRAY_SIZE(steps), unit);
}

const char *units_ns(char *text, __u64 ns)
{
	static const char *const steps[] = { "ns", "us", "ms", "s" };

	return thousands(text, ns, steps, ARRAY_SIZE(steps), "");
}
