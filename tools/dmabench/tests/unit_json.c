// SPDX-License-Identifier: GPL-2.0-only
/* What is written as JSON. */
#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>

#include "json.h"
#include "measure.h"
#include "record.h"
#include "tap.h"

#include <errno.h>

/* Compare with JSON written compactly, then free the object. */
static void expect_json(struct json_object *object, const char *want, const char *file, int line)
{
	expect_text(json_object_to_json_string_ext(object, JSON_C_TO_STRING_PLAIN |
						   JSON_C_TO_STRING_NOSLASHESCAPE),
		    want, file, line);
	json_object_put(object);
}

#define EXPECT_JSON(_object, _want)	expect_json((_object), (_want), __FILE__, __LINE__)

static void texts(void)
{
	EXPECT_JSON(json_text("a \"b\" \\ /\n\t"), "\"a \\\"b\\\" \\\\ /\\n\\t\"");
	EXPECT_JSON(json_text("\x01"), "\"\\u0001\"");
	EXPECT_JSON(json_text("gr\xc3\xbc\xc3\x9f \xe2\x82\xac \xf0\x9f\x98\x80"),
		    "\"gr\xc3\xbc\xc3\x9f \xe2\x82\xac \xf0\x9f\x98\x80\"");
	/* Bytes that are no UTF-8: alone, cut off, too long, surrogates, too large. */
	EXPECT_JSON(json_text("\xff\xfe"), "\"??\"");
	EXPECT_JSON(json_text("a\xc3"), "\"a?\"");
	EXPECT_JSON(json_text("\xe2\x82"), "\"??\"");
	EXPECT_JSON(json_text("\xc0\xaf"), "\"??\"");
	EXPECT_JSON(json_text("\xe0\x80\x80"), "\"???\"");
	EXPECT_JSON(json_text("\xed\xa0\x80"), "\"???\"");
	EXPECT_JSON(json_text("\xf4\x90\x80\x80"), "\"????\"");
}

static void values(void)
{
	EXPECT_JSON(json_value("transfers", "1024"), "1024");
	EXPECT_JSON(json_value("errno", "-95"), "-95");
	EXPECT_JSON(json_value("bytes", "18446744073709551615"), "18446744073709551615");
	EXPECT_JSON(json_value("bytes", "18446744073709551616"), "\"18446744073709551616\"");
	EXPECT_JSON(json_value("device", "40400000"), "\"40400000\"");
	EXPECT_JSON(json_value("seed", "0"), "\"0\"");
	EXPECT_JSON(json_value("wait", "irq"), "\"irq\"");
	EXPECT_JSON(json_value("new_key", "0x10"), "\"0x10\"");
	EXPECT_JSON(json_list("memcpy,slave"), "[\"memcpy\",\"slave\"]");
	EXPECT_JSON(json_list("none"), "[]");
	EXPECT_JSON(json_list(""), "[]");
}

static void status(void)
{
	EXPECT_JSON(record_status("done", 0, ""),
		    "{\"state\":\"done\",\"errno\":0,\"error\":null,\"reason\":\"\"}");
	EXPECT_JSON(record_status("failed", -110, "late"),
		    "{\"state\":\"failed\",\"errno\":-110,\"error\":\"ETIMEDOUT\",\"reason\":\"late\"}");
	EXPECT_JSON(record_status("failed", -99999, "?"),
		    "{\"state\":\"failed\",\"errno\":-99999,\"error\":null,\"reason\":\"?\"}");
}

static void bins(void)
{
	EXPECT_JSON(record_bins("# low high count\n0 0 1\n1024 1055 17\n"),
		    "[[0,0,1],[1024,1055,17]]");
	EXPECT_JSON(record_bins(""), "[]");
	EXPECT_JSON(record_bins("1 2\nx y z\n\n3 4 5"), "[[3,4,5]]");
	/* A line that is too short must not take its numbers from the next. */
	EXPECT_JSON(record_bins("1\n2\n3\n"), "[]");
}

static void result(void)
{
	struct kvlist list;
	struct json_object *run = json_object_new_object();

	kv_parse(&list,
		 "job: 7\nseed: 0x1f\nchannels: a,b\nfirst_error: none\n"
		 "stage.total.count: 9\nstage.total.p99.9: 55\nstage.map.count: 0\nstage.: 1\n"
		 "stage.x: 1\nworker.0.channel: dma0chan0\nworker.0.transfers: 4\n"
		 "worker.10.channel: dma1chan0\nworker.1: 5\nworker.: 5\n"
		 "worker.0.x: 3\n", ':');
	EXPECT_JSON(record_workers(&list),
		    "[{\"channel\":\"dma0chan0\",\"transfers\":4,\"x\":3},{\"channel\":\"dma1chan0\"}]");
	EXPECT_JSON(record_stages("none", &list),
		    "{\"total\":{\"count\":9,\"p99.9\":55,\"bins\":[]}}");
	record_measured(run, "none", &list);
	EXPECT_JSON(json_object_get(json_object_object_get(run, "result")),
		    "{\"job\":\"7\",\"seed\":\"0x1f\",\"channels\":[\"a\",\"b\"],\"first_error\":null}");
	json_object_put(run);
	kv_free(&list);

	kv_parse(&list, "errors_data: 1\nerrors_engine: 2\nerrors: 4\nerrors_new: x\n", ':');
	EXPECT(record_errors(&list) == 3);
	kv_free(&list);
}

static void slowest(void)
{
	EXPECT_JSON(record_slowest("17 worker=0 channel=7 total=5 map=3\n"),
		    "[{\"seq\":17,\"worker\":0,\"channel\":\"7\",\"total\":5,\"map\":3}]");
	EXPECT_JSON(record_slowest("bad\n"), "[{\"seq\":\"bad\"}]");
	EXPECT_JSON(record_slowest(""), "[]");
}

static void refusals(void)
{
	EXPECT(verdict_of_refusal(-EOPNOTSUPP) == VERDICT_SKIPPED);
	EXPECT(verdict_of_refusal(-ENODEV) == VERDICT_SKIPPED);
	EXPECT(verdict_of_refusal(-EBUSY) == VERDICT_SKIPPED);
	EXPECT(verdict_of_refusal(-ENOBUFS) == VERDICT_SKIPPED);
	EXPECT(verdict_of_refusal(-ENOMEM) == VERDICT_SKIPPED);
	EXPECT(verdict_of_refusal(-EINVAL) == VERDICT_REFUSED);
	EXPECT(verdict_of_refusal(-EOVERFLOW) == VERDICT_REFUSED);
	EXPECT(verdict_of_refusal(-EUCLEAN) == VERDICT_FAILED);
	EXPECT(verdict_of_refusal(-EIO) == VERDICT_FAILED);
}

static const struct test tests[] = {
	{ "json: texts are escaped and always UTF-8", texts },
	{ "json: numbers are numbers, names are texts", values },
	{ "json: status with the name of the error", status },
	{ "json: bins of a histogram", bins },
	{ "json: result, stages and workers", result },
	{ "json: slowest transfers", slowest },
	{ "json: what a refusal means", refusals },
};

SUITE(json_suite, tests);
