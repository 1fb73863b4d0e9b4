"""Writes what libraries of agents and of retrieval save. No language model runs: the server of write_evaluations.py answers.

    python3.11 -m venv venv
    venv/bin/pip install PACKAGES        # of the library, below
    venv/bin/python scripts/proofs/write_libraries.py LIBRARY src/rollouts/fixtures

Each library was installed alone. Its packages stand above its function.
"""

import asyncio
import json
import pathlib
import sys

from write_evaluations import FOUND, QUESTION, serve


def search(query: str) -> str:
    """Finds passages.

    Args:
        query: what is looked for
    """
    return FOUND[query]


# autogen-agentchat==0.7.5 autogen-ext[openai]==0.7.5
def autogen():
    from autogen_agentchat.agents import AssistantAgent
    from autogen_agentchat.teams import RoundRobinGroupChat
    from autogen_ext.models.openai import OpenAIChatCompletionClient

    about = {"vision": False, "function_calling": True, "json_output": False, "family": "unknown", "structured_output": False}

    def assistant():
        client = OpenAIChatCompletionClient(model="none", api_key="none", base_url=serve(), model_info=about)
        return AssistantAgent("hops", client, tools=[search], max_tool_iterations=4, reflect_on_tool_use=True)

    async def run():
        alone, team = assistant(), RoundRobinGroupChat([assistant()], max_turns=1)
        done = await alone.run(task=QUESTION)
        await team.run(task=QUESTION)
        return {
            "autogen.json": json.loads(done.model_dump_json()),
            "autogen_state.json": await alone.save_state(),
            "autogen_team.json": await team.save_state(),
        }

    return asyncio.run(run())


# haystack-ai==3.4.1
def haystack():
    from haystack import Pipeline
    from haystack.components.agents import Agent
    from haystack.components.builders import AnswerBuilder, ChatPromptBuilder
    from haystack.components.generators.chat import OpenAIChatGenerator
    from haystack.components.retrievers.in_memory import InMemoryBM25Retriever
    from haystack.dataclasses import ChatMessage, Document
    from haystack.document_stores.in_memory import InMemoryDocumentStore
    from haystack.tools import create_tool_from_function
    from haystack.utils import Secret

    def model():
        return OpenAIChatGenerator(model="none", api_key=Secret.from_token("none"), api_base_url=serve())

    agent = Agent(chat_generator=model(), tools=[create_tool_from_function(search)])
    store = InMemoryDocumentStore()
    store.write_documents([Document(content=text, meta={"title": title}) for title, text in FOUND.items()])
    pipeline = Pipeline()
    pipeline.add_component("retriever", InMemoryBM25Retriever(store, top_k=2))
    told = "{% for one in documents %}{{ one.content }}\n{% endfor %}Question: {{ question }}"
    pipeline.add_component("prompt", ChatPromptBuilder([ChatMessage.from_user(told)], required_variables="*"))
    pipeline.add_component("model", model())
    pipeline.add_component("answers", AnswerBuilder())
    for one, other in [
        ("retriever", "prompt.documents"),
        ("prompt", "model"),
        ("model.replies", "answers.replies"),
        ("retriever", "answers.documents"),
    ]:
        pipeline.connect(one, other)
    asked = {"retriever": {"query": QUESTION}, "prompt": {"question": QUESTION}, "answers": {"query": QUESTION}}
    return {
        "haystack.json": agent.run(messages=[ChatMessage.from_user(QUESTION)]),
        "haystack_pipeline.json": pipeline.run(asked),
    }


# llama-index-core==0.14.25 llama-index-llms-openai-like==0.8.1 pydantic==2.12.5
def llama_index(folder):
    from llama_index.core.agent.workflow import FunctionAgent
    from llama_index.core.memory import ChatMemoryBuffer
    from llama_index.core.storage.chat_store import SimpleChatStore
    from llama_index.core.workflow import Context
    from llama_index.llms.openai_like import OpenAILike

    model = OpenAILike("none", api_base=serve(), api_key="none", is_chat_model=True, is_function_calling_model=True)
    store = SimpleChatStore()
    memory = ChatMemoryBuffer.from_defaults(chat_store=store, chat_store_key="a", token_limit=9000, tokenizer_fn=str.split)

    agent = FunctionAgent(tools=[search], llm=model, streaming=False)
    context = Context(agent)

    async def run():
        await agent.run(QUESTION, ctx=context, memory=memory)

    asyncio.run(run())
    store.persist(str(folder / "llama_index_store.json"))
    return {
        "llama_index.json": [message.model_dump(mode="json") for message in memory.get_all()],
        "llama_index_memory.json": memory.to_dict(),
        "llama_index_context.json": context.to_dict(),
    }


# strands-agents[openai]==1.62.0
def strands():
    from strands import Agent, tool
    from strands.models.openai import OpenAIModel

    model = OpenAIModel(client_args={"api_key": "none", "base_url": serve()}, model_id="none")
    agent = Agent(model=model, tools=[tool(search)], callback_handler=None)
    agent(QUESTION)
    return {"strands.json": agent.messages}


def plain(value):
    return value.to_dict() if hasattr(value, "to_dict") else str(value)


if __name__ == "__main__":
    library, folder = sys.argv[1], pathlib.Path(sys.argv[2])
    write = globals()[library]
    for name, kept in (write(folder) if library == "llama_index" else write()).items():
        (folder / name).write_text(json.dumps(kept, default=plain) + "\n")
