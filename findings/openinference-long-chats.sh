#!/bin/sh
# OpenInference 0.1.66 (OpenAI) with OpenTelemetry's SDK 1.45.2: the span of a long chat has lost its question and its first turns.
#
# Guess: a span of a model holds the messages that were sent, as the conventions of OpenInference have it, however many they are;
#   or, if there are too many, without the last.
# Seen: each message takes two to four attributes, the SDK keeps 128 of a span, and for each one more it drops the oldest. After 20
#   searches the system's and the user's turn and the first searches are gone, the copy of the whole request (`input.value`) with
#   them; the answer is there. Each drop is logged as a line that names no span.
# For whom it matters: who collects rollouts of search agents from traces: just the long ones lose what was asked. Set
#   OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT, or `SpanLimits` of the provider, to some thousands.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet openinference-instrumentation-openai==0.1.66 opentelemetry-sdk==1.45.2 openai==3.57.0
cat >see.py <<'PY'
import http.server
import json
import logging
import threading

import openai
from openinference.instrumentation.openai import OpenAIInstrumentor
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

logging.disable()


class Model(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        self.rfile.read(int(self.headers["content-length"]))
        said = {"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": "Rome"}}
        data = json.dumps({"id": "r", "object": "chat.completion", "created": 1, "model": "none", "choices": [said]}).encode()
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_):
        pass


server = http.server.HTTPServer(("127.0.0.1", 0), Model)
threading.Thread(target=server.serve_forever, daemon=True).start()
kept = InMemorySpanExporter()
provider = TracerProvider()
provider.add_span_processor(SimpleSpanProcessor(kept))
OpenAIInstrumentor().instrument(tracer_provider=provider)
client = openai.OpenAI(base_url=f"http://127.0.0.1:{server.server_port}/v1", api_key="none")


def holds(searches):
    """Whether the span of a chat with so many searches has the whole request, its question, its first call and the answer."""
    messages = [{"role": "system", "content": "Search."}, {"role": "user", "content": "Where was the author of X born?"}]
    for k in range(searches):
        call = {"name": "search", "arguments": json.dumps({"query": f"hop {k}"})}
        messages.append({"role": "assistant", "tool_calls": [{"id": f"c{k}", "type": "function", "function": call}]})
        messages.append({"role": "tool", "tool_call_id": f"c{k}", "content": f"Passage {k}."})
    client.chat.completions.create(model="none", messages=messages)
    there = kept.get_finished_spans()[-1].attributes
    arguments = "llm.input_messages.2.message.tool_calls.0.tool_call.function.arguments"
    keys = ("input.value", "llm.input_messages.1.message.content", arguments, "llm.output_messages.0.message.content")
    return [key in there for key in keys]


print(json.dumps({"2 searches": holds(2), "20 searches": holds(20)}))
PY
seen=$(venv/bin/python see.py | tail -1)
echo "whether the request, the question, the first call and the answer are there: $seen"
wanted='{"2 searches": [true, true, true, true], "20 searches": [false, false, false, true]}'
[ "$seen" = "$wanted" ] || { echo "Behaviour has changed." >&2; exit 1; }
