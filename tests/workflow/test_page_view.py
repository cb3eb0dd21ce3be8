"""The pages of a document as a person goes through them in a browser, and the record afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import page_case
import pytest

from assistant.adapters.record import SqlRecordStore, open_record
from assistant.corpus.load import load_city
from assistant.domain.document import Box
from assistant.domain.entity import EntityKind
from assistant.domain.finding import Decision, Finding
from assistant.review.actor import Actor
from assistant.review.areas import drawn
from assistant.review.case import Case
from assistant.review.desk import Desk
from assistant.review.event import EventKind
from assistant.review.files import FileRole, KeptFile
from tests.workflow.conftest import Server
from tests.workflow.hands import DEPARTMENT, NAME, current, press, saved

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
ME = Actor(department=DEPARTMENT, name=NAME)
SEAL = (480.0, 700.0, 33.0)  # centre and half a side, points: as page_case draws it


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    app = Path(__file__).with_name("page_app.py")
    started = Server(data_dir=tmp_path_factory.mktemp("pages"), app=app)
    started.start()
    yield started
    started.kill()


@dataclass
class Opened:
    """A fresh case, its record, and the screen that shows it."""

    page: Page
    desk: Desk
    store: SqlRecordStore
    id: str
    address: str

    @property
    def case(self) -> Case:
        return self.desk.case(self.id, ME)

    @property
    def drawn(self) -> list[Finding]:
        return [finding for finding in self.case.findings if not finding.extents]

    def number(self) -> str:
        return self.page.locator(".os-page-field").input_value()


@pytest.fixture
def opened(page: Page, server: Server, mihon: Path) -> Iterator[Opened]:
    store = open_record(server.data_dir)
    desk = Desk(store, lambda: datetime.now(UTC), load_city(mihon))
    desk.remember_actor(ME)
    data = page_case.paper()
    file = KeptFile(role=FileRole.ORIGINAL, name="記録.pdf", media_type="application/pdf", body=data)
    case = desk.open_case(ME, "document", "用地交渉記録", page_case.proposal(data), files=[file])
    address = f"{server.address}/?case={case.id}"
    page.goto(address)
    page.locator(".os-mark.os-current").wait_for(timeout=120_000)
    picture_is_shown(page)
    yield Opened(page=page, desk=desk, store=store, id=case.id, address=address)
    store.close()


def picture_is_shown(page: Page) -> None:
    page.wait_for_function(
        "() => { const p = document.querySelector('.os-passage .os-picture');"
        " return p.complete && p.naturalWidth > 500 && !document.querySelector('.os-sheet-note').textContent; }"
    )


def drag(page: Page, x0: float, y0: float, x1: float, y1: float) -> None:
    """With the mouse, from one point of the page (points, origin bottom left) to another."""
    sheet = page.locator(".os-passage .os-sheet").bounding_box()
    assert sheet is not None
    scale = sheet["width"] / 595
    (a, b), (c, d) = (
        (sheet["x"] + x * scale, sheet["y"] + (842 - y) * scale) for x, y in ((x0, y0), (x1, y1))
    )
    page.mouse.move(a, b)
    page.mouse.down()
    page.mouse.move((a + c) / 2, (b + d) / 2, steps=2)
    page.mouse.move(c, d, steps=2)
    page.mouse.up()


def fill_in(page: Page, why: str, button: str = "加える") -> None:
    form = page.locator(".os-form")
    form.locator("select:not(.os-area)").select_option(index=2)
    form.locator("[name=os-why]").fill(why)
    form.get_by_role("button", name=button, exact=True).click()
    saved(page)


def near(one: Box, other: tuple[float, float, float, float]) -> bool:
    return all(
        abs(a - b) < 2 for a, b in zip((one.x0, one.y0, one.x1, one.y1), other, strict=True)
    )  # two points: a pixel of the screen, and the hand


def test_through_all_pages_by_keyboard_and_again_after_a_reload(opened: Opened) -> None:
    page = opened.page
    assert (current(page), opened.number()) == (page_case.PERSON, "1")
    assert "全2箇所" in page.locator(".os-together").inner_text()
    press(page, "a")  # the same person on the last page is settled with it
    assert (current(page), opened.number()) == (page_case.PHONE, "1")
    settled = [finding for finding in opened.case.findings if finding.decided]
    assert [(one.text, one.extents[0].page) for one in settled] == [
        (page_case.PERSON, 1),
        (page_case.PERSON, 4),
    ]
    page.keyboard.press("t")  # this place only
    press(page, "a")
    page.wait_for_function(
        "() => document.querySelector('.os-page-field').value === '4'"
    )  # pages 2, 3 have none
    assert current(page) == page_case.PHONE
    assert page.locator(".os-mark.os-withhold-settled").count() == 1

    page.reload()  # in the middle
    page.locator(".os-mark.os-current").wait_for()
    picture_is_shown(page)
    assert (current(page), opened.number()) == (page_case.PHONE, "4")
    press(page, "a")
    page.wait_for_function("() => document.querySelector('.os-page-field').value === '3'")  # it must be read
    press(page, "d")
    assert page.locator(".os-left").inner_text() == "すべて確定しました"
    press(page, "u")
    press(page, "u")
    assert [one.text for one in opened.case.queue] == [page_case.PHONE]
    assert opened.desk.verify_chain().ok


def test_a_seal_is_boxed_moved_and_taken_back(opened: Opened) -> None:
    page = opened.page
    x, y, half = SEAL
    page.keyboard.press("m")  # boxes instead of letters
    drag(page, x - half, y + half, x + half, y - half)
    page.locator(".os-form .os-area").select_option("seal")
    fill_in(page, "個人の印影であるため。")
    (seal,) = opened.drawn
    assert (seal.kind, seal.decision, seal.text) == (EntityKind.SEAL, Decision.WITHHOLD, "")
    assert near(seal.boxes[0], (x - half, y - half, x + half, y + half))
    assert page.locator(".os-mark.os-withhold-settled.os-current").count() == 1

    page.keyboard.press("h")  # move it: ten points to the right by keyboard, and larger by a corner
    page.locator(".os-form").get_by_role("button", name="矢印キーで動かす").click()
    for _ in range(5):
        page.keyboard.press("ArrowRight")
    drag(page, x + half + 10, y - half, x + half + 30, y - half - 20)
    page.locator(".os-form").get_by_role("button", name="変更を確定").click()
    saved(page)
    (seal,) = opened.drawn
    assert near(seal.boxes[0], (x - half + 10, y - half - 20, x + half + 30, y + half))

    press(page, "u")
    (seal,) = opened.drawn
    assert near(seal.boxes[0], (x - half, y - half, x + half, y + half))
    press(page, "u")
    assert opened.drawn == []
    assert page.locator(".os-mark").count() == 3  # as it was


def test_letters_are_marked_by_dragging_over_them_and_a_mark_is_widened(opened: Opened) -> None:
    page = opened.page
    drag(page, 58, 778, 128, 755)  # the first five letters of the first line
    assert page.locator(".os-form .os-quote").inner_text() == "「用地交渉記」"
    fill_in(page, "事業が知られるため。")
    added = opened.case.findings[0]
    assert (added.text, added.boxes[0].page) == ("用地交渉記", 1)
    assert drawn(page_case.proposal(page_case.paper()).document, added) == ()

    page.keyboard.press("h")
    page.keyboard.press("Escape")
    page.keyboard.press("m")
    page.keyboard.press("h")
    drag(page, 300, 700, 340, 680)  # a box beside its letters
    page.locator(".os-form").get_by_role("button", name="変更を確定").click()
    saved(page)
    wide = opened.case.findings[0]
    assert wide.text == "用地交渉記"
    assert len(wide.boxes) == 2
    assert near(wide.boxes[1], (300, 680, 340, 700))


def test_a_picture_is_read_boxed_by_keyboard_and_covered_whole(opened: Opened) -> None:
    page = opened.page
    field = page.locator(".os-page-field")
    field.fill("3")
    field.press("Enter")
    page.locator(".os-doubt", has_text="人が読んで確かめてください").wait_for()
    picture_is_shown(page)
    press(page, "v")
    page.locator(".os-doubt", has_text="目で確かめました").wait_for()
    assert list(opened.case.unread_pages) == []

    page.keyboard.press("n")
    before = page.locator(".os-edit").bounding_box()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Shift+ArrowRight")
    after = page.locator(".os-edit").bounding_box()
    assert before is not None
    assert after is not None
    assert after["y"] < before["y"]
    assert after["width"] > before["width"]
    page.keyboard.press("Enter")
    page.keyboard.press("a")  # the form has the focus: nothing is settled
    page.keyboard.press("Escape")
    assert opened.drawn == []

    page.keyboard.press("l")
    fill_in(page, "全体が個人の写真であるため。")
    (whole,) = opened.drawn
    assert near(whole.boxes[0], (0, 0, 595, 842))
    page.keyboard.press("b")
    black = page.locator(".os-pane-after .os-black").bounding_box()
    sheet = page.locator(".os-pane-after .os-sheet").bounding_box()
    assert black is not None
    assert sheet is not None
    assert abs(black["width"] - sheet["width"]) < 2
    page.keyboard.press("b")
    press(page, "u")
    press(page, "u")
    assert list(opened.case.unread_pages) == [3]
    assert [act.kind for act in opened.case.acts] == [EventKind.PAGE_READ, EventKind.ADDED]


def test_the_page_the_finding_and_the_keys_are_seen_without_scrolling(opened: Opened) -> None:
    page = opened.page
    assert page.evaluate("() => document.scrollingElement.scrollHeight <= innerHeight + 1")
    for selector in (".os-mark.os-current", ".os-card .os-quote", ".os-keys [data-act=rest] kbd", ".os-zoom"):
        box = page.locator(selector).first.bounding_box()
        assert box is not None, selector
        assert box["x"] >= 0, selector
        assert box["x"] + box["width"] <= 1366, selector
        assert box["y"] + box["height"] <= 625, selector
    page.keyboard.press("r")  # Streamlit would run the page again
    page.keyboard.press("c")
    assert page.get_by_role("dialog").count() == 0
    assert [finding.decided for finding in opened.case.findings] == [None] * 5
