"""What a question to the model takes, part by part: `python benchmarks/prompt_size.py [--tokenizers DIR]`.

Pages of about 1,000 characters are made of whole passages of the development set (../shared/data/dev), so they hold more
findings than most real pages. Counted by our own estimate (deliberately high) and, where they are there, by two real
vocabularies, which come with packages as ordinary data:

    pip install --no-deps --target DIR dashscope tiktoken mistral-common
"""

from __future__ import annotations

import argparse
import base64
import json
import statistics
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from machine import described

from assistant.documents.text import of_passage
from assistant.domain.document import Document
from assistant.domain.entity import Facts
from assistant.domain.finding import Finding
from assistant.domain.source import Source
from assistant.evaluate.labelled import read_passages
from assistant.jobs.run import ALONE, Run
from assistant.model.gate import GuardedGate
from assistant.model.ports import Message, Reply, Shape, Watch
from assistant.model.tokens import estimate_tokens
from assistant.propose.recipe import propose
from assistant.propose.tools import Argued
from assistant.settings import read_settings, silence_telemetry

if TYPE_CHECKING:
    from assistant.wiring import Assistant

DEV = Path(__file__).resolve().parents[2] / "shared" / "data" / "dev" / "passages.jsonl"
SHORTEST, LONGEST = 900, 1_100
DAY = date(2024, 6, 1)
Count = Callable[[str], int]
# The words Qwen's vocabulary is cut into before its pairs are merged; it comes with the package without them.
_QWEN = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"


class Ears:
    """`model.ports.RawChat` that only listens: what would be sent is what is measured."""

    name = "-"

    def __init__(self) -> None:
        self.heard: list[tuple[tuple[Message, ...], Shape]] = []

    def ask(self, messages: tuple[Message, ...], shape: Shape, watch: Watch) -> Reply:
        self.heard.append((messages, shape))
        return Reply(text='{"findings": [], "opinions": [], "agreed": []}')


class Counting:
    """`propose.tools.Proposer` that notes how many findings it was handed."""

    def __init__(self, proposer: Any) -> None:
        self._proposer = proposer
        self.findings: list[int] = []

    def argue(
        self,
        document: Document,
        facts: Facts,
        ruled: Sequence[Finding],
        sources: Sequence[Source],
        day: date,
        *,
        run: Run = ALONE,
    ) -> Argued:
        self.findings.append(len(ruled))
        argued: Argued = self._proposer.argue(document, facts, ruled, sources, day, run=run)
        return argued


def pages(texts: Sequence[str]) -> Iterator[str]:
    """Whole passages joined to pages of about 1,000 characters."""
    page = ""
    for text in texts:
        joined = f"{page}\n{text}" if page else text
        if len(joined) > LONGEST:
            if len(page) >= SHORTEST:
                yield page
                page = text
            continue
        page = joined
    if len(page) >= SHORTEST:
        yield page


def counters(folder: Path | None) -> dict[str, Count]:
    """Our estimate, and the vocabularies that are in `folder`."""
    found: dict[str, Count] = {"estimate": estimate_tokens}
    if folder is None:
        return found
    sys.path.insert(0, str(folder))
    import tiktoken

    qwen = folder / "dashscope" / "resources" / "qwen.tiktoken"
    if qwen.is_file():
        pairs = (line.split() for line in qwen.read_bytes().splitlines() if line)
        ranks = {base64.b64decode(token): int(rank) for token, rank in pairs}
        found["Qwen"] = _counter(
            tiktoken.Encoding("qwen", pat_str=_QWEN, mergeable_ranks=ranks, special_tokens={})
        )
    for tekken in sorted(folder.glob("mistral_common/data/tekken_*.json"))[-1:]:
        told = json.loads(tekken.read_text(encoding="utf-8"))
        size = told["config"]["default_vocab_size"] - told["config"]["default_num_special_tokens"]
        ranks = {base64.b64decode(one["token_bytes"]): one["rank"] for one in told["vocab"][:size]}
        pattern = told["config"]["pattern"]
        found["Mistral (tekken)"] = _counter(
            tiktoken.Encoding("tekken", pat_str=pattern, mergeable_ranks=ranks, special_tokens={})
        )
    return found


def _counter(encoding: Any) -> Count:
    return lambda text: len(encoding.encode(text, disallowed_special=()))


def parts(messages: tuple[Message, ...], shape: Shape) -> dict[str, str]:
    """The words of a question by what they are: the headings of the prompt stand between them."""
    system, user = (message.text for message in messages)
    rules, law = system.split("# 条文\n", 1)
    sources, rest = user.split("# 規則による候補", 1)
    findings, passage = rest.split("# 文書\n", 1)
    return {
        "instructions": rules,
        "law, all heads with provisos": law,
        "sources": sources,
        "the rules' findings": findings,
        "passage": passage,
        "form of the answer (schema)": json.dumps(shape.schema, ensure_ascii=False, separators=(",", ":")),
    }


def heard_over(assistant: Assistant, texts: Sequence[str]) -> tuple[list[list[dict[str, str]]], list[int]]:
    """The questions about each page, in parts, and how many findings the rules have on each."""
    from assistant.wiring.model import proposer_of

    told, ears = [], Ears()
    gate, detect = GuardedGate(ears, "allow"), assistant.detector.detect
    counting = Counting(proposer_of(gate, assistant.corpus, assistant.policy, detect))
    tools = replace(assistant.tools("rules"), proposer=counting)
    for text in texts:
        ears.heard.clear()
        propose(of_passage(text), tools=tools, decision_date=DAY, requested_engine="model")
        told.append([parts(*one) for one in ears.heard])
    return told, counting.findings


def table(questions: Sequence[Mapping[str, str]], count: Mapping[str, Count]) -> Iterator[str]:
    """Medians over all questions, part by part, and of the whole."""
    yield f"| part | {' | '.join(count)} |"
    yield "|---|" + "---:|" * len(count)
    counted = [
        {part: {name: one(text) for name, one in count.items()} for part, text in question.items()}
        for question in questions
    ]
    for part in questions[0]:
        cells = (f"{statistics.median(one[part][name] for one in counted):,.0f}" for name in count)
        yield f"| {part} | {' | '.join(cells)} |"
    whole = {name: [sum(part[name] for part in one.values()) for one in counted] for name in count}
    yield f"| **whole question** | {' | '.join(f'**{statistics.median(whole[name]):,.0f}**' for name in count)} |"
    yield f"| largest | {' | '.join(f'{max(whole[name]):,}' for name in count)} |"


def main() -> None:
    silence_telemetry()
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tokenizers", type=Path, help="folder of pip install --target")
    given = parser.parse_args()
    from assistant.wiring import build

    assistant = build(read_settings(city="mihon", ner="off"))
    texts = list(pages(["\f".join(page.text for page in one.document.pages) for one in read_passages(DEV)]))
    texts = [text.replace("\f", "\n") for text in texts]
    asked, findings = heard_over(assistant, texts)
    assistant.close()
    print(f"{len(texts)} pages of {statistics.median(map(len, texts)):,.0f} characters (median), ", end="")
    print(f"{statistics.median(findings):.0f} findings of the rules each; ", end="")
    print(f"{sum(map(len, asked))} questions; {described()}.\n")
    print("\n".join(table([one for page in asked for one in page], counters(given.tokenizers))))


if __name__ == "__main__":
    main()
