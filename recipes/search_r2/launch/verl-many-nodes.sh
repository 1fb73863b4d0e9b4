#!/usr/bin/env bash
# The same on several nodes, by Ray. The checkout, DATA and the model are on a file system that all nodes see.
#
#   launch/verl-many-nodes.sh head                      on the first node; prints its address
#   launch/verl-many-nodes.sh worker HEAD:6379          on each other node
#   RETRIEVER=http://HEAD:8000/retrieve launch/verl-many-nodes.sh submit NODES DATA [KEY=VALUE ..]     on the first
#
# Its head and its submission were run on one node without GPUs; a training was not: README.md, "verl".
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
usage="Usage: launch/verl-many-nodes.sh head | worker HEAD:6379 | submit NODES DATA [KEY=VALUE ..]"
case "${1:-}" in
  head)
    ray start --head --port=6379 --dashboard-host=0.0.0.0
    ;;
  worker)
    if [ -z "${2:-}" ]; then
      echo "$usage" >&2
      exit 2
    fi
    ray start --address="$2"
    ;;
  submit)
    if [ $# -lt 3 ] || [ -z "${RETRIEVER:-}" ]; then
      echo "$usage" >&2
      echo "RETRIEVER names a server that all nodes reach: python -m search_r2.retriever --host 0.0.0.0 --corpus DATA/corpus.jsonl" >&2
      exit 2
    fi
    nodes=$2
    data=$(realpath "$3")
    shift 3
    # One process finds the cluster and drives it; the checks run where it runs.
    ray job submit --address "${RAY_API_SERVER_ADDRESS:-http://127.0.0.1:8265}" --no-wait -- \
      env "RETRIEVER=$RETRIEVER" "CHECK_ONLY=${CHECK_ONLY:-}" "PYTHON=${PYTHON:-python3}" \
      "$here/launch/verl-one-node.sh" "$data" "trainer.nnodes=$nodes" "$@"
    ;;
  *)
    echo "$usage" >&2
    exit 2
    ;;
esac
