// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a channel under test offers, need by need. Each need is one line of the
 * table, with the words that a skipped case gives as its reason.
 */
#include <linux/cpumask.h>
#include <linux/kernel.h>

#include "suite.h"

static bool has_cap(const struct dmabench_suite *suite, enum dma_transaction_type cap)
{
	return dma_has_cap(cap, suite->chan->dma->device->cap_mask);
}

#define HAS_CAP(_name, _cap)							\
static bool has_##_name(const struct dmabench_suite *suite)			\
{										\
	return has_cap(suite, _cap);						\
}

HAS_CAP(memcpy, DMA_MEMCPY)
HAS_CAP(memset, DMA_MEMSET)
HAS_CAP(memset_sg, DMA_MEMSET_SG)
HAS_CAP(xor, DMA_XOR)
HAS_CAP(xor_val, DMA_XOR_VAL)
HAS_CAP(pq, DMA_PQ)
HAS_CAP(pq_val, DMA_PQ_VAL)
HAS_CAP(interrupt, DMA_INTERRUPT)
HAS_CAP(interleave, DMA_INTERLEAVE)
HAS_CAP(repeat, DMA_REPEAT)

static bool has_slave_cap(const struct dmabench_suite *suite)
{
	return has_cap(suite, DMA_SLAVE) || has_cap(suite, DMA_CYCLIC);
}

/* Many providers leave the directions empty (contract A1.1). */
static bool goes(const struct dmabench_suite *suite, struct dmabench_chan *chan,
		 enum dma_transfer_direction dir)
{
	struct dma_slave_caps caps;

	if (!suite->port || !chan ||
	    !(dir == DMA_MEM_TO_DEV ? suite->port->tx_addr : suite->port->rx_addr))
		return false;
	return dma_get_slave_caps(chan->dma, &caps) || !caps.directions ||
	       caps.directions & BIT(dir);
}

/* Of a word that dmabench provides there is no address before a channel is there. */
static bool word_is_there(const struct dmabench_suite *suite)
{
	return suite->port && suite->port->endpoint == DMABENCH_ENDPOINT_WORD;
}

static bool has_tx(const struct dmabench_suite *suite)
{
	return suite->chan->dma->device->device_prep_slave_sg &&
	       (goes(suite, suite->chan, DMA_MEM_TO_DEV) || word_is_there(suite));
}

static bool has_rx(const struct dmabench_suite *suite)
{
	return suite->chan->dma->device->device_prep_slave_sg &&
	       (goes(suite, suite->peer ?: suite->chan, DMA_DEV_TO_MEM) || word_is_there(suite));
}

static bool has_loopback(const struct dmabench_suite *suite)
{
	return has_tx(suite) && has_rx(suite) && suite->peer &&
	       suite->port->endpoint == DMABENCH_ENDPOINT_LOOPBACK;
}

static bool has_cyclic(const struct dmabench_suite *suite)
{
	const struct dma_device *device = suite->chan->dma->device;

	/* Only terminate ends it. */
	return has_cap(suite, DMA_CYCLIC) && device->device_prep_dma_cyclic &&
	       device->device_terminate_all && (has_tx(suite) || has_rx(suite));
}

static bool has_carrier(const struct dmabench_suite *suite)
{
	return has_memcpy(suite) || has_tx(suite);
}

static bool has_failing(const struct dmabench_suite *suite)
{
	return suite_knobs(suite)->failing_addr && has_slave_cap(suite) &&
	       suite->chan->dma->device->device_prep_slave_sg;
}

static bool has_dma_vec(const struct dmabench_suite *suite)
{
	return (has_tx(suite) || has_rx(suite)) &&
	       dmabench_op_dma_vec.lacks && !dmabench_op_dma_vec.lacks(suite->chan->dma->device);
}

static bool has_terminate(const struct dmabench_suite *suite)
{
	return suite->chan->dma->device->device_terminate_all;
}

static bool has_synchronize(const struct dmabench_suite *suite)
{
	return suite->chan->dma->device->device_synchronize;
}

static bool has_pause(const struct dmabench_suite *suite)
{
	return suite->chan->dma->device->device_pause;
}

static bool has_resume(const struct dmabench_suite *suite)
{
	return suite->chan->dma->device->device_resume;
}

static bool has_order(const struct dmabench_suite *suite)
{
	return !has_cap(suite, DMA_COMPLETION_NO_ORDER);
}

static bool has_residue(const struct dmabench_suite *suite)
{
	return suite->chan->dma->device->residue_granularity !=
	       DMA_RESIDUE_GRANULARITY_DESCRIPTOR;
}

static bool has_reuse(const struct dmabench_suite *suite)
{
	return suite->chan->dma->device->descriptor_reuse;
}

static bool has_metadata_client(const struct dmabench_suite *suite)
{
	return suite->chan->dma->device->desc_metadata_modes & DESC_METADATA_CLIENT;
}

static bool has_metadata_engine(const struct dmabench_suite *suite)
{
	return suite->chan->dma->device->desc_metadata_modes & DESC_METADATA_ENGINE;
}

static bool has_public(const struct dmabench_suite *suite)
{
	return !has_cap(suite, DMA_PRIVATE);
}

static bool has_smp(const struct dmabench_suite *suite)
{
	return num_online_cpus() > 1;
}

struct suite_need {
	const char *name;
	bool (*met)(const struct dmabench_suite *suite);
	const char *missing;
};

static const struct suite_need suite_needs[CASE_NEEDS] = {
	[CASE_NEED_MEMCPY]	= { "memcpy", has_memcpy, "the provider has no memcpy" },
	[CASE_NEED_MEMSET]	= { "memset", has_memset, "the provider has no memset" },
	[CASE_NEED_MEMSET_SG]	= { "memset_sg", has_memset_sg, "the provider has no memset_sg" },
	[CASE_NEED_XOR]		= { "xor", has_xor, "the provider has no xor" },
	[CASE_NEED_XOR_VAL]	= { "xor_val", has_xor_val, "the provider has no xor_val" },
	[CASE_NEED_PQ]		= { "pq", has_pq, "the provider has no pq" },
	[CASE_NEED_PQ_VAL]	= { "pq_val", has_pq_val, "the provider has no pq_val" },
	[CASE_NEED_INTERRUPT]	= { "interrupt", has_interrupt, "the provider has no interrupt" },
	[CASE_NEED_INTERLEAVE]	= { "interleaved", has_interleave,
				    "the provider has no interleaved" },
	[CASE_NEED_REPEAT]	= { "repeat", has_repeat, "the provider has no DMA_REPEAT" },
	[CASE_NEED_SLAVE_CAP]	= { "slave_or_cyclic", has_slave_cap,
				    "the provider is neither slave nor cyclic" },
	[CASE_NEED_CARRIER]	= { "carrier", has_carrier,
				    "there is no memcpy, and no peripheral to write to" },
	[CASE_NEED_TX]		= { "tx", has_tx,
				    "no peripheral to write to: set peripheral, or tx_addr" },
	[CASE_NEED_RX]		= { "rx", has_rx,
				    "no peripheral to read from: set peripheral, or rx_addr" },
	[CASE_NEED_LOOPBACK]	= { "loopback", has_loopback,
				    "no endpoint=loopback with a channel for either direction" },
	[CASE_NEED_CYCLIC]	= { "cyclic", has_cyclic,
				    "no cyclic, no terminate to end it, or no peripheral" },
	[CASE_NEED_DMA_VEC]	= { "dma_vec", has_dma_vec,
				    "no peripheral_dma_vec, or no peripheral for it" },
	[CASE_NEED_FAILING]	= { "failing", has_failing,
				    "no peripheral that fails: set failing_addr" },
	[CASE_NEED_TERMINATE]	= { "terminate", has_terminate,
				    "the provider has no terminate_all" },
	[CASE_NEED_SYNCHRONIZE]	= { "synchronize", has_synchronize,
				    "the provider has no synchronize" },
	[CASE_NEED_PAUSE]	= { "pause", has_pause, "the provider has no pause" },
	[CASE_NEED_RESUME]	= { "resume", has_resume, "the provider has no resume" },
	[CASE_NEED_ORDER]	= { "order", has_order, "the provider completes out of order" },
	[CASE_NEED_RESIDUE]	= { "residue", has_residue,
				    "the residue is that of whole descriptors" },
	[CASE_NEED_REUSE]	= { "reuse", has_reuse, "the provider has no reuse" },
	[CASE_NEED_METADATA_CLIENT] = { "metadata_client", has_metadata_client,
					"the provider takes no metadata of the client" },
	[CASE_NEED_METADATA_ENGINE] = { "metadata_engine", has_metadata_engine,
					"the provider gives no metadata of the engine" },
	[CASE_NEED_PUBLIC]	= { "public", has_public, "the device is private" },
	[CASE_NEED_SMP]		= { "smp", has_smp, "only one CPU is online" },
};

/**
 * dmabench_need_name - a need in a word
 * @need: the need
 *
 * Return: the word.
 */
const char *dmabench_need_name(enum case_need need)
{
	return suite_needs[need].name;
}

/**
 * dmabench_suite_explore - find out what the channel offers
 * @suite: has its channel
 */
void dmabench_suite_explore(struct dmabench_suite *suite)
{
	unsigned int i;

	suite->has_caps = !dma_get_slave_caps(suite->chan->dma, &suite->caps);
	for (i = 0; i < CASE_NEEDS; i++)
		suite->unmet[i] = suite_needs[i].met(suite) ? NULL : suite_needs[i].missing;
}

/**
 * case_can - whether the channel offers something
 * @t: the trial
 * @need: what
 *
 * Return: true if so.
 */
bool case_can(const struct case_trial *t, enum case_need need)
{
	return !t->suite->unmet[need];
}
