# SPDX-License-Identifier: GPL-2.0-only
"""What goes wrong, in words for a person."""


class PeersError(Exception):
    """One line that says what is wrong and what to do."""
