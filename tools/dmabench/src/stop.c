// SPDX-License-Identifier: GPL-2.0-only
/* Requests to end: signals and the time limit. */
#include <signal.h>
#include <stdatomic.h>
#include <stddef.h>
#include <sys/time.h>
#include <time.h>

#include "defs.h"
#include "stop.h"

#define NS_PER_S	1000000000ull

static atomic_int requests;
static atomic_int last_signal;
static __u64 deadline;

static void on_stop(int sig)
{
	atomic_store(&last_signal, sig);
	/* Whoever asks a third time has no patience left for us. */
	if (atomic_fetch_add(&requests, 1) == 1)
		signal(sig, SIG_DFL);
}

static void on_tick(int sig)
{
	(void)sig;
}

void stop_install(void)
{
	/* Without SA_RESTART: the calls that block shall return. */
	struct sigaction action = { .sa_handler = on_stop };

	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGHUP, &action, NULL);
	action.sa_handler = on_tick;
	sigaction(SIGALRM, &action, NULL);
	/* A reader that goes away must not leave our job behind. */
	signal(SIGPIPE, SIG_IGN);
}

void stop_after(unsigned int seconds)
{
	deadline = seconds ? now_ns() + seconds * NS_PER_S : 0;
}

bool stop_requested(void)
{
	return atomic_load(&requests) || (deadline && now_ns() >= deadline);
}

bool stop_at_once(void)
{
	return atomic_load(&requests) > 1;
}

const char *stop_cause(void)
{
	switch (atomic_load(&last_signal)) {
	case 0:
		return "the time limit";
	case SIGINT:
		return "SIGINT";
	case SIGTERM:
		return "SIGTERM";
	default:
		return "SIGHUP";
	}
}

static void set_tick(unsigned int ms)
{
	struct timeval period = { .tv_sec = ms / 1000, .tv_usec = ms % 1000 * 1000 };
	struct itimerval timer = { .it_interval = period, .it_value = period };

	setitimer(ITIMER_REAL, &timer, NULL);
}

void tick_start(unsigned int ms)
{
	set_tick(ms);
}

void tick_stop(void)
{
	set_tick(0);
}

__u64 now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (__u64)ts.tv_sec * NS_PER_S + (__u64)ts.tv_nsec;
}
