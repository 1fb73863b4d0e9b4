"""Writes fixtures with the classes of verifiers, OpenPipe ART, Harbor and trackio that write such files.

    python3.12 -m venv venv
    venv/bin/pip install verifiers==0.4.0 pyarrow==26.0.1 polars==2.1.0 litellm==1.110.2 orjson gradio_client huggingface_hub
    venv/bin/pip install --no-deps openpipe-art==0.5.23 harbor==0.26.0 trackio==0.43.0
    venv/bin/python scripts/proofs/write_traces.py src/rollouts/fixtures

No language model runs: what is said is below. The trace of verifiers is a tree: after the search it went on twice.
"""

import json
import pathlib
import sys

QUESTION = "Where was the author of X born?"
FOUND = "She was born in Rome."
ARGUMENTS = json.dumps({"query": "author of X"})
CALL = {"id": "c1", "type": "function", "function": {"name": "search", "arguments": ARGUMENTS}}


def verifiers_episodes(path):
    from verifiers.v1.episode import EnvInfo, Episode, GroupInfo, TrainRunInfo, TrainWorkInfo
    from verifiers.v1.configs.agent import WireAgentConfig
    from verifiers.v1.graph import MessageNode
    from verifiers.v1.state import State
    from verifiers.v1.task import WireTaskData
    from verifiers.v1.trace import AgentInfo, Reward, Trace, TraceTask
    from verifiers.v1.types import AssistantMessage, ToolCall, ToolMessage, UserMessage

    def node(parent, message, advantage=None):
        sampled = advantage is not None
        return MessageNode(
            parent=parent,
            message=message,
            sampled=sampled,
            timestamp=1.0,
            token_ids=[1, 2],
            mask=[sampled, sampled],
            logprobs=[-0.1, -0.2] if sampled else [],
            advantages=[advantage] * 2 if sampled else None,
        )

    def episode(answers, score, advantage):
        task = TraceTask(type="Wiki", data=WireTaskData(prompt=QUESTION, answer="Rome"), key="k1")
        search = ToolCall(id="c1", name="search", arguments=ARGUMENTS)
        nodes = [
            node(None, UserMessage(content=QUESTION)),
            node(0, AssistantMessage(content="", reasoning_content="Who?", tool_calls=[search]), advantage),
            node(1, ToolMessage(tool_call_id="c1", content=FOUND)),
            *(node(2, AssistantMessage(content=answer), advantage) for answer in answers),
        ]
        trace = Trace[WireTaskData, State, WireAgentConfig](
            id="t1",
            task=task,
            agent=AgentInfo(config=WireAgentConfig()),
            nodes=nodes,
            rewards={"em": Reward(score=score, weight=2.0), "format": Reward(score=0.5), "judge": None},
            is_completed=True,
            ok=True,
        )
        run = TrainRunInfo(id="run", work=TrainWorkInfo(step=12))
        group = GroupInfo(id="g1")
        return Episode(id="e1", env=EnvInfo(id="wiki"), task=task, group=group, run=run, ok=True, traces=[trace])

    with path.open("w") as out:
        for made in [episode(["Paris", "Rome"], 1.0, 0.7), episode(["Oslo"], 0.0, -0.7)]:
            out.write(json.dumps(made.to_record()) + "\n")


def verifiers_tokens(path):
    """Every list of numbers that a node can have; the answer's first token is the template's, which nobody sampled."""
    from verifiers.v1.configs.agent import WireAgentConfig
    from verifiers.v1.episode import EnvInfo, Episode
    from verifiers.v1.graph import MessageNode
    from verifiers.v1.state import State
    from verifiers.v1.task import WireTaskData
    from verifiers.v1.trace import AgentInfo, Reward, Trace, TraceTask
    from verifiers.v1.types import AssistantMessage, ToolCall, ToolMessage, UserMessage

    def told(parent, message, ids):
        return MessageNode(parent=parent, message=message, timestamp=1.0, token_ids=ids, mask=[False] * len(ids))

    def sampled(parent, message, ids, logprobs, **numbers):
        mask = [False] * (len(ids) - len(logprobs)) + [True] * len(logprobs)
        return MessageNode(
            parent=parent, message=message, sampled=True, timestamp=1.0, token_ids=ids, mask=mask, logprobs=logprobs, **numbers
        )

    task = TraceTask(type="Wiki", data=WireTaskData(prompt=QUESTION, answer="Rome"), key="k1")
    search = ToolCall(id="c1", name="search", arguments=ARGUMENTS)
    more = {"trainer_logprobs": [-0.5, -0.1], "reference_logprobs": [-1.5, -0.2], "entropies": [0.9, 0.3]}
    nodes = [
        told(None, UserMessage(content=QUESTION), [11, 12, 13]),
        sampled(0, AssistantMessage(content="", tool_calls=[search]), [20, 21, 22], [-0.7, -0.1], advantages=[0.4, 0.4], **more),
        told(1, ToolMessage(tool_call_id="c1", content=FOUND), [31, 32]),
        sampled(2, AssistantMessage(content="Paris"), [20, 41], [-2.5], advantages=[-0.4]),
        sampled(2, AssistantMessage(content="Rome"), [20, 42], [-0.25], advantages=[0.8], entropies=[0.5]),
    ]
    trace = Trace[WireTaskData, State, WireAgentConfig](
        id="t1", task=task, agent=AgentInfo(config=WireAgentConfig()), nodes=nodes, rewards={"em": Reward(score=1.0)}, is_completed=True, ok=True
    )
    made = Episode(id="e1", env=EnvInfo(id="wiki"), task=task, ok=True, traces=[trace])
    path.write_text(json.dumps(made.to_record()) + "\n")


def art_groups(path):
    from art.trajectories import Trajectory, TrajectoryGroup
    from art.utils.trajectory_logging import write_trajectory_groups_parquet

    def trajectory(answer, reward):
        messages = [
            {"role": "user", "content": QUESTION},
            {"role": "assistant", "content": "", "tool_calls": [CALL]},
            {"role": "tool", "tool_call_id": "c1", "content": FOUND},
            {"role": "assistant", "content": answer},
        ]
        return Trajectory(messages_and_choices=messages, reward=reward, metadata={"answer": "Rome"}, metrics={"em": reward})

    write_trajectory_groups_parquet([TrajectoryGroup([trajectory("Rome", 1.0), trajectory("Paris", 0.0)])], path)


def atif(path, numbers=False):
    """With `numbers`, the metrics of each call of the model have its tokens and their log-probabilities."""
    from harbor.models.trajectories import Agent, Metrics, Observation, ObservationResult, Step, ToolCall, Trajectory

    def metrics(ids, logprobs):
        return Metrics(completion_token_ids=ids, logprobs=logprobs) if numbers else None

    call = ToolCall(tool_call_id="c1", function_name="search", arguments={"query": "author of X"})
    found = Observation(results=[ObservationResult(source_call_id="c1", content=FOUND)])
    steps = [
        Step(step_id=1, source="system", message="Search, then answer."),
        Step(step_id=2, source="user", message=QUESTION),
        Step(step_id=3, source="agent", message="", reasoning_content="Who?", tool_calls=[call], observation=found, metrics=metrics([5, 6, 7], [-0.5, -0.25, -0.125])),
        Step(step_id=4, source="agent", message="Rome", metrics=metrics([8], [-1.0])),
    ]
    made = Trajectory(session_id="s", agent=Agent(name="a", version="1"), steps=steps)
    path.write_text(json.dumps(made.to_json_dict(), indent=2) + "\n")


def trackio_traces(path):
    from trackio.trace import Trace

    def trace(answer, reward):
        messages = [
            {"role": "user", "content": QUESTION},
            {"role": "assistant", "content": None, "tool_calls": [CALL]},
            {"role": "tool", "tool_call_id": "c1", "content": FOUND},
            {"role": "assistant", "content": answer},
        ]
        return Trace(messages, metadata={"step": 8, "reward": reward, "ground_truth": "Rome"})

    lines = [json.dumps(trace(*said)._to_dict("project", "run", 8)) for said in [("Rome", 1.0), ("Paris", 0.0)]]
    path.write_text("\n".join(lines) + "\n")


folder = pathlib.Path(sys.argv[1])
verifiers_episodes(folder / "verifiers.jsonl")
verifiers_tokens(folder / "verifiers_tokens.jsonl")
art_groups(folder / "art.parquet")
atif(folder / "atif.json")
atif(folder / "atif_tokens.json", numbers=True)
trackio_traces(folder / "trackio.jsonl")
