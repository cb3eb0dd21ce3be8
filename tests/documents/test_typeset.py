"""Text set on pages of our own: the text is the given one, every letter has its place, and the PDF says the same."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pypdfium2
import pytest

from assistant.documents import typeset_font
from assistant.documents.open import open_document
from assistant.documents.pdf import read_pdf
from assistant.documents.ports import Readers
from assistant.documents.typeset import HEIGHT, WIDTH, Set, typeset
from assistant.text.folding import with_usual_forms

RECORD = (
    "見本市長　様\n\n氏名\t佐藤一郎\n電話\t0123-45-6789\n"
    + "申請書に記載された住所は見本市中央一丁目2番3号であり、" * 6
    + "\n髙橋㈱①ﾔﾏﾀﾞABC xyz\n"
)


@pytest.fixture(autouse=True)
def _font_here() -> None:
    if typeset_font.japanese_font() is None:
        pytest.skip("no Japanese font on this machine (Debian: fonts-noto-cjk)")


def made(text: str) -> Set:
    found = typeset(text)
    assert found is not None
    return found


def letters(text: str) -> str:
    return "".join(text.split())


def test_lines_stay_whole_and_pages_begin_where_the_text_says() -> None:
    found = made(f"{RECORD}\f二枚目")
    assert [page.text for page in found.pages] == [RECORD, "二枚目"]
    assert [page.number for page in found.pages] == [1, 2]
    assert found.missing == ""


def test_a_long_text_is_cut_into_pages_and_nothing_is_lost() -> None:
    chance = random.Random(4)
    for _ in range(8):
        lines = ["あ" * chance.choice([0, 1, 46, 47, 48, 400, 3000]) for _ in range(chance.randrange(1, 130))]
        found = made("\n".join(lines))
        whole = "".join(page.text for page in found.pages)
        assert letters(whole) == "".join(lines)
        with pypdfium2.PdfDocument(found.pdf) as pdf:
            assert len(pdf) == len(found.pages)
        for page in found.pages:
            places = [
                box for letter, box in zip(page.text, page.boxes, strict=True) if letter == "あ" and box
            ]
            assert len(places) == page.text.count("あ")
            assert all(0 <= box.x0 < box.x1 <= WIDTH and 0 <= box.y0 < box.y1 <= HEIGHT for box in places)


def test_the_text_layer_says_what_was_put_in() -> None:
    found = made(RECORD)
    again = read_pdf(found.pdf, name="a.pdf", readers=Readers()).document.pages[0]
    assert with_usual_forms(letters(again.text)) == with_usual_forms(letters(RECORD))
    assert again.doubts == ()


def inked(found: Set) -> Iterator[tuple[str, bool]]:
    """Whether there is ink in the box of each letter, and then none anywhere once all boxes are white."""
    scale = 3.0
    with pypdfium2.PdfDocument(found.pdf) as pdf:
        for page in found.pages:
            shown = pdf[page.number - 1].render(scale=scale).to_pil().convert("L")
            for letter, box in zip(page.text, page.boxes, strict=True):
                if box is None:
                    continue
                frame = (int(box.x0 * scale), int((page.height - box.y1) * scale), int(box.x1 * scale) + 1, int((page.height - box.y0) * scale) + 1)  # fmt: skip
                dark = shown.crop(frame).getextrema()[0]
                assert isinstance(dark, int)
                yield letter, dark < 128 or letter in " 　"
            for box in page.boxes:
                if box is not None:
                    frame = (int(box.x0 * scale) - 1, int((page.height - box.y1) * scale) - 1, int(box.x1 * scale) + 2, int((page.height - box.y0) * scale) + 2)  # fmt: skip
                    shown.paste(255, frame)
            yield "rest", shown.getextrema()[0] == 255


def test_ink_stands_where_the_boxes_say_and_nowhere_else() -> None:
    assert [letter for letter, right in inked(made(RECORD)) if not right] == []


def test_letters_the_font_lacks_are_said_and_forms_chosen_take_no_place() -> None:
    found = made("葛\U000e0100飾😀")
    assert found.missing == "😀"
    assert [box is not None for box in found.pages[0].boxes] == [True, False, True, True]
    opened = open_document("😀です".encode(), name="a.txt", readers=Readers())
    assert "1種類" in "".join(opened.notes)


def test_without_a_font_the_text_is_read_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assistant.documents.typeset.japanese_font", lambda: None)
    opened = open_document(f"{RECORD}\f二".encode(), name="a.txt", readers=Readers())
    assert [page.text for page in opened.document.pages] == [RECORD, "二"]
    assert opened.pdf is None
    assert not opened.document.on_paper
    assert "フォント" in "".join(opened.notes)
