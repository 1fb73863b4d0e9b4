"""`trainer.v1.trainer_mode: search_r2`: verl's synchronous trainer with the joint objective's weights.

    VERL_USE_EXTERNAL_MODULES=search_r2.verl.plugin python -m verl.trainer.main_ppo --config-dir .. --config-name search_r2

verl's own `sync` trainer takes the rows of our agent loop as they are: a review weighs as much as a trajectory, has the final
trajectory's advantage, and is held near the reference policy too; a batch with reviews has twice the rows, so that a mini-batch of
its size makes two updates of one. Here

- one mini-batch is all rows of a batch: one update, as without reviews;
- a review's advantage is `review_weight` times the final trajectory's, or times R(final) - R(draft) with `draftBaseline`;
- a review has no KL penalty: its reference is its own old log-probability, whose gradient is 0 at the only update of a batch;
- with `discarded: in` the final text and the cut one share the weight of one trajectory, by their tokens;
- the dump has one line a session, with draft, review, cut and final (dump.py).

The loss divides by all rows of a full batch, so that it is `1 / outputs` of the one without reviews, the same factor on every part;
AdamW does not see it, the clip of the gradient's norm does.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
import transfer_queue as tq
from omegaconf import open_dict
from tensordict import TensorDict

from search_r2.verl.dump import write_lines
from search_r2.verl.options import Options, options_of
from search_r2.verl.weights import session_metrics, weigh
from verl.trainer.ppo.v1.trainer_base import register_trainer
from verl.trainer.ppo.v1.trainer_sync import PPOTrainerSync
from verl.utils.debug import marked_timer


@register_trainer("search_r2")
class SearchR2Trainer(PPOTrainerSync):
    def __init__(self, config: Any) -> None:
        self.options: Options = options_of(config)
        with open_dict(config):
            # verl asks for this name where it chooses the buffer and the batches of a synchronous trainer.
            config.trainer.v1.trainer_mode = "sync"
            # Counted in rows / rollout.n by what pads and cuts a batch. verl's own check of the config has passed by now.
            config.actor_rollout_ref.actor.ppo_mini_batch_size *= self.options.outputs
        super().__init__(config)

    def _compute_advantage(self, batch: Any, metrics: dict[str, Any]) -> Any:
        batch = super()._compute_advantage(batch, metrics)
        fields = ["advantages", "response_mask", "extra_fields", "old_log_probs", "ref_log_prob"]
        data = tq.kv_batch_get(keys=batch.keys, partition_id=batch.partition_id, select_fields=fields)
        masks = data["response_mask"].unbind()
        advantages = [row.clone() for row in data["advantages"].unbind()]
        has_reference = "ref_log_prob" in data.keys()
        references = data["ref_log_prob"].unbind() if has_reference else []
        old = data["old_log_probs"].unbind() if has_reference else []
        extras = plain(data["extra_fields"])
        weighed = weigh(batch.keys, [row.sum().item() for row in masks], extras, self.options)
        counted: dict[str, int] = defaultdict(int)
        for row, (kind, scale, value) in enumerate(weighed):
            counted[kind] += 1
            if value is not None:
                advantages[row] = torch.full_like(advantages[row], value) * masks[row]
            advantages[row] *= scale
        changed = {"advantages": _nested(advantages)}
        if has_reference:
            kinds = [kind for kind, _, _ in weighed]
            changed["ref_log_prob"] = _nested([old[k] if kind == "review" else references[k] for k, kind in enumerate(kinds)])
        tq.kv_batch_put(
            keys=batch.keys, partition_id=batch.partition_id, fields=TensorDict(changed, batch_size=len(batch.keys))
        )
        metrics |= {f"search_r2/rows_{kind}": count for kind, count in sorted(counted.items())}
        metrics |= session_metrics(batch.keys, extras)
        return batch

    def _log_rollout_data(self, batch: Any, timing_raw: dict[str, float], rollout_data_dir: str) -> None:
        with marked_timer("dump_rollout_generations", timing_raw, color="green"):
            fields = ["extra_fields", "reward_model", "advantages", "response_mask"]
            data = tq.kv_batch_get(keys=batch.keys, partition_id=batch.partition_id, select_fields=fields)
            extras = plain(data["extra_fields"])
            truths = plain(data["reward_model"])
            masks = data["response_mask"].unbind()
            weighed = weigh(batch.keys, [row.sum().item() for row in masks], extras, self.options)
            # The group's, before a trajectory's two texts shared it.
            rows = zip(data["advantages"].unbind(), masks, weighed, strict=True)
            told = [_first_trained(advantages, mask, scale) for advantages, mask, (_, scale, _) in rows]
            path = Path(rollout_data_dir) / f"{self.global_steps}.jsonl"
            write_lines(path, self.global_steps, list(batch.keys), extras, truths, told)


def plain(column: Any) -> list[Any]:
    """What a column without tensors holds: tensordict gives a list, of values or of wrapped ones."""
    return [getattr(one, "data", one) for one in column]


def _nested(rows: Sequence[torch.Tensor]) -> torch.Tensor:
    return torch.nested.as_nested_tensor(list(rows), layout=torch.jagged)


def _first_trained(advantages: torch.Tensor, mask: torch.Tensor, scale: float) -> float | None:
    places = mask.nonzero()
    return advantages[places[0]].item() / scale if len(places) and scale else None
