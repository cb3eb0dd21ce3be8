"""Words that are withheld in one place and disclosed in another: mostly somebody overlooked a place.

The inspection lets them pass, since they stand in text that is to be disclosed; a person is asked before a file is made.
"""

from __future__ import annotations

from dataclasses import dataclass

from assistant.domain.finding import Proposal
from assistant.redact.marks import marks_of
from assistant.redact.secrets import disclosed_texts, secrets_of
from assistant.text.folding import folded_text

_LEAST, _LEAST_NUMBER = 2, 4  # letters; one letter, or a short number, stands in other words by chance


@dataclass(frozen=True, slots=True, kw_only=True)
class Remaining:
    """Withheld words that are still to be read: `pages` where, `text` as it is withheld, `finding` by which."""

    finding: str
    text: str
    pages: tuple[int, ...]


def remaining_of(proposal: Proposal, *, confirm_all_as: str | None = None) -> tuple[Remaining, ...]:
    """In the order of the findings, each words once, compared folded. Raises ReviewRefused as `marks_of` does."""
    disclosed = disclosed_texts(proposal.document, marks_of(proposal, confirm_all_as=confirm_all_as))
    pages = [
        (page.number, folded_text(text, variants=True))
        for page, text in zip(proposal.document.pages, disclosed, strict=True)
    ]
    found: dict[str, Remaining] = {}
    for secret in secrets_of(proposal, confirm_all_as=confirm_all_as):
        words = folded_text(secret.text, variants=True)
        if words in found or not _tells(words):
            continue
        where = tuple(number for number, text in pages if words in text)
        if where:
            found[words] = Remaining(finding=secret.finding, text=secret.text, pages=where)
    return tuple(found.values())


def _tells(words: str) -> bool:
    """Whether finding these words somewhere means anything."""
    letters = [letter for letter in words if letter.isalnum()]
    return len(letters) >= (_LEAST_NUMBER if "".join(letters).isdigit() else _LEAST)
