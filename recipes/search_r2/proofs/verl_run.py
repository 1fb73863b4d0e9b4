"""What of the recipe for verl runs without a GPU, run with verl's own classes on a real Ray. See VERL.md.

    npm run export -- --target verl --world atlas --preset search-r2-paper --set size=tiny --out FOLDER CHECKPOINT
    python recipes/search_r2/proofs/verl_run.py FOLDER OUT

OUT gets report.json and rollouts/1.jsonl, the dump.

Real: verl's config and its checks, its dataset and loader, its agent loop workers, reward workers, TransferQueue, replay buffer,
balancing and padding, advantages, metrics and validation, our trainer class, Ray. Stand-ins: the inference server (standin.py), and
FSDP's two numbers, old and reference log-probabilities, which transformers computes here.
"""

from __future__ import annotations

import collections
import json
import os
import sys
import types
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
PATHS = [str(HERE.parent / "src"), str(HERE)]
PROMPTS, GROUP = 4, 4
# The driver is its own trainer process here.
sys.path[:0] = PATHS
os.environ["VERL_USE_EXTERNAL_MODULES"] = "search_r2.verl.plugin"


def overrides(folder: Path, out: Path) -> list[str]:
    """The folder's own, as `python -m search_r2.verl` has them, and what makes it small and fit for this machine."""
    from search_r2.verl.folder import overrides_of, read_config

    rollout = "actor_rollout_ref.rollout"
    return [
        *overrides_of(folder, read_config(folder)),
        *(f"data.train_batch_size={PROMPTS}", "data.dataloader_num_workers=0", "data.filter_overlong_prompts_workers=1"),
        *("data.val_max_samples=8", f"actor_rollout_ref.actor.ppo_mini_batch_size={PROMPTS}", f"{rollout}.n={GROUP}"),
        # SGLang cannot be told which tokens are allowed; vLLM's parameters can, and the stand-in takes them.
        *(f"{rollout}.name=vllm", f"{rollout}.tensor_model_parallel_size=1", f"{rollout}.agent.num_workers=1"),
        *("reward.num_workers=1", "trainer.n_gpus_per_node=1", f"trainer.rollout_data_dir={out / 'rollouts'}"),
        # All kinds of rows, and a batch that is no whole number of mini-batches.
        "++actor_rollout_ref.rollout.custom.search_r2.objective.discarded=in",
        "++actor_rollout_ref.rollout.custom.search_r2.objective.review_weight=0.5",
        *("transfer_queue.backend.SimpleStorage.num_data_storage_units=1", "transfer_queue.enable=true"),
        f"+ray_kwargs.ray_init.runtime_env.env_vars.PYTHONPATH='{os.pathsep.join(PATHS)}'",
    ]


def main() -> None:
    export, out = Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve()
    out.mkdir(parents=True, exist_ok=True)

    import ray
    import torch
    import transfer_queue as tq
    from omegaconf import OmegaConf
    from tensordict import TensorDict

    from search_r2.verl.__main__ import serve
    from search_r2.verl.check import clashes, compose, retriever_trouble
    from search_r2.verl.folder import write_questions
    from search_r2.verl.options import options_of
    from search_r2.verl.pins import differing
    from search_r2.verl.record import KEY
    from search_r2.verl.trainer import plain
    from search_r2.verl.weights import is_padding
    from standin import StandIn, allowed_tokens, load
    import verl_rule
    from verl_loss import largest_difference
    from verl.experimental.reward_loop import RewardLoopManager
    from verl.trainer.ppo.v1 import AgentLoopManagerTQ, get_trainer_cls

    report: dict[str, Any] = {"versions": differing() or "all as pinned"}
    write_questions(export, words=True)
    config = compose(overrides(export, out))
    config.actor_rollout_ref.rollout.custom.search_r2.retriever = serve(export / "corpus.jsonl", words=True, everywhere=False)
    options = options_of(config)
    troubles = clashes(config, options) + retriever_trouble(options)
    assert not troubles, troubles

    environment = OmegaConf.to_container(config.ray_kwargs.ray_init.runtime_env.env_vars, resolve=True)
    ray.init(num_cpus=8, include_dashboard=False, logging_level="ERROR", runtime_env={"env_vars": environment})
    tq.init(config.transfer_queue)
    trainer_class = get_trainer_cls(config.trainer.v1.trainer_mode)
    report["trainer"] = f"{trainer_class.__module__}.{trainer_class.__name__}"
    trainer = trainer_class(config)
    trainer.global_steps, trainer.timing_raw = 1, {}
    trainer._init_tokenizer()
    trainer._init_dataloader()
    trainer._init_dump_executor()
    rows = [trainer.train_dataset[k] for k in range(8)]
    report["largest difference of a chance"] = verl_rule.largest_difference(config, str(export / "model"), rows)
    report["questions"] = {"train": len(trainer.train_dataset), "held out": len(trainer.val_dataset)}
    trainer.reward_loop_manager = RewardLoopManager(config)
    trainer.agent_loop_manager = AgentLoopManagerTQ.create(
        config=config,
        llm_client=StandIn(config, str(export / "model"), 7),
        reward_loop_worker_handles=trainer.reward_loop_manager.reward_loop_worker_handles,
    )
    # What the worker group of GPUs would say: one data-parallel rank.
    trainer.actor_rollout_wg = types.SimpleNamespace(_dispatch_info={"actor": [0]})

    trainer.validation_generations_logger = types.SimpleNamespace(log=lambda *_: None)
    report["validation"] = {key: float(value) for key, value in trainer._validate().items()}

    trainer._add_batch_to_generate()
    batch, _ = trainer.replay_buffer.sample(global_steps=1, partition_id="train", batch_size=PROMPTS)
    sessions = {key.rsplit("_", 1)[0] for key in batch.keys}
    report["sampled"] = {"sessions": len(sessions), "rows": len(batch.keys)}
    metrics: dict[str, Any] = {}
    batch = trainer._balance_batch(batch, metrics=metrics)
    report["rows a mini-batch"] = len(batch.keys)

    data = tq.kv_batch_get(
        keys=batch.keys,
        partition_id=batch.partition_id,
        select_fields=["prompts", "responses", "response_mask", "rollout_log_probs", "extra_fields"],
    )
    model, words = load(str(export / "model"))
    old, farthest = [], 0.0
    rows = zip(*(data[name].unbind() for name in ("prompts", "responses", "response_mask", "rollout_log_probs")), strict=True)
    for key, (prompt, response, mask, sampled) in zip(batch.keys, rows, strict=True):
        with torch.no_grad():
            logits = model(torch.cat([prompt, response])[None]).logits[0, len(prompt) - 1 : -1]
        legal = torch.full_like(logits[0], -torch.inf)
        legal[allowed_tokens(words, prompt.tolist(), None)] = 0
        own = torch.log_softmax(logits + legal, -1).gather(1, response[:, None])[:, 0]
        own = torch.where(mask.bool(), own, torch.zeros_like(own))
        old.append(own)
        is_review = prompt[-1].item() == words.ids["<review>"]
        if not key.startswith("pad") and not is_review:
            farthest = max(farthest, float((own - sampled * mask).abs().max()))
    report["largest difference of the actor's log-probabilities"] = farthest
    nested = torch.nested.as_nested_tensor(old, layout=torch.jagged)
    fields = TensorDict({"old_log_probs": nested, "ref_log_prob": nested - 0.1}, batch_size=len(batch.keys))
    tq.kv_batch_put(keys=batch.keys, partition_id=batch.partition_id, fields=fields)

    trainer._compute_advantage(batch, metrics)
    got = tq.kv_batch_get(
        keys=batch.keys,
        partition_id=batch.partition_id,
        select_fields=[
            *("prompts", "responses", "response_mask", "rm_scores", "extra_fields"),
            *("advantages", "ref_log_prob", "old_log_probs"),
        ],
    )
    extras = plain(got["extra_fields"])
    kinds = ["padding" if is_padding(key) else extra[KEY]["kind"] for key, extra in zip(batch.keys, extras, strict=True)]
    report["rows"] = dict(collections.Counter(kinds))
    report["largest difference of a gradient"] = largest_difference(batch.keys, got, extras, config, options)
    trainer.use_critic = False
    trainer._get_n_gpus_for_throughput = lambda: 1
    timing = {name: 1.0 for name in ("step", "gen", "old_log_prob", "ref", "adv", "update_actor")}
    trainer._compute_metrics(batch, metrics, timing, global_steps=1, epoch=0)
    kept = ("search_r2/", "critic/score/mean", "response_length/mean", "num_turns/mean")
    report["metrics"] = {k: float(v) for k, v in sorted(metrics.items()) if k.startswith(kept)}
    trainer._log_rollout_data(batch, trainer.timing_raw, config.trainer.rollout_data_dir)
    # verl's own dump of the same batch, as its trainer `sync` writes it.
    super(trainer_class, trainer)._log_rollout_data(batch, trainer.timing_raw, str(out / "rollouts-of-verl"))
    trainer._shutdown_dump_executor()
    of = ("the actor's log-probabilities", "a gradient", "a chance")
    for name in (f"largest difference of {one}" for one in of):
        assert report[name] < 1e-5, f"{name}: {report[name]}"
    assert report["sampled"]["sessions"] == PROMPTS * GROUP == report["rows"]["final"] == report["rows"]["review"], report
    (out / "report.json").write_text(json.dumps(report, indent=2) + "\n")
    print(json.dumps(report, indent=2))
    ray.shutdown()


if __name__ == "__main__":
    main()
