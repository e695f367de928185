# SPDX-License-Identifier: GPL-2.0-only
"""Which layer a sample of perf belongs to: the one table that says so.

A sample is a stack of frames. The frame nearest to its leaf that a rule knows decides: a lock
that the provider takes is the provider's, the sleep that the client goes to is the scheduler's.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Sequence

#: (symbol, module); the kernel itself has no module.
Frame = tuple[str, str]

CLIENT, CORE, PROVIDER = "client", "dmaengine core", "provider"
MAPPING, COPY, SCHEDULER = "dma-mapping", "copy", "scheduler and irq"
OTHER, IDLE = "other", "idle"

#: In the order of tables and legends, with their colours: light enough for dark text.
LAYERS = {CLIENT: "#8ec7ea", CORE: "#6fd0b0", PROVIDER: "#f5b273", MAPPING: "#c9b1e6",
          COPY: "#f28e86", SCHEDULER: "#f2d769", OTHER: "#cfd6dd", IDLE: "#f1f3f5"}

#: What all that runs outside of the kernel is called.
USER = "[user]"


@dataclass(frozen=True)
class Rule:
    """Frames whose module and symbol match these patterns are of this layer.

    A module of None is any.
    """

    layer: str
    module: str | None
    symbol: str

    def fits(self, frame: Frame) -> bool:
        """Whether it knows this frame."""
        symbol, module = frame
        return (self.module is None or re.fullmatch(self.module, module) is not None) and \
            re.match(self.symbol, symbol) is not None


#: The first that fits decides.
RULES = (
    Rule(IDLE, "", r"(pv_|native_|acpi_|arch_)*(safe_)?(halt|idle)\b|(default|intel|mwait|acpi|poll"
                   r"|arch_cpu|cpu_do|default_enter)_idle|cpuidle_|haltpoll"),
    Rule(COPY, "", r"(__pi_)?(__)?mem(cpy|move|set)(_|$)|(copy|clear)_page|rep_movs|rep_stos"
                   r"|copy_mc_"),
    Rule(MAPPING, "", r"(__)?dma_(map|unmap|sync|direct|common|alloc|free|pool|need|addressing"
                      r"|iova|mapping|capable|get_sgtable)|swiotlb_|iommu_|debug_dma_"
                      r"|arch_sync_dma"),
    Rule(CORE, "", r"(__)?dma_(async|cookie|run_dep|find_chan|chan_|wait_for|request_chan|release"
                   r"_chan|sync_wait)|dmaengine_"),
    Rule(CLIENT, "dmabench", r""),
    Rule(PROVIDER, r"\w*dma\w*|pl330|virt_dma", r""),
    Rule(PROVIDER, "", r"pl330_|zynqmp_dma_|bcm2835_dma_|vchan_"),
    Rule(SCHEDULER, "", r"(asm_)?(sysvec|fred)_|(asm_)?common_interrupt"
                        r"|handle_softirqs|_*irq_|_*handle_irq|run_ksoftirqd|smpboot_|_*tasklet_"
                        r"|_*schedule|__local_bh_|_*sched_|_*raise_softirq|_*do_softirq"
                        r"|try_to_wake_up|_*wake_|ttwu_|enqueue_|dequeue_|pick_|_*pick_next"
                        r"|update_(curr|load|rq|cfs|min|dl|se)|finish_task_switch|_*switch_to"
                        r"|switch_mm|prepare_task_switch|psi_|do_idle|cpu_startup_entry"
                        r"|_*tick_|nohz_|_*hrtimer_|_*timer_|_*mod_timer|run_timer|process_timeout"
                        r"|set_next|put_prev|select_(task|idle)|kick_|resched_|reweight_|place_"
                        r"|native_(smp|apic|write_msr|send|x2apic)|x2apic|default_send_IPI"
                        r"|send_call|generic_exec|flush_smp|_*smp_call|call_function|rcu_|note_gp"
                        r"|kthread|worker_thread|ret_from_fork|common_startup|el1h?_|gic_"),
)

#: Stacks that begin so were entered by a program: what it waits for is not a transfer's.
_PROGRAM = re.compile(r"entry_SYSCALL|asm_exc_page_fault|el0t?_|ret_fast_syscall"
                      + "|" + re.escape(USER))

#: Frames of the client below which all lies outside of stage `total`: setting up, mapping,
#: accounting; and its loops, whose own instructions do.
_OUTSIDE = re.compile(r"dmabench_(xfer_(setup|map|unmap|fill|verify|landed)|side_(map|unmap|place)"
                      r"|account_|window_|hist_|pattern_)|reap(ed|_error)?$"
                      r"|xfer_recycle$")
_LAST_CLOCK = re.compile(r"wait_for_some$|reap_(callbacks|landed|polled)$")
_LOOPS = re.compile(r"refill$|submit_one$|transfer_work$|stream(_in_turn)?$|verified_"
                    r"|dmabench_worker_")


@lru_cache(maxsize=None)
def layer_of_frame(frame: Frame) -> str | None:
    """The layer that a frame alone says, None if it is nobody's."""
    return next((rule.layer for rule in RULES if rule.fits(frame)), None)


def layer(stack: Sequence[Frame]) -> str:
    """The layer of a stack, whose frames go from the root to the leaf."""
    found = next(filter(None, map(layer_of_frame, reversed(stack))), OTHER)
    if found == SCHEDULER and stack and _PROGRAM.match(stack[0][0]):
        return OTHER
    return found


def is_outside(stack: Sequence[Frame]) -> bool:
    """Whether a stack lies outside of what stage `total` measures."""
    client = [symbol for symbol, module in stack if module == "dmabench"]
    if any(_OUTSIDE.match(symbol) for symbol in client):
        return True
    # Half of the clock's reading at either end of `total` lies within it: one of the two.
    if client and _LAST_CLOCK.match(client[-1]) and \
            any(symbol.startswith("ktime_get") for symbol, _ in stack):
        return True
    # An interrupt there is as they are; what an engine does then is not.
    return bool(client) and _LOOPS.match(client[-1]) is not None and \
        layer(stack) in (CLIENT, SCHEDULER, OTHER)


def is_lost(stack: Sequence[Frame]) -> bool:
    """Whether nothing tells where a sample belongs: a helper of no layer, its callers unknown."""
    return len(stack) == 1 and layer(stack) == OTHER and stack[0][0] != USER
