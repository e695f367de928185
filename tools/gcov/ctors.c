// SPDX-License-Identifier: GPL-2.0-only
/*
 * Constructors of modules, for kernels that call none: each object that counts has one,
 * which tells gcov where its counts are.
 */
#include <linux/kallsyms.h>
#include <linux/module.h>
#include <linux/notifier.h>
#include <linux/rcupdate.h>
#include <linux/string.h>

#include "parts.h"

/* As gcc names them. */
#define CTOR	"_sub_I_"

/* The module is there, its own init function was not called yet. */
static int ctors_call(struct notifier_block *nb, unsigned long event, void *data)
{
	struct module *mod = data;
	const struct mod_kallsyms *symbols;
	unsigned int i;

	if (event != MODULE_STATE_COMING)
		return NOTIFY_OK;
	/* Nobody takes them away before init is over. */
	symbols = rcu_dereference_protected(mod->kallsyms, true);
	for (i = 1; i < symbols->num_symtab; i++) {
		const Elf_Sym *symbol = &symbols->symtab[i];

		if (strstarts(symbols->strtab + symbol->st_name, CTOR))
			((void (*)(void))symbol->st_value)();
	}
	return NOTIFY_OK;
}

static struct notifier_block ctors_nb = {
	.notifier_call = ctors_call,
};

/* It stays: counts of modules that have gone are kept in it. */
static int __init ctors_init(void)
{
	int ret = gcov_base_start();

	ret = ret ?: gcov_fs_start();
	return ret ?: register_module_notifier(&ctors_nb);
}
module_init(ctors_init);

MODULE_DESCRIPTION("Line counts of modules, where the kernel has no gcov");
MODULE_LICENSE("GPL");
