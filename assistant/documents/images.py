"""Pictures (PNG, JPEG, TIFF of many pages, BMP, GIF, WebP) → a PDF of one picture a page, upright, without their metadata."""

from __future__ import annotations

import io
import math
import warnings
from collections.abc import Iterator
from dataclasses import dataclass

import pikepdf
from PIL import ExifTags, Image, UnidentifiedImageError

from assistant.documents.hoard import Hoard, property_place
from assistant.documents.pictures_inside import properties_of
from assistant.domain.document import HiddenKind
from assistant.errors import DocumentError

MOST_PIXELS = 110_000_000
"""Of one picture, at three bytes a pixel (three quarters of it at four): what opens in less than 1 GB of memory."""
_KEPT_PIXELS = 36_000_000  # A3 at 430 dpi; larger pictures are made smaller
_USUAL_DPI = 200.0
_LIKELY_DPI = (60.0, 1300.0)  # 72 and 96 are what cameras and screens write without meaning it
_MEANINGLESS_DPI = (72.0, 96.0)
_MOST_POINTS = 14_000.0  # PDF allows 14,400
_MOST_PAGES = 2_000
_QUALITY = 90

_TURNS = {  # Exif's orientation → what makes it upright
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_FORMATS = ("PNG", "JPEG", "TIFF", "BMP", "GIF", "WEBP", "JPEG2000")
_BROKEN = "画像が壊れていて開けません。元の画像を選び直すか、スキャンし直してください。"
_TOO_LARGE = (
    "画像が大きすぎます（この種類の画像は一枚に{most}メガピクセルまで）。"
    "解像度を300dpi程度に下げて保存してから選び直してください。"
)
_TOO_MANY = f"画像のページが多すぎます（{_MOST_PAGES:,}ページまで）。分けて保存してから選び直してください。"
_UNREADABLE = (
    OSError,
    ValueError,
    SyntaxError,
    KeyError,
    TypeError,
    EOFError,
    OverflowError,
    IndexError,
    MemoryError,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """Pictures bound into a PDF. `reduced`: a picture was made smaller."""

    pdf: bytes
    reduced: bool


def bind(data: bytes, hoard: Hoard) -> Bound:
    """A PDF with a page for every picture of the file, of the size its resolution says; what the file says about
    itself goes to `hoard`. Raises DocumentError: damaged, cut off, or too large.
    """
    reduced = False
    out = pikepdf.new()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(io.BytesIO(data), formats=_FORMATS) as picture:
                for number, frame in enumerate(_frames(picture), 1):
                    _gather(frame, number, hoard)
                    upright, dpi, smaller = _upright(frame)
                    reduced = reduced or smaller
                    with pikepdf.open(io.BytesIO(_page(upright, dpi))) as page:
                        out.pages.extend(page.pages)
                    del upright
    except DocumentError:
        raise
    except Image.DecompressionBombError:
        raise DocumentError(_TOO_LARGE.format(most=MOST_PIXELS // 1_000_000)) from None
    except (UnidentifiedImageError, *_UNREADABLE):
        raise DocumentError(_BROKEN) from None
    made = io.BytesIO()
    out.save(made)
    return Bound(pdf=made.getvalue(), reduced=reduced)


def _frames(picture: Image.Image) -> Iterator[Image.Image]:
    """The pages of a TIFF; only the first picture of an animation or of a camera's set."""
    count = getattr(picture, "n_frames", 1) if picture.format == "TIFF" else 1
    if count > _MOST_PAGES:
        raise DocumentError(_TOO_MANY)
    for number in range(count):
        picture.seek(number)
        most = MOST_PIXELS * 3 // max(len(picture.getbands()), 3)
        if picture.width * picture.height > most:
            raise DocumentError(_TOO_LARGE.format(most=most // 1_000_000))
        yield picture


def _gather(picture: Image.Image, number: int, hoard: Hoard) -> None:
    for name, text in properties_of(picture):
        place = property_place("画像の情報", name)
        if place:
            hoard.add_words(HiddenKind.PROPERTIES, place, text, page=number)


def _upright(picture: Image.Image) -> tuple[Image.Image, float, bool]:
    """The picture as a viewer shows it, in black and white, grey or colour; its dots per inch; whether it is smaller."""
    dpi, pixels = _dpi(picture), picture.width * picture.height
    share = math.sqrt(pixels / _KEPT_PIXELS)
    if share > 1:
        picture.draft(
            picture.mode, (int(picture.width / share), int(picture.height / share))
        )  # JPEG alone can
    picture.load()
    turn = _TURNS.get(picture.getexif().get(ExifTags.Base.Orientation, 1))  # after load: TIFF turns itself
    made = picture
    while made.width * made.height > _KEPT_PIXELS:
        grey = made.convert("L" if made.mode == "1" else "RGB") if made.mode in ("1", "P") else made
        made = grey.reduce(math.ceil(math.sqrt(made.width * made.height / _KEPT_PIXELS)))
    scale = math.sqrt(made.width * made.height / pixels)
    made = made.transpose(turn) if turn is not None else made.copy()
    return _plain(made), dpi * scale, scale < 1


def _plain(picture: Image.Image) -> Image.Image:
    if picture.mode in ("1", "L", "RGB"):
        return picture
    if picture.mode in ("RGBA", "LA", "PA", "La", "RGBa") or "transparency" in picture.info:
        layered = picture.convert("RGBA")
        ground = Image.new("RGB", layered.size, "white")
        ground.paste(layered, mask=layered.getchannel("A"))
        return ground
    if picture.mode.startswith("I;16") or picture.mode in ("I", "F"):
        low, high = picture.getextrema()
        low, high = float(str(low)), float(str(high))
        grey = 255.0 / (high - low) if high > low else 1.0
        return picture.convert("F").point(lambda value: value * grey - low * grey).convert("L")
    return picture.convert("RGB")


def _dpi(picture: Image.Image) -> float:
    """Dots per inch: what the file says where that can be meant, else 200."""
    told = picture.info.get("dpi")
    try:
        dpi = float(told[0]) if told else 0.0
    except (TypeError, ValueError, ZeroDivisionError, IndexError):
        dpi = 0.0
    if (
        not math.isfinite(dpi)
        or not _LIKELY_DPI[0] <= dpi <= _LIKELY_DPI[1]
        or round(dpi) in _MEANINGLESS_DPI
    ):
        return _USUAL_DPI
    return dpi


def _page(picture: Image.Image, dpi: float) -> bytes:
    longest = max(picture.width, picture.height)
    dpi = max(dpi, longest * 72 / _MOST_POINTS)
    made = io.BytesIO()
    picture.info = {}
    options = {} if picture.mode == "1" else {"quality": _QUALITY}
    picture.save(made, format="PDF", resolution=dpi, **options)
    return made.getvalue()
