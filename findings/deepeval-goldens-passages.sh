#!/bin/sh
# DeepEval 4.3.1: a data set saved as JSON lines comes back with other passages, wherever one has a "|" in it.
#
# Guess: `save_as("jsonl")` writes `retrieval_context` as the list that it is, as `save_as("json")` does, and what is loaded again
#   is what was saved.
# Seen: the passages are joined by "|" into one text, and the loader splits that text at every "|". Two passages that hold one each
#   (a table of Wikipedia, a title with a bar) come back as four pieces, without an error. As JSON they come back as they were.
# For whom it matters: who keeps retrieved passages beside questions. Contextual recall and precision then judge pieces that nobody
#   retrieved. Save as JSON.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet deepeval==4.3.1
cat >see.py <<'PY'
import json
import os

os.environ.update(DEEPEVAL_TELEMETRY_OPT_OUT="1", DEEPEVAL_UPDATE_WARNING_OPT_IN="0")
from deepeval.dataset import EvaluationDataset, Golden

passages = ["Oskan | a town. It is led by Per Dahl.", "Per Dahl | born 1950"]
saved = EvaluationDataset(goldens=[Golden(input="Who leads Oskan?", expected_output="Per Dahl", retrieval_context=passages)])
seen = {}
for kind in ("json", "jsonl"):
    saved.save_as(kind, ".", "goldens")
    loaded = EvaluationDataset()
    getattr(loaded, f"add_goldens_from_{kind}_file")(f"goldens.{kind}")
    seen[kind] = loaded.goldens[0].retrieval_context
print(json.dumps({kind: [len(found), found == passages] for kind, found in seen.items()}))
PY
seen=$(venv/bin/python see.py | tail -1)
echo "deepeval 4.3.1, passages that came back and whether they are those saved: $seen"
[ "$seen" = '{"json": [2, true], "jsonl": [4, false]}' ] || { echo "Behaviour has changed." >&2; exit 1; }
