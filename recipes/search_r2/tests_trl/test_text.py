"""Needs the extra `trl`: a folder of English, trained one update by a language model with a chat template and random weights."""

import json
import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

from tokenizers import Tokenizer, decoders, models, pre_tokenizers
from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast
from trl import GRPOConfig

CHECKOUT = Path(__file__).parents[3]
TEMPLATE = "{% for m in messages %}<s>{{ m['role'] }}\n{{ m['content'] }}</s>{% endfor %}{% if add_generation_prompt %}<s>assistant\n{% endif %}"
CONFIG = {
    "format": "search-r2-recipe/1",
    "target": "trl",
    "notation": "text",
    "seed": 1,
    "pins": {},
    "rollout": {"max_turns": 2, "max_turn_tokens": 12, "max_response_tokens": 200, "max_review_tokens": 4, "gate": "always"},
    "reward": {"evidence": "answer"},
    "objective": {},
    "trainer": {
        **{"max_steps": 1, "num_generations": 2, "per_device_train_batch_size": 4, "beta": 0.001, "loss_type": "grpo"},
        **{"use_bias_correction_kl": False, "bf16": False, "use_cpu": True, "report_to": [], "save_strategy": "no"},
        **{"logging_steps": 1, "learning_rate": 1e-3},
    },
}


def save_model(folder: Path) -> None:
    """Bytes are its tokens, besides a few special ones."""
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    words = ["<pad>", "<s>", "</s>", *alphabet]
    inner = Tokenizer(models.BPE({word: k for k, word in enumerate(words)}, []))
    inner.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    inner.decoder = decoders.ByteLevel()
    tokenizer = PreTrainedTokenizerFast(tokenizer_object=inner, pad_token="<pad>", bos_token="<s>", eos_token="</s>")
    tokenizer.chat_template = TEMPLATE
    tokenizer.save_pretrained(folder)
    config = LlamaConfig(
        vocab_size=len(words),
        hidden_size=16,
        intermediate_size=32,
        num_hidden_layers=1,
        num_attention_heads=2,
        bos_token_id=1,
        eos_token_id=2,
        pad_token_id=0,
    )
    LlamaForCausalLM(config).save_pretrained(folder)


class TextTest(unittest.TestCase):
    def test_arguments_of_an_exported_folder(self) -> None:
        export = ["export", "--target", "trl", "--world", "microwiki", "--preset", "search-r2-paper", "--questions", "10"]
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name) / "out"
            subprocess.run(["node", "scripts/cli.mjs", *export, "--out", str(folder)], cwd=CHECKOUT, check=True, capture_output=True)
            trainer = json.loads((folder / "config.json").read_text())["trainer"]
        args = GRPOConfig(output_dir="never-written", **{**trainer, "bf16": False})
        # The paper's share of the updates, in which the rate rises.
        self.assertEqual(args.get_warmup_steps(1000), 285)

    def test_one_update(self) -> None:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            save_model(folder / "lm")
            (folder / "config.json").write_text(json.dumps(CONFIG))
            question = {"question": "Where is it?", "words": "", "golden_answers": ["Rome"], "hops": []}
            for part in ("train", "held-out"):
                lines = [json.dumps({**question, "id": f"{part}-{k}", "question": f"{part} {k}?"}) + "\n" for k in range(4)]
                (folder / f"{part}.jsonl").write_text("".join(lines))
            (folder / "corpus.jsonl").write_text('{"id": "1", "contents": "\\"t\\"\\nRome"}\n')
            command = [sys.executable, "-W", "ignore", "-m", "search_r2.trl", name, "--model", str(folder / "lm")]
            done = subprocess.run([*command, "--held-out", "2"], capture_output=True, text=True, env=os.environ)
            self.assertEqual(done.returncode, 0, done.stderr[-3000:])
            self.assertIn("1 updates in", done.stdout)
            rows = [json.loads(line) for line in (folder / "rollouts" / "1.jsonl").read_text().splitlines()]
            self.assertEqual(len(rows), 4)
            for row in rows:
                # Random words hold no search: every draft is one unfinished step, and each was cut there.
                self.assertEqual((row["cut"], row["final"]["end"], row["final"]["reward"]), (1, "unfinished", 0))
                self.assertNotEqual(row["draft"]["completion"], row["final"]["completion"])

    def test_without_a_model_it_says_so(self) -> None:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            (folder / "config.json").write_text(json.dumps({**CONFIG, "pins": {"trl": "1.0.0"}}))
            for part in ("train", "held-out"):
                (folder / f"{part}.jsonl").write_text('{"id": "1", "question": "a", "words": "", "golden_answers": ["b"], "hops": []}')
            run = [sys.executable, "-m", "search_r2.trl", name]
            done = subprocess.run(run, capture_output=True, text=True, env=os.environ)
            self.assertEqual(done.returncode, 2)
            self.assertRegex(done.stderr, r"trl [\d.]+ is installed, the recipe is pinned to 1\.0\.0: .*rollout_func")
            (folder / "config.json").write_text(json.dumps(CONFIG))
            done = subprocess.run(run, capture_output=True, text=True, env=os.environ)
            self.assertEqual(done.returncode, 2)
            self.assertIn("name one with --model", done.stderr)


if __name__ == "__main__":
    unittest.main()
