"""The rule by log-probability through verl's agent loop: what a review is scored by, beside the checkpoint's own numbers."""

from __future__ import annotations

import asyncio
import copy
import math
from typing import Any

import hydra
import torch
from omegaconf import OmegaConf

from search_r2.verl.record import KEY
from standin import StandIn, load
from verl.experimental.agent_loop.agent_loop import AgentLoopWorker, DictConfigWrap, ToolListWrap, _agent_loop_registry

MARGIN = 0.5


def largest_difference(config: Any, model: str, rows: list[dict[str, Any]]) -> float:
    """Of the chances of 0..S of one draft a row. AssertionError where the cut is not what they and the margin say."""
    own = copy.deepcopy(config)
    OmegaConf.update(own, f"actor_rollout_ref.rollout.custom.{KEY}.rollout.rule", "log_probability", force_add=True)
    OmegaConf.update(own, f"actor_rollout_ref.rollout.custom.{KEY}.rollout.margin", MARGIN, force_add=True)
    return asyncio.run(_differences(own, model, rows))


async def _differences(config: Any, model: str, rows: list[dict[str, Any]]) -> float:
    worker = AgentLoopWorker(config, StandIn(config, model, 7))
    network, words = load(model)
    farthest = 0.0
    for row in rows:
        loop = hydra.utils.instantiate(
            _agent_loop_registry["search_r2"],
            trainer_config=DictConfigWrap(config),
            server_manager=worker.llm_client,
            tokenizer=worker.tokenizer,
            processor=None,
            hf_model_type="llama",
            dataset_cls=worker.dataset_cls,
            data_config=DictConfigWrap(config.data),
            tools=ToolListWrap([]),
        )
        outputs = await loop.run({"temperature": 1.0, "top_p": 1.0, "top_k": -1}, **row)
        [told] = outputs[-1].extra_fields[KEY]["reviews"]
        with torch.no_grad():
            logits = network(torch.tensor([outputs[0].prompt_ids])).logits[0, -1]
        replies = [words.ids[f"<cut:{step}>"] for step in range(len(told["chances"]))]
        # The recipe compares chances among the replies that are legal.
        chances = torch.log_softmax(logits[replies], dim=-1).tolist()
        farthest = max(farthest, *(abs(a - b) for a, b in zip(chances, told["chances"], strict=True)))
        best = max(range(1, len(chances)), key=chances.__getitem__, default=0)
        wanted = best if best and chances[best] - chances[0] >= MARGIN - 1e-6 else 0
        assert told["cut"] == wanted and outputs[0].response_ids == [replies[wanted]], (told, chances)
    assert math.isfinite(farthest)
    return farthest
