"""Is there anything to read, and can it be read? Positions stay where they are whatever stands in the text."""

from __future__ import annotations

import re
from dataclasses import replace

from assistant.domain.document import Document, Page
from assistant.errors import DocumentError

MAX_PAGE = 200_000
"""Longest page, in characters: a hundred printed pages pasted as one."""

_LONE_SURROGATE = re.compile("[\ud800-\udfff]")
# Characters nobody sees. A zero-width space is passed over by every comparison, and it keeps the count.
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def readable(document: Document) -> Document:
    """The document with what cannot be written anywhere replaced, character for character. Raises DocumentError.

    Pages that are pictures without a letter are a document all the same: a person reads them.
    """
    for page in document.pages:
        if len(page.text) > MAX_PAGE:
            raise DocumentError(
                f"{page.number}ページが長すぎます（{len(page.text):,}字。1ページは{MAX_PAGE:,}字まで）。"
                "章や文書ごとに分けて、もう一度調べてください。"
            )
    if not (document.on_paper or document.hidden) and not any(
        letter.isprintable() and not letter.isspace() for page in document.pages for letter in page.text
    ):
        raise DocumentError(
            "文章がありません。調べたい文章を貼り付けるか、文字のあるファイルを選んでください。"
        )
    pages = tuple(_clean(page) for page in document.pages)
    return document if pages == document.pages else replace(document, pages=pages)


def _clean(page: Page) -> Page:
    text = _CONTROL.sub("\u200b", _LONE_SURROGATE.sub("\ufffd", page.text))
    return page if text == page.text else replace(page, text=text)
