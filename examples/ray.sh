#!/usr/bin/env bash
# One Ray job a run: RAY_ADDRESS=http://head:8265 CHECKOUT=/shared/cutpoint examples/ray.sh
# CHECKOUT is this repository with its packages, at the same path on every node. Call it again to go on.
set -euo pipefail
cd "$(dirname "$0")/.."
checkout=${CHECKOUT:-$PWD} cpus=${CPUS:-2}
mapfile -t arms < <(awk '!/^#/ && NF { print $1 }' examples/arms.txt)
for seed in 1 2 3 4 5; do
  for arm in "${arms[@]}"; do
    # GPUs: --entrypoint-num-gpus 1.
    ray job submit --no-wait --entrypoint-num-cpus "$cpus" -- \
      env LP_NUM_THREADS="$cpus" "$checkout/examples/run-one.sh" "$arm" "$seed"
  done
done
