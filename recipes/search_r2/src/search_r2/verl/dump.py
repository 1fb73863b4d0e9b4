"""One line a session, as Cutpoint opens it: draft, review, cut and final (docs/formats.md, "Rollouts of an LLM")."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from search_r2.reward import worth_by_labels
from search_r2.verl.record import KEY, side_of
from search_r2.verl.weights import is_padding


def session_line(
    step: int,
    key: str,
    extra: Mapping[str, Any],
    truth: Mapping[str, Any],
    advantage: float | None,
) -> dict[str, Any]:
    """key: `{prompt}_{session}_{output}` of the session's last output. extra: its fields, with record and scores."""
    record, score = extra[KEY], extra["reward_extra_info"]
    line: dict[str, Any] = {
        "step": step,
        "group": key.rsplit("_", 2)[0],
        "session": int(key.rsplit("_", 2)[1]),
        "question": record["question"],
        "golden_answers": list(truth["target"]),
        "em": score["em"],
        "advantage": advantage,
    }
    final = _side(record["final"], score["score"], truth)
    if not record["reviews"]:
        return {**line, **final}
    draft = _side(record["drafts"][0], score["draft_scores"][0], truth)
    return {**line, "draft": draft, "final": final, "cut": record["reviews"][0]["cut"], "reviews": record["reviews"]}


def _side(side: Mapping[str, Any], reward: float, truth: Mapping[str, Any]) -> dict[str, Any]:
    told = {"completion": side["text"], "reward": reward, "end": side["end"]}
    if not truth.get("supports"):
        return told
    # By the exact labels, where there are any: a reader would guess by the answer.
    worth = worth_by_labels(side_of(side).searches, truth["supports"], topk=1)
    return {**told, "useful": [one.useful for one in worth]}


def write_lines(
    path: Path,
    step: int,
    keys: Sequence[str],
    extras: Sequence[Mapping[str, Any]],
    truths: Sequence[Mapping[str, Any]],
    advantages: Sequence[float | None],
) -> None:
    """The sessions of a batch, group after group. The file appears whole: who follows the folder never reads half a line."""
    finals = [row for row, extra in enumerate(extras) if extra.get(KEY, {}).get("kind") == "final"]
    real = [row for row in finals if not is_padding(keys[row])]
    order = sorted(real, key=lambda row: (keys[row].rsplit("_", 2)[0], int(keys[row].rsplit("_", 2)[1])))
    lines = [session_line(step, keys[row], extras[row], truths[row]["ground_truth"], advantages[row]) for row in order]
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_suffix(".part")
    beside.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), encoding="utf-8")
    os.replace(beside, path)
