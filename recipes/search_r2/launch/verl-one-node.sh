#!/usr/bin/env bash
# The paper's run on one node of eight GPUs: launch/verl-one-node.sh DIR [--model NAME] [--retriever URL] [--check] [KEY=VALUE ..]
# DIR is a folder of `npm run export -- --target verl`. --check tells what is wrong and takes no GPU.
# Not run on GPUs: VERL.md says what was.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
export PYTHONPATH="$here/src${PYTHONPATH:+:$PYTHONPATH}"
exec "${PYTHON:-python3}" -m search_r2.verl "$@"
