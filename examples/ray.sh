#!/usr/bin/env bash
# One Ray job a run: RAY_ADDRESS=http://head:8265 CHECKOUT=/shared/cutpoint SLOTS=8 examples/ray.sh
# CHECKOUT is this repository with its packages, at the same path on every node; OUT (runs/study in it) too. SLOTS (1): how many runs
# the cluster has room for at once. ARMS and SEEDS ("1 2 3 4 5") choose some. Call it again to go on.
set -euo pipefail
cd "$(dirname "$0")/.."
export CHECKOUT=${CHECKOUT:-$PWD} CPUS=${CPUS:-2}
export OUT=${OUT:-$CHECKOUT/runs/study}
read -r -a arms <<<"${ARMS:-$(awk '!/^#/ && NF { printf "%s ", $1 }' examples/arms.txt)}"
read -r -a seeds <<<"${SEEDS:-1 2 3 4 5}"

# GPUs: --entrypoint-num-gpus 1. xargs calls it.
# shellcheck disable=SC2329
submit() {
  ray job submit --entrypoint-num-cpus "$CPUS" -- \
    env OUT="$OUT" LP_NUM_THREADS="$CPUS" "$CHECKOUT/examples/run-one.sh" "$2" "$1" || {
    echo "$2, seed $1: not finished" >&2
    return 1
  }
}
export -f submit

# Ray gives a job 15 minutes to find a CPU, and loses it then. So no more are sent than there is room for: each slot waits for the
# end of its job. Seeds vary slowest: the arms of a seed then find its warm start.
for seed in "${seeds[@]}"; do
  for arm in "${arms[@]}"; do printf '%s %s\n' "$seed" "$arm"; done
done | xargs -L 1 -P "${SLOTS:-1}" bash -c 'submit "$@"' submit
