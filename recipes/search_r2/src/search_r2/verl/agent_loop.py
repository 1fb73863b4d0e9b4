"""Search-R2 as an agent loop of verl: draft, review, cut at a step, regeneration (episode.py says how).

A session gives several outputs, which verl's default trainer takes as rows of one session: a row for each review (its prompt, and
the integer as the response), with `discarded: in` a row for each draft that was cut, and last the final trajectory. verl computes
the reward of the last one and gives it to all, and their advantages come from the group of last ones: the paper's reading of the
joint objective. Greedy sampling means validation, in which the refiner is off.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any
from uuid import uuid4

from search_r2.dialects import Dialect, TextDialect, WordsDialect
from search_r2.episode import Episode, Generate, Prompt, Retrieve, Sampled, Score, Side, episode, run_async
from search_r2.retriever import RetrieverClient
from search_r2.rows import suffix_mask
from search_r2.steps import Passage
from search_r2.verl.options import Options, options_of
from search_r2.verl.record import KEY, episode_record
from verl.experimental.agent_loop.agent_loop import AgentLoopBase, AgentLoopMetrics, AgentLoopOutput, register
from verl.utils.profiler import simple_timer

# Searches wait for a server: the default pool of a process has few threads.
_SEARCHES = ThreadPoolExecutor(max_workers=64, thread_name_prefix="retrieve")
_words: dict[int, WordsDialect] = {}


class PlainTokenizer:
    """A tokenizer of transformers without special tokens added or left out."""

    def __init__(self, tokenizer: Any) -> None:
        self.tokenizer = tokenizer

    def encode(self, text: str) -> list[int]:
        return list(self.tokenizer.encode(text, add_special_tokens=False))

    def decode(self, ids: Sequence[int]) -> str:
        return str(self.tokenizer.decode(list(ids), skip_special_tokens=False))


@register("search_r2")
class SearchR2AgentLoop(AgentLoopBase):
    """One instance a session, as verl makes them."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.options: Options = options_of(self.config)
        self.dialect = self._dialect()

    def _dialect(self) -> Dialect:
        tokenizer: Any = self.tokenizer
        if self.options.dialect == "words":
            # A dictionary is read once a process, not once a session.
            key = id(tokenizer)
            if key not in _words:
                _words[key] = WordsDialect(tokenizer.convert_ids_to_tokens(list(range(len(tokenizer)))))
            return _words[key]
        chat = self.continuous_token_builder.build_initial_tokens
        return TextDialect(PlainTokenizer(tokenizer), lambda text: list(chat([{"role": "user", "content": text}])))

    # verl's default trainer takes a list where its base class says one.
    async def run(
        self, sampling_params: dict[str, Any], **kwargs: Any
    ) -> list[AgentLoopOutput]:
        """kwargs: the columns of the row; `extra_info.question` is what a review is told, else the user's message."""
        messages = list(kwargs["raw_prompt"])
        ids = await self.ct_build_initial_tokens(messages)
        extra = kwargs.get("extra_info") or {}
        prompt = Prompt(tuple(ids), str(extra.get("question") or messages[-1]["content"]), str(extra.get("index", "")))
        greedy = sampling_params.get("temperature") == 0
        settings = replace(self.options.rollout, refiner="none") if greedy else self.options.rollout
        asked = _Backend(self, sampling_params)
        told = await run_async(episode(prompt, self.dialect, settings), asked)
        return self._outputs(told, asked)

    def _outputs(self, told: Episode, asked: _Backend) -> list[AgentLoopOutput]:
        objective = self.options.objective
        ids, turns = told.prompt.ids, len(told.final.steps)
        outputs = []
        for number, review in enumerate(told.reviews):
            if objective.review_weight > 0 and review.reply:
                reply = Side(review.reply, (1,) * len(review.reply), review.logprobs, (), "answer")
                about = {"kind": "review", "number": number}
                outputs.append(self._output(about, review.prompt, reply, asked, turns))
            if objective.discarded == "in" and review.cut > 0:
                draft = replace(review.draft, mask=suffix_mask(review.draft, review.cut))
                outputs.append(self._output({"kind": "discarded", "number": number}, ids, draft, asked, turns))
        # What reward and dump read stands at the last output, where verl's reward manager looks.
        about = {"kind": "final", **episode_record(told, self.dialect)}
        return [*outputs, self._output(about, ids, told.final, asked, turns)]

    def _output(
        self, about: dict[str, Any], ids: tuple[int, ...], side: Side, asked: _Backend, turns: int
    ) -> AgentLoopOutput:
        # verl puts a reward at the last token: an empty response, of an aborted request, gets one that trains nothing.
        tokenizer: Any = self.tokenizer
        nothing = not side.response
        return AgentLoopOutput(
            prompt_ids=list(ids),
            response_ids=[tokenizer.eos_token_id] if nothing else list(side.response),
            response_mask=[0] if nothing else list(side.mask),
            response_logprobs=[0.0] if nothing else list(side.logprobs),
            num_turns=turns,
            metrics=AgentLoopMetrics(**asked.metrics),
            # The same keys in every row, since verl stacks them; the versions of the weights are asked of every row.
            extra_fields={**asked.versions, "turn_scores": [], "tool_rewards": [], KEY: about},
        )


class _Backend:
    """Answers an episode by verl's client of the inference servers, and by Search-R1's retrieval protocol."""

    def __init__(self, loop: SearchR2AgentLoop, sampling: dict[str, Any]) -> None:
        self.loop = loop
        self.sampling = sampling
        self.engine = str(loop.rollout_config.name)
        self.request_id = uuid4().hex
        self.retriever = RetrieverClient(loop.options.retriever)
        self.metrics: dict[str, Any] = {"generate_sequences": 0.0, "tool_calls": 0.0}
        self.versions: dict[str, Any] = {"min_global_steps": None, "max_global_steps": None}

    async def generate(self, request: Generate) -> Sampled:
        params = {**self.sampling, "logprobs": True, "max_tokens": request.max_tokens}
        if request.stop:
            params["stop"] = list(request.stop)
            params["no_stop_trim" if self.engine == "sglang" else "include_stop_str_in_output"] = True
        if request.choices:
            if self.engine == "sglang":
                raise NotImplementedError("SGLang has no list of allowed tokens: dialect words needs another engine")
            params["allowed_token_ids"] = list(request.choices)
        output = await self._ask(list(request.ids), params)
        ids = tuple(int(token) for token in output.token_ids)
        return Sampled(ids, tuple(float(one) for one in output.log_probs or [0.0] * len(ids)))

    async def retrieve(self, request: Retrieve) -> Sequence[Passage]:
        with simple_timer("tool_calls", self.metrics):
            running = asyncio.get_running_loop()
            found = await running.run_in_executor(_SEARCHES, self.retriever.retrieve, [request.query], request.topk)
        return found[0]

    async def score(self, request: Score) -> Sequence[Sequence[float]]:
        """By the log-probabilities of a prompt, which verl's servers give for distillation."""
        asked = [self._score_one(list(request.ids), list(one)) for one in request.continuations]
        return await asyncio.gather(*asked)

    async def _score_one(self, ids: list[int], continuation: list[int]) -> list[float]:
        params = {**self.sampling, "logprobs": False, "prompt_logprobs": 0, "max_tokens": 1}
        output = await self._ask([*ids, *continuation], params)
        # Place k holds the log-probability of token k + 1.
        told = output.extra_fields["prompt_logprobs"]
        return [float(told[place - 1][0]) for place in range(len(ids), len(ids) + len(continuation))]

    async def _ask(self, ids: list[int], params: dict[str, Any]) -> Any:
        with simple_timer("generate_sequences", self.metrics):
            output = await self.loop.server_manager.generate(
                request_id=self.request_id, prompt_ids=ids, sampling_params=params
            )
        for key, pick in (("min_global_steps", min), ("max_global_steps", max)):
            version = output.extra_fields.get(key)
            if version is not None:
                known = self.versions[key]
                self.versions[key] = version if known is None else pick(known, version)
        return output
