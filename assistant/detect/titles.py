"""Posts and titles beside a name: what stands before it in its item, or in the bracket after it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from assistant.detect.patterns import HIRA, KANJI, KATA, one_of
from assistant.detect.sheet import Sheet
from assistant.detect.words import PARTIES, Words

_RUN = rf"[{KANJI}{KATA}{HIRA}A-Za-z0-9ー・]"


# A（20代女性、採用2年目）: what is said in the bracket after a person called by a letter
_INITIAL_NOTE = re.compile(r"(?<![A-Za-z0-9.])[A-Z](?:子|男|さん|氏|君|児|夫|女)?\(([^()\n]{4,48})\)")


class Titles:
    """Spans of titles. They are shown with a shown name, and give away the bearer of one that is not."""

    def __init__(self, words: Words) -> None:
        posts = [
            word
            for key in words.lists
            if key.startswith("roles.posts") and key not in PARTIES
            for word in words[key]
            if len(word) >= 2
        ]
        title = one_of(posts)
        self._before = re.compile(
            rf"(?:^|(?<=[\s、。(:・/「】〕]))({_RUN}{{0,16}}(?: {_RUN}{{1,14}})?(?<![はがをにとでも]){title}) {{0,2}}$"
        )
        self._after = re.compile(rf" ?\(((?:(?!今回|本人)[^()\n。、]){{0,24}}{title})(?=[。、)])")
        self._career = re.compile(r" ?\(((?:現|元|前|旧)[ 、]?[^()\n]{2,24})\)")

    def around(self, sheet: Sheet, names: Sequence[tuple[int, int]]) -> Iterable[tuple[int, int, str]]:
        """(start, end, "post" or "career") for every title beside one of the names."""
        for match in _INITIAL_NOTE.finditer(sheet.text):
            yield match.start(1), match.end(1), "note"
        for start, end in names:
            line_start, _ = sheet.line(start)
            window = max(line_start, start - 40)
            before = self._before.search(sheet.text[window:start])
            if before:
                yield window + before.start(1), window + before.end(1), "post"
            career = self._career.match(sheet.text, end)
            after = self._after.match(sheet.text, end)
            if career:
                yield career.start(1), career.end(1), "career"
            elif after:
                yield after.start(1), after.end(1), "post"
