"""`reward.custom_reward_function` of verl: R = EM (1 + r_process) of the final trajectory, and of the drafts beside it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from search_r2.data import Question
from search_r2.reward import Judge
from search_r2.score import Scorer
from search_r2.settings import RewardSettings, settings_from
from search_r2.steps import parse_steps
from search_r2.verl.record import KEY, side_of


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

    `useful` is the share of the searches that helped. `draft_scores` has the reward of each text that a review read; it is missing
    where none did, as in validation.
    """
    del data_source
    chosen = settings_from(RewardSettings, dict(settings or {}))
    record = extra_info.get(KEY)
    if record is None:
        record = {"question": extra_info.get("question", ""), "final": _parsed(solution_str), "drafts": []}
    golds = tuple(str(one) for one in ground_truth["target"])
    hops = tuple(tuple(str(one) for one in hop) for hop in ground_truth.get("supports") or ())
    if chosen.evidence == "labels" and chosen.process != "off" and not hops:
        raise ValueError("evidence is labels: reward_model.ground_truth has no supports; use answer or judge")
    asked = Judge(judge["url"], judge["model"]) if judge else None
    scorer = Scorer(chosen, topk, asked)
    question = Question("", str(record["question"]), "", golds, hops)
    final = scorer.side(side_of(record["final"]), question)
    # Of a judge nothing is known but what it added to the reward.
    useful = sum(final.useful) / len(final.useful) if final.useful else final.reward - final.em
    told: dict[str, Any] = {"score": final.reward, "em": float(final.em), "useful": useful}
    drafts = [scorer.side(side_of(side), question).reward for side in record["drafts"]]
    return {**told, "draft_scores": drafts} if drafts else told


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
