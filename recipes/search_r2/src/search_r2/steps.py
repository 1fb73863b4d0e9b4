"""A trajectory as numbered steps: think + search + its results, or think + answer.

Every opened segment is a step, also one that is unfinished or malformed. A cut at step j (from 1) keeps steps 1..j-1 with their
results; the actor goes on from there with the turns that are left. j = 1 keeps nothing, j = 0 accepts.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

StepKind = Literal["search", "answer", "unfinished"]

# The first complete call or answer of a turn, as in Search-R1's own environment.
_ACTION = re.compile(r"<(search|answer)>(.*?)</\1>", re.DOTALL)
_THOUGHT = re.compile(r"<think>(.*?)</think>", re.DOTALL)
_INFORMATION = re.compile(r"\s*<information>.*?</information>\s*", re.DOTALL)


@dataclass(frozen=True)
class Passage:
    """One retrieved passage. `contents` is Search-R1's: the title in quotes on a line of its own, then the text."""

    id: str
    contents: str
    score: float | None = None


@dataclass(frozen=True)
class Step:
    """Positions count characters where a text was parsed, and tokens of the response in an episode."""

    kind: StepKind
    start: int
    """Where the step begins: what a cut at this step keeps ends here."""
    written: int
    """Where what the model wrote ends and results begin."""
    end: int
    thought: str = ""
    query: str = ""
    answer: str = ""
    information: str = ""
    """The results as they were put into the text; empty where the step has none."""
    passages: tuple[Passage, ...] = field(default=())


@dataclass(frozen=True)
class Turn:
    """What a model wrote between two results."""

    kind: StepKind
    thought: str
    body: str
    """Query or answer."""
    reason: str = ""
    """Why it is unfinished."""


def read_turn(text: str) -> Turn:
    """The first complete search or answer of a turn; an empty query is unfinished, an empty answer is an answer."""
    action = _ACTION.search(text)
    thought = _THOUGHT.search(text)
    thinks = (thought.group(1) if thought else text[: action.start() if action else len(text)]).strip()
    if action is None:
        return Turn("unfinished", thinks, "", "no complete search or answer")
    body = action.group(2).strip()
    if action.group(1) == "answer":
        return Turn("answer", thinks, body)
    if body == "":
        return Turn("unfinished", thinks, "", "empty query")
    return Turn("search", thinks, body)


def parse_steps(text: str) -> list[Step]:
    """A response with tags as steps. What lies behind an answer belongs to its step."""
    steps: list[Step] = []
    start = 0
    while start < len(text):
        action = _ACTION.search(text, start)
        turn = read_turn(text[start:])
        if action is None or turn.kind != "search":
            # White space alone is no step.
            if text[start:].strip():
                answer = turn.body if turn.kind == "answer" else ""
                steps.append(Step(turn.kind, start, len(text), len(text), turn.thought, answer=answer))
            break
        found = _INFORMATION.match(text, action.end())
        end = found.end() if found else action.end()
        information = text[action.end() : end]
        steps.append(Step("search", start, action.end(), end, turn.thought, turn.body, information=information))
        start = end
    return steps


def kept_prefix(steps: Sequence[Step], cut: int) -> int:
    """Where what a cut at step `cut` (from 1) keeps ends. ValueError for a step that is not there."""
    if not 1 <= cut <= len(steps):
        raise ValueError(f"a cut at step {cut} of a draft of {len(steps)} steps: cuts are from 1 to {len(steps)}")
    return steps[cut - 1].start


def remaining_turns(max_turns: int, cut: int) -> int:
    """Turns that are left behind a cut at step `cut`: each kept step was one."""
    return max_turns - (cut - 1)
