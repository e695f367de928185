# SPDX-License-Identifier: GPL-2.0-only
"""`python3 tools/rules --check`.

The package is one folder down, so that its name hides no module of the same name elsewhere.
"""

import sys

from ruletable.cli import main

sys.exit(main(sys.argv[1:]))
