"""What of the recipe for verl needs neither verl nor torch."""

import json
import tempfile
import types
import unittest
from pathlib import Path

from test_episode import RIGHT, SEARCH_A, SEARCH_B, WRONG, dialect, run

from search_r2.verl import cost
from search_r2.verl.check import clashes
from search_r2.verl.data import DataError, verl_rows
from search_r2.verl.dump import session_line, write_lines
from search_r2.verl.folder import FolderError, overrides_of, read_config, write_questions
from search_r2.verl.options import Options, options_from
from search_r2.verl.pins import PINS, differing
from search_r2.verl.record import KEY, episode_record
from search_r2.verl.reward import compute_score
from search_r2.verl.weights import session_metrics, weigh

HERE = Path(__file__).resolve().parent
TRUTH = {"target": ["Rome"], "supports": [["A"], ["B"]]}
# The scripted search engine finds a passage whose id is the query.
LABELS = {"evidence": "labels"}


def told(turns):
    result, _ = run(turns)
    return episode_record(result, dialect())


def scored(record, truth=TRUTH, **settings):
    return compute_score("s", "", truth, {KEY: record}, settings={**LABELS, **settings}, topk=1)


class RewardTest(unittest.TestCase):
    def test_final_and_draft_by_labels(self) -> None:
        record = told([SEARCH_A, SEARCH_A, WRONG, "2", SEARCH_B, RIGHT])
        score = scored(record)
        self.assertEqual(score, {"score": 2.0, "em": 1.0, "useful": 1.0, "draft_scores": [0.0]})

    def test_a_search_that_repeats_halves_the_process_reward(self) -> None:
        score = scored(told([SEARCH_A, SEARCH_A, RIGHT, "0"]))
        self.assertEqual((score["score"], score["useful"], score["draft_scores"]), (1.5, 0.5, [1.5]))

    def test_wrong_answers_have_no_reward_unless_added(self) -> None:
        record = told([SEARCH_A, WRONG, "0"])
        self.assertEqual(scored(record)["score"], 0.0)
        self.assertEqual(scored(record, combine="sum")["score"], 1.0)

    def test_without_a_record_the_text_is_read(self) -> None:
        text = "<search>a</search><information>Doc 1 Rome is old</information><answer>Rome</answer>"
        score = compute_score("s", text, {"target": ["Rome"]}, {}, settings={"evidence": "answer"}, topk=1)
        self.assertEqual(score, {"score": 2.0, "em": 1.0, "useful": 1.0})

    def test_labels_that_are_missing_are_told(self) -> None:
        with self.assertRaisesRegex(ValueError, "supports"):
            scored(told([SEARCH_A, RIGHT, "0"]), {"target": ["Rome"], "supports": []})


class WeightsTest(unittest.TestCase):
    def rows(self, **objective):
        record = told([SEARCH_A, WRONG, "1", RIGHT])
        scores = {"score": 1.0, "draft_scores": [0.25]}
        extras = [
            {KEY: {"kind": "final", **record}, "reward_extra_info": scores},
            {KEY: {"kind": "review", "number": 0}},
            {KEY: {"kind": "discarded", "number": 0}},
            {KEY: {"kind": "final", **record}},
        ]
        # In any order, as a balanced batch is.
        keys = ["u_0_2", "u_0_0", "u_0_1", "padab_0_0"]
        return weigh(keys, [30, 1, 10, 0], extras, options_from({"objective": objective}))

    def test_review_has_its_weight_and_cut_text_shares(self) -> None:
        self.assertEqual(
            self.rows(review_weight=0.2, discarded="in"),
            [("final", 0.75, None), ("review", 0.2, None), ("discarded", 0.25, None), ("padding", 1.0, None)],
        )

    def test_draft_baseline_is_what_the_cut_gained(self) -> None:
        self.assertEqual(self.rows(refiner_advantage="draftBaseline")[1], ("review", 1.0, 0.75))

    def test_metrics_are_means_over_sessions(self) -> None:
        score = {"score": 2.0, "em": 1.0, "useful": 1.0, "draft_scores": [0.5]}
        wrong = {**score, "score": 0.0, "em": 0.0}
        extras = [
            {KEY: {"kind": "final", "reviews": [{"cut": 2, "said": 2}]}, "reward_extra_info": score},
            {KEY: {"kind": "review", "number": 0}, "reward_extra_info": score},
            {KEY: {"kind": "final", "reviews": [{"cut": 0, "said": None}]}, "reward_extra_info": wrong},
            {KEY: {"kind": "final", "reviews": [{"cut": 1, "said": 1}]}, "reward_extra_info": score},
        ]
        told = session_metrics(["a_0_1", "a_0_0", "a_1_1", "padff_0_0"], extras)
        wanted = {"reward": 1.0, "em": 0.5, "useful": 1.0, "draft_reward": 0.5, "revised": 0.5, "illegal_reviews": 0.5}
        self.assertEqual(told, {f"search_r2/{name}": value for name, value in wanted.items()})


class DumpTest(unittest.TestCase):
    def test_a_line_a_session_in_order(self) -> None:
        def final(turns):
            return {KEY: {"kind": "final", **told(turns)}, "reward_extra_info": scored(told(turns))}

        cut, plain = final([SEARCH_A, WRONG, "2", RIGHT]), final([RIGHT, "0"])
        review = {KEY: {"kind": "review", "number": 0}}
        keys = ["b_0_0", "a_1_1", "a_1_0", "a_0_0", "padff_0_0"]
        truth = {"ground_truth": TRUTH}
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "new" / "7.jsonl"
            write_lines(path, 7, keys, [plain, cut, review, plain, plain], [truth] * 5, [0.0, 1.0, 1.0, -1.0, None])
            lines = [json.loads(line) for line in path.read_text().splitlines()]
            self.assertEqual(list(path.parent.iterdir()), [path])
        seen = [(one["group"], one["session"], one["advantage"]) for one in lines]
        self.assertEqual(seen, [("a", 0, -1.0), ("a", 1, 1.0), ("b", 0, 0.0)])
        self.assertEqual(lines[1]["cut"], 2)
        self.assertIn("Oslo", lines[1]["draft"]["completion"])
        self.assertIn("Rome", lines[1]["final"]["completion"])
        self.assertEqual(lines[1]["draft"]["reward"], 0.0)
        self.assertEqual(lines[1]["final"]["useful"], [1])

    def test_validation_has_one_side(self) -> None:
        record = {**told([RIGHT, "0"]), "reviews": [], "drafts": []}
        line = session_line(1, "u_0_0", {KEY: record, "reward_extra_info": scored(record)}, TRUTH, None)
        self.assertEqual((line["completion"], line["reward"]), (RIGHT, 1.0))
        self.assertNotIn("draft", line)


class DataTest(unittest.TestCase):
    LINE = json.dumps({"question": "Where?", "golden_answers": ["Rome"], "hops": [["1", "2"]], "words": "<bos> x ?", "id": "q"})

    def test_row_of_a_language_model_and_of_a_checkpoint(self) -> None:
        [text] = verl_rows([self.LINE, "\n"], "train", words=False)
        [words] = verl_rows([self.LINE], "train", words=True)
        self.assertTrue(text["prompt"][0]["content"].endswith("Question: Where?\n"))
        self.assertEqual(words["prompt"], [{"role": "user", "content": "<bos> x ?"}])
        self.assertEqual(text["reward_model"]["ground_truth"], {"target": ["Rome"], "supports": [["1", "2"]]})
        self.assertEqual(text["extra_info"], {"split": "train", "index": 0, "id": "q", "question": "Where?"})

    def test_bad_lines_are_told_with_their_number(self) -> None:
        empty = '{"question": "a", "golden_answers": []}'
        cases = {"{": "line 2", '{"question": ""}': "question", empty: "golden_answers", "[]": "no JSON object"}
        for line, said in cases.items():
            with self.assertRaisesRegex(DataError, said):
                verl_rows([self.LINE, line], "train", words=False)
        with self.assertRaisesRegex(DataError, "no question"):
            verl_rows([], "train", words=False)


class ConfigTest(unittest.TestCase):
    def config(self, **actor):
        rollout = types.SimpleNamespace(name="sglang", skip_tokenizer_init=False, response_length=3000, n=5)
        actor = types.SimpleNamespace(**{"loss_agg_mode": "seq-mean-token-mean", **actor})
        trainer = types.SimpleNamespace(v1=types.SimpleNamespace(trainer_mode="search_r2"))
        algorithm = types.SimpleNamespace(adv_estimator="grpo")
        ours = types.SimpleNamespace(rollout=rollout, actor=actor)
        return types.SimpleNamespace(actor_rollout_ref=ours, trainer=trainer, algorithm=algorithm)

    def test_options(self) -> None:
        self.assertEqual(Options().outputs, 2)
        self.assertEqual(options_from({"rollout": {"refiner": "none"}, "objective": {"discarded": "in"}}).outputs, 1)
        self.assertEqual(options_from({"objective": {"discarded": "in"}, "rollout": {"max_revisions": 2}}).outputs, 5)
        for values, said in [
            ({"retriver": "x"}, "retriver"),
            ({"dialect": "tags"}, "dialect"),
            ({"objective": {"kl_beta": 0}}, "kl_loss_coef"),
            ({"rollout": {"turns": 1}}, "max_turns"),
        ]:
            with self.assertRaisesRegex(ValueError, said):
                options_from(values)

    def test_what_does_not_go_together(self) -> None:
        self.assertEqual(clashes(self.config(), Options()), [])
        self.assertRegex(clashes(self.config(loss_agg_mode="token-mean"), Options())[0], "token-mean")
        other = self.config()
        other.algorithm.adv_estimator = "rloo"
        self.assertRegex(clashes(other, Options())[0], "members of the group")
        wrong = self.config()
        wrong.actor_rollout_ref.rollout.skip_tokenizer_init = True
        wrong.actor_rollout_ref.rollout.response_length = 10
        wrong.trainer.v1.trainer_mode = "sync"
        self.assertEqual(len(clashes(wrong, options_from({"objective": {"review_weight": 0.2}}))), 3)

    def test_versions(self) -> None:
        self.assertEqual(differing({**PINS, "torch": "2.11.0+cpu"}), [])
        [newer] = differing({**PINS, "verl": "0.10.0"})
        self.assertRegex(newer, r"^verl is 0\.10\.0; the recipe was run with 0\.9\.1 \(.*\): pip install verl==0\.9\.1$")
        [none] = differing({**PINS, "ray": None})
        self.assertRegex(none, "^ray is not installed")


class FolderTest(unittest.TestCase):
    def test_settings_of_a_folder_become_overrides(self) -> None:
        config = {
            "format": "search-r2-recipe/1",
            "target": "verl",
            "notation": "words",
            "model": "model",
            "rollout": {"max_turns": 5},
            "objective": {"review_weight": 0.2, "kl_beta": 0.1},
            "trainer": {"data.train_batch_size": 24, "actor_rollout_ref.actor.optim.betas": [0.9, 0.99], "a.b": True},
        }
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            (folder / "config.json").write_text(json.dumps(config))
            told = overrides_of(folder, read_config(folder))
        self.assertEqual(told[0], f"data.train_files={folder}/train.parquet")
        self.assertIn("data.train_batch_size=24", told)
        self.assertIn("actor_rollout_ref.actor.optim.betas=[0.9,0.99]", told)
        self.assertIn("a.b=true", told)
        self.assertIn(f"actor_rollout_ref.model.path={folder}/model", told)
        self.assertIn("++actor_rollout_ref.rollout.custom.search_r2.rollout.max_turns=5", told)
        self.assertIn("++actor_rollout_ref.rollout.custom.search_r2.objective.review_weight=0.2", told)
        # verl's own key, which `trainer` has.
        self.assertNotIn("kl_beta", " ".join(told))

    def test_folders_that_are_none(self) -> None:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            self.assertEqual(read_config(folder), {})
            with self.assertRaisesRegex(FolderError, "train.jsonl is missing"):
                write_questions(folder, False)
            for text, said in [("{", "no JSON"), ("{}", "format"), ('{"format": "search-r2-recipe/1", "target": "trl"}', '"trl"')]:
                (folder / "config.json").write_text(text)
                with self.assertRaisesRegex(FolderError, said):
                    read_config(folder)


class CostTest(unittest.TestCase):
    def test_parameters_are_those_that_the_model_says_it_has(self) -> None:
        # 7.62 billion, 6.53 of them without embeddings, says its card.
        embeddings = 2 * cost.QWEN_7B.vocabulary * cost.QWEN_7B.width
        self.assertEqual(cost.QWEN_7B.parameters, 7_615_616_512)
        self.assertAlmostEqual((cost.QWEN_7B.parameters - embeddings) / 1e9, 6.53, places=2)

    def test_page_is_what_the_arithmetic_says(self) -> None:
        self.assertEqual((HERE.parent / "COST.md").read_text(encoding="utf-8"), cost.page())


if __name__ == "__main__":
    unittest.main()
