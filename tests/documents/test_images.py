"""Pictures → a PDF of their size, upright, without their metadata, which is listed; bad ones get a sentence."""

from __future__ import annotations

import io
import random
import struct
import zlib

import pikepdf
import pypdfium2
import pytest
from PIL import Image, ImageDraw
from PIL.PngImagePlugin import PngInfo

from assistant.documents.hoard import Hoard
from assistant.documents.images import bind
from assistant.documents.open import open_document
from assistant.documents.ports import Readers
from assistant.domain.document import HiddenKind
from assistant.errors import DocumentError
from tests.documents.office_building import complaint


def picture(mode: str = "RGB", size: tuple[int, int] = (400, 600)) -> Image.Image:
    """White, with a black square in the top left corner."""
    made = Image.new("RGB", size, "white")
    ImageDraw.Draw(made).rectangle((0, 0, size[0] // 4, size[0] // 4), fill="black")
    return made.convert(mode)


def saved(made: Image.Image, kind: str, **more: object) -> bytes:
    out = io.BytesIO()
    made.save(out, kind, **more)
    return out.getvalue()


def drawn(pdf: bytes, number: int = 0) -> tuple[Image.Image, tuple[float, float]]:
    with pypdfium2.PdfDocument(pdf) as opened:
        page = opened[number]
        return page.render(scale=1).to_pil().convert("L"), page.get_size()


def is_dark(shown: Image.Image, at: tuple[float, float]) -> bool:
    value = shown.getpixel((int(at[0] * (shown.width - 1)), int(at[1] * (shown.height - 1))))
    assert isinstance(value, int)
    return value < 128


@pytest.mark.parametrize(
    ("kind", "mode"),
    [(kind, mode) for kind in ("PNG", "TIFF") for mode in ("1", "L", "RGB", "RGBA", "P", "LA", "I;16")]
    + [
        ("JPEG", "RGB"),
        ("JPEG", "L"),
        ("JPEG", "CMYK"),
        ("BMP", "RGB"),
        ("BMP", "1"),
        ("GIF", "P"),
        ("WEBP", "RGB"),
    ],
)
def test_pictures_of_every_kind_become_a_page_that_looks_the_same(kind: str, mode: str) -> None:
    if mode == "I;16":
        made = Image.new("I;16", (400, 600), 65_000)
        made.paste(0, (0, 0, 100, 100))
    else:
        made = picture(mode)
    pdf = bind(saved(made, kind), Hoard()).pdf
    shown, size = drawn(pdf)
    assert size == pytest.approx(
        (144, 216), abs=1
    )  # 400 by 600 pixels, 200 a inch where nothing else is said
    assert is_dark(shown, (0.05, 0.05))
    assert not is_dark(shown, (0.9, 0.05))
    assert not is_dark(shown, (0.5, 0.9))


def test_resolution_gives_the_size_of_the_page() -> None:
    assert drawn(bind(saved(picture(), "PNG", dpi=(300, 300)), Hoard()).pdf)[1] == pytest.approx(
        (96, 144), abs=1
    )
    assert drawn(bind(saved(picture(), "JPEG", dpi=(72, 72)), Hoard()).pdf)[1] == pytest.approx(
        (144, 216), abs=1
    )
    assert drawn(bind(saved(picture(), "PNG", dpi=(0.001, 1)), Hoard()).pdf)[1] == pytest.approx(
        (144, 216), abs=1
    )


@pytest.mark.parametrize(
    ("orientation", "corner"),
    [(1, (0, 0)), (2, (1, 0)), (3, (1, 1)), (4, (0, 1)), (5, (0, 0)), (6, (1, 0)), (7, (1, 1)), (8, (0, 1))],
)
@pytest.mark.parametrize("kind", ["JPEG", "TIFF"])
def test_a_picture_is_turned_as_a_viewer_turns_it(
    kind: str, orientation: int, corner: tuple[int, int]
) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    shown, size = drawn(bind(saved(picture(), kind, exif=exif), Hoard()).pdf)
    assert (size[0] > size[1]) == (orientation >= 5)
    dark = {(x, y) for x in (0, 1) for y in (0, 1) if is_dark(shown, (0.04 + 0.92 * x, 0.04 + 0.92 * y))}
    assert dark == {corner}


def test_a_tiff_of_many_pages_becomes_as_many() -> None:
    first, rest = picture("1"), [picture("L", (200, 200)), picture("RGB")]
    data = saved(first, "TIFF", save_all=True, append_images=rest, compression="tiff_lzw")
    opened = open_document(data, name="a.tif", readers=Readers())
    assert len(opened.document.pages) == 3
    assert opened.document.media == "image"
    assert opened.document.pages[1].width == pytest.approx(72, abs=1)
    assert opened.document.on_paper


def test_what_a_picture_says_about_itself_is_listed_and_left_behind() -> None:
    exif = Image.Exif()
    exif[0x013B] = "秘密撮影者".encode()
    exif[0x9C9D] = "秘密作成者".encode("utf-16-le")
    gps = exif.get_ifd(0x8825)
    gps[1], gps[2], gps[3], gps[4] = "N", (35.0, 40.0, 30.0), "E", (139.0, 45.0, 0.0)
    exif[0x8825] = dict(gps)
    data = saved(picture(), "JPEG", exif=exif)
    opened = open_document(data, name="a.jpg", readers=Readers())
    listed = {each.place: each.text for each in opened.document.hidden if each.kind is HiddenKind.PROPERTIES}
    assert listed["画像の情報（撮影者）"] == "秘密撮影者"
    assert listed["画像の情報（作成者）"] == "秘密作成者"
    assert listed["画像の情報（撮影場所（緯度・経度））"] == "35.675000, 139.750000"
    assert opened.pdf is not None
    assert "秘密".encode() not in opened.pdf
    with pikepdf.open(io.BytesIO(opened.pdf)) as pdf:
        streams = [each.read_raw_bytes() for each in pdf.objects if isinstance(each, pikepdf.Stream)]
    assert not any("秘密".encode() in stream or b"Exif" in stream for stream in streams)


def test_texts_of_a_png_are_listed() -> None:
    info = PngInfo()
    info.add_itxt("Author", "秘密作成者")
    info.add_text("Comment", "zip", zip=True)
    hoard = Hoard()
    bind(saved(picture(), "PNG", pnginfo=info), hoard)
    assert {each.place: each.text for each in hoard.found} == {
        "画像の情報（作成者）": "秘密作成者",
        "画像の情報（コメント）": "zip",
    }


def test_a_large_picture_is_made_smaller_and_keeps_its_size_on_paper() -> None:
    data = saved(Image.new("1", (9000, 6000), 1), "PNG", dpi=(600, 600))
    opened = open_document(data, name="a.png", readers=Readers())
    assert opened.document.pages[0].width == pytest.approx(9000 / 600 * 72, rel=0.01)
    assert "縮めて" in "".join(opened.notes)


def png_of(width: int, height: int) -> bytes:
    """A PNG that claims a size and has no such pixels."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(bytes(1000))), (b"IEND", b""))
    body = b"".join(
        struct.pack(">I", len(c)) + n + c + struct.pack(">I", zlib.crc32(n + c)) for n, c in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + body


@pytest.mark.parametrize("side", [(12_000, 12_000), (30_000, 30_000), (2_000_000_000, 2)])
def test_too_many_pixels_are_refused_before_they_are_read(side: tuple[int, int]) -> None:
    with pytest.raises(DocumentError, match="大きすぎます"):
        bind(png_of(*side), Hoard())


def test_pictures_cut_off_or_damaged_give_a_sentence() -> None:
    chance = random.Random(8)
    for kind in ("PNG", "JPEG", "TIFF", "GIF", "BMP", "WEBP"):
        whole = saved(picture("P" if kind == "GIF" else "RGB"), kind)
        with pytest.raises(DocumentError, match="壊れて"):
            bind(whole[: len(whole) // 2], Hoard())
        for _ in range(25):
            data = bytearray(whole)
            for _ in range(chance.randrange(1, 40)):
                data[chance.randrange(len(data))] = chance.randrange(256)
            assert complaint(lambda data=bytes(data): bind(data, Hoard())).endswith("。")
