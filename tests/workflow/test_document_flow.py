"""A document from the upload to the file that is handed out, as a person does it, and what is in that file."""

from __future__ import annotations

import hashlib
import io
import json
from pathlib import Path
from typing import TYPE_CHECKING

import pypdfium2
import pytest
from PIL import Image
from pypdf import PdfReader

from tests.workflow.conftest import Server
from tests.workflow.deeds import KEPT, NAME, PHONE, RECORD, on_paper
from tests.workflow.hands import enter, press, saved

if TYPE_CHECKING:
    from playwright.sync_api import Download, Page

pytestmark = [pytest.mark.browser, pytest.mark.timeout(400)]

_LONG = 180_000  # milliseconds: the first document waits for dictionaries and the index
_SCALE = 3.0  # pixels a point


def open_document(page: Page, server: Server, name: str, body: bytes) -> None:
    """Chooses a file on the page for documents and sends it."""
    enter(page, server.address)
    page.get_by_role("link", name="文書を調べる").click()
    choose(page, name, body)


def choose(page: Page, name: str, body: bytes) -> None:
    page.locator("input[type=file]").set_input_files(
        {
            "name": name,
            "mimeType": "application/pdf",
            "buffer": body,
        }
    )
    page.locator('[data-testid="stFileUploader"]').get_by_text(name).wait_for()
    page.get_by_role("button", name="文書を開いて調べる").click()


def settle_all(page: Page) -> None:
    """Every finding by key: what is proposed is adopted, what is to be asked is disclosed."""
    for _ in range(20):
        if not page.locator(".os-left").inner_text().startswith("残り "):
            break
        if page.locator(".os-card").inner_text().startswith("要検討"):
            page.keyboard.press("h")
            page.locator(".os-form").get_by_text("開示", exact=True).click()
            page.locator(".os-form [name=os-why]").fill("誰の相談かが分からなければ公にしてよいため。")
            page.keyboard.press("Control+Enter")
            saved(page)
        else:
            press(page, "a")
    press(page, "d")
    page.locator(".os-left", has_text="すべて確定しました").wait_for()


def taken(page: Page, button: str) -> Download:
    with page.expect_download() as waiting:
        page.get_by_role("button", name=button).click()
    return waiting.value


def text_by_both(pdf: bytes) -> list[str]:
    document = pypdfium2.PdfDocument(pdf)
    seen = "".join(document[number].get_textpage().get_text_bounded() for number in range(len(document)))
    second = "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)
    return ["".join(seen.split()), "".join(second.split())]


def place_of(pdf: bytes, words: str) -> tuple[float, float, float, float]:
    """Where words stand on the first page: points from the top left."""
    page = pypdfium2.PdfDocument(pdf)[0]
    letters = page.get_textpage()
    at = letters.get_text_bounded().replace("\r\n", "\n").index(words)
    shown = letters.get_text_range()
    start = shown.index(words)
    assert at >= 0
    boxes = [letters.get_charbox(index) for index in range(start, start + len(words))]
    height = page.get_height()
    return (
        min(box[0] for box in boxes),
        height - max(box[3] for box in boxes),
        max(box[2] for box in boxes),
        height - min(box[1] for box in boxes),
    )


def cut(pdf: bytes, place: tuple[float, float, float, float]) -> Image.Image:
    picture: Image.Image = pypdfium2.PdfDocument(pdf)[0].render(scale=_SCALE).to_pil().convert("L")
    x0, y0, x1, y1 = (side * _SCALE for side in place)
    return picture.crop((int(x0) + 1, int(y0) + 1, int(x1) - 1, int(y1) - 1))


def test_from_the_upload_to_the_file_that_is_handed_out(page: Page, server: Server, tmp_path: Path) -> None:
    original = on_paper(RECORD)
    open_document(page, server, f"相談記録_{NAME}.pdf", original)
    page.locator(".os-desk .os-current").first.wait_for(timeout=_LONG)

    # What is open is said, and one click leads back to it.
    page.get_by_role("button", name="墨塗りした文書を作る").click()
    release = page.locator(".st-key-release")
    release.get_by_text("まだ決まっていない候補が").wait_for()
    release.get_by_role("button", name="次の未確定のところへ").click()
    page.locator(".os-desk .os-current").first.wait_for()
    settle_all(page)

    # A box that is drawn and not added would be missing in the file: it is said, above and where the file is made.
    page.keyboard.press("n")
    page.locator(".os-form").wait_for()
    page.get_by_role("button", name="墨塗りした文書を作る").first.click()
    page.locator(".os-message", has_text="まだ記録されていない").wait_for()
    assert "まだ記録されていない" in (release.get_attribute("data-unsaved") or "")
    page.locator(".os-form [type=submit]").click()
    page.locator(".os-form-error", has_text="根拠").wait_for()
    page.get_by_role("button", name="やめる").click()
    page.locator(".os-message").wait_for(state="hidden")
    assert release.get_attribute("data-unsaved") is None

    # The original's name holds what is withheld: another is offered.
    page.get_by_role("button", name="墨塗りした文書を作る").click()
    release.get_by_text("別の名前にしました").wait_for()
    assert NAME not in release.get_by_role("textbox", name="ファイル名").input_value()
    release.get_by_role("button", name="墨塗りした文書を作る").click()
    release.get_by_text("墨塗りした文書ができました").wait_for(timeout=_LONG)

    download = taken(page, "墨塗りした文書（PDF）を受け取る")
    assert NAME not in download.suggested_filename
    redacted = Path(download.path()).read_bytes()
    for text in text_by_both(redacted):
        assert NAME not in text
        assert PHONE not in text
        assert KEPT in text
    for words in (NAME, PHONE):
        assert cut(original, place_of(original, words)).getextrema() != (0, 0)
        assert cut(redacted, place_of(original, words)).getextrema() == (0, 0)  # black, and nothing but black
    kept = cut(redacted, place_of(original, KEPT)).getextrema()
    assert kept[0] < 100 < 200 < kept[1]  # ink on paper

    certificate = Path(taken(page, "証明書（JSON）").path()).read_text(encoding="utf-8")
    assert json.loads(certificate)["output_sha256"] == hashlib.sha256(redacted).hexdigest()
    assert NAME not in certificate
    paper = Path(taken(page, "証明書（印刷用）").path()).read_text(encoding="utf-8")
    assert "<html" in paper
    assert NAME not in paper

    # The decisions leave as the commands read them.
    told = Path(taken(page, "確定した判断を書き出す").path()).read_text(encoding="utf-8")
    findings = json.loads(told)["findings"]
    assert findings
    assert all(finding["decided"] for finding in findings)

    # A later change makes the file old, and says so.
    page.locator(".os-passage").focus()
    press(page, "u")
    page.get_by_role("button", name="墨塗りした文書を作る").first.click()
    release.get_by_text("古くなっています").wait_for()


def test_a_reload_in_the_middle_shows_the_same_document_on_its_way(page: Page, server: Server) -> None:
    pages = [f"{number}枚目\n担当　見本　一郎\n" + "経過を記した。\n" * 25 for number in range(1, 61)]
    open_document(page, server, "長い記録.pdf", on_paper(pages))
    page.wait_for_url("**case=*")
    page.get_by_role("heading", name="長い記録").wait_for()
    page.reload()
    page.get_by_role("heading", name="長い記録").wait_for()
    page.locator(".os-desk .os-pages, .os-desk.os-pages").first.wait_for(timeout=_LONG)
    assert "60" in page.locator(".os-page-count").inner_text()


def test_what_cannot_be_opened_is_a_sentence_and_the_same_file_is_known(page: Page, server: Server) -> None:
    whole = on_paper(RECORD[2:])
    open_document(page, server, "途中で切れた.pdf", whole[:500])
    page.get_by_text("壊れて").wait_for(timeout=_LONG)
    assert page.get_by_text("Traceback").count() == 0
    page.get_by_role("button", name="別の文書を開く").click()
    page.get_by_text("最近の文書").wait_for()
    choose(page, "位置図.pdf", whole)
    page.locator(".os-desk").first.wait_for(timeout=_LONG)
    case = page.url.split("case=")[1][:17]
    page.get_by_role("button", name="別の文書を調べる").click()
    choose(page, "位置図の写し.pdf", whole)
    page.get_by_text("前にも開いています").wait_for()
    page.get_by_role("button", name="前の記録を開く").click()
    page.locator(".os-desk").first.wait_for()
    assert page.url.split("case=")[1][:17] == case
