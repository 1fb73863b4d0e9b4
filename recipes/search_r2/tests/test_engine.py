"""The recipe beside Cutpoint's engine, on what `node scripts/cli.mjs recipe-fixtures` wrote: the same to 1e-5, or exactly."""

from __future__ import annotations

import json
import unittest
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from search_r2.advantages import group_advantages
from search_r2.dialects import WordsDialect
from search_r2.episode import Episode, Generate, Prompt, Retrieve, Sampled, Score, Side, episode, run_batch
from search_r2.loss import LossSums, grpo_loss
from search_r2.retriever import dictionary_words
from search_r2.reward import exact_match, process_reward, trajectory_reward, worth_by_labels
from search_r2.rows import LossRow, loss_rows
from search_r2.settings import ObjectiveSettings, RewardSettings, RolloutSettings
from search_r2.steps import Passage

ENGINE: dict[str, Any] = json.loads((Path(__file__).parent / "fixtures" / "engine.json").read_text(encoding="utf-8"))
PASSAGES = {row["id"]: Passage(row["id"], row["contents"]) for row in ENGINE["corpus"]}
DIALECT = WordsDialect(ENGINE["strings"])
CLOSE = 1e-5


def near(one: float, other: float) -> bool:
    return abs(one - other) <= CLOSE * max(1.0, abs(other))


class Replay:
    """Says what the engine's trajectories say next, behind exactly their beginnings; anything else is an error."""

    def __init__(self, rows: Sequence[dict[str, Any]], rule: str) -> None:
        self.rows = rows
        self.rule = rule
        self.drafted = [False] * len(rows)

    def _row(self, ids: tuple[int, ...]) -> list[tuple[int, tuple[int, ...]]]:
        """Of the rows whose draft or final trajectory begins so, what stands behind."""
        found = []
        for number, row in enumerate(self.rows):
            side = row["final"] if self.drafted[number] else row["draft"]
            text = (*row["prompt"], *side["response"])
            if text[: len(ids)] == ids:
                found.append((number, text[len(ids) :]))
        return found

    def generate(self, requests: Sequence[Generate]) -> list[Sampled]:
        return [self._say(request) for request in requests]

    def _say(self, request: Generate) -> Sampled:
        [(number, rest)] = self._row(request.ids if request.role == "actor" else request.ids[:-1])
        row = self.rows[number]
        if request.role == "refiner":
            assert rest == () and request.ids[-1] == DIALECT.ids["<review>"]
            assert len(request.choices) == len(row["review"]["chances"])
            self.drafted[number] = True
            said = row["review"]["said"]
            return Sampled((request.choices[said],), (row["review"]["chances"][said],))
        side = row["final"] if self.drafted[number] else row["draft"]
        start = len(request.ids) - len(row["prompt"])
        length = 0
        while start + length < len(side["response"]) and side["mask"][start + length] == 1:
            length += 1
            word = ENGINE["strings"][side["response"][start + length - 1]]
            if word in request.stop:
                break
        return Sampled(tuple(rest[:length]), tuple(side["logprobs"][start : start + length]))

    def retrieve(self, requests: Sequence[Retrieve]) -> list[list[Passage]]:
        [request] = requests
        row = self.rows[0]
        for side in (row["draft"], row["final"]):
            for ids, search in zip(side["passages"], searches_of(side), strict=True):
                if search == request.query:
                    return [[PASSAGES[one] for one in ids]]
        raise AssertionError(f"the engine never searched for {request.query}")

    def score(self, requests: Sequence[Score]) -> list[list[list[float]]]:
        self.drafted[0] = True
        return [[[chance] for chance in self.rows[0]["review"]["chances"]] for _ in requests]


def searches_of(side: dict[str, Any]) -> list[str]:
    words = DIALECT.decode(side["response"])
    return [part.split("</search>")[0].strip() for part in words.split("<search>")[1:]][: len(side["passages"])]


def replayed(row: dict[str, Any]) -> Episode:
    settings = RolloutSettings(max_turns=5)
    prompt = Prompt(tuple(row["prompt"]), row["question"])
    [result] = run_batch([episode(prompt, DIALECT, settings)], Replay([row], "sampled"))
    return result


EPISODES = [replayed(row) for row in ENGINE["episodes"]]
ROWS = ENGINE["episodes"]


def reward_of(side: Side, row: dict[str, Any]) -> float:
    worth = worth_by_labels(side.searches, row["hops"], 3)
    settings = RewardSettings(process=ENGINE["settings"]["process"])
    return trajectory_reward(exact_match(side.answer, row["golden_answers"]), process_reward(worth, settings.process), settings)


def engine_rows() -> tuple[list[LossRow], list[list[float]], list[list[float]]]:
    """Loss rows of the recipe with the engine's log-probabilities under the weights to train and the frozen ones."""
    size = ENGINE["settings"]["groupSize"]
    finals = [reward_of(one.final, row) for one, row in zip(EPISODES, ROWS, strict=True)]
    drafts = [[reward_of(one.draft, row)] for one, row in zip(EPISODES, ROWS, strict=True)]
    settings = ObjectiveSettings(review_weight=ENGINE["settings"]["reviewWeight"])
    rows = loss_rows(EPISODES, group_advantages(finals, size), drafts, finals, settings)
    new = [ROWS[one.row]["review" if one.kind == "review" else "final"]["new"] for one in rows]
    ref = [[0.0] if one.kind == "review" else ROWS[one.row]["final"]["ref"] for one in rows]
    return rows, new, ref


def engine_loss() -> LossSums:
    rows, new, ref = engine_rows()
    settings = ENGINE["settings"]
    return grpo_loss(
        rows, new, ref, clip_low=settings["clipLow"], clip_high=settings["clipHigh"], kl_beta=settings["klBeta"]
    )


class EngineTest(unittest.TestCase):
    def test_some_drafts_are_cut_and_some_accepted(self) -> None:
        cuts = [one.cut for one in EPISODES]
        self.assertEqual(cuts, [row["review"]["cut"] for row in ROWS])
        self.assertIn(0, cuts)
        self.assertGreater(max(cuts), 1)

    def test_tokens_masks_and_steps(self) -> None:
        for one, row in zip(EPISODES, ROWS, strict=True):
            for side, want in [(one.draft, row["draft"]), (one.final, row["final"])]:
                self.assertEqual(list(side.response), want["response"])
                self.assertEqual(list(side.mask), want["mask"])
                self.assertEqual([step.start for step in side.steps], want["step_starts"])
                self.assertEqual([[p.id for p in step.passages] for step in side.searches], want["passages"])
                self.assertEqual(side.answer is not None, want["end"] == 1)

    def test_what_a_review_reads_and_says(self) -> None:
        for one, row in zip(EPISODES, ROWS, strict=True):
            [review] = one.reviews
            self.assertEqual(review.said, row["review"]["said"])
            self.assertEqual(list(review.prompt), [*row["prompt"], *row["draft"]["response"], DIALECT.ids["<review>"]])

    def test_rule_by_log_probability_takes_the_likeliest(self) -> None:
        for row in ROWS:
            settings = RolloutSettings(max_turns=5, rule="log_probability")
            [result] = run_batch(
                [episode(Prompt(tuple(row["prompt"]), ""), DIALECT, settings)],
                Rule(row),
            )
            chances = row["review"]["chances"]
            best = max(range(len(chances)), key=lambda j: chances[j])
            self.assertEqual(result.cut, best)

    def test_evidence_and_rewards(self) -> None:
        for one, row in zip(EPISODES, ROWS, strict=True):
            for side, want in [(one.draft, row["draft"]), (one.final, row["final"])]:
                worth = worth_by_labels(side.searches, row["hops"], 3)
                self.assertEqual([search.useful for search in worth], want["useful"])
                self.assertTrue(all(near(a.share, b) for a, b in zip(worth, want["shares"], strict=True)))
                self.assertEqual(exact_match(side.answer, row["golden_answers"]), want["em"])
                self.assertTrue(near(reward_of(side, row), want["reward"]))
        self.assertGreater(len({row["final"]["reward"] for row in ROWS}), 1)

    def test_advantages(self) -> None:
        size = ENGINE["settings"]["groupSize"]
        got = group_advantages([row["final"]["reward"] for row in ROWS], size)
        for advantage, row in zip(got, ROWS, strict=True):
            self.assertTrue(near(advantage, row["advantage"]))
        reviews = {one.row: one.advantage for one in engine_rows()[0] if one.kind == "review"}
        for number, row in enumerate(ROWS):
            self.assertTrue(near(reviews.get(number, 0.0), row["review"]["advantage"]))

    def test_loss(self) -> None:
        got, want = engine_loss(), ENGINE["expected"]
        self.assertTrue(near(got.policy, want["policyLoss"]), (got.policy, want["policyLoss"]))
        self.assertTrue(near(got.loss - got.review, want["loss"]), (got.loss - got.review, want["loss"]))
        self.assertTrue(near(got.review, want["reviewLoss"]), (got.review, want["reviewLoss"]))
        self.assertTrue(near(got.kl, want["klK3"]), (got.kl, want["klK3"]))
        self.assertTrue(near(got.clipped, want["clipFraction"]))
        tokens = sum(sum(row.mask) for row in engine_rows()[0] if row.kind == "actor")
        self.assertEqual(tokens, want["actorTokens"])

    def test_words_of_the_dictionary(self) -> None:
        content = [word for word in ENGINE["strings"] if ":" in word and not word.startswith("<")]
        self.assertTrue(any(" " in word for word in content))
        self.assertEqual(dictionary_words(" ".join(content)), content)
        self.assertEqual(DIALECT.encode(" ".join(content)), [DIALECT.ids[word] for word in content])


class Rule(Replay):
    """Another cut than the engine's is regenerated by an end at once."""

    def __init__(self, row: dict[str, Any]) -> None:
        super().__init__([row], "log_probability")

    def generate(self, requests: Sequence[Generate]) -> list[Sampled]:
        if self.drafted[0]:
            return [Sampled((DIALECT.ids["<eos>"],), (0.0,)) for _ in requests]
        return super().generate(requests)


if __name__ == "__main__":
    unittest.main()
