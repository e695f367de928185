// SPDX-License-Identifier: GPL-2.0-only
/*
 * A9: metadata.
 */
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/string.h>

#include "../suite.h"
#include "life-kit.h"
#include "reuse.h"

/* What this suite's knob says: what lengths an engine takes nobody can ask. */
static size_t meta_len(const struct case_trial *t)
{
	return suite_knobs(t->suite)->metadata_bytes;
}

/*
 * A buffer of a case serves as the client's: it has guards. Like any memory of the
 * client's it is not mapped for the device.
 */
static struct case_buf *meta_buf(struct case_trial *t, enum dmabench_pattern_kind kind)
{
	struct case_buf *buf = case_buf_new(t, meta_len(t));

	if (buf)
		case_buf_fill(buf, kind);
	return buf;
}

static bool is_as(const struct case_buf *buf, enum dmabench_pattern_kind kind)
{
	struct dmabench_mismatch m;

	return case_buf_is(buf, 0, buf->len, buf->key[kind], 0, &m);
}

void case_metadata_refused(struct case_trial *t)
{
	bool client = case_can(t, CASE_NEED_METADATA_CLIENT);
	bool engine = case_can(t, CASE_NEED_METADATA_ENGINE);
	struct case_buf *buf = meta_buf(t, DMABENCH_PATTERN_OLD);
	int attach = -ENOTSUPP, set = -ENOTSUPP;
	void *ptr = ERR_PTR(-ENOTSUPP);
	size_t len, most;
	struct case_tx *tx;

	if (client && engine) {
		case_skip(t, "the provider offers both modes");
		return;
	}
	tx = buf ? case_carry(t, case_round(t, 500)) : NULL;
	if (!tx)
		return;
	if (!client)
		attach = dmaengine_desc_attach_metadata(tx->desc, buf->data, buf->len);
	if (!engine) {
		ptr = dmaengine_desc_get_metadata_ptr(tx->desc, &len, &most);
		set = dmaengine_desc_set_metadata_len(tx->desc, meta_len(t));
	}
	if (!case_do(tx))
		return;
	case_expect_tx(tx, attach == -ENOTSUPP,
		       "expected -ENOTSUPP (%d) from attach_metadata, seen %d", -ENOTSUPP, attach);
	case_expect_tx(tx, ptr == ERR_PTR(-ENOTSUPP),
		       "expected -ENOTSUPP (%d) from get_metadata_ptr, seen %ld", -ENOTSUPP,
		       (long)PTR_ERR_OR_ZERO(ptr));
	case_expect_tx(tx, set == -ENOTSUPP,
		       "expected -ENOTSUPP (%d) from set_metadata_len, seen %d", -ENOTSUPP, set);
	case_expect_tx(tx, is_as(buf, DMABENCH_PATTERN_OLD),
		       "expected what was refused not to be touched, seen it changed");
}

void case_metadata_one_mode(struct case_trial *t)
{
	struct case_buf *buf = meta_buf(t, DMABENCH_PATTERN_SOURCE);
	size_t len = 0, most = 0;
	struct case_tx *tx;
	int attach, set;
	void *ptr;

	tx = buf ? case_carry(t, case_round(t, 500)) : NULL;
	if (!tx)
		return;
	attach = dmaengine_desc_attach_metadata(tx->desc, buf->data, buf->len);
	ptr = dmaengine_desc_get_metadata_ptr(tx->desc, &len, &most);
	set = dmaengine_desc_set_metadata_len(tx->desc, buf->len);
	if (!case_do(tx))
		return;
	if (!case_expect_tx(tx, !attach, "expected 0 from attach_metadata, seen %d", attach) ||
	    !case_expect_tx(tx, ptr == ERR_PTR(-EINVAL) && set == -EINVAL,
			    "expected -EINVAL (%d) from the other mode, seen %ld and %d", -EINVAL,
			    (long)PTR_ERR_OR_ZERO(ptr), set))
		return;

	case_buf_fill(buf, DMABENCH_PATTERN_OLD);
	tx = case_carry(t, case_round(t, 500));
	if (!tx)
		return;
	ptr = dmaengine_desc_get_metadata_ptr(tx->desc, &len, &most);
	attach = dmaengine_desc_attach_metadata(tx->desc, buf->data, buf->len);
	if (!case_do(tx))
		return;
	if (case_expect_tx(tx, !IS_ERR_OR_NULL(ptr), "expected a pointer, seen %ld",
			   (long)PTR_ERR_OR_ZERO(ptr)) &&
	    case_expect_tx(tx, attach == -EINVAL,
			   "expected -EINVAL (%d) from the other mode, seen %d", -EINVAL, attach))
		case_expect_tx(tx, is_as(buf, DMABENCH_PATTERN_OLD),
			       "expected what was refused not to be touched, seen it changed");
}

/* In the callback it is the client's again: what is written later is seen. */
static void hook_poison(struct case_tx *tx)
{
	struct case_buf *buf = tx->data;

	buf->key[DMABENCH_PATTERN_OLD] = dmabench_mix(buf->key[DMABENCH_PATTERN_OLD]);
	case_buf_fill(buf, DMABENCH_PATTERN_OLD);
}

#define META_ROUNDS	8U

void case_metadata_client(struct case_trial *t)
{
	struct case_buf *bufs[META_ROUNDS];
	unsigned int i;
	int ret;

	for (i = 0; i < META_ROUNDS && !case_over(t); i++) {
		struct case_tx *tx;

		bufs[i] = meta_buf(t, DMABENCH_PATTERN_SOURCE);
		tx = bufs[i] ? case_carry(t, case_round(t, 100 + case_random(t) % 4000)) : NULL;
		if (!tx)
			return;
		ret = dmaengine_desc_attach_metadata(tx->desc, bufs[i]->data, bufs[i]->len);
		/* Those to a peripheral are only read. */
		if (i % 2 || !tx->dst)
			tx->hook = i % 2 ? hook_poison : NULL;
		tx->data = bufs[i];
		if (!case_do(tx) ||
		    !case_expect_tx(tx, !ret, "expected 0 from attach_metadata, seen %d", ret))
			return;
		if (!tx->hook && !tx->dst &&
		    !case_expect_tx(tx, is_as(bufs[i], DMABENCH_PATTERN_SOURCE),
				    "expected sent metadata not to change, seen them changed"))
			return;
		if (!tx->hook)
			hook_poison(tx);
	}
	if (case_over(t) || !case_still(t, CASE_WATCH_MS))
		return;
	for (i = 0; i < META_ROUNDS; i++)
		if (!case_guards_intact(t, bufs[i], "metadata") ||
		    !case_expect(t, is_as(bufs[i], DMABENCH_PATTERN_OLD),
				 "expected metadata untouched after callback, seen changed"))
			return;
}

void case_metadata_engine(struct case_trial *t)
{
	size_t most = 0, len = 0, again = 0;
	int set, over, nothing = 0;
	struct case_tx *tx;
	unsigned int i;
	void *ptr, *same;

	for (i = 0; i < META_ROUNDS && !case_over(t); i++) {
		tx = case_carry(t, case_round(t, 200));
		if (!tx)
			return;
		ptr = dmaengine_desc_get_metadata_ptr(tx->desc, &len, &most);
		if (!IS_ERR_OR_NULL(ptr))
			memset(ptr, 0x5a, most);
		over = dmaengine_desc_set_metadata_len(tx->desc, most + 1);
		nothing = dmaengine_desc_set_metadata_len(tx->desc, 0);
		set = dmaengine_desc_set_metadata_len(tx->desc, i % 2 ? most : most / 2);
		same = dmaengine_desc_get_metadata_ptr(tx->desc, &again, &most);
		if (!case_do(tx) ||
		    !case_expect_tx(tx, !IS_ERR_OR_NULL(ptr), "expected a pointer, seen %ld",
				    (long)PTR_ERR_OR_ZERO(ptr)) ||
		    !case_expect_tx(tx, same == ptr,
				    "expected the same pointer again, seen another") ||
		    !case_expect_tx(tx, most && len <= most,
				    "expected room for metadata, and no more used than there is, seen %zu of %zu",
				    len, most) ||
		    !case_expect_tx(tx, !set, "expected 0 from set_metadata_len of %zu, seen %d",
				    i % 2 ? most : most / 2, set) ||
		    !case_expect_tx(tx, again == (i % 2 ? most : most / 2),
				    "expected a length of %zu as set, seen %zu",
				    i % 2 ? most : most / 2, again) ||
		    !case_expect_tx(tx, over,
				    "expected an error from set_metadata_len of %zu of %zu, seen 0",
				    most + 1, most))
			return;
	}
	/* A length of nothing may be refused. */
	case_note(t, "room for %zu bytes; none at all: %d", most, nothing);
}

/* ---------------------------------------------------------------- loopback */

/* What the callback of the receiving side has found. */
struct found {
	size_t len;
	long error;
	u8 bytes[];
};

static void hook_find(struct case_tx *tx)
{
	struct case_buf *buf = tx->data;
	struct found *found = (struct found *)buf->data;
	size_t len = 0, most = 0;
	void *ptr = dmaengine_desc_get_metadata_ptr(tx->desc, &len, &most);

	found->error = (long)PTR_ERR_OR_ZERO(ptr);
	found->len = len;
	if (!IS_ERR_OR_NULL(ptr))
		memcpy(found->bytes, ptr, min(len, buf->len - sizeof(*found)));
}

static bool through_loopback(struct case_trial *t, bool client)
{
	size_t len = roundup(64, case_width(t)), n = meta_len(t), most = 0, used = 0;
	struct case_buf *out = case_buf_new(t, len), *in = case_buf_new(t, len);
	struct case_buf *sent = meta_buf(t, DMABENCH_PATTERN_SOURCE), *got;
	struct dmabench_mismatch m = {};
	struct case_tx *tx, *rx;
	struct found *found;
	void *ptr = NULL;
	int ret;

	got = case_buf_new(t, sizeof(struct found) + n);
	if (!out || !in || !sent || !got)
		return false;
	case_buf_fill(out, DMABENCH_PATTERN_SOURCE);
	case_buf_fill(in, DMABENCH_PATTERN_OLD);
	case_buf_fill(got, DMABENCH_PATTERN_OLD);
	found = (struct found *)got->data;

	/* One side after the other: the loopback holds as much. */
	tx = case_loop_tx(t, out, len);
	if (!tx)
		return false;
	if (client) {
		ret = dmaengine_desc_attach_metadata(tx->desc, sent->data, n);
	} else {
		ptr = dmaengine_desc_get_metadata_ptr(tx->desc, &used, &most);
		if (!IS_ERR_OR_NULL(ptr) && most >= n)
			memcpy(ptr, sent->data, n);
		ret = dmaengine_desc_set_metadata_len(tx->desc, n);
	}
	if (!case_do(tx) ||
	    !case_expect_tx(tx, !ret, "expected 0 from setting %zu bytes of metadata, seen %d", n,
			    ret) ||
	    !case_expect_tx(tx, is_as(sent, DMABENCH_PATTERN_SOURCE),
			    "expected sent metadata not to change, seen them changed"))
		return false;

	rx = case_loop_rx(t, in, len);
	if (!rx)
		return false;
	if (client) {
		ret = dmaengine_desc_attach_metadata(rx->desc, found->bytes, n);
	} else {
		rx->hook = hook_find;
		rx->data = got;
	}
	if (!case_start(rx) || !case_wait(rx) ||
	    !case_expect_tx(rx, !ret, "expected 0 from attach_metadata, seen %d", ret) ||
	    !case_expect_tx(rx, case_buf_is(in, 0, len, out->key[DMABENCH_PATTERN_SOURCE], 0, &m),
			    "expected %zu bytes as sent, seen %zu wrong, from %zu to %zu", len,
			    m.count, m.first, m.last))
		return false;
	if (!client &&
	    (!case_expect_tx(rx, !found->error, "expected a pointer in the callback, seen %ld",
			     found->error) ||
	     !case_expect_tx(rx, found->len == n, "expected %zu bytes of metadata, seen %zu", n,
			     found->len)))
		return false;
	return case_expect_tx(rx, dmabench_pattern_check(found->bytes, n,
							 sent->key[DMABENCH_PATTERN_SOURCE], 0,
							 &m),
			      "expected %zu bytes of metadata as sent, seen %zu wrong, from %zu to %zu",
			      n, m.count, m.first, m.last) &&
	       case_guards_intact(t, got, "metadata") && case_guards_intact(t, sent, "metadata");
}

static void through_loopback_often(struct case_trial *t, bool client)
{
	unsigned int i;

	if (!case_flush(t))
		return;
	for (i = 0; i < META_ROUNDS && !case_over(t); i++)
		if (!through_loopback(t, client))
			return;
	case_still(t, CASE_WATCH_MS);
}

void case_metadata_client_loopback(struct case_trial *t)
{
	through_loopback_often(t, true);
}

void case_metadata_engine_loopback(struct case_trial *t)
{
	through_loopback_often(t, false);
}

void case_metadata_terminated(struct case_trial *t)
{
	size_t len = roundup(64, case_width(t));
	struct case_buf *in = case_buf_new(t, len);
	struct case_buf *buf = meta_buf(t, DMABENCH_PATTERN_SOURCE);
	struct case_tx *rx;
	int ret;

	if (!in || !buf || !case_flush(t))
		return;
	case_buf_fill(in, DMABENCH_PATTERN_OLD);
	rx = case_loop_rx(t, in, len);
	if (!rx)
		return;
	ret = dmaengine_desc_attach_metadata(rx->desc, buf->data, buf->len);
	if (!case_start(rx) ||
	    !case_expect_tx(rx, !ret, "expected 0 from attach_metadata, seen %d", ret))
		return;
	case_sleep(t, 2);
	if (case_terminate(t, case_peer(t)))
		return;
	case_buf_fill(buf, DMABENCH_PATTERN_OLD);
	if (!case_loop_works(t) || !through_loopback(t, true) || !case_still(t, CASE_WATCH_MS))
		return;
	if (case_expect(t, is_as(buf, DMABENCH_PATTERN_OLD),
			"expected metadata untouched after terminate_sync, seen them changed"))
		case_guards_intact(t, buf, "metadata");
}
