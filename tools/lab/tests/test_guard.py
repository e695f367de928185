# SPDX-License-Identifier: GPL-2.0-only
"""The guard of the kernel log."""

import pytest

from lab import guard
from lab.target import Allowed

WARN = """\
[    5.620298] lab: command begins
[    6.000001] ------------[ cut here ]------------
[    6.000002] WARNING: CPU: 0 PID: 88 at drivers/x.c:3 f+0x1/0x2 [x]
[    6.000003] Modules linked in: x(OE+)
[    6.000004] Call Trace:
[    6.000005] ---[ end trace 0000000000000000 ]---
[    7.000000] lab: command ends with 0
"""

BAD = [
    "BUG: kernel NULL pointer dereference, address: 0000000000000000",
    "BUG: KASAN: slab-use-after-free in f+0x1/0x2",
    "BUG kmalloc-64 (Tainted: G    B      OE): Poison overwritten",
    "kernel BUG at mm/slub.c:448!",
    "watchdog: BUG: soft lockup - CPU#0 stuck for 22s! [dmabench:44]",
    "Internal error: Oops: 96000004 [#1] SMP ARM",
    "Oops: general protection fault, probably for non-canonical address 0xdead: 0000 [#1]",
    "Unable to handle kernel paging request at virtual address dead000000000108",
    "Kernel panic - not syncing: Attempted to kill init! exitcode=0x0000000b",
    "WARNING: possible circular locking dependency detected",
    "WARNING: inconsistent lock state",
    "WARNING: suspicious RCU usage",
    "INFO: trying to register non-static key.",
    "INFO: task modprobe:77 blocked for more than 120 seconds.",
    "rcu: INFO: rcu_preempt detected stalls on CPUs/tasks:",
    "UBSAN: array-index-out-of-bounds in x.c:3:4",
    "kmemleak: 3 new suspected memory leaks (see /sys/kernel/debug/kmemleak)",
    "refcount_t: underflow; use-after-free.",
    "dma-pl330 12680000.dma-controller: Runtime PM usage count underflow!",
    "DMA-API: dmabench: device driver failed to check map error",
    "DMA-API: debugging out of memory - disabling",
    "DMA-API: exceeded 7 overlapping mappings of cacheline 0x0000000000123456",
    "BUG: KCSAN: data-race in f [dmasim] / g [dmasim]",
    "ODEBUG: free active (active state 0) object: 00000000 object type: timer_list hint: f+0x0/0x1",
    "WARNING: possible recursive locking detected",
    "BUG: sleeping function called from invalid context at kernel/locking/mutex.c:580",
    "BUG: Invalid wait context", "[ BUG: Invalid wait context ]",
    "WARNING: bad unlock balance detected!",
    "list_add corruption. prev->next should be next (0), but was 1.",
    "sh: page allocation failure: order:9, mode:0xcc0(GFP_KERNEL)",
    "dmabench[71]: segfault at 0 ip 0 sp 0 error 14 in dmabench[400000+1000]",
    "sysfs: cannot create duplicate filename '/devices/platform/dmasim.0'",
    "dmasim: Unknown symbol dma_foo (err -2)",
    "workqueue: f hogged CPU for >10000us 4 times, consider switching to WQ_UNBOUND",
]

GOOD = [
    "Debug: nothing", "DEBUG_LIST is on", "debugging is enabled",
    "kmemleak: Kernel memory leak detector initialized (mem pool available: 15831)",
    "labwarn: loading out-of-tree module taints kernel.",
    "module verification failed: signature and/or required key missing - tainting kernel",
    "Spectre V2 : WARN if nothing", "rcu: Hierarchical RCU implementation.",
    "rcu: RCU CPU stall warnings timeout set to 60", "clocksource: Switched to clocksource tsc",
    "dmabench: 4096 transfers, 0 errors", "LSM: initializing lsm=lockdown,capability",
    "reboot: Power down", "Power domain LCD1 disable failed",
    "Warning: unable to open an initial console.",
    "x86/fpu: Supporting XSAVE feature 0x001: 'x87 floating point registers'",
    "debugfs: DMA-API not there", "lab: command begins",
    "DMA-API: preallocated 65536 debug entries", "DMA-API: debugging enabled by kernel config",
]


def test_report_is_one_finding_with_its_context():
    found = guard.check(WARN.splitlines())
    assert len(found) == 1
    assert found[0].line.startswith("WARNING: CPU: 0 PID: 88")
    assert found[0].context[-1].startswith("---[ end trace")


@pytest.mark.parametrize("text", BAD)
def test_bad_lines(text):
    for line in (text, f"[    1.234567] {text}\r", f"<4>[   12.345678][  T44] {text}"):
        assert [finding.line for finding in guard.check([line])] == [text]


@pytest.mark.parametrize("text", GOOD)
def test_good_lines(text):
    assert not guard.check([f"[    1.234567] {text}"])


def test_allowed_lines_pass_and_others_do_not():
    allowed = [Allowed(r"^WARNING: CPU: \d+ PID: \d+ at drivers/x\.c:3 ", "a known flaw")]
    assert not guard.check(WARN.splitlines(), allowed)
    assert guard.check([*WARN.splitlines(), "[   8.0] BUG: other"], allowed)


def test_two_reports():
    assert len(guard.check(WARN.splitlines() * 2)) == 2


def test_a_report_without_end_does_not_hide_the_next():
    lines = ["BUG: one", *("frame" for _ in range(20)), "BUG: two"]
    assert [finding.line for finding in guard.check(lines)] == ["BUG: one", "BUG: two"]


def test_merge_sees_what_only_one_log_has():
    console = "[    1.000000] both\r\n[    9.000000] BUG: after the log was fetched\r\n"
    dmesg = "[    1.000000] both\n[    2.000000] kmemleak: 2 new suspected memory leaks\n"
    lines = guard.merge(console, dmesg)
    assert lines.count("[    1.000000] both") == 1
    assert len(guard.check(lines)) >= 1
    assert any("kmemleak" in line for line in lines) and any("BUG" in line for line in lines)


ASKED = """\
[   30.000001] NMI: Not continuing
[   30.000002] NMI backtrace for cpu 0
[   30.000003] CPU: 0 PID: 108 Comm: modprobe Tainted: G           OE      6.1.0-56-amd64 #1
[   30.000004] Call Trace:
[   30.000005]  <NMI>
[   30.000006]  nmi_cpu_backtrace+0xd6/0x110
[   30.000007] RIP: 0010:hang_here+0xd/0x10 [planted]
[   30.000008] RSP: 0018:ffffffff82c03e88 EFLAGS: 00000212
[   30.000009]  ? hang_here+0xd/0x10 [planted]
[   30.000010]  </NMI>
[   30.000011]  <IRQ>
[   30.000012]  in_irq+0x1/0x2
[   30.000013]  </IRQ>
[   30.000014]  <TASK>
[   30.000015]  hang+0x1e/0x30 [planted]
[   30.000016] RIP: 0033:0x7f5e
[   30.000017]  </TASK>
[   30.000018] Sending NMI from CPU 0 to CPUs 1:
[   30.000019] NMI backtrace for cpu 1
[   30.000020] CPU: 1 UID: 0 PID: 153 Comm: sh Tainted: G           OE      6.12.117+deb12-amd64 #1
[   30.000021] RIP: 0033:0x42ec98
"""


def test_whereabouts_are_those_before_the_nmi():
    assert guard.whereabouts(ASKED.splitlines()) == [
        "CPU: 0 PID: 108 Comm: modprobe", "  RIP: 0010:hang_here+0xd/0x10 [planted]",
        "  in_irq+0x1/0x2", "  hang+0x1e/0x30 [planted]",
        "CPU: 1 PID: 153 Comm: sh", "  RIP: 0033:0x42ec98"]


def test_who_was_not_asked_tells_nothing():
    assert not guard.whereabouts(WARN.splitlines())
