# SPDX-License-Identifier: GPL-2.0-only
"""Makes the package importable, and the report's statistics."""

import sys
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parents[1]), str(Path(__file__).resolve().parents[2])]
