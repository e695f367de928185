/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _DMABENCH_STATUS_H
#define _DMABENCH_STATUS_H

#include "case.h"

/* status-residue.c */
void status_queued_has_all(struct case_trial *t);
void status_queued_behind_held(struct case_trial *t);
void status_residue_shrinks(struct case_trial *t);
void status_residue_follows_data(struct case_trial *t);
void status_residue_at_segments(struct case_trial *t);
void status_cyclic_in_bounds(struct case_trial *t);
void status_cyclic_follows_data(struct case_trial *t);

/* status-context.c */
void status_in_hardirq(struct case_trial *t);
void status_in_callback(struct case_trial *t);
void status_runs_no_callback(struct case_trial *t);
void status_while_completing(struct case_trial *t);

/* The rest of the table of status.c. */
#define STATUS_CONTEXT_CASES						\
	{								\
		.name	= "status.in_hardirq",				\
		.rules	= "A5.7 A5.1",					\
		.grade	= DMABENCH_STRICT,				\
		.needs	= NEEDS(CARRIER) | NEEDS(ORDER) | NEEDS(SLAVE_CAP), \
		.what	= "tx_status works in hard interrupt context and with interrupts off", \
		.run	= status_in_hardirq,				\
	}, {								\
		.name	= "status.in_callback",				\
		.rules	= "A5.7 A5.1 A6.3",				\
		.grade	= DMABENCH_STRICT,				\
		.needs	= NEEDS(CARRIER) | NEEDS(ORDER),		\
		.opt_in	= OPT_IN(REENTRY),				\
		.what	= "tx_status works in a callback, for its own cookie and for later ones", \
		.run	= status_in_callback,				\
	}, {								\
		.name	= "status.runs_no_callback",			\
		.rules	= "A5.7",					\
		.grade	= DMABENCH_STRICT,				\
		.needs	= NEEDS(CARRIER) | NEEDS(ORDER),		\
		.opt_in	= OPT_IN(REENTRY),				\
		.what	= "tx_status calls no callback, whose lock its caller may hold", \
		.run	= status_runs_no_callback,			\
	}, {								\
		.name	= "status.asked_while_completing",		\
		.rules	= "A5.7 A5.1 A4.9",				\
		.grade	= DMABENCH_STRICT,				\
		.needs	= NEEDS(CARRIER) | NEEDS(ORDER),		\
		.what	= "threads that keep asking see in progress, then " \
			  "complete, and lose nothing",			\
		.run	= status_while_completing,			\
	}

#define STATUS_RESIDUE_CASES						\
	{								\
		.name	= "status.queued_has_full_residue",		\
		.rules	= "A5.2 A5.1",					\
		.grade	= DMABENCH_DOCUMENTED,				\
		.needs	= NEEDS(CARRIER) | NEEDS(ORDER) | NEEDS(RESIDUE), \
		.what	= "what has not started has a residue of all its bytes", \
		.run	= status_queued_has_all,			\
	}, {								\
		.name	= "status.queued_has_full_residue_behind_a_held_one", \
		.rules	= "A5.2 A5.1",					\
		.grade	= DMABENCH_DOCUMENTED,				\
		.needs	= NEEDS(LOOPBACK) | NEEDS(ORDER) | NEEDS(RESIDUE), \
		.what	= "so has what is queued while a peripheral holds another", \
		.run	= status_queued_behind_held,			\
	}, {								\
		.name	= "status.residue_shrinks",			\
		.rules	= "A5.2",					\
		.grade	= DMABENCH_DOCUMENTED,				\
		.needs	= NEEDS(CARRIER) | NEEDS(ORDER) | NEEDS(RESIDUE), \
		.what	= "the residue of a running transfer is at most "	\
			  "its length and never grows",			\
		.run	= status_residue_shrinks,			\
	}, {								\
		.name	= "status.residue_follows_what_arrives",	\
		.rules	= "A5.2",					\
		.grade	= DMABENCH_DOCUMENTED,				\
		.needs	= NEEDS(LOOPBACK) | NEEDS(ORDER) | NEEDS(RESIDUE), \
		.what	= "the residue of a reception is what has not arrived", \
		.run	= status_residue_follows_data,			\
	}, {								\
		.name	= "status.residue_at_segments",			\
		.rules	= "A5.2",					\
		.grade	= DMABENCH_ADVISORY,				\
		.needs	= NEEDS(LOOPBACK) | NEEDS(ORDER) | NEEDS(RESIDUE), \
		.what	= "a residue by segment only takes the values at their ends", \
		.run	= status_residue_at_segments,			\
	}, {								\
		.name	= "status.cyclic_residue_in_bounds",		\
		.rules	= "A5.3 A5.1",					\
		.grade	= DMABENCH_DOCUMENTED,				\
		.needs	= NEEDS(CYCLIC) | NEEDS(ORDER),			\
		.what	= "the residue of a cyclic transfer is at most "	\
			  "the buffer, its status in progress",		\
		.run	= status_cyclic_in_bounds,			\
	}, {								\
		.name	= "status.cyclic_residue_follows_what_arrives",	\
		.rules	= "A5.3 A6.1",					\
		.grade	= DMABENCH_DOCUMENTED,				\
		.needs	= NEEDS(CYCLIC) | NEEDS(LOOPBACK) | NEEDS(ORDER) | \
			  NEEDS(RESIDUE),				\
		.what	= "the residue of a cyclic reception follows "	\
			  "its position for several rounds",		\
		.run	= status_cyclic_follows_data,			\
	}

#endif
