"""The desk as a person uses it, and the record afterwards."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from assistant.adapters.record import FILE, open_record
from assistant.corpus.load import load_city
from assistant.review.actor import Actor
from assistant.review.case import Case
from assistant.review.desk import Desk
from assistant.review.event import EventKind
from tests.workflow.conftest import Server
from tests.workflow.hands import DEPARTMENT, NAME, current, drag, enter, examine, paint_times, press, saved
from tests.workflow.passages import PASSAGE

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]


def the_record(server: Server, mihon: Path) -> Desk:
    return Desk(open_record(server.data_dir), lambda: datetime.now(UTC), load_city(mihon))


def the_case(server: Server, mihon: Path, case_id: str) -> Case:
    return the_record(server, mihon).case(case_id, Actor(department=DEPARTMENT, name=NAME))


def test_everything_done_at_the_desk_is_found_again_after_a_crash(
    page: Page, server: Server, mihon: Path
) -> None:
    case_id = examine(page, server.address, PASSAGE)
    shown = page.locator(".os-passage-text").inner_text()
    assert shown.replace("\n", "") == PASSAGE.replace("\n", "")  # once, whole, tabs and all

    # 採用 by key: the finding is settled and the next one comes.
    first = current(page)
    press(page, "a")
    assert current(page) != first

    # 変更: another decision, with the reviewer's own reason.
    changed = current(page)
    page.keyboard.press("h")
    page.locator(".os-form").get_by_text("開示", exact=True).click()
    page.locator(".os-form [name=os-why]").fill("登記簿で誰でも見ることができるため。")
    page.locator(".os-form").get_by_role("button", name="変更を確定").click()
    saved(page)

    # 不採用 by key.
    rejected = current(page)
    press(page, "x")

    # A missed span, selected with the mouse; 𠮷 is two units to the browser and one character to us.
    drag(page, "𠮷彦氏も")
    page.keyboard.press("n")
    form = page.locator(".os-form")
    form.locator("select").select_option(index=2)
    form.locator("[name=os-why]").fill("個人の名であるため。")
    form.get_by_role("button", name="加える", exact=True).click()
    saved(page)
    page.locator(".os-seg.os-withhold-settled", has_text="𠮷彦氏も").wait_for()

    # 元に戻す takes back one act, and only one.
    page.keyboard.press("j")
    before = page.locator(".os-left").inner_text()
    press(page, "a")
    assert page.locator(".os-left").inner_text() != before
    press(page, "u")
    assert page.locator(".os-left").inner_text() == before

    # Reloading leads back to the same case.
    left = page.locator(".os-left-kinds").inner_text()
    page.reload()
    page.locator(".os-desk .os-current").first.wait_for()
    assert page.locator(".os-left-kinds").inner_text() == left

    server.kill()
    server.start()
    page.goto(f"{server.address}/?case={case_id}")
    page.locator(".os-desk .os-current").first.wait_for()
    assert page.locator(".os-left-kinds").inner_text() == left

    case = the_case(server, mihon, case_id)
    kinds = [act.kind for act in case.acts]
    assert kinds == [
        EventKind.CONFIRMED,
        EventKind.CHANGED,
        EventKind.REJECTED,
        EventKind.ADDED,
        EventKind.CONFIRMED,
    ]
    assert [act.undone for act in case.acts] == [False, False, False, False, True]
    assert {act.by for act in case.acts} == {f"{DEPARTMENT} {NAME}"}
    by_text = {finding.text: finding for finding in case.findings if finding.decided}
    assert by_text[first].decided is not None
    assert by_text[changed].decision == "disclose"
    assert by_text[rejected].decided is not None
    assert by_text[rejected].decided.state == "rejected"
    added = by_text["𠮷彦氏も"]
    assert added.found_by == ("reviewer",)
    assert PASSAGE[added.extents[0].start : added.extents[0].end] == "𠮷彦氏も"
    assert the_record(server, mihon).verify_chain().ok


def test_the_whole_queue_takes_few_keys(page: Page, server: Server, mihon: Path) -> None:
    case_id = examine(page, server.address, PASSAGE)
    before = the_case(server, mihon, case_id)
    places = sum(len(finding.extents) for finding in before.queue)
    pressed = 0
    while page.locator(".os-left").inner_text().startswith("残り ") and pressed < 60:
        press(page, "a")
        if page.locator(".os-message").is_visible():  # no ground of its own: a person must say why
            page.keyboard.press("j")
        pressed += 1
    press(page, "d")
    after = the_case(server, mihon, case_id)
    assert not after.rest
    assert not after.queue
    assert pressed <= places  # one decision for all places of a person, never more than one a place


def test_an_undecided_ask_is_never_settled_with_others(page: Page, server: Server, mihon: Path) -> None:
    case_id = examine(page, server.address, PASSAGE)
    press(page, "d")
    case = the_case(server, mihon, case_id)
    assert not case.rest
    assert [finding.decided for finding in case.queue] == [None] * len(case.queue)


def test_what_cannot_be_written_is_taken_back_and_said(page: Page, server: Server, mihon: Path) -> None:
    case_id = examine(page, server.address, PASSAGE)
    before = page.locator(".os-left").inner_text()
    writer = sqlite3.connect(server.data_dir / FILE, isolation_level=None)
    writer.execute("BEGIN IMMEDIATE")  # another process is writing and does not finish
    page.keyboard.press("a")
    assert page.locator(".os-left").inner_text() != before  # painted at once
    page.locator(".os-message", has_text="書き込めません").wait_for()
    assert page.locator(".os-left").inner_text() == before
    writer.execute("ROLLBACK")
    writer.close()
    press(page, "a")
    assert not page.locator(".os-message").is_visible()
    assert len(the_case(server, mihon, case_id).acts) == 1


def test_letter_keys_are_inert_while_typing_and_while_the_ime_composes(page: Page, server: Server) -> None:
    examine(page, server.address, PASSAGE)
    before = page.locator(".os-left-kinds").inner_text()
    page.keyboard.press("h")
    field = page.locator(".os-form [name=os-why]")
    field.click()
    page.keyboard.type("axujkd")
    assert field.input_value() == "axujkd"
    page.keyboard.press("Escape")
    # Composing over the passage: the browser marks the key as the IME's (229).
    page.evaluate(
        """() => document.querySelector(".os-passage").dispatchEvent(
            new KeyboardEvent("keydown", {key: "a", keyCode: 229, isComposing: true, bubbles: true}))"""
    )
    page.wait_for_timeout(500)
    assert page.locator(".os-left-kinds").inner_text() == before
    assert page.locator(".os-saving").inner_text() == "記録済み"


def test_streamlits_own_keys_do_nothing_here(page: Page, server: Server) -> None:
    examine(page, server.address, PASSAGE)
    page.locator(".os-passage").click(position={"x": 5, "y": 5})
    finding = current(page)
    page.keyboard.press("j")
    moved = current(page)
    assert moved != finding
    page.keyboard.press("r")
    page.keyboard.press("c")
    page.wait_for_timeout(800)
    assert page.locator("[role=dialog]").count() == 0
    assert current(page) == moved  # a rerun would be allowed to keep it, a fresh page would not


def test_passage_finding_and_keys_are_visible_without_scrolling(page: Page, server: Server) -> None:
    examine(page, server.address, PASSAGE)
    for selector in (".os-passage", ".os-card", ".os-card .os-quote", ".os-keys", ".os-passage .os-current"):
        box = page.locator(selector).first.bounding_box()
        assert box is not None, selector
        assert box["y"] >= 0, selector
        assert box["y"] + box["height"] <= 625, selector
        assert box["x"] + box["width"] <= 1366, selector
    for button in page.locator(".os-keys button").all():
        box = button.bounding_box()
        assert box is not None
        assert box["x"] + box["width"] <= 1366
    assert page.evaluate("document.scrollingElement.scrollHeight <= innerHeight")


def test_each_key_is_painted_within_300_milliseconds(page: Page, server: Server) -> None:
    examine(page, server.address, PASSAGE * 3)  # about a thousand characters
    times = paint_times(page, "jjjkkjajaxua1j")
    saved(page)
    assert max(times) < 300, times


def test_a_cited_source_opens_with_the_quoted_words_lit(page: Page, server: Server) -> None:
    examine(page, server.address, PASSAGE)
    page.keyboard.press("1")
    source = page.locator(".os-source")
    assert source.get_by_text("原文一致").is_visible()
    lit = source.locator(".os-lit").inner_text()
    quote = page.locator(".os-citation-quote").first.inner_text().strip("「」")
    assert "".join(lit.split()) == "".join(quote.split())
    assert page.locator(".os-source .os-mark-fictional").is_visible()
    page.keyboard.press("Escape")
    assert source.count() == 0


def test_who_acts_is_asked_once(page: Page, server: Server) -> None:
    enter(page, server.address)
    page.reload()
    page.get_by_role("textbox", name="調べたい文章").wait_for()
    assert page.get_by_role("button", name="始める").count() == 0
    assert page.get_by_role("button", name=NAME).is_visible()
    assert page.evaluate("document.documentElement.lang") == "ja"


def test_a_span_can_be_selected_without_a_mouse(page: Page, server: Server) -> None:
    examine(page, server.address, PASSAGE)
    page.locator(".os-passage").focus()
    for _ in range(3):
        page.keyboard.press("Shift+ArrowRight")
    chosen = page.evaluate("getSelection().toString()")
    assert len(chosen) == 3
    page.keyboard.press("n")
    assert page.locator(".os-form .os-quote").inner_text() == f"「{chosen}」"
