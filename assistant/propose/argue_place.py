"""Where in a piece stands what a model copied out of it: word for word after folding, or nowhere."""

from __future__ import annotations

from assistant.domain.document import Extent
from assistant.propose.argue_pieces import Piece
from assistant.text.folding import Folded, fold

MOST_PLACES = 200
"""Occurrences of one copied text that are taken; a text that stands more often says nothing."""

_BEFORE = 20


class Reader:
    """One piece, folded once, to look up many texts in."""

    def __init__(self, piece: Piece) -> None:
        self._piece = piece
        self._folded: Folded = fold(piece.text, drop_space=True)

    def places(self, text: str, before: str) -> tuple[tuple[Extent, ...], ...]:
        """Each occurrence meant, as extents line by line, in reading order; empty when it is not there.

        `before` chooses among occurrences. Where it fits none, all are meant: the same words in the same piece are
        better looked at twice than missed. A single character needs `before` or must be the only one.
        """
        wanted = fold(text, drop_space=True).text
        if not wanted:
            return ()
        found = self._found(wanted)
        lead = fold(before, drop_space=True).text[-_BEFORE:]
        chosen = [at for at in found if lead and self._folded.text.endswith(lead, 0, at)]
        if not chosen and (len(wanted) == 1 and len(found) > 1):
            return ()
        spans = (self._folded.span(at, at + len(wanted)) for at in (chosen or found)[:MOST_PLACES])
        return tuple(self._lines(start, end) for start, end in spans)

    def _found(self, wanted: str) -> list[int]:
        found: list[int] = []
        at = self._folded.text.find(wanted)
        while at >= 0 and len(found) < MOST_PLACES:
            if not self._inside_word(at, at + len(wanted)):
                found.append(at)
            at = self._folded.text.find(wanted, at + len(wanted))
        return found

    def _inside_word(self, start: int, end: int) -> bool:
        """Whether the match would begin or end inside a number or a Latin word: 5 is not in 150."""
        text = self._folded.text
        opens = start > 0 and _joined(text[start - 1], text[start]) and self._touch(start)
        closes = end < len(text) and _joined(text[end - 1], text[end]) and self._touch(end)
        return opens or closes

    def _touch(self, at: int) -> bool:
        """Whether two folded characters are neighbours in the text itself, with no white space dropped between."""
        return self._folded.starts[at] <= self._folded.ends[at - 1]

    def _lines(self, start: int, end: int) -> tuple[Extent, ...]:
        """The span without line breaks and the white space around them."""
        text, extents, at = self._piece.text, [], start
        for line in text[start:end].split("\n"):
            bare = line.strip()
            if bare:
                left = at + line.index(bare) + self._piece.start
                extents.append(Extent(page=self._piece.page.number, start=left, end=left + len(bare)))
            at += len(line) + 1
        return tuple(extents)


def _joined(left: str, right: str) -> bool:
    return left.isascii() and right.isascii() and left.isalnum() and right.isalnum()
