"""Writes src/rollouts/fixtures/inspect.eval and inspect.json by an evaluation of Inspect AI itself.

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
from inspect_ai.model import ModelOutput, get_model  # noqa: E402
from inspect_ai.scorer import match  # noqa: E402
from inspect_ai.solver import generate, use_tools  # noqa: E402
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


for form in ["eval", "json"]:
    logs = pathlib.Path(tempfile.mkdtemp())
    sample = Sample(id="books/1", input="Where was the author of X born?", target="Rome")
    task = Task(dataset=[sample], solver=[use_tools(search()), generate()], scorer=match(), name="wiki")
    model = get_model("mockllm/model", custom_outputs=says("Rome") + says("Paris"))
    evaluate(task, model=model, epochs=2, max_samples=1, log_format=form, log_dir=str(logs), display="none")
    shutil.move(next(logs.glob(f"*.{form}")), pathlib.Path(sys.argv[1]) / f"inspect.{form}")
