"""verl's own loss on rows of the recipe, beside the recipe's: what each token's log-probability gets as gradient."""

from __future__ import annotations

import math
from collections import defaultdict
from typing import Any

import torch
from tensordict import TensorDict

from search_r2.verl.options import Options
from search_r2.verl.record import KEY
from search_r2.verl.weights import is_padding
from verl.utils import tensordict_utils as tu
from verl.utils.config import omega_conf_to_dataclass
from verl.workers.utils.losses import ppo_loss


def gradients(data: Any, config: Any) -> tuple[float, list[torch.Tensor]]:
    """The loss, and its gradient by the log-probability of each token of each response, at new = old."""
    prompts, responses = data["prompts"].unbind(), data["responses"].unbind()
    leaves = [row.clone().requires_grad_() for row in data["old_log_probs"].unbind()]
    # A model gives a number a position: that of token k stands at k - 1.
    whole = [
        torch.cat([torch.zeros(len(prompt) - 1), leaf, torch.zeros(1)]) for prompt, leaf in zip(prompts, leaves, strict=True)
    ]
    fields = ("prompts", "responses", "response_mask", "old_log_probs", "advantages", "ref_log_prob")
    batch = TensorDict({name: data[name] for name in fields}, batch_size=len(responses))
    tokens = sum(row.sum().item() for row in data["response_mask"].unbind())
    tu.assign_non_tensor(batch, dp_size=1, batch_num_tokens=tokens, global_batch_size=len(responses))
    actor = omega_conf_to_dataclass(config.actor_rollout_ref.actor)
    loss, _ = ppo_loss(actor, {"log_probs": torch.nested.as_nested_tensor(whole, layout=torch.jagged)}, batch)
    loss.backward()
    return loss.item(), [torch.zeros_like(leaf) if leaf.grad is None else leaf.grad for leaf in leaves]


def largest_difference(keys: list[str], data: Any, extras: list[dict[str, Any]], config: Any, options: Options) -> float:
    """Of verl's gradients from those of rows.py and loss.py, both times the number of rows that verl divides by.

    The surrogate has the recipe's weights. The penalty has verl's: once a text, and none on a review.
    """
    _, got = gradients(data, config)
    beta = config.actor_rollout_ref.actor.kl_loss_coef
    masks, references, old = (data[name].unbind() for name in ("response_mask", "ref_log_prob", "old_log_probs"))
    advantages = group_advantages_of(keys, data, extras)
    written: dict[str, float] = defaultdict(float)
    for row, key in enumerate(keys):
        if not is_padding(key) and extras[row][KEY]["kind"] != "review":
            written[key.rsplit("_", 1)[0]] += masks[row].sum().item()
    farthest = 0.0
    for row, key in enumerate(keys):
        session = key.rsplit("_", 1)[0]
        own = masks[row].sum().item()
        for place in range(len(masks[row])):
            wanted = 0.0
            if masks[row][place] and not is_padding(key):
                if extras[row][KEY]["kind"] == "review":
                    wanted = -options.objective.review_weight * advantages[session] / own
                else:
                    gap = (references[row][place] - old[row][place]).item()
                    wanted = -advantages[session] / written[session] + beta * (1 - math.exp(gap)) / own
            farthest = max(farthest, abs(got[row][place].item() * len(keys) - wanted))
    return farthest


def group_advantages_of(keys: list[str], data: Any, extras: list[dict[str, Any]]) -> dict[str, float]:
    """Of each session, by the recipe's own function from the rewards."""
    from search_r2.advantages import group_advantages

    scores = [row.sum().item() for row in data["rm_scores"].unbind()]
    finals = {k.rsplit("_", 1)[0]: n for n, k in enumerate(keys) if not is_padding(k) and extras[n][KEY]["kind"] == "final"}
    groups: dict[str, list[str]] = defaultdict(list)
    for session in finals:
        groups[session.rsplit("_", 1)[0]].append(session)
    return {
        session: advantage
        for group in groups.values()
        for session, advantage in zip(group, group_advantages([scores[finals[one]] for one in group], len(group)), strict=True)
    }
