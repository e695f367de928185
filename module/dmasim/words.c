// SPDX-License-Identifier: GPL-2.0-only
/*
 * dmasim - streams of numbered words, 32 bits each, least significant byte first
 *
 * Transfers may begin and end within a word, so streams are of bytes.
 */
#include <linux/kernel.h>
#include <linux/minmax.h>
#include <linux/string.h>

#include "dmasim.h"

/**
 * dmasim_words_feed() - take bytes of a stream
 * @w:		what is left of what came before, under the lock of its peripheral
 * @buf:	the bytes
 * @len:	how many
 * @word:	called for each word that they complete
 * @periph:	passed to @word
 */
void dmasim_words_feed(struct dmasim_words *w, const u8 *buf, size_t len,
		       void (*word)(void *periph, u32 word), void *periph)
{
	size_t n;

	if (READ_ONCE(w->broken)) {
		WRITE_ONCE(w->broken, false);
		w->have = 0;
	}
	while (len) {
		n = min(len, DMASIM_WORD - w->have);
		memcpy((u8 *)&w->word + w->have, buf, n);
		w->have += n;
		buf += n;
		len -= n;
		if (w->have == DMASIM_WORD) {
			word(periph, le32_to_cpu(w->word));
			w->have = 0;
		}
	}
}

/**
 * dmasim_words_make() - make bytes of a stream
 * @buf:	receives them
 * @len:	how many
 * @at:		number of the first one in the stream
 * @top:	or'ed to the number of each word
 * @mask:	the bits of the number that are kept
 */
void dmasim_words_make(u8 *buf, size_t len, u64 at, u32 top, u32 mask)
{
	unsigned int from;
	__le32 word;
	size_t n;

	while (len) {
		from = at % DMASIM_WORD;
		n = min(len, DMASIM_WORD - from);
		word = cpu_to_le32(((u32)(at / DMASIM_WORD) & mask) | top);
		memcpy(buf, (u8 *)&word + from, n);
		buf += n;
		at += n;
		len -= n;
	}
}
