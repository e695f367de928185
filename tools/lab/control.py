# SPDX-License-Identifier: GPL-2.0-only
"""A guest's control socket, where QEMU takes commands from outside.

It works whatever the guest is at, so a guest that hangs can be asked where its CPUs are.
"""

from __future__ import annotations

import contextlib
import json
import socket
from pathlib import Path
from typing import Any

from lab.errors import LabError

_LIMIT_SECONDS = 120


class Control:
    """The control socket of a guest, which speaks QMP. Raises LabError if it does not answer."""

    def __init__(self, path: Path) -> None:
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.settimeout(_LIMIT_SECONDS)
        try:
            self._socket.connect(str(path))
        except OSError as error:
            self._socket.close()
            raise LabError(f"control: {path}: {error}") from error
        self._lines = self._socket.makefile("rb")
        self.ask("qmp_capabilities")

    def ask(self, command: str, **arguments: object) -> dict[str, Any]:
        """Give a command and return its answer."""
        text = json.dumps({"execute": command, "arguments": arguments})
        try:
            self._socket.sendall(text.encode())
            # Greeting and events are in between.
            for line in self._lines:
                answer = json.loads(line)
                if "error" in answer:
                    raise LabError(f"control: {command}: {answer['error']['desc']}")
                if "return" in answer:
                    return dict(answer["return"])
        except OSError as error:
            raise LabError(f"control: {command}: {error}") from error
        raise LabError(f"control: {command}: the guest is gone")

    def close(self) -> None:
        """Hang up."""
        self._lines.close()
        self._socket.close()


def interrupt(path: Path) -> bool:
    """Send an NMI to the guest's CPUs, which interrupts them even where interrupts are disabled.

    Its kernel was told to panic at that, and to print what each CPU was at. Returns False if the
    machine has no NMI, or does not answer.
    """
    try:
        with contextlib.closing(Control(path)) as control:
            control.ask("inject-nmi")
    except LabError:
        return False
    return True
