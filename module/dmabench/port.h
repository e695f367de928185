/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _DMABENCH_PORT_H
#define _DMABENCH_PORT_H

#include <linux/dmaengine.h>

#include "chan.h"
#include "knobs.h"

struct dmabench_peripheral;

/**
 * struct dmabench_port - the peripheral at the other end of a run's transfers
 * @endpoint: what is known of it
 * @tx_addr: address of its transmit register
 * @rx_addr: address of its receive register
 * @width: bytes of an access
 * @maxburst: accesses of a burst
 * @frame_rate: of endpoint=audio, frames per second
 * @peripheral: the bound peripheral, or NULL; it stays bound while it is held
 * @word: endpoint=word: the word, coherent memory of @map_dev
 * @word_dma: its address for the device
 * @map_dev: device that @word is for, referenced
 */
struct dmabench_port {
	enum dmabench_endpoint endpoint;
	u64 tx_addr;
	u64 rx_addr;
	u32 width;
	u32 maxburst;
	u32 frame_rate;
	struct dmabench_peripheral *peripheral;
	u8 *word;
	dma_addr_t word_dma;
	struct device *map_dev;
};

int dmabench_port_open(struct dmabench_port *port, const struct dmabench_knobs *knobs,
		       char *reason, size_t reason_size);
int dmabench_port_connect(struct dmabench_port *port, struct dmabench_chan *chan,
			  enum dma_transfer_direction dir, char *reason, size_t reason_size);
void dmabench_port_close(struct dmabench_port *port);

/* peripheral.c: peripherals that are bound to this module's driver */
struct dmabench_peripheral *dmabench_peripheral_get(const char *name);
void dmabench_peripheral_put(struct dmabench_peripheral *peripheral);
struct device *dmabench_peripheral_device(const struct dmabench_peripheral *peripheral);
void dmabench_peripheral_describe(const struct dmabench_peripheral *peripheral,
				  struct dmabench_port *port);
void dmabench_peripheral_show_all(struct seq_file *m);
int dmabench_peripheral_init(void);
void dmabench_peripheral_exit(void);

#endif
