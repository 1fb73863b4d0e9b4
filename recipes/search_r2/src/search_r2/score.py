"""What an episode's sides are worth, by the folder's settings of the reward."""

from __future__ import annotations

from search_r2.data import Question
from search_r2.episode import Episode, Side
from search_r2.reward import (
    Judge,
    SearchWorth,
    exact_match,
    process_reward,
    trajectory_reward,
    worth_by_answer,
    worth_by_labels,
)
from search_r2.rollouts import Scored
from search_r2.settings import RewardSettings


class Scorer:
    def __init__(self, settings: RewardSettings, topk: int, judge: Judge | None = None) -> None:
        if settings.evidence == "judge" and judge is None:
            raise ValueError("evidence is judged, and no judge is given")
        self.settings = settings
        self.topk = topk
        self.judge = judge

    def side(self, side: Side, question: Question) -> Scored:
        golds = question.golden_answers
        em = exact_match(side.answer, golds)
        if self.settings.evidence == "judge" and self.settings.process != "off":
            assert self.judge is not None
            # Where the answer is wrong and rewards are gated, the judge's word would be multiplied by 0.
            needed = em == 1 or self.settings.combine == "sum"
            process = self.judge.process_reward(question.question, golds, side.searches) if needed else 0.0
            return Scored(side, em, (), trajectory_reward(em, process, self.settings))
        worth: list[SearchWorth] = (
            worth_by_answer(side.searches, golds, self.topk)
            if self.settings.evidence == "answer"
            else worth_by_labels(side.searches, question.hops, self.topk)
        )
        process = process_reward(worth, self.settings.process)
        useful = tuple(one.useful for one in worth)
        return Scored(side, em, useful, trajectory_reward(em, process, self.settings))

    def episode(self, one: Episode, question: Question) -> tuple[list[Scored], Scored]:
        """Of the text that each review read (the draft alone where nothing reviewed), and of the final trajectory."""
        final = self.side(one.final, question)
        read = [review.draft for review in one.reviews] or [one.draft]
        return [final if side is one.final else self.side(side, question) for side in read], final
