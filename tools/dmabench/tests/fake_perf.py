#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""A stand-in for perf: answers on its pipes, and prints a sample for each time it was switched on.

FAKE_PERF says how it misbehaves: `deny` refuses to record, `deaf` does not answer, `broken` cannot
read its records.
"""

from __future__ import annotations

import os
import signal
import sys
import time


def record(words: list[str], fault: str) -> int:
    """`perf record`."""
    if fault == "deny":
        print("Error:\nAccess to performance monitoring is limited", file=sys.stderr)
        return 255
    data = words[words.index("-o") + 1]
    control = next((word for word in words if word.startswith("--control=")), None)
    if control is None:
        return 0
    if fault == "deaf":
        return 1
    signal.signal(signal.SIGINT, lambda *_: sys.exit(0))
    asked, answers = control.partition("fifo:")[2].split(",")
    with open(asked, encoding="ascii") as pipe, open(answers, "w", encoding="ascii") as answer, \
            open(data, "w", encoding="ascii") as file:
        for line in pipe:
            file.write(f"{line.strip()} {time.monotonic_ns()}\n")
            file.flush()
            answer.write("ack\n")
            answer.flush()
    return 0


def script(words: list[str]) -> None:
    """`perf script`: a window as long as it was switched on, with a sample in its middle."""
    start = 0
    stacks = "ip" in words[words.index("-F") + 1]

    def head(at: int, text: str) -> None:
        print(f"   77 [001] {at // 10**9}.{at % 10**9:09}: {text}")

    with open(words[words.index("-i") + 1], encoding="ascii") as file:
        for line in file:
            word, at = line.split()
            if word == "enable":
                start = int(at)
            elif start:
                middle, end = (start + int(at)) // 2, int(at) - 1
                head(start + 1, "dmabench:dmabench_window: worker=0 open=1")
                if stacks:
                    head(middle, "cpu-clock: \n\tffffffff81000020 memcpy_orig+0x20 "
                                 "([kernel.kallsyms])\n\tffffffff81003000 kthread+0x1 "
                                 "([kernel.kallsyms])\n")
                else:
                    head(middle, "sched:sched_wakeup: comm=x")
                head(end, "dmabench:dmabench_window: worker=0 open=0")


def main(words: list[str]) -> int:
    """Do as perf does."""
    fault = os.environ.get("FAKE_PERF", "")
    if words[0] == "version":
        print("perf version 0.0.fake")
    elif words[0] == "record":
        return record(words, fault)
    elif fault == "broken":
        print("data file is damaged", file=sys.stderr)
        return 1
    else:
        script(words)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
