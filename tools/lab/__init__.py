# SPDX-License-Identifier: GPL-2.0-only
"""The lab: runs a command of the project in a guest and brings back its files and a verdict."""
