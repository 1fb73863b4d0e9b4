import json
import tempfile
import unittest
from pathlib import Path

from scripted import LETTERS, Scripted, dialect
from test_engine import DIALECT, EPISODES

from search_r2.data import FolderError, Question, read_folder, read_questions, require_versions
from search_r2.episode import Prompt, episode, run_batch
from search_r2.rollouts import readable, rollout_line, write_rollouts
from search_r2.score import Scorer
from search_r2.settings import RewardSettings, RolloutSettings
from search_r2.steps import parse_steps

SEARCH, WRONG, RIGHT = "<search>A</search>", "<answer>Oslo</answer>", "<answer>Rome</answer>"
QUESTION = Question("q1", "Where?", "", ("Rome",), (("A",),))


class RolloutsTest(unittest.TestCase):
    def test_a_line_has_draft_cut_and_final(self) -> None:
        prompt = Prompt(tuple(LETTERS.encode("Q")), "Where?")
        [one] = run_batch([episode(prompt, dialect(), RolloutSettings())], Scripted([SEARCH, WRONG, "2", RIGHT]))
        drafts, final = Scorer(RewardSettings(), 3).episode(one, QUESTION)
        line = rollout_line(
            one, drafts[0], final, dialect=dialect(), golden_answers=["Rome"], step=3, group="q1", advantage=0.5
        )
        self.assertEqual((line["cut"], line["draft"]["reward"], line["final"]["reward"]), (2, 0, 2.0))
        self.assertEqual(line["draft"]["completion"], LETTERS.decode(one.draft.response))
        self.assertEqual(line["final"]["useful"], [1])
        with tempfile.TemporaryDirectory() as folder:
            path = write_rollouts(Path(folder), 3, [line])
            self.assertEqual([json.loads(text) for text in path.read_text().splitlines()], [line])
            self.assertEqual([one.name for one in Path(folder).iterdir()], ["3.jsonl"])

    def test_results_of_a_checkpoint_are_told_apart(self) -> None:
        side = next(one.final for one in EPISODES if one.final.searches)
        shown = readable(side, DIALECT)
        self.assertEqual(shown.count("Doc 3(Title:"), len(side.searches))
        self.assertEqual([step.kind for step in parse_steps(shown)], [step.kind for step in side.steps])


class FolderTest(unittest.TestCase):
    def test_what_is_wrong_is_named(self) -> None:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            with self.assertRaisesRegex(FolderError, "what npm run export -- --target trl writes"):
                read_folder(folder, "trl")
            (folder / "config.json").write_text('{"format": "search-r2-recipe/1", "target": "verl"}')
            with self.assertRaisesRegex(FolderError, "is for verl, not for trl"):
                read_folder(folder, "trl")
            (folder / "config.json").write_text('{"format": "search-r2-recipe/9"}')
            with self.assertRaisesRegex(FolderError, "this version reads search-r2-recipe/1"):
                read_folder(folder, "trl")
            (folder / "train.jsonl").write_text('{"id": "1"}\n')
            with self.assertRaisesRegex(FolderError, r"train\.jsonl:1: not a question"):
                read_questions(folder / "train.jsonl")

    def test_versions_that_are_not_the_pinned_ones(self) -> None:
        with self.assertRaisesRegex(FolderError, 'surely-not-installed is not installed: pip install "surely-not-installed==1"'):
            require_versions({"surely-not-installed": "1"}, {})


if __name__ == "__main__":
    unittest.main()
