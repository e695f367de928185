# SPDX-License-Identifier: GPL-2.0-only
"""Turns the results of dmabench into a page: load -> model -> render.

`load` reads and checks a results.json, `model` is what it holds, `points` arranges
its runs by what was swept, `figures` draws, `page` makes one self-contained HTML
file of it all and `output` writes it. Nothing here needs a network or a display.
"""
