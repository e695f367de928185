#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# The conformance cases of the group public, see conform.sh.

cd "$(dirname "$0")" || exit 1
. ./lib.sh
. ./conform.sh
conform public
