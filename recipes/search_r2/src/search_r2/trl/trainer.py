"""GRPOTrainer with episodes in place of completions, and reviews as actions of their own.

What is TRL's own: the data set and its groups, the loss of the actor (clip, k3 penalty, aggregation), optimiser, schedule,
checkpoints, logs, several processes. By its extension points:

- `rollout_func` gives prompts, responses, log-probabilities and `env_mask`: 1 for what was sampled, 0 for results;
- a reward function hands on R, which the episode is worth;
- `_generate_and_score_completions` adds the reviews to the batch, and advantages by the recipe's formula (TRL divides by
  std + 1e-4, the paper's trainer and Cutpoint by std + 1e-6);
- `compute_loss` adds review_weight times the loss of the reviews, over as many rows as the actor's.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor
from trl import GRPOConfig, GRPOTrainer
from trl.models import unwrap_model_for_generation

from search_r2.advantages import group_advantages
from search_r2.data import Question
from search_r2.dialects import Dialect
from search_r2.episode import Episode, Prompt, episode, run_batch
from search_r2.rollouts import Scored, rollout_line, write_rollouts
from search_r2.rows import LossRow, loss_rows
from search_r2.score import Scorer
from search_r2.settings import ObjectiveSettings, RolloutSettings
from search_r2.trl.sampler import TransformersSampler, forbid, head_logits


@dataclass(frozen=True)
class Recipe:
    """What the trainer needs beside TRL's own arguments."""

    rollout: RolloutSettings
    objective: ObjectiveSettings
    scorer: Scorer
    dialect: Dialect
    sampler: TransformersSampler
    question_of: Callable[[Any], Question]
    """Of a prompt as the data set has it."""
    prompt_ids: Callable[[Any], list[int]]
    allowed: tuple[int, ...] = ()
    """Where not empty, the only tokens that the actor may write."""
    rollouts: Path | None = None


@dataclass(frozen=True)
class Played:
    """A batch of episodes with what they are worth."""

    episodes: list[Episode]
    questions: list[Question]
    drafts: list[list[Scored]]
    finals: list[Scored]


def search_r2_reward(completions: list[Any], episode_reward: list[float], **_: object) -> list[float]:
    """R of each episode, as the rollout handed it on. Its name is TRL's column."""
    assert len(completions) == len(episode_reward)
    return episode_reward


class SearchR2Trainer(GRPOTrainer):
    def __init__(self, recipe: Recipe, *, model: Any, args: GRPOConfig, tokenizer: Any, train_dataset: Any) -> None:
        self.recipe = recipe
        self.played: Played | None = None
        super().__init__(
            model=model,
            reward_funcs=[search_r2_reward],
            args=args,
            train_dataset=train_dataset,
            processing_class=tokenizer,
            rollout_func=self.rollout,
        )
        if recipe.allowed:
            for one in (self.model, self.ref_model):
                if one is not None:
                    forbid(one, recipe.allowed)

    def rollout(self, prompts: Sequence[Any], trainer: GRPOTrainer) -> dict[str, Any]:
        """TRL's `rollout_func`: a prompt comes once for each try of it."""
        del trainer
        with unwrap_model_for_generation(self.model_wrapped, self.accelerator) as model:
            self.played = self.play(prompts, model)
        finals = [one.final for one in self.played.episodes]
        return {
            "prompt_ids": [list(one.prompt.ids) for one in self.played.episodes],
            "completion_ids": [list(side.response) for side in finals],
            "logprobs": [list(side.logprobs) for side in finals],
            "env_mask": [list(side.mask) for side in finals],
            "episode_reward": [scored.reward for scored in self.played.finals],
        }

    def play(self, prompts: Sequence[Any], model: Any) -> Played:
        """Episodes of the prompts under `model`, with their worth."""
        recipe = self.recipe
        recipe.sampler.model = model
        questions = [recipe.question_of(prompt) for prompt in prompts]
        first = self.args.seed * 1_000_003 + self.state.global_step * len(prompts)
        coroutines = [
            episode(
                Prompt(tuple(recipe.prompt_ids(prompt)), question.question, question.id),
                recipe.dialect,
                recipe.rollout,
                first + k,
            )
            for k, (prompt, question) in enumerate(zip(prompts, questions, strict=True))
        ]
        was_training = model.training
        model.eval()
        episodes = run_batch(coroutines, recipe.sampler)
        model.train(was_training)
        worth = [recipe.scorer.episode(one, question) for one, question in zip(episodes, questions, strict=True)]
        return Played(episodes, questions, [drafts for drafts, _ in worth], [final for _, final in worth])

    def _generate_and_score_completions(self, inputs: list[dict[str, Any]]) -> dict[str, Any]:
        output: dict[str, Any] = super()._generate_and_score_completions(inputs)
        played = self.played
        assert played is not None and len(played.episodes) == len(inputs)
        objective = self.recipe.objective
        training = self.model.training
        size = self.num_generations if training else self.num_generations_eval
        device = self.accelerator.device
        rewards = torch.tensor([one.reward for one in played.finals], dtype=torch.float64, device=device)
        everywhere = self.accelerator.gather(rewards).tolist()
        start = self.accelerator.process_index * len(inputs)
        advantages = group_advantages(everywhere, size, objective.advantage)[start : start + len(inputs)]
        output["advantages"] = torch.tensor(advantages, dtype=torch.float32, device=device)
        drafts = [[one.reward for one in scored] for scored in played.drafts]
        rows = loss_rows(
            played.episodes,
            advantages,
            [one[: len(e.reviews)] for one, e in zip(drafts, played.episodes, strict=True)],
            rewards.tolist(),
            objective,
        )
        reviews: list[list[LossRow]] = [[] for _ in inputs]
        for row in rows:
            if row.kind == "review":
                reviews[row.row].append(row)
        output["reviews"] = reviews
        self._tell(played, "train" if training else "eval")
        if training and self.recipe.rollouts is not None and self.accelerator.is_main_process:
            self._write(played, advantages, self.recipe.rollouts)
        return output

    def _tell(self, played: Played, mode: str) -> None:
        count = len(played.episodes)
        figures = {
            "em_draft": sum(drafts[0].em for drafts in played.drafts) / count,
            "em_final": sum(final.em for final in played.finals) / count,
            "revised": sum(one.cut > 0 for one in played.episodes) / count,
            "searches": sum(len(one.final.searches) for one in played.episodes) / count,
        }
        for name, value in figures.items():
            self._metrics[mode][f"search_r2/{name}"].append(value)

    def _write(self, played: Played, advantages: Sequence[float], folder: Path) -> None:
        step = self.state.global_step + 1
        lines = [
            rollout_line(
                one,
                drafts[0],
                final,
                dialect=self.recipe.dialect,
                golden_answers=question.golden_answers,
                step=step,
                group=question.id,
                advantage=advantage,
            )
            for one, question, drafts, final, advantage in zip(
                played.episodes, played.questions, played.drafts, played.finals, advantages, strict=True
            )
        ]
        write_rollouts(folder, step, lines)

    def compute_loss(
        self, model: Any, inputs: dict[str, Any], return_outputs: bool = False, num_items_in_batch: Any = None
    ) -> Tensor:
        loss: Tensor = super().compute_loss(model, inputs, return_outputs, num_items_in_batch)
        reviews = inputs["reviews"]
        extra = self.review_loss(model, reviews, on_policy=inputs.get("old_per_token_logps") is None)
        mode = "train" if self.model.training else "eval"
        self._metrics[mode]["search_r2/review_loss"].append(extra.item())
        return loss + extra / (self.current_gradient_accumulation_steps if mode == "train" else 1)

    def review_loss(self, model: Any, reviews: Sequence[Sequence[LossRow]], on_policy: bool) -> Tensor:
        """review_weight * L_review / B of the B episodes whose reviews these are; no penalty towards the frozen policy."""
        objective = self.recipe.objective
        rows = [row for of_one in reviews for row in of_one]
        if not rows:
            return torch.zeros((), device=self.accelerator.device)
        new = self.review_logprobs(model, rows)
        total = torch.zeros((), device=self.accelerator.device)
        for row, current in zip(rows, new, strict=True):
            old = current.detach() if on_policy else torch.tensor(row.logprobs, device=current.device)
            ratio = (current - old).exp()
            clipped = ratio.clamp(1 - objective.clip_low, 1 + objective.clip_high)
            total = total - torch.minimum(ratio * row.advantage, clipped * row.advantage).mean()
        return objective.review_weight * total / len(reviews)

    def review_logprobs(self, model: Any, rows: Sequence[LossRow]) -> list[Tensor]:
        """Log-probabilities of each review's reply."""
        pad = self.processing_class.pad_token_id
        texts = [[*row.prompt, *row.response] for row in rows]
        longest = max(map(len, texts))
        device = self.accelerator.device
        ids = torch.tensor([[*text, *[pad] * (longest - len(text))] for text in texts], device=device)
        attention = torch.tensor([[1] * len(text) + [0] * (longest - len(text)) for text in texts], device=device)
        if self.recipe.allowed:
            logits = head_logits(self.accelerator.unwrap_model(model), ids, attention)
        else:
            logits = model(input_ids=ids, attention_mask=attention).logits.float() / self.temperature
        found = []
        for k, row in enumerate(rows):
            start = len(row.prompt)
            at = logits[k, start - 1 : start - 1 + len(row.response)]
            targets = torch.tensor(row.response, device=device)
            if row.choices:
                targets = torch.tensor([row.choices.index(token) for token in row.response], device=device)
                at = at[:, list(row.choices)]
            found.append(at.log_softmax(-1).gather(-1, targets.unsqueeze(-1)).squeeze(-1))
        return found
