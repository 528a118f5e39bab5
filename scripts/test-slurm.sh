#!/bin/bash
# The tests that need a real Slurm: starts one of Debian's on this machine (root), runs them, and stops it.
set -euo pipefail
cd "$(dirname "$0")/.."
home=$(mktemp -d)
trap 'scripts/slurm-up.sh "$home" --down; rm -rf "$home"' EXIT
scripts/slurm-up.sh "$home" --accounting
export ZAGG_TEST_SLURM="$home" SLURM_CONF="$home/slurm.conf"
vitest run slurm.test "$@"
