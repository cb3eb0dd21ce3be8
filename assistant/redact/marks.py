"""What is taken out of which page: settled findings as areas and characters."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.domain.document import Box, Extent


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """One withheld piece of information. `extents`: its characters; `boxes`: its areas, one per line, in points of the
    page as shown, not yet padded. A box drawn by hand has no extents. `label`: the clause to print on it, or empty.
    """

    finding: str
    extents: tuple[Extent, ...]
    boxes: tuple[Box, ...]
    label: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Secret:
    """Words that may not be found in the output: of a finding, or another way of writing it (an alias, its reading).

    `finding`: id of the finding it belongs to, empty for words a person gave by hand.
    """

    text: str
    finding: str = ""
