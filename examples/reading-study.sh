#!/usr/bin/env bash
# Refiners that read, as long as the paper trains: every arm with five seeds, 300 updates, answers at five temperatures.
# Call it again as often as needed: finished runs are left as they are, an unfinished one goes on. It ends with a report.
# OUT (runs/reading), SEEDS (1..5), UPDATES (300) and ARGUMENTS for all runs, such as "--world atlas --set size=small", may be set.
set -euo pipefail
cd "$(dirname "$0")/.."
out=${OUT:-runs/reading} seeds=${SEEDS:-1..5} updates=${UPDATES:-300}
read -r -a more <<< "${ARGUMENTS:-}"
for preset in search-r1 process-only search-r2 search-r2-paper separate-refiner supervised-refiner second-reading reading-refiner \
  oracle-reader oracle-wrong-only oracle-label; do
  node scripts/cli.mjs experiment --preset "$preset" --set size=tiny --set evalTemperatures=five "${more[@]}" --updates "$updates" \
    --seeds "$seeds" --final-questions 2000 --bases "$out/bases" --out "$out/$preset"
done
exec node scripts/cli.mjs report "$out" --baseline process-only
