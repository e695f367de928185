// SPDX-License-Identifier: GPL-2.0-only
/* Reports of mode=suite. */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "ktap.h"
#include "mem.h"

const char *const ktap_verdict_names[KTAP_VERDICTS] = {
	[KTAP_PASSED]	= "passed",
	[KTAP_FAILED]	= "failed",
	[KTAP_ADVISED]	= "advised",
	[KTAP_WAIVED]	= "waived",
	[KTAP_SKIPPED]	= "skipped",
};

static void append(char **text, const char *line)
{
	char *longer = xasprintf("%s%s\n", *text, line);

	free(*text);
	*text = longer;
}

static void add_case(struct ktap *ktap, const char *line, bool good, char **said)
{
	const char *name = line + strspn(line, " 0123456789");
	const char *directive = strstr(name, " # ");
	struct ktap_case *c;

	ktap->v = xgrow(ktap->v, ktap->n + 1, sizeof(*ktap->v));
	c = &ktap->v[ktap->n++];
	*c = (struct ktap_case){
		.name = xstrndup(name, directive ? (size_t)(directive - name) : strlen(name)),
		.verdict = good ? KTAP_PASSED : KTAP_FAILED,
		.said = *said,
	};
	*said = xstrdup("");
	directive = directive ? directive + 3 : "";
	if (!strncmp(directive, "SKIP", 4)) {
		c->verdict = KTAP_SKIPPED;
		c->reason = xstrdup(directive + 4 + strspn(directive + 4, " "));
	} else if (!strcmp(directive, "XFAIL waived")) {
		c->verdict = KTAP_WAIVED;
	} else if (!strcmp(directive, "XFAIL advisory")) {
		c->verdict = KTAP_ADVISED;
	}
	if (!c->reason)
		c->reason = xstrdup("");
}

void ktap_parse(struct ktap *ktap, const char *text)
{
	char *copy = xstrdup(text), *rest = copy, *line, *said = xstrdup("");

	*ktap = (struct ktap){ .head = xstrdup("") };
	while ((line = strsep(&rest, "\n"))) {
		if (!strncmp(line, "# ", 2))
			append(ktap->n || ktap->planned ? &said : &ktap->head, line + 2);
		else if (!strncmp(line, "1..", 3))
			ktap->planned = strtoul(line + 3, NULL, 10);
		else if (!strncmp(line, "ok ", 3))
			add_case(ktap, line + 3, true, &said);
		else if (!strncmp(line, "not ok ", 7))
			add_case(ktap, line + 7, false, &said);
		else if (!strncmp(line, "Bail out! ", 10) && !ktap->bailed_out)
			ktap->bailed_out = xstrdup(line + 10);
	}
	free(said);
	free(copy);
}

void ktap_free(struct ktap *ktap)
{
	for (size_t i = 0; i < ktap->n; i++) {
		free(ktap->v[i].name);
		free(ktap->v[i].reason);
		free(ktap->v[i].said);
	}
	free(ktap->v);
	free(ktap->head);
	free(ktap->bailed_out);
	*ktap = (struct ktap){ 0 };
}
