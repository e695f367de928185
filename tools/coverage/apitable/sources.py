# SPDX-License-Identifier: GPL-2.0-only
"""What the project's sources provide and use of the API."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from . import csource
from .header import Api

Places = dict[str, set[str]]


@dataclass
class Package:
    """The C files of a folder, plain, by their path in it."""

    files: dict[str, str] = field(default_factory=dict)

    def devices(self, text: str) -> set[str]:
        """Return the names that are a struct dma_device in one of the files."""
        shared = [other for name, other in self.files.items() if name.endswith(".h")]
        return set.union(*map(csource.device_names, [text, *shared]))


def _union(places: Places, names: set[str]) -> set[str]:
    return set().union(*(places.get(name, set()) for name in names))


def read(folder: Path) -> Package:
    """Read all C files of a folder and those in it."""
    return Package({str(path.relative_to(folder)): csource.plain(path.read_text(encoding="utf-8"))
                    for path in sorted(folder.rglob("*.[ch]")) if ".mod." not in path.name})


def _add(places: Places, name: str, place: str) -> None:
    places.setdefault(name, set()).add(place)


def provided(package: Package, api: Api) -> Places:
    """Return where each member is set; of an operation, where its function is.

    A call is provided where the members are that it uses, or where it is called if it uses
    none, since a provider then has its part in it only so.
    """
    places: Places = {}
    for name, text in package.files.items():
        for member, value in csource.assignments(text, package.devices(text)).items():
            homes = [file for file, other in package.files.items()
                     if value and member not in api.data and csource.defines(other, value)]
            _add(places, member, homes[0] if homes else name)
    callers = used(package, api)
    for call in api.calls:
        members = set(api.calls[call])
        # What it is for, or if there is nothing of that, what it looks at.
        where = (_union(places, members - set(api.data)) or _union(places, members)
                 if members else callers.get(call, set()))
        for place in where:
            _add(places, call, place)
    return {name: where for name, where in places.items() if name in api.names}


def used(package: Package, api: Api) -> Places:
    """Return where each name is used: a function called, an operation called, data read.

    A member is used also by the functions of the header that end in it.
    """
    places: Places = {}
    for name, text in package.files.items():
        called = csource.calls(text)
        members = csource.members_used(text, package.devices(text))
        for call in called & set(api.calls):
            _add(places, call, name)
            for member in set(api.calls[call]) & set(api.members):
                _add(places, member, name)
        for member in members & set(api.data) | members & set(api.operations) & called:
            _add(places, member, name)
    return places
