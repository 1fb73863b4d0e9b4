#!/bin/sh
# transformers 5.24.0, `transformers serve`: a seed gives the same text alone, and another one beside other requests.
#
# Guess: `seed` in a request of /v1/completions fixes what is drawn for it, as it does alone, whatever else is being served.
# Seen: alone, equal seeds give equal texts. Four requests at once with one seed give texts that differ: texts are generated one
#   after the other from one stream of random numbers, whose seed is set when a request comes in, not when its turn comes.
# For whom it matters: who compares answers by seeds, such as regenerations from several beginnings, or runs an evaluation that
#   sends requests side by side and reports that its seeds were fixed.
set -eu
folder=$(mktemp -d)
trap 'kill "$server" 2>/dev/null || true; rm -rf "$folder"' EXIT
server=0
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet 'transformers[serving]==5.24.0' torch==2.15.0
cat >make.py <<'PY'
from tokenizers import Tokenizer, models, pre_tokenizers
from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

words = {"<unk>": 0, **{f"w{i}": i for i in range(1, 64)}}
tokenizer = Tokenizer(models.WordLevel(words, unk_token="<unk>"))
tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
PreTrainedTokenizerFast(tokenizer_object=tokenizer, unk_token="<unk>", pad_token="<unk>").save_pretrained("model")
model = LlamaForCausalLM(
    LlamaConfig(vocab_size=64, hidden_size=32, intermediate_size=64, num_hidden_layers=2, num_attention_heads=2)
)
model.generation_config.do_sample = True
model.save_pretrained("model")
PY
venv/bin/python make.py >make.log 2>&1
cat >see.py <<'PY'
import json
import sys
import time
import urllib.request
from concurrent.futures import ThreadPoolExecutor


def ask(seed):
    body = {"model": "./model", "prompt": "w1 w2", "max_tokens": 24, "temperature": 1, "seed": seed}
    request = urllib.request.Request(
        f"http://localhost:{sys.argv[1]}/v1/completions",
        json.dumps(body).encode(),
        {"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=120) as answer:
        return json.load(answer)["choices"][0]["text"]


for _ in range(120):
    try:
        ask(0)
        break
    except OSError:
        time.sleep(1)
alone = {ask(7) for _ in range(4)}
with ThreadPoolExecutor(4) as pool:
    beside = [len(set(pool.map(ask, [7, 7, 7, 7])) | alone) for _ in range(5)]
print(json.dumps({"alone": len(alone), "beside": "one" if max(beside) == 1 else "several"}))
PY
port=18431
HF_HUB_OFFLINE=1 venv/bin/transformers serve ./model --device cpu --port "$port" >serve.log 2>&1 &
server=$!
seen=$(venv/bin/python see.py "$port")
echo "transformers 5.24.0: texts of one seed: $seen"
wanted='{"alone": 1, "beside": "several"}'
[ "$seen" = "$wanted" ] || { echo "It was $wanted: behaviour has changed." >&2; exit 1; }
