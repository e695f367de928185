# SPDX-License-Identifier: GPL-2.0-only
"""Makes the package importable and keeps the tests away from the real cache and network."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))


@pytest.fixture(autouse=True)
def own_cache(tmp_path, monkeypatch):
    """Give each test a cache of its own."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache" / "dmabench"
