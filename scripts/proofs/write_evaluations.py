"""Writes fixtures with programs that evaluate or trace language models. None runs: a server on this machine says what is below.

    python3.11 -m venv venv
    venv/bin/pip install PACKAGES        # of the program, below
    venv/bin/python scripts/proofs/write_evaluations.py PROGRAM src/rollouts/fixtures

Each program was installed alone. Its packages stand above its function.
"""

import http.server
import json
import os
import pathlib
import sys
import threading

QUESTION = "Where was the author of X born?"
FOUND = {"author of X": "X is a novel by Ines Varga.", "Ines Varga born": "Ines Varga was born in Rome."}
SEARCH = {
    "type": "function",
    "function": {"name": "search", "parameters": {"type": "object", "properties": {"query": {"type": "string"}}}},
}


class Model(http.server.BaseHTTPRequestHandler):
    """Two searches, then the answer."""

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        # smolagents says "Observation:" in a turn of the user.
        found = sum(
            message["role"] == "tool" or "Observation:" in json.dumps(message.get("content"))
            for message in body["messages"]
            if message["role"] != "system"
        )
        tools = [tool["function"]["name"] for tool in body.get("tools", [])]
        message, reason = {"role": "assistant", "content": "Rome"}, "stop"
        more = found < len(FOUND) and len(tools) > 0
        if more or "final_answer" in tools:
            name, given = ("search", {"query": list(FOUND)[found]}) if more else ("final_answer", {"answer": "Rome"})
            call = {"id": f"c{found}", "type": "function", "function": {"name": name, "arguments": json.dumps(given)}}
            message, reason = {"role": "assistant", "content": None, "tool_calls": [call]}, "tool_calls"
        answer = {
            "id": f"r{found}",
            "object": "chat.completion",
            "created": 1,
            "model": "none",
            "choices": [{"index": 0, "message": message, "finish_reason": reason}],
            "usage": {"prompt_tokens": 2, "completion_tokens": 1, "total_tokens": 3},
        }
        data = self.stream(answer, message, reason) if body.get("stream") else json.dumps(answer).encode()
        self.send_response(200)
        self.send_header("content-type", "text/event-stream" if body.get("stream") else "application/json")
        self.send_header("content-length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def stream(self, answer, message, reason):
        calls = [{**call, "index": k} for k, call in enumerate(message.get("tool_calls", []))]
        delta = {**message, **({"tool_calls": calls} if calls else {})}
        chunk = {**answer, "object": "chat.completion.chunk"}
        usage = chunk.pop("usage")
        chunks = [
            {**chunk, "choices": [{"index": 0, "delta": delta, "finish_reason": None}]},
            {**chunk, "choices": [{"index": 0, "delta": {}, "finish_reason": reason}]},
            {**chunk, "choices": [], "usage": usage},
        ]
        return "".join(f"data: {said}\n\n" for said in [*map(json.dumps, chunks), "[DONE]"]).encode()

    def log_message(self, *_):
        pass


def serve():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Model)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_port}/v1"


def model_client():
    import openai

    return openai.OpenAI(base_url=serve(), api_key="none")


def agent(client, question, search):
    """A loop as people write it: each request holds all that came before."""
    messages = [{"role": "user", "content": question}]
    while True:
        said = client.chat.completions.create(model="none", messages=messages, tools=[SEARCH]).choices[0].message
        messages.append(said.model_dump(exclude_none=True))
        if not said.tool_calls:
            return said.content
        for call in said.tool_calls:
            query = json.loads(call.function.arguments)["query"]
            messages.append({"role": "tool", "tool_call_id": call.id, "content": search(query)})


# lm_eval[api]==0.4.13
def lm_eval(folder):
    import contextlib
    import tempfile

    os.environ.update(HF_HUB_OFFLINE="1", HF_DATASETS_OFFLINE="1")
    from lm_eval import simple_evaluate
    from lm_eval.api.model import LM
    from lm_eval.loggers import EvaluationTracker

    said = "".join(
        f'<search>{query}</search><information>Doc 1(Title: "{query}") {text}</information>'
        for query, text in FOUND.items()
    )

    class Told(LM):
        def generate_until(self, requests, **_):
            return [f"{said}<answer>{place}</answer>" for place in ("Rome", "Oslo")][: len(requests)]

        def loglikelihood(self, requests, **_):
            raise NotImplementedError

        loglikelihood_rolling = loglikelihood

    with tempfile.TemporaryDirectory() as at:
        data = pathlib.Path(at) / "questions.jsonl"
        data.write_text(json.dumps({"question": QUESTION, "answer": ["Rome", "Roma"]}))
        regex = {"function": "regex", "regex_pattern": "<answer>(.*?)</answer>"}
        task = {
            "task": "hops",
            "dataset_path": "json",
            "dataset_kwargs": {"data_files": {"test": str(data)}},
            "test_split": "test",
            "output_type": "generate_until",
            "doc_to_text": "Answer with tags. Question: {{question}}\nAnswer:",
            "doc_to_target": "answer",
            "repeats": 2,
            "generation_kwargs": {"until": ["</s>"]},
            "filter_list": [
                {"name": "strict", "filter": [regex, {"function": "take_first"}]},
                {"name": "whole", "filter": [{"function": "take_first"}]},
            ],
            "metric_list": [{"metric": "exact_match"}],
        }
        with contextlib.redirect_stdout(sys.stderr):
            results = simple_evaluate(Told(), tasks=[task], log_samples=True, cache_requests=False)
        tracker = EvaluationTracker(output_path=at)
        tracker.save_results_aggregated(results=results, samples=results["samples"])
        tracker.save_results_samples("hops", results["samples"]["hops"])
        [written] = pathlib.Path(at).rglob("samples_hops_*.jsonl")
        (folder / "lm_eval.jsonl").write_text(written.read_text())


def spans(instrument, out):
    """@return a provider of tracers whose spans a console exporter prints to `out`, and those spans."""
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import ConsoleSpanExporter, SimpleSpanProcessor
    from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

    provider, kept = TracerProvider(resource=Resource({})), InMemorySpanExporter()
    provider.add_span_processor(SimpleSpanProcessor(ConsoleSpanExporter(out=out)))
    provider.add_span_processor(SimpleSpanProcessor(kept))
    search = instrument(provider)
    with provider.get_tracer("agent").start_as_current_span("agent"):
        agent(model_client(), QUESTION, search)
    return kept.get_finished_spans()


# openai==3.57.0 openinference-instrumentation-openai==0.1.66 opentelemetry-sdk==1.45.2
def openinference(folder):
    from openinference.instrumentation.openai import OpenAIInstrumentor

    def instrument(provider):
        OpenAIInstrumentor().instrument(tracer_provider=provider)
        tracer = provider.get_tracer("tools")

        def search(query):
            with tracer.start_as_current_span("search", attributes={"openinference.span.kind": "TOOL"}) as span:
                span.set_attribute("output.value", FOUND[query])
            return FOUND[query]

        return search

    with open(folder / "openinference.json", "w") as out:
        spans(instrument, out)


# openai==3.57.0 opentelemetry-instrumentation-genai-openai==1.3b0 opentelemetry-exporter-otlp-proto-common==1.45.2
def opentelemetry(folder):
    os.environ["OTEL_SEMCONV_STABILITY_OPT_IN"] = "gen_ai_latest_experimental"
    os.environ["OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT"] = "SPAN_ONLY"
    from opentelemetry.exporter.otlp.proto.common.trace_encoder import encode_spans
    from opentelemetry.instrumentation.genai.openai import OpenAIInstrumentor

    def instrument(provider):
        OpenAIInstrumentor().instrument(tracer_provider=provider)
        return FOUND.get

    from google.protobuf.json_format import MessageToJson

    with open(os.devnull, "w") as out:
        exported = encode_spans(spans(instrument, out))
    (folder / "opentelemetry.jsonl").write_text(MessageToJson(exported, indent=None) + "\n")


# mlflow-skinny==3.17.2 openai==3.57.0 sqlalchemy alembic
def mlflow(folder):
    import tempfile

    import mlflow
    from mlflow.entities import SpanType

    with tempfile.TemporaryDirectory() as at:
        mlflow.set_tracking_uri(f"sqlite:///{at}/traces.db")
        mlflow.create_experiment("hops", artifact_location=f"file://{at}")
        mlflow.set_experiment("hops")
        mlflow.openai.autolog()
        search = mlflow.trace(FOUND.get, name="search", span_type=SpanType.TOOL)

        @mlflow.trace(span_type=SpanType.AGENT)
        def answer(question):
            return agent(model_client(), question, search)

        answer(QUESTION)
        trace = mlflow.get_last_active_trace_id()
        mlflow.flush_trace_async_logging()
        mlflow.log_expectation(trace_id=trace, name="expected_response", value="Rome")
        mlflow.log_feedback(trace_id=trace, name="judged", value=0.5)
        found = mlflow.get_trace(trace)
        found.info.tags.clear()
        found.info.trace_metadata.clear()
        (folder / "mlflow_trace.json").write_text(found.to_json() + "\n")


# deepeval==4.3.1
def deepeval(folder):
    import tempfile

    os.environ.update(DEEPEVAL_TELEMETRY_OPT_OUT="1", DEEPEVAL_UPDATE_WARNING_OPT_IN="0")
    with tempfile.TemporaryDirectory() as at:
        os.environ["DEEPEVAL_RESULTS_FOLDER"] = at
        os.chdir(at)
        from deepeval import evaluate
        from deepeval.dataset import EvaluationDataset, Golden
        from deepeval.evaluate.configs import AsyncConfig, DisplayConfig
        from deepeval.metrics import ExactMatchMetric
        from deepeval.test_case import LLMTestCase, ToolCall

        called = [ToolCall(name="search", input_parameters={"query": query}, output=FOUND[query]) for query in FOUND]
        asked = {"input": QUESTION, "expected_output": "Rome", "retrieval_context": list(FOUND.values())}
        cases = [
            LLMTestCase(**asked, actual_output="Rome", tools_called=called),
            LLMTestCase(**asked, actual_output="Oslo"),
        ]
        shown = DisplayConfig(show_indicator=False, print_results=False)
        evaluate(cases, [ExactMatchMetric()], display_config=shown, async_config=AsyncConfig(run_async=False))
        [written] = pathlib.Path(at).glob("test_run_*.json")
        (folder / "deepeval.json").write_text(written.read_text() + "\n")
        golden = Golden(**asked, actual_output="Rome")
        EvaluationDataset(goldens=[golden]).save_as("jsonl", str(folder), "deepeval_goldens")


# ragas==0.4.3 langchain-community==0.4.1
def ragas(folder):
    from ragas import EvaluationDataset, MultiTurnSample, SingleTurnSample
    from ragas.messages import AIMessage, HumanMessage, ToolCall, ToolMessage

    passages = list(FOUND.values())
    single = SingleTurnSample(user_input=QUESTION, retrieved_contexts=passages, response="Rome", reference="Rome")
    EvaluationDataset(samples=[single]).to_csv(folder / "ragas.csv")
    turns = [HumanMessage(content=QUESTION)]
    for query, text in FOUND.items():
        turns += [
            AIMessage(content="", tool_calls=[ToolCall(name="search", args={"query": query})]),
            ToolMessage(content=text),
        ]
    several = MultiTurnSample(user_input=[*turns, AIMessage(content="Rome")], reference="Rome")
    EvaluationDataset(samples=[several]).to_jsonl(folder / "ragas_turns.jsonl")


PROVIDER = """
const found = %s;
module.exports = class {
  id() { return 'agent'; }
  async callApi(prompt, { vars }) {
    const searched = Object.entries(found).flatMap(([query, content], k) => [
      { role: 'assistant', content: null, tool_calls: [{ id: `c${k}`, type: 'function',
        function: { name: 'search', arguments: JSON.stringify({ query }) } }] },
      { role: 'tool', tool_call_id: `c${k}`, content },
    ]);
    return { output: [...searched, { role: 'assistant', content: 'Rome' }] };
  }
};
"""


# npm install promptfoo@0.121.20, in the folder where this is run
def promptfoo(folder):
    import subprocess
    import tempfile

    with tempfile.TemporaryDirectory() as at:
        (pathlib.Path(at) / "agent.js").write_text(PROVIDER % json.dumps(FOUND))
        config = {
            "prompts": ["{{question}}"],
            "providers": [f"file://{at}/agent.js"],
            "tests": [
                {
                    "vars": {"question": QUESTION, "answer": "Rome"},
                    "assert": [{"type": "javascript", "value": "0.5"}, {"type": "javascript", "value": "1"}],
                }
            ],
        }
        (pathlib.Path(at) / "config.json").write_text(json.dumps(config))
        off = {"PROMPTFOO_DISABLE_TELEMETRY": "1", "PROMPTFOO_DISABLE_UPDATE": "1", "PROMPTFOO_CONFIG_DIR": at}
        flags = ["--no-cache", "--no-share", "--no-table", "-c", f"{at}/config.json", "-o", str(folder / "promptfoo.jsonl")]
        subprocess.run(["npx", "promptfoo", "eval", *flags], env={**os.environ, **off}, stdout=sys.stderr, check=False)


PROGRAMS = (promptfoo, lm_eval, openinference, opentelemetry, mlflow, deepeval, ragas)

if __name__ == "__main__":
    program, folder = sys.argv[1:]
    {one.__name__: one for one in PROGRAMS}[program](pathlib.Path(folder).resolve())
