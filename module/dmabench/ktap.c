// SPDX-License-Identifier: GPL-2.0-only
/*
 * The report of a suite as text. It grows while cases run and is read at the same
 * time; it lives as long as the run.
 */
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "suite.h"

/* Room for more cases than anybody repeats; a line costs about a hundred bytes. */
#define KTAP_MAX	SZ_8M

/**
 * dmabench_ktap_init - an empty report
 * @ktap: the report
 */
void dmabench_ktap_init(struct dmabench_ktap *ktap)
{
	mutex_init(&ktap->lock);
}

/**
 * dmabench_ktap_free - free a report
 * @ktap: nobody reads it any more
 */
void dmabench_ktap_free(struct dmabench_ktap *ktap)
{
	kvfree(ktap->text);
}

static bool ktap_grow(struct dmabench_ktap *ktap, size_t more)
{
	size_t size = max_t(size_t, ktap->size * 2, SZ_4K);
	char *text;

	while (size < ktap->len + more)
		size *= 2;
	if (size > KTAP_MAX)
		return false;
	text = kvmalloc(size, GFP_KERNEL);
	if (!text)
		return false;
	if (ktap->len)
		memcpy(text, ktap->text, ktap->len);
	kvfree(ktap->text);
	ktap->text = text;
	ktap->size = size;
	return true;
}

/**
 * dmabench_ktap_print - write to a report
 * @ktap: the report
 * @format: as of printf; whole lines
 *
 * Context: may sleep.
 */
void dmabench_ktap_print(struct dmabench_ktap *ktap, const char *format, ...)
{
	va_list args;
	char *line;
	size_t len;

	va_start(args, format);
	line = kvasprintf(GFP_KERNEL, format, args);
	va_end(args);

	guard(mutex)(&ktap->lock);
	if (!line) {
		ktap->lost++;
		return;
	}
	len = strlen(line);
	if (ktap->len + len > ktap->size && !ktap_grow(ktap, len)) {
		ktap->lost++;
	} else {
		memcpy(ktap->text + ktap->len, line, len);
		ktap->len += len;
	}
	kfree(line);
}

/**
 * dmabench_ktap_show - print a run's report
 * @m: where to
 * @run: the run, or NULL
 *
 * Return: 0. Of a run that is no suite there is none, and nothing is printed.
 */
int dmabench_ktap_show(struct seq_file *m, struct dmabench_run *run)
{
	struct dmabench_suite *suite;

	if (!run || run->load.knobs.mode != DMABENCH_MODE_suite)
		return 0;
	suite = run->workers[0]->state;
	guard(mutex)(&suite->ktap.lock);
	seq_write(m, suite->ktap.text, suite->ktap.len);
	if (suite->ktap.lost)
		seq_printf(m, "# %llu lines are missing: no room\n", suite->ktap.lost);
	return 0;
}
