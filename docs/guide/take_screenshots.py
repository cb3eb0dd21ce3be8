"""Takes the pictures of the guide anew from the running app: `python docs/guide/take_screenshots.py`."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
IMAGES = Path(__file__).with_name("images")
sys.path.insert(0, str(ROOT))

from playwright.sync_api import Page, sync_playwright  # noqa: E402

from tests.workflow.conftest import ARGUMENTS, CHROMIUM, Server  # noqa: E402
from tests.workflow.hands import DEPARTMENT, NAME, enter, examine, press  # noqa: E402
from tests.workflow.passages import PASSAGE  # noqa: E402


def main() -> None:
    """Eight pictures of 1366×768."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as driver:
        server = Server(data_dir=Path(folder), ner="on")
        server.start()
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        page = browser.new_page(viewport={"width": 1366, "height": 768}, locale="ja-JP")
        page.set_default_timeout(180_000)
        try:
            take(page, server.address)
        finally:
            browser.close()
            server.kill()


def take(page: Page, address: str) -> None:
    """In the order of the guide."""

    def picture(name: str) -> None:
        page.wait_for_timeout(900)
        page.screenshot(path=IMAGES / f"{name}.png")

    page.goto(address)
    page.get_by_role("textbox", name="所属").fill(DEPARTMENT)
    page.get_by_role("textbox", name="氏名").fill(NAME)
    picture("01_start")
    examine(page, address, PASSAGE)
    press(page, "a")
    page.keyboard.press("j")
    picture("02_desk")
    page.keyboard.press("1")
    picture("03_source")
    page.keyboard.press("Escape")
    page.keyboard.press("h")
    picture("04_change")
    page.keyboard.press("Escape")
    for _ in range(20):
        if page.locator(".os-left").inner_text().startswith("残り "):
            press(page, "a")
    press(page, "d")
    page.get_by_role("button", name="理由を書く", exact=True).click()
    page.get_by_role("button", name="表としてコピー").wait_for()
    picture("07_reasons")
    enter(page, address)
    field = page.get_by_role("textbox", name="調べたい文章")
    field.fill("会社の担当者の名前は消しますか")
    field.press("Control+Enter")
    page.locator(".os-sentence .os-citation").nth(2).wait_for()
    page.wait_for_timeout(800)
    page.locator(".os-sentence .os-citation").nth(1).click()
    page.wait_for_timeout(500)
    picture("05_question")
    page.get_by_role("link", name="先例を探す").click()
    field = page.get_by_role("textbox", name="どのような部分について")
    field.fill("用地交渉記録の土地の売主の氏名")
    field.press("Control+Enter")
    page.locator(".os-pcard").first.wait_for()
    picture("06_precedents")
    page.get_by_role("link", name="履歴").click()
    page.get_by_role("button", name="操作").nth(2).wait_for()
    picture("08_history")


if __name__ == "__main__":
    main()
