// SPDX-License-Identifier: GPL-2.0-only
/*
 * dmasim - transfers that fail on request
 *
 * Behind a static key: while no device has a fault set, the runner does not
 * even ask.
 */
#include <linux/kernel.h>
#include <linux/minmax.h>
#include <linux/mutex.h>
#include <linux/seq_file.h>
#include <linux/string.h>

#include "dmasim.h"
#include "fault.h"

DEFINE_STATIC_KEY_FALSE(dmasim_fault_key);

/* Keeps the key in step with the devices that have a fault set. */
static DEFINE_MUTEX(dmasim_fault_mutex);

/**
 * struct dmasim_fault_kind - a way to fail
 * @name:	as it is written to the file
 * @result:	what the client is told
 */
struct dmasim_fault_kind {
	const char *name;
	enum dmaengine_tx_result result;
};

/* The first one is none: 0 in a descriptor means that nothing was decided. */
static const struct dmasim_fault_kind dmasim_fault_kinds[] = {
	{ "none",	DMA_TRANS_NOERROR },
	{ "read",	DMA_TRANS_READ_FAILED },
	{ "write",	DMA_TRANS_WRITE_FAILED },
	{ "abort",	DMA_TRANS_ABORTED },
	{ "short",	DMA_TRANS_NOERROR },
};

/* Of a descriptor: it was found to be none that fails. */
#define DMASIM_FAULT_SPARED	U8_MAX

static_assert(ARRAY_SIZE(dmasim_fault_kinds) < DMASIM_FAULT_SPARED);

/**
 * dmasim_fault_init() - let a device be without fault
 * @sim:	new device
 */
void dmasim_fault_init(struct dmasim *sim)
{
	sim->fault.every = 1;
}

static void dmasim_fault_set(struct dmasim *sim, const struct dmasim_fault *fault)
{
	bool was, is;

	mutex_lock(&dmasim_fault_mutex);
	was = sim->fault.kind;
	is = fault->kind;
	WRITE_ONCE(sim->fault.at, fault->at);
	WRITE_ONCE(sim->fault.every, fault->every);
	WRITE_ONCE(sim->fault.kind, fault->kind);
	if (is && !was)
		static_branch_inc(&dmasim_fault_key);
	if (was && !is)
		static_branch_dec(&dmasim_fault_key);
	mutex_unlock(&dmasim_fault_mutex);
}

/**
 * dmasim_fault_exit() - take the fault of a device away
 * @sim:	device
 *
 * Context: may sleep
 */
void dmasim_fault_exit(struct dmasim *sim)
{
	const struct dmasim_fault none = { .every = 1 };

	dmasim_fault_set(sim, &none);
}

static int dmasim_fault_find(const char *name)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(dmasim_fault_kinds); i++)
		if (!strcmp(name, dmasim_fault_kinds[i].name))
			return i;
	return -EINVAL;
}

static int dmasim_fault_number(const char *text, u32 min, u32 *res)
{
	u64 val;
	int ret;

	ret = dmasim_parse_number(text, &val);
	if (ret)
		return ret;
	if (val < min || val > U32_MAX)
		return -ERANGE;
	*res = val;
	return 0;
}

static int dmasim_fault_pair(struct dmasim_fault *fault, char *pair)
{
	char *val = strchr(pair, '=');
	int kind;

	if (!val)
		return -EINVAL;
	*val++ = '\0';

	if (!strcmp(pair, "fault_every"))
		return dmasim_fault_number(val, 1, &fault->every);
	if (!strcmp(pair, "fault_at"))
		return dmasim_fault_number(val, 0, &fault->at);
	if (strcmp(pair, "fault"))
		return -EINVAL;

	kind = dmasim_fault_find(val);
	if (kind < 0)
		return kind;
	fault->kind = kind;
	return 0;
}

/**
 * dmasim_fault_write() - change what fails
 * @sim:	device
 * @text:	key=value pairs between white space; is changed
 *
 * Takes effect whole or not at all.
 *
 * Context: may sleep
 * Return: 0, -EINVAL or -ERANGE
 */
int dmasim_fault_write(struct dmasim *sim, char *text)
{
	struct dmasim_fault fault = {
		.kind = READ_ONCE(sim->fault.kind),
		.every = READ_ONCE(sim->fault.every),
		.at = READ_ONCE(sim->fault.at),
	};
	char *pair;
	int ret;

	while ((pair = strsep(&text, " \t\n"))) {
		if (!*pair)
			continue;
		ret = dmasim_fault_pair(&fault, pair);
		if (ret)
			return ret;
	}
	dmasim_fault_set(sim, &fault);
	return 0;
}

/**
 * dmasim_fault_show() - print what fails, as it can be written
 * @s:		file to print to
 * @sim:	device
 */
void dmasim_fault_show(struct seq_file *s, struct dmasim *sim)
{
	seq_printf(s, "fault=%s\nfault_every=%u\nfault_at=%u\n",
		   dmasim_fault_kinds[READ_ONCE(sim->fault.kind)].name,
		   READ_ONCE(sim->fault.every), READ_ONCE(sim->fault.at));
}

/* An interrupt moves no bytes: it neither fails nor counts. */
static void dmasim_fault_decide(struct dmasim_chan *c, struct dmasim_desc *d)
{
	const struct dmasim_fault *fault = &c->sim->fault;
	unsigned int kind = READ_ONCE(fault->kind);

	d->fault = DMASIM_FAULT_SPARED;
	if (!kind || d->done || ++c->fault_count < READ_ONCE(fault->every))
		return;
	c->fault_count = 0;
	c->fault_at = READ_ONCE(fault->at);
	d->fault = kind;
}

/**
 * dmasim_fault_clip() - how many bytes to move before the fault strikes
 * @c:		channel
 * @d:		its active descriptor, which has bytes
 * @len:	how many would be moved now
 *
 * Context: the runner
 * Return: @len or less, 0: now
 */
size_t dmasim_fault_clip(struct dmasim_chan *c, struct dmasim_desc *d, size_t len)
{
	if (!d->fault)
		dmasim_fault_decide(c, d);
	if (d->fault == DMASIM_FAULT_SPARED || d->done > c->fault_at)
		return len;
	return min_t(size_t, len, c->fault_at - d->done);
}

/**
 * dmasim_fault_result() - how does a descriptor fail?
 * @d:		descriptor whose fault strikes
 *
 * Return: enum dmaengine_tx_result
 */
int dmasim_fault_result(const struct dmasim_desc *d)
{
	return dmasim_fault_kinds[d->fault].result;
}
