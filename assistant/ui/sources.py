"""A source as it opens on screen: verbatim, the quoted words lit, with its days and what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import Any

from assistant.corpus.corpus import Corpus
from assistant.domain.finding import Citation
from assistant.domain.source import Precedent, Source, SourceKind
from assistant.text.eras import format_era
from assistant.text.folding import fold

Shown = dict[str, Any]
_KINDS = {
    "decision": "決定",
    "opinion": "答申",
    "ruling": "裁決",
    "judgment": "判決",
}
_REVIEWED = {
    "upheld": "審査で維持",
    "altered": "審査で変更された決定",
    "annulled": "審査で取り消された決定",
}


def shown_source(source: Source, corpus: Corpus, words: Mapping[str, Any]) -> Shown:
    """What the component needs to open one source."""
    labels = corpus.city.labels
    told: Shown = {
        "id": source.id,
        "kind": str(source.kind),
        "title": source.title,
        "text": source.text,
        "mark": labels.fictional if corpus.city.fictional else "",
        "facts": list(_facts(source, corpus)),
        "standing": "",
        "summary": "",
        "parts": [],
    }
    if source.precedent is not None and source.unit is not None:
        result = labels.withhold if source.unit.result == "withheld" else labels.disclose
        said = words["precedents"]
        told |= {
            "title": precedent_title(source),
            "text": source.text,
            "standing": standing_of(source.precedent, corpus),
            "summary": f"{source.unit.part}（{result}）",
            "result": source.unit.result,
            "parts": [{"name": said["argument"], "text": source.unit.argument, "argued": True}]
            if source.unit.argument
            else [],
        }
    return told


def precedent_title(source: Source) -> str:
    """見本市長 令和元年6月14日 決定（情公第412号）."""
    precedent = source.precedent
    if precedent is None:
        return source.title
    kind = _KINDS[precedent.kind]
    return f"{precedent.body}　{format_era(precedent.date)}{kind}（{precedent.number}）"


def standing_of(precedent: Precedent, corpus: Corpus) -> str:
    """One sentence when the precedent no longer shows how the matter is decided; else empty."""
    if precedent.stands:
        return ""
    by = precedent.superseded_by or precedent.reviewed_by
    later = next((one for one in corpus.precedents if one.id == by), None)
    named = f"：{later.body} {format_era(later.date)}（{later.number}）" if later else ""
    said = (
        _REVIEWED.get(precedent.review, "現在の扱いではありません")
        if precedent.review != "none"
        else "現在の扱いではありません"
    )
    note = f"　{precedent.note}" if precedent.note else ""
    return f"{said}{named}{note}"


def shown_citation(citation: Citation, corpus: Corpus) -> Shown:
    """A citation with the runs of the source's text that its quote occupies."""
    source = corpus.source(citation.source)
    return {
        "source": citation.source,
        "quote": citation.quote,
        "status": str(citation.status),
        "lit": lit_runs(citation.quote, source.text) if source else [],
    }


def lit_runs(quote: str, text: str) -> list[list[int]]:
    """Where the quote stands in the text, white space and widths aside: [[start, end]], empty if it does not."""
    return [list(run) for run in _lit(quote, text)]


@lru_cache(maxsize=4096)  # the same quotes are shown again at every act
def _lit(quote: str, text: str) -> tuple[tuple[int, int], ...]:
    folded = fold(text, drop_space=True)
    wanted = fold(quote, drop_space=True).text
    at = folded.text.find(wanted) if wanted else -1
    if at < 0:
        return ()
    start, end = folded.span(at, at + len(wanted))
    return ((start, end),)


def provision_source_id(label: str, corpus: Corpus, day: date) -> str | None:
    """The source of a provision by its label, as in force on `day`."""
    provision = corpus.find(label, day)
    return provision.source_id if provision is not None and corpus.source(provision.source_id) else None


def _facts(source: Source, corpus: Corpus) -> list[str]:
    if source.kind is SourceKind.PROVISION:
        return [_in_force(source, corpus)]
    if source.kind is SourceKind.HANDBOOK:
        labels = corpus.city.labels
        return [labels.handbook, labels.section(source.section or ""), source.provision or ""]
    precedent = source.precedent
    if precedent is None or source.unit is None:
        return []
    result = corpus.city.labels.withhold if source.unit.result == "withheld" else corpus.city.labels.disclose
    reviewed = _REVIEWED.get(precedent.review, "")
    facts = [
        f"{_KINDS[precedent.kind]}　{format_era(precedent.date)}",
        f"結論：{result}",
        precedent.department,
    ]
    return [fact for fact in (*facts, "、".join(source.unit.grounds), reviewed) if fact]


def _in_force(source: Source, corpus: Corpus) -> str:
    if source.in_force_from is None:
        return corpus.city.ordinance.short
    until = f"{format_era(source.in_force_until)}まで" if source.in_force_until else "現行"
    return f"{format_era(source.in_force_from)}施行（{until}）"
