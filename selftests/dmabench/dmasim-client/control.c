// SPDX-License-Identifier: GPL-2.0-only
/*
 * dmasim_client - pause, resume, terminate, synchronize, residue
 *
 * covers: device_pause dmaengine_pause device_resume dmaengine_resume
 * covers: device_terminate_all dmaengine_terminate_async
 * covers: dmaengine_terminate_sync device_synchronize dmaengine_synchronize
 * covers: device_tx_status dmaengine_tx_status residue_granularity
 */
#include <linux/delay.h>
#include <linux/dma-mapping.h>
#include <linux/kernel.h>
#include <linux/ktime.h>
#include <linux/prandom.h>
#include <linux/preempt.h>
#include <linux/smp.h>
#include <linux/spinlock.h>

#include "client.h"

static int control_sink_open(void)
{
	TRY(client_open(1));
	if (!client_can(DMA_SLAVE) || !client_has_terminate() || !client_sink)
		return -EOPNOTSUPP;
	EXPECT_EQ(client_config(0, DMA_MEM_TO_DEV, client_sink, 1, 16), 0);
	return 0;
}

static int control_loopback_open(void)
{
	TRY(client_open(2));
	if (!client_can(DMA_SLAVE) || !client_has_terminate() || !client_loopback_tx ||
	    !client_loopback_rx)
		return -EOPNOTSUPP;
	TRY(client_drain_loopback());
	EXPECT_EQ(client_config(0, DMA_MEM_TO_DEV, client_loopback_tx, 1, 16), 0);
	EXPECT_EQ(client_config(1, DMA_DEV_TO_MEM, client_loopback_rx, 1, 16), 0);
	return 0;
}

static bool control_can_pause(void)
{
	return client.chan[0]->device->device_pause && client.chan[0]->device->device_resume;
}

#define CONTROL_LEN	60000

static int test_residue(void)
{
	struct client_xfer *x = client.xfers;
	enum dma_residue_granularity granularity;
	unsigned int steps = 0, max_segment;
	struct dma_tx_state state;
	u32 last = CONTROL_LEN;
	ktime_t start;

	TRY(control_sink_open());
	granularity = client.chan[0]->device->residue_granularity;
	max_segment = dma_get_max_seg_size(client.dev);
	TRY(client_submit(&x[0], client_single(0, client.src_dma, CONTROL_LEN, DMA_MEM_TO_DEV)));
	TRY(client_submit(&x[1], client_single(0, client.src_dma, 777, DMA_MEM_TO_DEV)));
	dma_async_issue_pending(client.chan[0]);

	start = ktime_get();
	while (dmaengine_tx_status(client.chan[0], x[0].cookie, &state) != DMA_COMPLETE) {
		EXPECT(ktime_us_delta(ktime_get(), start) < 10 * USEC_PER_SEC);
		EXPECT(state.residue <= last);
		EXPECT(state.in_flight_bytes <= CONTROL_LEN);
		if (granularity == DMA_RESIDUE_GRANULARITY_DESCRIPTOR)
			EXPECT_EQ(state.residue, 0);
		else if (granularity == DMA_RESIDUE_GRANULARITY_SEGMENT)
			EXPECT_EQ((CONTROL_LEN - state.residue) % max_segment, 0);
		else
			EXPECT_EQ((CONTROL_LEN - state.residue) % 16, 0);
		steps += state.residue != last;
		last = state.residue;

		/* One transfer's progress is not another one's. */
		EXPECT_EQ(dmaengine_tx_status(client.chan[0], x[1].cookie, NULL), DMA_IN_PROGRESS);
		dmaengine_tx_status(client.chan[0], x[1].cookie, &state);
		if (granularity != DMA_RESIDUE_GRANULARITY_DESCRIPTOR &&
		    dmaengine_tx_status(client.chan[0], x[0].cookie, NULL) != DMA_COMPLETE)
			EXPECT_EQ(state.residue, 777);
		usleep_range(200, 300);
	}
	/* A coarse clock of the kernel makes it jump. */
	if (granularity == DMA_RESIDUE_GRANULARITY_BURST)
		EXPECT(steps >= 2);
	EXPECT_EQ(state.residue, 0);
	EXPECT(state.last >= x[0].cookie);
	EXPECT_EQ(state.used, x[1].cookie);
	TRY(client_wait(&x[0]));
	return client_wait(&x[1]);
}

static int test_pause(void)
{
	struct dma_tx_state a, b;
	struct client_xfer *x = client.xfers;
	unsigned int i;

	TRY(control_loopback_open());
	if (!control_can_pause())
		return -EOPNOTSUPP;

	client_fill(client.src, SZ_256K, 1);
	TRY(client_submit(&x[0], client_single(0, client.src_dma, SZ_256K, DMA_MEM_TO_DEV)));
	TRY(client_submit(&x[1], client_single(1, client.dst_dma, SZ_256K, DMA_DEV_TO_MEM)));
	/* Paused before there is anything to read: it cannot have finished. */
	dma_async_issue_pending(client.chan[1]);
	EXPECT_EQ(dmaengine_pause(client.chan[1]), 0);
	dma_async_issue_pending(client.chan[0]);
	msleep(20);
	EXPECT_EQ(dmaengine_tx_status(client.chan[1], x[1].cookie, NULL), DMA_PAUSED);
	TRY(client_check_byte(client.dst, SZ_256K, 0xee));
	EXPECT_EQ(dmaengine_pause(client.chan[1]), 0);
	EXPECT_EQ(dmaengine_resume(client.chan[1]), 0);

	/* Again and again while it runs; nothing is lost, nothing twice. */
	for (i = 0; i < 200; i++) {
		enum dma_status status;

		EXPECT_EQ(dmaengine_pause(client.chan[1]), 0);
		status = dmaengine_tx_status(client.chan[1], x[1].cookie, &a);
		if (status == DMA_COMPLETE) {
			EXPECT_EQ(dmaengine_resume(client.chan[1]), 0);
			break;
		}
		EXPECT_EQ(status, DMA_PAUSED);
		if (i % 20 == 0)
			usleep_range(1000, 2000);
		EXPECT_EQ(dmaengine_tx_status(client.chan[1], x[1].cookie, &b), DMA_PAUSED);
		EXPECT_EQ(a.residue, b.residue);
		EXPECT_EQ(atomic_read(&x[1].calls), 0);
		EXPECT_EQ(dmaengine_resume(client.chan[1]), 0);
	}
	client_note("paused %u times", i);
	TRY(client_wait(&x[0]));
	TRY(client_wait(&x[1]));
	return client_check(client.dst, SZ_256K, 1);
}

#define CONTROL_SAMPLES	(SZ_1M / SZ_4K)

/* The last byte of each page, beginning where the engine is. */
static void control_sample(u8 *sample, u32 residue)
{
	unsigned int at = (SZ_1M - residue) / SZ_4K, i;

	for (i = 0; i < CONTROL_SAMPLES; i++)
		sample[i] = READ_ONCE(client.dst[(at + i) % CONTROL_SAMPLES * SZ_4K + SZ_4K - 1]);
}

static int test_pause_memcpy(void)
{
	static u8 before[CONTROL_SAMPLES], after[CONTROL_SAMPLES];
	struct client_xfer *x = client.xfers;
	struct dma_tx_state state;
	unsigned int rounds = client_rounds(200);
	unsigned int i, paused = 0;
	enum dma_status status;
	unsigned long flags;
	int ret;

	TRY(client_open(1));
	if (!client_can(DMA_MEMCPY) || !control_can_pause())
		return -EOPNOTSUPP;

	client_fill(client.src, SZ_1M, 2);
	for (i = 0; i < rounds; i++) {
		memset(client.dst, i, SZ_1M);
		TRY(client_memcpy(&x[i], 0, 0, SZ_1M));
		dma_async_issue_pending(client.chan[0]);
		if (i % 2)
			udelay(i);

		local_irq_save(flags);
		ret = dmaengine_pause(client.chan[0]);
		/* From here on nobody writes, whatever the state. */
		status = dmaengine_tx_status(client.chan[0], x[i].cookie, &state);
		control_sample(before, state.residue);
		local_irq_restore(flags);

		EXPECT_EQ(ret, 0);
		if (status == DMA_PAUSED) {
			paused++;
			usleep_range(50, 100);
			control_sample(after, state.residue);
			EXPECT(!memcmp(before, after, sizeof(before)));
			EXPECT_EQ(dmaengine_tx_status(client.chan[0], x[i].cookie, NULL),
				  DMA_PAUSED);
			EXPECT_EQ(dmaengine_resume(client.chan[0]), 0);
		}
		TRY(client_wait(&x[i]));
		TRY(client_check(client.dst, SZ_1M, 2));
	}
	client_note("paused %u of %u", paused, rounds);
	return 0;
}

/* What a hard irq on another CPU waits for while the channel is paused. */
static DEFINE_SPINLOCK(control_lock);
static bool control_stuck;

#define CONTROL_STUCK_NS	(10 * NSEC_PER_SEC)

/* In hard irq. Gives up, for a test that fails is better than a machine that hangs. */
static void control_ask(void *unused)
{
	u64 since = ktime_get_ns();

	while (!spin_trylock(&control_lock)) {
		if (ktime_get_ns() - since > CONTROL_STUCK_NS) {
			WRITE_ONCE(control_stuck, true);
			return;
		}
		cpu_relax();
	}
	spin_unlock(&control_lock);
}

static bool control_is_stuck(void)
{
	return READ_ONCE(control_stuck);
}

static void control_issue(void *unused)
{
	dma_async_issue_pending(client.chan[0]);
}

static int control_pause_from_afar(unsigned int there)
{
	static call_single_data_t ask = CSD_INIT(control_ask, NULL);
	struct client_xfer *x = client.xfers;
	unsigned int rounds = client_rounds(200);
	unsigned long flags;
	unsigned int i;
	int ret;

	for (i = 0; i < rounds; i++) {
		TRY(client_memcpy(&x[i], 0, 0, SZ_1M));
		EXPECT_EQ(smp_call_function_single(there, control_issue, NULL, true), 0);
		udelay(i % 64);

		spin_lock_irqsave(&control_lock, flags);
		ret = smp_call_function_single_async(there, &ask) ?:
		      dmaengine_pause(client.chan[0]);
		spin_unlock_irqrestore(&control_lock, flags);

		EXPECT_EQ(ret, 0);
		EXPECT(!control_is_stuck());
		EXPECT_EQ(dmaengine_resume(client.chan[0]), 0);
		TRY(client_wait(&x[i]));
	}
	return 0;
}

/* As ALSA does: both trigger and interrupt take the stream's lock. */
static int test_pause_under_lock(void)
{
	int ret;

	TRY(client_open(1));
	if (!client_can(DMA_MEMCPY) || !control_can_pause() || num_online_cpus() < 2)
		return -EOPNOTSUPP;

	control_stuck = false;
	migrate_disable();
	ret = control_pause_from_afar(cpumask_any_but(cpu_online_mask, smp_processor_id()));
	migrate_enable();
	return ret;
}

static int test_pause_idle(void)
{
	struct client_xfer *x = client.xfers;

	TRY(client_open(1));
	if (!client_can(DMA_MEMCPY) || !control_can_pause())
		return -EOPNOTSUPP;

	dmaengine_resume(client.chan[0]);
	dmaengine_pause(client.chan[0]);
	dmaengine_pause(client.chan[0]);
	TRY(client_memcpy(&x[0], 0, 0, SZ_4K));
	dma_async_issue_pending(client.chan[0]);
	TRY(client_wait(&x[0]));
	dmaengine_resume(client.chan[0]);
	TRY(client_memcpy(&x[1], 0, 0, SZ_4K));
	dma_async_issue_pending(client.chan[0]);
	return client_wait(&x[1]);
}

enum control_state { SUBMITTED, ISSUED, RUNNING, PAUSED, QUEUED_BEHIND, CONTROL_STATES };

static int control_terminate_in(enum control_state state)
{
	struct client_xfer *x = client.xfers;
	unsigned int i;

	for (i = 0; i < 4; i++) {
		memset(&x[i], 0, sizeof(x[i]));
		init_completion(&x[i].done);
	}
	TRY(client_drain_loopback());
	EXPECT_EQ(client_config(1, DMA_DEV_TO_MEM, client_loopback_rx, 1, 16), 0);

	TRY(client_submit(&x[0], client_single(1, client.dst_dma, SZ_64K, DMA_DEV_TO_MEM)));
	TRY(client_submit(&x[1], client_single(1, client.dst_dma, SZ_64K, DMA_DEV_TO_MEM)));
	if (state != SUBMITTED)
		dma_async_issue_pending(client.chan[1]);
	if (state == RUNNING || state == PAUSED) {
		/* It has got something, and wants more. */
		TRY(client_submit(&x[2], client_single(0, client.src_dma, 100, DMA_MEM_TO_DEV)));
		dma_async_issue_pending(client.chan[0]);
		TRY(client_wait(&x[2]));
		usleep_range(2000, 3000);
	}
	if (state == PAUSED)
		EXPECT_EQ(dmaengine_pause(client.chan[1]), 0);
	if (state == QUEUED_BEHIND)
		TRY(client_submit(&x[3], client_single(1, client.dst_dma, SZ_64K, DMA_DEV_TO_MEM)));

	EXPECT_EQ(dmaengine_terminate_sync(client.chan[1]), 0);
	EXPECT_EQ(dmaengine_terminate_sync(client.chan[1]), 0);

	/* Nobody reads the FIFO or writes to memory any more. */
	memset(client.dst, 0xdd, SZ_64K);
	memset(&x[2], 0, sizeof(x[2]));
	init_completion(&x[2].done);
	client_fill(client.src, SZ_4K, state);
	TRY(client_submit(&x[2], client_single(0, client.src_dma, SZ_4K, DMA_MEM_TO_DEV)));
	dma_async_issue_pending(client.chan[0]);
	dma_async_issue_pending(client.chan[1]);
	TRY(client_wait(&x[2]));
	msleep(20);
	TRY(client_check_byte(client.dst, SZ_64K, 0xdd));
	EXPECT_EQ(atomic_read(&x[0].calls), 0);
	EXPECT_EQ(atomic_read(&x[1].calls), 0);
	EXPECT_EQ(atomic_read(&x[3].calls), 0);
	EXPECT(dmaengine_tx_status(client.chan[1], x[0].cookie, NULL) != DMA_COMPLETE);
	EXPECT(dmaengine_tx_status(client.chan[1], x[1].cookie, NULL) != DMA_IN_PROGRESS);

	/* And the next one starts right away and gets all of it. */
	memset(&x[3], 0, sizeof(x[3]));
	init_completion(&x[3].done);
	TRY(client_submit(&x[3], client_single(1, client.dst_dma, SZ_4K, DMA_DEV_TO_MEM)));
	dma_async_issue_pending(client.chan[1]);
	TRY(client_wait(&x[3]));
	return client_check(client.dst, SZ_4K, state);
}

static int test_terminate_in_every_state(void)
{
	enum control_state state;

	TRY(control_loopback_open());
	for (state = SUBMITTED; state < CONTROL_STATES; state++) {
		if (state == PAUSED && !control_can_pause())
			continue;
		TRY(control_terminate_in(state));
	}
	return 0;
}

static int test_terminate_idle(void)
{
	unsigned int i;

	TRY(client_open(1));
	if (!client_has_terminate())
		return -EOPNOTSUPP;
	for (i = 0; i < client_rounds(1000); i++)
		EXPECT_EQ(dmaengine_terminate_sync(client.chan[0]), 0);
	return 0;
}

#define CONTROL_LOOPS	3000

/* Copies are killed at random times; one that is issued behind survives. */
static int test_restart(void)
{
	struct client_xfer *x = client.xfers;
	unsigned int rounds = client_rounds(CONTROL_LOOPS);
	unsigned int i, k, killed = 0;
	struct rnd_state rnd;
	bool sync;

	TRY(client_open(1));
	if (!client_can(DMA_MEMCPY) || !client_has_terminate())
		return -EOPNOTSUPP;

	prandom_seed_state(&rnd, 4711);
	client_fill(client.src, SZ_64K, 3);
	for (i = 0; i < rounds; i++) {
		for (k = 0; k < 4; k++) {
			memset(&x[k], 0, sizeof(x[k]));
			init_completion(&x[k].done);
			if (k < 3)
				TRY(client_memcpy(&x[k], SZ_128K + k * SZ_64K, 0, SZ_64K));
		}
		sync = prandom_u32_state(&rnd) % 2;
		dma_async_issue_pending(client.chan[0]);
		k = prandom_u32_state(&rnd) % 8;
		if (k == 1)
			usleep_range(10, 100);
		else if (k > 1)
			ndelay(k * 1000);
		EXPECT_EQ(dmaengine_terminate_async(client.chan[0]), 0);
		if (sync) {
			dmaengine_synchronize(client.chan[0]);
			memset(client.dst + SZ_128K, 0xee, 3 * SZ_64K);
		}
		killed += !atomic_read(&x[2].calls);

		memset(client.dst, 0, 256);
		TRY(client_memcpy(&x[3], 0, 0, 256));
		dma_async_issue_pending(client.chan[0]);
		TRY(client_wait(&x[3]));
		EXPECT(!memcmp(client.dst, client.src, 256));
		dmaengine_synchronize(client.chan[0]);
		for (k = 0; k < 3; k++)
			EXPECT(atomic_read(&x[k].calls) <= 1);
		if (sync)
			for (k = 0; k < 3 * SZ_64K; k += 61)
				EXPECT_EQ(client.dst[SZ_128K + k], 0xee);
	}
	client_note("%u of %u were killed in time", killed, rounds);
	return 0;
}

/**
 * struct control_slow - a callback that takes its time
 * @inside:	it runs
 * @calls:	how often it has run
 */
struct control_slow {
	bool inside;
	unsigned int calls;
};

static void control_slow_callback(void *param)
{
	struct control_slow *slow = param;
	ktime_t start = ktime_get();

	WRITE_ONCE(slow->inside, true);
	while (ktime_us_delta(ktime_get(), start) < 2000)
		cpu_relax();
	slow->calls++;
	/* The last access to what may be freed after synchronize. */
	smp_store_release(&slow->inside, false);
}

static int test_synchronize_waits(void)
{
	static struct control_slow slow;
	struct dma_async_tx_descriptor *tx;
	unsigned int i, k, met = 0;

	TRY(client_open(1));
	if (!client_can(DMA_MEMCPY) || !client_has_terminate())
		return -EOPNOTSUPP;

	for (i = 0; i < client_rounds(50); i++) {
		slow.calls = 0;
		for (k = 0; k < 3; k++) {
			tx = dmaengine_prep_dma_memcpy(client.chan[0], client.dst_dma,
						       client.src_dma, 64, CLIENT_FLAGS);
			EXPECT(tx);
			tx->callback = control_slow_callback;
			tx->callback_param = &slow;
			EXPECT(!dma_submit_error(dmaengine_submit(tx)));
		}
		dma_async_issue_pending(client.chan[0]);
		for (k = 0; k < 1000 && !READ_ONCE(slow.inside) && READ_ONCE(slow.calls) < 3; k++)
			udelay(5);
		if (i % 2)
			EXPECT_EQ(dmaengine_terminate_async(client.chan[0]), 0);
		met += READ_ONCE(slow.inside);
		dmaengine_synchronize(client.chan[0]);
		k = slow.calls;
		if (i % 2) {
			EXPECT(!slow.inside);
			usleep_range(100, 200);
			EXPECT_EQ(slow.calls, k);
			EXPECT(!slow.inside);
		} else {
			/* Nothing was terminated: the rest may go on. */
			EXPECT_EQ(dmaengine_terminate_sync(client.chan[0]), 0);
		}
	}
	client_note("met %u callbacks", met);
	return 0;
}

static int test_terminate_irqs_disabled(void)
{
	struct client_xfer *x = client.xfers;
	unsigned int i, rounds = client_rounds(100);
	unsigned long flags;
	int ret = 0;

	TRY(client_open(1));
	if (!client_can(DMA_MEMCPY) || !client_has_terminate())
		return -EOPNOTSUPP;
	for (i = 0; i < rounds; i++) {
		local_irq_save(flags);
		ret = client_memcpy(&x[2 * i], 0, 0, SZ_64K);
		dma_async_issue_pending(client.chan[0]);
		if (!ret)
			ret = dmaengine_terminate_async(client.chan[0]);
		if (!ret)
			ret = client_memcpy(&x[2 * i + 1], SZ_64K, 0, 512);
		dma_async_issue_pending(client.chan[0]);
		local_irq_restore(flags);
		TRY(ret);
		TRY(client_wait(&x[2 * i + 1]));
	}
	dmaengine_synchronize(client.chan[0]);
	for (i = 0; i < rounds; i++)
		EXPECT(atomic_read(&x[2 * i].calls) <= 1);
	return 0;
}

static int test_status_without_state(void)
{
	struct client_xfer *x = client.xfers;

	TRY(control_sink_open());
	TRY(client_submit(&x[0], client_single(0, client.src_dma, 4000, DMA_MEM_TO_DEV)));
	EXPECT_EQ(dmaengine_tx_status(client.chan[0], x[0].cookie, NULL), DMA_IN_PROGRESS);
	dma_async_issue_pending(client.chan[0]);
	TRY(client_wait(&x[0]));
	EXPECT_EQ(dmaengine_tx_status(client.chan[0], x[0].cookie, NULL), DMA_COMPLETE);
	return 0;
}

/* The sink takes its time, and the transfer with it. */
static int test_sink_paces(void)
{
	struct client_xfer *x = client.xfers;
	ktime_t start;
	s64 took;

	TRY(control_sink_open());
	start = ktime_get();
	TRY(client_submit(&x[0], client_single(0, client.src_dma, 20000, DMA_MEM_TO_DEV)));
	dma_async_issue_pending(client.chan[0]);
	TRY(client_wait(&x[0]));
	took = ktime_us_delta(ktime_get(), start);
	client_note("20000 bytes took %lld us", took);
	EXPECT(took > 10 * USEC_PER_MSEC);
	return 0;
}

const struct client_test client_control_tests[] = {
	{ "control_residue",		test_residue },
	{ "control_status_without_state", test_status_without_state },
	{ "control_sink_paces",		test_sink_paces },
	{ "control_pause",		test_pause },
	{ "control_pause_memcpy",	test_pause_memcpy },
	{ "control_pause_under_lock",	test_pause_under_lock },
	{ "control_pause_idle",		test_pause_idle },
	{ "control_terminate_in_every_state", test_terminate_in_every_state },
	{ "control_terminate_idle",	test_terminate_idle },
	{ "control_synchronize_waits",	test_synchronize_waits },
	{ "control_terminate_irqs_disabled", test_terminate_irqs_disabled },
	{ "control_restart",		test_restart },
	{ }
};
