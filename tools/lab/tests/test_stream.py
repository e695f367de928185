# SPDX-License-Identifier: GPL-2.0-only
"""What a guest sends, whole and cut off anywhere."""

import hashlib
import io
import tarfile

import pytest

from lab import stream


KEY = "lab-0123456789abcdef"


def _parse(data):
    return stream.parse(data, KEY)


def _payload(kind, data, name=""):
    head = f"{KEY} {kind} {len(data)} {hashlib.sha256(data).hexdigest()} {name}\n"
    return head.encode() + data + b"\n"


def _tar(files):
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for name, data in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
        link = tarfile.TarInfo("./link")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(link)
    return buffer.getvalue()


PUSHED = b"early\nlab verdict 0 command 1.0\n" + bytes(range(256))
FILES = {"./dmesg.txt": b"log\n", "./deep/a b": b"\0" * 2000, "../evil": b"x", "/abs": b"x"}
LAST = f"{KEY} verdict 3 command 9.25\n".encode()
WHOLE = (f"{KEY} phase init 1.50\n{KEY} phase command 1.75\n".encode()
         + _payload("file", PUSHED, "a b.json") + f"{KEY} phase results 9.00\n".encode()
         + _payload("tar", _tar(FILES)) + LAST)


def test_whole():
    got = _parse(WHOLE)
    assert got.status == 3
    assert got.phases == {"init": 1.5, "command": 1.75, "results": 9.0}
    assert (got.last_phase, got.uptime) == ("command", 9.25)
    assert got.files["a b.json"] == PUSHED
    assert got.files["deep/a b"] == b"\0" * 2000
    assert set(got.files) == {"a b.json", "dmesg.txt", "deep/a b"}
    assert not got.damage
    assert stream.has_ended(WHOLE[-80:], KEY)


def test_keys_differ():
    assert stream.new_key() != stream.new_key()


def test_cut_off_anywhere_there_is_no_verdict_and_no_exception():
    pushed_by = WHOLE.index(PUSHED) + len(PUSHED)
    for end in range(len(WHOLE)):
        got = _parse(WHOLE[:end])
        assert got.status is None
        assert not stream.has_ended(WHOLE[:end][-80:], KEY)
        if end >= pushed_by:
            assert got.files["a b.json"] == PUSHED


def test_pushed_files_survive():
    got = _parse(WHOLE[:WHOLE.index(b" tar ") + 500])
    assert got.files == {"a b.json": PUSHED}
    assert got.status is None and got.last_phase == "results"
    assert "only" in got.damage[0]


def test_wrong_sum():
    data = WHOLE.replace(b"\0" * 100, b"\1" * 100, 1)
    got = _parse(data)
    assert "deep/a b" not in got.files
    assert "the sum of what arrived is wrong" in got.damage[0]
    assert got.status == 3


def test_writer_killed_within_a_record():
    half = _payload("file", b"y" * 1000, "half")[:300]
    got = _parse(half + f"{KEY} phase results 2.0\n{KEY} verdict 0 command 3.0\n".encode())
    assert got.status == 0 and got.damage and "half" not in got.files


@pytest.mark.parametrize("text", ["", "garbage\n", "KEY\n", "KEY file x y z\n", "KEY phase\n",
                                  "KEY verdict x y z\n", "\xff\xfe\n", "KEY file -5 00 n\n",
                                  "lab-0000000000000000 verdict 0 command 1.0\n", "KEY what 1 2\n"])
def test_garbage(text):
    got = _parse(text.replace("KEY", KEY).encode("latin-1"))
    assert got.status is None
    assert bool(got.damage) == bool(text)


@pytest.mark.parametrize("name, safe", [("a/b", "a/b"), ("./a", "a"), ("../a", None), ("/a", None),
                                        ("a/../../b", None), ("", None), ("a\0b", None)])
def test_safe_name(name, safe):
    assert stream.safe_name(name) == safe


def test_store(tmp_path):
    stream.store(_parse(WHOLE), tmp_path)
    assert (tmp_path / "deep/a b").read_bytes() == b"\0" * 2000
    assert not (tmp_path.parent / "evil").exists()
