# SPDX-License-Identifier: GPL-2.0-only
"""Entry of `python3 tools/lab ...` and of `python3 -m lab ...`."""

import sys
from pathlib import Path

if not __package__:
    # Started as a folder: the package itself is on the path, not the folder that holds it.
    sys.path[0] = str(Path(__file__).resolve().parent.parent)

from lab.cli import main  # pylint: disable=wrong-import-position

sys.exit(main(sys.argv[1:]))
