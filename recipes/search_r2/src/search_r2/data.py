"""The folder that `npm run export -- --target ..` writes: config.json, train.jsonl, held-out.jsonl, corpus.jsonl, model."""

from __future__ import annotations

import importlib.metadata
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from search_r2.settings import ObjectiveSettings, RewardSettings, RolloutSettings, settings_from

FORMAT = "search-r2-recipe/1"


class FolderError(ValueError):
    """A folder that is not what the export writes, or that asks for something this machine has not."""


@dataclass(frozen=True)
class Question:
    id: str
    question: str
    words: str
    """What a checkpoint of Cutpoint reads first."""
    golden_answers: tuple[str, ...]
    hops: tuple[tuple[str, ...], ...]
    """Of each hop, the passages that truly state its fact."""


@dataclass(frozen=True)
class Folder:
    path: Path
    notation: str
    seed: int
    pins: dict[str, str]
    rollout: RolloutSettings
    reward: RewardSettings
    objective: ObjectiveSettings
    trainer: dict[str, Any]
    train: tuple[Question, ...]
    held_out: tuple[Question, ...]


def read_folder(path: Path, target: str) -> Folder:
    """FolderError with file and key where something is missing, of another target or of a newer version."""
    config_path = path / "config.json"
    try:
        config = json.loads(config_path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise FolderError(f"{config_path}: {error}; the folder is what npm run export -- --target {target} writes") from error
    if config.get("format") != FORMAT:
        raise FolderError(f"{config_path} is of format {config.get('format')!r}; this version reads {FORMAT}")
    if config.get("target") != target:
        raise FolderError(f"{config_path} is for {config.get('target')}, not for {target}: export it with --target {target}")
    try:
        return Folder(
            path,
            config["notation"],
            config["seed"],
            config["pins"],
            settings_from(RolloutSettings, config["rollout"]),
            settings_from(RewardSettings, config["reward"]),
            settings_from(ObjectiveSettings, config["objective"]),
            config["trainer"],
            read_questions(path / "train.jsonl"),
            read_questions(path / "held-out.jsonl"),
        )
    except KeyError as error:
        raise FolderError(f"{config_path} lacks {error}") from error
    except (TypeError, ValueError) as error:
        raise FolderError(f"{config_path}: {error}") from error


def read_questions(path: Path) -> tuple[Question, ...]:
    rows = []
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise FolderError(f"{path}: {error}") from error
    for number, line in enumerate(lines, start=1):
        try:
            row = json.loads(line)
            hops = tuple(tuple(hop) for hop in row["hops"])
            rows.append(Question(row["id"], row["question"], row["words"], tuple(row["golden_answers"]), hops))
        except (ValueError, KeyError, TypeError) as error:
            raise FolderError(f"{path}:{number}: not a question ({error!r})") from error
    if not rows:
        raise FolderError(f"{path} holds no question")
    return tuple(rows)


def require_versions(pins: dict[str, str], leans_on: dict[str, str]) -> None:
    """FolderError where a package is missing or not the pinned one, with what of it the recipe leans on."""
    for name, pin in pins.items():
        try:
            found = importlib.metadata.version(name).split("+")[0]
        except importlib.metadata.PackageNotFoundError:
            raise FolderError(f'{name} is not installed: pip install "{name}=={pin}"') from None
        if found != pin:
            about = leans_on.get(name, "the numbers of this recipe were proved with it")
            raise FolderError(f'{name} {found} is installed, the recipe is pinned to {pin}: {about}. pip install "{name}=={pin}"')
