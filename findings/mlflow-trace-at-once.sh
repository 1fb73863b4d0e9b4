#!/bin/sh
# MLflow 3.17.2: a trace that has just ended cannot be judged, nor looked up, though its id is known.
#
# Guess: as the documentation of `get_last_active_trace_id` shows, the trace of the call before can be had by its id at once, and
#   `log_feedback` or `log_expectation` on it works: the loop of an evaluation is question, answer, verdict.
# Seen: traces are written by another thread. Right behind the call `get_trace` gives None and `log_feedback` raises that no such
#   trace was found. After `flush_trace_async_logging()` both work.
# For whom it matters: who scores rollouts as they are made and logs the reward or the right answer with the trace. Flush first, or
#   keep the ids and judge at the end.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet mlflow-skinny==3.17.2 sqlalchemy==2.1.9 alembic==1.20.1
cat >see.py <<'PY'
import json
import logging

import mlflow

logging.disable()
mlflow.set_tracking_uri("sqlite:///traces.db")
mlflow.set_experiment("hops")


@mlflow.trace
def answer(question):
    return "Rome"


def judged(flush):
    """Of ten questions: how many traces are found, and how many take a verdict."""
    found = took = 0
    for k in range(10):
        answer(f"question {k}")
        trace = mlflow.get_last_active_trace_id()
        if flush:
            mlflow.flush_trace_async_logging()
        try:
            mlflow.log_feedback(trace_id=trace, name="em", value=1.0)
            took += 1
        except mlflow.exceptions.MlflowException:
            pass
        found += mlflow.get_trace(trace) is not None
    return found, took


at_once, flushed = judged(False), judged(True)
print(json.dumps({"at once": at_once, "flushed": flushed}))
# How many are written in time depends on the machine.
raise SystemExit(0 if at_once[1] < 10 and flushed == (10, 10) else 1)
PY
status=0
seen=$(venv/bin/python see.py 2>/dev/null) || status=$?
echo "mlflow 3.17.2, of ten traces found and judged: $seen"
[ "$status" = 0 ] || { echo "Behaviour has changed." >&2; exit 1; }
