# SPDX-License-Identifier: GPL-2.0-only
"""`python3 tools/report RESULTS.json... -o DIR`."""

import sys
from pathlib import Path

if not __package__:
    # Run as a folder: the import path begins with the package itself; its parent is needed.
    sys.path[0] = str(Path(__file__).resolve().parent.parent)

from report.cli import main  # pylint: disable=wrong-import-position

if __name__ == "__main__":
    sys.exit(main())
