"""The clients of retriever and judge over a socket, and what they say of servers that do not answer as they should."""

import json
import threading
import unittest
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from search_r2.data import Question
from search_r2.episode import Side
from search_r2.retriever import RetrieverClient, RetrieverError, make_server
from search_r2.reward import Judge, JudgeError
from search_r2.score import Scorer
from search_r2.settings import RewardSettings
from search_r2.steps import Passage, Step


def serve(server: ThreadingHTTPServer, case: unittest.TestCase) -> str:
    threading.Thread(target=server.serve_forever, daemon=True).start()
    case.addCleanup(server.server_close)
    case.addCleanup(server.shutdown)
    return f"http://127.0.0.1:{server.server_port}"


class RetrieverTest(unittest.TestCase):
    def test_queries_go_together_and_come_back_in_order(self) -> None:
        address = serve(make_server(lambda query, topk: [Passage(query, f'"t"\n{query}', 1.5)] * topk, "127.0.0.1", 0), self)
        found = RetrieverClient(f"{address}/retrieve").retrieve(["a", "b"], 2)
        self.assertEqual([[one.id for one in passages] for passages in found], [["a", "a"], ["b", "b"]])
        self.assertEqual(found[0][0], Passage("a", '"t"\na', 1.5))

    def test_refusals(self) -> None:
        address = serve(make_server(lambda query, topk: [], "127.0.0.1", 0), self)
        with self.assertRaisesRegex(RetrieverError, "422 .*topk: an integer from 1 to 1000"):
            RetrieverClient(f"{address}/retrieve").retrieve(["a"], 5000)
        with self.assertRaisesRegex(RetrieverError, "404"):
            RetrieverClient(f"{address}/search").retrieve(["a"], 1)
        with self.assertRaisesRegex(RetrieverError, "is it up"):
            RetrieverClient("http://127.0.0.1:9/retrieve", timeout=2).retrieve(["a"], 1)


class JudgeTest(unittest.TestCase):
    def setUp(self) -> None:
        asked: list[dict[str, Any]] = []
        self.asked = asked
        replies = {"said": "<think>two or 3?</think> 1"}
        self.replies = replies

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                asked.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
                content = json.dumps({"choices": [{"message": {"content": replies["said"]}}]}).encode()
                self.send_response(200)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, format: str, *args: object) -> None:
                """Silent."""

        self.judge = Judge(serve(ThreadingHTTPServer(("127.0.0.1", 0), Handler), self) + "/v1", "j")

    def test_share_of_useful_collections_by_the_papers_sampling(self) -> None:
        searches = [Step("search", 0, 0, 0, information="one"), Step("search", 0, 0, 0, information="two")]
        self.assertEqual(self.judge.process_reward("Q?", ["A"], searches), 0.5)
        [body] = self.asked
        self.assertEqual((body["temperature"], body["top_p"], body["max_tokens"], body["model"]), (0, 0.95, 3000, "j"))
        self.assertIn("Collection 2:\ntwo", body["messages"][0]["content"])
        self.assertEqual(self.judge.process_reward("Q?", ["A"], []), 0)
        self.replies["said"] = "many"
        with self.assertRaisesRegex(JudgeError, "named no number from 0 to 2; it said: 'many'"):
            self.judge.process_reward("Q?", ["A"], searches)
        with self.assertRaisesRegex(JudgeError, "is the server up"):
            Judge("http://127.0.0.1:9/v1", "j", timeout=2).process_reward("Q?", ["A"], searches)

    def test_a_wrong_answer_is_not_judged_where_rewards_are_gated(self) -> None:
        step = Step("search", 0, 0, 0, information="one")
        question = Question("1", "Q?", "", ("A",), ())
        for combine, calls in [("gated", 0), ("sum", 1)]:
            settings = RewardSettings(evidence="judge", combine=combine)  # type: ignore[arg-type]
            side = Side((), (), (), (step, Step("answer", 0, 0, 0, answer="B")), "answer")
            scored = Scorer(settings, 3, self.judge).side(side, question)
            self.assertEqual((len(self.asked), scored.reward), (calls, float(calls)))
        with self.assertRaisesRegex(ValueError, "no judge is given"):
            Scorer(RewardSettings(evidence="judge"), 3)


if __name__ == "__main__":
    unittest.main()
