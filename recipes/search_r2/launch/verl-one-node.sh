#!/usr/bin/env bash
# The paper's run on one node of eight GPUs: launch/verl-one-node.sh DATA [KEY=VALUE ..]
#
# DATA is a folder of `npm run export -- --target verl`, or any with train.parquet, heldout.parquet and corpus.jsonl.
# Serves its corpus by BM25 unless RETRIEVER names a server. CHECK_ONLY=1 stops before any GPU is taken.
# Not run on GPUs: README.md, "verl", says what was.
set -euo pipefail
if [ $# -lt 1 ]; then
  echo "Usage: launch/verl-one-node.sh DATA [KEY=VALUE ..]" >&2
  exit 2
fi
data=$(realpath "$1")
shift
here=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
python=${PYTHON:-python3}
export PYTHONPATH="$here/src${PYTHONPATH:+:$PYTHONPATH}"

retriever=${RETRIEVER:-}
if [ -z "$retriever" ]; then
  port=${RETRIEVER_PORT:-8000}
  "$python" -m search_r2.retriever --corpus "$data/corpus.jsonl" --port "$port" --notation "${NOTATION:-text}" &
  server=$!
  trap 'kill "$server" 2>/dev/null || true' EXIT
  retriever="http://127.0.0.1:$port/retrieve"
  for _ in $(seq 120); do
    kill -0 "$server" 2>/dev/null || exit 2
    if "$python" -c "import socket; socket.create_connection(('127.0.0.1', $port), 1)" 2>/dev/null; then break; fi
    sleep 0.5
  done
fi
settings=("actor_rollout_ref.rollout.custom.search_r2.retriever=$retriever" "$@")
"$python" -m search_r2.verl.check "$data" "${settings[@]}"
if [ -n "${CHECK_ONLY:-}" ]; then exit 0; fi
"$python" -m verl.trainer.main_ppo --config-dir "$here/configs/verl" --config-name search_r2 \
  "data.train_files=$data/train.parquet" "data.val_files=$data/heldout.parquet" \
  "+ray_kwargs.ray_init.runtime_env.env_vars.PYTHONPATH='$PYTHONPATH'" "${settings[@]}"
