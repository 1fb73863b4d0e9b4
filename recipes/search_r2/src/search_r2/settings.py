"""Settings of a rollout and of its reward, as `npm run export -- --target ..` writes them into config.json."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any, Literal, TypeVar


@dataclass(frozen=True)
class RolloutSettings:
    """Defaults are the paper's, or say whose they are."""

    max_turns: int = 4
    """Turns of the assistant, the answer included. A search in the last one is not carried out."""
    topk: int = 3
    max_turn_tokens: int = 500
    """Search-R1's."""
    max_response_tokens: int = 3000
    """Of a response, results included."""
    refiner: Literal["model", "none"] = "model"
    rule: Literal["sampled", "log_probability"] = "sampled"
    """Who decides in training: one sampled integer (Algorithm 1), or revise where the log-probability of it is larger."""
    revising: Literal["best", "sum"] = "best"
    """What revising is, for the rule by log-probability: the best cut, or all cuts together. The paper does not say."""
    margin: float = 0.0
    """By how much the log-probability of revising must exceed that of accepting, in nats."""
    gate: Literal["model", "always", "never"] = "model"
    cut: Literal["model", "uniform", "first"] = "model"
    max_revisions: int = 1
    max_review_tokens: int = 16
    """Ours: a review is one integer; a model that thinks first needs more."""


@dataclass(frozen=True)
class RewardSettings:
    process: Literal["off", "collection", "passage"] = "collection"
    combine: Literal["gated", "sum"] = "gated"
    evidence: Literal["labels", "answer", "judge"] = "labels"
    """Where it is known from which searches helped: exact labels, passages that hold the answer, or a judge model."""


@dataclass(frozen=True)
class ObjectiveSettings:
    """The loss; defaults are the paper's. A learning rate belongs to a model and is the trainer's."""

    advantage: Literal["grpo", "drgrpo", "rloo"] = "grpo"
    refiner_advantage: Literal["group", "draftBaseline"] = "group"
    review_weight: float = 1.0
    discarded: Literal["out", "in"] = "out"
    # fixedLength is a trainer's own, which knows the length; the rows here then weigh as for sequenceMean.
    aggregation: Literal["sequenceMean", "tokenMean", "fixedLength"] = "sequenceMean"
    clip_low: float = 0.2
    clip_high: float = 0.2
    kl_beta: float = 0.001


T = TypeVar("T", RolloutSettings, RewardSettings, ObjectiveSettings)


def settings_from(kind: type[T], values: dict[str, Any]) -> T:
    """Settings of `kind` from a JSON object. ValueError for a key that is none of them, which names those that are."""
    known = [one.name for one in fields(kind)]
    unknown = [key for key in values if key not in known]
    if unknown:
        raise ValueError(f"{kind.__name__} has no {', '.join(unknown)}; it has {', '.join(known)}")
    return kind(**values)
