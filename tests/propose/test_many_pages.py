"""A document of many pages: one person on all of them, copies settled once, and what its pages do not show."""

from __future__ import annotations

import random
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from assistant.domain.document import CharBoxes, Document, Extent, Hidden, HiddenKind, Origin, Page
from assistant.domain.entity import Entity, EntityKind, Facts
from assistant.domain.finding import Decision, Finding, Proposal, finding_id
from assistant.domain.source import Source
from assistant.errors import DataFileError, DocumentError
from assistant.jobs.ports import Cancelled, Progress
from assistant.jobs.run import ALONE, Run
from assistant.propose.cautions import hidden_names, ranges, read_hidden_names
from assistant.propose.duplicates import Alike, alike_pages, each_copy_once
from assistant.propose.kept import entities_codec
from assistant.propose.recipe import propose
from assistant.propose.tools import Argued, Tools
from assistant.wiring.workers import Detects, Likens

LETTER = (
    "苦情受付票\n申出人　氏名：見本　花子\n住所：見本市中央町1-2-3\n電話：090-0000-1234\n"
    "隣家の犬が夜に鳴いて眠れない。糖尿病で通院している母が休めないので、市から指導してほしい。\n"
)
NAMES = ("甘木　一郎", "乙川　次郎", "丙山　三郎", "丁田　四郎")


@pytest.fixture(scope="module")
def likening(tools: Tools) -> Tools:
    """As the program runs: with worked passages, and all that crosses to a worker picklable."""
    return replace(tools, detect=Detects("off"), likener=Likens())


def _page(number: int) -> str:
    """No two are alike."""
    lines = [
        f"（{number}）{chr(0x4E00 + (97 * number + at) % 20000)}地区の{number * 31 + at}番の案件について協議した。"
        for at in range(12)
    ]
    return "\n".join(lines) + "\n"


def _codes(proposal: Proposal) -> list[str]:
    return [warning.code for warning in proposal.warnings]


def _told(proposal: Proposal, code: str) -> str:
    return " ".join(warning.message for warning in proposal.warnings if warning.code == code)


def test_one_person_is_followed_over_300_pages_in_time(tools: Tools, day: date) -> None:
    """The name in full stands on the first page; the family name alone is the same person on the last."""
    texts = [_page(number) for number in range(1, 301)]
    texts[0] = "相談記録\n相談者　氏名：見本　花子\n" + texts[0]
    for number in (150, 299):
        texts[number] += "見本さんから再び電話があった。\n"
    begun = time.monotonic()
    proposal = propose(Document.of_texts(tuple(texts), name="記録"), tools=tools, decision_date=day)
    assert time.monotonic() - begun < 60  # a guard against what grows with the square of the pages
    names = [one for one in proposal.findings if one.kind is EntityKind.PERSON_NAME]
    pages = {extent.page: one.person for one in names for extent in one.extents}
    assert {1, 151, 300} <= pages.keys()
    assert len({pages[1], pages[151], pages[300]}) == 1


def test_workers_find_what_one_process_finds(likening: Tools, day: date) -> None:
    from concurrent.futures import ThreadPoolExecutor

    texts = tuple(_page(n) + LETTER.replace("見本　花子", NAMES[n % 4]) for n in range(1, 13))
    document = Document.of_texts(texts, name="記録")
    met: dict[int, tuple[Entity, ...]] = {}
    alone = propose(document, tools=likening, decision_date=day, on_page=met.__setitem__)
    with Run(lambda: ThreadPoolExecutor(3)) as run:
        together = propose(document, tools=likening, decision_date=day, run=run)
    assert together == alone
    assert sorted(met) == list(range(1, 13))
    assert all(any(one.kind is EntityKind.PERSON_NAME for one in found) for found in met.values())


def test_it_can_be_called_off(tools: Tools, day: date) -> None:
    document = Document.of_texts(tuple(map(_page, range(1, 30))), name="記録")
    met: list[int] = []
    run = Run(stop=lambda: len(met) > 3)
    with pytest.raises(Cancelled):
        propose(
            document, tools=tools, decision_date=day, run=run, on_page=lambda number, _: met.append(number)
        )
    assert len(met) == 4


def test_the_model_can_be_called_off_too(tools: Tools, day: date) -> None:
    class Arguing:
        def argue(
            self,
            document: Document,
            facts: Facts,
            ruled: Sequence[Finding],
            sources: Sequence[Source],
            day: date,
            *,
            run: Run = ALONE,
        ) -> Argued:
            run.tell("argue", 1, 3)
            raise AssertionError("not reached")

    stages: list[str] = []

    def tell(progress: Progress) -> None:
        stages.append(progress.stage)

    document = Document.of_texts((LETTER,), name="記録")
    run = Run(tell=tell, stop=lambda: bool(stages) and len(stages) > 1)
    with pytest.raises(Cancelled):
        propose(
            document,
            tools=replace(tools, proposer=Arguing()),
            decision_date=day,
            requested_engine="model",
            run=run,
        )


def test_a_page_whose_worker_died_is_said_and_the_rest_stands(tools: Tools, day: date) -> None:
    class Dying(Run):
        def each(self, stage, work, pieces, **more):  # type: ignore[no-untyped-def]
            left = {number: piece for number, piece in pieces.items() if number != 2}
            return super().each(stage, work, left, **more)

    texts = (LETTER, _page(2) + LETTER.replace("花子", "月子"), _page(3))
    proposal = propose(Document.of_texts(texts, name="記録"), tools=tools, decision_date=day, run=Dying())
    assert _told(proposal, "unread_page").startswith("2ページは")
    assert any(one.extents[0].page == 1 for one in proposal.findings)


def test_copies_are_settled_by_one_decision(likening: Tools, day: date) -> None:
    """Every piece of the letter, also what is said of nobody in particular, is one finding on all three copies."""
    document = Document.of_texts((LETTER, _page(2), LETTER, LETTER), name="記録")
    proposal = propose(document, tools=likening, decision_date=day)
    assert alike_pages(document) == Alike(exact=((1, 3, 4),))
    assert "1・3・4ページは同じ内容です" in _told(proposal, "same_pages")
    said = {
        number: sorted(
            (f.kind, f.decision, e.start, e.end)
            for f in proposal.findings
            for e in f.extents
            if e.page == number
        )
        for number in (1, 3, 4)
    }
    assert said[1] == said[3] == said[4]
    assert {decision for _, decision, _, _ in said[1]} >= {Decision.WITHHOLD}
    whole = [one for one in proposal.findings if len(document.places(one.extents)[0]) == 1]
    assert whole
    for one in whole:  # one act for all three
        assert {extent.page for extent in one.extents} in ({1, 3, 4}, {2})
        assert one.text == document.cut(one.extents[0])


def test_the_stricter_of_two_copies_holds_for_both() -> None:
    document = Document.of_texts((LETTER, LETTER), name="記録")

    def finding(page: int, start: int, decision: Decision, *more: Extent) -> Finding:
        extents = (Extent(page=page, start=start, end=start + 2), *more)
        name = finding_id(document, EntityKind.HEALTH, extents)
        return Finding(id=name, kind=EntityKind.HEALTH, extents=extents, text="", decision=decision)

    alike = alike_pages(document)
    same = (finding(1, 5, Decision.ASK), finding(2, 5, Decision.ASK))
    assert [one.extents for one in each_copy_once(document, same, alike)] == [
        (*same[0].extents, *same[1].extents)
    ]
    other = (finding(1, 5, Decision.ASK), finding(2, 5, Decision.WITHHOLD))
    (one,) = each_copy_once(document, other, alike)
    assert (one.decision, one.extents) == (Decision.WITHHOLD, (*other[0].extents, *other[1].extents))
    broken = tuple(finding(n, 5, Decision.ASK, Extent(page=n, start=9, end=10)) for n in (1, 2))
    assert [one.extents for one in each_copy_once(document, broken[:1], alike)] == [
        one.extents for one in broken
    ]


def test_nearly_the_same_pages_are_found_and_others_are_not() -> None:
    long = "".join(_page(n) for n in range(7))
    texts = (long, _page(40), long.replace("協議", "協 議", 1), long[:-30] + "別の結び。", _page(41), long)
    alike = alike_pages(Document.of_texts(texts, name="記録"))
    assert alike.exact == ((1, 6),)
    assert alike.near == ((1, 3, 4),)
    assert alike_pages(Document.of_texts(("", "\n", "一頁", "一頁"), name="記録")) == Alike()


def test_2000_pages_are_compared_in_time() -> None:
    forms = tuple(f"{LETTER * 8}受付番号{number}" for number in range(1000))
    texts = (*forms, *(_page(number) for number in range(1000)))
    begun = time.monotonic()
    alike = alike_pages(Document.of_texts(texts, name="記録"))
    assert time.monotonic() - begun < 30
    assert tuple(range(1, 1001)) in alike.near


def _paper(number: int, text: str = "", *doubts: str, origin: Origin = Origin.FILE) -> Page:
    return Page(number=number, text=text, width=595, height=842, origin=origin, doubts=doubts)


def _file(*pages: Page, hidden: tuple[Hidden, ...] = ()) -> Document:
    return Document(name="記録.pdf", sha256="0" * 64, pages=pages, media="pdf", hidden=hidden)


def test_pages_that_are_pictures_are_a_document_for_a_person_to_read(likening: Tools, day: date) -> None:
    pages = [_paper(number, "", "image_only", "no_ocr", origin=Origin.NONE) for number in (1, 2)]
    proposal = propose(_file(*pages), tools=likening, decision_date=day)
    assert proposal.findings == ()
    assert [w.page for w in proposal.warnings if w.code == "page_doubt"] == [1, 2, 1, 2]
    assert "枠を引いて" in _told(proposal, "page_doubt")
    with pytest.raises(DocumentError):
        propose(Document.of_texts((" \n",), name="記録"), tools=likening, decision_date=day)


def test_a_doubt_about_many_pages_is_said_once(tools: Tools, day: date) -> None:
    pages = [_paper(number, _page(number), "ocr", origin=Origin.OCR) for number in range(1, 9)]
    proposal = propose(_file(*pages), tools=tools, decision_date=day)
    assert _codes(proposal).count("page_doubt") == 1
    assert "1〜8ページ" in _told(proposal, "page_doubt")
    assert ranges([1, 2, 3, 7, 9, 10]) == "1〜3・7・9〜10"


def test_a_cover_that_is_a_picture_does_not_hide_what_record_it_is(tools: Tools, day: date) -> None:
    seen = propose(_file(_paper(1, LETTER)), tools=tools, decision_date=day)
    covered = propose(_file(_paper(1), _paper(2, LETTER)), tools=tools, decision_date=day)
    assert [(f.kind, f.text, f.decision) for f in covered.findings] == [
        (f.kind, f.text, f.decision) for f in seen.findings
    ]
    assert "blank_page" in _codes(covered)


def test_hidden_content_is_counted_and_not_quoted(tools: Tools, day: date) -> None:
    hidden = (
        Hidden(
            kind=HiddenKind.COMMENT,
            place="1枚目のコメント",
            text="申請者　氏名：甘木　一郎\n電話：090-0000-5678",
        ),
        Hidden(kind=HiddenKind.COMMENT, place="2枚目のコメント", text=""),
        Hidden(kind=HiddenKind.HIDDEN_SHEET, place="3枚目のシート", text="予定\n" * 9000),
    )
    proposal = propose(_file(_paper(1, _page(1)), hidden=hidden), tools=tools, decision_date=day)
    said = _told(proposal, "hidden_content")
    assert "3件" in said
    assert "コメント2件" in said
    assert "非表示のシート1件" in said
    assert "氏名1件" in said
    assert not {"甘木", "一郎", "5678"} & {word for word in ("甘木", "一郎", "5678") if word in said}
    assert "個人に関する候補は見つかりませんでした" in _told(
        propose(_file(_paper(1, _page(1)), hidden=hidden[2:]), tools=tools, decision_date=day),
        "hidden_content",
    )


def test_every_kind_of_hidden_content_has_a_name(tmp_path: Path) -> None:
    assert set(hidden_names()) == set(HiddenKind)
    lacking = tmp_path / "hidden.toml"
    lacking.write_text('[names]\ncomment = "コメント"\n', encoding="utf-8")
    with pytest.raises(DataFileError):
        read_hidden_names(lacking)


def test_what_detection_found_can_be_kept_and_read_back(tools: Tools) -> None:
    document = Document.of_texts((LETTER, "短い頁"), name="記録")
    codec = entities_codec(document)
    for page in document.pages:
        found = tools.detect(page)
        assert codec.read(page.number, codec.write(found)) == found
    assert "花子" not in codec.write(tools.detect(document.pages[0]))
    for damaged in ("", "{}", "[1]", '[{"kind":"?"}]', codec.write(tools.detect(document.pages[0]))):
        with pytest.raises(ValueError):
            codec.read(2, damaged)


def test_places_on_paper_do_not_go_to_workers(tools: Tools, day: date) -> None:
    sent: list[Page] = []

    def detect(page: Page) -> tuple[Entity, ...]:
        sent.append(page)
        return tools.detect(page)

    boxes = CharBoxes(1, [None] * len(LETTER))
    page = Page(number=1, text=LETTER, boxes=boxes, width=595, height=842)
    propose(_file(page), tools=replace(tools, detect=detect), decision_date=day)
    assert sent[0].width == 0
    assert not sent[0].boxes.anywhere


def test_a_thousand_filled_in_forms_are_not_held_against_one_another_for_minutes() -> None:
    """The form is five sixths of each page: too little to be nearly the same, too much for the bands to part them."""
    chance = random.Random(20240602)
    letters = [chr(code) for code in range(0x4E00, 0x9000)]
    form = "".join(chance.choices(letters, k=900))
    texts = [form + "".join(chance.choices(letters, k=90)) for _ in range(1000)]
    texts[700] = texts[3][:-10] + "".join(chance.choices(letters, k=10))
    begun = time.monotonic()
    assert alike_pages(Document.of_texts(tuple(texts), name="申請書")).near == ((4, 701),)
    assert time.monotonic() - begun < 8  # comparing pair by pair takes twelve
