"""Tokens and scores from a transformers model: the backend of episodes while GRPOTrainer trains it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor, nn
from transformers import PreTrainedModel

from search_r2.episode import Generate, Retrieve, Sampled, Score
from search_r2.retriever import Bm25, RetrieverClient
from search_r2.steps import Passage

FORBIDDEN = -1e9


def forbid(model: PreTrainedModel, allowed: Sequence[int]) -> None:
    """Only `allowed` can be written, in the sampler and in the loss alike: a bias of the head that is no parameter.

    GRPOTrainer's fused head adds the head's bias; the buffer is not saved with the weights.
    """
    head = model.get_output_embeddings()
    assert isinstance(head, nn.Linear)
    bias = torch.full((head.out_features,), FORBIDDEN, dtype=head.weight.dtype, device=head.weight.device)
    bias[list(allowed)] = 0
    del head.bias
    head.register_buffer("bias", bias, persistent=False)


def head_logits(model: Any, ids: Tensor, attention: Tensor) -> Tensor:
    """Logits (B, T, V) without what `forbid` added."""
    hidden = model.base_model(input_ids=ids, attention_mask=attention).last_hidden_state
    return nn.functional.linear(hidden, model.get_output_embeddings().weight).float()


class TransformersSampler:
    """Answers requests of many episodes with one call of `generate`, at temperature 1 without filters."""

    def __init__(
        self, model: PreTrainedModel, tokenizer: Any, retriever: Bm25 | RetrieverClient, rows_at_once: int
    ) -> None:
        self.model = model
        self.tokenizer = tokenizer
        self.retriever = retriever
        self.rows_at_once = rows_at_once

    def generate(self, requests: Sequence[Generate]) -> list[Sampled]:
        replies: dict[int, Sampled] = {}
        # Alike in what ends them, since one call has one set of stop strings.
        kinds = {(bool(one.choices), one.stop) for one in requests}
        for choosing, stop in sorted(kinds):
            alike = [k for k, one in enumerate(requests) if (bool(one.choices), one.stop) == (choosing, stop)]
            for start in range(0, len(alike), self.rows_at_once):
                part = alike[start : start + self.rows_at_once]
                asked = [requests[k] for k in part]
                replies |= zip(part, self._choose(asked) if choosing else self._sample(asked, stop), strict=True)
        return [replies[k] for k in range(len(requests))]

    def retrieve(self, requests: Sequence[Retrieve]) -> list[list[Passage]]:
        if isinstance(self.retriever, RetrieverClient):
            return self.retriever.retrieve([one.query for one in requests], requests[0].topk)
        return [self.retriever.search(one.query, one.topk) for one in requests]

    @torch.no_grad()
    def score(self, requests: Sequence[Score]) -> list[list[list[float]]]:
        replies = []
        for request in requests:
            rows = [[*request.ids, *one] for one in request.continuations]
            ids, attention = self._padded(rows, left=False)
            logprobs = head_logits(self.model, ids, attention).log_softmax(-1)
            start = len(request.ids)
            replies.append(
                [
                    [float(logprobs[row, start + k - 1, token]) for k, token in enumerate(one)]
                    for row, one in enumerate(request.continuations)
                ]
            )
        return replies

    @torch.no_grad()
    def _choose(self, requests: Sequence[Generate]) -> list[Sampled]:
        """One token among each request's choices."""
        ids, attention = self._padded([one.ids for one in requests], left=False)
        logits = head_logits(self.model, ids, attention)
        replies = []
        for row, one in enumerate(requests):
            logprobs = logits[row, len(one.ids) - 1, list(one.choices)].log_softmax(-1)
            place = int(torch.multinomial(logprobs.exp(), 1))
            replies.append(Sampled((one.choices[place],), (float(logprobs[place]),)))
        return replies

    @torch.no_grad()
    def _sample(self, requests: Sequence[Generate], stop: tuple[str, ...]) -> list[Sampled]:
        ids, attention = self._padded([one.ids for one in requests], left=True)
        ends = [self.tokenizer.convert_tokens_to_ids(word) for word in stop]
        are_tokens = bool(stop) and all(end is not None and end != self.tokenizer.unk_token_id for end in ends)
        eos = [self.tokenizer.eos_token_id, *(ends if are_tokens else [])]
        strings = {} if are_tokens or not stop else {"stop_strings": list(stop), "tokenizer": self.tokenizer}
        output = self.model.generate(
            input_ids=ids,
            attention_mask=attention,
            max_new_tokens=max(one.max_tokens for one in requests),
            do_sample=True,
            temperature=1.0,
            top_k=0,
            top_p=1.0,
            eos_token_id=eos,
            pad_token_id=self.tokenizer.pad_token_id,
            return_dict_in_generate=True,
            output_logits=True,
            **strings,
        )
        written = output.sequences[:, ids.shape[1] :]
        logits = torch.stack(output.logits, dim=1).float()
        logprobs = logits.log_softmax(-1).gather(-1, written.unsqueeze(-1)).squeeze(-1)
        return [self._cut_off(one, written[k].tolist(), logprobs[k].tolist(), eos, stop) for k, one in enumerate(requests)]

    def _cut_off(
        self, request: Generate, ids: list[int], logprobs: list[float], eos: list[int], stop: tuple[str, ...]
    ) -> Sampled:
        """Up to the first end, which belongs to it; what stands behind is padding, or was written while others went on."""
        length = min(len(ids), request.max_tokens)
        # Most texts hold no stop string, and need not be decoded token by token.
        text = self.tokenizer.decode(ids[:length]) if stop else ""
        strings = [one for one in stop if one in text]
        for place, token in enumerate(ids[:length], start=1):
            if token in eos or any(one in self.tokenizer.decode(ids[:place]) for one in strings):
                length = place
                break
        return Sampled(tuple(ids[:length]), tuple(logprobs[:length]))

    def _padded(self, rows: Sequence[Sequence[int]], left: bool) -> tuple[Tensor, Tensor]:
        longest = max(len(row) for row in rows)
        pad = self.tokenizer.pad_token_id
        filler = [[pad] * (longest - len(row)) for row in rows]
        ids = [[*f, *row] if left else [*row, *f] for f, row in zip(filler, rows, strict=True)]
        ones = [[0] * len(f) + [1] * len(row) if left else [1] * len(row) + [0] * len(f) for f, row in zip(filler, rows, strict=True)]
        device = self.model.device
        return torch.tensor(ids, device=device), torch.tensor(ones, device=device)
