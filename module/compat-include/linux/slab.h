/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _DMABENCH_COMPAT_LINUX_SLAB_H
#define _DMABENCH_COMPAT_LINUX_SLAB_H

#include_next <linux/slab.h>
#include <linux/kernel.h>
#include <linux/overflow.h>

#if !defined(COMPAT_HAVE_FREE_KVFREE) && !defined(COMPAT_PROBE)
DEFINE_FREE(kvfree, void *, if (!IS_ERR_OR_NULL(_T)) kvfree(_T))
#endif

#ifndef default_gfp
#define __default_gfp0() GFP_KERNEL
#define __default_gfp1(gfp) gfp
#define default_gfp(...) CONCATENATE(__default_gfp, COUNT_ARGS(__VA_ARGS__))(__VA_ARGS__)
#endif

#ifndef kmalloc_obj
#define __compat_objs(KMALLOC, GFP, TYPE, COUNT) \
	((TYPE *)KMALLOC(size_mul(sizeof(TYPE), COUNT), GFP))
#define __compat_flex(KMALLOC, GFP, TYPE, FAM, COUNT) \
	((TYPE *)KMALLOC(struct_size((TYPE *)NULL, FAM, COUNT), GFP))

#define kmalloc_obj(P, ...) \
	__compat_objs(kmalloc, default_gfp(__VA_ARGS__), typeof(P), 1)
#define kmalloc_objs(P, COUNT, ...) \
	__compat_objs(kmalloc, default_gfp(__VA_ARGS__), typeof(P), COUNT)
#define kmalloc_flex(P, FAM, COUNT, ...) \
	__compat_flex(kmalloc, default_gfp(__VA_ARGS__), typeof(P), FAM, COUNT)

#define kzalloc_obj(P, ...) \
	__compat_objs(kzalloc, default_gfp(__VA_ARGS__), typeof(P), 1)
#define kzalloc_objs(P, COUNT, ...) \
	__compat_objs(kzalloc, default_gfp(__VA_ARGS__), typeof(P), COUNT)
#define kzalloc_flex(P, FAM, COUNT, ...) \
	__compat_flex(kzalloc, default_gfp(__VA_ARGS__), typeof(P), FAM, COUNT)

#define kvmalloc_obj(P, ...) \
	__compat_objs(kvmalloc, default_gfp(__VA_ARGS__), typeof(P), 1)
#define kvmalloc_objs(P, COUNT, ...) \
	__compat_objs(kvmalloc, default_gfp(__VA_ARGS__), typeof(P), COUNT)
#define kvmalloc_flex(P, FAM, COUNT, ...) \
	__compat_flex(kvmalloc, default_gfp(__VA_ARGS__), typeof(P), FAM, COUNT)

#define kvzalloc_obj(P, ...) \
	__compat_objs(kvzalloc, default_gfp(__VA_ARGS__), typeof(P), 1)
#define kvzalloc_objs(P, COUNT, ...) \
	__compat_objs(kvzalloc, default_gfp(__VA_ARGS__), typeof(P), COUNT)
#define kvzalloc_flex(P, FAM, COUNT, ...) \
	__compat_flex(kvzalloc, default_gfp(__VA_ARGS__), typeof(P), FAM, COUNT)
#endif

#endif
