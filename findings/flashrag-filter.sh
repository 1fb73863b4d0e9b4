#!/bin/sh
# FlashRAG 0.1.2: filter_dataset leaves every second one of what does not pass, and changes the data set that it was given.
#
# Guess: as filter() and the data sets of Hugging Face: what comes back holds the items for which the function is true, and the data
#   set that was given stays as it was.
# Seen: items are removed from the list that is being walked through, so the one behind a removed item is never asked about. Of
#   six in a row that do not pass three stay. They are gone from the given data set as well. No error, no warning. The newest source
#   of the project (1ee5249, 2026-08-21) has the same lines.
# For whom it matters: who evaluates on a part of a data set (no yes-or-no questions, no training overlap): the numbers are of
#   another part. Build the list by a comprehension, and a Dataset of it.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet --no-deps flashrag-dev==0.1.2
venv/bin/pip install --quiet numpy==2.4.6
cat >see.py <<'PY'
from flashrag.dataset import Dataset, Item
from flashrag.dataset.utils import filter_dataset

answers = ["yes"] * 6 + ["Rome", "Oslo"]
items = [Item({"id": str(k), "question": f"q{k}", "golden_answers": [one]}) for k, one in enumerate(answers)]
given = Dataset(config={"dataset_name": "wiki"}, data=items)
kept = filter_dataset(given, lambda item: item.golden_answers != ["yes"])
print("kept", [answer for [answer] in kept.golden_answers], "- given has", len(given.data))
PY
seen=$(venv/bin/python -W ignore see.py | tail -1)
echo "flashrag-dev 0.1.2: $seen"
wanted="kept ['yes', 'yes', 'yes', 'Rome', 'Oslo'] - given has 5"
[ "$seen" = "$wanted" ] || { echo "It was $wanted: behaviour has changed." >&2; exit 1; }
