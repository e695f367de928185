// SPDX-License-Identifier: GPL-2.0-only
/*
 * The cases and the rules as text, a line each.
 */
#include <linux/kernel.h>
#include <linux/string.h>

#include "suite.h"

static const char *const grade_names[] = {
	[DMABENCH_STRICT]	= "strict",
	[DMABENCH_DOCUMENTED]	= "documented",
	[DMABENCH_ADVISORY]	= "advisory",
};

/**
 * dmabench_grade_name - a grade in a word
 * @grade: the grade
 *
 * Return: the word.
 */
const char *dmabench_grade_name(enum dmabench_grade grade)
{
	return grade_names[grade];
}

/**
 * dmabench_rule_find - look a rule up
 * @numbers: its number, perhaps followed by others
 *
 * Return: the rule, or NULL.
 */
const struct dmabench_rule *dmabench_rule_find(const char *numbers)
{
	size_t len = strcspn(numbers, " ");
	unsigned int c, i;

	for (c = 0; c < DMABENCH_CHAPTERS; c++) {
		for (i = 0; i < dmabench_chapters[c]->nr_rules; i++) {
			const struct dmabench_rule *rule = &dmabench_chapters[c]->rules[i];

			if (strlen(rule->number) == len && !strncmp(rule->number, numbers, len))
				return rule;
		}
	}
	return NULL;
}

static void print_words(struct seq_file *m, const char *key, u32 mask,
			const char *(*word)(unsigned int i))
{
	const char *separator = "";
	unsigned int i;

	seq_printf(m, " %s=", key);
	if (!mask)
		seq_puts(m, "none");
	for (i = 0; mask; i++, mask >>= 1) {
		if (!(mask & 1))
			continue;
		seq_printf(m, "%s%s", separator, word(i));
		separator = ",";
	}
}

static const char *need_word(unsigned int i)
{
	return dmabench_need_name(i);
}

static const char *opt_in_word(unsigned int i)
{
	return dmabench_opt_in_names[i];
}

/**
 * dmabench_cases_show - print all cases
 * @m: where to
 */
void dmabench_cases_show(struct seq_file *m)
{
	unsigned int c, i;

	for (c = 0; c < DMABENCH_CHAPTERS; c++) {
		for (i = 0; i < dmabench_chapters[c]->nr_cases; i++) {
			const struct dmabench_case *which = &dmabench_chapters[c]->cases[i];
			const char *rule;

			seq_printf(m, "%s rules=", which->name);
			for (rule = which->rules; *rule; rule++)
				seq_putc(m, *rule == ' ' ? ',' : *rule);
			seq_printf(m, " grade=%s", grade_names[which->grade]);
			print_words(m, "needs", which->needs, need_word);
			print_words(m, "opt_in", which->opt_in, opt_in_word);
			seq_printf(m, " %s\n", which->what);
		}
	}
}

/**
 * dmabench_rules_show - print all rules
 * @m: where to
 *
 * Tab-separated: number, grade, where it stands, the rule, and why no case tests it.
 */
void dmabench_rules_show(struct seq_file *m)
{
	unsigned int c, i;

	for (c = 0; c < DMABENCH_CHAPTERS; c++) {
		for (i = 0; i < dmabench_chapters[c]->nr_rules; i++) {
			const struct dmabench_rule *rule = &dmabench_chapters[c]->rules[i];

			seq_printf(m, "%s\t%s\t%s\t%s\t%s\n", rule->number,
				   grade_names[rule->grade], rule->source, rule->text,
				   rule->untested ?: "");
		}
	}
}
