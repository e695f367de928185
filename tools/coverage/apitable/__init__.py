# SPDX-License-Identifier: GPL-2.0-only
"""The table of docs/coverage.md: what of the dmaengine API is provided, used and tested."""
