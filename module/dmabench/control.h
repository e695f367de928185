/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _DMABENCH_CONTROL_H
#define _DMABENCH_CONTROL_H

#include "xfer.h"

/**
 * struct dmabench_sight - how one leg of a transfer stands at a moment
 * @status: of its cookie
 * @residue: bytes that are not moved yet, as far as the provider tells
 * @over: it is complete or has failed, or its callback has come
 */
struct dmabench_sight {
	enum dma_status status;
	u32 residue;
	bool over;
};

bool dmabench_can_pause(const struct dma_device *device);
bool dmabench_can_resume(const struct dma_device *device);
bool dmabench_can_terminate(const struct dma_device *device);
bool dmabench_queue_can(const struct dmabench_queue *queue,
			bool (*can)(const struct dma_device *device));
bool dmabench_queue_synchronizes(const struct dmabench_queue *queue);

void dmabench_leg_see(struct dmabench_xfer *x, unsigned int leg, struct dmabench_sight *sight);
struct dmabench_xfer *dmabench_route_active(struct dmabench_queue *queue, unsigned int route,
					    struct dmabench_sight *sight);
bool dmabench_route_counts(const struct dmabench_queue *queue, unsigned int route);

void dmabench_queue_condemn(struct dmabench_queue *queue);
void dmabench_queue_bury(struct dmabench_queue *queue, struct list_head *dead);
void dmabench_queue_abandon(struct dmabench_queue *queue);
void dmabench_xfer_resize(struct dmabench_xfer *x, size_t size);

#endif
