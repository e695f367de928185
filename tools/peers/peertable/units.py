# SPDX-License-Identifier: GPL-2.0-only
"""Text for pages."""

from __future__ import annotations

import textwrap

WIDTH = 150


def wrap(item: str) -> list[str]:
    """Return an item of a list in lines that are not too long."""
    return textwrap.wrap(item, WIDTH, subsequent_indent="  ", break_long_words=False,
                         break_on_hyphens=False)
