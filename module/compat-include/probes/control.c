// SPDX-License-Identifier: GPL-2.0-only
/*
 * The control: holds nothing that an old kernel lacks and includes what the
 * other probes include. If this does not compile, no answer of theirs means
 * anything.
 */
#include <linux/dmaengine.h>
#include <linux/hrtimer.h>
#include <linux/slab.h>
#include <linux/spinlock.h>

void probe(spinlock_t *lock)
{
	spin_lock_bh(lock);
	spin_unlock_bh(lock);
}
