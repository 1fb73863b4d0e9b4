"""How much each row of a session counts, and what reviews did: what the trainer does with verl's advantages, without verl."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from search_r2.advantages import review_advantage
from search_r2.verl.options import Options
from search_r2.verl.record import KEY


def is_padding(key: str) -> bool:
    """verl fills a batch up to whole mini-batches with rows that train nothing; real keys begin with a UUID."""
    return key.startswith("pad")


def weigh(
    keys: Sequence[str], tokens: Sequence[float], extras: Sequence[Mapping[str, Any]], options: Options
) -> list[tuple[str, float, float | None]]:
    """Of each row: its kind, what its advantage is multiplied by, and the advantage itself where it is not the group's.

    keys: `{prompt}_{session}_{output}`. tokens: how many of each row are trained on.
    """
    sessions: dict[str, list[int]] = defaultdict(list)
    for row, key in enumerate(keys):
        sessions[key.rsplit("_", 1)[0]].append(row)
    told: list[tuple[str, float, float | None]] = [("padding", 1.0, None)] * len(keys)
    for rows in sessions.values():
        rows.sort(key=lambda row: int(keys[row].rsplit("_", 1)[1]))
        if is_padding(keys[rows[0]]):
            continue
        kinds = {row: str(extras[row][KEY]["kind"]) for row in rows}
        record = extras[rows[-1]][KEY]
        written = sum(tokens[row] for row in rows if kinds[row] != "review")
        for row in rows:
            if kinds[row] != "review":
                told[row] = (kinds[row], tokens[row] / written if written else 1.0, None)
                continue
            own = None
            if options.objective.refiner_advantage == "draftBaseline":
                score, number = extras[rows[-1]]["reward_extra_info"], extras[row][KEY]["number"]
                draft, final = score["draft_scores"][number], score["score"]
                own = review_advantage(record["reviews"][number]["cut"], 0.0, draft, final, "draftBaseline")
            told[row] = ("review", options.objective.review_weight, own)
    return told


def session_metrics(keys: Sequence[str], extras: Sequence[Mapping[str, Any]]) -> dict[str, float]:
    """Means over sessions. verl's own are over rows, in which a session with a review counts twice."""
    told = [extra for key, extra in zip(keys, extras, strict=True) if not is_padding(key) and extra[KEY]["kind"] == "final"]
    scores = [one["reward_extra_info"] for one in told]
    reviews = [review for one in told for review in one[KEY]["reviews"]]
    drafts = [score["draft_scores"][0] for score in scores if "draft_scores" in score]
    columns = {
        "reward": [score["score"] for score in scores],
        "em": [score["em"] for score in scores],
        "useful": [score["useful"] for score in scores],
        "draft_reward": drafts,
        "revised": [float(review["cut"] > 0) for review in reviews],
        "illegal_reviews": [float(review["said"] is None) for review in reviews],
    }
    return {f"search_r2/{name}": sum(column) / len(column) for name, column in columns.items() if column}
