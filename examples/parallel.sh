#!/usr/bin/env bash
# All arms and seeds on this machine with GNU parallel: JOBS runs at once (2). ARMS and SEEDS ("1 2 3 4 5") choose some. Call it again
# to go on.
set -euo pipefail
cd "$(dirname "$0")/.."
# A software adapter takes every core it finds: leave each run its share.
export LP_NUM_THREADS=${LP_NUM_THREADS:-1} OUT=${OUT:-runs/study}
mkdir -p "$OUT"
read -r -a arms <<<"${ARMS:-$(awk '!/^#/ && NF { printf "%s ", $1 }' examples/arms.txt)}"
read -r -a seeds <<<"${SEEDS:-1 2 3 4 5}"
# Seeds vary slowest: the arms of a seed then find its warm start. Bad input (exit 2) is the same for all, so the first stops them.
parallel --jobs "${JOBS:-2}" --halt soon,fail=1 --joblog "$OUT/jobs.log" --line-buffer --tagstring '{2}/{1}' \
  examples/run-one.sh '{2}' '{1}' ::: "${seeds[@]}" ::: "${arms[@]}"
npm run --silent report -- "$OUT" --summaries "$OUT/summaries.jsonl"
