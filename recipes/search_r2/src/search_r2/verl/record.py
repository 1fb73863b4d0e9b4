"""What an episode leaves behind as plain values, for its reward and for its line in the dump."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from search_r2.dialects import Dialect
from search_r2.episode import Episode, Side
from search_r2.rollouts import readable
from search_r2.steps import Passage, Step

KEY = "search_r2"


def side_record(side: Side, dialect: Dialect) -> dict[str, Any]:
    return {
        "text": readable(side, dialect),
        "answer": side.answer,
        "end": side.end,
        "reason": side.reason,
        "searches": [
            {
                "query": step.query,
                "information": step.information,
                "passages": [{"id": one.id, "contents": one.contents} for one in step.passages],
            }
            for step in side.searches
        ],
    }


def episode_record(episode: Episode, dialect: Dialect) -> dict[str, Any]:
    """One side where no cut was made; `drafts` are what the reviews read, in order."""
    return {
        "question": episode.prompt.question,
        "final": side_record(episode.final, dialect),
        "drafts": [side_record(review.draft, dialect) for review in episode.reviews],
        "reviews": [
            {"said": review.said, "cut": review.cut, "logprobs": list(review.logprobs), "chances": list(review.chances)}
            for review in episode.reviews
        ],
    }


def side_of(record: Mapping[str, Any]) -> Side:
    """What a reward reads of a record: its searches and its answer, without tokens."""
    steps = []
    for one in record["searches"]:
        passages = tuple(Passage(str(passage["id"]), str(passage["contents"])) for passage in one["passages"])
        steps.append(Step("search", 0, 0, 0, query=one["query"], information=one["information"], passages=passages))
    if record["answer"] is None:
        return Side((), (), (), tuple(steps), "unfinished")
    return Side((), (), (), (*steps, Step("answer", 0, 0, 0, answer=record["answer"])), "answer")
