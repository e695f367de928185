# SPDX-License-Identifier: GPL-2.0-only
"""What goes wrong through no fault of the program."""


class ReportError(Exception):
    """A problem that a user can do something about.

    what: the thing that is wrong, a file or an option; why: what is wrong with it;
    advice: what to do.
    """

    def __init__(self, what: str, why: str, advice: str) -> None:
        super().__init__(f"{what}: {why}, {advice}")
