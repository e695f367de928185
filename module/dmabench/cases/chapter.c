// SPDX-License-Identifier: GPL-2.0-only
/*
 * The table of chapters.
 */
#include "case.h"

/* In the order of enum dmabench_chapter_id, which comes from the same list. */
const struct dmabench_chapter *const dmabench_chapters[DMABENCH_CHAPTERS] = {
#define DMABENCH_CHAPTER(_name)	&dmabench_chapter_##_name,
#include "chapter-list.h"
#undef DMABENCH_CHAPTER
};
