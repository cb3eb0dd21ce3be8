"""Which sentences of a model rest on something: every quote checked, every claim of law held against what was cited.

Nothing is dropped (design.md D3): a sentence that cannot be supported is shown and marked, a quote that is not in its
source keeps its place with its status.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.cite import verify
from assistant.converse.claims import bundled_claims
from assistant.converse.marked import Mark, MarkedSentence
from assistant.converse.shelf import Shelf
from assistant.converse.turn import Sentence
from assistant.domain.finding import Citation, CitationStatus
from assistant.domain.provision import Provision
from assistant.domain.source import Source, SourceKind
from assistant.law.references import find_references, format_reference

_PLACE = re.compile(
    r"(?:第\s*[0-9０-９〇一二三四五六七八九十百]+|[0-9０-９]+)\s*(?:条|項(?!目)|号(?![室線車棟機]))"
)
_NUMBERED = re.compile(r"(?<![A-Za-z0-9])[SＳ]\s?[0-9０-９]{1,3}(?![A-Za-z0-9年.])")
_KANA = re.compile(r"[ぁ-ゖァ-ヺ]")
_LATIN = re.compile(r"[A-Za-z]{2,}")
_FEWEST_LATIN, _FEWEST_IDEOGRAPHS = 3, 12
_PAST = (SourceKind.PRECEDENT, SourceKind.HANDBOOK)  # what can tell how it was decided before


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """The sentences with what they rest on. `unknown`: provisions they name that the ordinance does not have."""

    sentences: tuple[Sentence, ...]
    unknown: tuple[str, ...]

    @property
    def citations(self) -> tuple[Citation, ...]:
        """All of them, each once."""
        return tuple(dict.fromkeys(one for sentence in self.sentences for one in sentence.citations))


class Weigher:
    """Weighs the sentences of one answer against the sources on its shelf."""

    def __init__(self, shelf: Shelf, model: str) -> None:
        self._shelf, self._model = shelf, model
        self._corpus, self._day = shelf.speaker.corpus, shelf.speaker.day
        self._checked: dict[Mark, Citation] = {}
        labels = self._corpus.city.labels
        words = bundled_claims().claims
        own = (labels.disclose, labels.withhold, labels.partial, labels.exempt_information, labels.not_held)
        self._past = tuple(dict.fromkeys((*words.precedent, labels.precedent, labels.board)))
        self._law = tuple(
            dict.fromkeys((*words.law, *own, labels.existence_refusal, labels.handbook, *self._past))
        )

    def weigh(self, said: Sequence[MarkedSentence]) -> Weighed:
        """Every sentence, in order."""
        sentences, unknown = [], dict[str, None]()
        for one in said:
            citations = tuple(dict.fromkeys(self._citation(mark) for mark in one.marks))
            named, strange = self._named(one.text)
            unknown |= dict.fromkeys(strange)
            claims = bool(named or strange) or self._claims(one.text)
            supported = not strange and self._rests(one.text, named, citations)
            sentences.append(
                Sentence(
                    text=one.text,
                    citations=citations,
                    role="model",
                    by=self._model,
                    unsupported=claims and not supported,
                )
            )
        return Weighed(sentences=tuple(sentences), unknown=tuple(unknown))

    def _claims(self, text: str) -> bool:
        """Whether a sentence claims law, or may: by its words, by a place of whatever law, by a source it names and
        does not quote; one in another language cannot be told, and is taken to."""
        return (
            any(word in text for word in self._law)
            or bool(_PLACE.search(text) or _NUMBERED.search(text))
            or _is_foreign(text)
        )

    def _citation(self, mark: Mark) -> Citation:
        """Only what stands on the shelf can be cited; 『』 in a quote may be the 「」 of the source."""
        if mark not in self._checked:
            source = self._shelf.take(mark.number)
            if source is None:
                cited = Citation(
                    source=mark.number, kind=None, quote=mark.quote, status=CitationStatus.NOT_FOUND
                )
            else:
                cited = verify(mark.quote, source.id, self._corpus, as_of=self._day)
                if cited.status is CitationStatus.NOT_FOUND and "『" in mark.quote:
                    inner = mark.quote.replace("『", "「").replace("』", "」")
                    again = verify(inner, source.id, self._corpus, as_of=self._day)
                    cited = cited if again.status is CitationStatus.NOT_FOUND else again
            self._checked[mark] = cited
        return self._checked[mark]

    def _named(self, text: str) -> tuple[list[Provision], list[str]]:
        """Provisions of the ordinance the sentence names, and labels of those it does not have."""
        style = self._corpus.ordinance.style
        found, strange = [], []
        for _, _, ref in find_references(text, style=style):
            provision = self._corpus.find(ref, self._day)
            if provision is None:
                strange.append(format_reference(ref, style=style))
            else:
                found.append(provision)
        return found, strange

    def _rests(self, text: str, named: Sequence[Provision], citations: Sequence[Citation]) -> bool:
        """Whether a verified quote speaks of what the sentence claims: of each clause it names, and of a decision
        where it tells of one."""
        sources = [
            source
            for one in citations
            if one.status is CitationStatus.VERIFIED
            and (source := self._corpus.source(one.source)) is not None
        ]
        if not sources:
            return False
        if any(word in text for word in self._past) and not any(one.kind in _PAST for one in sources):
            return False
        return all(any(self._speaks_of(source, place) for source in sources) for place in named)

    def _speaks_of(self, source: Source, place: Provision) -> bool:
        """The same place, one inside the other, the same head or topic, or a text that names it itself."""
        label, own = place.label, source.provision
        if own and (_names(own, label, start=True) or _names(label, own, start=True)):
            return True
        if set(source.heads) & set(self._corpus.heads_of(label, self._day)):
            return True
        topic = self._corpus.topic_of(label, self._day)
        return (topic is not None and source.topic is topic) or _names(source.text, label)


def _names(text: str, label: str, *, start: bool = False) -> bool:
    """Whether the place stands in the text, or at its start, and not as the beginning of a branch number."""
    place = re.compile(rf"{re.escape(label)}(?!の[0-9０-９〇一二三四五六七八九十])")
    return bool(place.match(text) if start else place.search(text))


def _is_foreign(text: str) -> bool:
    """Whether a sentence is not in Japanese; a heading of a few ideographs may be."""
    if _KANA.search(text):
        return False
    ideographs = sum("一" <= letter <= "鿿" for letter in text)
    return len(_LATIN.findall(text)) >= _FEWEST_LATIN or ideographs >= _FEWEST_IDEOGRAPHS
