// SPDX-License-Identifier: GPL-2.0-only
/* Numbers out of text, strictly. */
#include <ctype.h>
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "defs.h"
#include "num.h"

bool num_u64(const char *text, __u64 *number)
{
	unsigned long long value;
	char *end;

	if (!isdigit((unsigned char)*text))
		return false;
	errno = 0;
	value = strtoull(text, &end, 10);
	if (errno || *end)
		return false;
	*number = value;
	return true;
}

bool num_s64(const char *text, __s64 *number)
{
	bool negative = *text == '-';
	__u64 value;

	if (!num_u64(text + negative, &value))
		return false;
	if (value > (__u64)INT64_MAX + negative)
		return false;
	*number = (__s64)(negative ? -value : value);
	return true;
}

static unsigned int suffix_shift(const char *suffix)
{
	static const char letters[] = "KMG";
	const char *at;

	if (!*suffix || suffix[1])
		return 0;
	at = strchr(letters, toupper((unsigned char)*suffix));
	return at ? 10 * (unsigned int)(at - letters + 1) : 0;
}

bool num_human(const char *text, __s64 *number)
{
	bool negative = *text == '-', hex;
	unsigned long long value;
	unsigned int shift;
	char *end;

	text += negative;
	hex = text[0] == '0' && (text[1] == 'x' || text[1] == 'X');
	if (!isdigit((unsigned char)*text) || (hex && !isxdigit((unsigned char)text[2])))
		return false;
	errno = 0;
	value = strtoull(text, &end, hex ? 16 : 10);
	if (errno)
		return false;
	shift = suffix_shift(end);
	if (*end && !shift)
		return false;
	if (value > ((unsigned long long)INT64_MAX >> shift))
		return false;
	value <<= shift;
	*number = negative ? -(__s64)value : (__s64)value;
	return true;
}
