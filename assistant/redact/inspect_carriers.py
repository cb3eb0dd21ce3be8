"""The parts of a file that no page shows, searched for secrets: objects, fonts, attachments, revisions, leftovers."""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Final

import pikepdf

from assistant.errors import DocumentError
from assistant.redact.inspect_bytes import Clock, TooMuch, inflated, members, texts_of
from assistant.redact.inspect_file import Piece, Walk, shown
from assistant.redact.inspect_fonts import FontMap, Remembered, font_maps
from assistant.redact.inspect_pages import PageTexts
from assistant.redact.inspect_sought import Sought
from assistant.redact.inspect_tally import Tally
from assistant.text.folding import folded_text

CARRIERS: Final = (
    "objects",
    "fonts",
    "annotations",
    "forms",
    "metadata",
    "outlines",
    "attachments",
    "layers",
    "structure",
    "scripts",
    "thumbnails",
)
_END = re.compile(rb"%%EOF")
_OBJECT = re.compile(rb"(?<![0-9])(\d{1,10})\s+(\d{1,5})\s+obj\b")
_STREAM = re.compile(rb"\bstream\r?\n")
_REVISIONS = 8
_NESTED = 2
_CUT = "時間か大きさの上限に達したため、最後まで調べていません。"


def search_file(
    data: bytes, password: str | None, sought: Sought, tally: Tally, clock: Clock, *, page_text: str
) -> None:
    """Every object of the file. `page_text`: what its pages say, to tell which letters fonts should not know."""
    try:
        pdf = pikepdf.open(io.BytesIO(data), password=password or "")
    except (pikepdf.PdfError, pikepdf.PasswordError, ValueError, RuntimeError):
        for code in CARRIERS:
            tally.unfinished(code, "ファイルの構造が壊れているため、中を調べられません。")
        return
    with pdf:
        try:
            _search_open(pdf, sought, tally, clock, page_text)
        except (
            pikepdf.PdfError,
            RuntimeError,
            ValueError,
            RecursionError,
            KeyError,
            TypeError,
            AttributeError,
        ):
            tally.unfinished("objects", "ファイルの構造が壊れているため、一部を調べられません。")


def _search_open(pdf: pikepdf.Pdf, sought: Sought, tally: Tally, clock: Clock, page_text: str) -> None:
    maps = list(font_maps(pdf, clock))
    walk = Walk(pdf, clock)
    for piece in walk.pieces():
        check = piece.check if piece.check in CARRIERS or piece.check == "pictures" else "objects"
        tally.leaks(check, _in_piece(piece, sought, maps, clock), piece.place, piece.page)
    for code in CARRIERS:
        tally.ran(code)
    tally.ran("objects", objects=walk.objects)
    if walk.unread:
        tally.unfinished("objects", "大きすぎるか壊れているストリームがあり、一部を調べられません。")
    if clock.over:
        tally.unfinished("objects", _CUT)
    _search_fonts(sought, maps, tally, page_text)
    for number, page in enumerate(pdf.pages, 1):
        if "/Thumb" in page.obj:
            tally.note("thumbnails", "ページの縮小画像", number)


def _search_fonts(sought: Sought, maps: list[FontMap], tally: Tally, page_text: str) -> None:
    text = folded_text(page_text, variants=True)
    fonts = Remembered(maps, text)
    found = [number for number in range(len(sought)) if fonts.spell(sought.letters(number))]
    tally.leaks("fonts", Counter(found), "フォントの文字の対応表")
    tally.ran("fonts", fonts=len(maps))


def _in_piece(piece: Piece, sought: Sought, maps: list[FontMap], clock: Clock) -> Counter[int]:
    if piece.shape == "text":
        return sought.elsewhere(piece.text)
    if piece.shape == "font":
        return sought.in_bytes(piece.data, text=False)
    if piece.shape == "picture":
        return sought.in_bytes(piece.data, text=False)
    if piece.shape == "content":
        return _in_content(piece, sought, maps)
    return in_anything(piece.data, sought, clock)


def _in_content(piece: Piece, sought: Sought, maps: list[FontMap]) -> Counter[int]:
    """The strings among drawing operators, as every font of the file would read them; pages are read by two engines."""
    data = shown(piece.data)
    found = sought.in_bytes(data, text=True) | sought.elsewhere(data.decode("latin-1"))
    if piece.place != "ページの描画命令":
        for one in maps:
            found |= sought.elsewhere(one.read(data))
    return sought.solid(found)


def in_anything(data: bytes, sought: Sought, clock: Clock, depth: int = 0) -> Counter[int]:
    """Bytes of whatever kind: as they are, as text, and what is packed in them (archives, PDF, deflated data)."""
    found = sought.in_bytes(data, text=len(data) < 1 << 20)
    for text in texts_of(data):
        found |= sought.elsewhere(text)
    if depth >= _NESTED or clock.over:
        return found
    if data.startswith(b"PK\x03\x04"):
        for name, member in members(data, clock):
            found |= sought.elsewhere(name) | in_anything(member, sought, clock, depth + 1)
    elif b"%PDF-" in data[:1024]:
        for text in _pages(data, None, clock):
            found |= sought.elsewhere(text)
        inside = Tally(sought.secrets)
        search_file(data, None, sought, inside, clock, page_text="")
        for leak in inside.all_leaks:
            found[(leak.secret or 1) - 1] += leak.count
    elif data[:2] in {b"\x78\x9c", b"\x78\x01", b"\x78\xda"}:
        found |= in_anything(inflated(data), sought, clock, depth + 1)
    return found


def _pages(data: bytes, password: str | None, clock: Clock) -> Iterator[str]:
    try:
        with PageTexts(data, password) as texts:
            for number in range(1, texts.count + 1):
                if clock.over:
                    return
                yield texts.text(number)
    except (DocumentError, RuntimeError):
        return


def search_history(data: bytes, password: str | None, sought: Sought, tally: Tally, clock: Clock) -> None:
    """Earlier states of the file, objects nothing refers to any more, and what follows its end."""
    ends = [match.end() for match in _END.finditer(data)]
    after = data[ends[-1] :].strip() if ends else b""
    if after:
        tally.note("revisions", "ファイルの終わりの後のデータ", count=len(after))
        tally.leaks("revisions", in_anything(after, sought, clock), "ファイルの終わりの後のデータ")
    earlier = ends[:-1][-_REVISIONS:]
    states = 0
    for end in earlier:
        if clock.over:
            break
        text = list(_pages(data[:end], password, clock))
        states += bool(text)
        for number, one in enumerate(text, 1):
            tally.leaks("revisions", sought.on_page(number, one), "以前の版のページ", number)
    for body in forgotten(data, password, clock):
        tally.leaks("revisions", _in_forgotten(body, sought, clock), "使われていないオブジェクト")
    tally.ran("revisions", earlier=states)
    if clock.over:
        tally.unfinished("revisions", _CUT)


def _in_forgotten(body: bytes, sought: Sought, clock: Clock) -> Counter[int]:
    found = sought.in_bytes(body, text=True) | sought.elsewhere(shown(body).decode("latin-1"))
    stream = _STREAM.search(body)
    if stream is not None:
        inner = body[stream.end() :]
        plain = inflated(inner) or inner
        found |= in_anything(plain, sought, clock, depth=1)
        found |= sought.in_bytes(shown(plain), text=True)
    return found


def forgotten(data: bytes, password: str | None, clock: Clock) -> Iterator[bytes]:
    """The bodies of objects that are written more than once, or that the file's table of objects does not name."""
    written: dict[tuple[int, int], list[int]] = {}
    places = []
    for match in _OBJECT.finditer(data):
        written.setdefault((int(match[1]), int(match[2])), []).append(match.end())
        places.append(match.start())
    known = _known(data, password)
    ends = [*places[1:], len(data)]
    at = dict(zip((start for _, start in _ordered(written)), ends, strict=True))
    for name, starts in written.items():
        if len(starts) > 1 or (known is not None and name not in known):
            for start in starts:
                if clock.over:
                    return
                yield data[start : at[start]]


def _ordered(written: dict[tuple[int, int], list[int]]) -> list[tuple[tuple[int, int], int]]:
    return sorted(
        ((name, start) for name, starts in written.items() for start in starts), key=lambda one: one[1]
    )


def _known(data: bytes, password: str | None) -> set[tuple[int, int]] | None:
    """The objects the file's table names; None where it can't be read (locked files keep theirs unreadable anyway)."""
    try:
        with pikepdf.open(io.BytesIO(data), password=password or "") as pdf:
            return {item.objgen for item in pdf.objects if isinstance(item, pikepdf.Object)}
    except (pikepdf.PdfError, pikepdf.PasswordError, ValueError, RuntimeError):
        return None


Guard = Callable[[], None]


def guarded(tally: Tally, code: str, step: Guard) -> None:
    """Carry out one step; what a hostile file breaks in a parser is told as unfinished, without its words."""
    try:
        step()
    except TooMuch:
        tally.unfinished(code, _CUT)
    except Exception:
        # Three parsers read files made to break them; whatever they raise may hold words of the file and is not told.
        tally.unfinished(code, "ファイルが壊れているため、最後まで調べられません。")
