"""Takes the pictures of the guide anew from the running app: `python docs/guide/take_screenshots.py`."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
IMAGES = Path(__file__).with_name("images")
sys.path.insert(0, str(ROOT))

from playwright.sync_api import Page, sync_playwright  # noqa: E402

from docs.guide.scripted_model import a_model  # noqa: E402
from tests.workflow.conftest import ARGUMENTS, CHROMIUM, Server  # noqa: E402
from tests.workflow.deeds import RECORD, on_paper  # noqa: E402
from tests.workflow.hands import DEPARTMENT, NAME, enter, examine, press  # noqa: E402
from tests.workflow.passages import PASSAGE  # noqa: E402
from tests.workflow.test_document_flow import settle_all  # noqa: E402


def main() -> None:
    """Fifteen pictures of 1366×768: twelve with rules alone, three with a model."""
    shoot(take)
    shoot(take_documents)
    with a_model() as address:
        os.environ |= {
            "OSUMITSUKI_MODEL_BASE_URL": address,
            "OSUMITSUKI_MODEL_NAME": "city-model",
            "OSUMITSUKI_MODEL_EGRESS": "pseudonymize",
        }
        shoot(take_with_model)


def shoot(pictures: Callable[[Page, str], None]) -> None:
    """Starts the app with a new data folder and lets `pictures` go through it."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as driver:
        server = Server(data_dir=Path(folder), ner="on")
        server.start()
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        page = browser.new_page(viewport={"width": 1366, "height": 768}, locale="ja-JP")
        page.set_default_timeout(180_000)
        try:
            pictures(page, server.address)
        finally:
            browser.close()
            server.kill()


def picture(page: Page, name: str) -> None:
    """One picture, when nothing moves any more."""
    page.wait_for_timeout(900)
    page.screenshot(path=IMAGES / f"{name}.png")


def take(page: Page, address: str) -> None:
    """In the order of the guide."""
    page.goto(address)
    page.get_by_role("textbox", name="所属").fill(DEPARTMENT)
    page.get_by_role("textbox", name="氏名").fill(NAME)
    picture(page, "01_start")
    examine(page, address, PASSAGE)
    press(page, "a")
    page.keyboard.press("j")
    picture(page, "02_desk")
    page.keyboard.press("1")
    picture(page, "03_source")
    page.keyboard.press("Escape")
    page.keyboard.press("h")
    picture(page, "04_change")
    page.keyboard.press("Escape")
    for _ in range(20):
        if page.locator(".os-left").inner_text().startswith("残り "):
            press(page, "a")
    press(page, "d")
    page.get_by_role("button", name="理由を書く", exact=True).click()
    page.get_by_role("button", name="表としてコピー").wait_for()
    picture(page, "07_reasons")
    enter(page, address)
    field = page.get_by_role("textbox", name="調べたい文章")
    field.fill("会社の担当者の名前は消しますか")
    field.press("Control+Enter")
    page.locator(".os-sentence .os-citation").nth(2).wait_for()
    page.wait_for_timeout(800)
    page.locator(".os-sentence .os-citation").nth(1).click()
    page.wait_for_timeout(500)
    picture(page, "05_question")
    page.get_by_role("link", name="先例を探す").click()
    field = page.get_by_role("textbox", name="どのような部分について")
    field.fill("用地交渉記録の土地の売主の氏名")
    field.press("Control+Enter")
    page.locator(".os-pcard").first.wait_for()
    picture(page, "06_precedents")
    page.get_by_role("link", name="履歴").click()
    page.get_by_role("button", name="操作").nth(2).wait_for()
    picture(page, "08_history")


def take_documents(page: Page, address: str) -> None:
    """A document on its pages, the file that is handed out, and the inspection of somebody else's."""
    enter(page, address)
    page.get_by_role("link", name="文書を調べる").click()
    give(page, "相談記録.pdf", on_paper(RECORD))
    picture(page, "12_document_form")
    page.get_by_role("button", name="文書を開いて調べる").click()
    page.locator(".os-desk .os-current").first.wait_for()
    picture(page, "13_pages")
    settle_all(page)
    page.get_by_role("button", name="墨塗りした文書を作る").first.click()
    page.locator(".st-key-release").get_by_role("button", name="墨塗りした文書を作る").click()
    page.get_by_text("墨塗りした文書ができました").wait_for()
    page.locator(".st-key-release").scroll_into_view_if_needed()
    picture(page, "14_release")
    page.get_by_role("link", name="PDFを検査する").click()
    give(page, "業者の墨塗り.pdf", on_paper(RECORD[:1], painted=[(140, 750, 70, 18)]))
    page.get_by_role("button", name="検査する", exact=True).click()
    page.get_by_text("伏せたはずの内容が残っています").scroll_into_view_if_needed()
    page.mouse.move(700, 500)
    page.mouse.wheel(0, 420)
    picture(page, "15_inspection")


def give(page: Page, name: str, body: bytes) -> None:
    """Chooses a file, as from a folder."""
    page.locator("input[type=file]").set_input_files(
        {"name": name, "mimeType": "application/pdf", "buffer": body}
    )
    page.locator('[data-testid="stFileUploader"]').get_by_text(name).wait_for()


def take_with_model(page: Page, address: str) -> None:
    """A question beneath the desk, the model's reasons, and what was sent."""
    examine(page, address, PASSAGE)
    field = page.locator('[data-testid="stChatInput"] textarea')
    field.fill("相手方の氏名は伏せますか")
    field.press("Enter")
    page.get_by_role("heading", name="資料から（規則による答え）").wait_for()
    page.locator(".os-sentence .os-citation").first.click()
    page.get_by_text("この文章について尋ねる").last.scroll_into_view_if_needed()
    page.mouse.move(700, 400)
    page.mouse.wheel(0, 260)
    picture(page, "09_conversation")
    page.get_by_role("button", name="理由を書く", exact=True).click()
    page.get_by_role("button", name="モデルに理由を書かせる").click()
    page.get_by_role("button", name="この文を使う").first.wait_for()
    page.get_by_role("button", name="この文を使う").first.scroll_into_view_if_needed()
    picture(page, "10_model_reasons")
    page.get_by_role("link", name="送信の記録").click()
    page.get_by_text("送信の一覧").wait_for()
    picture(page, "11_ledger")


if __name__ == "__main__":
    main()
