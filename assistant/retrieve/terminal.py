"""Search results on a terminal."""

from __future__ import annotations

from rich.console import Console
from rich.text import Text

from assistant.corpus.city import City
from assistant.domain.source import Precedent, Source, SourceKind
from assistant.retrieve.query import SearchResults

_REVIEWS = {"upheld": "審査で維持", "altered": "審査で変更", "annulled": "審査で取消し"}
_LONGEST = 200


def show_results(results: SearchResults, city: City, console: Console) -> None:
    """The tally of precedents, then every hit with its source id."""
    mark = f"（{city.labels.fictional}）" if city.fictional else ""
    labels = city.labels
    words = {
        "withheld": labels.withhold,
        "disclosed": labels.disclose,
        "altered": "審査で変更",
        "annulled": "審査で取消し",
        "superseded": "後に改めた",
    }
    tally = "　".join(f"{words.get(name, name)} {count}" for name, count in results.tally.items())
    console.print(Text(f"{city.name}{mark}　{labels.precedent}の内訳：{tally}"))
    if not results.hits:
        console.print(Text("見つかりませんでした。言葉を変えるか、絞り込みを減らしてください。"))
    for place, hit in enumerate(results.hits, 1):
        console.print()
        console.print(Text(f"{place}. {hit.source.title}", "bold"))
        console.print(Text(f"   {_about(hit.source, city)}"))
        console.print(Text(f"   {_short(hit.source.text)}"))


def _about(source: Source, city: City) -> str:
    kinds = {
        SourceKind.PROVISION: city.ordinance.short,
        SourceKind.HANDBOOK: city.labels.handbook,
        SourceKind.PRECEDENT: city.labels.precedent,
    }
    told = [kinds[source.kind], *(str(head) for head in source.heads)]
    told += [str(source.exception)] if source.exception else []
    told += [city.labels.topic(source.topic)] if source.topic else []
    if source.precedent and source.unit:
        result = city.labels.withhold if source.unit.result == "withheld" else city.labels.disclose
        told += [result, *_fate(source.precedent)]
    return "｜".join([*told, source.id])


def _fate(precedent: Precedent) -> list[str]:
    told = [_REVIEWS[precedent.review]] if precedent.review in _REVIEWS else []
    return [*told, "後に改めた"] if precedent.superseded_by else told


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST else line[:_LONGEST] + "…"
