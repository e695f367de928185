/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DMABENCH_RESULTS_H
#define DMABENCH_RESULTS_H

#include <json-c/json.h>
#include <stdbool.h>

#include "defs.h"
#include "profile.h"

/**
 * struct results - the document of a bench run
 * @doc: all of it
 * @runs: its member "runs"
 * @path: file to write, "-" for stdout, NULL for none
 * @in_place: the file cannot be replaced (a device, a pipe): written once, in the end
 * @wrote_ns: when the file was last written
 * @write_ns: how long that took
 */
struct results {
	struct json_object *doc;
	struct json_object *runs;
	const char *path;
	bool in_place;
	__u64 wrote_ns;
	__u64 write_ns;
};

/**
 * results_open - begin a document and make sure that it can be written
 * @results: filled
 * @path: where to, see struct results; exits with RC_USAGE if that cannot be written
 * @argc: words of the command line
 * @argv: those words
 * @profile: what will be run
 */
void results_open(struct results *results, const char *path, int argc, char *const *argv,
		  const struct profile *profile);

/**
 * results_add - add a run and write the file anew
 * @results: open
 * @run: of which the document takes possession
 *
 * The file is replaced atomically. On storage so slow that writing would take more than a tenth of
 * the time, the writing is left to a later run.
 */
void results_add(struct results *results, struct json_object *run);

/** results_perf - add what perf has recorded, of which the document takes possession */
void results_perf(struct results *results, struct json_object *perf);

/**
 * results_close - write the finished document
 * @results: open
 * @interrupted: whether it ended before all was run
 * @code: exit code of the command
 *
 * Return: false if it could not be written.
 */
bool results_close(struct results *results, bool interrupted, int code);

#endif
