"""A page that cannot be read is said to be so, and never passes for one in which nothing is to be withheld."""

from __future__ import annotations

from datetime import date

from assistant.domain.document import Document
from assistant.propose.recipe import propose
from assistant.propose.tools import Tools

_GOOD = "会議の日程を変更した。"
_BAD = "本人は東町3丁目に住み、病気で通院している。".encode().decode("cp932", "replace")


def test_the_page_is_named(tools: Tools, day: date) -> None:
    proposal = propose(Document.of_texts((_GOOD, _BAD), name="x"), tools=tools, decision_date=day)
    assert [(w.code, w.page) for w in proposal.warnings if w.code == "garbled_text"] == [("garbled_text", 2)]


def test_the_warning_holds_nothing_of_the_document(tools: Tools, day: date) -> None:
    proposal = propose(Document.of_texts((_BAD,), name="x"), tools=tools, decision_date=day)
    (warning,) = [w for w in proposal.warnings if w.code == "garbled_text"]
    assert "1行" in warning.message
    assert not set(_BAD) & set("縺繧譛") & set(warning.message)


def test_a_good_page_has_no_such_warning(tools: Tools, day: date) -> None:
    proposal = propose(Document.of_texts((_GOOD,), name="x"), tools=tools, decision_date=day)
    assert "garbled_text" not in [w.code for w in proposal.warnings]
