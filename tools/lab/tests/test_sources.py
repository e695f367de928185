# SPDX-License-Identifier: GPL-2.0-only
"""Finding the Debian mirror among a machine's apt sources."""

from pathlib import Path

import pytest

from lab import sources
from lab.errors import Unavailable

DEB822 = """\
# a comment
Types: deb deb-src
URIs: http://mirror.example/debian
Suites: bookworm bookworm-updates
Components: main contrib
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg

Types: deb
URIs: http://mirror.example/debian-security
Suites: bookworm-security
Components: main
Signed-By:
 -----BEGIN PGP PUBLIC KEY BLOCK-----
 .
 xyz
 -----END PGP PUBLIC KEY BLOCK-----

Types: deb
Enabled: no
URIs: http://disabled.example/debian
Suites: bookworm
Components: main

Types: deb-src
URIs: http://src.example/debian
Suites: bookworm
Components: main
"""

LIST = """\
# deb http://commented.example/debian bookworm main
deb [arch=amd64 signed-by=/etc/k.gpg trusted=yes] http://one.example/debian trixie main non-free # x
deb http://sec.example/debian-security trixie-security main
deb cdrom:[Debian]/ trixie main
deb https://vendor.example/apt cloud-bookworm main
deb-src http://src.example/debian trixie main
nonsense
"""


def test_deb822():
    found = sources.parse_deb822(DEB822)
    assert [source.uri for source in found] == ["http://mirror.example/debian",
                                                "http://mirror.example/debian-security"]
    assert found[0].suites == ("bookworm", "bookworm-updates")
    assert found[0].components == ("main", "contrib")
    assert found[0].signed_by == "/usr/share/keyrings/debian-archive-keyring.gpg"
    assert found[1].signed_by == ""


def test_one_line():
    found = sources.parse_list(LIST)
    assert [source.suites[0] for source in found] == ["trixie", "trixie-security", "trixie",
                                                      "cloud-bookworm"]
    assert found[0] == sources.Source("http://one.example/debian", ("trixie",),
                                      ("main", "non-free"), "/etc/k.gpg", True)


@pytest.mark.parametrize("text, parse", [(DEB822, sources.parse_deb822),
                                         (LIST, sources.parse_list)])
def test_mirrors(text, parse):
    mirrors = sources.find_mirrors(parse(text))
    assert mirrors.archive.uri.endswith("/debian")
    assert mirrors.security.uri.endswith("/debian-security")


def test_other_vendors_are_not_taken_for_debian():
    vendor = sources.Source("https://vendor.example/apt", ("bookworm",), ("main",))
    debian = sources.Source("http://mirror.example/debian", ("bookworm",), ("main",))
    assert sources.find_mirrors([vendor, debian]).archive == debian
    odd = sources.Source("https://other.example/x", ("nodistro",), ("main",))
    with pytest.raises(Unavailable, match="no Debian mirror"):
        sources.find_mirrors([odd])


def test_old_security_suite_and_no_security():
    old = sources.Source("http://s.example/debian-security", ("bullseye/updates",), ("main",))
    main = sources.Source("http://m.example/debian", ("bullseye",), ("main",))
    assert sources.find_mirrors([old, main]).security == old
    assert sources.find_mirrors([main]).security is None


def test_stanzas_ask_the_right_mirror():
    text = sources.stanzas(sources.find_mirrors(sources.parse_deb822(DEB822)),
                           ("trixie-backports", "trixie-security"), Path("/nowhere"))
    first, second = text.split("\n\n")
    assert "URIs: http://mirror.example/debian\nSuites: trixie-backports\n" in first
    assert "URIs: http://mirror.example/debian-security\nSuites: trixie-security\n" in second
    only = sources.Mirrors(sources.Source("http://m/debian", ("sid",), ("main",)), None)
    assert sources.stanzas(only, ("trixie-security",), Path("/nowhere")) == ""


def test_reads_the_machines_files(tmp_path):
    (tmp_path / "sources.list").write_text("deb http://a.example/debian sid main\n")
    folder = tmp_path / "sources.list.d"
    folder.mkdir()
    (folder / "b.sources").write_text(DEB822)
    (folder / "c.list.save").write_text("deb http://c.example/debian sid main\n")
    assert [source.uri.split("/")[2] for source in sources.read_machine(tmp_path)] == [
        "a.example", "mirror.example", "mirror.example"]
