"""Writes the rollout files that src/rollouts/fixtures.test.ts reads, with the own code of verl and TRL.

    python3 -m venv venv && venv/bin/pip install verl==0.9.1 trl==1.16.0
    venv/bin/python scripts/proofs/write_rollouts.py src/rollouts/fixtures

No language model runs: what the completions say is below, and everything between it and the file is the packages' code.

- verl_search_r1.jsonl: RayPPOTrainer._log_rollout_data and _write_generations (verl.trainer.ppo.ray_trainer) on a DataProto,
  scores by verl.utils.reward_score.default_compute_score (search_r1_like_qa_em, what it uses for searchR1_nq).
- verl_tools.jsonl: the same from a tokenized chat with tool calls in the template of Qwen, as agent loops leave it.
- trl_tools.jsonl: GRPOTrainer.log (trl.trainer.grpo_trainer) with log_completions, whose Parquet file pandas turns into lines.
"""

import collections
import concurrent.futures
import importlib.metadata
import json
import pathlib
import sys
import types

import numpy as np
import pandas as pd
import torch

QUESTION = "In which city was the author of The Dispossessed born?"
INSTRUCTION = (
    "Answer the given question. You must conduct reasoning inside <think> and </think> first every time you get new "
    "information. If you find you lack some knowledge, you can call a search engine by <search> query </search>. "
    f"Provide the answer inside <answer> and </answer>. Question: {QUESTION}\n"
)
PROMPT = f"system\nYou are a helpful assistant.\nuser\n{INSTRUCTION}\nassistant\n"
AUTHOR = 'Doc 1(Title: "The Dispossessed") The Dispossessed is a 1974 novel by Ursula K. Le Guin.\n'
BERKELEY = 'Doc 1(Title: "Ursula K. Le Guin") Le Guin was born in Berkeley, California, the daughter of Alfred Kroeber.\n'
OTHER = 'Doc 2(Title: "Portland") Portland is a city in Oregon, where she lived.\n'
GOOD = (
    f"<think>Who wrote it?</think>\n<search> author of The Dispossessed </search>\n\n<information>{AUTHOR}{OTHER}</information>"
    f"\n\n<think>Now her birthplace.</think>\n<search> Ursula K. Le Guin born </search>\n\n<information>{BERKELEY}{OTHER}"
    "</information>\n\n<think>Berkeley.</think>\n<answer> Berkeley </answer>"
)
BAD = (
    "<think>She lived in Oregon.</think>\n<search> Le Guin Portland </search>\n\n"
    f"<information>{OTHER}</information>\n\n<answer>Portland, Oregon</answer>"
)
GOLD = ["Berkeley", "Berkeley, California"]


class Words:
    """A tokenizer in the part that _log_rollout_data uses: ids back to text. Characters are its tokens."""

    def encode(self, texts):
        width = max(map(len, texts))
        return torch.tensor([[ord(c) for c in text] + [0] * (width - len(text)) for text in texts])

    def batch_decode(self, ids, skip_special_tokens):
        return ["".join(chr(int(i)) for i in row if int(i) > 0) for row in ids]


def verl_dump(folder, name, outputs, step):
    from verl import DataProto
    from verl.trainer.ppo.ray_trainer import RayPPOTrainer
    from verl.utils.reward_score import default_compute_score

    words = Words()
    truth = {"target": np.array(GOLD)}
    scores = [float(default_compute_score("searchR1_nq", text, {"target": GOLD})) for text in outputs]
    responses = words.encode(outputs)
    token_scores = torch.zeros(responses.shape)
    token_scores[:, -1] = torch.tensor(scores)
    uids = np.array(["q-1"] * len(outputs), dtype=object)
    batch = DataProto.from_dict(
        tensors={
            "prompts": words.encode([PROMPT] * len(outputs)),
            "responses": responses,
            "token_level_scores": token_scores,
        },
        non_tensors={
            "reward_model": np.array([{"style": "rule", "ground_truth": truth}] * len(outputs), dtype=object),
            "uid": uids,
        },
    )
    # The constructor would start a Ray cluster; the methods that write need this much of the object.
    trainer = types.SimpleNamespace(tokenizer=words, global_steps=step)
    trainer._dump_executor = concurrent.futures.ThreadPoolExecutor(max_workers=1)
    trainer._dump_futures = []
    trainer._write_generations = RayPPOTrainer._write_generations
    trainer._dump_generations = types.MethodType(RayPPOTrainer._dump_generations, trainer)
    extra = {"uid": uids, "acc": np.array(scores)}
    RayPPOTrainer._log_rollout_data(trainer, batch, extra, {}, str(folder))
    RayPPOTrainer._shutdown_dump_executor(trainer)
    (folder / f"{step}.jsonl").rename(folder / name)


def tool_texts():
    call = lambda query: json.dumps({"name": "search", "arguments": {"query_list": [query]}})
    result = lambda text: json.dumps({"result": text})
    good = (
        f"<think>Who wrote it?</think>\n<tool_call>\n{call('author of The Dispossessed')}\n</tool_call>\nuser\n"
        f"<tool_response>\n{result(AUTHOR)}\n</tool_response>\nassistant\n<tool_call>\n{call('Le Guin born')}\n</tool_call>"
        f"\nuser\n<tool_response>\n{result(BERKELEY + OTHER)}\n</tool_response>\nassistant\n<answer>Berkeley</answer>"
    )
    return [good, f"<think>I know this.</think>\n<answer>Oakland</answer>"]


def trl_dump(folder, name):
    from trl import GRPOTrainer

    def call(query):
        function = {"name": "search", "arguments": {"query": query}}
        return {"role": "assistant", "content": "", "tool_calls": [{"type": "function", "function": function}]}

    prompt = [{"role": "system", "content": "Search, then answer."}, {"role": "user", "content": QUESTION}]
    found = json.dumps([{"title": "Ursula K. Le Guin", "text": "Le Guin was born in Berkeley, California."}])
    good = [call("Le Guin birthplace"), {"role": "tool", "name": "search", "content": found}]
    good.append({"role": "assistant", "content": "Berkeley, California"})
    bad = [{"role": "assistant", "content": "<think>Oregon?</think>It was Portland."}]
    out = folder / "trl"
    (out / "completions").mkdir(parents=True)
    trainer = GRPOTrainer.__new__(GRPOTrainer)  # the constructor loads a model
    trainer.model = types.SimpleNamespace(training=True)
    trainer._metrics = {"train": collections.defaultdict(list)}
    trainer.accelerator = types.SimpleNamespace(is_main_process=True)
    trainer.log_completions = True
    trainer.num_completions_to_print = 0
    trainer.args = types.SimpleNamespace(report_to=[], output_dir=str(out), logging_steps=1, include_num_input_tokens_seen="no")
    trainer.state = types.SimpleNamespace(global_step=12, epoch=None, log_history=[], num_input_tokens_seen=0)
    trainer.control = None
    trainer.callback_handler = types.SimpleNamespace(on_log=lambda *args: None)
    trainer._logs = {
        "prompt": [prompt] * 2,
        "completion": [good, bad],
        "rewards": {"em_reward": [1.0, 0.0], "format_reward": [0.25, 0.25]},
        "advantages": [0.7071, -0.7071],
        "extra": {"golden_answers": [GOLD] * 2},
        "images": [],
    }
    GRPOTrainer.log(trainer, {"loss": 0.0})
    table = pd.read_parquet(out / "completions" / "completions_00012.parquet")
    table.to_json(folder / name, orient="records", lines=True)
    (out / "completions" / "completions_00012.parquet").unlink()
    (out / "completions").rmdir()
    out.rmdir()


def main():
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    verl_dump(folder, "verl_search_r1.jsonl", [GOOD, BAD], 40)
    verl_dump(folder, "verl_tools.jsonl", tool_texts(), 41)
    trl_dump(folder, "trl_tools.jsonl")
    versions = {name: importlib.metadata.version(name) for name in ["verl", "trl", "torch", "transformers", "pandas", "pyarrow"]}
    (folder / "versions.json").write_text(json.dumps(versions, indent=2) + "\n")
    print(versions)


main()
