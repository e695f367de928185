#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# The conformance cases of the group pause, see conform.sh.

cd "$(dirname "$0")" || exit 1
. ./lib.sh
. ./conform.sh
conform pause
