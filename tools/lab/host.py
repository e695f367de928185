# SPDX-License-Identifier: GPL-2.0-only
"""The Debian packages that the machine itself must have for a target."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys

from lab.errors import LabError
from lab.progress import megabytes, say
from lab.target import Target

# Compilers for modules and programs, and what unpacks kernel packages.
_COMMON = ("gcc", "libc6-dev", "make", "xz-utils", "debian-archive-keyring")


def wanted(targets: list[Target], also: list[str] | None = None) -> list[str]:
    """Return the names of all packages that the targets need, and those of ALSO, each once."""
    names = [*_COMMON, *(also or [])]
    for target in targets:
        names += target.packages
    return list(dict.fromkeys(names))


def missing(targets: list[Target], also: list[str] | None = None) -> list[str]:
    """Return those of the wanted packages that are not installed."""
    names = wanted(targets, also)
    try:
        done = subprocess.run(["dpkg-query", "-W", "-f", "${Package} ${db:Status-Status}\n",
                               *names], check=False, text=True, capture_output=True)
    except OSError:
        return names
    there = {line.split()[0] for line in done.stdout.splitlines() if line.endswith(" installed")}
    return [name for name in names if name not in there]


def download_size(output: str) -> int:
    """Sum up the sizes in what `apt-get --print-uris` printed, in bytes."""
    return sum(int(size) for size in re.findall(r"^'[^']+' \S+ (\d+) ", output, re.MULTILINE))


def _ask_apt(names: list[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["apt-get", "-qq", "--print-uris", "-o", "Debug::NoLocking=1",
                           "--no-install-recommends", "install", *names], check=False, text=True,
                          capture_output=True, env={**os.environ, "LC_ALL": "C"})


def install(targets: list[Target], allow: bool = True, also: list[str] | None = None) -> bool:
    """Install what is missing, saying first what and how large; return whether anything was.

    ALSO names packages that somebody else needs beside the targets.

    As an ordinary user, ask for sudo once if there is a terminal to ask on. Raises LabError
    with the line to run where that is not possible, and if ALLOW is false.
    """
    names = missing(targets, also)
    if not names:
        return False
    command = ["apt-get", "install", "-y", "--no-install-recommends", *names]
    root = os.geteuid() == 0
    can_ask = shutil.which("sudo") is not None and sys.stdin.isatty()
    if not allow or not (root or can_ask):
        raise LabError(f"{', '.join(target.name for target in targets)}: packages are missing, "
                       f"run: {'' if root else 'sudo '}{' '.join(command)}")
    prefix = [] if root else ["sudo"]
    plan = _ask_apt(names)
    if plan.returncode:
        # Most likely the index was never fetched, as in a fresh container.
        say("fetching apt's index")
        subprocess.run([*prefix, "apt-get", "-qq", "update"], check=False, stdout=sys.stderr)
        plan = _ask_apt(names)
    say(f"installing {' '.join(names)}: {len(plan.stdout.splitlines())} packages, "
        f"{megabytes(download_size(plan.stdout))} to fetch")
    done = subprocess.run([*prefix, *command, "-qq"], check=False, stdout=sys.stderr,
                          env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"})
    if done.returncode or missing(targets, also):
        raise LabError(f"{', '.join(names)}: could not be installed, run: "
                       f"{'' if root else 'sudo '}{' '.join(command)}")
    return True
