/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Every mode, once. Included several times with DMABENCH_MODE defined to what is
 * wanted of the list; no include guard therefore. DMABENCH_MODE(name) belongs to
 * modes/name.c, which defines the const struct dmabench_mode dmabench_mode_name.
 */
DMABENCH_MODE(transfer)
DMABENCH_MODE(control)
DMABENCH_MODE(pcm)
DMABENCH_MODE(suite)
DMABENCH_MODE(bare)
