/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * dmasim - a DMA engine provider without hardware
 *
 * A channel is a ring of descriptors and one runner at a time:
 *
 *	          done   tail          issued         head
 *	           |      |              |             |
 *	  ---------+------+--+-----------+-------------+------->  positions
 *	           callback  |  issued,  |  submitted, |
 *	           to come   |  waiting  |  not issued |
 *	                   active
 *
 * A position counts the submits of a channel and never goes back. Position p
 * lives in ring[p & ring_mask] from its submit until the tail has passed it.
 *
 *	position	is the last one that is	moved by
 *	head		submitted		submit, under the lock
 *	issued		issued			issue and terminate, cmpxchg, only forward
 *	tail		finished or dropped	the runner
 *	done		past its callback	the runner
 *	drop		terminated		terminate, under the lock
 *
 * The runner is whoever owns DMASIM_RUNNING: softirq, thread, or the caller of
 * issue_pending. It takes no lock. It drops what lies up to `drop` instead of
 * running it, so terminate is one store that also covers what runs just now,
 * and whatever is submitted afterwards is not concerned.
 *
 * Whoever has moved `issued` or `drop` takes that bit, or wakes up somebody who
 * will, or, where there is a runner, leaves word for it: DMASIM_KICKED. Taking the
 * bit, leaving word and letting go are one cmpxchg each, of the same word and fully
 * ordered: word is found when the runner lets go, and who finds no runner is
 * followed by one that sees what was moved. The cookie of a completed transfer is
 * released behind its data, and `done` behind its callback.
 */
#ifndef _DMASIM_H
#define _DMASIM_H

#include <linux/bitmap.h>
#include <linux/cache.h>
#include <linux/dmaengine.h>
#include <linux/hrtimer.h>
#include <linux/interrupt.h>
#include <linux/list.h>
#include <linux/prandom.h>
#include <linux/sizes.h>
#include <linux/spinlock.h>
#include <linux/types.h>
#include <linux/wait.h>
#include <linux/workqueue.h>

#include "config.h"
#include "defect.h"
#include "desc.h"
#include "fault.h"
#include "meta.h"
#include "periph.h"
#include "slow.h"

struct dentry;
struct dmasim;
struct dmasim_chan;
struct dmasim_desc;
struct platform_device;
struct seq_file;

/* Most bytes that are moved between two looks at the stop conditions. */
#define DMASIM_CHUNK		SZ_64K

/* ----------------------------------------------------------------- features */

/**
 * struct dmasim_feature - something that a provider may offer or lack
 * @name:	as in the parameter omit
 * @attach:	adds the operation (and capability) to a device before it is
 *		registered
 *
 * One line of dmasim_features per operation of the API.
 */
struct dmasim_feature {
	const char *name;
	void (*attach)(struct dma_device *dma);
};

extern const struct dmasim_feature dmasim_features[];
extern const unsigned int dmasim_nr_features;

void dmasim_memcpy_attach(struct dma_device *dma);
void dmasim_memset_attach(struct dma_device *dma);
void dmasim_memset_sg_attach(struct dma_device *dma);
void dmasim_xor_attach(struct dma_device *dma);
void dmasim_xor_val_attach(struct dma_device *dma);
void dmasim_pq_attach(struct dma_device *dma);
void dmasim_pq_val_attach(struct dma_device *dma);
void dmasim_interrupt_attach(struct dma_device *dma);
void dmasim_slave_attach(struct dma_device *dma);
void dmasim_cyclic_attach(struct dma_device *dma);
void dmasim_dma_vec_attach(struct dma_device *dma);
void dmasim_interleave_attach(struct dma_device *dma);
void dmasim_repeat_attach(struct dma_device *dma);
void dmasim_reuse_attach(struct dma_device *dma);
void dmasim_pause_attach(struct dma_device *dma);
void dmasim_resume_attach(struct dma_device *dma);
void dmasim_terminate_attach(struct dma_device *dma);
void dmasim_synchronize_attach(struct dma_device *dma);

/* ----------------------------------------------------------------- contexts */

/**
 * struct dmasim_context - where transfers are executed and callbacks run
 * @name:	as in the parameter completion
 * @spin_ns:	longest wait of the timing model that is spent spinning
 * @open:	gets ready; may sleep; returns 0 or an errno
 * @close:	undoes @open after the channel has gone idle; may sleep
 * @kick:	there is work, told by a client in whatever context it calls
 * @wake:	there is work, told from within; hard irq, any lock held
 */
struct dmasim_context {
	const char *name;
	u32 spin_ns;
	int (*open)(struct dmasim_chan *c);
	void (*close)(struct dmasim_chan *c);
	void (*kick)(struct dmasim_chan *c);
	void (*wake)(struct dmasim_chan *c);
};

extern const struct dmasim_context dmasim_contexts[];
extern const unsigned int dmasim_nr_contexts;

void dmasim_context_init(struct dmasim_chan *c);

/* ----------------------------------------------------------------- channels */

/**
 * enum dmasim_chan_flag - bits of dmasim_chan.flags
 * @DMASIM_RUNNING:	somebody is the runner
 * @DMASIM_KICKED:	there may be work that the runner has not seen, or somebody is on
 *			the way to become the runner
 * @DMASIM_PAUSED:	the active descriptor is paused
 * @DMASIM_RESYNC:	the timing model restarts from now
 * @DMASIM_DEAD:	the device was unbound
 */
enum dmasim_chan_flag {
	DMASIM_RUNNING,
	DMASIM_KICKED,
	DMASIM_PAUSED,
	DMASIM_RESYNC,
	DMASIM_DEAD,
};

/* How many blocks of memory a channel remembers. */
#define DMASIM_BLOCKS	16

/**
 * struct dmasim_chan - a channel
 * @chan:	the core's part
 * @sim:	the device
 * @context:	where it runs
 * @ring:	submitted descriptors by position
 * @failed:	of each place the last cookie that failed, by cookie & @ring_mask
 * @ring_mask:	size of @ring - 1
 * @pool:	all descriptors by slot, NULL: not yet allocated
 * @allocated:	how many are
 * @used:	a bit per slot: taken by a client, the ring or @unacked
 * @limit:	number of slots
 * @directions:	mask of BIT(enum dma_transfer_direction) to and from peripherals
 * @blocks:	blocks of memory that were found to be there, their numbers plus 1, each in
 *		the place that its number says; 0: none
 *
 * @lock:	protects @head, @drop, chan.cookie, @config,
 *		@unacked, @parked, @open. Taken in any context.
 * @head:	last submitted position
 * @drop:	last terminated position
 * @open:	a client has the channel
 * @config:	copy of the client's slave configuration
 * @unacked:	finished descriptors that the client has not acknowledged
 * @parked:	finished descriptors that the client may submit again
 * @submitted:	counter
 * @terminates:	counter
 * @reclaimed:	@terminates when descriptors that were never submitted were last
 *		taken back
 *
 * @issued:	last issued position
 * @flags:	bits of enum dmasim_chan_flag
 *
 * @tail:	last finished or dropped position; written by the runner
 * @done:	last position whose callback has returned; written by the runner
 * @pausable:	the device has device_pause
 * @moving:	bytes are moved now, by a CPU with interrupts disabled; of a channel
 *		that is not pausable nobody asks
 * @paced:	the timing model is in use
 * @at_once:	bytes: a copy so long needs no portions, 0: all do
 * @no_order:	pairs of transfers may be exchanged
 * @mate:	up to which position it was decided whether to
 * @idle:	the runner has found the ring empty
 * @pace_due:	ns: the model's own clock
 * @pace_step:	bytes that @pace_due stands for, 0: not yet decided
 * @failure:	what the active descriptor has failed with
 * @fault_count: transfers since the last one that met a fault
 * @fault_at:	bytes: where the active descriptor meets its fault
 * @wake_at:	ns: when the runner wants to run again, 0: when kicked
 * @mates:	random numbers for that
 * @rnd:	state of the jitter
 * @timer:	runs the channel at @wake_at
 * @tasklet:	the softirq to run in
 * @thread:	the thread to run in, of the context `thread`
 * @wait:	who waits for @done
 * @stall:	entry in a peripheral's list of waiting channels
 * @completed:	counters of the runner: descriptors
 * @failures:	descriptors
 * @aborted:	descriptors
 * @dropped:	descriptors
 * @bytes:	bytes
 * @callbacks:	calls
 * @prep_failed: counter, any context
 * @defect:	what a planted defect keeps
 * @slow:	what a slower mover keeps
 *
 * Written by different CPUs: the part under the lock, the part that hands
 * over, and the runner's part have cache lines of their own.
 */
struct dmasim_chan {
	struct dma_chan chan;
	struct dmasim *sim;
	const struct dmasim_context *context;
	struct dmasim_desc **ring;
	dma_cookie_t *failed;
	unsigned int ring_mask;
	unsigned int limit;
	u32 directions;
	struct dmasim_desc **pool;
	unsigned long *used;
	unsigned long blocks[DMASIM_BLOCKS];
	atomic_t allocated;
	atomic_long_t prep_failed;

	spinlock_t lock ____cacheline_aligned_in_smp;
	unsigned int head;
	unsigned int drop;
	bool open;
	unsigned long submitted;
	unsigned long terminates;
	unsigned long reclaimed;
	struct list_head unacked;
	struct list_head parked;
	struct dma_slave_config config;

	unsigned int issued ____cacheline_aligned_in_smp;
	unsigned long flags;

	unsigned int tail ____cacheline_aligned_in_smp;
	unsigned int done;
	bool pausable;
	bool moving;
	bool paced;
	bool no_order;
	bool idle;
	u32 at_once;
	unsigned int mate;
	struct rnd_state mates;
	u32 pace_step;
	enum dmaengine_tx_result failure;
	u64 pace_due;
	u64 wake_at;
	u32 fault_count;
	u32 fault_at;
	unsigned long completed;
	unsigned long failures;
	unsigned long aborted;
	unsigned long dropped;
	unsigned long callbacks;
	u64 bytes;
	struct rnd_state rnd;
	struct hrtimer timer;
	struct tasklet_struct tasklet;
	struct task_struct *thread;
	struct wait_queue_head wait;
	struct list_head stall;
	struct dmasim_defect_chan defect;
	struct dmasim_slow slow;
};

static inline struct dmasim_chan *to_dmasim_chan(struct dma_chan *chan)
{
	return container_of(chan, struct dmasim_chan, chan);
}

/* Is position @a at or behind position @b? Positions wrap. */
static inline bool dmasim_reached(unsigned int a, unsigned int b)
{
	return (int)(a - b) >= 0;
}

int dmasim_chan_cache_init(void);
void dmasim_chan_cache_exit(void);
struct dmasim_chan *dmasim_chan_create(struct dmasim *sim, unsigned int index);
void dmasim_chan_destroy(struct dmasim_chan *c);
void dmasim_chan_kill(struct dmasim_chan *c);
void dmasim_chan_attach(struct dma_device *dma);
dma_cookie_t dmasim_submit(struct dma_async_tx_descriptor *tx);
void dmasim_progress(const struct dmasim_chan *c, const struct dmasim_desc *d,
		     struct dma_tx_state *st);
const char *dmasim_chan_state(struct dmasim_chan *c);

/* ------------------------------------------------------------------- engine */

/**
 * struct dmasim_callback - what the client is told, apart from the descriptor
 * @plain:	without result
 * @result:	with result, takes precedence
 * @param:	of either
 * @outcome:	the result
 * @parked:	the descriptor is the client's already
 * @late:	the callback may look at the descriptor's metadata
 *
 * Made before the transfer is seen to be complete, because then the very same
 * descriptor may be taken, or submitted again.
 */
struct dmasim_callback {
	dma_async_tx_callback plain;
	dma_async_tx_callback_result result;
	void *param;
	struct dmaengine_result outcome;
	bool parked;
	bool late;
};

static inline void dmasim_callback_run(const struct dmasim_callback *cb)
{
	if (cb->result)
		cb->result(cb->param, &cb->outcome);
	else
		cb->plain(cb->param);
}

void dmasim_callback_make(struct dmasim_callback *cb, const struct dmasim_desc *d,
			  enum dmaengine_tx_result result, u32 residue);
void dmasim_run(struct dmasim_chan *c, unsigned int budget);
void dmasim_kick(struct dmasim_chan *c);
void dmasim_wake(struct dmasim_chan *c);

/*
 * How much a runner may do before it must let others go first: so many steps and
 * pages, and what the end of a transfer counts for.
 */
#define DMASIM_BUDGET		2560
#define DMASIM_BUDGET_INLINE	320
#define DMASIM_COST		4

void dmasim_pace_init(struct dmasim_chan *c, u64 seed);
bool dmasim_pace_ready(struct dmasim_chan *c, struct dmasim_desc *d, size_t len);
size_t dmasim_pace_quantum(struct dmasim_chan *c, struct dmasim_desc *d);
void dmasim_pace_stalled(struct dmasim_chan *c);

void dmasim_order_init(struct dmasim_chan *c, u64 seed);
void dmasim_order_swap(struct dmasim_chan *c, unsigned int pos);
void dmasim_order_decide(struct dmasim_chan *c, unsigned int pos);
void dmasim_repeat(struct dmasim_desc *d, unsigned long flags);
bool dmasim_repeat_ends(struct dmasim_chan *c, unsigned int pos);

/* ---------------------------------------------------------------- addresses */

int dmasim_addr_setup(struct device *dev);
bool dmasim_addr_ok(struct dmasim_chan *c, dma_addr_t addr, size_t len);
void dmasim_addr_copy(struct dmasim *sim, dma_addr_t dst, dma_addr_t src, size_t len);
struct page *dmasim_addr_page(struct dmasim *sim, dma_addr_t addr);
void *dmasim_addr_map(struct dmasim *sim, dma_addr_t addr, size_t *len);
void dmasim_addr_unmap(void *vaddr);

/* ---------------------------------------------------------- slave transfers */

/**
 * enum dmasim_directions - which channels go which way
 * @DMASIM_DIR_BOTH:	all go both ways
 * @DMASIM_DIR_ALTERNATE: channels of even number write to peripherals, the
 *			others read from them
 */
enum dmasim_directions {
	DMASIM_DIR_BOTH,
	DMASIM_DIR_ALTERNATE,
};

/**
 * struct dmasim_width - a width that the bus may have
 * @name:	bytes, as in the parameter widths
 * @width:	bytes
 */
struct dmasim_width {
	const char *name;
	enum dma_slave_buswidth width;
};

extern const struct dmasim_width dmasim_widths[];
extern const unsigned int dmasim_nr_widths;

/* Largest burst that the parameter max_burst takes: bytes of a burst are a u16. */
#define DMASIM_MAX_BURST	4096

void dmasim_caps_describe(struct dmasim *sim);
void dmasim_caps_open(struct dmasim_chan *c, unsigned int index);
bool dmasim_caps_accept(const struct dmasim *sim, const struct dma_slave_config *config);

bool dmasim_slave_connect(struct dmasim_chan *c, struct dmasim_desc *d,
			  enum dma_transfer_direction dir);
ssize_t dmasim_slave_push(struct dmasim_chan *c, struct dmasim_desc *d, dma_addr_t addr,
			  size_t len);
ssize_t dmasim_slave_pull(struct dmasim_chan *c, struct dmasim_desc *d, dma_addr_t addr,
			  size_t len);
bool dmasim_slave_segment(struct dmasim_chan *c, struct dmasim_desc *d, unsigned int n,
			  dma_addr_t addr, size_t len);

/* ------------------------------------------------------------------- device */

/**
 * struct dmasim - a device
 * @dma:	the core's part
 * @cfg:	its shape, constant
 * @dev:	the platform device, referenced
 * @dir:	its debugfs folder
 * @fault:	which transfers fail
 * @defect:	in what way it is wrong
 * @periphs:	its peripherals
 * @client:	the devices that stand for them, where there are any
 * @client_name: their names
 * @client_map:	which channels they can have
 * @free_work:	frees it behind the core's back, see dmasim_release()
 * @widths:	mask of BIT(bytes): what slave_config may say
 * @flags:	of a transfer: what every operation accepts
 * @repeat_flags: what those operations accept besides that can be repeated
 * @named:	the names of the channels are held
 */
struct dmasim {
	struct dma_device dma;
	struct dmasim_config cfg;
	struct device *dev;
	struct dentry *dir;
	struct dmasim_fault fault;
	struct dmasim_defect defect;
	struct dmasim_periph periphs[DMASIM_NR_PERIPHS];
	struct platform_device *client[DMASIM_NR_PERIPHS];
	char *client_name[DMASIM_NR_PERIPHS];
	struct dma_slave_map client_map[2 * DMASIM_NR_PERIPHS];
	struct work_struct free_work;
	u32 widths;
	unsigned long flags;
	unsigned long repeat_flags;
	bool named;
};

static inline struct dmasim *to_dmasim(struct dma_device *dma)
{
	return container_of(dma, struct dmasim, dma);
}

int dmasim_clients_map(struct dmasim *sim);
void dmasim_clients_unmap(struct dmasim *sim);
int dmasim_clients_create(struct dmasim *sim);
void dmasim_clients_destroy(struct dmasim *sim);

int dmasim_probe(struct platform_device *pdev);
int dmasim_provider_init(void);
void dmasim_provider_exit(void);

int dmasim_device_get_id(void);
void dmasim_device_put_id(int id);
struct platform_device *dmasim_device_add(const struct dmasim_config *cfg, int id);

#if IS_ENABLED(CONFIG_CONFIGFS_FS)
int dmasim_configfs_init(void);
void dmasim_configfs_exit(void);
#else
static inline int dmasim_configfs_init(void) { return 0; }
static inline void dmasim_configfs_exit(void) { }
#endif

#ifdef CONFIG_DEBUG_FS
void dmasim_debugfs_init(void);
void dmasim_debugfs_exit(void);
void dmasim_debugfs_attach(struct dma_device *dma);
void dmasim_debugfs_add(struct dmasim *sim);
void dmasim_debugfs_remove(struct dmasim *sim);
#else
static inline void dmasim_debugfs_init(void) { }
static inline void dmasim_debugfs_exit(void) { }
static inline void dmasim_debugfs_attach(struct dma_device *dma) { }
static inline void dmasim_debugfs_add(struct dmasim *sim) { }
static inline void dmasim_debugfs_remove(struct dmasim *sim) { }
#endif

#endif /* _DMASIM_H */
