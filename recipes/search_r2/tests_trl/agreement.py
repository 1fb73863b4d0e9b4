"""Cutpoint's engine, the recipe in plain Python and TRL's GRPOTrainer on the same tokens, rewards and masks.

    PYTHONPATH=src:tests python tests_trl/agreement.py       prints the table of README.md
"""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

import torch
from datasets import Dataset
from safetensors.torch import load_file
from test_engine import DIALECT, ENGINE, EPISODES, ROWS, engine_loss, engine_rows, reward_of
from transformers import AutoModelForCausalLM, AutoTokenizer, LlamaForCausalLM

from search_r2.advantages import group_advantages
from search_r2.data import Question
from search_r2.score import Scorer
from search_r2.settings import ObjectiveSettings, RewardSettings, RolloutSettings

os.environ.setdefault("TRL_EXPERIMENTAL_SILENCE", "1")
from trl import GRPOConfig

from search_r2.trl.sampler import TransformersSampler, forbid
from search_r2.trl.trainer import Recipe, SearchR2Trainer

ROOT = Path(__file__).resolve().parents[3]
FIXTURE = Path(__file__).resolve().parents[1] / "tests" / "fixtures" / "model"


def weights() -> dict[str, dict[str, torch.Tensor]]:
    """The three networks of the fixture: that of the rollouts, the frozen one, and the one to train."""
    base, trained = (load_file(ROOT / ENGINE["weights"][name]) for name in ("ref", "old"))
    new = {name: base[name] + ENGINE["weights"]["beyond"] * (trained[name] - base[name]) for name in base}
    return {"old": trained, "ref": base, "new": new}


def load(state: dict[str, torch.Tensor], model: LlamaForCausalLM) -> None:
    missing, unexpected = model.load_state_dict(state, strict=False)
    assert set(missing) <= {"lm_head.weight"} and not unexpected, (missing, unexpected)


def make_trainer(folder: Path) -> SearchR2Trainer:
    shutil.copytree(FIXTURE, folder / "model")
    tokenizer = AutoTokenizer.from_pretrained(folder / "model")
    model = AutoModelForCausalLM.from_config(LlamaForCausalLM.config_class.from_pretrained(folder / "model"))
    load(weights()["new"], model)
    model.save_pretrained(folder / "model")
    model = AutoModelForCausalLM.from_pretrained(folder / "model", dtype=torch.float32)
    settings = ENGINE["settings"]
    args = GRPOConfig(
        output_dir=str(folder / "out"),
        num_generations=settings["groupSize"],
        per_device_train_batch_size=len(ROWS),
        beta=settings["klBeta"],
        use_bias_correction_kl=False,
        epsilon=settings["clipLow"],
        epsilon_high=settings["clipHigh"],
        loss_type="grpo",
        bf16=False,
        use_cpu=True,
        report_to=[],
    )
    objective = ObjectiveSettings(
        review_weight=settings["reviewWeight"], clip_low=settings["clipLow"], clip_high=settings["clipHigh"]
    )
    questions = {row["words"]: Question(row["id"], row["question"], row["words"], (), ()) for row in ROWS}
    recipe = Recipe(
        rollout=RolloutSettings(max_turns=5),
        objective=objective,
        scorer=Scorer(RewardSettings(), 3),
        dialect=DIALECT,
        sampler=TransformersSampler(model, tokenizer, None, 64),  # type: ignore[arg-type]
        question_of=questions.__getitem__,
        prompt_ids=DIALECT.encode,
        allowed=tuple(DIALECT.actor_tokens()),
    )
    data = Dataset.from_list([{"prompt": row["words"]} for row in ROWS])
    trainer = SearchR2Trainer(recipe, model=model, args=args, tokenizer=tokenizer, train_dataset=data)
    load(weights()["ref"], trainer.ref_model)
    trainer.model.eval()
    return trainer


def padded(rows: list[list[float]], left: bool = False, value: float = 0) -> torch.Tensor:
    longest = max(map(len, rows))
    filled = [[value] * (longest - len(row)) + row if left else row + [value] * (longest - len(row)) for row in rows]
    return torch.tensor(filled)


def batch(trainer: SearchR2Trainer) -> dict[str, Any]:
    """The fixture's final trajectories and reviews, as GRPOTrainer's loss takes them."""
    actor = [row for row in engine_rows()[0] if row.kind == "actor"]
    prompts = [list(row.prompt) for row in actor]
    responses = [list(row.response) for row in actor]
    inputs: dict[str, Any] = {
        "prompt_ids": padded(prompts, left=True),
        "prompt_mask": padded([[1] * len(one) for one in prompts], left=True),
        "completion_ids": padded(responses),
        "completion_mask": padded([[1] * len(one) for one in responses]),
        "tool_mask": padded([list(row.mask) for row in actor], value=1),
        "advantages": torch.tensor([row.advantage for row in actor]),
        "old_per_token_logps": padded([list(row.logprobs) for row in actor]),
        "num_items_in_batch": torch.tensor(sum(sum(row.mask) for row in actor)),
        "reviews": [[row for row in engine_rows()[0] if row.kind == "review" and row.row == k] for k in range(len(ROWS))],
    }
    inputs["ref_per_token_logps"] = logps(trainer, trainer.ref_model, inputs)
    return inputs


@torch.no_grad()
def logps(trainer: SearchR2Trainer, model: Any, inputs: dict[str, Any]) -> torch.Tensor:
    ids = torch.cat([inputs["prompt_ids"], inputs["completion_ids"]], dim=1)
    attention = torch.cat([inputs["prompt_mask"], inputs["completion_mask"]], dim=1)
    found: torch.Tensor = trainer._get_per_token_logps_and_entropies(model, ids, attention, inputs["completion_ids"].shape[1])[0]
    return found


def largest_gap(found: torch.Tensor, want: list[list[float]], mask: torch.Tensor) -> float:
    return float(((found - padded(want)).abs() * mask).max())


def table() -> list[tuple[str, float, float, float]]:
    """Quantity, engine, recipe, TRL; for log-probabilities the largest distance from the engine's."""
    with tempfile.TemporaryDirectory() as folder, torch.no_grad():
        trainer = make_trainer(Path(folder))
        inputs = batch(trainer)
        mask = inputs["completion_mask"] * inputs["tool_mask"]
        finals = [row["final"] for row in ROWS]
        new = logps(trainer, trainer.model, inputs)
        rows = [
            ("log-probabilities, new: largest distance", 0.0, 0.0, largest_gap(new, [one["new"] for one in finals], mask)),
            (
                "log-probabilities, frozen: largest distance",
                0.0,
                0.0,
                largest_gap(inputs["ref_per_token_logps"], [one["ref"] for one in finals], mask),
            ),
        ]
        load(weights()["old"], trainer.ref_model)
        old = logps(trainer, trainer.ref_model, inputs)
        rows.append(
            ("log-probabilities, sampling: largest distance", 0.0, 0.0, largest_gap(old, [one["logprobs"] for one in finals], mask))
        )
        want, recipe = ENGINE["expected"], engine_loss()
        actor = float(super(SearchR2Trainer, trainer).compute_loss(trainer.model, inputs))
        both = float(trainer.compute_loss(trainer.model, inputs))
        review = float(trainer.review_loss(trainer.model, inputs["reviews"], on_policy=False))
        kl = trainer._metrics["eval"]["kl"][0]
        clipped = trainer._metrics["eval"]["clip_ratio/region_mean"][0]
        rows += [
            ("loss of the actor", want["loss"], recipe.loss - recipe.review, actor),
            ("loss of the reviews", want["reviewLoss"], recipe.review, review),
            ("both", want["loss"] + want["reviewLoss"], recipe.loss, both),
            ("k3, mean a token", want["klK3"], recipe.kl, kl),
            ("clipped, share of tokens", want["clipFraction"], recipe.clipped, clipped),
        ]
        finals_r = [reward_of(one.final, row) for one, row in zip(EPISODES, ROWS, strict=True)]
        advantages = group_advantages(finals_r, ENGINE["settings"]["groupSize"])
        ours = [row["advantage"] for row in ROWS]
        gap = max(abs(a - b) for a, b in zip(advantages, ours, strict=True))
        there = max(abs(float(a) - b) for a, b in zip(inputs["advantages"], ours, strict=True))
        rows.append(("advantages: largest distance", 0.0, gap, there))
        return rows


if __name__ == "__main__":
    print("| quantity | engine | recipe | TRL |\n| --- | --- | --- | --- |")
    for name, *values in table():
        print(f"| {name} | " + " | ".join(f"{value:.7f}" for value in values) + " |")
