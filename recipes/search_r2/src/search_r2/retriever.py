"""Search-R1's retrieval protocol: a client, and a server that searches a corpus by BM25.

    python -m search_r2.retriever --corpus corpus.jsonl --port 8000

`POST /retrieve` takes `{"queries": [..], "topk": 3, "return_scores": true}` and answers `{"result": [[{"document": {"id", "contents"},
"score"}, ..], ..]}`. The corpus has a JSON object a line, with `id` and `contents`: the title in quotes, a line feed, the text.
"""

from __future__ import annotations

import argparse
import json
import re
import urllib.error
import urllib.request
from collections.abc import Callable, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from search_r2.steps import Passage

MOST_QUERIES = 1024
MOST_TOPK = 1000


class RetrieverError(RuntimeError):
    """A server of passages refused, or gave something else than its protocol says."""


class RetrieverClient:
    def __init__(self, url: str, timeout: float = 60.0) -> None:
        """url: of the endpoint, for example http://localhost:8000/retrieve"""
        self.url = url
        self.timeout = timeout

    def retrieve(self, queries: Sequence[str], topk: int) -> list[list[Passage]]:
        """Passages of each query, best first. RetrieverError where the server cannot be asked."""
        if not queries:
            return []
        body = json.dumps({"queries": list(queries), "topk": topk, "return_scores": True}).encode()
        request = urllib.request.Request(self.url, body, {"Content-Type": "application/json"}, method="POST")
        try:
            with urllib.request.urlopen(request, timeout=self.timeout) as response:
                result = json.load(response)["result"]
            found = [[_passage(one) for one in passages] for passages in result]
        except urllib.error.HTTPError as error:
            said = error.read().decode(errors="replace")[:200]
            raise RetrieverError(f"the retriever at {self.url} refused {len(queries)} queries: {error.code} {said}") from error
        except (urllib.error.URLError, TimeoutError, ValueError, KeyError, TypeError) as error:
            raise RetrieverError(f"the retriever at {self.url} gave no passages: {error!r}; is it up?") from error
        if len(found) != len(queries):
            raise RetrieverError(f"the retriever at {self.url} answered {len(found)} of {len(queries)} queries")
        return found


def _passage(one: dict[str, Any]) -> Passage:
    # Without scores the document stands alone.
    document = one.get("document", one)
    score = one.get("score")
    return Passage(str(document["id"]), str(document["contents"]), None if score is None else float(score))


class CorpusError(ValueError):
    """A corpus that cannot be searched, with the line."""


def read_corpus(path: Path) -> list[Passage]:
    passages = []
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, start=1):
            if not line.strip():
                continue
            try:
                row = json.loads(line)
                passages.append(Passage(str(row["id"]), str(row["contents"])))
            except (ValueError, KeyError, TypeError) as error:
                raise CorpusError(f'{path}:{number}: a line is an object with "id" and "contents" ({error!r})') from error
    if not passages:
        raise CorpusError(f"{path} holds no passage")
    return passages


def text_words(text: str) -> list[str]:
    """Lower case, runs of letters and digits."""
    return re.findall(r"\w+", text.lower())


def dictionary_words(text: str) -> list[str]:
    """Of a checkpoint's notation: names such as "city:Buenos Aires" hold blanks, so a word begins where its type does."""
    return re.findall(r"\w+:\S+(?: (?!\w+:)\S+)*", text)


class Bm25:
    """BM25 (k1 1.2, b 0.75) by bm25s. Equal scores go by the passage's place in the corpus, and all of `topk` are filled."""

    def __init__(self, passages: Sequence[Passage], words: Callable[[str], list[str]] = text_words) -> None:
        import bm25s

        self.passages = passages
        self.words = words
        tokens = [words(passage.contents) for passage in passages]
        # Ids of our own: bm25s drops words of one letter by itself.
        self.vocabulary: dict[str, int] = {}
        ids = [[self.vocabulary.setdefault(word, len(self.vocabulary)) for word in one] for one in tokens]
        self.index = bm25s.BM25(method="lucene", k1=1.2, b=0.75)
        self.index.index(bm25s.tokenization.Tokenized(ids=ids, vocab=self.vocabulary), show_progress=False)

    def search(self, query: str, topk: int) -> list[Passage]:
        known = list(dict.fromkeys(word for word in self.words(query) if word in self.vocabulary))
        scores = [0.0] * len(self.passages)
        if known:
            scores = self.index.get_scores(known).tolist()
        # Rounded, so that sums in another order are equal.
        order = sorted(range(len(scores)), key=lambda place: (-round(scores[place], 5), place))[:topk]
        return [Passage(self.passages[k].id, self.passages[k].contents, scores[k]) for k in order]


def answer(body: Any, search: Callable[[str, int], list[Passage]]) -> dict[str, Any]:
    """The reply to a request; ValueError says which key is wrong."""
    if not isinstance(body, dict):
        raise ValueError("a JSON object is expected")
    queries, topk, scored = body.get("queries"), body.get("topk"), body.get("return_scores", False)
    topk = 3 if topk is None else topk
    if not isinstance(queries, list) or not all(isinstance(query, str) for query in queries):
        raise ValueError("queries: a list of strings is expected")
    if len(queries) > MOST_QUERIES:
        raise ValueError(f"queries: at most {MOST_QUERIES}, not {len(queries)}")
    if not isinstance(topk, int) or isinstance(topk, bool) or not 1 <= topk <= MOST_TOPK:
        raise ValueError(f"topk: an integer from 1 to {MOST_TOPK} is expected")

    def shown(passage: Passage) -> dict[str, Any]:
        document = {"id": passage.id, "contents": passage.contents}
        return {"document": document, "score": passage.score} if scored else document

    return {"result": [[shown(passage) for passage in search(query, topk)] for query in queries]}


def make_server(search: Callable[[str, int], list[Passage]], host: str, port: int) -> ThreadingHTTPServer:
    """A server that waits for `serve_forever`; port 0 takes a free one."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:  # noqa: N802, the name is http.server's
            status, reply = 404, {"detail": "POST /retrieve"}
            if self.path == "/retrieve":
                try:
                    body = json.loads(self.rfile.read(int(self.headers.get("Content-Length", 0))))
                    status, reply = 200, answer(body, search)
                except ValueError as error:
                    status, reply = 422, {"detail": str(error)}
            content = json.dumps(reply).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None:
            """Silent: a line a search would drown a training's log."""

    return ThreadingHTTPServer((host, port), Handler)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m search_r2.retriever", description="Serves a corpus by BM25.")
    parser.add_argument("--corpus", type=Path, required=True)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--notation", choices=["text", "words"], default="text", help="words: a Cutpoint checkpoint's notation")
    given = parser.parse_args()
    try:
        passages = read_corpus(given.corpus)
        index = Bm25(passages, dictionary_words if given.notation == "words" else text_words)
    except ModuleNotFoundError:
        parser.exit(2, 'bm25s is not installed: pip install "search-r2[bm25]"\n')
    except (CorpusError, OSError) as error:
        parser.exit(2, f"{error}\n")
    server = make_server(index.search, given.host, given.port)
    print(f"{len(passages)} passages: POST http://{given.host}:{server.server_port}/retrieve", flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
