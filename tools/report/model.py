# SPDX-License-Identifier: GPL-2.0-only
"""What a results.json holds, as the rest of the package sees it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from .hist import Histogram
from .sampled import Profile

#: The stages in the order in which a transfer passes them; `total` spans prep to wake.
STAGES = ("map", "prep", "submit", "issue", "complete", "wake", "unmap")
TOTAL = "total"

#: The operation that is prepared once and goes round until it is terminated.
ENDLESS = "cyclic"

#: Stages that are not those of transfers, but of what is done to a channel.
CONTROLS = ("start", "pause", "resume", "restart", "terminate", "synchronize", "terminate_sync")

#: What these operations measure is the CPU, not an engine.
BASELINE_PREFIX = "cpu_"

_ACCELERATORS = {
    "tcg": "TCG", "kvm": "KVM", "uml": "user-mode Linux", "metal": "bare metal",
    "unknown": "unknown whether virtual",
}


@dataclass(frozen=True)
class System:
    """The machine that was measured on."""

    facts: dict[str, Any]

    @property
    def kernel(self) -> str:
        """Release of the kernel."""
        return str(self.facts.get("kernel") or "unknown kernel")

    @property
    def machine(self) -> str:
        """Machine, architecture and CPUs in a few words."""
        words = [self.facts.get("machine"), self.facts.get("arch")]
        cpus = self.facts.get("cpus")
        if cpus:
            words.append(f"{cpus} CPU" if cpus == 1 else f"{cpus} CPUs")
        return ", ".join(str(word) for word in words
                         if word and word != "unknown") or "unknown machine"

    @property
    def emulated(self) -> bool:
        """True if no figure of this machine says anything about real hardware."""
        return bool(self.facts.get("emulated"))

    @property
    def accelerator(self) -> str:
        """What ran the guest; for emulated machines with the warning that belongs to it."""
        name = str(self.facts.get("accelerator") or "unknown")
        text = _ACCELERATORS.get(name, name)
        if self.emulated:
            return f"emulated ({text}): compare ratios, not absolute times"
        return text


@dataclass(frozen=True)
class Run:
    """One run of one job: what was asked, how it ended, what it measured."""

    ident: int
    section: str
    repeat: int
    config: dict[str, Any]
    state: str
    error: str
    reason: str
    result: dict[str, Any]
    stages: dict[str, Histogram] = field(default_factory=dict)
    slowest: tuple[dict[str, Any], ...] = ()
    workers: tuple[dict[str, Any], ...] = ()

    @property
    def operation(self) -> str:
        """Operation."""
        return str(self.config["op"])

    @property
    def mode(self) -> str:
        """What was done with transfers: transfer, control, pcm."""
        return str(self.config.get("mode") or "transfer")

    @property
    def size(self) -> int:
        """Bytes of a transfer, the most if they vary."""
        return int(self.config["size"])

    @property
    def depth(self) -> int:
        """Transfers that a worker keeps in flight."""
        return int(self.config["depth"])

    @property
    def baseline(self) -> bool:
        """True if the CPU did the work."""
        return self.operation.startswith(BASELINE_PREFIX)

    def number(self, key: str) -> float:
        """A counter of the result, 0 if it is absent."""
        value = self.result.get(key, 0)
        return value if isinstance(value, (int, float)) else 0

    @property
    def transfers(self) -> int:
        """Completed inside the window."""
        return int(self.number("transfers"))

    @property
    def measured(self) -> bool:
        """True if its figures are valid: it did not fail and something was measured."""
        if self.state not in ("done", "stopped"):
            return False
        if self.mode != "transfer":
            return bool(self.stages) or self.transfers > 0
        return self.transfers > 0 and self.number("ops_per_s") > 0

    @property
    def sweepable(self) -> bool:
        """True if it is a point of throughput and latency of an operation that moves data."""
        return self.measured and self.mode == "transfer" and self.number("bytes_per_s") > 0

    def extras(self, prefix: str) -> dict[str, float]:
        """Numbers that a mode or an operation adds under its own name, of all workers."""
        found: dict[str, float] = {}
        for holder in (self.result, *self.workers):
            for key, value in holder.items():
                if key.startswith(f"{prefix}.") and isinstance(value, (int, float)):
                    name = key[len(prefix) + 1:]
                    found[name] = found.get(name, 0) + value
        return found

    @property
    def skipped(self) -> bool:
        """True if it was not even tried, as the system could not do it."""
        return self.state == "skipped"

    @property
    def errors(self) -> int:
        """Wrong or failed transfers of all kinds."""
        return int(sum(self.number(key) for key in self.result if key.startswith("errors_")))

    @property
    def channels(self) -> tuple[str, ...]:
        """Names of the channels that did the work."""
        names = self.result.get("channels") or []
        if isinstance(names, str):
            names = names.split(",")
        return tuple(str(name) for name in names if name and name != "none")


@dataclass(frozen=True)
class Results:
    """A whole file."""

    name: str
    document: dict[str, Any]
    system: System
    runs: tuple[Run, ...]
    perf: Profile | None = None

    def section(self, key: str) -> dict[str, Any]:
        """An object of the document by its key, empty if it is absent."""
        value = self.document.get(key)
        return value if isinstance(value, dict) else {}

    @property
    def profile(self) -> str:
        """Name of the profile, or that there was none."""
        name = self.section("profile").get("name")
        return f"profile {name}" if name else "from the command line"

    @property
    def channels(self) -> list[dict[str, Any]]:
        """What the client listed, an object for each channel."""
        listed = self.document.get("channels")
        return [entry for entry in listed if isinstance(entry, dict)] \
            if isinstance(listed, list) else []

    @property
    def started(self) -> str:
        """When, as the file says it; empty if it does not, or if the machine had no clock."""
        when = str(self.document.get("started") or "")
        return "" if when.startswith("1970-") else when

    @property
    def interrupted(self) -> bool:
        """True if the measurement was ended before its last run."""
        return bool(self.document.get("interrupted"))
