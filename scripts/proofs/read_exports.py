"""Inspect AI and Harbor read what Cutpoint exports, and read it again after they have written it themselves.

    python3.12 -m venv venv && venv/bin/pip install inspect_ai==0.3.285
    venv/bin/pip install --no-deps harbor==0.26.0
    npm run export -- FILE --inspect out/NAME.eval; npm run export -- FILE --atif out/NAME.jsonl; npm run read -- FILE --json > out/NAME.read
    venv/bin/python scripts/proofs/read_exports.py out

Of each NAME it prints the samples, epochs, scores and branches that Inspect finds, and fails unless they are those of NAME.read.
It leaves NAME.again.eval, NAME.again.json and NAME.again.jsonl, which `npm run read` must read as NAME.read.
"""

import json
import pathlib
import sys

from inspect_ai.analysis import messages_df, samples_df
from inspect_ai.event import timeline_build
from inspect_ai.log import read_eval_log, read_eval_log_sample, read_eval_log_sample_summaries, write_eval_log
from harbor.models.trajectories import Trajectory


def branches(span, anchors):
    """(name, whether it leaves an anchor of its transcript, branches of it), as a tree."""
    return [(one.name, one.branched_from in anchors, branches(one, anchors)) for one in span.branches]


def words(tree):
    return ", ".join(name + (f" ({words(inner)})" if inner else "") for name, _, inner in tree)


def count(tree):
    return sum(1 + count(inner) for _, _, inner in tree)


def leaves_anchors(tree):
    return all(found and leaves_anchors(inner) for _, found, inner in tree)


def inspect_log(path, rows):
    log = read_eval_log(str(path))
    assert log.status == "success" and len(log.samples) == len(rows)
    found = []
    for sample in log.samples:
        assert read_eval_log_sample(str(path), id=sample.id, epoch=sample.epoch).messages == sample.messages
        built = timeline_build(sample.events)
        anchors = {event.anchor_id for event in sample.events if event.event == "anchor"}
        flat = branches(built.root, anchors)
        tree = branches(sample.timelines[0].root, anchors) if sample.timelines else flat
        spans = [event for event in sample.events if event.event == "span_begin" and event.type == "branch"]
        assert leaves_anchors(flat) and leaves_anchors(tree) and len(spans) == count(flat) == count(tree)
        models = [event for event in sample.events if event.event == "model"]
        assert all(event.input for event in models), "ranges of the pool are resolved"
        found.append((sample, tree))
    # Rows of one question and step are epochs of one sample, in their order.
    by_group = {}
    for sample, tree in found:
        by_group.setdefault(sample.id, []).append((sample, tree))
    left = {}
    for row in rows:
        left.setdefault(row["group"], []).append(row)
    groups = sorted(by_group.items(), key=lambda entry: int(entry[0].rsplit("q", 1)[1]))
    for (_, samples), some in zip(groups, left.values(), strict=True):
        for (sample, tree), row in zip(sorted(samples, key=lambda entry: entry[0].epoch), some, strict=True):
            scores = {name: score.value for name, score in (sample.scores or {}).items()}
            assert scores.get("exact_match") == row["em"] and scores.get("reward") == row["reward"], (scores, row)
            assert sample.target == row["golds"]
            searches = [call.arguments["query"] for message in sample.messages for call in getattr(message, "tool_calls", None) or []]
            assert searches == [step["query"] for step in row["steps"] if step["kind"] == "search"]
            assert (sample.output.completion or None) == row["answer"] or row["answer"] is None
            print(f"  {sample.id} epoch {sample.epoch}: {len(sample.messages)} messages, {scores}, branches: {words(tree) or 'none'}")
    assert len(samples_df(str(path))) == len(rows) and len(messages_df(str(path))) > 0
    assert len(read_eval_log_sample_summaries(str(path))) == len(rows)
    for form in ["eval", "json"]:
        write_eval_log(log, str(path.with_suffix(f".again.{form}")))


def atif(path, rows):
    with path.with_suffix(".again.jsonl").open("w") as out:
        lines = path.read_text().splitlines()
        for line, row in zip(lines, rows, strict=True):
            trajectory = Trajectory.model_validate_json(line)
            calls = [call.arguments["query"] for step in trajectory.steps for call in step.tool_calls or []]
            assert calls == [step["query"] for step in row["steps"] if step["kind"] == "search"]
            out.write(json.dumps(trajectory.to_json_dict()) + "\n")
    print(f"  {len(lines)} trajectories are valid {trajectory.schema_version}")


folder = pathlib.Path(sys.argv[1])
for told in sorted(folder.glob("*.read")):
    print(told.stem)
    rows = [json.loads(line) for line in told.read_text().splitlines()]
    inspect_log(told.with_suffix(".eval"), rows)
    atif(told.with_suffix(".jsonl"), rows)
