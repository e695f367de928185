# SPDX-License-Identifier: GPL-2.0-only
"""Versions and kernel pairs, as the archive describes them."""

import time

import pytest

from lab import apt, cache, kernel
from lab.errors import LabError, Unavailable


@pytest.mark.parametrize("older, newer", [
    ("6.12.9-1", "6.12.10-1"), ("6.12.117-1~deb12u1", "6.12.117-1"), ("6.1.176-1", "6.1.192-2"),
    ("1.0~rc1-1", "1.0-1"), ("1.0-1", "1.0-1+b1"), ("1.0-1", "1.0a-1"), ("9", "1:1"),
    ("7.2.12-1~bpo13+1", "7.2.12-1"), ("1.0", "1.0-1"), ("1.a", "1.+"), ("2.0-1", "2.00.1-1"),
])
def test_version_order(older, newer):
    assert apt.compare_versions(older, newer) < 0 < apt.compare_versions(newer, older)


def test_equal_versions():
    assert apt.compare_versions("1:01.2-03", "1:1.2-3") == 0


def test_parse_show():
    text = ("Package: a\nVersion: 1-1\nArchitecture: arm64\nSize: 12\nDepends: b (= 1), c\n"
            "Filename: pool/a.deb\nDescription: x\n more\n\nPackage: broken\n\n")
    assert apt.parse_show(text) == [apt.Package("a", "1-1", "arm64", 12, "b (= 1), c",
                                                "pool/a.deb")]


def _package(name, version, depends="", arch="amd64"):
    return apt.Package(name, version, arch, 1, depends, "")


def _archive(*packages):
    return lambda name: apt.newest_first([item for item in packages if item.name == name])


IMAGES = [_package("linux-image-amd64", version, f"linux-image-{release}-amd64 (= {version})")
          for release, version in (("6.1.0-56", "6.1.192-2"), ("6.1.0-50", "6.1.176-1"))]


def _kernel(release, version):
    return [_package(f"linux-image-{release}-amd64", version),
            _package(f"linux-headers-{release}-amd64", version,
                     f"linux-headers-{release}-common (= {version}), linux-kbuild-6.1 (>= 6.1), "
                     "linux-compiler-gcc-12-x86"),
            _package(f"linux-headers-{release}-common", version, arch="all")]


def test_newest_pair():
    find = _archive(*_kernel("6.1.0-50", "6.1.176-1"), *_kernel("6.1.0-56", "6.1.192-2"))
    kbuild = _archive(_package("linux-kbuild-6.1", "6.1.192-2"),
                      _package("linux-kbuild-6.1", "6.1.176-1"))
    pair = kernel.pick_pair(IMAGES, find, kbuild)
    assert pair.release == "6.1.0-56-amd64"
    assert pair.image.version == "6.1.192-2"
    assert [part.name for part in pair.headers] == [
        "linux-headers-6.1.0-56-amd64", "linux-headers-6.1.0-56-common", "linux-kbuild-6.1"]
    assert pair.headers[2].version == "6.1.192-2"


def test_older_pair_when_the_newest_has_no_headers():
    newest = _kernel("6.1.0-56", "6.1.192-2")[:1]
    find = _archive(*newest, *_kernel("6.1.0-50", "6.1.176-1"))
    pair = kernel.pick_pair(IMAGES, find, _archive(_package("linux-kbuild-6.1", "6.1.192-2")))
    assert pair.release == "6.1.0-50-amd64"


def test_no_pair():
    assert kernel.pick_pair([], _archive(), _archive()) is None
    find = _archive(*_kernel("6.1.0-56", "6.1.192-2"))
    assert kernel.pick_pair(IMAGES, find, _archive()) is None


def test_remembered_asks_once_a_day():
    asked = []

    def ask():
        asked.append(1)
        return {"value": len(asked)}

    assert kernel.remembered("x", False, ask)["value"] == 1
    assert kernel.remembered("x", False, ask)["value"] == 1
    record = cache.read_state("x")
    cache.write_state("x", {**record, "asked": time.time() - 2 * 86400})
    assert kernel.remembered("x", True, ask)["value"] == 1
    assert kernel.remembered("x", False, ask)["value"] == 2


def test_remembered_goes_on_without_the_mirror(capsys):
    def fail():
        raise Unavailable("the mirror is gone")

    with pytest.raises(Unavailable):
        kernel.remembered("y", False, fail)
    with pytest.raises(LabError, match="without --offline"):
        kernel.remembered("y", True, fail)
    cache.write_state("y", {"value": 7, "asked": 0})
    assert kernel.remembered("y", False, fail)["value"] == 7
    assert "going on with what is cached" in capsys.readouterr().err
