import math
import unittest

from search_r2.advantages import group_advantages, review_advantage
from search_r2.prompts import ReviewedStep, actor_prompt, judge_prompt, read_judgement, read_review, refiner_prompt
from search_r2.reward import (
    exact_match,
    normalize_answer,
    process_reward,
    trajectory_reward,
    worth_by_answer,
    worth_by_labels,
)
from search_r2.settings import RewardSettings, RolloutSettings, settings_from
from search_r2.steps import Passage, Step, kept_prefix, parse_steps, remaining_turns

TEXT = (
    "<think>who</think><search>A</search>\n\n<information>Doc 1</information>\n\n"
    "<think>where</think><search> B </search><information>Doc 2</information><answer>Rome</answer>"
)


def search(*ids: str, text: str = "") -> Step:
    passages = tuple(Passage(one, f'"t"\n{text or one}') for one in ids)
    return Step("search", 0, 0, 0, information="x", passages=passages)


class StepsTest(unittest.TestCase):
    def test_steps_of_a_text(self) -> None:
        steps = parse_steps(TEXT)
        self.assertEqual([step.kind for step in steps], ["search", "search", "answer"])
        self.assertEqual([step.query for step in steps], ["A", "B", ""])
        self.assertEqual([step.thought for step in steps], ["who", "where", ""])
        self.assertEqual(steps[2].answer, "Rome")
        self.assertEqual("".join(TEXT[step.start : step.end] for step in steps), TEXT)

    def test_what_a_cut_keeps(self) -> None:
        steps = parse_steps(TEXT)
        self.assertEqual(kept_prefix(steps, 1), 0)
        self.assertTrue(TEXT[: kept_prefix(steps, 2)].endswith("</information>\n\n"))
        for cut in [0, 4]:
            with self.assertRaisesRegex(ValueError, "cuts are from 1 to 3"):
                kept_prefix(steps, cut)
        self.assertEqual([remaining_turns(4, cut) for cut in [1, 2, 4]], [4, 3, 1])

    def test_unfinished(self) -> None:
        self.assertEqual([step.kind for step in parse_steps("<think>a")], ["unfinished"])
        self.assertEqual([step.kind for step in parse_steps("<search> </search>")], ["unfinished"])
        self.assertEqual(parse_steps(" \n"), [])


class PromptsTest(unittest.TestCase):
    def test_refiner(self) -> None:
        said = refiner_prompt("Q?", [ReviewedStep("a", "r"), ReviewedStep("b", None)], context="before")
        parts = said.split("\n\n")
        self.assertIn("from 0 to 2", parts[0])
        self.assertEqual(
            parts[1:],
            [
                "ASSISTANT_CONTEXT:\nbefore",
                "USER:\nQ?",
                "ASSISTANT_STEP_1:\na\nTOOL:\nr",
                "ASSISTANT_STEP_2:\nb",
                "Index of the first problematic step (0 for none):",
            ],
        )

    def test_replies(self) -> None:
        read = {"2": 2, " 0\n": 0, "<think>1 or 3?</think> 2": 2, "step 3": 3, "4": None, "-1": None, "1.5": None, "": None, "10": None}
        self.assertEqual({reply: read_review(reply, 3) for reply in read}, read)
        self.assertEqual(read_judgement("Useful: 2", 2), 2)
        self.assertIsNone(read_judgement("3", 2))

    def test_actor_and_judge(self) -> None:
        self.assertTrue(actor_prompt("Where ").endswith("Question: Where?\n"))
        self.assertIn("Right answer: A or B\n\nCollection 1:\nx\n\nCollection 2:\ny", judge_prompt("Q", ["A", "B"], ["x", "y"]))


class RewardTest(unittest.TestCase):
    def test_exact_match(self) -> None:
        self.assertEqual(normalize_answer("  The  U.S.A., an ally "), "usa ally")
        self.assertEqual(exact_match("the Rome!", ["Roma", "rome"]), 1)
        self.assertEqual(exact_match("Rome, Italy", ["Rome"]), 0)
        self.assertEqual(exact_match(None, ["Rome"]), 0)
        with self.assertRaisesRegex(ValueError, "no right answer"):
            exact_match("Rome", [])

    def test_worth_by_labels(self) -> None:
        hops = [["1", "2"], ["5"]]
        worth = worth_by_labels([search("1", "2", "9"), search("2", "7", "8"), search("5", "1", "9")], hops, 3)
        self.assertEqual([one.useful for one in worth], [1, 0, 1])
        self.assertEqual([one.share for one in worth], [2 / 3, 0, 1 / 3])
        self.assertAlmostEqual(process_reward(worth, "collection"), 2 / 3)
        self.assertAlmostEqual(process_reward(worth, "passage"), 1 / 3)
        self.assertEqual(process_reward([], "collection"), 0)
        self.assertEqual(process_reward(worth, "off"), 0)

    def test_worth_by_answer(self) -> None:
        searches = [search("1", text="nothing"), search("2", text="It is in Rome."), search("2", text="It is in Rome."), search("3", text="Romeo")]
        self.assertEqual([one.useful for one in worth_by_answer(searches, ["Rome"], 3)], [0, 1, 0, 0])

    def test_reward(self) -> None:
        self.assertEqual(trajectory_reward(1, 0.5, RewardSettings()), 1.5)
        self.assertEqual(trajectory_reward(0, 0.5, RewardSettings()), 0)
        self.assertEqual(trajectory_reward(0, 0.5, RewardSettings(combine="sum")), 0.5)


class AdvantagesTest(unittest.TestCase):
    def test_groups(self) -> None:
        got = group_advantages([1.0, 0.0, 0.5, 0.5], 2)
        self.assertAlmostEqual(got[0], 0.5 / (math.sqrt(0.5) + 1e-6))
        self.assertEqual(got[2:], [0.0, 0.0])
        self.assertEqual(group_advantages([1, 0, 0], 3, "rloo"), [1.0, -0.5, -0.5])
        with self.assertRaisesRegex(ValueError, "whole groups"):
            group_advantages([1, 2, 3], 2)

    def test_reviews(self) -> None:
        self.assertEqual(review_advantage(2, 0.7, 0.0, 1.5, "group"), 0.7)
        self.assertEqual(review_advantage(2, 0.7, 0.5, 1.5, "draftBaseline"), 1.0)
        self.assertEqual(review_advantage(0, 0.7, 0.5, 0.5, "draftBaseline"), 0.0)


class SettingsTest(unittest.TestCase):
    def test_unknown_keys_are_named(self) -> None:
        self.assertEqual(settings_from(RolloutSettings, {"topk": 5}).topk, 5)
        with self.assertRaisesRegex(ValueError, "has no top_k; it has max_turns"):
            settings_from(RolloutSettings, {"top_k": 5})


if __name__ == "__main__":
    unittest.main()
