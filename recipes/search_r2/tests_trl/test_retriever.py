"""Needs the extra `bm25`: the server beside our engine's retriever, and its protocol over a socket."""

import threading
import unittest

from test_engine import PASSAGES, ROWS, searches_of

from search_r2.retriever import Bm25, RetrieverClient, RetrieverError, dictionary_words, make_server
from search_r2.steps import Passage


class EngineTest(unittest.TestCase):
    def test_finds_what_the_engine_found(self) -> None:
        index = Bm25(list(PASSAGES.values()), dictionary_words)
        asked = 0
        for row in ROWS:
            for side in (row["draft"], row["final"]):
                for query, ids in zip(searches_of(side), side["passages"], strict=True):
                    self.assertEqual([one.id for one in index.search(query, 3)], ids, query)
                    asked += 1
        self.assertGreater(asked, 20)


class ServerTest(unittest.TestCase):
    def setUp(self) -> None:
        corpus = [Passage("a", '"A"\nThe cat sat'), Passage("b", '"B"\nA dog ran'), Passage("c", '"C"\nThe cat ran')]
        self.server = make_server(Bm25(corpus).search, "127.0.0.1", 0)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.client = RetrieverClient(f"http://127.0.0.1:{self.server.server_port}/retrieve")

    def tearDown(self) -> None:
        self.server.shutdown()
        self.server.server_close()

    def test_protocol(self) -> None:
        cat, nothing = self.client.retrieve(["cat", "zebra"], 2)
        self.assertEqual([one.id for one in cat], ["a", "c"])
        self.assertEqual([one.id for one in nothing], ["a", "b"])
        assert cat[0].score is not None and nothing[0].score is not None
        self.assertGreater(cat[0].score, nothing[0].score)
        self.assertEqual(self.client.retrieve([], 2), [])

    def test_what_is_wrong_is_said(self) -> None:
        with self.assertRaisesRegex(RetrieverError, "422.*topk: an integer from 1 to 1000"):
            self.client.retrieve(["cat"], 0)
        nowhere = RetrieverClient("http://127.0.0.1:9/retrieve", timeout=2)
        with self.assertRaisesRegex(RetrieverError, "is it up"):
            nowhere.retrieve(["cat"], 1)


if __name__ == "__main__":
    unittest.main()
