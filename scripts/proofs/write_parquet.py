"""Writes pandas_*.parquet and polars.parquet of src/rollouts/fixtures: rows as pandas and polars write them.

    python3 -m venv venv && venv/bin/pip install pandas==3.1.1 pyarrow==26.0.1 polars==2.1.0
    venv/bin/python scripts/proofs/write_parquet.py src/rollouts/fixtures

A second tool, a score that is NaN, an integer beyond 2^53, a list of token ids, a duration and columns of two levels are what
such files have besides.
"""

import datetime
import pathlib
import sys

import pandas as pd
import polars as pl

folder = pathlib.Path(sys.argv[1])
more = [
    {
        "step": 12,
        "question": "Where was the author of X born?",
        "completion": [
            {"role": "assistant", "content": "", "tool_calls": [{"function": {"name": name, "arguments": given}}]},
            {"role": "tool", "content": found},
            {"role": "assistant", "content": answer},
        ],
        "answer": "Rome",
        "format_reward": reward,
        "big": 2**60 + k,
        "token_ids": list(range(50)),
        "took": datetime.timedelta(seconds=3),
    }
    for k, (name, given, found, answer, reward) in enumerate(
        [
            ("search", {"query": "author of X"}, "She was born in Rome.", "Rome", 0.5),
            ("open", {"url": "example.org"}, "none", "Paris", float("nan")),
        ]
    )
]
for codec in ["snappy", "gzip", "brotli", "zstd", "lz4", None]:
    pd.DataFrame(more).to_parquet(folder / f"pandas_{codec or 'plain'}.parquet", compression=codec, index=False)
pl.DataFrame(more).write_parquet(folder / "polars.parquet")

levels = pd.DataFrame(
    {("step", ""): [3], ("prompt", ""): ["Question: Who?"], ("completion", ""): ["<answer>He</answer>"], ("reward", "em"): [1.0]}
)
levels.index = pd.Index([7])
levels.columns = pd.MultiIndex.from_tuples(levels.columns)
levels.to_parquet(folder / "pandas_levels.parquet")
