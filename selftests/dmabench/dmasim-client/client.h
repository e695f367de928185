/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * dmasim_client - what the chapters of the test share
 */
#ifndef _DMASIM_CLIENT_H
#define _DMASIM_CLIENT_H

#include <linux/completion.h>
#include <linux/dmaengine.h>
#include <linux/types.h>

/* Every buffer of the test is this large, the largest transfer a half of it. */
#define CLIENT_BUF	SZ_2M

/* After that long a transfer is taken for lost. */
#define CLIENT_TIMEOUT	(60 * HZ)

/**
 * struct client_xfer - one transfer, and what came of it
 * @cookie:	of its submit
 * @calls:	how many callbacks came
 * @plain:	how many of them were without result
 * @order:	number of the first callback among all
 * @result:	of the last callback_result
 * @bad_context: callbacks that came in hard irq or with interrupts off
 * @incomplete:	callbacks that came before the cookie was complete
 * @done:	completed by every callback
 * @chan:	channel that it runs on
 */
struct client_xfer {
	dma_cookie_t cookie;
	atomic_t calls;
	atomic_t plain;
	int order;
	struct dmaengine_result result;
	atomic_t bad_context;
	atomic_t incomplete;
	struct completion done;
	struct dma_chan *chan;
};

/**
 * struct client - the test's surroundings
 * @chan:	channels, the second one is NULL if there is only one
 * @dev:	for mapping
 * @src:	buffer to read
 * @dst:	buffer to write
 * @src_dma:	its bus address
 * @dst_dma:	its bus address
 * @xfers:	room for transfers
 * @nr_xfers:	how many
 * @order:	counts callbacks
 */
struct client {
	struct dma_chan *chan[2];
	struct device *dev;
	u8 *src;
	u8 *dst;
	dma_addr_t src_dma;
	dma_addr_t dst_dma;
	struct client_xfer *xfers;
	unsigned int nr_xfers;
	atomic_t order;
};

extern struct client client;

extern char *client_fault;
extern unsigned int client_fault_every, client_fault_at;
extern unsigned long client_loopback_tx, client_loopback_rx, client_sink;

/**
 * struct client_test - a test
 * @name:	in the KTAP
 * @run:	returns 0 or, after client_fail(), -EINVAL; -EOPNOTSUPP to skip
 */
struct client_test {
	const char *name;
	int (*run)(void);
};

extern const struct client_test client_memory_tests[];
extern const struct client_test client_raid_tests[];
extern const struct client_test client_scatter_tests[];
extern const struct client_test client_queue_tests[];
extern const struct client_test client_slave_tests[];
extern const struct client_test client_cyclic_tests[];
extern const struct client_test client_vec_tests[];
extern const struct client_test client_interleave_tests[];
extern const struct client_test client_repeat_tests[];
extern const struct client_test client_control_tests[];
extern const struct client_test client_reuse_tests[];
extern const struct client_test client_unmap_tests[];
extern const struct client_test client_meta_tests[];
extern const struct client_test client_shape_tests[];
extern const struct client_test client_fault_tests[];
extern const struct client_test client_periph_tests[];
extern const struct client_test client_life_tests[];

__printf(1, 2) int client_fail(const char *fmt, ...);
__printf(1, 2) void client_note(const char *fmt, ...);

/*
 * These end the calling test unless what they say holds. The names of their
 * variables are made up so as not to hide those of the caller.
 */
#define CLIENT_EXPECT(cond, id)						\
	do {								\
		bool holds_##id = (cond);				\
									\
		if (!holds_##id)					\
			return client_fail("%s:%d: expected %s",	\
					   __func__, __LINE__, #cond);	\
	} while (0)

#define CLIENT_EXPECT_EQ(a, b, id)					\
	do {								\
		long long is_##id = (long long)(a);			\
		long long want_##id = (long long)(b);			\
									\
		if (is_##id != want_##id)				\
			return client_fail("%s:%d: %s is %lld, not %s, %lld", \
					   __func__, __LINE__, #a, is_##id, \
					   #b, want_##id);		\
	} while (0)

#define CLIENT_TRY(call, id)						\
	do {								\
		int ret_##id = (call);					\
									\
		if (ret_##id)						\
			return ret_##id;				\
	} while (0)

#define EXPECT(cond)		CLIENT_EXPECT(cond, here)
#define EXPECT_EQ(a, b)		CLIENT_EXPECT_EQ(a, b, here)
#define TRY(call)		CLIENT_TRY(call, here)

int client_open(unsigned int channels);
void client_close(void);
bool client_can(enum dma_transaction_type cap);
bool client_has_terminate(void);

void client_fill(u8 *buf, size_t len, u32 seed);
int client_check(const u8 *buf, size_t len, u32 seed);
int client_check_byte(const u8 *buf, size_t len, u8 byte);

int client_submit(struct client_xfer *x, struct dma_async_tx_descriptor *tx);
int client_submit_plain(struct client_xfer *x, struct dma_async_tx_descriptor *tx);
int client_memcpy(struct client_xfer *x, size_t dst, size_t src, size_t len);
int client_wait(struct client_xfer *x);
int client_finished(struct client_xfer *x);

int client_config(unsigned int chan, enum dma_transfer_direction dir, unsigned long addr,
		  unsigned int width, unsigned int burst);
struct dma_async_tx_descriptor *client_single(unsigned int chan, dma_addr_t addr, size_t len,
					      enum dma_transfer_direction dir);
unsigned int client_rounds(unsigned int usual);
int client_drain_loopback(void);
int client_loopback_open(unsigned int width, unsigned int burst);

#define CLIENT_FLAGS	(DMA_PREP_INTERRUPT | DMA_CTRL_ACK)

#endif /* _DMASIM_CLIENT_H */
