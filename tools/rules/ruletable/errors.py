# SPDX-License-Identifier: GPL-2.0-only
"""What a user sees when something is wrong."""


class RulesError(Exception):
    """Ends the command with one line: what is wrong and where."""
