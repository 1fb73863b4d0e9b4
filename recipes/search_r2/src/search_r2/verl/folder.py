"""A folder of `npm run export -- --target verl` as overrides of the config, and its questions as Parquet."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from search_r2.data import FORMAT, FolderError
from search_r2.verl.data import DataError, verl_rows, write_parquet
from search_r2.verl.options import VERLS

CUSTOM = "actor_rollout_ref.rollout.custom.search_r2"
PARTS = ("train", "held-out")


def read_config(folder: Path) -> dict[str, Any]:
    """config.json; without one the folder has questions and a corpus of its own, and the paper's settings hold."""
    path = folder / "config.json"
    if not path.exists():
        return {}
    try:
        config = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise FolderError(f"{path} is no JSON: {error}") from error
    if not isinstance(config, dict) or config.get("format") != FORMAT:
        raise FolderError(f'{path} has not the format "{FORMAT}": export it again with the Cutpoint that this recipe came with')
    if config.get("target") != "verl":
        raise FolderError(f'{path} is for the target "{config.get("target")}": npm run export -- --target verl')
    return config


def overrides_of(folder: Path, config: Mapping[str, Any]) -> list[str]:
    """What hydra is given for a folder."""
    told = [f"data.train_files={folder / 'train.parquet'}", f"data.val_files={folder / 'held-out.parquet'}"]
    told.append(f"trainer.rollout_data_dir={folder / 'rollouts'}")
    if config.get("model"):
        told.append(f"actor_rollout_ref.model.path={folder / config['model']}")
    told += [f"{key}={_value(value)}" for key, value in config.get("trainer", {}).items()]
    if "notation" in config:
        told.append(f"{CUSTOM}.dialect={config['notation']}")
    if config.get("notation") == "words":
        # A checkpoint of Cutpoint has no chat: what it reads first is its prompt.
        told.append("""actor_rollout_ref.model.custom_chat_template="{{ messages[0]['content'] }}\"""")
    for section in ("rollout", "reward", "objective"):
        for key, value in config.get(section, {}).items():
            if section == "objective" and key in VERLS:
                continue
            # Keys that the config of the paper leaves at their defaults are new to hydra.
            told.append(f"++{CUSTOM}.{section}.{key}={_value(value)}")
    return told


def write_questions(folder: Path, words: bool) -> list[str]:
    """train.parquet and held-out.parquet, where their questions are newer. Returns what was written."""
    told = []
    for part in PARTS:
        lines, table = folder / f"{part}.jsonl", folder / f"{part}.parquet"
        if not lines.exists():
            raise FolderError(f"{lines} is missing: a line is a JSON object with question and golden_answers")
        if table.exists() and table.stat().st_mtime >= lines.stat().st_mtime:
            continue
        try:
            with lines.open(encoding="utf-8") as opened:
                rows = verl_rows(opened, part, words)
        except DataError as error:
            raise FolderError(f"{lines}: {error}") from error
        write_parquet(rows, table)
        told.append(f"{table}: {len(rows)} questions")
    return told


def _value(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return f"[{','.join(_value(one) for one in value)}]"
    return str(value)
