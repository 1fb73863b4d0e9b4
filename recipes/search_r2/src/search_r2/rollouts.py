"""The lines that Cutpoint opens (`npm run read`, `npm start -- --follow`): draft, review, cut and final of an episode."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from search_r2.dialects import Dialect
from search_r2.episode import Episode, Side


def readable(side: Side, dialect: Dialect) -> str:
    """The response with each search's results as documents."""
    return "".join(dialect.text(side.response[step.start : step.written]) + dialect.results(step) for step in side.steps)


@dataclass(frozen=True)
class Scored:
    """A side with what it is worth."""

    side: Side
    em: int
    useful: tuple[int, ...]
    reward: float


def rollout_line(
    one: Episode,
    draft: Scored,
    final: Scored,
    *,
    dialect: Dialect,
    golden_answers: Sequence[str],
    step: int,
    group: str,
    advantage: float | None,
) -> dict[str, Any]:
    """One row of a rollout file. An accepted draft is its own final, with cut 0."""

    def side(scored: Scored) -> dict[str, Any]:
        return {
            "completion": readable(scored.side, dialect),
            "reward": scored.reward,
            "em": scored.em,
            "useful": list(scored.useful),
            "end": scored.side.end,
        }

    line: dict[str, Any] = {
        "step": step,
        "group": group,
        "question": one.prompt.question,
        "golden_answers": list(golden_answers),
        "draft": side(draft),
        "final": side(final),
        "cut": one.cut,
        "reviews": [
            {"said": review.said, "cut": review.cut, "reply": dialect.text(review.reply), "chances": list(review.chances)}
            for review in one.reviews
        ],
    }
    if advantage is not None:
        line["advantage"] = advantage
    return line


def write_rollouts(folder: Path, step: int, lines: Sequence[dict[str, Any]]) -> Path:
    """Writes `folder/STEP.jsonl` in one step, so that who follows the folder never reads half a file."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{step}.jsonl"
    part = folder / f".{step}.part"
    part.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), encoding="utf-8")
    part.replace(path)
    return path
