# SPDX-License-Identifier: GPL-2.0-only
"""A guest's control socket, with somebody else at its other end."""

import json
import socket
import threading

import pytest

from lab import control
from lab.errors import LabError

EVENT = {"event": "RESUME"}


@pytest.fixture(name="machine")
def fixture_machine(tmp_path):
    """Return a function that answers with these lines, and gives path and what was asked."""
    ends = []

    def start(*answers):
        path = tmp_path / "control"
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(str(path))
        listener.listen()
        asked = []

        def serve():
            connection, _ = listener.accept()
            with connection, connection.makefile("rwb") as file:
                for answer in [{"QMP": {}}, {"return": {}}, *answers]:
                    if asked or "return" in answer:
                        asked.append(json.loads(connection.recv(4096))["execute"])
                    file.write(json.dumps(EVENT).encode() + b"\n" if asked else b"")
                    file.write(json.dumps(answer).encode() + b"\n")
                    file.flush()

        thread = threading.Thread(target=serve)
        thread.start()
        ends.append((thread, listener))
        return path, asked

    yield start
    for thread, listener in ends:
        thread.join(10)
        listener.close()


def test_an_nmi_is_sent(machine):
    path, asked = machine({"return": {}})
    assert control.interrupt(path)
    assert asked == ["qmp_capabilities", "inject-nmi"]


def test_a_machine_without_nmi(machine):
    path, asked = machine({"error": {"class": "GenericError", "desc": "no NMIs here"}})
    assert not control.interrupt(path)
    assert asked[-1] == "inject-nmi"


def test_a_machine_that_hangs_up(machine):
    path, asked = machine()
    assert not control.interrupt(path)
    assert asked == ["qmp_capabilities"]


def test_a_machine_that_does_not_answer(tmp_path, monkeypatch):
    monkeypatch.setattr(control, "_LIMIT_SECONDS", 0.05)
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(tmp_path / "control"))
        listener.listen()
        assert not control.interrupt(tmp_path / "control")


def test_a_machine_that_is_gone(tmp_path):
    assert not control.interrupt(tmp_path / "control")
    with pytest.raises(LabError, match="control: .*No such file"):
        control.Control(tmp_path / "control")
