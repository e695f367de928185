# SPDX-License-Identifier: GPL-2.0-only
"""The list of the header's names that is committed, for machines without the header."""

from __future__ import annotations

from pathlib import Path

import tomllib

from .errors import CoverageError
from .header import Api

_HEAD = """# SPDX-License-Identifier: GPL-2.0-only
#
# Names in include/linux/dmaengine.h of Linux 7.2. Made by: tools/coverage --names HEADER
"""


def _list(names: list[str]) -> str:
    return "[" + ", ".join(f'"{name}"' for name in names) + "]"


def render(api: Api) -> str:
    """Return the file's text."""
    lines = [_HEAD.rstrip("\n")]
    for key in ("operations", "data", "descriptor"):
        lines += ["", f"{key} = ["]
        lines += [f'    "{name}",' for name in getattr(api, key)]
        lines += ["]"]
    lines += ["", "# Functions, and the members that each of them uses.", "[calls]"]
    lines += [f"{name} = {_list(uses)}" for name, uses in api.calls.items()]
    return "\n".join(lines) + "\n"


def read(path: Path) -> Api:
    """Read the file."""
    try:
        return Api(**tomllib.loads(path.read_text(encoding="utf-8")))
    except (OSError, tomllib.TOMLDecodeError, TypeError) as error:
        raise CoverageError(f"{path.name}: {error}") from error


def differences(listed: Api, found: Api) -> list[str]:
    """Return what the committed list says otherwise than the header, in words."""
    told = [f"names.toml: {name} is not in the header" for name in listed.names
            if name not in found.names]
    told += [f"names.toml: {name} of the header is missing" for name in found.names
             if name not in listed.names]
    if not told and listed != found:
        told.append("names.toml: differs from the header in kinds, order or uses of names")
    return told
