/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * dmasim - how a device is shaped
 */
#ifndef _DMASIM_CONFIG_H
#define _DMASIM_CONFIG_H

#include <linux/types.h>

struct seq_file;

/**
 * struct dmasim_config - how one device is shaped
 *
 * The members are those of config-list.h, a u64 each. Handed to probe() as
 * platform data, in which it is constant.
 */
struct dmasim_config {
#define KNOB_NUMBER(_name, ...)		u64 _name;
#define KNOB_POWER(_name, ...)		u64 _name;
#define KNOB_WORD(_name, ...)		u64 _name;
#define KNOB_WORDS(_name, ...)		u64 _name;
#include "config-list.h"
#undef KNOB_NUMBER
#undef KNOB_POWER
#undef KNOB_WORD
#undef KNOB_WORDS
};

enum dmasim_knob_id {
#define KNOB_NUMBER(_name, ...)		DMASIM_KNOB_##_name,
#define KNOB_POWER(_name, ...)		DMASIM_KNOB_##_name,
#define KNOB_WORD(_name, ...)		DMASIM_KNOB_##_name,
#define KNOB_WORDS(_name, ...)		DMASIM_KNOB_##_name,
#include "config-list.h"
#undef KNOB_NUMBER
#undef KNOB_POWER
#undef KNOB_WORD
#undef KNOB_WORDS
	DMASIM_KNOBS
};

/**
 * struct dmasim_knob - one member of struct dmasim_config
 * @name:	as users write it
 * @help:	one line for people
 * @offset:	of its u64 in the struct
 * @preset:	value of a device about which nothing is said
 * @min:	smallest number
 * @max:	largest number
 * @power:	only powers of two
 * @word:	the n-th word that users write instead of a number, NULL past
 *		the last one
 * @many:	a mask, written as words separated by commas
 */
struct dmasim_knob {
	const char *name;
	const char *help;
	size_t offset;
	u64 preset;
	u64 min;
	u64 max;
	bool power;
	const char *(*word)(unsigned int n);
	bool many;
};

/* Room for the value of any knob as text, and for what may be wrong with one. */
#define DMASIM_KNOB_TEXT	512

extern const struct dmasim_knob dmasim_knob_table[DMASIM_KNOBS];

const char *dmasim_result_word(unsigned int n);
int dmasim_parse_number(const char *val, u64 *res);
void dmasim_config_preset(struct dmasim_config *cfg);
const struct dmasim_config *dmasim_config_params(void);
int dmasim_knob_set(const struct dmasim_knob *knob, struct dmasim_config *cfg,
		    const char *val, char *reason, size_t size);
int dmasim_knob_print(const struct dmasim_knob *knob, const struct dmasim_config *cfg,
		      char *buf, size_t size);
void dmasim_config_show(struct seq_file *s, const struct dmasim_config *cfg);
void dmasim_knobs_show(struct seq_file *s);

#endif /* _DMASIM_CONFIG_H */
