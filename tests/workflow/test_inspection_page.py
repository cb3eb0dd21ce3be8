"""PDFを検査する in a browser: a box that comes off is found and shown, a sound file is not accused, nothing is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.workflow.conftest import Server
from tests.workflow.deeds import NAME, RECORD, on_paper
from tests.workflow.hands import enter

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

_LONG = 120_000  # milliseconds


def inspect(page: Page, name: str, body: bytes) -> None:
    page.locator("input[type=file]").set_input_files(
        {
            "name": name,
            "mimeType": "application/pdf",
            "buffer": body,
        }
    )
    page.locator('[data-testid="stFileUploader"]').get_by_text(name).wait_for()
    page.get_by_role("button", name="検査する", exact=True).click()


def test_a_box_over_live_text_is_found_shown_and_not_kept(page: Page, server: Server) -> None:
    painted = on_paper(RECORD[:1], painted=[(140, 750, 70, 18)])  # over the name
    enter(page, server.address)
    page.get_by_role("link", name="PDFを検査する").click()
    inspect(page, "業者の墨塗り.pdf", painted)
    page.get_by_text("伏せたはずの内容が残っています").wait_for(timeout=_LONG)
    page.locator("[data-testid=stImage] img").wait_for()  # the page, with a frame around the place
    page.get_by_text("読み取れる文字を見る").first.click()
    page.locator('[data-testid="stExpander"] code', has_text=NAME[-2:]).first.wait_for()
    page.reload()
    page.get_by_text("ほかの部署や業者が墨塗りしたPDF").wait_for()
    assert not [
        path for path in server.data_dir.rglob("*") if path.is_file() and painted in path.read_bytes()
    ]


def test_a_sound_file_is_not_accused_and_a_word_that_stands_in_it_is_found(
    page: Page, server: Server
) -> None:
    enter(page, server.address)
    page.get_by_role("link", name="PDFを検査する").click()
    inspect(page, "添付書類.pdf", on_paper(RECORD[2:], password="aikotoba"))
    page.get_by_role("textbox", name="このPDFのパスワード").fill("aikotoba")
    page.get_by_role("button", name="検査する", exact=True).click()
    page.get_by_text("伏せたはずの内容は見つかりませんでした").wait_for(timeout=_LONG)
    page.get_by_role("textbox", name="残っていてはならない言葉").fill("位置図")
    page.get_by_role("button", name="検査する", exact=True).click()
    page.get_by_text("伏せたはずの内容が残っています").wait_for(timeout=_LONG)
