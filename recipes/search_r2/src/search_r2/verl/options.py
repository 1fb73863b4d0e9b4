"""What Search-R2 has and verl has no key for: `actor_rollout_ref.rollout.custom.search_r2` of a config."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from search_r2.settings import ObjectiveSettings, RewardSettings, RolloutSettings, settings_from

# Of the objective, what verl has keys of its own for.
VERLS = {
    "advantage": "algorithm.adv_estimator and algorithm.norm_adv_by_std_in_grpo",
    "aggregation": "actor_rollout_ref.actor.loss_agg_mode",
    "clip_low": "actor_rollout_ref.actor.clip_ratio_low",
    "clip_high": "actor_rollout_ref.actor.clip_ratio_high",
    "kl_beta": "actor_rollout_ref.actor.kl_loss_coef",
}


@dataclass(frozen=True)
class Options:
    retriever: str = "http://127.0.0.1:8000/retrieve"
    dialect: Literal["text", "words"] = "text"
    """words: a checkpoint of Cutpoint, which has a token for each word."""
    rollout: RolloutSettings = field(default_factory=RolloutSettings)
    reward: RewardSettings = field(default_factory=RewardSettings)
    objective: ObjectiveSettings = field(default_factory=ObjectiveSettings)

    @property
    def outputs(self) -> int:
        """Rows that a session gives at most: reviews, discarded drafts, and the final trajectory."""
        reviews = self.rollout.max_revisions if self.rollout.refiner == "model" and self.rollout.gate != "never" else 0
        trained = reviews if self.objective.review_weight > 0 else 0
        return 1 + trained + (reviews if self.objective.discarded == "in" else 0)


def options_from(values: Mapping[str, Any]) -> Options:
    """From a mapping of plain values. ValueError names what is unknown or belongs to verl's own keys."""
    known = ("retriever", "dialect", "rollout", "reward", "objective")
    unknown = [key for key in values if key not in known]
    if unknown:
        raise ValueError(f"custom.search_r2 has no {', '.join(unknown)}; it has {', '.join(known)}")
    objective = dict(values.get("objective", {}))
    for key, owner in VERLS.items():
        if key in objective:
            raise ValueError(f"custom.search_r2.objective.{key}: verl has a key of its own for it, {owner}")
    dialect = values.get("dialect", "text")
    if dialect not in ("text", "words"):
        raise ValueError(f'custom.search_r2.dialect is "{dialect}"; it is "text" or "words"')
    return Options(
        retriever=str(values.get("retriever", Options.retriever)),
        dialect=dialect,
        rollout=settings_from(RolloutSettings, dict(values.get("rollout", {}))),
        reward=settings_from(RewardSettings, dict(values.get("reward", {}))),
        objective=settings_from(ObjectiveSettings, objective),
    )


def options_of(config: Any) -> Options:
    """From a whole config of verl."""
    from omegaconf import OmegaConf

    custom = OmegaConf.select(config, "actor_rollout_ref.rollout.custom.search_r2")
    values: Any = {} if custom is None else OmegaConf.to_container(custom, resolve=True)
    return options_from(values)
