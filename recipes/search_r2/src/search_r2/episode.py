"""One episode: draft, review, accept or cut, regeneration (Algorithm 1 of arXiv 2602.03647).

An episode is a coroutine that knows neither model nor search engine. It awaits requests, `Generate`, `Retrieve` and `Score`,
and whoever drives it answers them:

- `run_batch(episodes, backend)` moves many episodes on together, so that a trainer generates in batches (TRL);
- `await run_async(one, backend)` answers each request of one episode by an awaitable (an agent loop of verl).

    episodes = [episode(Prompt(ids, question), dialect, settings, seed=k) for k, ids in enumerate(prompts)]
    results = run_batch(episodes, backend)

Everything is token ids. `Side.response` is what stands behind the prompt; `Side.mask` is 1 for what the policy sampled and 0
for results; the prompt of a review and the suffix that a cut discards are in neither side's trained tokens (rows.py). A backend
samples at temperature 1 without filters in training, returns the tokens of a stop string, and gives one log-probability a token.
"""

from __future__ import annotations

import math
import random
from collections.abc import Coroutine, Generator, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from search_r2.dialects import Dialect
from search_r2.settings import RolloutSettings
from search_r2.steps import Passage, Step, kept_prefix

Role = Literal["actor", "refiner"]
EndReason = Literal["answer", "unfinished", "turns", "length"]


@dataclass(frozen=True)
class Prompt:
    ids: tuple[int, ...]
    question: str
    key: str = ""
    """Of the row of the data set, for a retriever that has a corpus for each."""


@dataclass(frozen=True)
class Sampled:
    """Reply to `Generate`."""

    ids: tuple[int, ...]
    logprobs: tuple[float, ...]


@dataclass(frozen=True)
class Generate:
    """Sample behind `ids` until one of `stop` or `max_tokens`. A refiner's turn ends by itself. Reply: `Sampled`."""

    ids: tuple[int, ...]
    role: Role
    stop: tuple[str, ...]
    max_tokens: int
    seed: int | None
    choices: tuple[int, ...] = ()
    """Where not empty, the only tokens that the refiner's reply may be."""

    def __await__(self) -> Generator[Request, Any, Sampled]:
        reply = yield self
        assert isinstance(reply, Sampled) and len(reply.ids) == len(reply.logprobs), "Generate is answered by Sampled"
        return reply


@dataclass(frozen=True)
class Retrieve:
    """Search for `query`. Reply: a sequence of `Passage`, best first."""

    query: str
    topk: int
    key: str

    def __await__(self) -> Generator[Request, Any, Sequence[Passage]]:
        reply: Sequence[Passage] = yield self
        return reply


@dataclass(frozen=True)
class Score:
    """Log-probability of each token of each continuation of `ids`. Reply: a list of lists."""

    ids: tuple[int, ...]
    continuations: tuple[tuple[int, ...], ...]

    def __await__(self) -> Generator[Request, Any, Sequence[Sequence[float]]]:
        reply: Sequence[Sequence[float]] = yield self
        assert [len(one) for one in reply] == [len(one) for one in self.continuations], "Score: a number for each token"
        return reply


Request = Generate | Retrieve | Score


@dataclass(frozen=True)
class Side:
    """A draft, or what a cut made of it. Positions count from the first token behind the prompt."""

    response: tuple[int, ...]
    mask: tuple[int, ...]
    """1 where the policy wrote the token, 0 for results."""
    logprobs: tuple[float, ...]
    """Of the policy that wrote; 0 for results."""
    steps: tuple[Step, ...]
    end: EndReason
    reason: str = ""

    @property
    def answer(self) -> str | None:
        """What was answered; None where nothing was."""
        return self.steps[-1].answer if self.end == "answer" else None

    @property
    def searches(self) -> tuple[Step, ...]:
        """Steps whose search brought results."""
        return tuple(step for step in self.steps if step.kind == "search" and step.information)


@dataclass(frozen=True)
class Review:
    """What was said of a draft, as an action to train: `reply` behind `prompt`."""

    draft: Side
    prompt: tuple[int, ...]
    reply: tuple[int, ...]
    logprobs: tuple[float, ...]
    said: int | None
    """The integer that the model said; None where it said none that is legal, which accepts."""
    cut: int
    """What was done: 0 accepts, j keeps the steps before j."""
    chances: tuple[float, ...] = ()
    """Log-probabilities of 0..S, where the rule asked for them."""
    choices: tuple[int, ...] = ()
    """The tokens that the reply could be, where it was one of few: its log-probability is among them."""


@dataclass(frozen=True)
class Episode:
    prompt: Prompt
    draft: Side
    reviews: tuple[Review, ...]
    final: Side

    @property
    def cut(self) -> int:
        """Of the first review; 0 where there is none."""
        return self.reviews[0].cut if self.reviews else 0


async def episode(prompt: Prompt, dialect: Dialect, settings: RolloutSettings, seed: int | None = None) -> Episode:
    """`seed` None leaves randomness to the backend. A regeneration never has its draft's seeds."""
    draft = await _actor(prompt, dialect, settings, None, _Seeds(seed, 0))
    side = draft
    reviews: list[Review] = []
    while settings.refiner == "model" and settings.gate != "never" and len(reviews) < settings.max_revisions:
        if not side.steps:
            break
        review = await _review(prompt, side, dialect, settings, _Seeds(seed, len(reviews)))
        reviews.append(review)
        if review.cut == 0:
            break
        kept = keep(side, review.cut)
        side = await _actor(prompt, dialect, settings, kept, _Seeds(seed, len(reviews)))
    return Episode(prompt, draft, tuple(reviews), side)


def keep(side: Side, cut: int) -> Side:
    """What a cut at step `cut` keeps: the steps before it with their results. The suffix sees no critique."""
    end = kept_prefix(side.steps, cut)
    return Side(side.response[:end], side.mask[:end], side.logprobs[:end], side.steps[: cut - 1], "unfinished")


async def _actor(
    prompt: Prompt, dialect: Dialect, settings: RolloutSettings, kept: Side | None, seeds: _Seeds
) -> Side:
    response = list(kept.response) if kept else []
    mask = list(kept.mask) if kept else []
    logprobs = list(kept.logprobs) if kept else []
    steps = list(kept.steps) if kept else []

    def side(end: EndReason, reason: str = "") -> Side:
        return Side(tuple(response), tuple(mask), tuple(logprobs), tuple(steps), end, reason)

    # Each kept step was a turn.
    for turn in range(len(steps), settings.max_turns):
        budget = min(settings.max_turn_tokens, settings.max_response_tokens - len(response))
        if budget <= 0:
            return side("length", "response too long")
        ids = (*prompt.ids, *response)
        sampled = await Generate(ids, "actor", dialect.stop, budget, seeds.of("actor", turn))
        read = dialect.read_turn(sampled.ids, len(steps))
        start = len(response)
        response += sampled.ids[: read.length]
        mask += [1] * read.length
        logprobs += sampled.logprobs[: read.length]
        written = len(response)
        said = read.turn
        if said.kind != "search":
            answer = said.body if said.kind == "answer" else ""
            steps.append(Step(said.kind, start, written, written, said.thought, answer=answer))
            return side("answer" if said.kind == "answer" else "unfinished", said.reason)
        step = Step("search", start, written, written, said.thought, said.body)
        if turn + 1 == settings.max_turns:
            steps.append(step)
            return side("turns", f"{settings.max_turns} turns without an answer")
        passages = tuple(await Retrieve(said.body, settings.topk, prompt.key))
        inserted = dialect.information(passages)
        if written + len(inserted) >= settings.max_response_tokens:
            steps.append(step)
            return side("length", "response too long")
        response += inserted
        mask += [0] * len(inserted)
        logprobs += [0.0] * len(inserted)
        text = dialect.text(inserted)
        steps.append(Step("search", start, written, len(response), said.thought, said.body, "", text, passages))
    return side("turns")


async def _review(prompt: Prompt, draft: Side, dialect: Dialect, settings: RolloutSettings, seeds: _Seeds) -> Review:
    steps = len(draft.steps)
    ids = tuple(dialect.review_prompt(prompt.question, prompt.ids, draft.response, draft.steps))
    if settings.rule == "log_probability":
        return await _review_by_chances(draft, ids, dialect, settings, seeds)
    choices = tuple(dialect.review_choices(steps)[1 if settings.gate == "always" else 0 :])
    most = 1 if choices else settings.max_review_tokens
    sampled = await Generate(ids, "refiner", (), most, seeds.of("refiner", 0), choices)
    said = dialect.read_review(sampled.ids, steps)
    cut = _decided(said or 0, steps, settings, seeds)
    return Review(draft, ids, sampled.ids, sampled.logprobs, said, cut, choices=choices)


async def _review_by_chances(
    draft: Side, ids: tuple[int, ...], dialect: Dialect, settings: RolloutSettings, seeds: _Seeds
) -> Review:
    replies = tuple(tuple(reply) for reply in dialect.review_replies(len(draft.steps)))
    scores = await Score(ids, replies)
    chances = tuple(sum(one) for one in scores)
    said = decide(chances, settings)
    cut = _decided(said, len(draft.steps), settings, seeds)
    choices = tuple(dialect.review_choices(len(draft.steps)))
    if not choices:
        return Review(draft, ids, replies[said], tuple(scores[said]), said, cut, chances)
    # Among the choices, as the loss has it.
    total = math.log(sum(math.exp(one - max(chances)) for one in chances)) + max(chances)
    chances = tuple(one - total for one in chances)
    return Review(draft, ids, replies[said], (chances[said],), said, cut, chances, choices)


def decide(chances: Sequence[float], settings: RolloutSettings) -> int:
    """The likeliest cut (the earliest among equals) where revising is likelier than accepting by the margin; else 0.

    chances: log-probabilities of 0..S.
    """
    accept, *cuts = chances
    if not cuts:
        return 0
    best = max(cuts)
    revising = best if settings.revising == "best" else best + math.log(sum(math.exp(one - best) for one in cuts))
    return cuts.index(best) + 1 if settings.gate == "always" or revising - accept >= settings.margin else 0


def _decided(said: int, steps: int, settings: RolloutSettings, seeds: _Seeds) -> int:
    """What is done with what was said, where whether or where to cut is a control's."""
    if said == 0 and settings.gate != "always":
        return 0
    if settings.cut == "first" or (said == 0 and settings.cut == "model"):
        return 1
    if settings.cut == "uniform":
        return random.Random(seeds.of("cut", 0)).randint(1, steps)
    return said


@dataclass(frozen=True)
class _Seeds:
    seed: int | None
    attempt: int

    def of(self, purpose: str, number: int) -> int | None:
        if self.seed is None:
            return None
        return random.Random(f"{self.seed}/{self.attempt}/{purpose}/{number}").getrandbits(31)


class BatchBackend(Protocol):
    """Answers requests of many episodes together; each list has a reply for each request, in order."""

    def generate(self, requests: Sequence[Generate]) -> Sequence[Sampled]: ...

    def retrieve(self, requests: Sequence[Retrieve]) -> Sequence[Sequence[Passage]]: ...

    def score(self, requests: Sequence[Score]) -> Sequence[Sequence[Sequence[float]]]: ...


class AsyncBackend(Protocol):
    """Answers the requests of one episode. `score` may raise NotImplementedError where only the sampled rule is used."""

    async def generate(self, request: Generate) -> Sampled: ...

    async def retrieve(self, request: Retrieve) -> Sequence[Passage]: ...

    async def score(self, request: Score) -> Sequence[Sequence[float]]: ...


def run_batch(episodes: Sequence[Coroutine[Any, Any, Episode]], backend: BatchBackend) -> list[Episode]:
    """Moves all episodes on, round by round, until each has ended. They come back in order."""
    results: dict[int, Episode] = {}
    waiting: dict[int, Request] = {}

    def move(number: int, reply: object) -> None:
        try:
            waiting[number] = episodes[number].send(reply)
        except StopIteration as stopped:
            waiting.pop(number, None)
            results[number] = stopped.value

    for number in range(len(episodes)):
        move(number, None)
    while waiting:
        asked = list(waiting.items())
        replies: dict[int, object] = {}
        generating = [(n, one) for n, one in asked if isinstance(one, Generate)]
        retrieving = [(n, one) for n, one in asked if isinstance(one, Retrieve)]
        scoring = [(n, one) for n, one in asked if isinstance(one, Score)]
        if generating:
            sampled = backend.generate([one for _, one in generating])
            replies |= {n: reply for (n, _), reply in zip(generating, sampled, strict=True)}
        if retrieving:
            found = backend.retrieve([one for _, one in retrieving])
            replies |= {n: reply for (n, _), reply in zip(retrieving, found, strict=True)}
        if scoring:
            scores = backend.score([one for _, one in scoring])
            replies |= {n: reply for (n, _), reply in zip(scoring, scores, strict=True)}
        for number, _ in asked:
            move(number, replies[number])
    return [results[number] for number in range(len(episodes))]


async def run_async(one: Coroutine[Any, Any, Episode], backend: AsyncBackend) -> Episode:
    """Answers every request of `one` by the backend."""
    reply: object = None
    while True:
        try:
            request = one.send(reply)
        except StopIteration as stopped:
            result: Episode = stopped.value
            return result
        if isinstance(request, Generate):
            reply = await backend.generate(request)
        elif isinstance(request, Retrieve):
            reply = await backend.retrieve(request)
        else:
            reply = await backend.score(request)
