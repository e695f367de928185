/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _DMABENCH_RUNNER_H
#define _DMABENCH_RUNNER_H

#include <linux/completion.h>
#include <linux/kref.h>
#include <linux/workqueue.h>

#include "port.h"
#include "worker.h"

/**
 * enum dmabench_state - where a run stands
 * @DMABENCH_STATE_IDLE: there was none yet
 * @DMABENCH_STATE_RUNNING: workers work
 * @DMABENCH_STATE_PAUSED: workers hold still
 * @DMABENCH_STATE_STOPPING: told to end
 * @DMABENCH_STATE_DONE: ended, all right
 * @DMABENCH_STATE_STOPPED: ended by a user
 * @DMABENCH_STATE_FAILED: ended by an error
 */
enum dmabench_state {
	DMABENCH_STATE_IDLE,
	DMABENCH_STATE_RUNNING,
	DMABENCH_STATE_PAUSED,
	DMABENCH_STATE_STOPPING,
	DMABENCH_STATE_DONE,
	DMABENCH_STATE_STOPPED,
	DMABENCH_STATE_FAILED,
};

extern const char *const dmabench_state_names[];

/**
 * struct dmabench_run - one run of a job, from its start to the next one's
 * @ref: of the job, of readers, of the run itself until it has ended, and one for
 *	ever if something of it had to be quarantined
 * @job: name of the job
 * @log: leave a summary in the kernel log
 * @load: what the workers share; holds the knobs
 * @mix: the operations that transfers are chosen from, as in struct dmabench_queue
 * @nr_mix: how many
 * @peripheral: one end of the transfers is @port
 * @port: the peripheral
 * @nr_chans: number of channels, pairs counted once
 * @chans: the channels; NULL once they are given back
 * @peers: of pairs, those that receive
 * @nr_names: number of all channels
 * @names: of all channels, for readers: those of @chans, then those of @peers
 * @specs: of the buffers, one per channel
 * @nr_workers: number of workers
 * @nr_threads: how many threads work for them
 * @workers: all workers, those of the first channel first
 * @threads: of the workers, referenced
 * @launched: the threads were told to begin
 * @alive: threads that have not ended
 * @end: ends the run, in process context
 * @finished: done when the run has ended
 * @memory: bytes that it takes
 * @clock_cost: of a clock reading, ns
 * @clock_step: of the clock, ns
 * @started: when, ns
 * @ended: when, ns; 0 before
 * @stopped: by a user
 * @revoked: because the provider is being unbound
 * @quarantined: transfers whose memory is kept from reuse
 * @state: how it ended, once it has
 * @error: errno that it ended with
 * @reason: in words
 */
struct dmabench_run {
	struct kref ref;
	char job[32];
	bool log;
	struct dmabench_load load;
	struct dmabench_mix mix[DMABENCH_OPS];
	unsigned int nr_mix;
	bool peripheral;
	struct dmabench_port port;
	unsigned int nr_chans;
	struct dmabench_chan *chans[DMABENCH_MAX_CHANNELS];
	struct dmabench_chan *peers[DMABENCH_MAX_CHANNELS];
	unsigned int nr_names;
	struct {
		char name[32];
		char device[64];
		char driver[32];
	} names[DMABENCH_MAX_CHANNELS];
	struct dmabench_buf_spec specs[DMABENCH_MAX_CHANNELS];
	unsigned int nr_workers;
	unsigned int nr_threads;
	struct dmabench_worker **workers;
	struct task_struct **threads;
	bool launched;
	atomic_t alive;
	struct work_struct end;
	struct completion finished;
	size_t memory;
	u64 clock_cost;
	u64 clock_step;
	u64 started;
	u64 ended;
	bool stopped;
	bool revoked;
	u64 quarantined;
	enum dmabench_state state;
	int error;
	char reason[320];
};

struct dmabench_run *dmabench_run_start(const char *job, const struct dmabench_knobs *knobs,
					bool log, char *reason, size_t reason_size);
const struct cpumask *dmabench_run_cpu(const struct dmabench_knobs *knobs, unsigned int worker);
void dmabench_run_stop(struct dmabench_run *run);
void dmabench_run_terminate(struct dmabench_run *run);
void dmabench_run_pause(struct dmabench_run *run, bool pause);
enum dmabench_state dmabench_run_state(const struct dmabench_run *run);
void dmabench_run_put(struct dmabench_run *run);
void dmabench_run_revoke(void *owner);
int dmabench_runner_init(void);
void dmabench_runner_exit(void);

/* plan.c: from knobs to channels, memory and workers */
int dmabench_plan_check(const struct dmabench_knobs *knobs, char *reason, size_t reason_size);
int dmabench_plan(struct dmabench_run *run, char *reason, size_t reason_size);

#endif
