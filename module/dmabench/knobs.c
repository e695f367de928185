// SPDX-License-Identifier: GPL-2.0-only
/*
 * Knobs: names, bounds, text to value and back. How the values fit each other
 * is not looked at here; that is checked once, when a run starts.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/ctype.h>
#include <linux/kernel.h>
#include <linux/moduleparam.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "knobs.h"
#include "xfer.h"

const char *const dmabench_wait_names[] = {
	[DMABENCH_WAIT_IRQ]	= "irq",
	[DMABENCH_WAIT_POLL]	= "poll",
	[DMABENCH_WAIT_HYBRID]	= "hybrid",
	NULL
};

const char *const dmabench_callback_names[] = {
	[DMABENCH_CALLBACK_PLAIN]  = "plain",
	[DMABENCH_CALLBACK_RESULT] = "result",
	NULL
};

const char *const dmabench_pq_names[] = {
	[DMABENCH_PQ_BOTH] = "both",
	[DMABENCH_PQ_P]	   = "p",
	[DMABENCH_PQ_Q]	   = "q",
	NULL
};

const char *const dmabench_map_names[] = {
	[DMABENCH_MAP_TRANSFER]	= "transfer",
	[DMABENCH_MAP_ONCE]	= "once",
	NULL
};

const char *const dmabench_memory_names[] = {
	[DMABENCH_MEMORY_STREAMING] = "streaming",
	[DMABENCH_MEMORY_COHERENT]  = "coherent",
	[DMABENCH_MEMORY_PAGES]	    = "pages",
	NULL
};

const char *const dmabench_layout_names[] = {
	[DMABENCH_LAYOUT_PACKED]    = "packed",
	[DMABENCH_LAYOUT_SCATTERED] = "scattered",
	NULL
};

const char *const dmabench_direction_names[] = {
	[DMABENCH_DIRECTION_TX]	    = "tx",
	[DMABENCH_DIRECTION_RX]	    = "rx",
	[DMABENCH_DIRECTION_DUPLEX] = "duplex",
	NULL
};

const char *const dmabench_endpoint_names[] = {
	[DMABENCH_ENDPOINT_FIFO]     = "fifo",
	[DMABENCH_ENDPOINT_LOOPBACK] = "loopback",
	[DMABENCH_ENDPOINT_WORD]     = "word",
	[DMABENCH_ENDPOINT_COUNTER]  = "counter",
	[DMABENCH_ENDPOINT_AUDIO]    = "audio",
	NULL
};

const char *const dmabench_metadata_names[] = {
	[DMABENCH_METADATA_NONE]   = "none",
	[DMABENCH_METADATA_CLIENT] = "client",
	[DMABENCH_METADATA_ENGINE] = "engine",
	NULL
};

const char *const dmabench_verify_names[] = {
	[DMABENCH_VERIFY_NONE]	= "none",
	[DMABENCH_VERIFY_ENDS]	= "ends",
	[DMABENCH_VERIFY_FULL]	= "full",
	NULL
};

/* In the order of enum dmabench_stage. */
const char *const dmabench_threshold_names[] = {
	[DMABENCH_STAGE_MAP]	  = "map",
	[DMABENCH_STAGE_PREP]	  = "prep",
	[DMABENCH_STAGE_SUBMIT]	  = "submit",
	[DMABENCH_STAGE_ISSUE]	  = "issue",
	[DMABENCH_STAGE_COMPLETE] = "complete",
	[DMABENCH_STAGE_WAKE]	  = "wake",
	[DMABENCH_STAGE_UNMAP]	  = "unmap",
	[DMABENCH_STAGE_TOTAL]	  = "total",
	NULL
};

const struct dmabench_knob dmabench_knob_table[DMABENCH_KNOBS] = {
#define KNOB_NUMBER(_name, _help, _preset, _min, _max)			\
	[DMABENCH_KNOB_##_name] = {					\
		.name = #_name,						\
		.help = (_help),					\
		.offset = offsetof(struct dmabench_knobs, _name),	\
		.preset = (_preset),					\
		.min = (_min),						\
		.max = (_max),						\
	},
#define KNOB_WORD(_name, _help, _preset, _words)			\
	[DMABENCH_KNOB_##_name] = {					\
		.name = #_name,						\
		.help = (_help),					\
		.offset = offsetof(struct dmabench_knobs, _name),	\
		.preset = (_preset),					\
		.words = (_words),					\
	},
#define KNOB_TEXT(_name, _help)						\
	[DMABENCH_KNOB_##_name] = {					\
		.name = #_name,						\
		.help = (_help),					\
		.offset = offsetof(struct dmabench_knobs, _name),	\
		.size = DMABENCH_TEXT,					\
	},
#include "knob-list.h"
#undef KNOB_NUMBER
#undef KNOB_WORD
#undef KNOB_TEXT
};

/*
 * What module parameters say. They are set before the module's init function
 * runs, hence the values of the table are filled in when first asked for.
 */
static struct dmabench_knobs preset;
static bool preset_ready;

static s64 *knob_number(struct dmabench_knobs *knobs, const struct dmabench_knob *knob)
{
	return (void *)knobs + knob->offset;
}

static char *knob_text(struct dmabench_knobs *knobs, const struct dmabench_knob *knob)
{
	return (void *)knobs + knob->offset;
}

static struct dmabench_knobs *knobs_preset(void)
{
	unsigned int i;

	for (i = 0; !preset_ready && i < DMABENCH_KNOBS; i++)
		if (!dmabench_knob_table[i].size)
			*knob_number(&preset, &dmabench_knob_table[i]) =
				dmabench_knob_table[i].preset;
	preset_ready = true;
	return &preset;
}

/**
 * dmabench_knobs_preset - the knobs that a new job starts with
 * @knobs: receives them
 *
 * Context: after module parameters were set.
 */
void dmabench_knobs_preset(struct dmabench_knobs *knobs)
{
	*knobs = *knobs_preset();
}

/*
 * memparse() knows the suffixes but neither signs nor overflow nor what is no
 * number at all, hence the frame around the kstrto functions here.
 */
static int parse_number(const char *text, s64 *value)
{
	unsigned int shift = 0;
	char digits[32];
	size_t len = strlen(text);
	s64 number;
	u64 bits;
	int ret;

	if (!len || len >= sizeof(digits))
		return -EINVAL;
	strscpy(digits, text, sizeof(digits));
	if (len > 1) {
		switch (digits[len - 1]) {
		case 'G': case 'g':
			shift += 10;
			fallthrough;
		case 'M': case 'm':
			shift += 10;
			fallthrough;
		case 'K': case 'k':
			shift += 10;
			digits[len - 1] = '\0';
		}
	}

	ret = kstrtos64(digits, 0, &number);
	if (ret == -ERANGE && !shift) {
		/* The upper half of the 64-bit numbers is for seeds. */
		ret = kstrtou64(digits, 0, &bits);
		number = bits;
	}
	if (ret)
		return ret;
	if (number > S64_MAX >> shift || number < S64_MIN >> shift)
		return -ERANGE;

	*value = number * (1LL << shift);
	return 0;
}

/*
 * A reason repeats what was written, which may be anything. It is a line of a file all
 * the same, and must not look like several.
 */
static __printf(3, 4) void refuse(char *reason, size_t size, const char *format, ...)
{
	va_list args;
	char *c;

	va_start(args, format);
	vscnprintf(reason, size, format, args);
	va_end(args);
	for (c = reason; *c; c++)
		if (!isascii(*c) || !isprint(*c))
			*c = '?';
}

/**
 * dmabench_knob_set - set one knob from text
 * @knobs: to be changed
 * @knob: which one
 * @text: the value, without blanks around it
 * @reason: receives one line if the value is refused
 * @reason_size: room of @reason
 *
 * Return: 0; -EINVAL if @text is no number or no known word, -ERANGE if it is
 * out of bounds, -E2BIG if a text is too long. @knobs is unchanged then.
 */
int dmabench_knob_set(struct dmabench_knobs *knobs, const struct dmabench_knob *knob,
		      const char *text, char *reason, size_t reason_size)
{
	s64 value;
	int ret;

	if (knob->words) {
		for (value = 0; knob->words[value]; value++) {
			if (!strcmp(text, knob->words[value])) {
				*knob_number(knobs, knob) = value;
				return 0;
			}
		}
		refuse(reason, reason_size, "%s: '%.32s' is not one of its words",
		       knob->name, text);
		return -EINVAL;
	}

	if (knob->size) {
		const char *c;

		if (strlen(text) >= knob->size) {
			refuse(reason, reason_size, "%s: longer than %zu characters",
			       knob->name, knob->size - 1);
			return -E2BIG;
		}
		for (c = text; *c; c++) {
			if (!isascii(*c) || !isgraph(*c)) {
				scnprintf(reason, reason_size,
					  "%s: holds blanks or unprintable characters",
					  knob->name);
				return -EINVAL;
			}
		}
		strscpy(knob_text(knobs, knob), text, knob->size);
		return 0;
	}

	ret = parse_number(text, &value);
	if (ret == -EINVAL) {
		refuse(reason, reason_size, "%s: '%.32s' is not a number", knob->name, text);
		return ret;
	}
	if (ret || value < knob->min || value > knob->max) {
		refuse(reason, reason_size, "%s: '%.32s' is out of bounds, %lld to %lld",
		       knob->name, text, knob->min, knob->max);
		return -ERANGE;
	}
	*knob_number(knobs, knob) = value;
	return 0;
}

/**
 * dmabench_knob_show - print the value of one knob
 * @knobs: the values
 * @knob: which one
 * @m: where to
 */
void dmabench_knob_show(const struct dmabench_knobs *knobs, const struct dmabench_knob *knob,
			struct seq_file *m)
{
	const void *at = (const void *)knobs + knob->offset;

	if (knob->words)
		seq_puts(m, knob->words[*(const s64 *)at]);
	else if (knob->size)
		seq_puts(m, at);
	else
		seq_printf(m, "%lld", *(const s64 *)at);
}

/**
 * dmabench_knobs_list - print all knobs with their bounds
 * @m: where to, a line each
 */
void dmabench_knobs_list(struct seq_file *m)
{
	unsigned int i, word;

	for (i = 0; i < DMABENCH_KNOBS; i++) {
		const struct dmabench_knob *knob = &dmabench_knob_table[i];

		seq_printf(m, "%s preset=", knob->name);
		dmabench_knob_show(knobs_preset(), knob, m);
		if (knob->words) {
			seq_puts(m, " words=");
			for (word = 0; knob->words[word]; word++)
				seq_printf(m, "%s%s", word ? "," : "", knob->words[word]);
		} else if (knob->size) {
			seq_printf(m, " length=%zu", knob->size - 1);
		} else {
			seq_printf(m, " min=%lld max=%lld", knob->min, knob->max);
		}
		seq_printf(m, " # %s\n", knob->help);
	}
}

static const struct dmabench_knob *knob_find(const char *name)
{
	unsigned int i;

	for (i = 0; i < DMABENCH_KNOBS; i++)
		if (!strcmp(name, dmabench_knob_table[i].name))
			return &dmabench_knob_table[i];
	return NULL;
}

/**
 * dmabench_knobs_parse - set many knobs from lines of key=value
 * @knobs: to be changed
 * @text: the lines, separated by newlines or blanks; taken apart on the way
 * @reason: receives one line if anything is refused
 * @reason_size: room of @reason
 *
 * Lines that start with '#' are skipped, as are empty ones.
 *
 * Return: 0; -ENOENT for an unknown knob, -EINVAL for a line without '=', or what
 * dmabench_knob_set() says. @knobs is half changed then: pass a copy.
 */
int dmabench_knobs_parse(struct dmabench_knobs *knobs, char *text, char *reason,
			 size_t reason_size)
{
	char *line, *word, *value;
	int ret;

	while ((line = strsep(&text, "\n"))) {
		line = strim(line);
		if (*line == '#')
			continue;
		while ((word = strsep(&line, " \t\r"))) {
			const struct dmabench_knob *knob;

			if (!*word)
				continue;
			value = strchr(word, '=');
			if (!value) {
				refuse(reason, reason_size, "config: '%.32s' is not key=value",
				       word);
				return -EINVAL;
			}
			*value++ = '\0';
			knob = knob_find(word);
			if (!knob) {
				refuse(reason, reason_size, "config: there is no knob '%.32s'",
				       word);
				return -ENOENT;
			}
			ret = dmabench_knob_set(knobs, knob, value, reason, reason_size);
			if (ret)
				return ret;
		}
	}
	return 0;
}

static int knob_param_set(const char *text, const struct kernel_param *kp)
{
	char *copy __free(kfree) = NULL;
	char reason[120];
	int ret;

	if (!text)
		return -EINVAL;
	copy = kstrdup(text, GFP_KERNEL);
	if (!copy)
		return -ENOMEM;

	ret = dmabench_knob_set(knobs_preset(), kp->arg, strim(copy), reason, sizeof(reason));
	if (ret)
		pr_err("%s\n", reason);
	return ret;
}

static int knob_param_get(char *buffer, const struct kernel_param *kp)
{
	const struct dmabench_knob *knob = kp->arg;
	const void *at = (const void *)knobs_preset() + knob->offset;

	if (knob->words)
		return scnprintf(buffer, PAGE_SIZE, "%s\n", knob->words[*(const s64 *)at]);
	if (knob->size)
		return scnprintf(buffer, PAGE_SIZE, "%s\n", (const char *)at);
	return scnprintf(buffer, PAGE_SIZE, "%lld\n", *(const s64 *)at);
}

static const struct kernel_param_ops knob_param_ops = {
	.set = knob_param_set,
	.get = knob_param_get,
};

#define KNOB_PARAM(_name)							\
	module_param_cb(_name, &knob_param_ops,					\
			(void *)&dmabench_knob_table[DMABENCH_KNOB_##_name], 0444);
#define KNOB_NUMBER(_name, ...)		KNOB_PARAM(_name)
#define KNOB_WORD(_name, ...)		KNOB_PARAM(_name)
#define KNOB_TEXT(_name, ...)		KNOB_PARAM(_name)
#include "knob-list.h"
#undef KNOB_NUMBER
#undef KNOB_WORD
#undef KNOB_TEXT

#define KNOB_NUMBER(_name, _help, ...)	MODULE_PARM_DESC(_name, _help);
#define KNOB_WORD(_name, _help, ...)	MODULE_PARM_DESC(_name, _help);
#define KNOB_TEXT(_name, _help, ...)	MODULE_PARM_DESC(_name, _help);
#include "knob-list.h"
#undef KNOB_NUMBER
#undef KNOB_WORD
#undef KNOB_TEXT
