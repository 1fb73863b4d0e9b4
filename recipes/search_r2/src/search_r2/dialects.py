"""How a model writes searches and answers as token ids, and how it is asked to review.

An episode works on token ids alone, so that what was sampled is what is trained; a dialect says what they mean.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from search_r2.prompts import ReviewedStep, read_review, refiner_prompt
from search_r2.steps import Passage, Step, Turn, read_turn


class Tokenizer(Protocol):
    """Text and token ids, without any special tokens added."""

    def encode(self, text: str) -> list[int]: ...

    def decode(self, ids: Sequence[int]) -> str: ...


@dataclass(frozen=True)
class ReadTurn:
    turn: Turn
    length: int
    """Of the sampled tokens, how many count: what was written behind an end is dropped."""


class Dialect(Protocol):
    stop: tuple[str, ...]
    """Strings that end a turn. They belong to it: a server must return their tokens."""

    def text(self, ids: Sequence[int]) -> str:
        """As a person reads it."""

    def read_turn(self, ids: Sequence[int], searches: int) -> ReadTurn:
        """What was sampled in one turn, `searches` having been made before."""

    def information(self, passages: Sequence[Passage]) -> list[int]:
        """What is put into the text for the results of a search."""

    def results(self, step: Step) -> str:
        """The results of a step as a person reads them."""

    def review_prompt(self, question: str, prompt: Sequence[int], response: Sequence[int], steps: Sequence[Step]) -> list[int]:
        """What a review reads: the draft of `steps` behind `prompt`."""

    def read_review(self, ids: Sequence[int], steps: int) -> int | None:
        """The integer that was said, None for none from 0 to `steps`."""

    def review_replies(self, steps: int) -> list[list[int]]:
        """The tokens of each reply 0..steps, for the rule by log-probability."""

    def review_choices(self, steps: int) -> list[int]:
        """The tokens that the reply 0..steps may be, at its place; empty where a reply is free text."""


class TextDialect:
    """Search-R1's tags of a language model, and the paper's prompt of the refiner."""

    stop: tuple[str, ...] = ("</search>", "</answer>")

    def __init__(
        self,
        tokenizer: Tokenizer,
        chat: Callable[[str], list[int]],
        max_information_tokens: int = 500,
        context: str = "",
    ) -> None:
        """
        chat: the tokens of a conversation whose only message is the user's, up to where the assistant begins.
        max_information_tokens: results beyond are cut off, as Search-R1 does.
        context: turns of the assistant before the rollout, for the refiner's prompt.
        """
        self.tokenizer = tokenizer
        self.chat = chat
        self.max_information_tokens = max_information_tokens
        self.context = context

    def text(self, ids: Sequence[int]) -> str:
        return self.tokenizer.decode(ids)

    def read_turn(self, ids: Sequence[int], searches: int) -> ReadTurn:
        del searches
        return ReadTurn(read_turn(self.tokenizer.decode(ids)), len(ids))

    def information(self, passages: Sequence[Passage]) -> list[int]:
        text = f"\n\n<information>{documents(passages).strip()}</information>\n\n"
        ids = self.tokenizer.encode(text)
        if len(ids) <= self.max_information_tokens:
            return ids
        # The end of the block stays: without it a model takes what it writes next for results.
        end = self.tokenizer.encode("</information>\n\n")
        return ids[: max(0, self.max_information_tokens - len(end))] + end

    def results(self, step: Step) -> str:
        return step.information

    def review_prompt(self, question: str, prompt: Sequence[int], response: Sequence[int], steps: Sequence[Step]) -> list[int]:
        del prompt
        read = [
            ReviewedStep(
                self.tokenizer.decode(response[step.start : step.written]),
                step.information if step.kind == "search" and step.information else None,
            )
            for step in steps
        ]
        return self.chat(refiner_prompt(question, read, self.context))

    def read_review(self, ids: Sequence[int], steps: int) -> int | None:
        return read_review(self.tokenizer.decode(ids), steps)

    def review_replies(self, steps: int) -> list[list[int]]:
        if steps > 9:
            # "1" begins "10": their chances would not be those of two replies.
            raise ValueError(f"a draft of {steps} steps: the rule by log-probability compares integers of one digit")
        return [self.tokenizer.encode(str(step)) for step in range(steps + 1)]

    def review_choices(self, steps: int) -> list[int]:
        del steps
        return []


def documents(passages: Sequence[Passage]) -> str:
    """Passages as Search-R1 puts them into the text."""
    lines = []
    for number, passage in enumerate(passages, start=1):
        title, _, text = passage.contents.partition("\n")
        lines.append(f"Doc {number}(Title: {title}) {text}\n")
    return "".join(lines)


class WordsDialect:
    """The notation of Cutpoint's own checkpoints: a word a token, and a strict grammar (docs/method.md, section 2).

    A trajectory ends at the first token that the grammar does not allow; a review reads the draft and `<review>`, and its
    reply is one of the tokens `<cut:0>` .. `<cut:5>`.
    """

    stop: tuple[str, ...] = ("</search>", "<eos>")
    max_searches = 4
    max_content = 2

    def __init__(self, strings: Sequence[str]) -> None:
        """strings: the dictionary, a token's string at its id."""
        self.strings = strings
        self.ids = {string: token for token, string in enumerate(strings)}
        spaced = sorted((s for s in strings if re.search(r"\s", s)), key=lambda s: (-len(s), s))
        self._words = re.compile("|".join([*(f"{re.escape(s)}(?=\\s|$)" for s in spaced), r"\S+"]))

    def encode(self, text: str) -> list[int]:
        """ValueError for a word that is no token."""
        words = self._words.findall(text)
        for word in words:
            if word not in self.ids:
                raise ValueError(f'"{word}" is no word of this checkpoint\'s dictionary of {len(self.strings)}')
        return [self.ids[word] for word in words]

    def decode(self, ids: Sequence[int]) -> str:
        return " ".join(self.strings[token] for token in ids)

    def text(self, ids: Sequence[int]) -> str:
        return self.decode(ids)

    def is_content(self, token: int) -> bool:
        """A relation or a name."""
        word = self.strings[token]
        return ":" in word and not word.startswith(("<", "source:"))

    def actor_tokens(self) -> list[int]:
        """What the actor may write."""
        tags = ("<eos>", "<think>", "</think>", "<search>", "</search>", "<answer>", "</answer>")
        return [token for token, word in enumerate(self.strings) if word in tags or self.is_content(token)]

    def read_turn(self, ids: Sequence[int], searches: int) -> ReadTurn:
        words = [self.strings[token] for token in ids]
        thought: list[str] = []
        body: list[str] = []

        def ended(reason: str, at: int) -> ReadTurn:
            return ReadTurn(Turn("unfinished", " ".join(thought), " ".join(body), reason), min(at + 1, len(ids)))

        if not words or words[0] != "<think>":
            return ended("unexpected token", 0)
        at = 1
        while at < len(words) and words[at] != "</think>":
            if not self.is_content(ids[at]):
                return ended("unexpected token", at)
            if len(thought) == self.max_content:
                return ended("thought too long", at)
            thought.append(words[at])
            at += 1
        at += 1
        if at >= len(words):
            return ended("not finished", at)
        opening = words[at]
        if opening not in ("<search>", "<answer>"):
            return ended("unexpected token", at)
        if opening == "<search>" and searches >= self.max_searches:
            return ended("fifth search", at)
        is_search = opening == "<search>"
        closing = "</search>" if is_search else "</answer>"
        most = self.max_content if is_search else 1
        at += 1
        while at < len(words) and words[at] != closing:
            if not self.is_content(ids[at]):
                return ended("unexpected token", at)
            if len(body) == most:
                return ended("query too long" if is_search else "answer too long", at)
            body.append(words[at])
            at += 1
        if at >= len(words):
            return ended("not finished", at)
        if not body:
            return ended("empty query" if is_search else "empty answer", at)
        if is_search:
            return ReadTurn(Turn("search", " ".join(thought), " ".join(body)), at + 1)
        at += 1
        if at >= len(words) or words[at] != "<eos>":
            return ended("unexpected token" if at < len(words) else "not finished", at)
        return ReadTurn(Turn("answer", " ".join(thought), body[0]), at + 1)

    def information(self, passages: Sequence[Passage]) -> list[int]:
        text = " ".join(passage.contents.partition("\n")[2] for passage in passages)
        return self.encode(f"<information> {text} </information>")

    def results(self, step: Step) -> str:
        # One after the other, with their sources: the words alone do not show where a passage ends.
        return f"\n\n<information>{documents(step.passages).strip()}</information>\n\n" if step.information else ""

    def review_prompt(self, question: str, prompt: Sequence[int], response: Sequence[int], steps: Sequence[Step]) -> list[int]:
        del question, steps
        return [*prompt, *response, self.ids["<review>"]]

    def read_review(self, ids: Sequence[int], steps: int) -> int | None:
        found = re.fullmatch(r"<cut:(\d)>", self.strings[ids[0]]) if ids else None
        integer = int(found.group(1)) if found else steps + 1
        return integer if integer <= steps else None

    def review_replies(self, steps: int) -> list[list[int]]:
        return [[token] for token in self.review_choices(steps)]

    def review_choices(self, steps: int) -> list[int]:
        return [self.ids[f"<cut:{step}>"] for step in range(steps + 1)]
