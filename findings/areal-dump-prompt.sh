#!/bin/sh
# AReaL 1.0.4: of a rollout with tools, the beginning of what the model wrote is dumped as a part of the prompt.
#
# Guess: in `rollout/VERSION/TASK.jsonl`, which AReaL writes of each trajectory, `prompt` is what the model was given and
#   `completion` what followed, whatever tools said in between.
# Seen: the prompt is taken to end where as many tokens are left as `loss_mask` has ones. Results of tools are masked, so the
#   completion is shorter by all of them, and the same number of tokens of its beginning goes to the prompt, up to the middle of a
#   word. A trajectory that does not end with a token of the model (a limit that fell into a result) is not dumped at all.
# For whom it matters: who looks at dumped rollouts of search agents, or counts them. Put `prompt` and `completion` together again
#   and cut where the model's first turn begins.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3.11 -m venv venv
venv/bin/pip install --quiet --no-deps areal==1.0.4 aiofiles==25.1.0 numpy==2.3.5 packaging==26.0 colorlog==6.10.1
cat >see.py <<'PY'
import asyncio
import importlib.machinery
import importlib.metadata
import json
import pathlib
import sys
import types
from unittest.mock import MagicMock


class Missing:
    """Stands in for what AReaL imports and does not use here: PyTorch, Ray and their like."""

    def find_spec(self, name, path=None, target=None):
        own = name.split(".")[0] == "areal" or name.split(".")[0] in sys.stdlib_module_names
        return None if own else importlib.machinery.ModuleSpec(name, self, is_package=True)

    def create_module(self, spec):
        module = MagicMock(name=spec.name)
        module.__path__, module.__spec__ = [], spec
        return module

    def exec_module(self, module):
        pass


known = importlib.metadata.version
importlib.metadata.version = lambda name: known(name) if name == "areal" else "2.10.0"
sys.meta_path.append(Missing())
import numpy
from areal.infra.workflow_executor import WorkflowExecutor

PROMPT = "user: who? model: "


def dumped(parts):
    ids = [ord(c) for c in PROMPT + "".join(text for text, _ in parts)]
    mask = [0] * len(PROMPT) + [int(own) for text, own in parts for _ in text]
    words = types.SimpleNamespace(decode=lambda tokens, **_: "".join(map(chr, tokens)))
    executor = types.SimpleNamespace(_get_dump_dir=lambda is_eval: "out", _get_tokenizer=lambda: words)
    array = lambda values: numpy.array([values])
    trajectory = {"input_ids": array(ids), "loss_mask": array(mask), "attention_mask": numpy.ones((1, len(ids)), int)}
    trajectory |= {"rewards": numpy.array([1.0]), "versions": array([4] * len(ids))}
    asyncio.run(WorkflowExecutor._dump_trajectory(executor, trajectory, 7, False))
    file = pathlib.Path("out/4/7.jsonl")
    rows = [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []
    file.unlink(missing_ok=True)
    return [(row["prompt"], row["completion"]) for row in rows]


searched = [("find Oskan; ", True), ("it is a town; ", False), ("Oskan", True)]
print(json.dumps({"plain": dumped([("Oskan", True)]), "tools": dumped(searched), "cut off": dumped(searched[:2])}))
PY
seen=$(venv/bin/python see.py 2>/dev/null | tail -1)
echo "areal 1.0.4: $seen"
wanted='{"plain": [["user: who? model: ", "Oskan"]], "tools": [["user: who? model: find Oskan; it", " is a town; Oskan"]], "cut off": []}'
[ "$seen" = "$wanted" ] || { echo "It was $wanted: behaviour has changed." >&2; exit 1; }
