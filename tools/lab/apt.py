# SPDX-License-Identifier: GPL-2.0-only
"""Asks Debian's archive for packages of any suite and architecture.

A private apt state per architecture and set of suites leaves the machine's own apt as it
is: no foreign architecture is added, nothing is installed, no root is needed.
"""

from __future__ import annotations

import functools
import os
import re
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from lab import cache, sources
from lab.errors import LabError, Unavailable
from lab.progress import megabytes, say

_KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
_FRESH_SECONDS = 24 * 3600
_RETRY_SECONDS = 3600


@dataclass(frozen=True)
class Package:
    """One version of a package, as the archive describes it. `size` is in bytes."""

    name: str
    version: str
    arch: str
    size: int
    depends: str
    filename: str

    @property
    def key(self) -> str:
        """A file name that no other version or architecture has."""
        return re.sub(r"[^A-Za-z0-9.+~_-]", "_", f"{self.name}_{self.version}_{self.arch}")


def parse_show(text: str) -> list[Package]:
    """Parse the output of `apt-cache show`."""
    found = []
    for stanza in text.split("\n\n"):
        fields = dict(re.findall(r"^([A-Za-z0-9-]+): (.*)$", stanza, re.MULTILINE))
        if "Package" in fields and "Version" in fields:
            found.append(Package(fields["Package"], fields["Version"],
                                 fields.get("Architecture", ""), int(fields.get("Size", "0")),
                                 fields.get("Depends", ""), fields.get("Filename", "")))
    return found


def _order(char: str) -> int:
    """Weigh a character as dpkg does: `~` before the end, letters before all others."""
    if char == "~":
        return -1
    return ord(char) if char.isalpha() else ord(char) + 256


def _compare_part(left: str, right: str) -> int:
    """Compare two upstream versions or two revisions by Debian's rules."""
    while left or right:
        words = [re.match(r"\D*", side)[0] for side in (left, right)]  # type: ignore[index]
        left, right = left[len(words[0]):], right[len(words[1]):]
        for index in range(max(map(len, words))):
            weights = [_order(word[index]) if index < len(word) else 0 for word in words]
            if weights[0] != weights[1]:
                return weights[0] - weights[1]
        numbers = [re.match(r"\d*", side)[0] for side in (left, right)]  # type: ignore[index]
        left, right = left[len(numbers[0]):], right[len(numbers[1]):]
        difference = int(numbers[0] or 0) - int(numbers[1] or 0)
        if difference:
            return difference
    return 0


def compare_versions(left: str, right: str) -> int:
    """Return a number below, equal to or above 0 as LEFT is older, equal or newer."""
    def split(version: str) -> tuple[int, str, str]:
        epoch, _, rest = version.rpartition(":")
        upstream, _, revision = rest.rpartition("-")
        return (int(epoch or 0), upstream, revision) if upstream else (int(epoch or 0), rest, "")
    one, two = split(left), split(right)
    return ((one[0] - two[0]) or _compare_part(one[1], two[1]) or _compare_part(one[2], two[2]))


def newest_first(packages: list[Package]) -> list[Package]:
    """Return the packages ordered by version, the newest first."""
    return sorted(packages, reverse=True,
                  key=functools.cmp_to_key(lambda a, b: compare_versions(a.version, b.version)))


def host_arch() -> str:
    """Return Debian's name of the machine's architecture."""
    try:
        done = subprocess.run(["dpkg", "--print-architecture"], check=True, text=True,
                              stdout=subprocess.PIPE)
    except (OSError, subprocess.CalledProcessError) as error:
        raise Unavailable("not a Debian machine: dpkg does not work here, give --kernel and "
                          "--kdir") from error
    return done.stdout.strip()


class Archive:
    """Debian's archive as seen by one architecture in some suites."""

    def __init__(self, arch: str, suites: tuple[str, ...], offline: bool = False) -> None:
        self.arch = arch
        self.suites = suites
        self.offline = offline
        self._state = cache.place("apt", f"{arch}-{'+'.join(suites)}", "x").parent

    def _configure(self) -> dict[str, str]:
        """Write the private configuration; return the environment that selects it.

        The machine's own apt.conf.d is read before it, for proxies and the like.
        """
        state = self._state
        for sub in ("lists/partial", "cache/archives/partial", "sources.list.d"):
            (state / sub).mkdir(parents=True, exist_ok=True)
        mirrors = sources.find_mirrors(sources.read_machine())
        cache.write_text(state / "sources.list.d/debian.sources",
                         sources.stanzas(mirrors, self.suites, _KEYRING))
        (state / "status").touch()
        own = Path("/etc/apt/apt.conf")
        lines = [f'#include "{own}";'] if own.exists() else []
        lines += [
            "#clear APT::Architectures;", "#clear APT::Update::Post-Invoke;",
            "#clear APT::Update::Post-Invoke-Success;",
            "#clear Acquire::IndexTargets::deb::DEP-11;",
            f'APT::Architecture "{self.arch}";', f'APT::Architectures {{ "{self.arch}"; }};',
            'Acquire::Languages "none";', 'APT::Sandbox::User "";' if os.geteuid() == 0 else "",
            f'Dir::State "{state}";', f'Dir::State::lists "{state}/lists";',
            f'Dir::State::status "{state}/status";', f'Dir::Cache "{state}/cache";',
            # Container images switch these off, which makes each question cost a second.
            'Dir::Cache::pkgcache "pkgcache.bin";', 'Dir::Cache::srcpkgcache "";',
            'Acquire::http::Timeout "20";', 'Acquire::https::Timeout "20";',
            'Dir::Etc::sourcelist "/dev/null";', f'Dir::Etc::sourceparts "{state}/sources.list.d";',
            'Dir::Etc::preferences "/dev/null";', 'Dir::Etc::preferencesparts "/dev/null";',
        ]
        cache.write_text(state / "main.conf", "\n".join(lines) + "\n")
        cache.write_text(state / "apt.conf", f'Dir::Etc::main "{state}/main.conf";\n')
        return {**os.environ, "APT_CONFIG": str(state / "apt.conf"), "LC_ALL": "C"}

    def _run(self, *words: str, folder: Path | None = None) -> subprocess.CompletedProcess[str]:
        try:
            return subprocess.run(words, env=self._configure(), cwd=folder, text=True, check=False,
                                  stdin=subprocess.DEVNULL, capture_output=True)
        except OSError as error:
            raise Unavailable(f"{words[0]} does not run: {error.strerror}, a Debian machine "
                              "or --kernel and --kdir are needed") from error

    def refresh(self) -> None:
        """Fetch the index if it is a day old. What is missing shows when it is wanted.

        A suite that cannot be had need not matter and is asked for again in an hour.
        """
        stamp = self._state / "refresh-at"
        if self.offline:
            return
        with cache.lock(f"apt-{self._state.name}"):
            if stamp.exists() and 0 < stamp.stat().st_mtime - time.time() <= _FRESH_SECONDS:
                return
            say(f"asking the Debian mirror for {', '.join(self.suites)} ({self.arch})")
            done = self._run("apt-get", "-q", "update", "--error-on=any")
            if done.returncode:
                say(f"not all that the mirror has could be read: {_first_error(done.stderr)}")
            stamp.touch()
            due = time.time() + (_RETRY_SECONDS if done.returncode else _FRESH_SECONDS)
            os.utime(stamp, (due, due))

    def versions(self, name: str) -> list[Package]:
        """Return what the index knows of a package, the newest version first."""
        done = self._run("apt-cache", "show", name)
        return newest_first([package for package in parse_show(done.stdout)
                             if package.name == name])

    def fetch(self, package: Package) -> Path:
        """Download one package into the cache, unless it is there; return its path."""
        final = cache.place("debs", f"{package.key}.deb")
        with cache.lock(f"deb-{package.key}"):
            if final.exists():
                return final
            if self.offline:
                raise LabError(f"{package.name} {package.version}: not in the cache, run once "
                               "without --offline")
            say(f"fetching {package.name} {package.version} ({megabytes(package.size)})")
            with cache.new_folder(final.with_suffix(".new")) as temp:
                done = self._run("apt-get", "-q", "download", f"{package.name}={package.version}",
                                 folder=temp)
                files = list(temp.glob("*.deb"))
                if done.returncode or len(files) != 1:
                    raise Unavailable(f"{package.name} {package.version}: the mirror does not give "
                                      f"it ({_first_error(done.stderr)})")
                os.replace(files[0], final)
            final.with_suffix(".new").rmdir()
        return final


def _first_error(text: str) -> str:
    """Return apt's first error without its letter, for a line of our own."""
    lines = re.findall(r"^[EW]: (.*)$", text, re.MULTILINE)
    return lines[0] if lines else "no reason given"


def unpack(deb: Path, folder: Path, *patterns: str) -> None:
    """Unpack a package, or only the members that match PATTERNS (tar wildcards)."""
    wanted = ["--wildcards", *patterns] if patterns else []
    with subprocess.Popen(["dpkg-deb", "--fsys-tarfile", str(deb)],
                          stdout=subprocess.PIPE) as source:
        done = subprocess.run(["tar", "-x", "-C", str(folder), "--no-same-owner", *wanted],
                              stdin=source.stdout, check=False, capture_output=True, text=True)
    # tar also complains about a pattern that matches nothing: the caller checks what it needs.
    if source.returncode or (done.returncode and not patterns):
        raise LabError(f"{deb.name}: cannot be unpacked ({done.stderr.strip()[:200]}), remove it "
                       "from the cache and try again")
