"""Marking what the rules disclose: the desk says so first, and the person may insist."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from assistant.adapters.record import open_record
from assistant.corpus.load import load_city
from assistant.domain.finding import Decision
from assistant.review.actor import Actor
from assistant.review.desk import Desk
from tests.workflow.conftest import Server
from tests.workflow.hands import DEPARTMENT, NAME, drag, examine, saved
from tests.workflow.passages import PASSAGE

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

ACTOR = Actor(department=DEPARTMENT, name=NAME)


def test_withholding_an_officials_name_is_doubted_before_it_is_settled(
    page: Page, server: Server, mihon: Path
) -> None:
    desk = Desk(open_record(server.data_dir), lambda: datetime.now(UTC), load_city(mihon))
    case_id = examine(page, server.address, PASSAGE)
    proposed = desk.case(case_id, ACTOR).findings
    official = next(f for f in proposed if f.decision is Decision.DISCLOSE and "大河原" in f.text)

    drag(page, official.text)
    page.keyboard.press("n")
    form = page.locator(".os-form")
    clause = page.evaluate(
        "() => [...document.querySelectorAll('.os-form option')].find(o => o.value.startsWith('個人|')).value"
    )
    form.locator("select").select_option(value=clause)
    form.locator("[name=os-why]").fill("つきまといの被害を届け出ているため。")
    form.get_by_role("button", name="加える", exact=True).click()

    doubts = page.locator(".os-form .os-doubts")
    doubts.wait_for()
    assert "が職務を行った際の氏名" in doubts.inner_text()
    assert "まだ確定していません" in page.locator(".os-message").inner_text()
    assert desk.case(case_id, ACTOR).acts == ()  # nothing is settled yet
    why = page.locator(".os-form [name=os-why]")
    assert why.input_value() == "つきまといの被害を届け出ているため。"  # nothing typed is lost
    insist = page.locator(".os-form").get_by_role("button", name="それでも非開示として確定")
    why.fill("")
    insist.click()
    assert "自分の言葉" in page.locator(".os-form-error").inner_text()
    why.fill("つきまといの被害を届け出ているため。")
    insist.click()
    saved(page)
    page.locator(".os-seg.os-withhold-settled", has_text=official.text).first.wait_for()
    (act,) = desk.case(case_id, ACTOR).acts
    assert act.why == "つきまといの被害を届け出ているため。"
    assert [name.split(":")[0] for name in act.despite] == ["open"]
