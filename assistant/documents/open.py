"""The one door: any file a city has → a document, the PDF its pages are on, and what to know about it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from assistant.documents.archive import Package
from assistant.documents.hoard import Hoard, Inner
from assistant.documents.images import bind
from assistant.documents.kinds import Kind, kind_of
from assistant.documents.mail import Letter, read_mail
from assistant.documents.mail_outlook import read_outlook
from assistant.documents.office import Contents, gather_common
from assistant.documents.old import gather_old
from assistant.documents.pdf import read_pdf
from assistant.documents.ports import Opened, Printer, Readers, Tell, untold
from assistant.documents.sheet import read_sheets
from assistant.documents.slides import read_slides
from assistant.documents.text import decoded, is_plain, of_bytes, of_passage
from assistant.documents.typeset import typeset
from assistant.documents.word import read_word
from assistant.domain.document import Document, Hidden, HiddenKind, Page
from assistant.errors import DocumentError

LARGEST = 200 * 1024 * 1024
"""Bytes of a file that is opened."""
_MOST_TEXT = 2_000_000  # characters of a text file; about a thousand pages
_DEPTH = 3  # files within files within files
_MOST_INSIDE = 20 * 1024 * 1024
_MOST_INSIDE_IN_ALL = 60 * 1024 * 1024
_DERIVED = (
    HiddenKind.PROPERTIES,
    HiddenKind.BOOKMARK,
    HiddenKind.LINK,
)  # of the print: the original says them

_TOO_LARGE = f"ファイルが大きすぎます（{LARGEST // (1024 * 1024)}MBまで）。必要な部分だけに分けてから選び直してください。"
_UNPRINTED = "文字は読めたので黒塗りの案は出せますが、ページの絵がないので、黒塗りしたPDFは作れません。"
_NO_FONT = (
    "日本語のフォントが見つからないので、この文書のページは作れません。Debianでは fonts-noto-cjk を入れ、"
    "Windowsでは「設定」の「オプション機能」から日本語の追加フォントを入れてください。" + _UNPRINTED
)
_NO_GLYPHS = (
    "フォントにない文字が{count}種類あり、ページでは空の四角になっています。元のファイルで確かめてください。"
)
_REDUCED = "画像が大きいので縮めて開きました。細かい字は元の画像で確かめてください。"
_NAMED_OTHERWISE = "名前の終わりは「{suffix}」ですが、中身は{what}なので、そのように開きました。"
_WHAT = {
    Kind.PDF: "PDF", Kind.WORD: "Wordの文書", Kind.SHEET: "Excelの表", Kind.SLIDES: "PowerPointのスライド",
    Kind.OLD: "別の形式の文書", Kind.MAIL: "メール", Kind.OUTLOOK: "Outlookのメール", Kind.IMAGE: "画像", Kind.TEXT: "文字だけのファイル",
}  # fmt: skip
_USUAL_SUFFIXES = {
    Kind.PDF: (".pdf",),
    Kind.WORD: (".docx", ".docm", ".dotx", ".dotm"),
    Kind.SHEET: (".xlsx", ".xlsm", ".xltx", ".xltm"),
    Kind.SLIDES: (".pptx", ".pptm", ".ppsx", ".ppsm", ".potx"),
}
_SUCCESSOR = {".doc": Kind.WORD, ".odt": Kind.WORD, ".rtf": Kind.WORD, ".xls": Kind.SHEET, ".xlsb": Kind.SHEET,
              ".ods": Kind.SHEET, ".ppt": Kind.SLIDES, ".odp": Kind.SLIDES}  # fmt: skip
_READ: dict[Kind, Callable[[Package, Hoard], Contents]] = {
    Kind.WORD: read_word,
    Kind.SHEET: read_sheets,
    Kind.SLIDES: read_slides,
}


def open_piped(
    data: bytes,
    *,
    name: str,
    readers: Readers,
    password: str | None = None,
    doc_type: str | None = None,
    tell: Tell = untold,
) -> Opened:
    """What came through a pipe: words are a passage, as if they were pasted, even words that look like a file of
    another kind; anything else is opened as a file. Raises as `open_document` and `of_passage` do.
    """
    if is_plain(data):
        return Opened(document=of_passage(data.decode("utf-8-sig"), name=name, doc_type=doc_type), pdf=None)
    if kind_of(data, name)[0] in {Kind.TEXT, Kind.MAIL}:
        return Opened(document=of_bytes(data, name=name, doc_type=doc_type), pdf=None)
    return open_document(data, name=name, readers=readers, password=password, doc_type=doc_type, tell=tell)


def open_document(
    data: bytes,
    *,
    name: str,
    readers: Readers,
    password: str | None = None,
    doc_type: str | None = None,
    tell: Tell = untold,
) -> Opened:
    """A file's bytes, opened by what they are. The document's digest is of exactly these bytes.

    Raises DocumentError (with what to do next) for what is not taken, damaged, locked or too large; PasswordNeeded for
    a PDF whose password is missing or wrong.
    """
    if len(data) > LARGEST:
        raise DocumentError(_TOO_LARGE)
    kind, suffix = kind_of(data, name)
    if kind is Kind.PDF:
        opened = read_pdf(data, name=name, readers=readers, password=password, doc_type=doc_type, tell=tell)
    else:
        door = _Door(data, name, readers, doc_type, tell)
        if kind is Kind.IMAGE:
            opened = door.image()
        elif kind is Kind.TEXT:
            opened = door.paper(decoded(data), "text", ())
        elif kind in (Kind.MAIL, Kind.OUTLOOK):
            opened = door.mail(kind)
        elif kind is Kind.OLD:
            opened = door.old(suffix)
        else:
            opened = door.office(kind, data)
    return replace(opened, notes=(*_about_name(name, kind), *opened.notes))


class _Door:
    """One file on its way to a document."""

    def __init__(self, data: bytes, name: str, readers: Readers, doc_type: str | None, tell: Tell) -> None:
        self._data = data
        self._name = name
        self._readers = readers
        self._doc_type = doc_type
        self._tell = tell
        self._sha256 = hashlib.sha256(data).hexdigest()
        self._hoard = Hoard()
        self._inner = text_inside(_Budget())

    def image(self) -> Opened:
        """Pictures bound into a PDF and read like a scan."""
        bound = bind(self._data, self._hoard)
        return self._on_paper(bound.pdf, "image", (_REDUCED,) if bound.reduced else ())

    def mail(self, kind: Kind) -> Opened:
        """A mail, set on pages."""
        read: Callable[[bytes, Hoard, Inner], Letter] = read_mail if kind is Kind.MAIL else read_outlook
        letter = read(self._data, self._hoard, self._inner)
        return self.paper(letter.text, "mail", letter.notes)

    def paper(self, text: str, media: str, notes: tuple[str, ...]) -> Opened:
        """Text set on pages of our own."""
        pages = tuple(page.text for page in of_passage(text, most=_MOST_TEXT).pages)
        made = typeset("\f".join(pages))
        if made is None:
            return Opened(document=self._plain(pages, media), pdf=None, notes=(*notes, _NO_FONT))
        if made.missing:
            notes = (*notes, _NO_GLYPHS.format(count=len(made.missing)))
        self._tell(len(made.pages), len(made.pages))
        return Opened(document=self._document(made.pages, media, ()), pdf=made.pdf, notes=notes)

    def old(self, suffix: str) -> Opened:
        """An old or open-document file, by way of its successor. Raises DocumentError without LibreOffice."""
        printer = self._readers.printer
        if printer is None or printer.missing:
            missing = printer.missing if printer is not None else None
            raise DocumentError(
                f"この形式（{suffix}）を開くにはLibreOfficeが要ります。{missing or 'システム担当に入れてもらうか、'}"
                "元のソフトでPDFに保存してから選び直すこともできます。"
            )
        gather_old(self._data, self._hoard)
        return self.office(_SUCCESSOR[suffix], printer.renew(self._data, suffix))

    def office(self, kind: Kind, data: bytes) -> Opened:
        """An office file: printed where there is a printer, else its text alone."""
        package = Package(data)
        contents = _READ[kind](package, self._hoard)
        gather_common(package, self._hoard, self._inner)
        printer = self._readers.printer
        problem = printer.missing if printer is not None else "ファイルをPDFにするLibreOfficeがありません。"
        if printer is not None and problem is None:
            try:
                return self._printed(printer, kind, package.rewritten(contents.changes))
            except DocumentError as error:
                problem = str(error)
        document = self._plain(contents.pages, kind.value)
        return Opened(document=document, pdf=None, notes=(f"{problem}{_UNPRINTED}",))

    def _printed(self, printer: Printer, kind: Kind, released: bytes) -> Opened:
        return self._on_paper(printer.print(released, f".{kind.value}"), kind.value, ())

    def _on_paper(self, pdf: bytes, media: str, notes: tuple[str, ...]) -> Opened:
        opened = read_pdf(
            pdf,
            name=self._name,
            sha256=self._sha256,
            readers=self._readers,
            doc_type=self._doc_type,
            media=media,
            tell=self._tell,
        )
        hidden = tuple(each for each in opened.document.hidden if each.kind not in _DERIVED)
        document = replace(opened.document, hidden=(*self._hoard.found, *hidden))
        return Opened(document=document, pdf=opened.pdf, notes=(*notes, *opened.notes))

    def _plain(self, texts: tuple[str, ...], media: str) -> Document:
        return self._document(
            tuple(Page(number=number, text=text) for number, text in enumerate(texts, 1)), media, ()
        )

    def _document(self, pages: tuple[Page, ...], media: str, hidden: tuple[Hidden, ...]) -> Document:
        return Document(
            name=self._name,
            sha256=self._sha256,
            pages=pages,
            doc_type=self._doc_type,
            media=media,
            hidden=(*self._hoard.found, *hidden),
        )


class _Budget:
    """How much of files inside files is still looked into."""

    def __init__(self) -> None:
        self.left = _MOST_INSIDE_IN_ALL


def text_inside(budget: _Budget, depth: int = _DEPTH) -> Inner:
    """Reads the text of files inside files, `depth` deep, without printing or looking at pictures."""

    def inner(name: str, data: bytes) -> str:
        if depth <= 0 or not data or len(data) > min(_MOST_INSIDE, budget.left):
            return "（大きいか深いので中を調べていません。）" if data else ""
        budget.left -= len(data)
        hoard = Hoard()
        deeper = text_inside(budget, depth - 1)
        try:
            texts = _texts(name, data, hoard, deeper)
        except DocumentError as error:
            return f"（{error}）"
        hidden = [f"{each.place}：{each.text}" for each in hoard.found]
        return "\n".join([*texts, *hidden])

    return inner


def _texts(name: str, data: bytes, hoard: Hoard, deeper: Inner) -> tuple[str, ...]:
    kind, _ = kind_of(data, name)
    if kind in _READ:
        package = Package(data)
        gather_common(package, hoard, deeper)
        return _READ[kind](package, hoard).pages
    if kind is Kind.MAIL:
        return (read_mail(data, hoard, deeper).text,)
    if kind is Kind.OUTLOOK:
        return (read_outlook(data, hoard, deeper).text,)
    if kind is Kind.TEXT:
        return (decoded(data),)
    if kind is Kind.PDF:
        document = read_pdf(data, name=name, readers=Readers()).document
        return (*(page.text for page in document.pages), *(each.text for each in document.hidden))
    return ()


def _about_name(name: str, kind: Kind) -> tuple[str, ...]:
    """Says so where the name promises another kind of file."""
    suffix = Path(name).suffix.lower()
    promised = next((each for each, usual in _USUAL_SUFFIXES.items() if suffix in usual), None)
    if promised is None or promised is kind:
        return ()
    return (_NAMED_OTHERWISE.format(suffix=suffix, what=_WHAT[kind]),)
