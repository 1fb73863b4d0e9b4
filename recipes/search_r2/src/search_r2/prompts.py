"""What actor, refiner and judge are told, and how their replies are read.

The refiner's and the judge's prompts follow the paper (arXiv 2602.03647, its Table 12 and its judge) in our own words; the
actor's is Search-R1's template (github.com/PeterGriffinJin/Search-R1, Apache-2.0).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

REVIEW_CUE = "Index of the first problematic step (0 for none):"

_ACTOR = (
    "Answer the given question. You must conduct reasoning inside <think> and </think> first every time you get new "
    "information. After reasoning, if you find you lack some knowledge, you can call a search engine by <search> query "
    "</search> and it will return the top searched results between <information> and </information>. You can search as many "
    "times as your want. If you find no further external knowledge needed, you can directly provide the answer inside "
    "<answer> and </answer>, without detailed illustrations. For example, <answer> Beijing </answer>. Question: "
)


@dataclass(frozen=True)
class ReviewedStep:
    """A step as a review reads it: what the model wrote, and what the tool gave back."""

    text: str
    tool: str | None


def actor_prompt(question: str) -> str:
    """The user's message of a rollout. Search-R1 ends the question with a question mark and the prompt with a line feed."""
    question = question.strip()
    return f"{_ACTOR}{question if question.endswith('?') else question + '?'}\n"


def refiner_prompt(question: str, steps: Sequence[ReviewedStep], context: str = "") -> str:
    """The user's message of a review: instruction, earlier turns, question, numbered steps with their results, cue."""
    instruction = (
        "You are a careful reviewer of reasoning. Look through the numbered steps below and find the earliest one that is "
        f"flawed. Answer with one integer from 0 to {len(steps)}: the number of that step, or 0 when every step is fine."
    )
    parts = [instruction]
    if context:
        parts.append(f"ASSISTANT_CONTEXT:\n{context}")
    parts.append(f"USER:\n{question}")
    for number, step in enumerate(steps, start=1):
        tool = "" if step.tool is None else f"\nTOOL:\n{step.tool.strip()}"
        parts.append(f"ASSISTANT_STEP_{number}:\n{step.text.strip()}{tool}")
    return "\n\n".join([*parts, REVIEW_CUE])


def read_review(reply: str, steps: int) -> int | None:
    """The integer that a review says: the last one behind any thinking. None where there is none from 0 to `steps`."""
    number = _last_integer(reply)
    return number if number is not None and number <= steps else None


def judge_prompt(question: str, answers: Sequence[str], collections: Sequence[str]) -> str:
    """The user's message for a judge of the process reward: `collections` are the passages of each search, in order."""
    numbered = [f"Collection {k}:\n{passages}" for k, passages in enumerate(collections, start=1)]
    return "\n\n".join(
        [
            "You see a question, its right answer, and collections of passages in the order in which they were found. A "
            "collection is useful if it gives information or clues toward the right answer, even in part. It is not useful if "
            "it is irrelevant, or only repeats what earlier collections gave. Answer with the number of useful collections "
            "alone.",
            f"Question: {question}",
            f"Right answer: {' or '.join(answers)}",
            *numbered,
        ]
    )


def read_judgement(reply: str, collections: int) -> int | None:
    """The number of useful collections that a judge names. None where it names none from 0 to `collections`."""
    number = _last_integer(reply)
    return number if number is not None and number <= collections else None


def _last_integer(reply: str) -> int | None:
    # Models that think do so first. "-1" and "0.5" are no integers from 0 on.
    said = reply.rsplit("</think>", 1)[-1]
    found = re.findall(r"(?<![\d.\-])\d+(?![\d]|\.\d)", said)
    return int(found[-1]) if found else None
