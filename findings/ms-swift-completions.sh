#!/bin/sh
# ms-swift 4.6.0: of a rollout in several turns, completions.jsonl has the last turn as the completion, all others in the prompt.
#
# Guess: `prompt` is what the policy was given and `completion` what it wrote until the episode ended, as in TRL's table of
#   completions, which has the same columns.
# Seen: GRPOTrainer._log_rollout takes the last message as the completion and renders all messages before it as the prompt: with
#   tools or a multi-turn scheduler the calls that the policy wrote, and their results, stand in the prompt, and nothing says where
#   the question ends. Rewards and advantages in the same line are those of the whole. (And `import swift.rlhf_trainers` needs
#   msgspec, which the package does not declare.)
# For whom it matters: who counts lengths, calls or answers in these files, or trains on them again. Cut where the model's first
#   turn begins.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3.11 -m venv venv
venv/bin/pip install --quiet ms_swift==4.6.0 torch==2.15.0 msgspec==0.23.0
cat >see.py <<'PY'
import json
import types
from collections import defaultdict, deque

from swift.rl_core.data import GRPOSample
from swift.rlhf_trainers.grpo_trainer import GRPOTrainer
from swift.utils import JsonlWriter

trainer = GRPOTrainer.__new__(GRPOTrainer)  # the constructor loads a model
trainer.model = types.SimpleNamespace(training=True)
trainer._metrics, trainer.custom_metrics = {"train": defaultdict(list)}, {"train": {}}
trainer.accelerator = types.SimpleNamespace(is_main_process=True)
trainer.log_completions = True
trainer.args = types.SimpleNamespace(
    report_to=[], output_dir="out", logging_steps=1, log_entropy=False, generation_batch_size=8,
    include_num_input_tokens_seen="no",
)
trainer.state = types.SimpleNamespace(global_step=1, epoch=None, log_history=[], num_input_tokens_seen=0)
trainer.control = None
trainer.callback_handler = types.SimpleNamespace(on_log=lambda *args: None)
trainer.jsonl_writer = JsonlWriter("completions.jsonl")
queue = lambda: deque(maxlen=8)
trainer._logs = {"prompt": queue(), "completion": queue(), "rewards": defaultdict(queue), "advantages": queue()}
trainer._gather_and_flatten = lambda values, flatten_level: values
# A template would take a tokenizer; which messages it is given is what matters.
trainer._apply_chat_template_to_messages_list = lambda lists: [" ".join(m["content"] for m in one) for one in lists]
said = [("user", "who?"), ("assistant", "CALL"), ("tool", "result"), ("assistant", "ANSWER")]
messages = [{"role": role, "content": content} for role, content in said]
trainer._log_rollout([GRPOSample(messages=messages)])
trainer._logs["rewards"]["em"].append(1.0)
trainer._logs["advantages"].append(0.5)
GRPOTrainer.log(trainer, {"loss": 0.0})
[line] = open("completions.jsonl").read().splitlines()
print(json.dumps({key: json.loads(line)[key] for key in ("prompt", "completion", "em")}))
PY
seen=$(venv/bin/python see.py 2>/dev/null | tail -1)
echo "ms_swift 4.6.0: $seen"
wanted='{"prompt": ["who? CALL result"], "completion": ["ANSWER"], "em": [1.0]}'
[ "$seen" = "$wanted" ] || { echo "It was $wanted: behaviour has changed." >&2; exit 1; }
