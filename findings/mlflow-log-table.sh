#!/bin/sh
# MLflow 3.17.2: log_table, called again for the next step, makes numbers of the texts of all steps before.
#
# Guess: the second call appends its rows, and what the file holds stays as it was logged: an id "0012" is the same text in all rows.
# Seen: the file is read back by pandas.read_json, which makes numbers of every text column whose values all look like some, and is
#   written anew with ten decimals. The rows of the first step have 12 where those of the second have "0012", a right answer "1e3" is
#   1000.0, and a log-probability of -1e-12 is 0. So one task has two ids in one table, and the older rows lose what cannot be had
#   back. A file that ends in .parquet keeps all of it.
# For whom it matters: who logs rollouts a step at a time and groups them by an id, or compares answers as text. Log a file a step,
#   or Parquet.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet mlflow-skinny==3.17.2 pandas==3.1.1 pyarrow==26.0.1
cat >see.py <<'PY'
import glob
import json

import mlflow
import pandas

mlflow.set_tracking_uri("file:" + __file__.replace("see.py", "store"))
with mlflow.start_run():
    for step in (1, 2):
        row = {"step": [step], "task_id": ["0012"], "answer": ["1e3"], "logprob": [-1e-12]}
        for name in ("rollouts.json", "rollouts.parquet"):
            mlflow.log_table(row, name)
[path] = glob.glob("store/**/rollouts.json", recursive=True)
print("json:", json.dumps(json.load(open(path))["data"]))
[path] = glob.glob("store/**/rollouts.parquet", recursive=True)
print("parquet:", json.dumps(pandas.read_parquet(path).values.tolist()))
PY
seen=$(MLFLOW_ALLOW_FILE_STORE=true venv/bin/python -W ignore see.py 2>/dev/null)
echo "mlflow-skinny 3.17.2:"
echo "$seen"
wanted='json: [[1, 12, 1000.0, 0.0], [2, "0012", "1e3", -0.0]]
parquet: [[1, "0012", "1e3", -1e-12], [2, "0012", "1e3", -1e-12]]'
[ "$seen" = "$wanted" ] || { echo "It was" "$wanted": behaviour has changed. >&2; exit 1; }
