/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DMABENCH_KV_H
#define DMABENCH_KV_H

#include <stddef.h>

#include "defs.h"

/**
 * struct kv - one key and its value, both inside the text of their list
 * @key: before the separator
 * @value: behind it
 */
struct kv {
	const char *key;
	const char *value;
};

/**
 * struct kvlist - the pairs of one text, in its order
 * @text: what the pairs point into
 * @v: the pairs
 * @n: how many
 */
struct kvlist {
	char *text;
	struct kv *v;
	size_t n;
};

/**
 * kv_parse - read lines "key: value" or "key=value"
 * @list: filled; free it with kv_free()
 * @text: what a file holds; comments, empty lines and lines without @separator are left out
 * @separator: ':' or '='; blanks after it are no part of the value
 */
void kv_parse(struct kvlist *list, const char *text, char separator);

/** kv_get - value of @key, or NULL; of a key given twice, the first */
const char *kv_get(const struct kvlist *list, const char *key);

/** kv_text - value of @key, or @otherwise */
const char *kv_text(const struct kvlist *list, const char *key, const char *otherwise);

/** kv_u64 - value of @key as an unsigned decimal number; @otherwise if it is absent or none */
__u64 kv_u64(const struct kvlist *list, const char *key, __u64 otherwise);

/** kv_int - value of @key as a signed decimal number; @otherwise if it is absent or none */
int kv_int(const struct kvlist *list, const char *key, int otherwise);

void kv_free(struct kvlist *list);

/**
 * struct record - a line "word key=value key=value ..."
 * @word: the first word
 * @pairs: what follows it
 */
struct record {
	const char *word;
	struct kvlist pairs;
};

/**
 * struct records - the records of one text, in its order
 * @v: the records
 * @n: how many
 */
struct records {
	struct record *v;
	size_t n;
};

/**
 * records_parse - read lines "word key=value ..."
 * @records: filled; free it with records_free()
 * @text: what a file holds; comments, empty lines and words without '=' are left out
 */
void records_parse(struct records *records, const char *text);

/** records_find - the record whose first word is @word, or NULL */
const struct record *records_find(const struct records *records, const char *word);

void records_free(struct records *records);

#endif
