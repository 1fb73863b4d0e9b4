"""Writes fixtures with miles' own code, which no registry has: a checkout of its repository is given.

    python3 -m venv venv && venv/bin/pip install torch==2.15.0 polars==2.1.0
    git clone https://github.com/radixark/miles && git -C miles checkout 31f1ca961a94cb860cec3b2dea34ec332bfa8f76
    PYTHONPATH=miles venv/bin/python scripts/proofs/write_miles.py src/rollouts/fixtures

`save_debug_trajectory_data` writes trajectory/N.jsonl, `save_dashboard_columns` the numbers of tokens beside it, in Parquet.
No language model runs: two rollouts of one group, the second of which was not recorded as a chat, as miles allows.
"""

import importlib.util
import json
import pathlib
import sys
import types

QUESTION = "Where was the author of X born?"
CALL = {"id": "c1", "type": "function", "function": {"name": "search", "arguments": json.dumps({"query": "author of X"})}}


def module(name):
    """One file of the package, without what its neighbours import."""
    [root] = [pathlib.Path(path) for path in sys.path if (pathlib.Path(path) / "miles/utils/types.py").exists()]
    spec = importlib.util.spec_from_file_location(name, root / (name.replace(".", "/") + ".py"))
    made = importlib.util.module_from_spec(spec)
    sys.modules[name] = made
    spec.loader.exec_module(made)
    return made


sys.modules["miles"] = types.ModuleType("miles")
sys.modules["miles.utils"] = types.ModuleType("miles.utils")
Sample = module("miles.utils.types").Sample
debug = module("miles.ray.rollout.debug_data")


def sample(index, answer, reward, recorded):
    messages = [
        {"role": "user", "content": QUESTION},
        {"role": "assistant", "content": "", "tool_calls": [CALL]},
        {"role": "tool", "tool_call_id": "c1", "content": "She was born in Rome."},
        {"role": "assistant", "content": answer},
    ]
    return Sample(
        group_index=3,
        index=index,
        prompt=QUESTION,
        label="Rome",
        tokens=[11, 12, 13, 20, 21, 31, 32, 41],
        response=answer,
        response_length=5,
        loss_mask=[1, 1, 0, 0, 1],
        rollout_log_probs=[-0.75, -0.125, 0.0, 0.0, -0.25 * (index + 1)],
        reward=reward,
        status=Sample.Status.COMPLETED,
        metadata={"messages": messages} if recorded else {},
    )


folder = pathlib.Path(sys.argv[1]) / "miles"
samples = [sample(0, "Rome", 1.0, True), sample(1, "Paris", 0.0, True), sample(2, "Oslo", 0.0, False)]
arguments = types.SimpleNamespace(save_debug_trajectory_data=f"{folder}/trajectory/{{rollout_id}}.jsonl")
debug.save_debug_trajectory_data(arguments, samples, 12, False)
debug.save_dashboard_columns(samples, folder / "dashboard_columns/rollout_12.parquet")
