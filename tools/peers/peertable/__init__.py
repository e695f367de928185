# SPDX-License-Identifier: GPL-2.0-only
"""Ratios of dmabench and dmasim to their peers, as a table."""
