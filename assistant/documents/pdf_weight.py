"""How much pdfium would have to do for a page, told before it begins: it can't be stopped while it parses a page.

A file of two kilobytes may say "draw this ten times" at nine levels, or name itself, and pdfium makes an object of its
memory for each: the machine would stand still until the process is killed. So what a page says to draw is counted
first, with what it draws by name (forms, patterns, masks, glyphs made of drawings) multiplied out, nothing drawn.
"""

from __future__ import annotations

import io
import re
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import pikepdf

from assistant.documents.pdf_faults import PIKE_FAULTS
from assistant.errors import DocumentError

MOST_OBJECTS: Final = 1_000_000
"""Of one page. pdfium makes half a kilobyte to two of each; maps have a few hundred thousand."""
MOST_STEPS: Final = 20_000_000
"""To draw one object of a page, between two looks at the clock (`pdf_picture.PATIENCE`); about twenty seconds."""
MOST_BYTES: Final = 150 * 1024 * 1024
"""Of what a page says to draw, unpacked; it is held twice."""
MOST_ANNOTATIONS: Final = 50_000
MOST_PICTURE: Final = 600 * 1024 * 1024
"""Bytes of one picture, unpacked: A0 in grey at 600 dpi."""

_HEAVY: Final = {b"Tj": 2, b"TJ": 2, b"'": 2, b'"': 2}  # its letters are placed besides
_SAVES_AN_OBJECT: Final = 5  # states of drawing that weigh as much as an object
_DENSEST: Final = 20_000  # bytes a byte may become in a picture; an even one of black and white does
_NEVER_UNPACKED: Final = 2**31  # pdfium holds no more in one piece
_LONGEST_PROGRAM: Final = 8_000
_DEEPEST: Final = 40  # pdfium goes no deeper
_GREATEST: Final = 10**12
_STEPS = re.compile(rb"(?<![^\s\])>}])(?:[fFSsBb]\*?|Do|Tj|TJ|sh|EI|'|\")(?![^\s\[(<{/])")
_SAVES = re.compile(rb"(?<!\S)q(?!\S)")
_USES = re.compile(rb"/([^\s/\[\](){}<>%]+)\s*(Do|scn|SCN|gs)\b")
_SHOWN = re.compile(
    rb"/([^\s/\[\](){}<>%]+)\s+[-+.\d]+\s+Tf\b|\(((?:\\.|[^\\()])*)\)|<([0-9A-Fa-f\s]+)>", re.S
)
_ESCAPE = re.compile(rb"#([0-9A-Fa-f]{2})")

_PACKED_LITTLE: Final = frozenset({"/ASCIIHexDecode", "/ASCII85Decode", "/AHx", "/A85"})

_Key = tuple[int, int]

_REMEMBERED: Final = 16
_WEIGHED: dict[tuple[int, int, int], int | None] = {}  # one file is opened several times on its way


class TooIntricate(DocumentError):
    """A page that would keep the machine busy for minutes, or fill its memory."""


@dataclass(slots=True)
class _Node:
    """A thing that draws. `parsed`: what is parsed with it, each so many times; `drawn`: what is drawn with it."""

    own: int
    parsed: Counter[_Key] = field(default_factory=Counter)
    drawn: Counter[_Key] = field(default_factory=Counter)


def refuse_intricate(pdf: bytes, password: str | None = None) -> None:
    """Raises TooIntricate for a file with a page pdfium should not begin with; what pikepdf can't read is let pass."""
    mark = len(pdf), hash(pdf), hash(password)
    if mark not in _WEIGHED:
        while len(_WEIGHED) >= _REMEMBERED:
            _WEIGHED.pop(next(iter(_WEIGHED)), None)
        _WEIGHED[mark] = _too_heavy(pdf, password)
    number = _WEIGHED[mark]
    if number is not None:
        raise TooIntricate(
            f"{number}ページ目の図が込み入りすぎていて開けません。"
            "そのページを画像にして差し替えるか、除いてから開いてください。"
        )


def _too_heavy(pdf: bytes, password: str | None) -> int | None:
    for key in dict.fromkeys(("", password or "")):  # pikepdf warns of a key it does not need
        try:
            with pikepdf.open(io.BytesIO(pdf), password=key) as file:
                return _Scales(file).first_too_heavy()
        except pikepdf.PasswordError:
            continue
        except PIKE_FAULTS:
            return None
    return None


class _Scales:
    def __init__(self, file: Any) -> None:
        self._file = file
        self._nodes: dict[_Key, _Node] = {}
        self._waiting: list[tuple[_Key, Any, Any]] = []

    def first_too_heavy(self) -> int | None:
        """The number of the first page that is too heavy, from 1."""
        pages: list[_Key] = []
        for number, page in enumerate(self._file.pages, 1):
            key = (-number, 0)
            pages.append(key)
            try:
                if not self._weigh_page(key, page.obj):
                    return number
                while self._waiting:
                    self._describe(*self._waiting.pop())
            except _Overfull:
                return number
            except PIKE_FAULTS:
                self._nodes.setdefault(key, _Node(0))
                self._waiting.clear()
        objects = _multiplied(self._nodes, drawn=False)
        steps = _multiplied(self._nodes, drawn=True)
        for number, key in enumerate(pages, 1):
            node = self._nodes[key]
            parts = (*node.parsed, *node.drawn)
            if objects[key] > MOST_OBJECTS or any(steps.get(part, 0) > MOST_STEPS for part in parts):
                return number
        return None

    def _weigh_page(self, key: _Key, page: Any) -> bool:
        contents = page.get("/Contents")
        streams = list(contents) if isinstance(contents, pikepdf.Array) else [contents]
        resources, above = page.get("/Resources"), page
        for _ in range(_DEEPEST):
            if resources is not None or not isinstance(above, pikepdf.Dictionary):
                break
            above = above.get("/Parent")
            resources = above.get("/Resources") if isinstance(above, pikepdf.Dictionary) else None
        node = self._node(
            _joined(stream for stream in streams if isinstance(stream, pikepdf.Stream)), resources
        )
        self._nodes[key] = node
        annotations = page.get("/Annots")
        if not isinstance(annotations, pikepdf.Array):
            return True
        if len(annotations) > MOST_ANNOTATIONS:
            return False
        for annotation in annotations:
            for look in _looks(annotation):
                node.parsed[self._named(look, None)] += 1
        return True

    def _describe(self, key: _Key, stream: Any, around: Any) -> None:
        resources = stream.get("/Resources")
        self._nodes[key] = _Node(0)  # a circle ends here
        self._nodes[key] = self._node(_unpacked(stream), around if resources is None else resources)

    def _node(self, content: bytes, resources: Any) -> _Node:
        saved = sum(1 for _ in _SAVES.finditer(content)) // _SAVES_AN_OBJECT
        node = _Node(sum(_HEAVY.get(found[0], 1) for found in _STEPS.finditer(content)) + saved)
        uses = Counter(found.groups() for found in _USES.finditer(content))
        for (name, operator), times in uses.items():
            if operator == b"Do":
                form = _resource(resources, "/XObject", name)
                if not isinstance(form, pikepdf.Stream):
                    continue
                if form.get("/Subtype") == "/Form":
                    node.parsed[self._named(form, resources)] += times
                elif _unpacks_to_too_much(form):
                    raise _Overfull
            elif operator == b"gs":
                mask = _inside(_resource(resources, "/ExtGState", name), "/SMask")
                group = _inside(mask, "/G")
                if isinstance(group, pikepdf.Stream):
                    node.drawn[self._named(group, resources)] += times
            else:
                pattern = _resource(resources, "/Pattern", name)
                if isinstance(pattern, pikepdf.Stream):
                    # A colour once chosen colours all that follows: who chooses once may draw a thousand times.
                    node.drawn[self._named(pattern, resources)] += max(times, node.own // len(uses))
        for glyph, times in self._glyphs(content, resources):
            node.drawn[glyph] += times
        if any(_is_long(program) for program in _programs(resources)):
            raise _Overfull
        return node

    def _glyphs(self, content: bytes, resources: Any) -> Iterator[tuple[_Key, int]]:
        """The drawings that are letters of fonts (Type 3), each as if all were written equally often."""
        fonts = _inside(resources, "/Font")
        if not isinstance(fonts, pikepdf.Dictionary):
            return
        drawn = {str(name): font for name, font in fonts.items() if _inside(font, "/Subtype") == "/Type3"}
        if not drawn:
            return
        written: Counter[str] = Counter()
        font = ""
        for name, letters, digits in (found.groups() for found in _SHOWN.finditer(content)):
            font = "/" + _plain(name) if name is not None else font
            written[font] += len(letters or b"") + len(digits or b"") // 2
        for name, times in written.items():
            glyphs = _inside(drawn.get(name), "/CharProcs")
            around = _inside(drawn.get(name), "/Resources")
            for _, glyph in glyphs.items() if isinstance(glyphs, pikepdf.Dictionary) else ():
                if isinstance(glyph, pikepdf.Stream):
                    key = self._named(glyph, resources if around is None else around)
                    yield key, -(-times // len(glyphs))

    def _named(self, stream: Any, around: Any) -> _Key:
        key: _Key = stream.objgen
        if key not in self._nodes:
            self._nodes[key] = _Node(0)
            self._waiting.append((key, stream, around))
        return key


class _Overfull(Exception):
    """More to draw than is unpacked."""


def _multiplied(nodes: Mapping[_Key, _Node], *, drawn: bool) -> dict[_Key, int]:
    """What each node comes to with all it names; circles are followed as deep as pdfium follows anything."""
    total = {key: node.own for key, node in nodes.items()}
    edges = {
        key: node.parsed + node.drawn if drawn else node.parsed
        for key, node in nodes.items()
        if node.parsed or (drawn and node.drawn)
    }
    for _ in range(_DEEPEST):
        changed = False
        for key, parts in edges.items():
            much = nodes[key].own + sum(times * (total.get(part, 0) + 1) for part, times in parts.items())
            much = min(much, _GREATEST)
            changed = changed or much != total[key]
            total[key] = much
        if not changed:
            break
    return total


def _joined(streams: Iterable[Any]) -> bytes:
    parts: list[bytes] = []
    left = MOST_BYTES
    for stream in streams:
        parts.append(_unpacked(stream))
        left -= len(parts[-1])
        if left < 0:
            raise _Overfull
    return b"\n".join(parts)


def _unpacked(stream: Any) -> bytes:
    """The bytes of a stream, never more than may be. Raises _Overfull."""
    filters = stream.get("/Filter")
    names = [
        str(one) for one in (filters if isinstance(filters, pikepdf.Array) else [filters]) if one is not None
    ]
    if names not in (["/FlateDecode"], ["/Fl"]):
        # Other packings are of old or small files; in the worst case a byte becomes a thousand.
        known = _PACKED_LITTLE.issuperset(names) or len(stream.read_raw_bytes()) < MOST_BYTES // 2000
        return bytes(stream.read_bytes())[:MOST_BYTES] if known else b""
    opened = zlib.decompressobj()
    try:
        data = opened.decompress(stream.read_raw_bytes(), MOST_BYTES)
    except zlib.error:
        return b""
    if opened.unconsumed_tail:
        raise _Overfull
    return data


def _unpacks_to_too_much(picture: Any) -> bool:
    """Whether a picture would fill the memory. One that says it is even larger, and can't be, is not unpacked at all."""
    try:
        wide, high, bits = (int(picture.get(key, 1)) for key in ("/Width", "/Height", "/BitsPerComponent"))
    except PIKE_FAULTS:
        return False
    space = (
        str(picture.get("/ColorSpace", ""))
        if not isinstance(picture.get("/ColorSpace"), pikepdf.Array)
        else ""
    )
    parts = 1 if space == "/DeviceGray" or bits == 1 else 4 if space == "/DeviceCMYK" else 3
    size = wide * high * bits * parts // 8
    return size > MOST_PICTURE and size < max(_NEVER_UNPACKED, len(picture.read_raw_bytes()) * _DENSEST)


def _programs(resources: Any) -> Iterator[Any]:
    """The little programs by which colours run into one another."""
    shadings = _inside(resources, "/Shading")
    patterns = _inside(resources, "/Pattern")
    found = [each for _, each in shadings.items()] if isinstance(shadings, pikepdf.Dictionary) else []
    if isinstance(patterns, pikepdf.Dictionary):
        found += [_inside(each, "/Shading") for _, each in patterns.items()]
    for shading in found:
        function = _inside(shading, "/Function")
        yield from list(function) if isinstance(function, pikepdf.Array) else [function]


def _is_long(program: Any) -> bool:
    """Whether a program is longer than any a person's software writes; it is run for every dot of the paper."""
    is_program = isinstance(program, pikepdf.Stream) and program.get("/FunctionType") == 4
    return is_program and len(_unpacked(program)) > _LONGEST_PROGRAM


def _looks(annotation: Any) -> Iterator[Any]:
    """The forms an annotation may be drawn by."""
    for look in (_inside(_inside(annotation, "/AP"), "/N"),):
        if isinstance(look, pikepdf.Stream):
            yield look
        elif isinstance(look, pikepdf.Dictionary):
            yield from (each for _, each in look.items() if isinstance(each, pikepdf.Stream))


def _resource(resources: Any, kind: str, name: bytes) -> Any:
    return _inside(_inside(resources, kind), "/" + _plain(name))


def _inside(holder: Any, name: str) -> Any:
    if not isinstance(holder, pikepdf.Dictionary | pikepdf.Stream):
        return None
    return holder.get(name)


def _plain(name: bytes) -> str:
    """A name as it is without its escapes."""
    return _ESCAPE.sub(lambda found: bytes([int(found[1], 16)]), name).decode("utf-8", "surrogateescape")
