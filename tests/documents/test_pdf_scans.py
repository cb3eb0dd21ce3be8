"""Pages that are pictures: what is read from them, where it stands, and what is said when nobody can read them."""

from __future__ import annotations

import contextlib
from pathlib import Path

import pytest
from pdf_fixtures import LINES, FakeEyes, letters, paper, read, scanned, write
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from assistant.documents import doubts, pdf_second
from assistant.documents.doubts import Doubt, read_doubts, says
from assistant.documents.ports import Readers, SeenWord
from assistant.documents.scans import lay_out
from assistant.domain.document import Origin
from assistant.errors import DataFileError, DocumentError

# The page is 400 × 100 points, 1667 × 417 pixels at 300 dpi.
WORDS = (
    SeenWord(text="見本", x0=100, y0=100, x1=200, y1=150, line=0),
    SeenWord(text="花子", x0=202, y0=100, x1=302, y1=150, line=0),
    SeenWord(text="電話", x0=100, y0=200, x1=200, y1=250, line=1),
)


def test_a_scan_is_read_by_eyes_and_marked() -> None:
    eyes = FakeEyes(WORDS)
    opened = read(scanned(letters("X")), readers=Readers(eyes=eyes))
    (page,) = opened.document.pages
    assert page.text == "見本花子\n電話"
    assert page.origin is Origin.OCR
    assert {"image_only", "ocr"} <= set(page.doubts)
    assert eyes.shown == [((1667, 417), 300)]
    first = page.boxes[0]
    assert first is not None
    assert first.x0 == pytest.approx(100 * 400 / 1667, abs=0.05)
    assert first.x1 == pytest.approx(150 * 400 / 1667, abs=0.05)
    assert first.y1 == pytest.approx(100 - 100 * 100 / 417, abs=0.05)
    assert page.boxes[4] is None


@pytest.mark.parametrize(
    "eyes",
    [
        None,
        FakeEyes(missing="入れてください。"),
        FakeEyes(fails=TimeoutError()),
        FakeEyes(fails=DocumentError("x")),
    ],
)
def test_a_scan_nobody_can_read_has_no_text_and_says_so(eyes: FakeEyes | None) -> None:
    opened = read(scanned(letters("X")), readers=Readers(eyes=eyes))
    (page,) = opened.document.pages
    assert (page.text, page.origin) == ("", Origin.NONE)
    assert {"image_only", "no_ocr"} <= set(page.doubts)
    assert bool(opened.notes) == (eyes is not None)


def test_letters_drawn_as_lines_are_a_picture_too() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setLineWidth(3)
        canvas.line(50, 50, 90, 90)

    assert read(paper(draw)).document.pages[0].origin is Origin.NONE


def test_the_picture_of_a_mixed_page_is_read_besides_its_text() -> None:
    def draw(canvas: Canvas) -> None:
        write(canvas, LINES[:2], at=(60, 270))
        canvas.drawImage(ImageReader(letters("X")), 0, 0, 400, 200)

    inside = SeenWord(text="印影", x0=400, y0=700, x1=500, y1=750, line=1)
    again = SeenWord(text="情報公開", x0=250, y0=80, x1=480, y1=140, line=0)  # what the file says itself
    opened = read(paper(draw), readers=Readers(eyes=FakeEyes([again, inside])))
    (page,) = opened.document.pages
    assert page.text == "\n".join((*LINES[:2], "印影"))
    assert page.origin is Origin.FILE
    assert set(page.doubts) == {"picture", "ocr_part"}


def test_a_letterhead_is_pointed_out_once() -> None:
    seal = ImageReader(letters("X", size=(100, 100), height=30))

    def draw(canvas: Canvas) -> None:
        for _ in range(3):
            write(canvas, LINES)
            canvas.drawImage(seal, 300, 20, 60, 60)
            canvas.showPage()

    pages = read(paper(draw)).document.pages
    assert [page.doubts for page in pages[:3]] == [("picture",), (), ()]


def test_words_become_lines_without_the_spaces_of_recognition() -> None:
    words = (
        SeenWord(text="山", x0=0, y0=0, x1=20, y1=20, line=0),
        SeenWord(text="田", x0=24, y0=0, x1=44, y1=20, line=0),
        SeenWord(text="太郎", x0=80, y0=0, x1=120, y1=20, line=0),
        SeenWord(text="Tel", x0=0, y0=30, x1=30, y1=50, line=1),
        SeenWord(text="012-345", x0=36, y0=30, x1=106, y1=50, line=1),
    )
    laid = lay_out(words, number=3, pixels=(200, 100), size=(100.0, 50.0))
    assert laid.text == "山田 太郎\nTel 012-345"
    assert len(laid.boxes) == len(laid.text)
    assert [box is None for box in laid.boxes] == [letter in " \n" for letter in laid.text]
    taro = laid.boxes[3]
    assert taro is not None
    assert (taro.page, taro.x0, taro.x1, taro.y0, taro.y1) == (3, 40.0, 50.0, 40.0, 50.0)


def test_vertical_words_are_shared_out_downwards() -> None:
    word = SeenWord(text="見本", x0=10, y0=0, x1=30, y1=40, line=0, vertical=True)
    laid = lay_out([word], number=1, pixels=(100, 100), size=(100.0, 100.0))
    upper, lower = laid.boxes
    assert upper is not None
    assert lower is not None
    assert (upper.y0, upper.y1, lower.y0, lower.y1) == (80.0, 100.0, 60.0, 80.0)
    assert (upper.x0, upper.x1) == (10.0, 30.0)


def test_every_doubt_is_said_in_a_sentence() -> None:
    for doubt in Doubt:
        assert says(doubt.value).endswith("。")
    with pytest.raises(KeyError):
        says("nobody_declared_this")


@pytest.mark.parametrize(
    ("change", "says_what"),
    [
        (lambda text: text.replace('code = "ocr"\n', 'code = "unheard"\n'), "決められた語"),
        (lambda text: text.replace('code = "ocr"\n', 'code = "gaiji"\n'), "二度"),
        (lambda text: text[: text.rindex("[[doubts]]")], "文がありません"),
        (lambda text: text.replace("says", "say", 1), "知りません"),
    ],
)
def test_wording_that_is_not_understood_is_refused(tmp_path: Path, change: object, says_what: str) -> None:
    assert callable(change)
    original = Path(doubts.__file__).with_name("doubts.toml").read_text("utf-8")
    broken = tmp_path / "doubts.toml"
    broken.write_text(change(original), "utf-8")
    with pytest.raises(DataFileError, match=says_what):
        read_doubts(broken)


def test_radicals_and_order_are_no_difference_letters_are() -> None:
    assert not pdf_second.differs("木の青い支えと㈱見本", "⽊の⻘い⽀えと(株)\n見 本")
    assert not pdf_second.differs("見本 花子", "花子\n見本")
    assert pdf_second.differs("見本花子と見本太郎が来た", "兄木化子と兄木大郎が米だ")
    assert pdf_second.differs("見本花子が来た", "")


def test_readings_that_differ_are_told_by_page(monkeypatch: pytest.MonkeyPatch) -> None:
    def draw(canvas: Canvas) -> None:
        write(canvas, LINES)
        canvas.showPage()
        write(canvas, LINES)

    data = paper(draw)
    truth = "\n".join(LINES)
    compared = pdf_second.compare(data, {1: truth, 2: "まったく別の文字がここにある"})
    assert (compared.pages, compared.differ) == ({1, 2}, {2})
    monkeypatch.setattr("assistant.documents.pdf.compare", lambda *_, **__: compared)
    assert [page.doubts for page in read(data).document.pages] == [(), ("readers_differ",)]


def test_a_reader_that_never_ends_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    class Endless:
        def __init__(self, _: object) -> None:
            while True:
                with contextlib.suppress(Exception):  # as pypdf does in places
                    sum(range(100))

    monkeypatch.setattr("pypdf.PdfReader", Endless)
    compared = pdf_second.compare(b"", {1: "x"}, budget=0.2)
    assert compared.pages == set()


def garbled_page(words: list[SeenWord]) -> tuple[str, Origin, tuple[str, ...]]:
    """What is read of a page whose file says mojibake, by eyes that see `words`."""
    data = paper(
        lambda canvas: write(canvas, ["縺薙ｌ縺ｯ譁・ｭ怜喧縺代〒縺吶", "縺ゅ＞縺・∴縺翫°縺阪￥"], size=10)
    )
    (page,) = read(data, readers=Readers(eyes=FakeEyes(words))).document.pages
    return page.text, page.origin, page.doubts


def test_a_garbled_page_is_read_from_its_picture() -> None:
    text, origin, told = garbled_page(
        [SeenWord(text="これは文字化けです", x0=250, y0=200, x1=700, y1=260, line=0)]
    )
    assert (text, origin) == ("これは文字化けです", Origin.OCR)
    assert {"garbled", "ocr"} <= set(told)


def test_where_the_picture_says_the_same_only_what_is_missing_is_added() -> None:
    same = SeenWord(
        text="縺薙ｌ縺ｯ譁・ｭ怜喧縺代〒縺吶縺ゅ＞縺・∴縺翫°縺阪￥", x0=250, y0=200, x1=700, y1=260, line=0
    )
    more = SeenWord(text="欄外", x0=250, y0=900, x1=330, y1=940, line=1)
    text, origin, told = garbled_page([same, more])
    assert text.startswith("縺薙")
    assert text.endswith("\n欄外")
    assert origin is Origin.FILE
    assert {"garbled", "ocr_part"} <= set(told)
