"""python -m search_r2.trl FOLDER: trains what `npm run export -- --target trl` wrote."""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from pathlib import Path

from search_r2.data import Folder, FolderError, Question, read_folder, require_versions
from search_r2.prompts import actor_prompt
from search_r2.retriever import Bm25, CorpusError, RetrieverClient, dictionary_words, read_corpus, text_words

LEANS_ON = {
    "trl": "GRPOTrainer's rollout_func with env_mask, per-batch lists, and a fused head that adds its bias",
    "transformers": "generate with output_logits, and Llama's base_model",
}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m search_r2.trl", description=__doc__)
    parser.add_argument("folder", type=Path, help="what npm run export -- --target trl wrote")
    parser.add_argument("--model", help="a model that follows instructions; by default the folder's own checkpoint")
    parser.add_argument("--retriever", help="URL of a retrieval server; by default corpus.jsonl is searched in this process")
    parser.add_argument("--judge", help="URL of a judge model's interface (.../v1), where evidence is judged")
    parser.add_argument("--judge-model", default="judge", help="its name there")
    parser.add_argument("--held-out", type=int, default=64, help="held-out questions that are asked before and after (64)")
    given = parser.parse_args()
    try:
        folder = read_folder(given.folder, "trl")
        require_versions(folder.pins, LEANS_ON)
        if folder.notation == "text" and given.model is None:
            raise FolderError("this folder has no model of its own: name one with --model")
        retriever = open_retriever(folder, given.retriever)
    except (FolderError, CorpusError, OSError) as error:
        sys.exit(fail(str(error)))
    except ModuleNotFoundError as error:
        sys.exit(fail(f'{error.name} is not installed: pip install "search-r2[trl]"'))
    train(folder, retriever, given)


def fail(message: str) -> int:
    print(message, file=sys.stderr)
    return 2


def open_retriever(folder: Folder, url: str | None) -> Bm25 | RetrieverClient:
    if url is not None:
        return RetrieverClient(url)
    words = dictionary_words if folder.notation == "words" else text_words
    return Bm25(read_corpus(folder.path / "corpus.jsonl"), words)


def train(folder: Folder, retriever: Bm25 | RetrieverClient, given: argparse.Namespace) -> None:
    # TRL says of every extension point that it may change, which the pins take care of.
    os.environ.setdefault("TRL_EXPERIMENTAL_SILENCE", "1")
    import torch
    from datasets import Dataset
    from transformers import AutoModelForCausalLM, AutoTokenizer
    from transformers.utils import is_torch_bf16_gpu_available
    from trl import GRPOConfig

    from search_r2.dialects import TextDialect, WordsDialect
    from search_r2.reward import Judge
    from search_r2.score import Scorer
    from search_r2.trl.sampler import TransformersSampler
    from search_r2.trl.trainer import Recipe, SearchR2Trainer

    name = given.model or str(folder.path / "model")
    settings = dict(folder.trainer)
    if settings.get("bf16") and not is_torch_bf16_gpu_available():
        print("note: no GPU here computes in bfloat16; it is float32, for which a model should be small", file=sys.stderr)
        settings["bf16"] = False
    try:
        tokenizer = AutoTokenizer.from_pretrained(name)
        model = AutoModelForCausalLM.from_pretrained(name, dtype=torch.bfloat16 if settings.get("bf16") else torch.float32)
    except OSError as error:
        sys.exit(fail(f"{name} cannot be opened as a model: {error}"))
    dialect: TextDialect | WordsDialect
    if folder.notation == "words":
        vocabulary = tokenizer.get_vocab()
        dialect = words = WordsDialect(sorted(vocabulary, key=lambda word: vocabulary[word]))
        allowed = tuple(words.actor_tokens())
    else:
        dialect = TextDialect(HubTokenizer(tokenizer), lambda message: chat_ids(tokenizer, message))
        allowed = ()

    def prompt_of(question: Question) -> str:
        return question.words if folder.notation == "words" else actor_prompt(question.question)

    def prompt_ids(prompt: str) -> list[int]:
        return words.encode(prompt) if folder.notation == "words" else chat_ids(tokenizer, prompt)

    questions = {prompt_of(one): one for one in (*folder.train, *folder.held_out)}
    args = GRPOConfig(output_dir=str(folder.path / "trained"), **settings)
    judge = None if given.judge is None else Judge(given.judge, given.judge_model)
    recipe = Recipe(
        rollout=folder.rollout,
        objective=folder.objective,
        scorer=Scorer(folder.reward, folder.rollout.topk, judge),
        dialect=dialect,
        sampler=TransformersSampler(model, tokenizer, retriever, rows_at_once=256),
        question_of=questions.__getitem__,
        prompt_ids=prompt_ids,
        allowed=allowed,
        rollouts=folder.path / "rollouts",
    )
    data = Dataset.from_list([{"prompt": prompt_of(one)} for one in folder.train])
    trainer = SearchR2Trainer(recipe, model=model, args=args, tokenizer=tokenizer, train_dataset=data)
    asked = [prompt_of(one) for one in folder.held_out[: given.held_out]]
    before = held_out(trainer, asked)
    start = time.monotonic()
    trainer.train()
    seconds = time.monotonic() - start
    trainer.save_model()
    after = held_out(trainer, asked)
    keep = ("reward", "search_r2/em_draft", "search_r2/em_final", "search_r2/revised", "kl", "grad_norm", "step_time")
    with (folder.path / "log.jsonl").open("w", encoding="utf-8") as log:
        for entry in trainer.state.log_history:
            if "reward" in entry:
                row = {"update": entry["step"], **{key: entry[key] for key in keep if key in entry}}
                log.write(json.dumps(row) + "\n")
    rewards = [entry["reward"] for entry in trainer.state.log_history if "reward" in entry]
    quarter = max(1, len(rewards) // 4)
    print(f"{len(rewards)} updates in {seconds:.1f} s, {seconds / max(1, len(rewards)):.2f} s each")
    print(f"reward, first and last quarter: {mean(rewards[:quarter]):.3f} -> {mean(rewards[-quarter:]):.3f}")
    if asked:
        print(f"held out, {len(asked)} questions, sampled, EM of drafts and finals: {before} -> {after}")


def held_out(trainer: object, prompts: list[str]) -> str:
    from search_r2.trl.trainer import SearchR2Trainer

    assert isinstance(trainer, SearchR2Trainer)
    if not prompts:
        return ""
    played = trainer.play(prompts, trainer.model)
    drafts = mean([one[0].em for one in played.drafts])
    return f"{drafts:.3f}, {mean([one.em for one in played.finals]):.3f}"


def mean(values: list[float] | list[int]) -> float:
    return sum(values) / len(values)


class HubTokenizer:
    """A tokenizer of transformers as a dialect wants it."""

    def __init__(self, tokenizer: object) -> None:
        self.tokenizer = tokenizer

    def encode(self, text: str) -> list[int]:
        ids: list[int] = self.tokenizer(text, add_special_tokens=False)["input_ids"]  # type: ignore[operator]
        return ids

    def decode(self, ids: object) -> str:
        text: str = self.tokenizer.decode(ids, skip_special_tokens=True)  # type: ignore[attr-defined]
        return text


def chat_ids(tokenizer: object, message: str) -> list[int]:
    """A conversation with one message of the user's, up to where the assistant begins."""
    messages = [{"role": "user", "content": message}]
    ids: list[int] = tokenizer.apply_chat_template(messages, add_generation_prompt=True, return_dict=False)  # type: ignore[attr-defined]
    return ids


if __name__ == "__main__":
    main()
