#!/usr/bin/env bash
# The same on several nodes, by Ray. The recipe, DIR and the model lie on a file system that all nodes see.
#
#   launch/verl-many-nodes.sh head                              on the first node; prints its address
#   launch/verl-many-nodes.sh worker HEAD:6379                  on each other node
#   launch/verl-many-nodes.sh submit NODES DIR [KEY=VALUE ..]   on the first: what verl-one-node.sh takes behind DIR
#
# Run on one node with --check alone: VERL.md says what was not.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
usage="Usage: launch/verl-many-nodes.sh head | worker HEAD:6379 | submit NODES DIR [KEY=VALUE ..]"
case "${1:-}" in
  head)
    exec ray start --head --port=6379 --dashboard-host=0.0.0.0
    ;;
  worker)
    if [ -z "${2:-}" ]; then
      echo "$usage" >&2
      exit 2
    fi
    exec ray start --address="$2"
    ;;
  submit)
    if [ $# -lt 3 ]; then
      echo "$usage" >&2
      exit 2
    fi
    nodes=$2
    folder=$(realpath "$3")
    shift 3
    # The job's own process serves the corpus and drives the cluster; it runs on the head.
    exec ray job submit --address "${RAY_API_SERVER_ADDRESS:-http://127.0.0.1:8265}" --no-wait -- \
      env "PYTHON=${PYTHON:-python3}" "$here/launch/verl-one-node.sh" "$folder" "trainer.nnodes=$nodes" "$@"
    ;;
  *)
    echo "$usage" >&2
    exit 2
    ;;
esac
