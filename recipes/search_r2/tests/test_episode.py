import asyncio
import unittest
from collections.abc import Sequence

from scripted import LETTERS, Scripted, dialect

from search_r2.episode import Generate, Prompt, Retrieve, Sampled, Score, decide, episode, run_async, run_batch
from search_r2.settings import RolloutSettings
from search_r2.steps import Passage

PROMPT = Prompt(tuple(LETTERS.encode("Q")), "Where?", "row-1")
SEARCH_A = "<think>a</think><search>A</search>"
SEARCH_B = "<think>b</think><search>B</search>"
WRONG = "<think>x</think><answer>Oslo</answer>"
RIGHT = "<think>y</think><answer>Rome</answer>"


def run(turns: Sequence[str], settings: RolloutSettings | None = None, chances: Sequence[float] = (), seed: int | None = None):
    backend = Scripted(turns, chances)
    [result] = run_batch([episode(PROMPT, dialect(), settings or RolloutSettings(), seed)], backend)
    return result, backend


def text(ids: Sequence[int]) -> str:
    return LETTERS.decode(ids)


class EpisodeTest(unittest.TestCase):
    def test_accepted_draft_is_final(self) -> None:
        result, backend = run([SEARCH_A, RIGHT, "0"])
        self.assertIs(result.final, result.draft)
        self.assertEqual(result.cut, 0)
        self.assertEqual(result.final.answer, "Rome")
        self.assertEqual([type(one).__name__ for one in backend.asked], ["Generate", "Retrieve", "Generate", "Generate"])

    def test_cut_keeps_the_steps_before_it_token_for_token(self) -> None:
        result, backend = run([SEARCH_A, SEARCH_B, WRONG, "2", RIGHT])
        draft, final = result.draft, result.final
        kept = draft.steps[1].start
        self.assertEqual(text(draft.response[:kept]), f"{SEARCH_A}\n\n<information>Doc 1(Title: \"A\") about A</information>\n\n")
        self.assertEqual(final.response[:kept], draft.response[:kept])
        self.assertEqual(text(final.response[kept:]), RIGHT)
        self.assertEqual(final.steps[0], draft.steps[0])
        self.assertEqual([step.kind for step in final.steps], ["search", "answer"])
        # The suffix is asked for behind the kept prefix alone: no critique, no discarded text.
        last = backend.asked[-1]
        assert isinstance(last, Generate)
        self.assertEqual(last.ids, (*PROMPT.ids, *draft.response[:kept]))

    def test_masks_cover_what_was_sampled(self) -> None:
        result, _ = run([SEARCH_A, SEARCH_B, WRONG, "2", RIGHT])
        for side, written in [(result.draft, SEARCH_A + SEARCH_B + WRONG), (result.final, SEARCH_A + RIGHT)]:
            trained = [token for token, bit in zip(side.response, side.mask, strict=True) if bit]
            self.assertEqual(text(trained), written)
            for bit, logprob in zip(side.mask, side.logprobs, strict=True):
                self.assertEqual(logprob, -0.5 if bit else 0.0)

    def test_review_reads_numbered_steps_with_their_results(self) -> None:
        result, _ = run([SEARCH_A, WRONG, "1", RIGHT])
        prompt = text(result.reviews[0].prompt)
        self.assertIn("USER:\nWhere?\n\nASSISTANT_STEP_1:\n<think>a</think><search>A</search>\nTOOL:\n<information>", prompt)
        self.assertIn(f"ASSISTANT_STEP_2:\n{WRONG}\n\nIndex of", prompt)
        self.assertEqual(text(result.reviews[0].reply), "1")
        self.assertEqual(result.final.steps[0].start, 0)

    def test_a_reply_without_a_legal_integer_accepts(self) -> None:
        for reply in ["none", "3", "-1", ""]:
            result, _ = run([SEARCH_A, RIGHT, reply])
            self.assertEqual((result.reviews[0].said, result.cut), (None, 0), reply)

    def test_turns_that_are_left_after_a_cut(self) -> None:
        settings = RolloutSettings(max_turns=2)
        result, backend = run([SEARCH_A, WRONG, "2", SEARCH_B], settings)
        self.assertEqual((result.final.end, result.final.answer), ("turns", None))
        # The last turn's search is not carried out.
        self.assertEqual(sum(isinstance(one, Retrieve) for one in backend.asked), 1)
        self.assertEqual(len(result.final.searches), 1)

    def test_limits_of_length(self) -> None:
        result, _ = run([SEARCH_A, WRONG, "0"], RolloutSettings(max_response_tokens=len(SEARCH_A) + 20))
        self.assertEqual(result.draft.end, "length")
        self.assertEqual(text(result.draft.response), SEARCH_A)
        result, backend = run([SEARCH_A, "0"], RolloutSettings(max_turn_tokens=10))
        self.assertEqual((result.draft.end, len(result.draft.response)), ("unfinished", 10))
        self.assertEqual(len(backend.asked), 2)

    def test_rule_by_log_probability(self) -> None:
        rule = RolloutSettings(rule="log_probability")
        result, backend = run([SEARCH_A, WRONG, RIGHT], rule, [-1.0, -0.7, -2.0])
        self.assertEqual((result.cut, text(result.reviews[0].reply)), (1, "1"))
        self.assertEqual(result.reviews[0].chances, (-1.0, -0.7, -2.0))
        self.assertEqual([text(one) for one in next(o for o in backend.asked if isinstance(o, Score)).continuations], ["0", "1", "2"])
        accepted, _ = run([SEARCH_A, WRONG], rule, [-0.6, -0.7, -2.0])
        self.assertEqual(accepted.cut, 0)

    def test_best_or_sum_and_margin(self) -> None:
        chances = [-0.8, -1.2, -1.3]
        self.assertEqual(decide(chances, RolloutSettings()), 0)
        self.assertEqual(decide(chances, RolloutSettings(revising="sum")), 1)
        self.assertEqual(decide(chances, RolloutSettings(revising="sum", margin=0.5)), 0)
        self.assertEqual(decide([-1.0, -1.0], RolloutSettings()), 1)

    def test_controls(self) -> None:
        result, _ = run([SEARCH_A, SEARCH_B, WRONG, "3", RIGHT], RolloutSettings(cut="first"))
        self.assertEqual(result.cut, 1)
        result, _ = run([SEARCH_A, RIGHT, "0", RIGHT], RolloutSettings(gate="always"))
        self.assertEqual(result.cut, 1)
        result, _ = run([SEARCH_A, RIGHT], RolloutSettings(gate="never"))
        self.assertEqual(result.reviews, ())
        cuts = set()
        for seed in range(40):
            result, _ = run([SEARCH_A, SEARCH_B, WRONG, "1", SEARCH_B, RIGHT], RolloutSettings(cut="uniform"), seed=seed)
            cuts.add(result.cut)
        self.assertEqual(cuts, {1, 2, 3})

    def test_several_revisions_until_accepted(self) -> None:
        result, _ = run([WRONG, "1", WRONG, "1", RIGHT, "0"], RolloutSettings(max_revisions=4))
        self.assertEqual([review.cut for review in result.reviews], [1, 1, 0])
        self.assertIs(result.reviews[2].draft, result.final)

    def test_a_regeneration_never_has_its_drafts_seeds(self) -> None:
        _, backend = run([SEARCH_A, WRONG, "1", SEARCH_A, RIGHT], seed=7)
        seeds = [one.seed for one in backend.asked if isinstance(one, Generate)]
        self.assertEqual(len(set(seeds)), 5)
        _, again = run([SEARCH_A, WRONG, "1", SEARCH_A, RIGHT], seed=7)
        self.assertEqual(seeds, [one.seed for one in again.asked if isinstance(one, Generate)])

    def test_a_batch_moves_together(self) -> None:
        backend = Scripted([SEARCH_A, RIGHT, RIGHT, "0", "0"])
        results = run_batch([episode(PROMPT, dialect(), RolloutSettings()) for _ in range(2)], backend)
        self.assertEqual([len(one.final.steps) for one in results], [2, 1])

    def test_async_gives_the_same(self) -> None:
        turns = [SEARCH_A, SEARCH_B, WRONG, "2", RIGHT]
        scripted = Scripted(turns)

        class Backend:
            async def generate(self, request: Generate) -> Sampled:
                return scripted.generate([request])[0]

            async def retrieve(self, request: Retrieve) -> Sequence[Passage]:
                return scripted.retrieve([request])[0]

            async def score(self, request: Score) -> Sequence[Sequence[float]]:
                return scripted.score([request])[0]

        result = asyncio.run(run_async(episode(PROMPT, dialect(), RolloutSettings()), Backend()))
        self.assertEqual(result, run(turns)[0])


if __name__ == "__main__":
    unittest.main()
