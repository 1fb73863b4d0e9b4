"""The loss in plain Python, from log-probabilities: what a trainer's own must equal (docs/method.md, section 6)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from search_r2.rows import LossRow


@dataclass(frozen=True)
class LossSums:
    loss: float
    policy: float
    """The clipped surrogate alone."""
    review: float
    """The reviews' part of the loss."""
    kl: float
    """Mean of k3 over the actor's tokens."""
    clipped: float
    """Share of the actor's tokens whose gradient the clip stops."""


def grpo_loss(
    rows: Sequence[LossRow],
    new: Sequence[Sequence[float]],
    ref: Sequence[Sequence[float]],
    *,
    clip_low: float,
    clip_high: float,
    kl_beta: float,
) -> LossSums:
    """Clipped surrogate and k3 penalty, each token by its row's weight.

    new, ref: log-probabilities of each row's response under the weights to train and the frozen ones; what stands at
    positions outside the mask is not read.
    """
    policy = review = penalty = kl = 0.0
    tokens = clips = 0
    for row, now, frozen in zip(rows, new, ref, strict=True):
        for bit, old, current, base in zip(row.mask, row.logprobs, now, frozen, strict=True):
            if not bit:
                continue
            ratio = math.exp(current - old)
            plain = ratio * row.advantage
            clipped = min(max(ratio, 1 - clip_low), 1 + clip_high) * row.advantage
            part = -row.weight * min(plain, clipped)
            if row.kind == "review":
                review += part
                continue
            policy += part
            gap = base - current
            k3 = math.exp(gap) - gap - 1
            penalty += row.weight * kl_beta * k3 if row.kl else 0.0
            kl += k3
            tokens += 1
            clips += clipped < plain
    share = 1 / tokens if tokens else 0.0
    return LossSums(policy + penalty + review, policy, review, kl * share, clips * share)
