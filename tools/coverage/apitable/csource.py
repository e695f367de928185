# SPDX-License-Identifier: GPL-2.0-only
"""Just enough of C to see which members are set and which functions are called.

It reads the sources of this project and one header of the kernel, which are in the kernel's
style; it is no parser for any C.
"""

from __future__ import annotations

import re

_COMMENT = re.compile(r"/\*.*?\*/|//[^\n]*", re.S)
_STRING = re.compile(r'"(?:\\.|[^"\\\n])*"')
# Names of which a declaration says that they are a struct dma_device or point to one.
_DEVICE = re.compile(r"\bstruct\s+dma_device\s+\**\s*(\w+)\s*[;,)=]")


def plain(text: str) -> str:
    """Return C without comments and without what is in strings."""
    return _STRING.sub('""', _COMMENT.sub(" ", text))


def closing(text: str, start: int) -> int:
    """Return the position behind the bracket that closes the one at START."""
    pairs = {"(": ")", "{": "}"}
    opened, closed = text[start], pairs[text[start]]
    depth = 0
    for spot in range(start, len(text)):
        depth += (text[spot] == opened) - (text[spot] == closed)
        if not depth:
            return spot + 1
    raise ValueError(f"`{opened}` is never closed")


def device_names(text: str) -> set[str]:
    """Return the names of variables, parameters and fields that are a struct dma_device.

    TEXT is plain. dma_chan.device is always among them.
    """
    return set(_DEVICE.findall(text)) | {"device"}


def access(devices: set[str], member: str = r"\w+") -> str:
    """Return a regular expression for a member (its first group) of one of the DEVICES."""
    return rf"\b(?:{'|'.join(sorted(devices))})(?:->|\.)({member})\b"


def members_used(text: str, devices: set[str]) -> set[str]:
    """Return the members of a struct dma_device that plain TEXT mentions, by name or offset."""
    return set(re.findall(access(devices), text)) | set(
        re.findall(r"\boffsetof\(struct dma_device, (\w+)\)", text))


def fields(text: str) -> set[str]:
    """Return the members of whatever struct that plain TEXT mentions."""
    return set(re.findall(r"(?:->|\.)(\w+)\b", text))


def calls(text: str) -> set[str]:
    """Return the names in plain TEXT that a bracket follows."""
    return set(re.findall(r"\b([A-Za-z_]\w*)\s*\(", text))


def assignments(text: str, devices: set[str]) -> dict[str, str]:
    """Return the members that plain TEXT sets and, if it is a name, what they are set to.

    Those of a descriptor are among them. A member that the kernel has a function to
    initialise is set by that.
    """
    found = dict(re.findall(r"(?:->|\.)(\w+)\s*=\s*&?(\w+)\s*[;,]", text))
    found = {name: value for name, value in found.items()
             if name in ("tx_submit", "desc_free", "metadata_ops")}
    one = access(devices)
    for member, value in re.findall(one + r"\s*\|?=(?!=)\s*(\w*)", text):
        found[member] = value
    for member in re.findall(r"\bINIT_LIST_HEAD\s*\(\s*&[^,;]*?" + one, text):
        found.setdefault(member, "")
    for member in re.findall(r"\bdma_cap_(?:set|zero)\s*\([^;]*?" + one + r"\s*\)", text):
        found.setdefault(member, "")
    for device in re.findall(r"\bdma_set_maxpq\s*\(\s*(\w+)", text):
        if device in devices:
            found.setdefault("max_pq", "")
    return found


def defines(text: str, name: str) -> bool:
    """Whether plain TEXT holds the definition of a function."""
    for match in re.finditer(rf"^[\w\s*]*\b{re.escape(name)}\s*\(", text, re.M):
        end = closing(text, match.end() - 1)
        if re.match(r"\s*\{", text[end:]):
            return True
    return False
