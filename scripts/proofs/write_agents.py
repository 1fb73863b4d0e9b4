"""Writes what agents keep in memory, as their libraries give it. No language model runs: the server of write_evaluations.py answers.

    python3.11 -m venv venv
    venv/bin/pip install openai==3.57.0 openai-agents==0.24.0 smolagents==1.26.0 langgraph==1.2.24 langchain-openai pydantic-ai-slim==2.68.0
    venv/bin/python scripts/proofs/write_agents.py src/rollouts/fixtures
"""

import json
import os
import pathlib
import sys

from write_evaluations import FOUND, QUESTION, serve

os.environ.update(OPENAI_API_KEY="none", OPENAI_BASE_URL=serve(), OPENAI_AGENTS_DISABLE_TRACING="1")


def search(query: str) -> str:
    """Finds passages.

    Args:
        query: what is looked for
    """
    return FOUND[query]


def smolagents():
    from smolagents import OpenAIServerModel, ToolCallingAgent, tool

    model = OpenAIServerModel("none", api_base=os.environ["OPENAI_BASE_URL"], api_key="none")
    agent = ToolCallingAgent(tools=[tool(search)], model=model, verbosity_level=0)
    agent.run(QUESTION)
    return {
        "smolagents.json": agent.memory.get_succinct_steps(),
        "smolagents_messages.json": [message.dict() for message in agent.write_memory_to_messages(summary_mode=True)],
    }


def openai_agents():
    from agents import Agent, OpenAIChatCompletionsModel, Runner, function_tool
    from openai import AsyncOpenAI

    model = OpenAIChatCompletionsModel("none", AsyncOpenAI())
    done = Runner.run_sync(Agent(name="hops", tools=[function_tool(search)], model=model), QUESTION)
    return {"openai_agents.json": done.to_input_list(), "openai_agents_state.json": done.to_state().to_json()}


def langgraph():
    from langchain_core.messages import messages_to_dict
    from langchain_core.tools import tool
    from langchain_openai import ChatOpenAI
    from langgraph.prebuilt import create_react_agent

    state = create_react_agent(ChatOpenAI(model="none"), [tool(search)]).invoke({"messages": [("user", QUESTION)]})
    return {"langgraph.json": messages_to_dict(state["messages"])}


def pydantic_ai():
    from pydantic_ai import Agent
    from pydantic_ai.models.openai import OpenAIChatModel

    done = Agent(OpenAIChatModel("none"), tools=[search]).run_sync(QUESTION)
    return {"pydantic_ai.json": json.loads(done.all_messages_json())}


if __name__ == "__main__":
    for library in (smolagents, openai_agents, langgraph, pydantic_ai):
        for name, kept in library().items():
            (pathlib.Path(sys.argv[1]) / name).write_text(json.dumps(kept, default=str) + "\n")
