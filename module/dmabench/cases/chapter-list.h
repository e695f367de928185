/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Every chapter of the contract, once, in its order. Included several times with
 * DMABENCH_CHAPTER defined to what is wanted of the list; no include guard
 * therefore. DMABENCH_CHAPTER(name) belongs to cases/name.c, which defines the
 * const struct dmabench_chapter dmabench_chapter_name.
 */
DMABENCH_CHAPTER(channel)
DMABENCH_CHAPTER(caps)
DMABENCH_CHAPTER(prep)
DMABENCH_CHAPTER(data)
DMABENCH_CHAPTER(slave)
DMABENCH_CHAPTER(queue)
DMABENCH_CHAPTER(status)
DMABENCH_CHAPTER(callback)
DMABENCH_CHAPTER(terminate)
DMABENCH_CHAPTER(pause)
DMABENCH_CHAPTER(reuse)
DMABENCH_CHAPTER(public)
DMABENCH_CHAPTER(walk)
