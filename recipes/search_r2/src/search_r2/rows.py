"""What the loss covers: tokens that the actor wrote, and replies of reviews, as rows with masks and weights.

    loss = L_actor / B + review_weight * L_review / B        B final trajectories

A retrieved token, the question, the prompt of a review and the suffix that a cut discarded are in no row's mask (the suffix is
with `discarded="in"`, in the text that it was cut from, with the final trajectory's advantage).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from search_r2.advantages import review_advantage
from search_r2.episode import Episode, Side
from search_r2.settings import ObjectiveSettings
from search_r2.steps import kept_prefix


@dataclass(frozen=True)
class LossRow:
    kind: Literal["actor", "discarded", "review"]
    row: int
    """Of the episode."""
    prompt: tuple[int, ...]
    response: tuple[int, ...]
    mask: tuple[int, ...]
    """1 for tokens that are trained on."""
    logprobs: tuple[float, ...]
    """When they were written."""
    advantage: float
    weight: float
    """Of each token in the mask: the loss is the sum over rows and tokens of weight times the token's loss."""
    kl: bool
    """Whether the penalty towards the frozen policy is counted: on the actor's tokens alone."""
    choices: tuple[int, ...] = ()
    """Of a review whose reply is one of few tokens."""


def loss_rows(
    episodes: Sequence[Episode],
    advantages: Sequence[float],
    draft_rewards: Sequence[Sequence[float]],
    final_rewards: Sequence[float],
    settings: ObjectiveSettings,
) -> list[LossRow]:
    """Rows of the actor, then those of reviews. A review whose advantage is exactly 0 has no gradient and is left out.

    draft_rewards: of the text that each review of an episode read.
    """
    batch = len(episodes)
    parts: list[tuple[int, Side, tuple[int, ...]]] = [(k, one.final, one.final.mask) for k, one in enumerate(episodes)]
    if settings.discarded == "in":
        parts += [
            (k, review.draft, suffix_mask(review.draft, review.cut))
            for k, one in enumerate(episodes)
            for review in one.reviews
            if review.cut > 0
        ]
    counts = [0] * batch
    for k, _, mask in parts:
        counts[k] += sum(mask)
    total = sum(counts)
    rows = []
    for number, (k, side, mask) in enumerate(parts):
        weight = 1 / total if settings.aggregation == "tokenMean" else 1 / (batch * max(1, counts[k]))
        kind: Literal["actor", "discarded"] = "actor" if number < batch else "discarded"
        ids = episodes[k].prompt.ids
        rows.append(LossRow(kind, k, ids, side.response, mask, side.logprobs, advantages[k], weight, True))
    if settings.review_weight == 0:
        return rows
    for k, one in enumerate(episodes):
        for review, draft_reward in zip(one.reviews, draft_rewards[k], strict=True):
            kind_of = settings.refiner_advantage
            advantage = review_advantage(review.cut, advantages[k], draft_reward, final_rewards[k], kind_of)
            if advantage == 0 or not review.reply:
                continue
            weight = settings.review_weight / (batch * len(review.reply))
            mask = (1,) * len(review.reply)
            rows.append(
                LossRow(
                    "review", k, review.prompt, review.reply, mask, review.logprobs, advantage, weight, False, review.choices
                )
            )
    return rows


def suffix_mask(draft: Side, cut: int) -> tuple[int, ...]:
    start = kept_prefix(draft.steps, cut)
    return tuple(bit if position >= start else 0 for position, bit in enumerate(draft.mask))
