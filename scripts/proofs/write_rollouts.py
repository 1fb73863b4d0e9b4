"""Writes the rollout files that src/rollouts/fixtures.test.ts reads, with the own code of verl, TRL and SkyRL.

    python3 -m venv venv && venv/bin/pip install verl==0.9.1 trl==1.16.0 TransferQueue==0.1.11 cachetools fastapi uvicorn
    venv/bin/pip install --no-deps skyrl==0.3.0 skyrl-gym==0.4.0 loguru==0.7.3 jaxtyping==0.3.11 cloudpathlib
    venv/bin/python scripts/proofs/write_rollouts.py src/rollouts/fixtures

No language model runs: what the completions say is below, and everything between it and the file is the packages' code.

- verl_search_r1.jsonl: RayPPOTrainer._log_rollout_data and _write_generations (verl.trainer.ppo.ray_trainer) on a DataProto,
  scores by verl.utils.reward_score.default_compute_score (search_r1_like_qa_em, what it uses for searchR1_nq).
- verl_v1.jsonl: PPOTrainer._log_rollout_data of the default trainer (verl.trainer.ppo.v1.trainer_base), which fetches the batch
  from a transfer queue; what that gives back is made here.
- verl_tools.jsonl: the same from a tokenized chat with tool calls in the template of Qwen, as agent loops leave it.
- trl_tools.parquet: GRPOTrainer.log (trl.trainer.grpo_trainer) with log_completions; trl_tools.jsonl: the same as pandas turns
  it into lines.
- skyrl.jsonl: dump_per_dataset_eval_results (skyrl.train.utils.trainer_utils).
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


def verl_v1_dump(folder, name, step):
    """Two sessions of one prompt, the first of two outputs: what was said up to its results, then the whole."""
    from tensordict import TensorDict
    from tensordict.tensorclass import NonTensorStack
    from verl.trainer.ppo.v1 import trainer_base

    [trainer_class] = [
        one for one in vars(trainer_base).values() if isinstance(one, type) and "_log_rollout_data" in vars(one)
    ]
    words = Words()
    outputs = [GOOD.split("<think>Now")[0], GOOD, BAD]
    keys = ["5f0c_0_0", "5f0c_0_1", "5f0c_1_0"]
    scores = torch.tensor([1.0, 1.0, 0.0])

    def nested(texts):
        return torch.nested.as_nested_tensor([torch.tensor([ord(c) for c in text]) for text in texts], layout=torch.jagged)

    rm_scores = [torch.zeros(len(text)) for text in outputs]
    for row, score in zip(rm_scores, scores):
        row[-1] = score
    batch = TensorDict(
        {
            "prompts": nested([PROMPT] * 3),
            "responses": nested(outputs),
            "rm_scores": torch.nested.as_nested_tensor(rm_scores, layout=torch.jagged),
            "uid": NonTensorStack(*["5f0c"] * 3),
            "reward_model": NonTensorStack(*[{"style": "rule", "ground_truth": {"target": GOLD}}] * 3),
        },
        batch_size=[3],
    )
    words.pad_token_id = 0
    words.decode = lambda ids, skip_special_tokens: words.batch_decode([ids], skip_special_tokens)[0]
    queue = trainer_base.tq
    trainer_base.tq = types.SimpleNamespace(kv_batch_get=lambda **_: batch)
    trainer = types.SimpleNamespace(tokenizer=words, global_steps=step)
    trainer._write_generations = trainer_class._write_generations
    for method in ["_init_dump_executor", "_dump_generations", "_shutdown_dump_executor"]:
        setattr(trainer, method, types.MethodType(getattr(trainer_class, method), trainer))
    trainer._init_dump_executor()
    trainer_class._log_rollout_data(trainer, types.SimpleNamespace(keys=keys, partition_id="train"), {}, str(folder))
    trainer._shutdown_dump_executor()
    trainer_base.tq = queue
    (folder / f"{step}.jsonl").rename(folder / name)


def skyrl_dump(folder, name):
    import typing

    import typing_extensions

    typing.TypedDict = typing_extensions.TypedDict  # what pydantic wants before Python 3.12
    from skyrl.train.utils.trainer_utils import dump_per_dataset_eval_results

    prompt = f"<|im_start|>user\n{INSTRUCTION}<|im_end|>\n<|im_start|>assistant\n"
    outputs = [f"{GOOD}<|im_end|>", BAD]
    ids = lambda text: [ord(c) for c in text]
    words = types.SimpleNamespace(decode=lambda tokens: "".join(map(chr, tokens)))
    generated = {
        "prompt_token_ids": [ids(prompt)] * 2,
        "response_ids": [ids(text) for text in outputs],
        # One reward a token for the first, one for all for the second.
        "rewards": [[0.0, 0.25, 0.75], 0.0],
        "stop_reasons": ["stop", "length"],
    }
    extras = {"reward_spec": {"method": "rule", "ground_truth": {"target": GOLD}}, "extra_info": {"index": 0, "split": "test"}}
    dump_per_dataset_eval_results(folder, words, generated, ["nq"] * 2, ["search"] * 2, [extras] * 2, {"eval/nq/avg_score": 0.5})
    (folder / "nq.jsonl").rename(folder / name)
    (folder / "aggregated_results.jsonl").unlink()


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
    (out / "completions" / "completions_00012.parquet").rename(folder / "trl_tools.parquet")
    (out / "completions").rmdir()
    out.rmdir()


def main():
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    verl_dump(folder, "verl_search_r1.jsonl", [GOOD, BAD], 40)
    verl_dump(folder, "verl_tools.jsonl", tool_texts(), 41)
    verl_v1_dump(folder, "verl_v1.jsonl", 42)
    trl_dump(folder, "trl_tools.jsonl")
    skyrl_dump(folder, "skyrl.jsonl")
    packages = ["verl", "trl", "skyrl", "torch", "transformers", "pandas", "pyarrow"]
    versions = {name: importlib.metadata.version(name) for name in packages}
    (folder / "versions.json").write_text(json.dumps(versions, indent=2) + "\n")
    print(versions)


main()
