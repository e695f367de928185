# SPDX-License-Identifier: GPL-2.0-only
"""What bounds a figure that does not hold: written by people, after a look at a profile."""

from __future__ import annotations

from pathlib import Path

import tomllib

from peertable.errors import PeersError
from peertable.rows import CONTEXTS, ROWS


def read(path: Path) -> dict[str, str]:
    """Read the explanations: by row, as `same64`, or by row and context, as `same64.inline`."""
    try:
        texts = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise PeersError(f"{path}: {error}") from error
    found: dict[str, str] = {}
    keys = {row.key for row in ROWS}
    for key, value in texts.items():
        if key not in keys:
            raise PeersError(f"{path}: {key}: no such row")
        parts = value if isinstance(value, dict) else {"": value}
        for context, text in parts.items():
            if context and context not in CONTEXTS:
                raise PeersError(f"{path}: {key}: {context}: no such context")
            found[f"{key}.{context}" if context else key] = " ".join(str(text).split())
    return found


def explain(texts: dict[str, str], key: str, context: str) -> str | None:
    """Return what is said of a row in a context, or of the row as a whole."""
    return texts.get(f"{key}.{context}", texts.get(key))
