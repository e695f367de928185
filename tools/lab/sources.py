# SPDX-License-Identifier: GPL-2.0-only
"""Finds the Debian mirror in the machine's own apt sources.

The lab names no host. It takes the mirrors that the machine is configured for and asks them
for other suites and architectures of Debian.
"""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass
from pathlib import Path

from lab.errors import Unavailable

_RELEASE = re.compile(r"(bullseye|bookworm|trixie|forky|duke|sid|oldoldstable|oldstable|stable|"
                      r"testing|unstable)(-updates|-backports|-proposed-updates)?")
_SECURITY = re.compile(r"[a-z]+(-security|/updates)")


@dataclass(frozen=True)
class Source:
    """One `deb` source: an address with the suites and components taken from it."""

    uri: str
    suites: tuple[str, ...]
    components: tuple[str, ...]
    signed_by: str = ""
    trusted: bool = False


@dataclass(frozen=True)
class Mirrors:
    """Where the machine gets Debian from: the archive and, if configured, security updates."""

    archive: Source
    security: Source | None


def parse_list(text: str) -> list[Source]:
    """Parse the one-line format (*.list). Lines that are no `deb` lines are passed over."""
    found = []
    for line in text.splitlines():
        line = line.split("#", 1)[0].strip()
        match = re.match(r"deb\s+(?:\[([^]]*)\]\s*)?(\S+)\s+(\S+)\s*(.*)$", line)
        if not match:
            continue
        options = dict(item.split("=", 1) for item in shlex.split(match[1] or "") if "=" in item)
        found.append(Source(match[2], (match[3],), tuple(match[4].split()),
                            options.get("signed-by", ""), options.get("trusted") == "yes"))
    return found


def parse_deb822(text: str) -> list[Source]:
    """Parse the stanza format (*.sources). Disabled and source-only stanzas are passed over."""
    found = []
    text = "\n".join(line for line in text.splitlines() if not line.startswith("#"))
    for stanza in re.split(r"\n[ \t]*\n", text):
        fields: dict[str, str] = {}
        key = ""
        for line in stanza.splitlines():
            if line[:1] in (" ", "\t") and key:
                fields[key] += "\n" + line.strip()
            elif ":" in line:
                key, value = line.split(":", 1)
                key = key.strip().lower()
                fields[key] = value.strip()
        if "deb" not in fields.get("types", "").split():
            continue
        if fields.get("enabled", "yes").lower() in ("no", "false", "0"):
            continue
        # A key may stand in the file itself; apt wants a path, so that is left to the keyring.
        signed_by = fields.get("signed-by", "")
        if "\n" in signed_by:
            signed_by = ""
        for uri in fields.get("uris", "").split():
            found.append(Source(uri, tuple(fields.get("suites", "").split()),
                                tuple(fields.get("components", "").split()), signed_by,
                                fields.get("trusted", "no").lower() == "yes"))
    return found


def read_machine(etc: Path = Path("/etc/apt")) -> list[Source]:
    """Return all sources that the machine's apt is configured for, in apt's order."""
    found: list[Source] = []
    parts = [etc / "sources.list", *sorted((etc / "sources.list.d").glob("*"))]
    for path in parts:
        if path.suffix not in (".list", ".sources"):
            continue
        try:
            text = path.read_text(encoding="utf-8", errors="replace")
        except OSError:
            continue
        found += parse_deb822(text) if path.suffix == ".sources" else parse_list(text)
    return found


def _likeness(source: Source) -> int:
    """Rank how much a source looks like Debian's own: others name their suites after Debian's."""
    return (2 * ("debian-archive" in source.signed_by)
            + ("/debian" in source.uri.rstrip("/") + "/"))


def _best(sources: list[Source], suite: re.Pattern[str]) -> Source | None:
    """Return the likeliest source that has such a suite, the first of several alike."""
    fitting = [source for source in sources if any(map(suite.fullmatch, source.suites))]
    return max(fitting, key=_likeness, default=None)


def find_mirrors(sources: list[Source]) -> Mirrors:
    """Pick Debian's archive and security mirrors among the machine's sources.

    Raises Unavailable if the machine has no Debian mirror.
    """
    debian = [source for source in sources
              if "main" in source.components and not source.uri.startswith("cdrom:")]
    archive = _best(debian, _RELEASE)
    if archive is None:
        raise Unavailable("no Debian mirror: none of this machine's apt sources offers a Debian "
                          "release, add one or give --kernel and --kdir")
    return Mirrors(archive, _best(debian, _SECURITY))


def stanzas(mirrors: Mirrors, suites: tuple[str, ...], keyring: Path) -> str:
    """Return a *.sources text that offers SUITES from the machine's mirrors.

    A suite `NAME-security` is taken from the security mirror and left out if there is none.
    """
    texts = []
    for suite in suites:
        source = mirrors.security if suite.endswith("-security") else mirrors.archive
        if source is None:
            continue
        lines = ["Types: deb", f"URIs: {source.uri}", f"Suites: {suite}", "Components: main"]
        if keyring.exists():
            lines.append(f"Signed-By: {keyring}")
        elif source.signed_by:
            lines.append(f"Signed-By: {source.signed_by}")
        if source.trusted:
            lines.append("Trusted: yes")
        texts.append("\n".join(lines) + "\n")
    return "\n".join(texts)
