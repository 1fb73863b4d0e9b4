"""A stand-in for verl's inference servers on a CPU: their client's interface of token ids, answered by a checkpoint of Cutpoint.

It samples as Cutpoint's engine does: at the asked temperature, among the tokens that the grammar lets the actor write, or among
those that are allowed for a review. SGLang and vLLM need a GPU; all that stands before and behind them is verl's own.
"""

from __future__ import annotations

import random
from typing import Any

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

from search_r2.dialects import WordsDialect
from verl.workers.rollout.llm_server import LLMServerClient
from verl.workers.rollout.replica import TokenOutput

_loaded: dict[str, tuple[Any, WordsDialect]] = {}


def load(path: str) -> tuple[Any, WordsDialect]:
    if path not in _loaded:
        torch.set_num_threads(1)
        tokenizer = AutoTokenizer.from_pretrained(path)
        words = WordsDialect(tokenizer.convert_ids_to_tokens(list(range(len(tokenizer)))))
        _loaded[path] = (AutoModelForCausalLM.from_pretrained(path, dtype=torch.float32).eval(), words)
    return _loaded[path]


def allowed_tokens(words: WordsDialect, prompt: list[int], allowed: list[int] | None) -> list[int]:
    if allowed is not None:
        return allowed
    if prompt[-1] == words.ids["<review>"]:
        return [token for word, token in words.ids.items() if word.startswith("<cut:")]
    return words.actor_tokens()


class StandIn(LLMServerClient):
    """Made in the driver and sent to the workers, as verl's own client is."""

    def __init__(self, config: Any, model: str, seed: int) -> None:
        super().__init__(config)
        self.model = model
        self.random = random.Random(seed)

    async def generate(self, request_id: str, *, prompt_ids: list[int], sampling_params: dict[str, Any], **_: Any) -> TokenOutput:
        model, words = load(self.model)
        stop = tuple(sampling_params.get("stop") or ())
        ids, log_probs = list(prompt_ids), []
        with torch.no_grad():
            for _step in range(sampling_params["max_tokens"]):
                logits = model(torch.tensor([ids])).logits[0, -1]
                mask = torch.full_like(logits, -torch.inf)
                mask[allowed_tokens(words, prompt_ids, sampling_params.get("allowed_token_ids"))] = 0
                chances = torch.log_softmax(logits + mask, dim=-1)
                greedy = sampling_params["temperature"] == 0
                token = int(chances.argmax()) if greedy else self.random.choices(range(len(chances)), chances.exp().tolist())[0]
                ids.append(token)
                log_probs.append(float(chances[token]))
                if words.strings[token] in stop or words.strings[token] == "<eos>":
                    break
            extra: dict[str, Any] = {"global_steps": 0, "min_global_steps": 0, "max_global_steps": 0}
            if sampling_params.get("prompt_logprobs") is not None:
                logits = model(torch.tensor([prompt_ids])).logits[0]
                scored = torch.log_softmax(logits, dim=-1)
                extra["prompt_logprobs"] = [[float(scored[k, t])] for k, t in enumerate(prompt_ids[1:])] + [[0.0]]
        return TokenOutput(
            token_ids=ids[len(prompt_ids) :], log_probs=log_probs, stop_reason="completed", num_preempted=0, extra_fields=extra
        )
