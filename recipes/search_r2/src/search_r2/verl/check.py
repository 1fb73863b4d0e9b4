"""What is wrong with a run, before any GPU is taken: packages, files, config, the retriever.

    python -m search_r2.verl.check DATA [KEY=VALUE ..]

The overrides are those of the run. Exit 2 with a sentence a line where something is wrong.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from search_r2.retriever import RetrieverClient, RetrieverError
from search_r2.verl.options import Options, options_of
from search_r2.verl.pins import differing

FILES = ("train.parquet", "heldout.parquet")
CONFIGS = Path(__file__).resolve().parents[3] / "configs" / "verl"


def missing_files(data: Path) -> list[str]:
    return [f"{data / name} is missing: npm run export -- --target verl writes it" for name in FILES if not (data / name).is_file()]


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
    if options.outputs > 1 and actor.loss_agg_mode == "token-mean":
        told.append("actor.loss_agg_mode is token-mean: a review of one token hardly counts; seq-mean-token-mean is the recipe's")
    if options.outputs > 1 and actor.ppo_epochs > 1:
        told.append(f"actor.ppo_epochs is {actor.ppo_epochs}: a review is free of the KL penalty in one epoch only")
    if options.objective.refiner_advantage == "draftBaseline" and options.rollout.refiner == "none":
        told.append("refiner_advantage is draftBaseline, and there is no refiner")
    if rollout.n < 2:
        told.append(f"rollout.n is {rollout.n}: a group of one has no advantage")
    if "search_r2" != config.trainer.v1.trainer_mode and options.objective.review_weight != 1:
        told.append(
            f"review_weight is {options.objective.review_weight:g}, which only trainer.v1.trainer_mode=search_r2 applies, "
            f"and it is {config.trainer.v1.trainer_mode}"
        )
    return told


def retriever_trouble(options: Options) -> list[str]:
    try:
        found = RetrieverClient(options.retriever, timeout=10).retrieve(["a"], options.rollout.topk)
    except RetrieverError as error:
        return [f"{error} Start one: python -m search_r2.retriever --corpus corpus.jsonl"]
    topk, got = options.rollout.topk, len(found[0])
    return [] if got == topk else [f"the retriever at {options.retriever} gave {got} passages where {topk} were asked"]


def compose(data: Path, overrides: list[str]) -> Any:
    """The config as verl will see it, checked by verl itself."""
    from hydra import compose as hydra_compose
    from hydra import initialize_config_dir

    from verl.trainer.ppo.utils import need_critic, need_reference_policy
    from verl.utils.config import validate_config

    files = [f"data.train_files={data / FILES[0]}", f"data.val_files={data / FILES[1]}"]
    with initialize_config_dir(config_dir=str(CONFIGS), version_base=None):
        config = hydra_compose("search_r2", ["hydra.searchpath=[pkg://verl.trainer.config]", *files, *overrides])
    validate_config(config, use_reference_policy=need_reference_policy(config), use_critic=need_critic(config))
    return config


def main(arguments: list[str]) -> int:
    if not arguments or arguments[0].startswith("-"):
        print("Usage: python -m search_r2.verl.check DATA [KEY=VALUE ..]", file=sys.stderr)
        return 2
    data, overrides = Path(arguments[0]).resolve(), arguments[1:]
    told = differing()
    for line in told:
        print(f"note: {line}", file=sys.stderr)
    troubles = missing_files(data)
    if not any(line.startswith("verl is not") for line in told):
        try:
            config = compose(data, overrides)
            options = options_of(config)
            troubles += clashes(config, options) + retriever_trouble(options)
        # What hydra and verl raise is of many kinds; each says what is wrong with the config.
        except Exception as error:  # noqa: BLE001
            troubles.append(f"the config is refused: {error}")
    else:
        troubles.append("verl is not installed: pip install 'search-r2[verl]'")
    for line in troubles:
        print(line, file=sys.stderr)
    return 2 if troubles else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
