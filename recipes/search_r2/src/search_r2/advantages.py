"""Group advantages, and those of reviews (docs/method.md, section 6)."""

from __future__ import annotations

import math
from collections.abc import Sequence

EPS = 1e-6


def group_advantages(rewards: Sequence[float], group_size: int, mode: str = "grpo", eps: float = EPS) -> list[float]:
    """Rewards, group after group, to advantages in the same order.

    grpo (R - mean) / (std + eps) with the sample std; drgrpo R - mean; rloo R - mean of the others. A group of equal rewards
    gives exactly 0. ValueError where the rewards are not whole groups.
    """
    if group_size < 1 or len(rewards) % group_size:
        raise ValueError(f"{len(rewards)} rewards are not whole groups of {group_size}")
    advantages: list[float] = []
    for start in range(0, len(rewards), group_size):
        advantages += _of_group(list(rewards[start : start + group_size]), mode, eps)
    return advantages


def _of_group(group: list[float], mode: str, eps: float) -> list[float]:
    if all(reward == group[0] for reward in group):
        return [0.0] * len(group)
    total = sum(group)
    mean = total / len(group)
    if mode == "drgrpo":
        return [reward - mean for reward in group]
    if mode == "rloo":
        return [reward - (total - reward) / (len(group) - 1) for reward in group]
    if mode != "grpo":
        raise ValueError(f'no advantage "{mode}": grpo, drgrpo or rloo')
    std = math.sqrt(sum((reward - mean) ** 2 for reward in group) / (len(group) - 1))
    return [(reward - mean) / (std + eps) for reward in group]


def review_advantage(cut: int, final_advantage: float, draft_reward: float, final_reward: float, kind: str) -> float:
    """Of one review: the final trajectory's advantage (`group`, the paper's reading), or by how much the reward rose from
    the draft that it read to the final trajectory, 0 where it accepted (`draftBaseline`)."""
    if kind == "group":
        return final_advantage
    if kind != "draftBaseline":
        raise ValueError(f'no advantage of reviews "{kind}": group or draftBaseline')
    return 0.0 if cut == 0 else final_reward - draft_reward
