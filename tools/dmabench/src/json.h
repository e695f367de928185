/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DMABENCH_JSON_H
#define DMABENCH_JSON_H

#include <json-c/json.h>
#include <stdbool.h>
#include <stdio.h>

#include "defs.h"
#include "kv.h"

/** JSON_SCHEMA_VERSION - of everything that the command writes as JSON */
#define JSON_SCHEMA_VERSION	1

/** json_text - a string; bytes that are no UTF-8 become '?' */
struct json_object *json_text(const char *text);

/**
 * json_value - a value of the module's text grammar
 * @key: decides the type of names, which may look like numbers
 * @value: decimal numbers become numbers, all else strings
 */
struct json_object *json_value(const char *key, const char *value);

/** json_list - the words of @text between commas as an array; "none" and "" are empty */
struct json_object *json_list(const char *text);

/** json_put_text - object[key] = json_text(value) */
void json_put_text(struct json_object *object, const char *key, const char *value);

/** json_put_number - object[key] = number */
void json_put_number(struct json_object *object, const char *key, __s64 number);

/** json_head - an object with schema_version and tool, as all our documents begin */
struct json_object *json_head(void);

/** json_module - version and interface of the module, as far as it says them */
struct json_object *json_module(void);

/** json_print - write @object with line breaks and a final newline; false if that failed */
bool json_print(struct json_object *object, FILE *out);

#endif
