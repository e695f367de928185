/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Every knob of a device, once. Included several times with KNOB_NUMBER,
 * KNOB_POWER, KNOB_WORD and KNOB_WORDS defined to what is wanted of the list; no
 * include guard therefore. The member of struct dmasim_config, a u64, the module
 * parameter, the line in `config` and the configfs attribute all come from here.
 *
 * KNOB_NUMBER(name, help, default, min, max)
 * KNOB_POWER(name, help, default, min, max): only powers of two
 * KNOB_WORD(name, help, default, word): the value is the index of a word;
 *	word is a function that returns the n-th one, NULL past the last
 * KNOB_WORDS(name, help, default, word): a mask, a bit per word
 */
KNOB_NUMBER(channels, "number of channels, 1..64 (default 4)", 4, 1, 64)
KNOB_WORD(completion,
	  "where transfers run and complete: inline, softirq (default), timer, thread",
	  1, dmasim_context_word)
KNOB_WORD(granularity, "granularity of the residue: descriptor, segment, burst (default)",
	  DMA_RESIDUE_GRANULARITY_BURST, dmasim_granularity_word)
KNOB_POWER(align, "bytes: alignment of memory transfers, a power of two, 1..256 (default 1)",
	   1, 1, 256)
KNOB_NUMBER(max_segment, "bytes: longest segment, 16..1G (default 64K)", SZ_64K, 16, SZ_1G)
KNOB_NUMBER(queue_limit, "descriptors of a channel, 1..64K (default 4K)", SZ_4K, 1, SZ_64K)
KNOB_NUMBER(max_xor, "most sources of an xor, 2..255 (default 16)", 16, 2, 255)
KNOB_NUMBER(max_pq, "most sources of a pq, 2..255 (default 16)", 16, 2, 255)
KNOB_POWER(burst, "bytes: burst of memory transfers, a power of two, 1..4K (default 64)",
	   64, 1, SZ_4K)
KNOB_WORDS(omit, "operations not offered, separated by commas, see docs/dmasim.md (default none)",
	   0, dmasim_feature_word)
KNOB_NUMBER(latency_ns, "ns: before the first byte of a descriptor, up to 600 s (default 0)",
	    0, 0, 600ULL * NSEC_PER_SEC)
KNOB_NUMBER(jitter_ns, "ns: largest random addition to latency_ns, up to 600 s (default 0)",
	    0, 0, 600ULL * NSEC_PER_SEC)
KNOB_NUMBER(bandwidth, "bytes per second of a channel, 0: as fast as it goes (default)",
	    0, 0, 1ULL << 40)
KNOB_NUMBER(slowdown, "percent by which moving takes longer than it must, up to 1000 (default 0)",
	    0, 0, 1000)
KNOB_NUMBER(seed, "of the jitter, 0: a random one (default)", 0, 0, U64_MAX)
KNOB_NUMBER(metadata_bytes, "most metadata of a transfer, 0: none, up to 256 (default 64)",
	    64, 0, DMASIM_META_MAX)
KNOB_WORD(directions,
	  "of slave transfers: both (default), alternate: even channels write, odd ones read",
	  DMASIM_DIR_BOTH, dmasim_directions_word)
KNOB_NUMBER(public, "1: any subsystem may use the channels (default 0)", 0, 0, 1)
KNOB_POWER(boundary,
	   "bytes: slave segments are split at multiples, a power of two, 4K..4G (default 4G)",
	   SZ_4G, SZ_4K, SZ_4G)
KNOB_WORDS(widths, "bytes: bus widths offered, separated by commas: 1, 2, 3, 4, 8 (default all)",
	   0x1f, dmasim_width_word)
KNOB_NUMBER(max_burst, "most beats of a burst, 1..4K (default 256)", 256, 1, DMASIM_MAX_BURST)
KNOB_NUMBER(no_order, "1: completions come out of order (default 0)", 0, 0, 1)
KNOB_NUMBER(sink_rate, "bytes per second that the sink consumes, 1..1G (default 192000)",
	    192000, 1, SZ_1G)
KNOB_NUMBER(source_rate, "bytes per second that the source gives, 1..1G (default 192000)",
	    192000, 1, SZ_1G)
KNOB_NUMBER(check_rate,
	    "bytes per second that the checking sink takes, up to 1G, 0: all that comes (default)",
	    0, 0, SZ_1G)
KNOB_NUMBER(audio_rate,
	    "bytes per second of both directions of the audio pair, 4..1G (default 192000)",
	    192000, 4, SZ_1G)
KNOB_NUMBER(stall_after, "bytes after which the stalling peripheral stalls (default 4096)",
	    SZ_4K, 0, U64_MAX)
KNOB_NUMBER(fail_after, "bytes after which the failing peripheral fails (default 4096)",
	    SZ_4K, 0, U64_MAX)
KNOB_WORD(fail_result, "what it fails with: read_failed, write_failed, aborted (default)",
	  DMA_TRANS_ABORTED - 1, dmasim_result_word)
KNOB_WORD(defect, "planted defect, see docs/dmasim.md (default none)", 0, dmasim_defect_word)
KNOB_NUMBER(defect_every, "it strikes at every Nth occasion, 1..4G - 1 (default 1)",
	    1, 1, U32_MAX)
