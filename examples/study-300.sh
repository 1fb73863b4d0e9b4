#!/usr/bin/env bash
# The study of docs/results.md: as many updates as the paper trains for, 32 held-out worlds, answers at five temperatures.
# Call it again as often as needed: finished runs are left as they are, an unfinished one goes on. It ends with a report.
# OUT (runs/study-300), SEEDS (1..5), UPDATES (300), ARMS (all, or some of the names below) and ARGUMENTS for all runs may be set.
set -euo pipefail
cd "$(dirname "$0")/.."
out=${OUT:-runs/study-300} seeds=${SEEDS:-1..5} updates=${UPDATES:-300}
read -r -a more <<< "${ARGUMENTS:-}"
hard=(--set maxHops=4 --set rumourSpread=outnumber --set misfiled=0.05 --set sharedNames=0.1)
theory=(--set theoryEvery=300 --set theoryQuestions=1024)
reads=(--set refinerLearningRate=0.001)

# Its name, its preset, and what it has of its own. Seeds of one arm run one after the other, so several of these scripts, each
# with some of the ARMS, fill a machine.
arm() {
  local name=$1 preset=$2
  shift 2
  [[ -z ${ARMS:-} || " $ARMS " == *" $name "* ]] || return 0
  node scripts/cli.mjs experiment --preset "$preset" --set size=tiny --set prompts=12 --set evalEvery=60 --set evalQuestions=128 \
    --set evalWorlds=32 --set evalTemperatures=five --updates "$updates" --final-questions 1024 --init shipped --seeds "$seeds" \
    --out "$out/$name" "$@" "${more[@]}"
}

arm search-r1 search-r1
arm search-r1-matched search-r1-matched --set groupSize=11
arm process-only process-only --final-tries 8
arm process-only-matched process-only --set groupSize=11
arm refiner-only refiner-only
arm refiner-process refiner-process
arm search-r2 search-r2 "${theory[@]}"
arm search-r2-paper search-r2-paper
arm separate-refiner separate-refiner
arm reading-refiner reading-refiner "${reads[@]}" --final-tries 8 "${theory[@]}"
arm oracle-reader oracle-reader
for preset in second-reading supervised-refiner resample random-cut never-revise always-revise group-advantage discarded-in \
  oracle-label oracle-wrong-only oracle-value; do arm "$preset" "$preset"; done
arm hard-process-only process-only "${hard[@]}" --final-tries 8
arm hard hard "${reads[@]}" --final-tries 8
for preset in search-r1 search-r2 search-r2-paper separate-refiner oracle-reader refiner-only refiner-process second-reading \
  supervised-refiner resample random-cut never-revise always-revise group-advantage discarded-in oracle-label oracle-wrong-only oracle-value; do
  arm "hard-$preset" "$preset" "${hard[@]}"
done
for preset in search-r2 process-only oracle-reader; do arm "atlas-$preset" "$preset" --world atlas; done
arm atlas-reading-refiner reading-refiner --world atlas "${reads[@]}"
exec node scripts/cli.mjs report "$out" --baseline process-only
