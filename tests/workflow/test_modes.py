"""The other pages as a person uses them: asking, searching, wording, looking back."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.workflow.conftest import Server
from tests.workflow.hands import enter, examine, press
from tests.workflow.passages import PASSAGE

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]


def test_a_question_is_answered_with_sources_that_open(page: Page, server: Server) -> None:
    enter(page, server.address)
    field = page.get_by_role("textbox", name="調べたい文章")
    field.fill("会社の担当者の名前は消しますか")
    field.press("Control+Enter")
    page.locator(".os-sentence .os-citation").first.wait_for(timeout=120_000)
    assert page.get_by_text("質問として答えました").is_visible()
    page.locator(".os-sentence .os-citation").first.click()
    source = page.locator(".os-aside .os-source")
    assert source.locator(".os-lit").first.inner_text()
    assert source.get_by_text("原文一致").is_visible()
    page.get_by_placeholder("続けて尋ねる").fill("代表者の名前はどうですか")
    page.keyboard.press("Enter")
    page.locator('[data-testid="stChatMessage"]').nth(3).wait_for()
    page.reload()  # the conversation comes from the record
    page.locator('[data-testid="stChatMessage"]').nth(3).wait_for()


def test_precedents_show_both_sides_and_what_became_of_them(page: Page, server: Server) -> None:
    enter(page, server.address)
    page.get_by_role("link", name="先例を探す").click()
    field = page.get_by_role("textbox", name="どのような部分について")
    field.fill("用地交渉記録の土地の売主の氏名")
    field.press("Control+Enter")
    page.locator(".os-pcard").first.wait_for(timeout=120_000)
    assert page.locator(".os-big-tally").is_visible()
    assert page.locator(".os-side h3").count() == 2
    page.locator(".os-pcard .os-link").first.click()
    assert page.locator(".os-aside .os-verbatim").inner_text()
    argued = page.locator(".os-text.os-argued summary")
    for index in range(argued.count()):
        assert argued.nth(index).inner_text().startswith("主張")
    page.wait_for_url("**case=*")
    page.reload()
    page.locator(".os-pcard").first.wait_for()


def test_reasons_go_to_the_clipboard_as_a_table_without_what_they_hide(page: Page, server: Server) -> None:
    examine(page, server.address, PASSAGE)
    for _ in range(20):
        if not page.locator(".os-left").inner_text().startswith("残り "):
            break
        press(page, "a")
    press(page, "d")
    page.get_by_role("button", name="理由を書く", exact=True).click()
    copy = page.get_by_role("button", name="表としてコピー")
    copy.click()
    page.get_by_text("コピーしました").wait_for()
    table = page.evaluate("navigator.clipboard.readText()")
    assert table.startswith("【架空】")
    assert "開示しない部分\t根拠条項\t理由" in table
    for hidden in ("古舘", "９０１２３", "０９０", "フルダテ", "1234567", "１２３４５６７"):
        assert hidden not in table
    kinds = page.evaluate("navigator.clipboard.read().then(items => items.flatMap(item => item.types))")
    assert "text/html" in kinds


def test_a_reason_that_gives_the_name_away_is_refused(page: Page, server: Server) -> None:
    examine(page, server.address, PASSAGE)
    page.get_by_role("button", name="理由を書く", exact=True).click()
    reason = page.get_by_role("textbox", name="理由").first
    reason.fill("古 舘氏の住所であり、特定の個人を識別することができるため。")
    reason.press("Control+Enter")
    page.get_by_text("行は、このままでは写せません").wait_for()
    assert "古" not in page.locator('[data-testid="stAlert"]').first.inner_text()


def test_reasons_without_a_passage(page: Page, server: Server) -> None:
    enter(page, server.address)
    page.get_by_role("link", name="理由を書く").click()
    page.get_by_text("文章なしで（状況から）").click()
    page.get_by_role("combobox", name="どのような理由ですか").click()
    page.get_by_role("option", name="保存期間が満了し").click()
    page.get_by_role("textbox", name="求められた文書").fill("平成20年度の苦情処理簿")
    page.get_by_role("button", name="理由を書く", exact=True).click()
    page.get_by_text("次のことを確かめて").wait_for()  # what is missing is asked back
    page.get_by_role("textbox", name="作成又は取得の年度").wait_for()


def test_history_opens_exports_and_deletes(page: Page, server: Server) -> None:
    case_id = examine(page, server.address, PASSAGE)
    page.get_by_role("link", name="履歴").click()
    row = page.locator(f".st-key-row_{case_id}")
    row.get_by_role("button", name="操作").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="書き出す（JSON）").click()
    told = json.loads(download.value.path().read_text(encoding="utf-8"))
    assert told["mark"] == "架空"
    assert told["proposal"]["document"]["pages"][0]["text"] == PASSAGE
    page.keyboard.press("Escape")
    row.get_by_role("button", name="用地交渉記録").click()
    page.locator(".os-desk .os-current").first.wait_for()
    assert case_id in page.url
