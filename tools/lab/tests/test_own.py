# SPDX-License-Identifier: GPL-2.0-only
"""Kernels of the lab's own: what is asked of their config, and how long they take."""

import dataclasses

import pytest

from lab import machine, own, target
from lab.errors import LabError

OWN = [item.name for item in target.read_all() if item.kernel.fragments]


def test_unmet_tells_what_did_not_stick():
    wanted = "CONFIG_A=y\nCONFIG_B=m\nCONFIG_C=n\n# CONFIG_D is not set\nCONFIG_A=n\nCONFIG_E=300\n"
    assert not own.unmet(wanted, "# CONFIG_A is not set\nCONFIG_B=m\nCONFIG_E=300\n")
    assert own.unmet(wanted, "CONFIG_A=y\nCONFIG_B=y\nCONFIG_D=y\nCONFIG_E=4000\n") == [
        "CONFIG_A=n", "CONFIG_B=m", "CONFIG_D=n", "CONFIG_E=300"]


@pytest.mark.parametrize("name", [name for name in OWN if name.endswith("debug")])
def test_debug_kernels_have_what_they_are_for(name):
    config = own.parse_config(own.fragment_text(target.find(name)))
    for option in ("KASAN", "PROVE_LOCKING", "DEBUG_ATOMIC_SLEEP", "DMA_API_DEBUG", "UBSAN",
                   "DEBUG_OBJECTS", "DEBUG_KMEMLEAK", "FAILSLAB"):
        assert config[f"CONFIG_{option}"] == "y", option


def test_kernels_that_differ_have_different_places_in_the_cache():
    kcsan = target.find("x86_64-kcsan")
    other = dataclasses.replace(kcsan, kernel=dataclasses.replace(kcsan.kernel, build=()))
    assert own._key(kcsan, "1") != own._key(other, "1")  # pylint: disable=protected-access


def test_estimate():
    chosen = target.find("x86_64-kcsan")

    def words(seconds, cpus):
        spec = dataclasses.replace(chosen.kernel, build_seconds=seconds)
        return own.estimate(dataclasses.replace(chosen, kernel=spec), cpus)

    assert words(600, 2) == "about 5 min with 2 CPUs"
    assert words(600, 1) == "about 10 min with 1 CPU"
    assert words(600, 64) == "about 1 min with 64 CPUs"
    assert words(0, 2) == "some minutes"


def test_keys_of_own_builds_need_fragments(tmp_path):
    text = target.find("x86_64-6.12").file.read_text(encoding="utf-8")
    for key in ('build = ["A=y"]', "build_seconds = 3", 'products = ["a.ko"]'):
        (tmp_path / "bad.toml").write_text(text.replace("[kernel]", f"[kernel]\n{key}"))
        with pytest.raises(LabError, match="need `fragments`"):
            target.read(tmp_path / "bad.toml")


def test_the_clock_of_the_host_is_on_the_command_line(tmp_path):
    boot = machine.Boot(target.find("x86_64-kcsan"), tmp_path, tmp_path, tmp_path, "tcg")
    words = machine.kernel_words(boot)
    rates = [int(word.split("=")[1]) for word in words if word.startswith("tsc_early_khz=")]
    assert len(rates) == 1 and 100_000 < rates[0] < 10_000_000
