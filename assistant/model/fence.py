"""A line that parts data from instructions, and that the data themselves cannot hold."""

from __future__ import annotations

import re


def fence(word: str, data: str) -> str:
    """`====<word>1====`, or the first number whose line does not stand in `data`, however spaced.

    Made from nothing in the data: a digest of a passage would let whoever guesses the passage prove the guess.
    """
    bare = re.sub(r"\s", "", data)
    taken = {int(number) for number in re.findall(rf"={re.escape(word)}([0-9]{{1,9}})=", bare)}
    free = next(number for number in range(1, len(taken) + 2) if number not in taken)
    return f"===={word}{free}===="
