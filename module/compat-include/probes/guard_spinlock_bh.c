// SPDX-License-Identifier: GPL-2.0-only
#include <linux/spinlock.h>

void probe(spinlock_t *lock)
{
	guard(spinlock_bh)(lock);
}
