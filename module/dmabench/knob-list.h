/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Every knob of a job, once. Included several times with KNOB_NUMBER,
 * KNOB_WORD and KNOB_TEXT defined to what is wanted of the list; no include
 * guard therefore. The debugfs file, the line in `config`, the module parameter
 * and the member of struct dmabench_knobs all come from here.
 *
 * KNOB_NUMBER(name, help, default, min, max)
 * KNOB_WORD(name, help, default, words): words is a NULL-terminated array
 * KNOB_TEXT(name, help): empty by default
 */
KNOB_WORD(mode, "what to do with transfers", DMABENCH_MODE_transfer, dmabench_mode_names)
KNOB_WORD(op, "operation to run", DMABENCH_OP_memcpy, dmabench_op_names)
KNOB_TEXT(mix, "instead of op alone: operations with weights, as memcpy:3,xor:1")
KNOB_TEXT(channel, "channels to use, separated by commas; empty: any that can do op")
KNOB_TEXT(device, "with an empty channel: only channels of this provider")
KNOB_NUMBER(max_channels, "with an empty channel: how many to take at most, 0 for all",
	    1, 0, DMABENCH_MAX_CHANNELS)
KNOB_NUMBER(threads, "workers per channel", 1, 1, 64)
KNOB_NUMBER(workers, "0: each worker has a thread; else so many threads do the work of all",
	    0, 0, DMABENCH_MAX_CHANNELS)
KNOB_NUMBER(depth, "transfers that a worker keeps in flight", 1, 1, 1024)
KNOB_NUMBER(batch, "submits per issue_pending, not above depth", 1, 1, 1024)
KNOB_WORD(wait, "how a worker learns of a completion", DMABENCH_WAIT_IRQ, dmabench_wait_names)
KNOB_WORD(callback, "how completion is told: plain, or with a result",
	  DMABENCH_CALLBACK_PLAIN, dmabench_callback_names)
KNOB_NUMBER(hybrid_us, "wait=hybrid: microseconds to watch before sleeping", 50, 0, 1000000)
KNOB_NUMBER(size, "bytes of a transfer, the most if they vary", SZ_4K, 1, SZ_16M)
KNOB_NUMBER(size_min, "0: all have size; else the smallest of random sizes", 0, 0, SZ_16M)
KNOB_NUMBER(sources, "of operations with many sources: how many", 4, 1, DMABENCH_MAX_SOURCES)
KNOB_WORD(pq, "of pq and pq_val: both, or only P or Q", DMABENCH_PQ_BOTH, dmabench_pq_names)
KNOB_NUMBER(segments, "of operations on scatterlists: most segments of a side",
	    1, 1, DMABENCH_MAX_SEGMENTS)
KNOB_NUMBER(segments_min, "0: all have segments; else the fewest of random numbers",
	    0, 0, DMABENCH_MAX_SEGMENTS)
KNOB_WORD(layout, "of operations on scatterlists: how segments lie in memory",
	  DMABENCH_LAYOUT_PACKED, dmabench_layout_names)
KNOB_WORD(direction, "of operations with a peripheral", DMABENCH_DIRECTION_DUPLEX,
	  dmabench_direction_names)
KNOB_TEXT(peripheral, "a bound peripheral; empty: what follows and channel describe it")
KNOB_WORD(endpoint, "how the peripheral behaves", DMABENCH_ENDPOINT_FIFO,
	  dmabench_endpoint_names)
KNOB_TEXT(rx_channel, "direction=duplex without peripheral: the receiving channel")
KNOB_NUMBER(tx_addr, "address of the peripheral's transmit register", 0, 0, S64_MAX)
KNOB_NUMBER(rx_addr, "address of the peripheral's receive register", 0, 0, S64_MAX)
KNOB_NUMBER(width, "bytes of an access to the peripheral", 4, 1, 64)
KNOB_NUMBER(maxburst, "accesses of a burst", 1, 1, SZ_64K)
KNOB_NUMBER(frame_rate, "of endpoint=audio: frames per second", 48000, 1, 10000000)
KNOB_NUMBER(period, "of cyclic: bytes of a period, 0: a quarter of size", 0, 0, SZ_16M)
KNOB_NUMBER(restarts, "of mode=pcm: how many times to stop and start again", 100, 0, 1000000)
KNOB_TEXT(cases, "of mode=suite: names, groups or globs, separated by commas; empty: all")
KNOB_NUMBER(repeat, "of mode=suite: how many times to go through the cases", 1, 1, 100000)
KNOB_NUMBER(shuffle, "of mode=suite: 1: in an order that the seed decides", 0, 0, 1)
KNOB_NUMBER(case_timeout_ms, "of mode=suite: a case that takes longer is ended",
	    20000, 100, 3600000)
KNOB_NUMBER(failing_addr, "of mode=suite: transmit register of a peripheral that fails",
	    0, 0, S64_MAX)
KNOB_NUMBER(walk_steps, "of mode=suite: moves of the case walk.random", 200, 1, 10000000)
KNOB_TEXT(opt_in, "of mode=suite: dangerous kinds of cases to run all the same, see docs/suite.md")
KNOB_TEXT(waive, "of mode=suite: cases that may fail, as in cases")
KNOB_NUMBER(reuse, "1: prepare descriptors once and submit them again", 0, 0, 1)
KNOB_NUMBER(fence, "1: set DMA_PREP_FENCE", 0, 0, 1)
KNOB_WORD(metadata, "pass metadata along with transfers", DMABENCH_METADATA_NONE,
	  dmabench_metadata_names)
KNOB_NUMBER(metadata_bytes, "how many bytes of them", 16, 1, DMABENCH_MAX_METADATA)
KNOB_NUMBER(align, "alignment of buffers, random sizes and offsets; 0: the channel's",
	    0, 0, SZ_4K)
KNOB_NUMBER(src_offset, "bytes that sources start behind the aligned start", 0, 0, SZ_64K)
KNOB_NUMBER(dst_offset, "bytes that destinations start behind the aligned start", 0, 0, SZ_64K)
KNOB_NUMBER(random_offset, "adds a random offset of up to so many bytes to each", 0, 0, SZ_64K)
KNOB_WORD(map, "map for each transfer or once", DMABENCH_MAP_TRANSFER, dmabench_map_names)
KNOB_WORD(memory, "kind of DMA memory", DMABENCH_MEMORY_STREAMING, dmabench_memory_names)
KNOB_NUMBER(node, "NUMA node of buffers and workers, -1: the channel's", -1, -1, 1023)
KNOB_TEXT(cpus, "CPUs of the workers in turn, as 0,2-3; empty: where the scheduler puts them")
KNOB_NUMBER(iterations, "measured transfers (steps, periods) of each worker, 0: until runtime_ms",
	    1024, 0, 1LL << 32)
KNOB_NUMBER(runtime_ms, "measured time, 0: until iterations", 0, 0, 86400000)
KNOB_NUMBER(warmup, "transfers of each worker before the window opens", 64, 0, 1LL << 32)
KNOB_NUMBER(timeout_ms, "a transfer that takes longer has failed", 3000, 1, 3600000)
KNOB_WORD(verify, "which transfers to check", DMABENCH_VERIFY_FULL, dmabench_verify_names)
KNOB_NUMBER(max_errors, "a worker stops at so many wrong or failed transfers", 1, 1, 1LL << 32)
KNOB_NUMBER(stages, "0: no stamps and no histograms, only counters", 1, 0, 1)
KNOB_NUMBER(threshold_ns, "stop at the first transfer with a stage that takes longer; 0: never",
	    0, 0, S64_MAX)
KNOB_WORD(threshold_stage, "which stage", DMABENCH_STAGE_TOTAL, dmabench_threshold_names)
KNOB_NUMBER(slowest_max, "how many of the slowest transfers to keep", 8, 0, 64)
KNOB_NUMBER(seed, "of sizes, offsets and data; 0 takes a random one", 0, S64_MIN, S64_MAX)
KNOB_NUMBER(memory_limit, "a run that needs more for buffers and bookkeeping is refused",
	    SZ_256M, SZ_1M, 64LL * SZ_1G)
