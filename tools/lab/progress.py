# SPDX-License-Identifier: GPL-2.0-only
"""The lab's own words. They go to stderr: stdout belongs to the command in the guest."""

from __future__ import annotations

import sys


class _Voice:  # pylint: disable=too-few-public-methods
    """Holds what `--quiet` sets, so that no module needs a global of its own."""

    quiet = False


def set_quiet(quiet: bool) -> None:
    """Silence say(); complaints are still heard."""
    _Voice.quiet = quiet


def say(text: str) -> None:
    """Tell what happens, one line."""
    if not _Voice.quiet:
        print(f"lab: {text}", file=sys.stderr, flush=True)


def complain(text: str) -> None:
    """Tell what went wrong, one line, even when quiet."""
    print(f"dmabench: lab: {text}", file=sys.stderr, flush=True)


def megabytes(size: int) -> str:
    """Return a size in bytes for people, in MB with as many digits as are of use."""
    value = size / 1e6
    return f"{value:.1f} MB" if value < 10 else f"{value:.0f} MB"
