// SPDX-License-Identifier: GPL-2.0-only
/*
 * dmasim - the knobs: bounds, parsing, printing, module parameters
 *
 * The parameters fill one struct dmasim_config and do nothing else. A device
 * is made from such a struct and knows nothing of parameters.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/kernel.h>
#include <linux/log2.h>
#include <linux/moduleparam.h>
#include <linux/overflow.h>
#include <linux/seq_file.h>
#include <linux/sizes.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/time64.h>

#include "dmasim.h"

static const char *dmasim_context_word(unsigned int n)
{
	return n < dmasim_nr_contexts ? dmasim_contexts[n].name : NULL;
}

static const char *dmasim_granularity_word(unsigned int n)
{
	static const char * const words[] = {
		[DMA_RESIDUE_GRANULARITY_DESCRIPTOR]	= "descriptor",
		[DMA_RESIDUE_GRANULARITY_SEGMENT]	= "segment",
		[DMA_RESIDUE_GRANULARITY_BURST]		= "burst",
	};

	return n < ARRAY_SIZE(words) ? words[n] : NULL;
}

/**
 * dmasim_result_word() - the word for a way to fail
 * @n:		enum dmaengine_tx_result, less 1: to succeed is no such way
 *
 * Return: the word, or NULL past the last one
 */
const char *dmasim_result_word(unsigned int n)
{
	static const char * const words[] = {
		[DMA_TRANS_READ_FAILED - 1]	= "read_failed",
		[DMA_TRANS_WRITE_FAILED - 1]	= "write_failed",
		[DMA_TRANS_ABORTED - 1]		= "aborted",
	};

	return n < ARRAY_SIZE(words) ? words[n] : NULL;
}

static const char *dmasim_feature_word(unsigned int n)
{
	return n < dmasim_nr_features ? dmasim_features[n].name : NULL;
}

static const char *dmasim_directions_word(unsigned int n)
{
	static const char * const words[] = {
		[DMASIM_DIR_BOTH]	= "both",
		[DMASIM_DIR_ALTERNATE]	= "alternate",
	};

	return n < ARRAY_SIZE(words) ? words[n] : NULL;
}

static const char *dmasim_width_word(unsigned int n)
{
	return n < dmasim_nr_widths ? dmasim_widths[n].name : NULL;
}

const struct dmasim_knob dmasim_knob_table[DMASIM_KNOBS] = {
#define KNOB(_name, _help, _default, ...)				\
	[DMASIM_KNOB_##_name] = {					\
		.name = #_name,						\
		.help = (_help),					\
		.offset = offsetof(struct dmasim_config, _name),	\
		.preset = (_default),					\
		__VA_ARGS__						\
	},
#define KNOB_NUMBER(_name, _help, _default, _min, _max)			\
	KNOB(_name, _help, _default, .min = (_min), .max = (_max))
#define KNOB_POWER(_name, _help, _default, _min, _max)			\
	KNOB(_name, _help, _default, .min = (_min), .max = (_max), .power = true)
#define KNOB_WORD(_name, _help, _default, _word)			\
	KNOB(_name, _help, _default, .word = (_word))
#define KNOB_WORDS(_name, _help, _default, _word)			\
	KNOB(_name, _help, _default, .word = (_word), .many = true)
#include "config-list.h"
#undef KNOB
#undef KNOB_NUMBER
#undef KNOB_POWER
#undef KNOB_WORD
#undef KNOB_WORDS
};

/*
 * What the module parameters say. They are set before the module's init function
 * runs, hence the presets are filled in when it is first asked for.
 */
static struct dmasim_config dmasim_param_config;
static bool dmasim_param_ready;

static u64 *dmasim_knob_value(const struct dmasim_knob *knob, struct dmasim_config *cfg)
{
	return (void *)cfg + knob->offset;
}

/**
 * dmasim_config_preset() - the configuration of a device about which nothing is said
 * @cfg:	receives it
 */
void dmasim_config_preset(struct dmasim_config *cfg)
{
	unsigned int i;

	for (i = 0; i < DMASIM_KNOBS; i++)
		*dmasim_knob_value(&dmasim_knob_table[i], cfg) = dmasim_knob_table[i].preset;
}

static struct dmasim_config *dmasim_params(void)
{
	if (!dmasim_param_ready)
		dmasim_config_preset(&dmasim_param_config);
	dmasim_param_ready = true;
	return &dmasim_param_config;
}

/**
 * dmasim_config_params() - the configuration that the module parameters describe
 *
 * Return: the configuration, constant once the module's init function runs
 */
const struct dmasim_config *dmasim_config_params(void)
{
	return dmasim_params();
}

static int dmasim_knob_find_word(const struct dmasim_knob *knob, const char *val,
				 char *reason, size_t size)
{
	unsigned int n;
	int len;

	for (n = 0; knob->word(n); n++)
		if (sysfs_streq(val, knob->word(n)))
			return n;

	len = scnprintf(reason, size, "%s: \"%.32s\" is unknown, choose from ", knob->name, val);
	for (n = 0; knob->word(n); n++)
		len += scnprintf(reason + len, size - len, "%s%s", n ? ", " : "", knob->word(n));
	return -EINVAL;
}

static int dmasim_knob_parse_words(const struct dmasim_knob *knob, const char *val, u64 *res,
				   char *reason, size_t size)
{
	char *copy __free(kfree) = kstrdup(val, GFP_KERNEL);
	char *rest, *word;
	bool clear;
	int n;

	if (!copy)
		return -ENOMEM;

	*res = 0;
	rest = strim(copy);
	while ((word = strsep(&rest, ","))) {
		/* What is printed for none of them can be written, too. */
		if (!*word || !strcmp(word, "none"))
			continue;
		if (!strcmp(word, "all")) {
			for (n = 0; knob->word(n); n++)
				*res |= BIT_ULL(n);
			continue;
		}
		clear = *word == '-';
		n = dmasim_knob_find_word(knob, word + clear, reason, size);
		if (n < 0)
			return n;
		if (clear)
			*res &= ~BIT_ULL(n);
		else
			*res |= BIT_ULL(n);
	}
	return 0;
}

/**
 * dmasim_parse_number() - read a number as users write it
 * @val:	decimal or 0x hexadecimal, with an optional suffix K, M or G
 * @res:	receives it
 *
 * Return: 0, -EINVAL if it is no number, -ERANGE if it does not fit
 */
int dmasim_parse_number(const char *val, u64 *res)
{
	char buf[32];
	unsigned int shift = 0;
	size_t len;
	int ret;

	if (strscpy(buf, val, sizeof(buf)) < 0)
		return -EINVAL;
	strim(buf);
	len = strlen(buf);
	if (!len)
		return -EINVAL;

	switch (buf[len - 1]) {
	case 'G': case 'g':
		shift += 10;
		fallthrough;
	case 'M': case 'm':
		shift += 10;
		fallthrough;
	case 'K': case 'k':
		shift += 10;
		buf[len - 1] = '\0';
	}

	ret = kstrtou64(buf, 0, res);
	if (ret)
		return ret;
	return check_shl_overflow(*res, shift, res) ? -ERANGE : 0;
}

static int dmasim_knob_parse(const struct dmasim_knob *knob, const char *val, u64 *res,
			     char *reason, size_t size)
{
	int ret = dmasim_parse_number(val, res);

	if (ret == -EINVAL) {
		scnprintf(reason, size, "%s: \"%.32s\" is not a number", knob->name, val);
		return ret;
	}
	if (ret || *res < knob->min || *res > knob->max) {
		scnprintf(reason, size, "%s: %.32s is out of range, must be %llu..%llu",
			  knob->name, val, knob->min, knob->max);
		return -ERANGE;
	}
	if (knob->power && !is_power_of_2(*res)) {
		scnprintf(reason, size, "%s: %.32s is not a power of two", knob->name, val);
		return -EINVAL;
	}
	return 0;
}

/**
 * dmasim_knob_set() - set one knob from text
 * @knob:	which one
 * @cfg:	to be changed
 * @val:	the value; a newline at its end does not matter
 * @reason:	receives one line if the value is refused
 * @size:	room of @reason, may be 0
 *
 * Context: may sleep
 * Return: 0; -EINVAL if @val is no number or no known word, -ERANGE if it is
 * out of bounds, -ENOMEM; @cfg is unchanged then
 */
int dmasim_knob_set(const struct dmasim_knob *knob, struct dmasim_config *cfg,
		    const char *val, char *reason, size_t size)
{
	u64 res;
	int ret;

	if (size)
		*reason = '\0';
	if (knob->many) {
		ret = dmasim_knob_parse_words(knob, val, &res, reason, size);
	} else if (knob->word) {
		ret = dmasim_knob_find_word(knob, val, reason, size);
		res = ret;
	} else {
		ret = dmasim_knob_parse(knob, val, &res, reason, size);
	}
	if (ret < 0)
		return ret;

	*dmasim_knob_value(knob, cfg) = res;
	return 0;
}

/**
 * dmasim_knob_print() - a knob's value as text, such as dmasim_knob_set() takes
 * @knob:	which one
 * @cfg:	configuration
 * @buf:	receives it
 * @size:	room of @buf, DMASIM_KNOB_TEXT or more
 *
 * Return: length of the text
 */
int dmasim_knob_print(const struct dmasim_knob *knob, const struct dmasim_config *cfg,
		      char *buf, size_t size)
{
	u64 val = *(const u64 *)((const void *)cfg + knob->offset);
	unsigned int n;
	int len = 0;

	if (!knob->word)
		return scnprintf(buf, size, "%llu", val);
	if (!knob->many)
		return scnprintf(buf, size, "%s", knob->word(val));
	if (!val)
		return scnprintf(buf, size, "none");

	for (n = 0; knob->word(n); n++)
		if (val & BIT_ULL(n))
			len += scnprintf(buf + len, size - len, "%s%s", len ? "," : "",
					 knob->word(n));
	return len;
}

/**
 * dmasim_config_show() - print a configuration, a key=value line per knob
 * @s:		file to print to
 * @cfg:	configuration
 */
void dmasim_config_show(struct seq_file *s, const struct dmasim_config *cfg)
{
	char buf[DMASIM_KNOB_TEXT];
	unsigned int i;

	for (i = 0; i < DMASIM_KNOBS; i++) {
		dmasim_knob_print(&dmasim_knob_table[i], cfg, buf, sizeof(buf));
		seq_printf(s, "%s=%s\n", dmasim_knob_table[i].name, buf);
	}
}

/**
 * dmasim_knobs_show() - print all knobs with their presets and bounds
 * @s:		file to print to
 */
void dmasim_knobs_show(struct seq_file *s)
{
	struct dmasim_config preset;
	char buf[DMASIM_KNOB_TEXT];
	unsigned int i, n;

	dmasim_config_preset(&preset);
	for (i = 0; i < DMASIM_KNOBS; i++) {
		const struct dmasim_knob *knob = &dmasim_knob_table[i];

		dmasim_knob_print(knob, &preset, buf, sizeof(buf));
		seq_printf(s, "%s preset=%s", knob->name, buf);
		if (knob->word) {
			seq_puts(s, " words=");
			for (n = 0; knob->word(n); n++)
				seq_printf(s, "%s%s", n ? "," : "", knob->word(n));
		} else {
			seq_printf(s, " min=%llu max=%llu", knob->min, knob->max);
		}
		seq_printf(s, " # %s\n", knob->help);
	}
}

static int dmasim_param_set(const char *val, const struct kernel_param *kp)
{
	char reason[DMASIM_KNOB_TEXT];
	int ret;

	if (!val)
		return -EINVAL;
	ret = dmasim_knob_set(kp->arg, dmasim_params(), val, reason, sizeof(reason));
	if (ret && *reason)
		pr_err("%s\n", reason);
	return ret;
}

static int dmasim_param_get(char *buf, const struct kernel_param *kp)
{
	int len = dmasim_knob_print(kp->arg, dmasim_params(), buf, PAGE_SIZE - 1);

	buf[len] = '\n';
	buf[len + 1] = '\0';
	return len + 1;
}

static const struct kernel_param_ops dmasim_param_ops = {
	.set = dmasim_param_set,
	.get = dmasim_param_get,
};

#define KNOB_PARAM(_name)							\
	module_param_cb(_name, &dmasim_param_ops,				\
			(void *)&dmasim_knob_table[DMASIM_KNOB_##_name], 0444);
#define KNOB_NUMBER(_name, ...)		KNOB_PARAM(_name)
#define KNOB_POWER(_name, ...)		KNOB_PARAM(_name)
#define KNOB_WORD(_name, ...)		KNOB_PARAM(_name)
#define KNOB_WORDS(_name, ...)		KNOB_PARAM(_name)
#include "config-list.h"
#undef KNOB_NUMBER
#undef KNOB_POWER
#undef KNOB_WORD
#undef KNOB_WORDS

#define KNOB_NUMBER(_name, _help, ...)	MODULE_PARM_DESC(_name, _help);
#define KNOB_POWER(_name, _help, ...)	MODULE_PARM_DESC(_name, _help);
#define KNOB_WORD(_name, _help, ...)	MODULE_PARM_DESC(_name, _help);
#define KNOB_WORDS(_name, _help, ...)	MODULE_PARM_DESC(_name, _help);
#include "config-list.h"
#undef KNOB_NUMBER
#undef KNOB_POWER
#undef KNOB_WORD
#undef KNOB_WORDS
