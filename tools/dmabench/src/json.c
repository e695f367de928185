// SPDX-License-Identifier: GPL-2.0-only
/* Small pieces of JSON. */
#include <stdlib.h>
#include <string.h>

#include "dbgfs.h"
#include "defs.h"
#include "json.h"
#include "mem.h"
#include "num.h"
#include "strlist.h"

/* Length of the UTF-8 character at @text (RFC 3629), 0 if there is none. */
static size_t utf8_length(const unsigned char *text)
{
	unsigned char low = 0x80, high = 0xbf;
	size_t len;

	if (text[0] < 0x80)
		return 1;
	if (text[0] >= 0xc2 && text[0] <= 0xdf)
		len = 2;
	else if (text[0] >= 0xe0 && text[0] <= 0xef)
		len = 3;
	else if (text[0] >= 0xf0 && text[0] <= 0xf4)
		len = 4;
	else
		return 0;
	/* The second byte excludes what is too long, a surrogate or too large. */
	if (text[0] == 0xe0)
		low = 0xa0;
	else if (text[0] == 0xed)
		high = 0x9f;
	else if (text[0] == 0xf0)
		low = 0x90;
	else if (text[0] == 0xf4)
		high = 0x8f;
	if (text[1] < low || text[1] > high)
		return 0;
	for (size_t i = 2; i < len; i++)
		if ((text[i] & 0xc0) != 0x80)
			return 0;
	return len;
}

struct json_object *json_text(const char *text)
{
	char *copy = xstrdup(text);
	unsigned char *at = (unsigned char *)copy;
	struct json_object *string;

	while (*at) {
		size_t len = utf8_length(at);

		if (!len)
			*at = '?';
		at += len ? len : 1;
	}
	string = json_object_new_string(copy);
	free(copy);
	return string;
}

/* What names something stays text, be it "0" or "40400000". */
static bool is_text(const char *key)
{
	static const char *const keys[] = {
		"name", "op", "channel", "device", "driver", "job", "state", "reason", "seed",
		"first_error", "peripheral", "rx_channel", "wait", "map", "memory", "verify",
		"granularity", "version",
	};

	for (size_t i = 0; i < ARRAY_SIZE(keys); i++)
		if (!strcmp(key, keys[i]))
			return true;
	return false;
}

struct json_object *json_value(const char *key, const char *value)
{
	__u64 natural;
	__s64 number;

	if (is_text(key))
		return json_text(value);
	if (num_s64(value, &number))
		return json_object_new_int64(number);
	if (num_u64(value, &natural))
		return json_object_new_uint64(natural);
	return json_text(value);
}

struct json_object *json_list(const char *text)
{
	struct json_object *array = json_object_new_array();
	struct strlist words = { 0 };

	if (strcmp(text, "none"))
		strlist_split(&words, text, ",");
	for (size_t i = 0; i < words.n; i++)
		json_object_array_add(array, json_text(words.v[i]));
	strlist_free(&words);
	return array;
}

void json_put_text(struct json_object *object, const char *key, const char *value)
{
	json_object_object_add(object, key, json_text(value));
}

void json_put_number(struct json_object *object, const char *key, __s64 number)
{
	json_object_object_add(object, key, json_object_new_int64(number));
}

struct json_object *json_head(void)
{
	struct json_object *head = json_object_new_object();
	struct json_object *tool = json_object_new_object();

	json_put_number(head, "schema_version", JSON_SCHEMA_VERSION);
	json_put_text(tool, "name", "dmabench");
	json_put_text(tool, "version", VERSION);
	json_object_object_add(head, "tool", tool);
	return head;
}

struct json_object *json_module(void)
{
	struct json_object *module = json_object_new_object();
	char *text = dbgfs_text(NULL, "version");
	struct kvlist version;

	kv_parse(&version, text, ':');
	json_put_text(module, "version", kv_text(&version, "version", "unknown"));
	json_put_number(module, "interface", kv_int(&version, "interface", 0));
	kv_free(&version);
	free(text);
	return module;
}

bool json_print(struct json_object *object, FILE *out)
{
	const char *text = json_object_to_json_string_ext(object, JSON_C_TO_STRING_PRETTY |
							  JSON_C_TO_STRING_SPACED |
							  JSON_C_TO_STRING_NOSLASHESCAPE);

	return text && fputs(text, out) != EOF && fputc('\n', out) != EOF && !fflush(out);
}
