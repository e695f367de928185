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

/**
 * struct dmasim_knob - one field of struct dmasim_config
 * @name:	as users write it
 * @offset:	of its u64 in the struct
 * @min:	smallest value
 * @max:	largest value
 * @pow2:	only powers of two
 * @word:	the n-th word that users write instead of a number, NULL past
 *		the last one
 * @many:	a mask, written as words separated by commas
 */
struct dmasim_knob {
	const char *name;
	size_t offset;
	u64 min;
	u64 max;
	bool pow2;
	const char *(*word)(unsigned int n);
	bool many;
};

struct dmasim_config dmasim_param_config = {
	.channels	= 4,
	.context	= 1,
	.granularity	= DMA_RESIDUE_GRANULARITY_BURST,
	.align		= 1,
	.max_segment	= SZ_64K,
	.queue_limit	= 4096,
	.max_xor	= 16,
	.max_pq		= 16,
	.burst		= 64,
	.sink_rate	= 192000,
};

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

static const char *dmasim_feature_word(unsigned int n)
{
	return n < dmasim_nr_features ? dmasim_features[n].name : NULL;
}

/* Prints all words of a knob, for whoever wrote none of them. */
static void dmasim_knob_refuse_word(const struct dmasim_knob *knob, const char *val)
{
	char all[256];
	unsigned int n;
	int len = 0;

	for (n = 0; knob->word(n); n++)
		len += scnprintf(all + len, sizeof(all) - len, "%s%s", n ? ", " : "",
				 knob->word(n));
	pr_err("%s: \"%s\" is unknown, choose from %s\n", knob->name, val, all);
}

static int dmasim_knob_find_word(const struct dmasim_knob *knob, const char *val)
{
	unsigned int n;

	for (n = 0; knob->word(n); n++)
		if (sysfs_streq(val, knob->word(n)))
			return n;

	dmasim_knob_refuse_word(knob, val);
	return -EINVAL;
}

static int dmasim_knob_parse_words(const struct dmasim_knob *knob, const char *val, u64 *res)
{
	char *copy __free(kfree) = kstrdup(val, GFP_KERNEL);
	char *rest, *word;
	int n;

	if (!copy)
		return -ENOMEM;

	*res = 0;
	rest = strim(copy);
	while ((word = strsep(&rest, ","))) {
		if (!*word)
			continue;
		n = dmasim_knob_find_word(knob, word);
		if (n < 0)
			return n;
		*res |= BIT_ULL(n);
	}
	return 0;
}

/* Decimal or 0x hexadecimal, with an optional suffix K, M or G. */
static int dmasim_knob_parse_number(const char *val, u64 *res)
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

static int dmasim_knob_set_number(const struct dmasim_knob *knob, const char *val, u64 *res)
{
	int ret = dmasim_knob_parse_number(val, res);

	if (ret == -EINVAL) {
		pr_err("%s: \"%s\" is not a number\n", knob->name, val);
		return ret;
	}
	if (ret || *res < knob->min || *res > knob->max) {
		pr_err("%s: %s is out of range, must be %llu..%llu\n", knob->name, val,
		       knob->min, knob->max);
		return -ERANGE;
	}
	if (knob->pow2 && !is_power_of_2(*res)) {
		pr_err("%s: %s is not a power of two\n", knob->name, val);
		return -EINVAL;
	}
	return 0;
}

static int dmasim_knob_set(const struct dmasim_knob *knob, struct dmasim_config *cfg,
			   const char *val)
{
	u64 res;
	int ret;

	if (knob->many) {
		ret = dmasim_knob_parse_words(knob, val, &res);
	} else if (knob->word) {
		ret = dmasim_knob_find_word(knob, val);
		res = ret;
	} else {
		ret = dmasim_knob_set_number(knob, val, &res);
	}
	if (ret < 0)
		return ret;

	*(u64 *)((void *)cfg + knob->offset) = res;
	return 0;
}

static int dmasim_knob_print(const struct dmasim_knob *knob, const struct dmasim_config *cfg,
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

static int dmasim_param_set(const char *val, const struct kernel_param *kp)
{
	if (!val)
		return -EINVAL;
	return dmasim_knob_set(kp->arg, &dmasim_param_config, val);
}

static int dmasim_param_get(char *buf, const struct kernel_param *kp)
{
	int len = dmasim_knob_print(kp->arg, &dmasim_param_config, buf, PAGE_SIZE - 1);

	buf[len] = '\n';
	buf[len + 1] = '\0';
	return len + 1;
}

static const struct kernel_param_ops dmasim_param_ops = {
	.set = dmasim_param_set,
	.get = dmasim_param_get,
};

#define DMASIM_KNOB(_name, _field, ...)						\
	static struct dmasim_knob dmasim_knob_##_name = {			\
		.name = #_name,							\
		.offset = offsetof(struct dmasim_config, _field),		\
		__VA_ARGS__							\
	};									\
	module_param_cb(_name, &dmasim_param_ops, &dmasim_knob_##_name, 0444)

DMASIM_KNOB(channels, channels, .min = 1, .max = 64);
MODULE_PARM_DESC(channels, "number of channels, 1..64 (default 4)");

DMASIM_KNOB(completion, context, .word = dmasim_context_word);
MODULE_PARM_DESC(completion, "where transfers run and complete: inline, softirq (default), timer, thread");

DMASIM_KNOB(granularity, granularity, .word = dmasim_granularity_word);
MODULE_PARM_DESC(granularity, "granularity of the residue: descriptor, segment, burst (default)");

DMASIM_KNOB(align, align, .min = 1, .max = 256, .pow2 = true);
MODULE_PARM_DESC(align, "bytes: alignment of memory transfers, a power of two, 1..256 (default 1)");

DMASIM_KNOB(max_segment, max_segment, .min = 16, .max = SZ_1G);
MODULE_PARM_DESC(max_segment, "bytes: longest segment, 16..1G (default 64K)");

DMASIM_KNOB(queue_limit, queue_limit, .min = 1, .max = SZ_64K);
MODULE_PARM_DESC(queue_limit, "descriptors of a channel, 1..64K (default 4K)");

DMASIM_KNOB(max_xor, max_xor, .min = 2, .max = 255);
MODULE_PARM_DESC(max_xor, "most sources of an xor, 2..255 (default 16)");

DMASIM_KNOB(max_pq, max_pq, .min = 2, .max = 255);
MODULE_PARM_DESC(max_pq, "most sources of a pq, 2..255 (default 16)");

DMASIM_KNOB(burst, burst, .min = 1, .max = SZ_4K, .pow2 = true);
MODULE_PARM_DESC(burst, "bytes: burst of memory transfers, a power of two, 1..4K (default 64)");

DMASIM_KNOB(omit, omit, .word = dmasim_feature_word, .many = true);
MODULE_PARM_DESC(omit, "operations not offered, separated by commas: memcpy, memset, memset_sg, xor, xor_val, pq, pq_val, interrupt, slave, cyclic, dma_vec, interleaved, repeat, reuse, pause, resume, terminate, synchronize");

DMASIM_KNOB(latency_ns, latency_ns, .max = 600ULL * NSEC_PER_SEC);
MODULE_PARM_DESC(latency_ns, "ns: before the first byte of a descriptor, up to 600 s (default 0)");

DMASIM_KNOB(jitter_ns, jitter_ns, .max = 600ULL * NSEC_PER_SEC);
MODULE_PARM_DESC(jitter_ns, "ns: largest random addition to latency_ns, up to 600 s (default 0)");

DMASIM_KNOB(bandwidth, bandwidth, .max = 1ULL << 40);
MODULE_PARM_DESC(bandwidth, "bytes per second of a channel, 0: as fast as it goes (default)");

DMASIM_KNOB(seed, seed, .max = U64_MAX);
MODULE_PARM_DESC(seed, "of the jitter, 0: a random one (default)");

DMASIM_KNOB(sink_rate, sink_rate, .min = 1, .max = SZ_1G);
MODULE_PARM_DESC(sink_rate, "bytes per second that the sink consumes, 1..1G (default 192000)");

static const struct dmasim_knob * const dmasim_knobs[] = {
	&dmasim_knob_channels,
	&dmasim_knob_completion,
	&dmasim_knob_granularity,
	&dmasim_knob_align,
	&dmasim_knob_max_segment,
	&dmasim_knob_queue_limit,
	&dmasim_knob_max_xor,
	&dmasim_knob_max_pq,
	&dmasim_knob_burst,
	&dmasim_knob_omit,
	&dmasim_knob_latency_ns,
	&dmasim_knob_jitter_ns,
	&dmasim_knob_bandwidth,
	&dmasim_knob_seed,
	&dmasim_knob_sink_rate,
};

/**
 * dmasim_config_show() - print a configuration, a key=value line per knob
 * @s:		file to print to
 * @cfg:	configuration
 */
void dmasim_config_show(struct seq_file *s, const struct dmasim_config *cfg)
{
	char buf[256];
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(dmasim_knobs); i++) {
		dmasim_knob_print(dmasim_knobs[i], cfg, buf, sizeof(buf));
		seq_printf(s, "%s=%s\n", dmasim_knobs[i]->name, buf);
	}
}
