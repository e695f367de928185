# SPDX-License-Identifier: GPL-2.0-only
"""`python3 tools/coverage --check`.

The package is one folder down: called `coverage`, it would hide the module of that name from
plugins of pytest, since tests of other tools put this folder's parent on the import path.
"""

import sys

from apitable.cli import main

sys.exit(main(sys.argv[1:]))
