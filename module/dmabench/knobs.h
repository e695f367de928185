/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _DMABENCH_KNOBS_H
#define _DMABENCH_KNOBS_H

#include <linux/limits.h>
#include <linux/seq_file.h>
#include <linux/sizes.h>
#include <linux/types.h>

#include "modes/mode.h"
#include "ops/op.h"

#define DMABENCH_MAX_CHANNELS	64
#define DMABENCH_MAX_SEGMENTS	1024
#define DMABENCH_MAX_METADATA	256

/* Room of a text knob: names of all channels, with commas. */
#define DMABENCH_TEXT		1024

enum dmabench_wait {
	DMABENCH_WAIT_IRQ,
	DMABENCH_WAIT_POLL,
	DMABENCH_WAIT_HYBRID,
};

enum dmabench_callback {
	DMABENCH_CALLBACK_PLAIN,
	DMABENCH_CALLBACK_RESULT,
};

enum dmabench_pq {
	DMABENCH_PQ_BOTH,
	DMABENCH_PQ_P,
	DMABENCH_PQ_Q,
};

enum dmabench_map {
	DMABENCH_MAP_TRANSFER,
	DMABENCH_MAP_ONCE,
};

enum dmabench_memory {
	DMABENCH_MEMORY_STREAMING,
	DMABENCH_MEMORY_COHERENT,
	DMABENCH_MEMORY_PAGES,
};

enum dmabench_layout {
	DMABENCH_LAYOUT_PACKED,
	DMABENCH_LAYOUT_SCATTERED,
};

enum dmabench_direction {
	DMABENCH_DIRECTION_TX,
	DMABENCH_DIRECTION_RX,
	DMABENCH_DIRECTION_DUPLEX,
};

/**
 * enum dmabench_endpoint - what is known of a peripheral
 * @DMABENCH_ENDPOINT_FIFO: nothing: what comes from it is not checked
 * @DMABENCH_ENDPOINT_LOOPBACK: what is written comes back, in order
 * @DMABENCH_ENDPOINT_WORD: it is a word of memory of our own: it keeps what was
 *	written last, and reads as that for ever
 * @DMABENCH_ENDPOINT_COUNTER: gives, and expects, 32-bit little-endian words that
 *	count up
 * @DMABENCH_ENDPOINT_AUDIO: takes and gives frames at a rate: 32-bit little-endian
 *	words that count up in the low 24 bits, with an epoch in the others
 */
enum dmabench_endpoint {
	DMABENCH_ENDPOINT_FIFO,
	DMABENCH_ENDPOINT_LOOPBACK,
	DMABENCH_ENDPOINT_WORD,
	DMABENCH_ENDPOINT_COUNTER,
	DMABENCH_ENDPOINT_AUDIO,
};

enum dmabench_metadata {
	DMABENCH_METADATA_NONE,
	DMABENCH_METADATA_CLIENT,
	DMABENCH_METADATA_ENGINE,
};

enum dmabench_verify {
	DMABENCH_VERIFY_NONE,
	DMABENCH_VERIFY_ENDS,
	DMABENCH_VERIFY_FULL,
};

extern const char *const dmabench_wait_names[];
extern const char *const dmabench_callback_names[];
extern const char *const dmabench_pq_names[];
extern const char *const dmabench_map_names[];
extern const char *const dmabench_memory_names[];
extern const char *const dmabench_layout_names[];
extern const char *const dmabench_direction_names[];
extern const char *const dmabench_endpoint_names[];
extern const char *const dmabench_metadata_names[];
extern const char *const dmabench_verify_names[];
extern const char *const dmabench_threshold_names[];

/**
 * struct dmabench_knobs - everything that a user can choose for a run
 *
 * The members are those of knob-list.h: s64 for numbers and for words (the index
 * of the word), an array for texts. docs/debugfs.md tells their meaning.
 */
struct dmabench_knobs {
#define KNOB_NUMBER(_name, ...)		s64 _name;
#define KNOB_WORD(_name, ...)		s64 _name;
#define KNOB_TEXT(_name, ...)		char _name[DMABENCH_TEXT];
#include "knob-list.h"
#undef KNOB_NUMBER
#undef KNOB_WORD
#undef KNOB_TEXT
};

enum dmabench_knob_id {
#define KNOB_NUMBER(_name, ...)		DMABENCH_KNOB_##_name,
#define KNOB_WORD(_name, ...)		DMABENCH_KNOB_##_name,
#define KNOB_TEXT(_name, ...)		DMABENCH_KNOB_##_name,
#include "knob-list.h"
#undef KNOB_NUMBER
#undef KNOB_WORD
#undef KNOB_TEXT
	DMABENCH_KNOBS
};

/**
 * struct dmabench_knob - one knob's name and bounds
 * @name: of the debugfs file, the config line and the module parameter
 * @help: one line for people
 * @offset: of the member in struct dmabench_knobs
 * @words: of a word knob, the words in the order of their values; else NULL
 * @preset: value of a new job, if no module parameter says otherwise
 * @min: smallest number
 * @max: largest number
 * @size: of a text knob, room for the text and its NUL; else 0
 */
struct dmabench_knob {
	const char *name;
	const char *help;
	size_t offset;
	const char *const *words;
	s64 preset;
	s64 min;
	s64 max;
	size_t size;
};

extern const struct dmabench_knob dmabench_knob_table[DMABENCH_KNOBS];

void dmabench_knobs_preset(struct dmabench_knobs *knobs);
void dmabench_knobs_list(struct seq_file *m);
int dmabench_knob_set(struct dmabench_knobs *knobs, const struct dmabench_knob *knob,
		      const char *text, char *reason, size_t reason_size);
void dmabench_knob_show(const struct dmabench_knobs *knobs, const struct dmabench_knob *knob,
			struct seq_file *m);
int dmabench_knobs_parse(struct dmabench_knobs *knobs, char *text, char *reason,
			 size_t reason_size);

#endif
