"""python -m search_r2.verl DIR [--model NAME] [--retriever URL] [--check] [KEY=VALUE ..]: the paper's run on verl.

DIR is a folder of `npm run export -- --target verl`, or one with train.jsonl, held-out.jsonl and corpus.jsonl. KEY=VALUE are
overrides of verl's config (configs/search_r2.yaml) and win. Its corpus is served by BM25 unless --retriever names a server.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import threading
from pathlib import Path

from search_r2.data import FolderError
from search_r2.retriever import Bm25, CorpusError, dictionary_words, make_server, read_corpus, text_words
from search_r2.verl.check import CONFIGS, clashes, compose, retriever_trouble
from search_r2.verl.folder import CUSTOM, overrides_of, read_config, write_questions
from search_r2.verl.options import options_of
from search_r2.verl.pins import differing


def serve(corpus: Path, words: bool, everywhere: bool) -> str:
    """Serves a corpus from this process; returns its address. everywhere: other nodes reach it."""
    index = Bm25(read_corpus(corpus), dictionary_words if words else text_words)
    server = make_server(index.search, "0.0.0.0" if everywhere else "127.0.0.1", 0)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    host = "127.0.0.1"
    if everywhere:
        # Not by the host's name, which many systems resolve to themselves.
        from ray.util import get_node_ip_address

        host = get_node_ip_address()
    return f"http://{host}:{server.server_port}/retrieve"


def fail(*lines: str) -> int:
    for line in lines:
        print(line, file=sys.stderr)
    return 2


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m search_r2.verl", description="Starts Search-R2 on verl.")
    parser.add_argument("folder", type=Path, metavar="DIR")
    parser.add_argument("--model", help="a model of the hub, or a folder; the paper's is Qwen/Qwen2.5-7B")
    parser.add_argument("--retriever", metavar="URL", help="a server with Search-R1's protocol, for example http://HOST:8000/retrieve")
    parser.add_argument("--check", action="store_true", help="tell what is wrong, and start nothing")
    parser.add_argument("overrides", nargs="*", metavar="KEY=VALUE")
    given = parser.parse_intermixed_args(arguments)
    notes = differing()
    for note in notes:
        print(f"note: {note}", file=sys.stderr)
    if any(note.startswith("verl is not") for note in notes):
        return fail('verl is not installed: pip install "search-r2[verl]"')
    folder = given.folder.resolve()
    wrong = [one for one in given.overrides if "=" not in one]
    if wrong:
        return fail(f"{wrong[0]} is no override: KEY=VALUE")
    try:
        config = read_config(folder)
        words = config.get("notation") == "words"
        for line in write_questions(folder, words):
            print(line)
        several = any(one.startswith("trainer.nnodes=") and one != "trainer.nnodes=1" for one in given.overrides)
        retriever = given.retriever or serve(folder / "corpus.jsonl", words, several)
    except (FolderError, CorpusError, OSError) as error:
        return fail(str(error))
    overrides = overrides_of(folder, config)
    if given.model:
        overrides.append(f"actor_rollout_ref.model.path={given.model}")
    overrides += [f"{CUSTOM}.retriever={retriever}", *given.overrides]
    try:
        composed = compose(overrides)
        options = options_of(composed)
    # What hydra and verl raise is of many kinds; each says what is wrong with the config.
    except Exception as error:  # noqa: BLE001
        return fail(f"the config is refused: {error}")
    troubles = clashes(composed, options) + retriever_trouble(options)
    if troubles:
        return fail(*troubles)
    print(f"retriever: {retriever}\nrollouts: {composed.trainer.rollout_data_dir}", flush=True)
    if given.check:
        return 0
    # Where the package is not installed, Ray's workers find it as this process did.
    path = os.environ.get("PYTHONPATH")
    paths = [f"+ray_kwargs.ray_init.runtime_env.env_vars.PYTHONPATH='{path}'"] if path else []
    command = ["verl.trainer.main_ppo", "--config-dir", str(CONFIGS), "--config-name", "search_r2"]
    return subprocess.run([sys.executable, "-m", *command, *overrides, *paths], check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
