"""What a person types to narrow a search, as the search understands it."""

from __future__ import annotations

from datetime import date

from assistant.corpus.corpus import Corpus
from assistant.domain.provision import Head
from assistant.errors import InputError


def head_told(told: str, corpus: Corpus, day: date) -> Head:
    """A head by its name, or by the provision that is it on the day. Raises InputError that names the heads."""
    heads = {str(head): head for head in corpus.heads(day)}
    head = heads.get(told.strip()) or corpus.head_of(told, day)
    if head is None:
        raise InputError(f"条項の種類に書けるのは、{'、'.join(heads)}か、その条項の番号です。")
    return head
