"""Two thousand citations that are wrong in every way a model gets them wrong: none is shown as verified.

They come as a model would send them, over HTTP, through the whole recipe. What is verbatim is decided here a second time,
by other means than the program's own folding.
"""

from __future__ import annotations

import json
import random
import unicodedata
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from assistant.adapters.chat import OpenAIChat
from assistant.corpus.corpus import Corpus
from assistant.documents.text import of_passage
from assistant.domain.finding import Citation, CitationStatus
from assistant.domain.source import Source
from assistant.model.gate import GuardedGate
from assistant.model.prompts import load_prompt
from assistant.propose.argue import ModelProposer
from assistant.propose.argue_prompt import INPUTS, TEXTS
from assistant.propose.recipe import propose
from assistant.propose.tools import Tools
from tests.conftest import ROOT
from tests.model.server import Script, serving

LEAST = 2_000
PER_FINDING = 30  # as many citations as a finding may carry
Wrong = Callable[[random.Random, Source, Source], str]
_KANJI = "市民課長条項号例示理由公開非実施機関情報個人法人事業審査判断"


def _piece(rng: random.Random, text: str, least: int = 8, most: int = 60) -> str:
    size = min(len(text), rng.randint(least, most))
    start = rng.randint(0, len(text) - size)
    return text[start : start + size]


def _changed(rng: random.Random, source: Source, other: Source) -> str:
    quote = _piece(rng, source.text)
    at = rng.randrange(len(quote))
    return quote[:at] + rng.choice(_KANJI) + quote[at + 1 :]


def _left_out(rng: random.Random, source: Source, other: Source) -> str:
    quote = _piece(rng, source.text)
    at = rng.randrange(1, len(quote) - 1)
    return quote[:at] + quote[at + 1 :]


def _put_in(rng: random.Random, source: Source, other: Source) -> str:
    quote = _piece(rng, source.text)
    at = rng.randrange(1, len(quote))
    return quote[:at] + rng.choice(_KANJI) + quote[at:]


def _swapped(rng: random.Random, source: Source, other: Source) -> str:
    quote = _piece(rng, source.text)
    at = rng.randrange(len(quote) - 1)
    return quote[:at] + quote[at + 1] + quote[at] + quote[at + 2 :]


def _stitched(rng: random.Random, source: Source, other: Source) -> str:
    half = len(source.text) // 2
    return _piece(rng, source.text[:half], 6, 20) + _piece(rng, source.text[half:], 6, 20)


def _joined_by_dots(rng: random.Random, source: Source, other: Source) -> str:
    return (
        _piece(rng, source.text, 6, 20)
        + rng.choice(["…", "……", "（中略）", "..."])
        + _piece(rng, source.text, 6, 20)
    )


def _from_another(rng: random.Random, source: Source, other: Source) -> str:
    return _piece(rng, other.text, 12)


def _turned_round(rng: random.Random, source: Source, other: Source) -> str:
    quote = _piece(rng, source.text, 20)
    for said, meant in (("ない", "ある"), ("除く", "含む"), ("できる", "できない"), ("こと", "ことなく")):
        if said in quote:
            return quote.replace(said, meant, 1)
    return quote + "とは限らない"


def _renumbered(rng: random.Random, source: Source, other: Source) -> str:
    quote = _piece(rng, source.text, 20)
    for digit in "123456789一二三四五六七":
        if digit in quote:
            return quote.replace(digit, rng.choice([one for one in "89七八九" if one != digit]), 1)
    return quote[::-1]


def _too_short(rng: random.Random, source: Source, other: Source) -> str:
    return _piece(rng, source.text, 1, 3)


def _nothing(rng: random.Random, source: Source, other: Source) -> str:
    return rng.choice(["", " ", "\n\n", "\u3000", "\u200b\u200b", "「」", "。"])


WRONG: tuple[Wrong, ...] = (
    _changed,
    _left_out,
    _put_in,
    _swapped,
    _stitched,
    _joined_by_dots,
    _from_another,
    _turned_round,
    _renumbered,
    _too_short,
    _nothing,
)


def _is_verbatim(quote: str, source: Source | None) -> bool:
    """By our own hand: the same letters in the same order, widths and white space aside."""
    bare = _bare(quote)
    return source is not None and len(bare) >= 4 and bare in _bare(source.text)


def _bare(text: str) -> str:
    return "".join(
        letter
        for letter in unicodedata.normalize("NFKC", text)
        if not letter.isspace() and unicodedata.category(letter) not in {"Cf", "Cc"}
    )


def _numbers_shown(told: str) -> list[str]:
    """Numbers of the sources as the question shows them."""
    return [line[1 : line.index("〕")] for line in told.split("\n") if line.startswith("〔S")]


def _reply(
    city: Corpus, sent: list[tuple[str, str]], texts: Sequence[str]
) -> Callable[[dict[str, Any]], str]:
    """Answers with findings whose every citation is wrong; `sent` gets what was cited: number or id, and quote."""
    rng = random.Random(20261123)
    pool = [source for source in city.sources.values() if len(source.text) > 60]

    def content(body: dict[str, Any]) -> str:
        told = "\n".join(str(message["content"]) for message in body["messages"])
        numbers = _numbers_shown(told)
        shown = {number: told.split(f"〔{number}〕", 1)[1].split("\n〔", 1)[0] for number in numbers}
        findings = []
        for text in texts:
            citations = []
            for _ in range(PER_FINDING):
                other = rng.choice(pool)
                if rng.random() < 0.2:  # an id or a number nobody gave it
                    number = rng.choice(
                        ["S0", "S999", "provision:j99@2023-04-01", other.id, "〔S1〕〔S2〕", "条文"]
                    )
                    source = other
                else:
                    number = rng.choice(numbers)
                    source = replace(other, text=shown[number])
                if len(source.text) < 40:
                    continue
                quote = rng.choice(WRONG)(rng, source, rng.choice(pool))
                sent.append((number, quote))
                citations.append({"source": number, "quote": quote})
            findings.append(
                {
                    "text": text,
                    "before": "",
                    "decision": "withhold",
                    "head": "個人",
                    "exceptions": [],
                    "why": "理由",
                    "reason": "個人に関する情報であるため。",
                    "to_find_out": None,
                    "citations": citations,
                }
            )
        return json.dumps({"findings": findings, "opinions": []}, ensure_ascii=False)

    return content


def test_no_bad_citation_is_shown_as_verified(tools: Tools, city: Corpus, day: date) -> None:
    texts = [f"記録の{number}件目は晴れであった" for number in range(1, 91)]
    document = of_passage("\n".join(texts))
    sent: list[tuple[str, str]] = []
    with serving(Script(content=_reply(city, sent, texts))) as stub:
        chat = OpenAIChat(stub.endpoint, "試験", wait=0.01)
        prompt = load_prompt(ROOT / "prompts" / "argue.toml", texts=TEXTS, inputs=INPUTS)
        armed = replace(
            tools, proposer=ModelProposer(GuardedGate(chat, "allow"), city, prompt, detect=tools.detect)
        )
        proposal = propose(document, tools=armed, decision_date=day, requested_engine="model")
    shown: list[Citation] = []
    for finding in proposal.findings:
        if finding.found_by == ("model:試験",):
            shown += finding.citations
        for opinion in finding.opinions:
            shown += opinion.citations
    bad = [one for one in shown if not _is_verbatim(one.quote, city.source(one.source))]
    counted = Counter(one.status for one in bad)
    assert len(bad) >= LEAST, (len(sent), len(shown), counted)
    assert counted[CitationStatus.VERIFIED] == 0
    # And what is verbatim after all (a changed letter may hit the same one) is the rare exception.
    assert len(shown) - len(bad) < len(bad) / 4
