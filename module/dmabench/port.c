// SPDX-License-Identifier: GPL-2.0-only
/*
 * The peripheral's end of a run. Its addresses come from a peripheral that is
 * bound to us, from the user, or are those of a word of our own memory. None is
 * ever guessed: a wrong one makes an engine write to whatever is there.
 */
#include <linux/dma-mapping.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/string.h>

#include "port.h"

/* Room for the widest access. */
#define PORT_WORD_SIZE	64

/**
 * dmabench_port_open - find out about the peripheral of a run
 * @port: filled in
 * @knobs: of the run
 * @reason: receives one line if there is none
 * @reason_size: room of @reason
 *
 * Return: 0; -ENODEV if no such peripheral is bound; -EDESTADDRREQ if an address
 * is missing; -EINVAL if knobs contradict each other. Undone by
 * dmabench_port_close().
 */
int dmabench_port_open(struct dmabench_port *port, const struct dmabench_knobs *knobs,
		       char *reason, size_t reason_size)
{
	*port = (struct dmabench_port) {
		.endpoint = knobs->endpoint,
		.tx_addr = knobs->tx_addr,
		.rx_addr = knobs->rx_addr,
		.width = knobs->width,
		.maxburst = knobs->maxburst,
		.frame_rate = knobs->frame_rate,
	};

	if (*knobs->peripheral) {
		if (*knobs->channel || *knobs->rx_channel || knobs->tx_addr || knobs->rx_addr) {
			scnprintf(reason, reason_size,
				  "peripheral says which channels and addresses: leave these empty");
			return -EINVAL;
		}
		port->peripheral = dmabench_peripheral_get(knobs->peripheral);
		if (!port->peripheral) {
			scnprintf(reason, reason_size, "%.64s: no such peripheral is bound",
				  knobs->peripheral);
			return -ENODEV;
		}
		dmabench_peripheral_describe(port->peripheral, port);
	}
	if (port->endpoint == DMABENCH_ENDPOINT_WORD)
		return 0;
	if ((knobs->direction == DMABENCH_DIRECTION_RX || port->tx_addr) &&
	    (knobs->direction == DMABENCH_DIRECTION_TX || port->rx_addr))
		return 0;

	/* Firmware may have left one out, too: 0 is where memory is. */
	if (port->peripheral)
		scnprintf(reason, reason_size,
			  "%.64s: its firmware gives no address for this direction",
			  knobs->peripheral);
	else
		scnprintf(reason, reason_size,
			  "no address: set peripheral, or tx_addr and rx_addr, or endpoint=word");
	dmabench_port_close(port);
	return -EDESTADDRREQ;
}

/* The first channel decides whose memory it is: both are of one provider. */
static int port_word(struct dmabench_port *port, struct dmabench_chan *chan)
{
	if (port->word)
		return 0;
	port->word = dma_alloc_coherent(chan->map_dev, PORT_WORD_SIZE, &port->word_dma,
					GFP_KERNEL);
	if (!port->word)
		return -ENOMEM;
	port->map_dev = get_device(chan->map_dev);
	port->tx_addr = port->word_dma;
	port->rx_addr = port->word_dma;
	return 0;
}

/**
 * dmabench_port_connect - tell a channel of the peripheral
 * @port: of the run
 * @chan: the channel
 * @dir: its direction
 * @reason: receives one line if it is refused
 * @reason_size: room of @reason
 *
 * Context: may sleep.
 *
 * Return: 0; -ENOMEM; what slave_config returned.
 */
int dmabench_port_connect(struct dmabench_port *port, struct dmabench_chan *chan,
			  enum dma_transfer_direction dir, char *reason, size_t reason_size)
{
	struct dma_slave_config config = {};
	int ret;

	if (port->endpoint == DMABENCH_ENDPOINT_WORD && port_word(port, chan)) {
		scnprintf(reason, reason_size, "no memory for the word");
		return -ENOMEM;
	}

	/* For drivers that look at it still (H: "DEPRECATED, use the direction argument"). */
	config.direction = dir;
	if (dir == DMA_MEM_TO_DEV) {
		config.dst_addr = port->tx_addr;
		config.dst_addr_width = port->width;
		config.dst_maxburst = port->maxburst;
	} else {
		config.src_addr = port->rx_addr;
		config.src_addr_width = port->width;
		config.src_maxburst = port->maxburst;
	}
	ret = dmaengine_slave_config(chan->dma, &config);
	if (ret)
		scnprintf(reason, reason_size,
			  "%.64s: slave_config refuses width %u and burst %u (%d)",
			  chan->name, port->width, port->maxburst, ret);
	return ret;
}

/**
 * dmabench_port_close - let go of the peripheral
 * @port: of the run; no engine may access it any more
 *
 * Context: may sleep.
 */
void dmabench_port_close(struct dmabench_port *port)
{
	if (port->word) {
		dma_free_coherent(port->map_dev, PORT_WORD_SIZE, port->word, port->word_dma);
		put_device(port->map_dev);
	}
	if (port->peripheral)
		dmabench_peripheral_put(port->peripheral);
	port->word = NULL;
	port->peripheral = NULL;
}
