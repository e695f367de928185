# SPDX-License-Identifier: GPL-2.0-only
"""Measure dmabench and dmasim against their peers, in one boot of a guest.

    python3 tools/peers [--target TARGET] [--rows ROW,...] [--repeats N] [--write FILE]

dmatest is the kernel's own, unmodified; the provider on the kernel's virt-dma is
tools/virtdma; the rest are baselines that dmabench itself has. What is compared is measured
in turns. Exit 0 only if each figure that has a target reaches it.
"""

import sys
from pathlib import Path

# The package here, and the report's statistics.
HERE = Path(__file__).resolve().parent
sys.path[:1] = [str(HERE), str(HERE.parent)]

from peertable.cli import main  # pylint: disable=wrong-import-position

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
