"""Needs the extra `trl`; run by hand: PYTHONPATH=src:tests python -m unittest discover -s tests_trl"""

import unittest

import torch
from agreement import forbid, table, weights
from transformers import LlamaConfig, LlamaForCausalLM


class AgreementTest(unittest.TestCase):
    def test_engine_recipe_and_trl_agree(self) -> None:
        for name, engine, recipe, trl in table():
            with self.subTest(name):
                self.assertLess(abs(recipe - engine), 1e-5)
                self.assertLess(abs(trl - engine), 1e-5)

    def test_the_three_networks_differ(self) -> None:
        states = weights()
        for one, other in [("old", "ref"), ("new", "ref"), ("new", "old")]:
            gaps = [float((states[one][name] - states[other][name]).abs().max()) for name in states["ref"]]
            self.assertGreater(max(gaps), 1e-4)

    def test_what_is_forbidden_is_not_saved(self) -> None:
        config = LlamaConfig(vocab_size=8, hidden_size=8, intermediate_size=8, num_hidden_layers=1, num_attention_heads=2)
        model = LlamaForCausalLM(config)
        before = set(model.state_dict())
        forbid(model, [1, 3])
        self.assertEqual(set(model.state_dict()), before)
        logits = model(input_ids=torch.tensor([[1, 2]])).logits[0, -1]
        self.assertEqual(torch.nonzero(logits > -1e8).flatten().tolist(), [1, 3])


if __name__ == "__main__":
    unittest.main()
