"""Check a quote against the source it claims to come from (design.md D3)."""

from __future__ import annotations

from datetime import date

from assistant.corpus.corpus import Corpus, in_scope
from assistant.domain.finding import Citation, CitationStatus
from assistant.domain.source import Source, SourceKind
from assistant.text.folding import folded_text

SHORTEST = 4
"""A quote of fewer folded characters could be found anywhere and proves nothing."""


def verify(quote: str, source_id: str, corpus: Corpus, *, as_of: date | None = None) -> Citation:
    """The citation with its status.

    verified: the quote occurs in the source's text word for word, white space and character widths aside.
    out_of_scope: it does, but the source was not in force, or not yet decided, on `as_of`; or it occurs only in what
    a party argued before a board or court. not_found: anything else, an unknown source id included.
    """
    source = corpus.source(source_id)
    if source is None:
        return Citation(source=source_id, kind=None, quote=quote, status=CitationStatus.NOT_FOUND)
    return Citation(source=source_id, kind=source.kind, quote=quote, status=_status(quote, source, as_of))


def _status(quote: str, source: Source, as_of: date | None) -> CitationStatus:
    wanted = folded_text(quote)
    if len(wanted) < SHORTEST:
        return CitationStatus.NOT_FOUND
    if wanted in folded_text(source.text):
        inside = as_of is None or in_scope(source, as_of)
        return CitationStatus.VERIFIED if inside else CitationStatus.OUT_OF_SCOPE
    argued = source.unit.argument if source.kind is SourceKind.PRECEDENT and source.unit else ""
    return CitationStatus.OUT_OF_SCOPE if wanted in folded_text(argued) else CitationStatus.NOT_FOUND
