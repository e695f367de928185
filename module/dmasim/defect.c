// SPDX-License-Identifier: GPL-2.0-only
/*
 * dmasim - defects planted on request: which there are, and when they strike
 *
 * Behind a static key: while no device has a defect, nothing of this costs
 * anything. What a defect does is where it is done wrong: in a line there, or
 * in a function of defect-*.c.
 */
#include <linux/kernel.h>
#include <linux/mutex.h>
#include <linux/seq_file.h>
#include <linux/string.h>

#include "dmasim.h"

DEFINE_STATIC_KEY_FALSE(dmasim_defect_key);

/* Keeps the key in step with the devices that have a defect. */
static DEFINE_MUTEX(dmasim_defect_mutex);

/**
 * struct dmasim_defect_kind - a way to be wrong
 * @name:	as users write it
 * @rules:	of the contract that it breaks
 * @text:	what it does
 */
struct dmasim_defect_kind {
	const char *name;
	const char *rules;
	const char *text;
};

static const struct dmasim_defect_kind dmasim_defect_kinds[DMASIM_DEFECTS] = {
	[DMASIM_DEFECT_none] = { .name = "none" },
#define DEFECT(_name, _rules, _text)					\
	[DMASIM_DEFECT_##_name] = { #_name, _rules, _text },
#include "defect-list.h"
#undef DEFECT
};

/* Of a descriptor: it was found not to be struck. */
#define DMASIM_DEFECT_SPARED	U8_MAX

static_assert(DMASIM_DEFECTS < DMASIM_DEFECT_SPARED);

/**
 * dmasim_defect_word() - the name of a defect
 * @n:		enum dmasim_defect_id
 *
 * Return: the name, or NULL past the last one
 */
const char *dmasim_defect_word(unsigned int n)
{
	return n < DMASIM_DEFECTS ? dmasim_defect_kinds[n].name : NULL;
}

/* A lie needs something to lie about. */
static bool dmasim_defect_possible(const struct dmasim *sim, unsigned int id)
{
	switch (id) {
	case DMASIM_DEFECT_caps_lie_directions:
		return sim->dma.device_caps && sim->cfg.directions != DMASIM_DIR_BOTH;
	case DMASIM_DEFECT_caps_lie_pause:
		return sim->dma.device_caps && !sim->dma.device_pause;
	case DMASIM_DEFECT_caps_lie_granularity:
		return sim->dma.device_caps &&
		       sim->cfg.granularity != DMA_RESIDUE_GRANULARITY_BURST;
	default:
		return true;
	}
}

static int dmasim_defect_set(struct dmasim *sim, unsigned int id, u32 every)
{
	struct dmasim_defect *defect = &sim->defect;
	bool was;

	if (!dmasim_defect_possible(sim, id))
		return -EOPNOTSUPP;

	mutex_lock(&dmasim_defect_mutex);
	was = defect->id;
	/* Nobody strikes by the old name and the new number. */
	WRITE_ONCE(defect->id, DMASIM_DEFECT_none);
	WRITE_ONCE(defect->every, every);
	atomic_set(&defect->count, 0);
	atomic_long_set(&defect->hits, 0);
	smp_store_release(&defect->id, id);	/* pairs with dmasim_defect_occasion() */
	if (id && !was)
		static_branch_inc(&dmasim_defect_key);
	if (was && !id)
		static_branch_dec(&dmasim_defect_key);
	mutex_unlock(&dmasim_defect_mutex);
	return 0;
}

/**
 * dmasim_defect_init() - give a device the defect that its configuration names
 * @sim:	device before its registration, described
 *
 * Context: may sleep
 * Return: 0, or -EOPNOTSUPP if it cannot have it
 */
int dmasim_defect_init(struct dmasim *sim)
{
	return dmasim_defect_set(sim, sim->cfg.defect, sim->cfg.defect_every);
}

/**
 * dmasim_defect_exit() - take the defect of a device away
 * @sim:	device
 *
 * Context: may sleep
 */
void dmasim_defect_exit(struct dmasim *sim)
{
	dmasim_defect_set(sim, DMASIM_DEFECT_none, 1);
}

static int dmasim_defect_find(const char *name)
{
	unsigned int i;

	for (i = 0; i < DMASIM_DEFECTS; i++)
		if (!strcmp(name, dmasim_defect_kinds[i].name))
			return i;
	return -EINVAL;
}

/**
 * dmasim_defect_write() - plant another defect
 * @sim:	device
 * @text:	NAME, and maybe every=N; is changed
 *
 * Takes effect whole or not at all. Counters begin anew.
 *
 * Context: may sleep
 * Return: 0; -EINVAL: no such name or word; -ERANGE: the number is out of bounds;
 * -EOPNOTSUPP: a device so configured cannot have it
 */
int dmasim_defect_write(struct dmasim *sim, char *text)
{
	u64 every = 1;
	int id = -EINVAL;
	char *word;
	int ret;

	while ((word = strsep(&text, " \t\n"))) {
		if (!*word)
			continue;
		if (id < 0) {
			id = dmasim_defect_find(word);
			if (id < 0)
				return id;
			continue;
		}
		if (strncmp(word, "every=", 6))
			return -EINVAL;
		ret = dmasim_parse_number(word + 6, &every);
		if (ret)
			return ret;
		if (!every || every > U32_MAX)
			return -ERANGE;
	}
	return id < 0 ? id : dmasim_defect_set(sim, id, every);
}

/**
 * dmasim_defect_show() - print the defect of a device
 * @s:		file to print to
 * @sim:	device
 */
void dmasim_defect_show(struct seq_file *s, struct dmasim *sim)
{
	unsigned int id = READ_ONCE(sim->defect.id);

	if (!id) {
		seq_puts(s, "none\n");
		return;
	}
	seq_printf(s, "%s every=%u hits=%ld\n", dmasim_defect_kinds[id].name,
		   READ_ONCE(sim->defect.every), atomic_long_read(&sim->defect.hits));
}

/**
 * dmasim_defects_show() - print all defects that there are
 * @s:		file to print to
 */
void dmasim_defects_show(struct seq_file *s)
{
	unsigned int i;

	for (i = DMASIM_DEFECT_none + 1; i < DMASIM_DEFECTS; i++)
		seq_printf(s, "%s rules=%s %s\n", dmasim_defect_kinds[i].name,
			   dmasim_defect_kinds[i].rules, dmasim_defect_kinds[i].text);
}

/**
 * dmasim_defect_planted() - has a channel this defect?
 * @c:		channel
 * @id:		defect
 *
 * Return: whether its device has
 */
bool dmasim_defect_planted(const struct dmasim_chan *c, enum dmasim_defect_id id)
{
	return READ_ONCE(c->sim->defect.id) == id;
}

/**
 * dmasim_defect_occasion() - this is an occasion for a defect: does it strike?
 * @c:		channel
 * @id:		defect
 *
 * Context: any
 * Return: true at every Nth occasion of the device, if it has this defect
 */
bool dmasim_defect_occasion(struct dmasim_chan *c, enum dmasim_defect_id id)
{
	struct dmasim_defect *defect = &c->sim->defect;

	/* Pairs with the release in dmasim_defect_set(). */
	if (smp_load_acquire(&defect->id) != id)
		return false;
	if ((u32)atomic_inc_return(&defect->count) % READ_ONCE(defect->every))
		return false;
	atomic_long_inc(&defect->hits);
	return true;
}

/**
 * dmasim_defect_of() - is a transfer struck by a defect?
 * @c:		channel
 * @d:		its active descriptor
 * @id:		defect
 *
 * The first call for a transfer is the occasion, the others say the same.
 *
 * Context: the runner
 * Return: whether it is
 */
bool dmasim_defect_of(struct dmasim_chan *c, struct dmasim_desc *d, enum dmasim_defect_id id)
{
	if (!d->defect)
		d->defect = dmasim_defect_occasion(c, id) ? id : DMASIM_DEFECT_SPARED;
	return d->defect == id;
}
