/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _DMABENCH_QUEUE_H
#define _DMABENCH_QUEUE_H

#include "case.h"

/* queue-order.c */
void queue_completes_in_order(struct case_trial *t);
void queue_pairs_complete_in_order(struct case_trial *t);
void queue_all_before_are_complete(struct case_trial *t);
void queue_everything_completes(struct case_trial *t);
void queue_what_has_moved_is_told(struct case_trial *t);
void queue_data_at_callback(struct case_trial *t);
void queue_data_at_status(struct case_trial *t);
void queue_received_at_callback(struct case_trial *t);
void queue_dependent_copies(struct case_trial *t);

/* The rest of the table of queue.c. */
#define QUEUE_ORDER_CASES						\
	{								\
		.name	= "queue.completes_in_order",			\
		.rules	= "A4.7 A4.9",					\
		.grade	= DMABENCH_STRICT,						\
		.needs	= NEEDS(CARRIER) | NEEDS(ORDER),		\
		.what	= "many queued transfers of any size complete in their order", \
		.run	= queue_completes_in_order,			\
	}, {								\
		.name	= "queue.small_waits_for_large",		\
		.rules	= "A4.7",					\
		.grade	= DMABENCH_STRICT,						\
		.needs	= NEEDS(CARRIER) | NEEDS(ORDER),		\
		.what	= "a small transfer does not overtake a large one", \
		.run	= queue_pairs_complete_in_order,		\
	}, {								\
		.name	= "queue.all_before_are_complete",		\
		.rules	= "A4.7 A5.5",					\
		.grade	= DMABENCH_STRICT,						\
		.needs	= NEEDS(CARRIER) | NEEDS(ORDER),		\
		.what	= "with a cookie all before it are complete, "	\
			  "and the last never goes back",		\
		.run	= queue_all_before_are_complete,		\
	}, {								\
		.name	= "queue.everything_issued_completes",		\
		.rules	= "A4.9",					\
		.grade	= DMABENCH_STRICT,						\
		.needs	= NEEDS(CARRIER),				\
		.vital	= true,						\
		.what	= "of hundreds of transfers in random batches none is lost", \
		.run	= queue_everything_completes,			\
	}, {								\
		.name	= "queue.what_has_moved_is_told",		\
		.rules	= "A4.9 A6.1 A5.1",				\
		.grade	= DMABENCH_STRICT,				\
		.needs	= NEEDS(MEMCPY) | NEEDS(ORDER),			\
		.vital	= true,						\
		.what	= "of a copy whose data have arrived callback and status tell", \
		.run	= queue_what_has_moved_is_told,			\
	}, {								\
		.name	= "queue.data_are_there_at_callback",		\
		.rules	= "A4.10",					\
		.grade	= DMABENCH_STRICT,						\
		.needs	= NEEDS(MEMCPY),				\
		.what	= "the last bytes are there when the callback is called", \
		.run	= queue_data_at_callback,			\
	}, {								\
		.name	= "queue.data_are_there_at_status",		\
		.rules	= "A4.10",					\
		.grade	= DMABENCH_STRICT,						\
		.needs	= NEEDS(MEMCPY) | NEEDS(ORDER),			\
		.what	= "the last bytes are there when the status is first complete", \
		.run	= queue_data_at_status,				\
	}, {								\
		.name	= "queue.received_data_are_there_at_callback",	\
		.rules	= "A4.10",					\
		.grade	= DMABENCH_STRICT,						\
		.needs	= NEEDS(LOOPBACK),				\
		.what	= "what a peripheral has sent is there when the callback is called", \
		.run	= queue_received_at_callback,			\
	}, {								\
		.name	= "queue.dependent_copies_see_each_other",	\
		.rules	= "A4.11",					\
		.grade	= DMABENCH_STRICT,						\
		.needs	= NEEDS(MEMCPY) | NEEDS(ORDER),			\
		.what	= "copies read what copies before them wrote, "	\
			  "and never what later ones write",		\
		.run	= queue_dependent_copies,			\
	}

#endif
