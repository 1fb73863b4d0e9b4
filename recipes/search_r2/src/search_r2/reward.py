"""R = EM (1 + r_process): the answer by exact match, the searches by labels, by passages that hold the answer, or by a judge."""

from __future__ import annotations

import json
import re
import string
import urllib.error
import urllib.request
from collections.abc import Sequence
from dataclasses import dataclass

from search_r2.prompts import judge_prompt, read_judgement
from search_r2.settings import RewardSettings
from search_r2.steps import Step

_ARTICLES = re.compile(r"\b(a|an|the)\b")
_PUNCTUATION = str.maketrans("", "", string.punctuation)


def normalize_answer(text: str) -> str:
    """SQuAD's: lower case, without punctuation and the articles a, an, the; white space as single blanks."""
    return " ".join(_ARTICLES.sub(" ", text.lower().translate(_PUNCTUATION)).split())


def exact_match(answer: str | None, golds: Sequence[str]) -> int:
    """1 where the answer equals one of the right ones once both are normalised. ValueError where none is known."""
    if not golds:
        raise ValueError("no right answer is known: exact match cannot be told")
    if answer is None:
        return 0
    given = normalize_answer(answer)
    return int(any(normalize_answer(gold) == given for gold in golds))


@dataclass(frozen=True)
class SearchWorth:
    useful: int
    """u_i: 1 where the collection supports something that no earlier one did."""
    share: float
    """Of its passages, those that support and are new, over `topk`."""


def worth_by_labels(searches: Sequence[Step], hops: Sequence[Sequence[str]], topk: int) -> list[SearchWorth]:
    """hops: for each hop of the question, the ids of the passages that truly state its fact."""
    supported: set[int] = set()
    worth = []
    for search in searches:
        hop_of = [next((h for h, ids in enumerate(hops) if one.id in ids), None) for one in search.passages]
        new = [hop for hop in hop_of if hop is not None and hop not in supported]
        supported.update(new)
        worth.append(SearchWorth(int(len(new) > 0), len(new) / topk))
    return worth


def worth_by_answer(searches: Sequence[Step], golds: Sequence[str], topk: int) -> list[SearchWorth]:
    """A passage supports where it holds a right answer as whole words and was not shown before. It sees no earlier hops."""
    shown: set[str] = set()
    worth = []
    patterns = [f" {normalize_answer(gold)} " for gold in golds if normalize_answer(gold)]
    for search in searches:
        new = 0
        for passage in search.passages:
            text = f" {normalize_answer(passage.contents)} "
            new += int(passage.id not in shown and any(pattern in text for pattern in patterns))
        shown.update(passage.id for passage in search.passages)
        worth.append(SearchWorth(int(new > 0), new / topk))
    return worth


def process_reward(worth: Sequence[SearchWorth], process: str) -> float:
    """r_process: the mean over the searches of u_i (`collection`) or of the share (`passage`); 0 without a search."""
    if process == "off" or not worth:
        return 0.0
    return sum(one.useful if process == "collection" else one.share for one in worth) / len(worth)


def trajectory_reward(em: int, process: float, settings: RewardSettings) -> float:
    """EM (1 + r_process), or EM + r_process with `sum`."""
    return em * (1 + process) if settings.combine == "gated" else em + process


class JudgeError(RuntimeError):
    """A judge refused, or named no number of useful collections."""


class Judge:
    """A judge model behind OpenAI's interface, by the paper's instruction and sampling."""

    def __init__(self, url: str, model: str, timeout: float = 300.0) -> None:
        """url: where the interface begins, for example http://localhost:8001/v1"""
        self.url = url.rstrip("/") + "/chat/completions"
        self.model = model
        self.timeout = timeout

    def process_reward(self, question: str, golds: Sequence[str], searches: Sequence[Step]) -> float:
        """Useful collections / collections; 0 without a search, of which nothing is asked."""
        if not searches:
            return 0.0
        prompt = judge_prompt(question, golds, [search.information for search in searches])
        body = {
            "model": self.model,
            "messages": [{"role": "user", "content": prompt}],
            "temperature": 0,
            "top_p": 0.95,
            "max_tokens": 3000,
        }
        request = urllib.request.Request(
            self.url, json.dumps(body).encode(), {"Content-Type": "application/json"}, method="POST"
        )
        try:
            with urllib.request.urlopen(request, timeout=self.timeout) as response:
                said = json.load(response)["choices"][0]["message"]["content"] or ""
        except (urllib.error.URLError, TimeoutError, ValueError, KeyError, IndexError, TypeError) as error:
            raise JudgeError(f"the judge at {self.url} gave no answer: {error!r}; is the server up, and is its model called {self.model}?") from error
        useful = read_judgement(said, len(searches))
        if useful is None:
            raise JudgeError(f"the judge named no number from 0 to {len(searches)}; it said: {said[-80:]!r}")
        return useful / len(searches)
