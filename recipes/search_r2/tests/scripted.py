"""A model and a search engine that say what a test wrote down."""

from __future__ import annotations

from collections.abc import Sequence

from search_r2.dialects import TextDialect
from search_r2.episode import Generate, Retrieve, Sampled, Score
from search_r2.steps import Passage


class Letters:
    """A tokenizer: a character is a token."""

    def encode(self, text: str) -> list[int]:
        return [ord(letter) for letter in text]

    def decode(self, ids: Sequence[int]) -> str:
        return "".join(chr(token) for token in ids)


LETTERS = Letters()


def dialect(**options: int) -> TextDialect:
    return TextDialect(LETTERS, lambda message: LETTERS.encode(f"user {message} assistant "), **options)


class Scripted:
    """Says `turns` in order, in whatever role it is asked; a turn is cut off at the request's limit."""

    def __init__(self, turns: Sequence[str], chances: Sequence[float] = ()) -> None:
        self.turns = list(turns)
        self.chances = chances
        self.asked: list[Generate | Retrieve | Score] = []

    def generate(self, requests: Sequence[Generate]) -> list[Sampled]:
        self.asked += requests
        return [self._say(one) for one in requests]

    def _say(self, request: Generate) -> Sampled:
        ids = tuple(LETTERS.encode(self.turns.pop(0)))[: request.max_tokens]
        return Sampled(ids, tuple(-0.5 for _ in ids))

    def retrieve(self, requests: Sequence[Retrieve]) -> list[list[Passage]]:
        self.asked += requests
        return [[Passage(one.query, f'"{one.query}"\nabout {one.query}')] for one in requests]

    def score(self, requests: Sequence[Score]) -> list[list[list[float]]]:
        self.asked += requests
        return [[[chance] for chance in self.chances] for _ in requests]
