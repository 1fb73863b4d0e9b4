#!/bin/sh
# TRL 1.16.0: what rollout_func gets is not what its documentation says: each prompt comes num_generations times.
#
# Guess: as the docstring of GRPOTrainer has it, the function "receives the raw per-process prompt slice with no duplication; it
#   is responsible for returning the correct number of completions per prompt (see num_generations)". So two prompts come as two,
#   and eight completions are returned for four generations of each.
# Seen: the two prompts come as eight, each of them four times in a row, and one completion of each is wanted. Who returns four
#   of each, as is said, makes 32; reward functions then see eight prompts beside 32 completions, and the training ends in an
#   IndexError that says nothing of it.
# For whom it matters: who writes a rollout with an environment. Return one completion for each prompt of the list.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet trl==1.16.0 transformers==5.24.0 torch==2.15.0
cat >see.py <<'PY'
import collections
import re

from datasets import Dataset
from tokenizers import Tokenizer, models, pre_tokenizers
from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast
from trl import GRPOConfig, GRPOTrainer

WORDS = ["<pad>", "<eos>", "one", "two", "yes", "no"]
inner = Tokenizer(models.WordLevel({word: k for k, word in enumerate(WORDS)}, unk_token="no"))
inner.pre_tokenizer = pre_tokenizers.Whitespace()
tokenizer = PreTrainedTokenizerFast(tokenizer_object=inner, pad_token="<pad>", eos_token="<eos>")
config = LlamaConfig(vocab_size=6, hidden_size=8, intermediate_size=8, num_hidden_layers=1, num_attention_heads=2)
LlamaForCausalLM(config).save_pretrained("model")
args = GRPOConfig(
    output_dir="out", max_steps=1, num_generations=4, per_device_train_batch_size=8, bf16=False, use_cpu=True, report_to=[]
)
said = re.sub(r"\s+", " ", GRPOTrainer.__doc__)


def train(copies):
    """copies: completions that the function returns for each prompt of its list."""
    came, seen = [], []

    def rollout(prompts, trainer):
        came.extend(prompts)
        each = [prompt for prompt in prompts for _ in range(copies)]
        ids = [tokenizer(prompt)["input_ids"] for prompt in each]
        return {"prompt_ids": ids, "completion_ids": [[*one, 1] for one in ids], "logprobs": [[-1.0, -1.0] for _ in ids]}

    def reward(prompts, completions, **_):
        seen.append((len(prompts), len(completions)))
        return [float(k) for k in range(len(prompts))]

    data = Dataset.from_list([{"prompt": "one"}, {"prompt": "two"}])
    trainer = GRPOTrainer(
        "model", reward_funcs=[reward], args=args, train_dataset=data, processing_class=tokenizer, rollout_func=rollout
    )
    try:
        trainer.train()
        error = ""
    except Exception as raised:
        error = f"{type(raised).__name__}: {raised}"
    return came, seen, error


promise = "raw per-process prompt slice with no duplication" in said
came, _, error = train(1)
print("the docstring promises no duplication:", promise)
print("one completion each: the function got", came, error or "and the training ends well")
_, lengths, wrong = train(4)
print("four completions each:", wrong or "no error;", "a reward function got prompts and completions", lengths)
seen = promise and collections.Counter(came) == {"one": 4, "two": 4} and error == "" and wrong.startswith("IndexError")
raise SystemExit(0 if seen else "it has changed: see what the function gets now")
PY
TRL_EXPERIMENTAL_SILENCE=1 venv/bin/python -W ignore see.py
