"""Blocks for reading, and the component that shows them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from assistant.corpus.corpus import Corpus
from assistant.domain.finding import Citation
from assistant.domain.source import Source
from assistant.text.eras import format_era
from assistant.ui.assets import component
from assistant.ui.sources import precedent_title, shown_citation, shown_source, standing_of

Shown = dict[str, Any]


class Reading:
    """Collects blocks with the sources they open; numbers citations in the order they are met."""

    def __init__(self, corpus: Corpus, words: Mapping[str, Any]) -> None:
        self._corpus = corpus
        self._words = words
        self._blocks: list[Shown] = []
        self._sources: dict[str, Shown] = {}
        self._numbers: dict[str, int] = {}

    def part(self, text: str) -> None:
        """A heading over headings: who says what follows."""
        self._blocks.append({"type": "part", "text": text})

    def draft(self, text: str) -> None:
        """Words that are still being written: shown as they are, with nothing to open yet."""
        self._blocks.append({"type": "draft", "text": text})

    def heading(self, text: str) -> None:
        """A heading."""
        self._blocks.append({"type": "heading", "text": text})

    def note(self, text: str, tone: str = "plain") -> None:
        """A remark: `plain`, `warn` or `foot`."""
        self._blocks.append({"type": "note", "text": text, "tone": tone})

    def list(self, items: Iterable[str]) -> None:
        """A list."""
        self._blocks.append({"type": "list", "items": [*items]})

    def sentence(self, text: str, citations: Iterable[Citation], *, flag: str = "") -> None:
        """A sentence and what it rests on; several quotes of one source are lit together when it opens.

        `flag`: what a reader must know of it before anything else, in words.
        """
        shown: dict[str, Shown] = {}
        for citation in citations:
            self._keep(citation.source)
            told = shown_citation(citation, self._corpus)
            before = shown.get(citation.source)
            if before is not None and before["status"] == told["status"]:
                before["lit"] = sorted([*before["lit"], *told["lit"]])
                before["quote"] += f"」「{citation.quote}"
                continue
            number = self._numbers.setdefault(citation.source, len(self._numbers) + 1)
            key = citation.source if before is None else f"{citation.source} {citation.quote}"
            shown[key] = told | {"number": number}
        block = {"type": "sentence", "text": text, "citations": [*shown.values()], "flag": flag}
        self._blocks.append(block)

    def tally(self, tally: Mapping[str, int]) -> None:
        """How the matter was decided, at a glance."""
        labels = self._corpus.city.labels
        counts = [
            [labels.withhold, tally.get("withheld", 0), "os-tally-withheld"],
            [labels.disclose, tally.get("disclosed", 0), "os-tally-disclosed"],
            ["審査で変更・取消し", tally.get("altered", 0) + tally.get("annulled", 0), "os-tally-fallen"],
            ["現在の扱いでない", tally.get("superseded", 0), "os-tally-fallen"],
        ]
        self._blocks.append(
            {"type": "tally", "name": f"尋ねた内容に近い{labels.precedent}", "counts": counts}
        )

    def sides(self, sources: Iterable[Source]) -> None:
        """Both sides next to each other."""
        said = self._words["precedents"]
        cards: dict[str, list[Shown]] = {"withheld": [], "disclosed": []}
        for source in sources:
            if source.unit is not None and source.precedent is not None:
                cards[source.unit.result].append(self._card(source))
        sides = [
            {
                "kind": kind,
                "name": said[kind],
                "cards": cards[kind],
                "empty": "この条件では見つかりませんでした。",
            }
            for kind in ("withheld", "disclosed")
        ]
        self._blocks.append({"type": "sides", "sides": sides})

    def show(self, key: str, *, follow: bool = False) -> None:
        """Puts the blocks on the page. `follow`: the page scrolls to them when they first appear."""
        data = {"blocks": self._blocks, "sources": self._sources, "words": self._words["desk"]}
        data["follow"] = follow
        component("reading", "reading", ("reading.js",), ("reading.css",))(key=key, data=data)

    def _card(self, source: Source) -> Shown:
        unit, precedent = source.unit, source.precedent
        if unit is None or precedent is None:
            raise ValueError("a card needs a precedent")
        self._keep(source.id)
        said = self._words["precedents"]
        city = self._corpus.city
        texts = [
            {"name": said["holding"], "text": unit.holding, "open": True},
            {"name": said["reason_given"], "text": unit.reason_given, "open": not unit.holding},
            {"name": said["argument"], "text": unit.argument, "argued": True},
        ]
        facts = [precedent.department, "、".join(precedent.document_types), "、".join(unit.grounds)]
        if precedent.review == "upheld" and precedent.review_date:
            facts.append(f"{format_era(precedent.review_date)}に審査で維持")
        return {
            "id": source.id,
            "title": precedent_title(source),
            "mark": city.labels.fictional if city.fictional else "",
            "part": unit.part,
            "facts": [fact for fact in facts if fact],
            "standing": standing_of(precedent, self._corpus),
            "texts": [text for text in texts if text["text"]],
        }

    def _keep(self, source_id: str) -> None:
        source = self._corpus.source(source_id)
        if source is not None and source_id not in self._sources:
            self._sources[source_id] = shown_source(source, self._corpus, self._words)
