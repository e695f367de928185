# SPDX-License-Identifier: GPL-2.0-only
"""Target files: those of the project, and what is said of broken ones."""

import pytest

from lab import target
from lab.errors import LabError

GOOD = """\
description = "x"
download_mb = 1
[kernel]
arch = "x86_64"
debian_arch = "amd64"
image = "linux-image-amd64"
suites = ["bookworm"]
source = "6.1"
[machine]
name = "pc"
program = "qemu-system-x86_64"
transport = "virtio-pci"
console = "ttyS0"
cmdline = ""
[guest]
load = ["dmabench"]
"""


def _read(tmp_path, text):
    path = tmp_path / "some.toml"
    path.write_text(text)
    return target.read(path)


def test_project_targets():
    names = [item.name for item in target.read_all()]
    assert names[0] == target.find("default").name == "x86_64-6.12"
    assert set(names) >= {"x86_64-6.12", "x86_64-6.1", "arm64-zynqmp", "armhf-pl330",
                          "armhf-bcm2835", "uml-7.2"}
    assert sum(item.default for item in target.read_all()) == 1


def test_good(tmp_path):
    item = _read(tmp_path, GOOD.replace('cmdline = ""', 'cmdline = "a"'))
    assert (item.name, item.guest.load, item.timeout) == ("some", ("dmabench",), 600)
    assert not item.is_uml


@pytest.mark.parametrize("old, new, words", [
    ('description = "x"', "", "key `description` is missing"),
    ('description = "x"', 'description = 3', "description: must be text, is 3"),
    ("download_mb = 1", "download_mb = true", "download_mb: must be int, is True"),
    ("download_mb = 1", "download_mb = 1\ncolour = 1", "unknown key `colour`, known are"),
    ('suites = ["bookworm"]', 'suites = "bookworm"', "kernel: suites: must be a list"),
    ('suites = ["bookworm"]', 'suites = [1]', "suites[0]: must be text"),
    ('image = "linux-image-amd64"', "", "give either `image` or `fragments`"),
    ('image = "linux-image-amd64"', 'image = "a"\nfragments = ["base"]', "either `image` or"),
    ('image = "linux-image-amd64"', 'fragments = ["nope"]', "no configs/kernel/nope.config"),
    ('"virtio-pci"', '"smoke"', "transport: `smoke` is none of"),
    ('"virtio-pci"', '"uart"', "`ports` must name"),
    ('"virtio-pci"', '"usb"', "`ports` must name"),
    ('"virtio-pci"', '"uml"', "`program` is needed by every transport but uml"),
    ("[guest]", "[guest]\nfoo = 1", "guest: unknown key `foo`"),
    ('load = ["dmabench"]', '[[allow]]\nmatch = "x"', "allow[0]: key `reason` is missing"),
    ('load = ["dmabench"]', '[[allow]]\nmatch = "("\nreason = "r"', "is no regular expression"),
    ("[machine]", '[machine]\nmemory = "lots"', "memory: `lots` is no size"),
    ("[machine]", '[machine]\ntcg = "kvm"', "tcg: `kvm` is not of the form"),
    ("download_mb = 1", "download_mb = 1\ntimeout = 0", "timeout: must be at least 1"),
    ("[guest]", "guest", "is no TOML"),
    ('load = ["dmabench"]', 'load = ["x"]\n[[driver]]\nmodule = "x"\nfile = "x.c"\n'
     'on_demand = true', "guest: load: x is built on demand only"),
    ("[guest]", '[[driver]]\nmodule = "x"\n[guest]', "driver: x: give either `file` or `folder`"),
    ("[guest]", '[[driver]]\nmodule = "x"\nfile = "x.c"\nfolder = "x"\n[guest]',
     "driver: x: give either `file` or `folder`"),
    ("[guest]", '[[driver]]\nmodule = "x"\nfolder = "x"\n[guest]', "there is no x/Kbuild"),
])
def test_bad(tmp_path, old, new, words):
    text = GOOD.replace('cmdline = ""', 'cmdline = "a"')
    assert old in text
    with pytest.raises(LabError) as caught:
        _read(tmp_path, text.replace(old, new))
    assert words in str(caught.value)
    assert "some.toml" in str(caught.value)
    assert "\n" not in str(caught.value).strip()


def test_drivers_on_demand(tmp_path):
    driver = '[[driver]]\nmodule = "%s"\nfile = "%s.c"\n'
    item = _read(tmp_path, GOOD.replace('cmdline = ""', 'cmdline = "a"')
                 + driver % ("board", "board")
                 + driver % ("extra", "extra") + "on_demand = true\n")
    assert [spec.module for spec in item.drivers([])] == ["board"]
    assert [spec.module for spec in item.drivers(["extra"])] == ["board", "extra"]
    for name in ("board", "nope"):
        with pytest.raises(LabError, match=f"--driver {name}: .*some.toml, extra can be asked"):
            item.drivers([name])


def test_no_driver_of_a_measuring_guest_needs_linux_source():
    for name in ("x86_64-6.12", "x86_64-6.1"):
        item = target.find(name)
        assert item.drivers([]) == ()
        assert [spec.module for spec in item.drivers(["dmatest"])] == ["dmatest"]
        ours, = item.drivers(["terminate_prepared"])
        assert ours.folder and not ours.needs


def test_unknown_name():
    with pytest.raises(LabError, match="no such target, known are x86_64-6.12"):
        target.find("../../etc/passwd")
