"""Writes fixtures with what verl, OpenRLHF, Agent Lightning, MLflow, FlashRAG and rLLM make of rollouts: tables, archives, episodes.

    python3.12 -m venv venv && venv/bin/pip install wandb==0.31.0 mlflow-skinny==3.17.2 pandas==3.1.1 pillow==12.3.0 datasets==5.2.0
    venv/bin/pip install --no-deps verl==0.9.1 openrlhf==0.11.2 agentlightning==1.0.2
    venv/bin/python scripts/proofs/write_tables.py verl src/rollouts/fixtures

and so on with openrlhf, agentlightning and mlflow. FlashRAG of today and rLLM are in no registry: a checkout of each is given.

    git clone https://github.com/RUC-NLPIR/FlashRAG && git -C FlashRAG checkout 1ee5249
    PYTHONPATH=FlashRAG venv/bin/python scripts/proofs/write_tables.py flashrag src/rollouts/fixtures
    git clone https://github.com/rllm-org/rllm && git -C rllm checkout 9beb6e0f
    PYTHONPATH=rllm venv/bin/python scripts/proofs/write_tables.py rllm src/rollouts/fixtures

No language model runs: what is said is below, and what comes between it and the file is the packages' code. What they import and
do not use to write is stood in for.

- wandb: ValidationGenerationsLogger of verl and WandbLogger of OpenRLHF, whose tables wandb keeps offline, at several steps.
- agent_lightning.jsonl.zip: the archive that the adapter of rollouts logs as an artifact.
- mlflow.json: log_table, twice.
- flashrag.json: three pipelines with a generator and a retriever that say what is below, each saving its intermediate data.
- rllm.json, rllm_eval.json: EpisodeLogger of a training and EvalEpisodeStore of an evaluation.
"""

import importlib.machinery
import json
import os
import pathlib
import shutil
import sys
import tempfile
import types
from unittest.mock import MagicMock

QUESTION = "Where was the author of X born?"
FOUND = ["X is a novel by Ines Varga.", "Ines Varga was born in Rome."]
ASKED = ["author of X", "Ines Varga born"]
TOLD = "You may search by <search> query </search>, and answer by <answer> answer </answer>. Question: "
PROMPT = f"<|im_start|>user\n{TOLD}{QUESTION}<|im_end|>\n<|im_start|>assistant\n"
REAL = {"verl", "openrlhf", "agentlightning", "wandb", "mlflow", "flashrag", "numpy", "pandas", "PIL", "datasets", "tqdm", "pydantic"}


def completion(answer):
    searches = "".join(f"<search>{q}</search>\n<information>{f}</information>\n" for q, f in zip(ASKED, FOUND))
    return f"<think>Who wrote it?</think>\n{searches}<answer>{answer}</answer>"


class Missing:
    """Stands in for modules that are not there: of each, anything can be asked for."""

    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in REAL or name.split(".")[0] in sys.stdlib_module_names:
            return None
        return importlib.machinery.ModuleSpec(name, self, is_package=True)

    def create_module(self, spec):
        module = MagicMock(name=spec.name)
        module.__path__, module.__spec__, module.__version__ = [], spec, "2.10.0"
        return module

    def exec_module(self, module):
        pass


def offline(folder, name, log):
    """The tables that wandb keeps of what is logged."""
    import wandb

    with tempfile.TemporaryDirectory() as out:
        os.environ.update(WANDB_MODE="offline", WANDB_SILENT="true", WANDB_DIR=out, WANDB_API_KEY="0" * 40)
        import numpy, pandas  # noqa: E401,F401: before what is missing is stood in for

        sys.meta_path.append(Missing())
        log(wandb)
        wandb.finish()
        [tables] = pathlib.Path(out).glob("wandb/offline-run-*/files/media/table")
        shutil.copytree(tables, folder / "wandb" / name, dirs_exist_ok=True)


def verl(folder):
    def log(wandb):
        from verl.utils.tracking import ValidationGenerationsLogger

        wandb.init(project="p")
        logger = ValidationGenerationsLogger()
        for step, answers in ((10, ("Rome", "Oslo")), (20, ("Rome", "Rome"))):
            samples = [(PROMPT, completion(answer), float(answer == "Rome")) for answer in answers]
            logger.log_generations_to_wandb(samples, step)

    offline(folder, "verl", log)


def openrlhf(folder):
    def log(_):
        from openrlhf.utils.logging_utils import WandbLogger

        wandb = types.SimpleNamespace(key="k", org=None, project="p", group=None, run_name="r")
        logger = WandbLogger(types.SimpleNamespace(logger=types.SimpleNamespace(wandb=wandb)))
        for step, answer in enumerate(("Oslo", "Oslo", "Rome"), 1):
            sample = [PROMPT + completion(answer), float(answer == "Rome")]
            logger.log_train(step, {"generated_samples": sample, "loss": 0.1})

    offline(folder, "openrlhf", log)


def agentlightning(folder):
    import numpy  # noqa: F401

    sys.meta_path.append(Missing())
    from agentlightning.verl import rollout_adapter

    def rollout(k, answer, reward):
        """A call of the model a turn; each is given all that was said before."""
        said, turns = PROMPT, []
        for part in (*zip(ASKED, FOUND), (answer, None)):
            words = f"<search>{part[0]}</search>" if part[1] else f"<answer>{answer}</answer>"
            turns.append((said, f"{words}<|im_end|>"))
            said += f"{words}<|im_end|>\n<|im_start|>user\n<information>{part[1]}</information><|im_end|>\n<|im_start|>assistant\n"
        ids = lambda text: {"token_ids": [ord(c) for c in text]}
        triplets = [types.SimpleNamespace(prompt=ids(prompt), response=ids(response)) for prompt, response in turns]
        return types.SimpleNamespace(
            step=4, sample_idx_in_step=k, rollout_id=f"ro-{k}", final_reward=reward, triplets=triplets
        )

    words = types.SimpleNamespace(decode=lambda ids, **_: "".join(map(chr, ids)))
    records = rollout_adapter._build_compact_rollout_trajectory_records(
        [rollout(0, "Rome", 1.0), rollout(1, "Oslo", None)], tokenizer=words, reward_fillna_value=0.0
    )
    packed = rollout_adapter._build_zipped_jsonl(records, "train_trajectories.jsonl")
    (folder / "agent_lightning.jsonl.zip").write_bytes(packed)


def mlflow(folder):
    import mlflow

    os.environ["MLFLOW_ALLOW_FILE_STORE"] = "true"
    with tempfile.TemporaryDirectory() as out:
        mlflow.set_tracking_uri((pathlib.Path(out) / "store").as_uri())
        with mlflow.start_run():
            for step in (1, 2):
                answers = ["Rome", "Oslo"]
                table = {
                    "step": [step] * 2,
                    "prompt": [PROMPT] * 2,
                    "completion": [completion(answer) for answer in answers],
                    "reward": [float(answer == "Rome") for answer in answers],
                    "golden_answers": [["Rome"]] * 2,
                }
                mlflow.log_table(table, "rollouts.json")
        [table] = pathlib.Path(out).glob("**/rollouts.json")
        (folder / "mlflow.json").write_bytes(table.read_bytes())


def flashrag(folder):
    import datasets, numpy, PIL.Image  # noqa: E401,F401

    sys.meta_path.append(Missing())
    from flashrag.dataset import Dataset
    from flashrag.pipeline.active_pipeline import IterativePipeline
    from flashrag.pipeline.pipeline import SequentialPipeline
    from flashrag.pipeline.reasoning_pipeline import ReasoningPipeline

    docs = [{"id": str(k), "contents": f"{title}\n{text}"} for k, (title, text) in enumerate(zip(("X", "Ines Varga"), FOUND))]
    config = {"device": "cpu", "save_retrieval_cache": False, "use_fid": False, "refiner_name": None, "metrics": ["em", "acc"]}
    config |= {"dataset_name": "wiki", "save_metric_score": False, "save_intermediate_data": True}
    written = []

    def run(pipeline, says, finds, template, **more):
        spoken, found = iter(says), iter(finds)
        generator = types.SimpleNamespace(generate=lambda prompts, **_: [next(spoken) for _ in prompts])
        retriever = types.SimpleNamespace(batch_search=lambda queries, **_: [next(found) for _ in queries])
        prompts = types.SimpleNamespace(get_string=template)
        with tempfile.TemporaryDirectory() as out:
            told = {**config, "save_dir": out}
            made = pipeline(told, prompt_template=prompts, generator=generator, retriever=retriever, **more)
            made.run(Dataset(data=[{"id": f"dev_{len(written)}", "question": QUESTION, "golden_answers": ["Rome"], "output": {}}]))
            written.append((pathlib.Path(out) / "intermediate_data.json").read_text())

    reference = lambda question, retrieval_result=(): (
        "\n".join(f"Doc {k}{doc['contents']}" for k, doc in enumerate(retrieval_result, 1)) + f"\nQuestion: {question}"
    )
    run(SequentialPipeline, ["Rome"], [docs], reference)
    run(IterativePipeline, ["Ines Varga", "Rome"], [docs[:1], docs[1:]], reference, iter_num=2)
    query = "I search. <|begin_of_query|>{}<|end_of_query|>"
    says = [query.format(ASKED[0]), query.format(ASKED[1]), "So it is.</think>\n<answer>Rome</answer>"]
    base = lambda question: ReasoningPipeline.user_prompt.format(question=question)
    run(ReasoningPipeline, says, [docs[:1], docs[1:]], base)
    (folder / "flashrag.json").write_text("\n".join(written))


def rllm(folder):
    root = next(pathlib.Path(path) for path in sys.path if (pathlib.Path(path) / "rllm/types.py").exists())
    for name in ("rllm", "rllm.eval", "rllm.utils"):
        sys.modules[name] = types.ModuleType(name)
        sys.modules[name].__path__ = [str(root / name.replace(".", "/"))]
    from rllm.eval.episode_store import EvalEpisodeStore
    from rllm.types import Episode, Step, Task, Trajectory
    from rllm.utils.episode_logger import EpisodeLogger

    def steps(answer):
        """Each step has the conversation so far."""
        chat = [{"role": "user", "content": QUESTION}]
        for k, (asked, found) in enumerate([*zip(ASKED, FOUND), (None, None)]):
            function = {"name": "search", "arguments": json.dumps({"query": asked})}
            call = {"tool_calls": [{"id": f"c{k}", "type": "function", "function": function}]}
            chat = [*chat, {"role": "assistant", "content": "" if asked else answer, **(call if asked else {})}]
            yield Step(chat_completions=chat, model_response=chat[-1]["content"])
            chat = [*chat, {"role": "tool", "tool_call_id": f"c{k}", "content": found}]

    task = {"question": QUESTION, "ground_truth": "Rome", "data_source": "wiki"}
    with tempfile.TemporaryDirectory() as out:
        for k, reward in enumerate((1.0, 0.0)):
            answer = "Rome" if reward else "Oslo"
            told = {"id": f"q1:{k}", "is_correct": reward > 0}
            own = Trajectory(name="agent", uid=f"t{k}", task=task, steps=list(steps(answer)), reward=reward)
            EpisodeLogger(out).log_episode(Episode(**told, task=task, trajectories=[own]), 12)
        written = [path.read_text() for path in sorted(pathlib.Path(out).glob("episodes/train_step_12_*/*.json"))]
        (folder / "rllm.json").write_text("\n".join(sorted(written)))
        instructed = Task(id="q1", instruction=QUESTION, metadata={"ground_truth": "Rome"})
        own = Trajectory(name="agent", uid="t0", task=instructed, steps=list(steps("Rome")), reward=1.0)
        for k, step in enumerate(own.steps):
            step.id = f"s{k}"
        path = EvalEpisodeStore(out).write(0, Episode(id="q1:0", is_correct=True, task=instructed, trajectories=[own]))
        (folder / "rllm_eval.json").write_bytes(path.read_bytes())


def main():
    folder = pathlib.Path(sys.argv[2]).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    writers = {"verl": verl, "openrlhf": openrlhf, "agentlightning": agentlightning, "mlflow": mlflow, "flashrag": flashrag, "rllm": rllm}
    writers[sys.argv[1]](folder)


main()
