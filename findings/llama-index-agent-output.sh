#!/bin/sh
# llama-index-core 0.14.25: an agent's output as JSON has its calls, and has lost what they brought.
#
# Guess: AgentOutput.tool_calls are results of tools, each with its tool_output, and model_dump_json() writes them as they are.
# Seen: the field is declared as a list of ToolSelection or ToolCall. pydantic writes what the declared class has, so the results,
#   which are of a class below it, lose tool_output and return_direct, without a warning. Read back they are plain ToolSelections.
#   With serialize_as_any=True they are whole.
# For whom it matters: who saves runs of a search agent by their output has the queries without the passages, and cannot tell
#   afterwards which search found anything. Save the memory of the run (SimpleChatStore.persist), or pass serialize_as_any.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet llama-index-core==0.14.25 pydantic==2.12.5
cat >see.py <<'PY'
import asyncio
import json

from llama_index.core.agent.workflow import AgentOutput, FunctionAgent
from llama_index.core.base.llms.types import ChatMessage, ChatResponse, LLMMetadata
from llama_index.core.llms.function_calling import FunctionCallingLLM
from llama_index.core.llms.mock import MockLLM
from llama_index.core.llms.llm import ToolSelection


class Model(MockLLM, FunctionCallingLLM):
    """One search, then the answer."""

    @property
    def metadata(self):
        return LLMMetadata(is_function_calling_model=True)

    def _prepare_chat_with_tools(self, tools, user_msg=None, chat_history=None, **_):
        return {"messages": chat_history or []}

    async def achat(self, messages, **_):
        found = any(message.role == "tool" for message in messages)
        return ChatResponse(message=ChatMessage(role="assistant", content="Rome" if found else "I look it up."))

    async def achat_with_tools(self, tools, user_msg=None, chat_history=None, **_):
        return await self.achat(chat_history)

    def get_tool_calls_from_response(self, response, **_):
        if response.message.content == "Rome":
            return []
        return [ToolSelection(tool_id="a", tool_name="search", tool_kwargs={"query": "Varga"})]


def search(query: str) -> str:
    """Finds passages."""
    return f"{query} was born in Rome."


async def run():
    return await FunctionAgent(tools=[search], llm=Model(), streaming=False).run("Where was Varga born?")


output = asyncio.run(run())
[call] = output.tool_calls
print("in memory:", type(call).__name__, call.tool_output.content)
print("as JSON:", json.dumps(json.loads(output.model_dump_json())["tool_calls"]))
print("read back:", type(AgentOutput.model_validate_json(output.model_dump_json()).tool_calls[0]).__name__)
kept = json.loads(output.model_dump_json(serialize_as_any=True))["tool_calls"][0]
print("as any:", kept["tool_output"]["blocks"][0]["text"])
PY
seen=$(venv/bin/python -W ignore see.py)
echo "llama-index-core 0.14.25:"
echo "$seen"
wanted='in memory: ToolCallResult Varga was born in Rome.
as JSON: [{"tool_name": "search", "tool_kwargs": {"query": "Varga"}, "tool_id": "a"}]
read back: ToolSelection
as any: Varga was born in Rome.'
[ "$seen" = "$wanted" ] || { echo "It was" "$wanted": behaviour has changed. >&2; exit 1; }
