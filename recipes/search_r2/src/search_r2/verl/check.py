"""What is wrong with a run, before any GPU is taken: files, config, the retriever."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from search_r2.retriever import RetrieverClient, RetrieverError
from search_r2.verl.options import Options

CONFIGS = Path(__file__).resolve().parent / "configs"


def clashes(config: Any, options: Options) -> list[str]:
    """Settings that verl takes one by one and that do not go together here. config: a composed one."""
    rollout, actor = config.actor_rollout_ref.rollout, config.actor_rollout_ref.actor
    told = []
    if options.rollout.max_response_tokens > rollout.response_length:
        told.append(
            f"custom.search_r2.rollout.max_response_tokens is {options.rollout.max_response_tokens}, above "
            f"data.max_response_length, {rollout.response_length}"
        )
    if rollout.name == "sglang" and rollout.skip_tokenizer_init:
        told.append("rollout.skip_tokenizer_init is true: SGLang then finds no strings, and turns would not end at </search>")
    if options.outputs > 1 and actor.loss_agg_mode == "token-mean" and options.objective.review_weight > 0:
        told.append("actor.loss_agg_mode is token-mean: a review of one token hardly counts; seq-mean-token-mean is the recipe's")
    if config.algorithm.adv_estimator != "grpo" and options.outputs > 1:
        told.append(
            f"algorithm.adv_estimator is {config.algorithm.adv_estimator}: verl takes a session's reviews for members of the group "
            "with any other than grpo"
        )
    if rollout.n < 2:
        told.append(f"rollout.n is {rollout.n}: a group of one has no advantage")
    if config.trainer.v1.trainer_mode != "search_r2" and options.objective.review_weight not in (0, 1):
        told.append(
            f"review_weight is {options.objective.review_weight:g}, which only trainer.v1.trainer_mode=search_r2 applies, "
            f"and it is {config.trainer.v1.trainer_mode}"
        )
    return told


def retriever_trouble(options: Options) -> list[str]:
    try:
        found = RetrieverClient(options.retriever, timeout=10).retrieve(["a"], options.rollout.topk)
    except RetrieverError as error:
        return [str(error)]
    topk, got = options.rollout.topk, len(found[0])
    return [] if got == topk else [f"the retriever at {options.retriever} gave {got} passages where {topk} were asked"]


def compose(overrides: Sequence[str]) -> Any:
    """The config as verl will see it, checked by verl itself. It raises whatever hydra and verl do."""
    from hydra import compose as hydra_compose
    from hydra import initialize_config_dir

    from verl.trainer.ppo.utils import need_critic, need_reference_policy
    from verl.utils.config import validate_config

    with initialize_config_dir(config_dir=str(CONFIGS), version_base=None):
        config = hydra_compose("search_r2", ["hydra.searchpath=[pkg://verl.trainer.config]", *overrides])
    validate_config(config, use_reference_policy=need_reference_policy(config), use_critic=need_critic(config))
    return config
