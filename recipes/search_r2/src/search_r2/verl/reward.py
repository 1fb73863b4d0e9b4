"""`reward.custom_reward_function` of verl: R = EM (1 + r_process) of the final trajectory, and of the drafts beside it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from search_r2.reward import (
    Judge,
    SearchWorth,
    exact_match,
    process_reward,
    trajectory_reward,
    worth_by_answer,
    worth_by_labels,
)
from search_r2.settings import RewardSettings, settings_from
from search_r2.steps import parse_steps
from search_r2.verl.record import KEY, searches_of


def compute_score(
    data_source: str,
    solution_str: str,
    ground_truth: Mapping[str, Any],
    extra_info: Mapping[str, Any],
    *,
    settings: Mapping[str, Any] | None = None,
    topk: int = 3,
    judge: Mapping[str, str] | None = None,
    **_: Any,
) -> dict[str, Any]:
    """Called by verl's `naive` reward manager for the last output of a session.

    ground_truth: `target`, the right answers, and `supports`, for each hop the ids of passages that state its fact.
    extra_info: the columns of the row, and what the agent loop left (record.py). Without that, as for another agent loop,
        `solution_str` is parsed and passages are known by their text alone.
    settings, judge: `reward.custom_reward_function.reward_kwargs` of the config.

    `draft_scores` has the reward of each text that a review read; it is missing where none did, as in validation.
    """
    del data_source
    chosen = settings_from(RewardSettings, dict(settings or {}))
    golds = [str(one) for one in ground_truth["target"]]
    record = extra_info.get(KEY)
    if record is None:
        record = {"question": extra_info.get("question", ""), "final": _parsed(solution_str), "drafts": []}
    asked = Judge(judge["url"], judge["model"]) if judge and chosen.evidence == "judge" else None

    def scored(side: Mapping[str, Any]) -> tuple[float, int, float]:
        em = exact_match(side["answer"], golds)
        process = _process(side, golds, ground_truth, chosen, topk, asked, str(record["question"]))
        return trajectory_reward(em, process, chosen), em, process

    score, em, process = scored(record["final"])
    drafts = [scored(side)[0] for side in record["drafts"]]
    told = {"score": score, "em": float(em), "process": process}
    return {**told, "draft_scores": drafts} if drafts else told


def _process(
    side: Mapping[str, Any],
    golds: list[str],
    truth: Mapping[str, Any],
    settings: RewardSettings,
    topk: int,
    judge: Judge | None,
    question: str,
) -> float:
    searches = searches_of(side)
    if settings.process == "off":
        return 0.0
    if settings.evidence == "judge":
        if judge is None:
            raise ValueError("evidence is judge: give reward_kwargs.judge.url and .model, of a server with OpenAI's interface")
        # A judge is asked where its word counts: a wrong answer's reward is 0 whatever it says.
        wanted = settings.combine == "sum" or exact_match(side["answer"], golds) == 1
        return judge.process_reward(question, golds, searches) if wanted else 0.0
    worth: list[SearchWorth]
    if settings.evidence == "labels":
        if not truth.get("supports"):
            raise ValueError("evidence is labels: reward_model.ground_truth has no supports; use answer or judge")
        worth = worth_by_labels(searches, [list(ids) for ids in truth["supports"]], topk)
    else:
        worth = worth_by_answer(searches, golds, topk)
    return process_reward(worth, settings.process)


def _parsed(text: str) -> dict[str, Any]:
    steps = parse_steps(text)
    last = steps[-1] if steps else None
    searches = [
        {
            "query": step.query,
            "information": step.information,
            "passages": [{"id": step.information.strip(), "contents": step.information}],
        }
        for step in steps
        if step.kind == "search" and step.information
    ]
    return {"answer": last.answer if last and last.kind == "answer" else None, "searches": searches}
