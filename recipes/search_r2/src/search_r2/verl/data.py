"""Questions as the Parquet files that verl's own dataset class (`RLHFDataset`) reads.

    python -m search_r2.verl.data train.jsonl train.parquet

A line has `question` and `golden_answers`, as Search-R1's data sets do; `hops`, the ids of the passages that state each hop's fact,
where exact labels are known; `words`, what a checkpoint of Cutpoint reads first; `id` and `data_source`, where there are any.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from search_r2.prompts import actor_prompt


class DataError(ValueError):
    """A line that is no question, with its number."""


def verl_row(line: Mapping[str, Any], index: int, split: str, words: bool) -> dict[str, Any]:
    """words: the prompt is a checkpoint's own notation, else Search-R1's instruction. ValueError names the key that is wrong."""
    question, golds = line.get("question"), line.get("golden_answers")
    if not isinstance(question, str) or not question.strip():
        raise ValueError('"question" is a text that is not empty')
    golds = [golds] if isinstance(golds, str) else golds
    if not isinstance(golds, list) or not golds or not all(isinstance(one, str) for one in golds):
        raise ValueError('"golden_answers" is a list of texts, at least one')
    if words and not isinstance(line.get("words"), str):
        raise ValueError('"words" is missing: it is what a checkpoint of Cutpoint reads')
    hops = line.get("hops")
    return {
        "data_source": str(line.get("data_source", "search_r2")),
        "prompt": [{"role": "user", "content": line["words"] if words else actor_prompt(question)}],
        "ability": "fact-reasoning",
        "reward_model": {
            "style": "rule",
            "ground_truth": {"target": golds, "supports": [[str(one) for one in hop] for hop in hops or []]},
        },
        "extra_info": {"split": split, "index": index, "id": str(line.get("id", index)), "question": question},
    }


def verl_rows(lines: Iterable[str], split: str, words: bool) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            parsed = json.loads(line)
            if not isinstance(parsed, dict):
                raise ValueError("it is no JSON object")
            rows.append(verl_row(parsed, len(rows), split, words))
        except ValueError as error:
            raise DataError(f"line {number}: {error}") from error
    if not rows:
        raise DataError("there is no question in it")
    return rows


def write_parquet(rows: list[dict[str, Any]], path: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    text = pa.string()
    # Said, so that a file without labels has the same columns as one with.
    truth = pa.struct([("target", pa.list_(text)), ("supports", pa.list_(pa.list_(text)))])
    schema = pa.schema(
        [
            ("data_source", text),
            ("prompt", pa.list_(pa.struct([("role", text), ("content", text)]))),
            ("ability", text),
            ("reward_model", pa.struct([("style", text), ("ground_truth", truth)])),
            ("extra_info", pa.struct([("split", text), ("index", pa.int64()), ("id", text), ("question", text)])),
        ]
    )
    pq.write_table(pa.Table.from_pylist(rows, schema=schema), path)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m search_r2.verl.data", description="Questions as Parquet for verl.")
    parser.add_argument("questions", type=Path, help="JSON lines")
    parser.add_argument("parquet", type=Path)
    parser.add_argument("--split", default="train")
    parser.add_argument("--notation", choices=["text", "words"], default="text", help="words: for a checkpoint of Cutpoint")
    given = parser.parse_args()
    try:
        with given.questions.open(encoding="utf-8") as lines:
            rows = verl_rows(lines, given.split, given.notation == "words")
    except (DataError, OSError) as error:
        parser.exit(2, f"{given.questions}: {error}\n")
    write_parquet(rows, given.parquet)
    print(f"{given.parquet}: {len(rows)} questions")


if __name__ == "__main__":
    main()
