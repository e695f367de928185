# SPDX-License-Identifier: GPL-2.0-only
"""The rules of the contract, the cases that test them and the defects that prove the cases.

`csource` reads const tables of C, `contract` makes rules, cases and defects of them, `page`
writes docs/rules.md, `cli` is the command.
"""
