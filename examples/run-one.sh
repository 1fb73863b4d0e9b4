#!/usr/bin/env bash
# One run: examples/run-one.sh ARM SEED, with ARM from examples/arms.txt. Call it again as often as needed: a finished run is
# left as it is, an unfinished one goes on. OUT (runs/study) must be seen by every machine that takes part.
set -euo pipefail
cd "$(dirname "$0")/.."
arm=${1:?ARM} seed=${2:?SEED} out=${OUT:-runs/study}
read -r -a arguments < <(awk -v arm="$arm" '$1 == arm { $1 = ""; print; exit }' examples/arms.txt) || true
if [ ${#arguments[@]} -eq 0 ]; then
  echo "There is no arm \"$arm\" in examples/arms.txt." >&2
  exit 2
fi
# exec: the signals of a scheduler reach the command itself.
# The arm's own settings come last and win.
exec node scripts/cli.mjs experiment --set size=tiny --set prompts=12 "${arguments[@]}" --updates 80 \
  --seeds "$seed" --final-questions 2000 --bases "$out/bases" --out "$out/$arm"
