"""Writes fixtures with the released code of ms-swift, AReaL and tinker-cookbook that logs rollouts.

    python3.11 -m venv swift && swift/bin/pip install ms_swift==4.6.0 torch==2.15.0 msgspec==0.23.0
    swift/bin/python scripts/proofs/write_logged.py swift src/rollouts/fixtures
    python3.11 -m venv areal && areal/bin/pip install --no-deps areal==1.0.4
    areal/bin/pip install aiofiles==25.1.0 numpy==2.3.5 packaging==26.0 colorlog==6.10.1
    areal/bin/python scripts/proofs/write_logged.py areal src/rollouts/fixtures
    python3.11 -m venv tinker && tinker/bin/pip install --no-deps tinker_cookbook==0.6.1
    tinker/bin/pip install tinker==0.38.0 numpy==2.4.6 chz==0.4.0
    tinker/bin/python scripts/proofs/write_logged.py tinker src/rollouts/fixtures

No language model runs: what is said is below, and what comes between it and the file is the packages' code. Constructors are
bypassed, as they load models. What AReaL and tinker-cookbook import and do not use to write is stood in for where it is missing.

- swift.jsonl: GRPOTrainer._log_rollout, log and JsonlWriter, on two rollouts of several turns.
- areal.jsonl: WorkflowExecutor._dump_trajectory, on a rollout of three turns whose results are not trained on.
- tinker.jsonl, tinker_summaries.jsonl: _trajectory_to_stored and _save_trajectory of an evaluation,
  serialize_rollout_summaries and TrainingRunStore.write_rollouts of a training, on a rollout of its own environment's kind:
  each observation is the whole conversation so far.
"""

import asyncio
import importlib.metadata
import json
import pathlib
import sys
import tempfile
import types

QUESTION = "Where was the author of X born?"
FOUND = ["X is a novel by Ines Varga.", "Ines Varga was born in Rome."]
SYSTEM = "You search an encyclopedia."


def turn(role, said):
    return f"<|im_start|>{role}\n{said}<|im_end|>\n"


def call(query):
    return f'<tool_call>\n{json.dumps({"name": "search", "arguments": {"query": query}})}\n</tool_call>'


def response(found):
    return f"<tool_response>\n{found}\n</tool_response>"


SAID = [call("author of X"), call("Ines Varga born")]


class Characters:
    """A tokenizer whose tokens are characters."""

    def encode(self, text):
        return [ord(c) for c in text]

    def decode(self, ids, **_):
        return "".join(chr(int(i)) for i in ids)


def swift(folder):
    from collections import defaultdict, deque

    from swift.rl_core.data import GRPOSample
    from swift.rlhf_trainers.grpo_trainer import GRPOTrainer
    from swift.utils import JsonlWriter

    def messages(answer):
        searches = [
            part
            for said, found in zip(SAID, FOUND)
            for part in ({"role": "assistant", "content": said}, {"role": "tool", "content": found})
        ]
        return [{"role": "user", "content": QUESTION}, *searches, {"role": "assistant", "content": answer}]

    def templated(lists):
        """As Template renders Qwen's; to load one takes a model."""
        def rendered(message):
            said = response(message["content"]) if message["role"] == "tool" else message["content"]
            return turn("user" if message["role"] == "tool" else message["role"], said)

        return ["".join(map(rendered, one)) + "<|im_start|>assistant\n" for one in lists]

    with tempfile.TemporaryDirectory() as out:
        trainer = GRPOTrainer.__new__(GRPOTrainer)
        trainer.model = types.SimpleNamespace(training=True)
        trainer._metrics = {"train": defaultdict(list)}
        trainer.custom_metrics = {"train": {}}
        trainer.accelerator = types.SimpleNamespace(is_main_process=True)
        trainer.log_completions = True
        trainer.args = types.SimpleNamespace(
            report_to=[], output_dir=out, logging_steps=1, log_entropy=False, generation_batch_size=8,
            include_num_input_tokens_seen="no",
        )
        trainer.state = types.SimpleNamespace(global_step=12, epoch=None, log_history=[], num_input_tokens_seen=0)
        trainer.control = None
        trainer.callback_handler = types.SimpleNamespace(on_log=lambda *args: None)
        trainer.jsonl_writer = JsonlWriter(f"{out}/completions.jsonl")
        queue = lambda: deque(maxlen=8)
        trainer._logs = {"prompt": queue(), "completion": queue(), "rewards": defaultdict(queue), "advantages": queue()}
        trainer._gather_and_flatten = lambda values, flatten_level: values
        trainer._apply_chat_template_to_messages_list = templated
        samples = [
            GRPOSample(messages=messages(answer), extra={"solution": "Rome"}, rollout_infos={"num_turns": 3})
            for answer in ("Rome", "Oslo")
        ]
        trainer._log_rollout(samples)
        trainer._logs["rewards"]["EM"].extend([1.0, 0.0])
        trainer._logs["rewards"]["Format"].extend([0.5, 0.5])
        trainer._logs["advantages"].extend([0.7, -0.7])
        GRPOTrainer.log(trainer, {"loss": 0.0})
        (folder / "swift.jsonl").write_bytes((pathlib.Path(out) / "completions.jsonl").read_bytes())
    return ["ms_swift", "trl", "transformers"]


class Missing:
    """Stands in for modules that are not there: of each, anything can be asked for."""

    def find_spec(self, name, path=None, target=None):
        import importlib.machinery

        if name.split(".")[0] in ("areal", "tinker", "tinker_cookbook") or name.split(".")[0] in sys.stdlib_module_names:
            return None
        return importlib.machinery.ModuleSpec(name, self, is_package=True)

    def create_module(self, spec):
        from unittest.mock import MagicMock

        module = MagicMock(name=spec.name)
        module.__path__ = []
        module.__spec__ = spec
        return module

    def exec_module(self, module):
        pass


def version_of(name, known=importlib.metadata.version):
    try:
        return known(name)
    except importlib.metadata.PackageNotFoundError:
        return "2.10.0"


def areal(folder):
    sys.meta_path.append(Missing())
    importlib.metadata.version = version_of
    import numpy
    from areal.infra import workflow_executor

    prompt = turn("system", "You search.") + turn("user", QUESTION) + "<|im_start|>assistant\n"
    parts = [
        ("<think>Who wrote it? I have to look.</think>\n<search>author of X</search>", True),
        (f"\n<information>{FOUND[0]}</information>\n", False),
        ("<search>Ines Varga born</search>", True),
        (f"\n<information>{FOUND[1]}</information>\n", False),
        ("<answer>Rome</answer><|im_end|>", True),
    ]
    words = Characters()
    ids = words.encode(prompt + "".join(text for text, _ in parts))
    mask = [0] * len(prompt) + [int(own) for text, own in parts for _ in text]
    with tempfile.TemporaryDirectory() as out:
        executor = types.SimpleNamespace(
            _get_dump_dir=lambda is_eval: out, _get_tokenizer=lambda: words, logger=None, inference_engine=None
        )
        trajectory = {
            "input_ids": numpy.array([ids]),
            "loss_mask": numpy.array([mask]),
            "attention_mask": numpy.ones((1, len(ids)), dtype=int),
            "rewards": numpy.array([1.0]),
            "versions": numpy.array([[3] * (len(ids) - 1) + [4]]),
        }
        dumped, why = asyncio.run(workflow_executor.WorkflowExecutor._dump_trajectory(executor, trajectory, 7, False))
        assert dumped, why
        (folder / "areal.jsonl").write_bytes((pathlib.Path(out) / "4" / "7.jsonl").read_bytes())
    return ["areal"]


def tinker(folder):
    sys.meta_path.append(Missing())
    import tinker as service
    from tinker_cookbook.completers import TokensWithLogprobs
    from tinker_cookbook.eval.benchmarks import _runner
    from tinker_cookbook.rl.rollout_logging import serialize_rollout_summaries
    from tinker_cookbook.rl.types import Trajectory, TrajectoryGroup, Transition
    from tinker_cookbook.stores.storage import LocalStorage
    from tinker_cookbook.stores.training_store import TrainingRunStore

    words = Characters()
    tokens = lambda text: service.ModelInput.from_ints(words.encode(text))

    def trajectory(answer, reward):
        told = turn("system", SYSTEM) + turn("user", QUESTION)
        transitions = []
        for said, found in [*zip(SAID, FOUND), (answer, None)]:
            ids = words.encode(f"{said}<|im_end|>")
            observed = tokens(f"{told}<|im_start|>assistant\n")
            last = found is None
            logs = {"input": QUESTION, "expected": "Rome", "extracted": answer} if last else {}
            metrics = {"correct": reward} if last else {}
            action = TokensWithLogprobs(tokens=ids, maybe_logprobs=[-0.1] * len(ids))
            transitions.append(Transition(observed, action, reward if last else 0.0, last, metrics, logs))
            told += turn("assistant", said) + ("" if last else turn("user", response(found)))
        return Trajectory(transitions=transitions, final_ob=service.ModelInput.empty())

    trajectories = [trajectory("Rome", 1.0), trajectory("Oslo", 0.0)]
    with tempfile.TemporaryDirectory() as out:
        storage = LocalStorage(pathlib.Path(out))
        for index, one in enumerate(trajectories):
            stored = _runner._trajectory_to_stored(index, one, "wiki", words, 1.5, "wiki-5f0c")
            asyncio.run(_runner._save_trajectory(storage, "wiki", stored))
        (folder / "tinker.jsonl").write_bytes((pathlib.Path(out) / "wiki" / "trajectories.jsonl").read_bytes())
        group = TrajectoryGroup(trajectories_G=trajectories, final_rewards_G=[0.0, 0.0], metrics_G=[{}, {}])
        records = serialize_rollout_summaries(
            split="train", iteration=12, trajectory_groups_P=[group], taglist_P=[["wiki"]]
        )
        TrainingRunStore(storage).write_rollouts(12, records, base_name="train")
        [summaries] = pathlib.Path(out).glob("**/train_rollout_summaries.jsonl")
        (folder / "tinker_summaries.jsonl").write_bytes(summaries.read_bytes())
    return ["tinker_cookbook", "tinker"]


def main():
    folder = pathlib.Path(sys.argv[2])
    folder.mkdir(parents=True, exist_ok=True)
    packages = {"swift": swift, "areal": areal, "tinker": tinker}[sys.argv[1]](folder)
    print({name: importlib.metadata.version(name) for name in packages})


main()
