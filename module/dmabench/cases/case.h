/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Conformance cases: what they are, and what they are made with. A case is
 * written from a rule of the contract and knows nothing of providers. It talks to
 * the channel through the functions below, which time, bound and contain all that
 * a broken provider can do.
 */
#ifndef _DMABENCH_CASE_H
#define _DMABENCH_CASE_H

#include <linux/atomic.h>
#include <linux/completion.h>
#include <linux/dmaengine.h>
#include <linux/list.h>
#include <linux/spinlock.h>
#include <linux/types.h>

#include "../pattern.h"

struct case_trial;
struct dmabench_suite;

/**
 * enum dmabench_grade - how binding a rule is
 * @DMABENCH_STRICT: documented, or a breach corrupts memory or hangs: fails
 * @DMABENCH_DOCUMENTED: documented, but drivers differ: fails, can be waived
 * @DMABENCH_ADVISORY: told, but never fails
 */
enum dmabench_grade {
	DMABENCH_STRICT,
	DMABENCH_DOCUMENTED,
	DMABENCH_ADVISORY,
};

/**
 * struct dmabench_rule - a rule of the dmaengine contract
 * @number: as in "A4.3"
 * @grade: how binding it is
 * @source: where it stands: files of the kernel, with lines of 6.12, or message ids
 * @text: the rule in one sentence
 * @untested: why there is no case of it, or NULL
 */
struct dmabench_rule {
	const char *number;
	enum dmabench_grade grade;
	const char *source;
	const char *text;
	const char *untested;
};

/*
 * What a case needs of the channel; see suite-needs.c, which finds out and says
 * in words what is missing.
 */
enum case_need {
	CASE_NEED_MEMCPY,	/* DMA_MEMCPY */
	CASE_NEED_MEMSET,
	CASE_NEED_MEMSET_SG,
	CASE_NEED_XOR,
	CASE_NEED_XOR_VAL,
	CASE_NEED_PQ,
	CASE_NEED_PQ_VAL,
	CASE_NEED_INTERRUPT,
	CASE_NEED_INTERLEAVE,
	CASE_NEED_REPEAT,
	CASE_NEED_SLAVE_CAP,	/* DMA_SLAVE or DMA_CYCLIC: strict on re-entry, safe to prepare */
	CASE_NEED_CARRIER,	/* moves data in some way: memcpy, or tx to a peripheral */
	CASE_NEED_TX,		/* slave_sg to a known peripheral */
	CASE_NEED_RX,		/* slave_sg from a known peripheral, on the peer or itself */
	CASE_NEED_LOOPBACK,	/* both, and what is written comes back; tx waits for rx */
	CASE_NEED_CYCLIC,	/* cyclic to or from a known peripheral, and terminate */
	CASE_NEED_DMA_VEC,
	CASE_NEED_FAILING,	/* a peripheral that is known to fail */
	CASE_NEED_TERMINATE,
	CASE_NEED_SYNCHRONIZE,
	CASE_NEED_PAUSE,
	CASE_NEED_RESUME,
	CASE_NEED_ORDER,	/* not DMA_COMPLETION_NO_ORDER */
	CASE_NEED_RESIDUE,	/* granularity finer than a descriptor */
	CASE_NEED_REUSE,
	CASE_NEED_METADATA_CLIENT,
	CASE_NEED_METADATA_ENGINE,
	CASE_NEED_PUBLIC,	/* the device is not DMA_PRIVATE */
	CASE_NEED_SMP,		/* two CPUs online */
	CASE_NEEDS
};

/* Dangerous for some providers (contract A2.2, A6.3, A.z): only if asked for. */
enum case_opt_in {
	CASE_OPT_IN_SEVERAL_PREPS,	/* waived on channels with DMA_SLAVE or DMA_CYCLIC */
	CASE_OPT_IN_REENTRY,		/* likewise */
	CASE_OPT_IN_SHARED_CHANNEL,
	CASE_OPT_IN_COOKIE_WRAP,
	CASE_OPT_IN_PUBLIC,
	CASE_OPT_INS
};

#define NEEDS(_need)	BIT(CASE_NEED_##_need)
#define OPT_IN(_word)	BIT(CASE_OPT_IN_##_word)

/**
 * struct dmabench_case - a conformance case
 * @name: group.rule_in_words
 * @rules: numbers, separated by blanks, that of its own rule first
 * @grade: how binding its verdict is
 * @needs: NEEDS(), without which it is skipped
 * @opt_in: OPT_IN(), without which it is skipped
 * @vital: it tells in what way a channel is dead, so it is run even if nothing completes
 * @what: what must hold, one line
 * @run: looks whether it does; runs in the suite's thread, may sleep
 */
struct dmabench_case {
	const char *name;
	const char *rules;
	enum dmabench_grade grade;
	u32 needs;
	u32 opt_in;
	bool vital;
	const char *what;
	void (*run)(struct case_trial *t);
};

/**
 * struct dmabench_chapter - a chapter of the contract
 * @name: the group's name, which its cases' names begin with
 * @rules: its rules
 * @nr_rules: how many
 * @cases: its cases
 * @nr_cases: how many
 */
struct dmabench_chapter {
	const char *name;
	const struct dmabench_rule *rules;
	unsigned int nr_rules;
	const struct dmabench_case *cases;
	unsigned int nr_cases;
};

enum dmabench_chapter_id {
#define DMABENCH_CHAPTER(_name)	DMABENCH_CHAPTER_##_name,
#include "chapter-list.h"
#undef DMABENCH_CHAPTER
	DMABENCH_CHAPTERS
};

#define DMABENCH_CHAPTER(_name)	extern const struct dmabench_chapter dmabench_chapter_##_name;
#include "chapter-list.h"
#undef DMABENCH_CHAPTER

extern const struct dmabench_chapter *const dmabench_chapters[DMABENCH_CHAPTERS];

/* ------------------------------------------------------------------ verdict */

/**
 * enum case_verdict - how a case ends
 * @CASE_PASSED: what must hold holds
 * @CASE_FAILED: it does not
 * @CASE_SKIPPED: that could not be seen
 */
enum case_verdict {
	CASE_PASSED,
	CASE_FAILED,
	CASE_SKIPPED,
};

/**
 * struct case_trial - one run of a case
 * @suite: that runs it
 * @which: the case
 * @chan: the channel under test
 * @seed: of all that is random in it
 * @random: state of case_random()
 * @deadline: jiffies, when it has to end
 * @verdict: so far; the first failure or skip stays
 * @text: the reason
 * @more: stamps of the transfer that failed, or notes
 * @nr_bufs: number of the next buffer
 * @bufs: buffers
 * @txs: descriptors
 * @calls: callbacks so far
 * @inside: callbacks that are running
 * @overlaps: callbacks that began while another one ran
 * @late: callbacks that came when none could any more
 * @dirty: something may be in flight when the case ends
 */
struct case_trial {
	struct dmabench_suite *suite;
	const struct dmabench_case *which;
	struct dma_chan *chan;
	u64 seed;
	u64 random;
	unsigned long deadline;
	enum case_verdict verdict;
	char text[320];
	char more[320];
	unsigned int nr_bufs;
	struct list_head bufs;
	struct list_head txs;
	atomic_t calls;
	atomic_t inside;
	atomic_t overlaps;
	atomic_t late;
	bool dirty;
};

__printf(2, 3) void case_fail(struct case_trial *t, const char *format, ...);
__printf(2, 3) void case_skip(struct case_trial *t, const char *format, ...);
__printf(2, 3) void case_note(struct case_trial *t, const char *format, ...);

/* Fails the case, with "expected ..., seen ...", unless @_holds; its value is @_holds. */
#define case_expect(_t, _holds, ...)			\
({							\
	bool __holds = (_holds);			\
							\
	if (!__holds)					\
		case_fail(_t, __VA_ARGS__);		\
	__holds;					\
})

bool case_over(struct case_trial *t);
u32 case_random(struct case_trial *t);
void case_sleep(struct case_trial *t, unsigned int ms);
void case_spin(unsigned int us);

/* ------------------------------------------------------------------ buffers */

/**
 * struct case_buf - coherent memory with guards around it
 * @entry: in the trial's list
 * @mem: as allocated
 * @handle: its address for the device
 * @bytes: of @mem
 * @data: between the guards, aligned to 256 bytes
 * @dma: address of @data for the device
 * @len: bytes of @data
 * @key: of what it is filled with, by kind
 * @dev: device that it is for
 */
struct case_buf {
	struct list_head entry;
	void *mem;
	dma_addr_t handle;
	size_t bytes;
	u8 *data;
	dma_addr_t dma;
	size_t len;
	u64 key[DMABENCH_PATTERN_KINDS];
	struct device *dev;
};

u64 case_key(const struct case_trial *t, unsigned int nr, enum dmabench_pattern_kind kind);
struct case_buf *case_buf_new(struct case_trial *t, size_t len);
void case_buf_fill(struct case_buf *buf, enum dmabench_pattern_kind kind);
bool case_buf_is(const struct case_buf *buf, size_t at, size_t len, u64 key, u64 pos,
		 struct dmabench_mismatch *m);
bool case_guards_intact(struct case_trial *t, const struct case_buf *buf, const char *what);
u64 case_buf_digest(const struct case_buf *buf);
size_t case_buf_arrived(const struct case_buf *dst, const struct case_buf *src, size_t len);

/* -------------------------------------------------------------- descriptors */

/**
 * enum case_tx_state - where a descriptor is
 * @CASE_TX_FREE: nowhere: a callback is one of a case that is over
 * @CASE_TX_PREPARED: never submitted
 * @CASE_TX_SUBMITTED: submitted, perhaps issued, perhaps complete
 * @CASE_TX_DEAD: terminated, and the channel synchronized: no callback may come
 */
enum case_tx_state {
	CASE_TX_FREE,
	CASE_TX_PREPARED,
	CASE_TX_SUBMITTED,
	CASE_TX_DEAD,
};

/**
 * struct case_tx - a descriptor and what became of it
 * @entry: in the trial's list, later in the suite's pool
 * @suite: that it belongs to for good
 * @t: the trial
 * @chan: the channel
 * @desc: the core's part; not the client's any more once it is submitted
 * @state: enum case_tx_state
 * @cookie: once submitted
 * @src: what is read, or NULL
 * @dst: what is written, or NULL
 * @len: bytes
 * @hook: called at the end of each callback, or NULL
 * @data: for the case
 * @calls: callbacks
 * @order: which of the trial's callbacks its first one was, from 1; 0: none yet
 * @told: a callback has told a result
 * @result: that result
 * @residue: that came with it
 * @completed: completed_cookie of the channel at the first callback
 * @in_hardirq: the first callback came in hard interrupt context
 * @irqs_off: the first callback came with interrupts off
 * @prepared: when, ns
 * @submitted: when
 * @issued: when, of the first issue_pending behind it
 * @called: when the first callback came
 * @done: completed by the first callback
 *
 * Of a pool that lives as long as the suite: a callback may be late.
 */
struct case_tx {
	struct list_head entry;
	struct dmabench_suite *suite;
	struct case_trial *t;
	struct dma_chan *chan;
	struct dma_async_tx_descriptor *desc;
	int state;
	dma_cookie_t cookie;
	struct case_buf *src;
	struct case_buf *dst;
	size_t len;
	void (*hook)(struct case_tx *tx);
	void *data;
	atomic_t calls;
	int order;
	bool told;
	enum dmaengine_tx_result result;
	u32 residue;
	dma_cookie_t completed;
	bool in_hardirq;
	bool irqs_off;
	u64 prepared;
	u64 submitted;
	u64 issued;
	u64 called;
	struct completion done;
};

#define CASE_FLAGS	(DMA_CTRL_ACK | DMA_PREP_INTERRUPT)

/* tx.c: making them; NULL: failed, and the case knows why */
struct case_tx *case_tx_new(struct case_trial *t, struct dma_chan *chan);
bool case_tx_made(struct case_tx *tx, struct dma_async_tx_descriptor *desc);
struct case_tx *case_memcpy(struct case_trial *t, struct case_buf *dst, size_t dst_at,
			    struct case_buf *src, size_t src_at, size_t len, unsigned long flags);
struct case_tx *case_carry(struct case_trial *t, size_t len);
struct case_tx *case_slave(struct case_trial *t, struct case_buf *buf, size_t len,
			   enum dma_transfer_direction dir, unsigned long flags);
struct case_tx *case_cyclic(struct case_trial *t, struct case_buf *buf, size_t len,
			    size_t period, enum dma_transfer_direction dir, unsigned long flags);
struct case_tx *case_carry_later(struct case_trial *t, size_t len);
bool case_prep_again(struct case_tx *tx);
size_t case_round(struct case_trial *t, size_t len);
size_t case_long(struct case_trial *t, unsigned int ms);

/* tx.c: using them; false: failed, and the case knows why */
void case_ask_result(struct case_tx *tx);
bool case_submit(struct case_tx *tx);
void case_issue(struct case_trial *t, struct dma_chan *chan);
bool case_wait(struct case_tx *tx);
bool case_wait_complete(struct case_tx *tx);
bool case_start(struct case_tx *tx);
bool case_do(struct case_tx *tx);
bool case_intact(struct case_tx *tx);
bool case_untouched(struct case_tx *tx);
bool case_data_seen(const struct case_tx *tx);
enum dma_status case_status(const struct case_tx *tx, struct dma_tx_state *state);
const char *case_status_name(enum dma_status status);
__printf(2, 3) void case_fail_tx(struct case_tx *tx, const char *format, ...);

#define case_expect_tx(_tx, _holds, ...)		\
({							\
	bool __holds = (_holds);			\
							\
	if (!__holds)					\
		case_fail_tx(_tx, __VA_ARGS__);		\
	__holds;					\
})

/* control.c: what may never return, bounded */
int case_terminate_async(struct case_trial *t, struct dma_chan *chan);
int case_synchronize(struct case_trial *t, struct dma_chan *chan);
int case_terminate(struct case_trial *t, struct dma_chan *chan);
void case_calm(struct case_trial *t);
bool case_release(struct case_trial *t);
bool case_request(struct case_trial *t);
int case_in_hardirq(void (*fn)(void *data), void *data);
bool case_threads(struct case_trial *t, unsigned int nr,
		  void (*fn)(struct case_trial *t, unsigned int i, void *data), void *data);

/* suite.c: what is known of the channel */
bool case_can(const struct case_trial *t, enum case_need need);
struct dma_chan *case_peer(const struct case_trial *t);
struct dma_chan *case_chan_of(const struct case_trial *t, enum dma_transfer_direction dir);
const struct dma_slave_caps *case_caps(const struct case_trial *t);
unsigned int case_timeout_ms(const struct case_trial *t);
size_t case_align(const struct case_trial *t);
bool case_configure(struct case_trial *t, enum dma_transfer_direction dir);
unsigned int case_width(const struct case_trial *t);

#endif
