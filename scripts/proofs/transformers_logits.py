"""Proves that the transformers library reads our checkpoints: LlamaForCausalLM gives our logits, the tokenizer our token ids.

It loads a folder that `npm run export` wrote, encodes the text of some trajectories, and writes the logits that
LlamaForCausalLM gives them to a fixture. src/testing/engine/transformers.test.ts compares the engine's logits with it (at most 1e-4
apart). Not part of `npm test`; what it needs and how it was run stands in scripts/proofs/README.md.

    python scripts/proofs/transformers_logits.py FOLDER TRAJECTORIES.jsonl.gz FIXTURE.json
"""

import gzip
import json
import sys
import tempfile
from pathlib import Path

import torch
import transformers
from transformers import AutoTokenizer, GenerationConfig, LlamaForCausalLM

# Trajectories in the fixture, and positions of each whose logits it keeps.
ROWS = 3
POSITIONS = 4


def main(folder: str, trajectories: str, fixture: str) -> None:
    torch.manual_seed(0)
    model, info = LlamaForCausalLM.from_pretrained(folder, output_loading_info=True)
    for kind in ("missing_keys", "unexpected_keys", "mismatched_keys"):
        assert not info[kind], (kind, info[kind])
    assert model.dtype == torch.float32 and model.lm_head.weight is model.model.embed_tokens.weight
    model.eval()
    tokenizer = AutoTokenizer.from_pretrained(folder)
    check_tokenizer(tokenizer, folder)
    rows = []
    for tokens in read_rows(trajectories):
        ids = tokenizer(" ".join(tokens), add_special_tokens=False)["input_ids"]
        assert ids == tokenizer.convert_tokens_to_ids(tokens), tokens
        with torch.no_grad():
            logits = model(torch.tensor([ids])).logits[0]
        positions = sorted({round(i * (len(ids) - 1) / (POSITIONS - 1)) for i in range(POSITIONS)})
        values = [[round(x, 6) for x in logits[at].tolist()] for at in positions]
        rows.append({"text": " ".join(tokens), "ids": ids, "positions": positions, "logits": values})
    check_saved_again(model, tokenizer, folder)
    check_generation(model, tokenizer, folder, rows[0]["ids"])
    versions = {"transformers": transformers.__version__, "torch": torch.__version__, "python": sys.version.split()[0]}
    # One line a position keeps the file small and its changes readable.
    body = ",\n".join(
        '    {"text": %s,\n     "ids": %s,\n     "positions": %s,\n     "logits": [\n%s]}'
        % (json.dumps(r["text"]), json.dumps(r["ids"]), json.dumps(r["positions"]),
           ",\n".join("      " + json.dumps(v) for v in r["logits"]))
        for r in rows
    )
    Path(fixture).write_text('{\n  "versions": %s,\n  "rows": [\n%s\n  ]\n}\n' % (json.dumps(versions), body))
    print(f"{fixture}: {len(rows)} trajectories, {len(tokenizer)} tokens, {versions}")


def read_rows(path: str) -> list[list[str]]:
    """Token strings of the longest drafts of the last update, which use every kind of token."""
    with gzip.open(path, "rt") as lines:
        rows = [json.loads(line) for line in lines]
    last = max(row["update"] for row in rows)
    drafts = [row["draft"]["tokens"] for row in rows if row["update"] == last]
    return sorted(drafts, key=lambda tokens: (-len(tokens), tokens))[:ROWS]


def check_tokenizer(tokenizer, folder: str) -> None:
    """Every token alone, all of them in a row with any white space between them, and what is no token."""
    vocab = json.loads(Path(folder, "tokenizer.json").read_text())["model"]["vocab"]
    words = sorted(vocab, key=vocab.get)
    assert len(tokenizer) == len(words) and any(" " in word for word in words)
    for word in words:
        assert tokenizer.encode(word, add_special_tokens=False) == [vocab[word]], word
    everything = list(range(len(words)))
    for space in (" ", "  ", "\n", "\t "):
        assert tokenizer.encode(space.join(words), add_special_tokens=False) == everything, repr(space)
    assert tokenizer.encode(" ".join(reversed(words)), add_special_tokens=False) == everything[::-1]
    assert tokenizer.decode(everything) == " ".join(words)
    assert (tokenizer.pad_token_id, tokenizer.bos_token_id, tokenizer.eos_token_id) == (0, 1, 2)
    try:
        tokenizer.encode("city:Nowhere At All")
    except Exception as error:
        print(f"an unknown word is refused: {error}")
    else:
        raise AssertionError("an unknown word got a token")


def check_saved_again(model, tokenizer, folder: str) -> None:
    """What transformers saves again keeps what Cutpoint needs to know it: names, float32, and where it comes from."""
    with tempfile.TemporaryDirectory() as out:
        model.save_pretrained(out)
        tokenizer.save_pretrained(out)
        mine, theirs = (json.loads(Path(f, "config.json").read_text()) for f in (folder, out))
        assert theirs["cutpoint"] == mine["cutpoint"], theirs
        again = LlamaForCausalLM.from_pretrained(out).state_dict()
        assert all(torch.equal(value, again[name]) for name, value in model.state_dict().items())


def check_generation(model, tokenizer, folder: str, ids: list[int]) -> None:
    """What it samples is what the actor may write."""
    config = GenerationConfig.from_pretrained(folder)
    suppressed = set(config.suppress_tokens)
    question = ids[: ids.index(tokenizer.convert_tokens_to_ids("?")) + 1]
    written = model.generate(torch.tensor([question] * 16), max_new_tokens=12)[:, len(question):].flatten().tolist()
    assert not suppressed & (set(written) - {config.pad_token_id}), suppressed & set(written)
    print("sampled:", tokenizer.decode(written[:12]))


if __name__ == "__main__":
    main(*sys.argv[1:])
