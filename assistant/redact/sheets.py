"""The new file: pages of one picture and its invisible text, and nothing that was in the old one."""

from __future__ import annotations

import io
from typing import Any, Final

import pikepdf

from assistant.documents.pdf_picture import PageSize
from assistant.redact.encode import Encoded
from assistant.redact.glyphless import Codes
from assistant.redact.look import Look
from assistant.redact.vector import Copy

FONT: Final = "T"
_PICTURE: Final = "P"
_PRODUCER: Final = "Osumitsuki"
_SPACES: Final = {Look.INK: "/DeviceGray", Look.GREY: "/DeviceGray", Look.COLOUR: "/DeviceRGB"}


class Sheets:
    """Pages in order, then the file."""

    def __init__(self) -> None:
        self.codes = Codes()
        self._pdf = pikepdf.new()
        self._with_text: list[Any] = []  # resources of the pages that have text

    @property
    def pdf(self) -> pikepdf.Pdf:
        """The file being made, for pages that are copied into it."""
        return self._pdf

    def add(self, encoded: Encoded, size: PageSize, unit: float, text: bytes) -> None:
        """A page of a picture. `size`: as shown; `unit`: its /UserUnit; `text`: instructions in points as shown."""
        turned = size.turned % 360
        wide, high = size.width, size.height
        upright = (high, wide) if turned in {90, 270} else (wide, high)
        body = f"q {_number(wide)} 0 0 {_number(high)} 0 0 cm /{_PICTURE} Do Q\n".encode("ascii") + text
        # The picture is the page as shown; a page that is turned when it is shown is turned back here.
        back = {
            90: f"0 1 -1 0 {_number(high)} 0 cm\n",
            180: f"-1 0 0 -1 {_number(wide)} {_number(high)} cm\n",
            270: f"0 -1 1 0 0 {_number(wide)} cm\n",
        }.get(turned, "")
        resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary({"/" + _PICTURE: self._image(encoded)}))
        page = pikepdf.Dictionary(
            Type=pikepdf.Name.Page,
            MediaBox=[0, 0, *(_rounded(side) for side in upright)],
            Resources=resources,
            Contents=self._pdf.make_stream(back.encode("ascii") + body),
        )
        if turned:
            page.Rotate = turned
        if unit != 1.0:
            page.UserUnit = _rounded(unit)
        self._pdf.pages.append(pikepdf.Page(self._pdf.make_indirect(page)))
        if text:
            self._with_text.append(self._pdf.pages[-1].obj.Resources)

    def copy(self, copied: Copy) -> None:
        """A page that stays text and lines: its instructions and what they use, and nothing else of the old page."""
        old = copied.page
        page = pikepdf.Dictionary(
            Type=pikepdf.Name.Page,
            MediaBox=[_rounded(float(side)) for side in old.cropbox],
            Contents=self._pdf.make_stream(copied.instructions),
        )
        resources = pikepdf.Dictionary()
        for kind, things in (("/Font", copied.fonts), ("/ExtGState", copied.states)):
            if things:
                resources[kind] = pikepdf.Dictionary(
                    {name: self._pdf.copy_foreign(thing) for name, thing in things.items()}
                )
        page.Resources = resources
        turned = int(old.rotation) % 360
        if turned:
            page.Rotate = turned
        if "/UserUnit" in old.obj:
            page.UserUnit = _rounded(float(old.obj.UserUnit))
        self._pdf.pages.append(pikepdf.Page(self._pdf.make_indirect(page)))

    def _image(self, encoded: Encoded) -> Any:
        image = self._pdf.make_stream(
            encoded.data,
            Type=pikepdf.Name.XObject,
            Subtype=pikepdf.Name.Image,
            Width=encoded.width,
            Height=encoded.height,
            ColorSpace=pikepdf.Name(_SPACES[encoded.look]),
            BitsPerComponent=1 if encoded.look is Look.INK else 8,
        )
        if encoded.look is Look.INK:
            image.Filter = pikepdf.Name.CCITTFaxDecode
            image.DecodeParms = pikepdf.Dictionary(K=-1, Columns=encoded.width, Rows=encoded.height)
        else:
            image.Filter = pikepdf.Name.DCTDecode
        return image

    def finished(self, title: str) -> bytes:
        """The file's bytes; the same for the same pages. It can be asked for once."""
        if len(self.codes) and self._with_text:
            font = self.codes.font(self._pdf)
            for resources in self._with_text:
                resources.Font = pikepdf.Dictionary({"/" + FONT: font})
        root = self._pdf.Root
        root.Lang = pikepdf.String("ja-JP")
        if title:
            root.ViewerPreferences = pikepdf.Dictionary(DisplayDocTitle=True)
            self._pdf.docinfo["/Title"] = title
        self._pdf.docinfo["/Producer"] = _PRODUCER
        out = io.BytesIO()
        self._pdf.save(
            out,
            force_version="1.7",
            object_stream_mode=pikepdf.ObjectStreamMode.disable,
            deterministic_id=True,
            fix_metadata_version=False,
        )
        self._pdf.close()
        return out.getvalue()


def _rounded(number: float) -> float | int:
    """Four digits: pdfium's single precision has no more, and whole numbers stay whole."""
    short = round(number, 4)
    return int(short) if short == int(short) else short


def _number(number: float) -> str:
    return f"{number:.4f}".rstrip("0").rstrip(".")
