/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _DMABENCH_REUSE_H
#define _DMABENCH_REUSE_H

struct case_trial;

/* reuse-meta.c */
void case_metadata_refused(struct case_trial *t);
void case_metadata_one_mode(struct case_trial *t);
void case_metadata_client(struct case_trial *t);
void case_metadata_engine(struct case_trial *t);
void case_metadata_client_loopback(struct case_trial *t);
void case_metadata_engine_loopback(struct case_trial *t);
void case_metadata_terminated(struct case_trial *t);

#endif
