"""Writes src/rollouts/fixtures/inspect.eval, inspect.json and inspect_branches.json by an evaluation of Inspect AI itself.

    python3 -m venv venv && venv/bin/pip install inspect_ai==0.3.285
    venv/bin/python scripts/proofs/write_inspect.py src/rollouts/fixtures

Its own mock model says what is below; tool, scorer, log and archive are the package's. Its counter of tokens would fetch a
dictionary, so that characters are counted instead. A sample's id has a slash, which makes a deeper member of the archive.
"""

import pathlib
import shutil
import sys
import tempfile
import types

import tiktoken

tiktoken.get_encoding = lambda name: types.SimpleNamespace(encode=lambda text, **_: list(text))

from inspect_ai import Task, eval as evaluate  # noqa: E402
from inspect_ai.dataset import Sample  # noqa: E402
from inspect_ai.event import timeline_branch  # noqa: E402
from inspect_ai.model import ModelOutput, get_model  # noqa: E402
from inspect_ai.scorer import match  # noqa: E402
from inspect_ai.solver import generate, solver, use_tools  # noqa: E402
from inspect_ai.tool import tool  # noqa: E402


@tool
def search():
    async def execute(query: str) -> str:
        """Search an encyclopedia.

        Args:
            query: what to look for
        """
        return "She was born in Rome."

    return execute


def says(answer):
    call = ModelOutput.for_tool_call("mockllm/model", "search", {"query": "author of X"})
    return [call, ModelOutput.from_content("mockllm/model", answer)]


@solver
def again():
    """Answers once more after the search, as a branch; the sample keeps its first answer."""

    async def solve(state, generate):
        messages, output = state.messages, state.output
        async with timeline_branch(name="again", from_anchor=messages[-2].id):
            state.messages = list(messages[:-1])
            state = await generate(state)
        state.messages, state.output = messages, output
        return state

    return solve


def written(task, answers, form, **options):
    logs = pathlib.Path(tempfile.mkdtemp())
    model = get_model("mockllm/model", custom_outputs=answers)
    evaluate(task, model=model, max_samples=1, log_format=form, log_dir=str(logs), display="none", **options)
    return next(logs.glob(f"*.{form}"))


folder = pathlib.Path(sys.argv[1])
for form in ["eval", "json"]:
    sample = Sample(id="books/1", input="Where was the author of X born?", target="Rome")
    task = Task(dataset=[sample], solver=[use_tools(search()), generate()], scorer=match(), name="wiki")
    shutil.move(written(task, says("Rome") + says("Paris"), form, epochs=2), folder / f"inspect.{form}")

sample = Sample(id="books/1", input="Where was the author of X born?", target="Rome")
task = Task(dataset=[sample], solver=[use_tools(search()), generate(), again()], scorer=match(), name="wiki")
answers = says("Rome") + [ModelOutput.from_content("mockllm/model", "Paris")]
shutil.move(written(task, answers, "json"), folder / "inspect_branches.json")
