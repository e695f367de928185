# SPDX-License-Identifier: GPL-2.0-only
"""What can go wrong, and the exit code that each kind leads to."""

EXIT_FAILED = 1
EXIT_USAGE = 2
EXIT_SKIPPED = 4
EXIT_TIMEOUT = 124
EXIT_INTERRUPTED = 130


class LabError(Exception):
    """A request that cannot be carried out: exit code 2.

    The text reads `what: why, what to do` and fills one line.
    """

    code = EXIT_USAGE


class BuildError(LabError):
    """Something of the project or of a kernel did not build: exit code 1."""

    code = EXIT_FAILED


class Unavailable(LabError):
    """A target cannot be had on this machine: exit code 4, so that callers can skip it."""

    code = EXIT_SKIPPED
