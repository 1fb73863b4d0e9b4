#!/bin/sh
# Inspect AI 0.3.285: a branch made in a solver, or in another branch, is none in the timeline that it builds.
#
# Guess: `timeline_branch` is the public way to branch and `timeline_build` the public way to read a transcript as a tree, so
#   that whatever the first one wrote, the second one gives as `branches`.
# Seen: only branches that are children of the span of an agent (or of "solvers") become branches. In a plain solver, whose span
#   is dissolved, and in another branch, their events are merged into the content around them: the model calls of both ends of
#   one conversation stand one behind the other, without an error.
# For whom it matters: who writes logs with branches (put their spans side by side in an agent's span and tell nested ones in
#   `EvalSample.timelines`), and who counts the turns of a trunk.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet inspect_ai==0.3.285
cat >see.py <<'PY'
import json
import types

import tiktoken

# Its counter of tokens would fetch a dictionary.
tiktoken.get_encoding = lambda name: types.SimpleNamespace(encode=lambda text, **_: list(text))

from inspect_ai import Task, eval as evaluate
from inspect_ai.agent import agent
from inspect_ai.dataset import Sample
from inspect_ai.event import timeline_branch, timeline_build
from inspect_ai.model import ModelOutput, get_model
from inspect_ai.solver import solver


async def ends(state, generate, nested):
    state = await generate(state)
    anchor = state.messages[0].id
    async with timeline_branch(name="one", from_anchor=anchor):
        await generate(state)
        if nested:
            async with timeline_branch(name="two", from_anchor=anchor):
                await generate(state)
    return state


@solver
def in_solver():
    async def solve(state, generate):
        return await ends(state, generate, False)

    return solve


@agent
def worker(nested):
    async def execute(state):
        async def say(state):
            state.output = await get_model().generate(state.messages)
            state.messages.append(state.output.message)
            return state

        return await ends(state, say, nested)

    return execute


def names(span):
    return [[one.name, names(one)] for one in span.branches]


def seen(solving):
    model = get_model("mockllm/model", custom_outputs=[ModelOutput.from_content("mockllm/model", "x")] * 3)
    task = Task(dataset=[Sample(input="?")], solver=solving)
    [log] = evaluate(task, model=model, log_dir="logs", display="none")
    [sample] = log.samples
    written = sum(event.event == "branch" for event in sample.events)
    return {"written": written, "built": names(timeline_build(sample.events).root)}


print(json.dumps({"solver": seen(in_solver()), "agent": seen(worker(False)), "nested": seen(worker(True))}))
PY
seen=$(venv/bin/python see.py 2>/dev/null | tail -1)
echo "inspect_ai 0.3.285: $seen"
wanted='{"solver": {"written": 1, "built": []}, "agent": {"written": 1, "built": [["one", []]]}, "nested": {"written": 2, "built": [["one", []]]}}'
[ "$seen" = "$wanted" ] || { echo "It was $wanted: behaviour has changed." >&2; exit 1; }
