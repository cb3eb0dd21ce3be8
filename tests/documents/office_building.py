"""Office files, mails and OLE files with all they can hide, made by the libraries offices' files are like."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable
from datetime import date

import openpyxl
from docx import Document as WordDocument
from docx.oxml import parse_xml
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill
from pptx import Presentation
from pptx.util import Inches

from assistant.errors import DocumentError

_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def word_file(*, link: str | None = None) -> bytes:
    """A Word file: 佐藤一郎 is seen, every text with 秘密 is not."""
    made = WordDocument()
    made.core_properties.author = "秘密作成者"
    made.core_properties.keywords = ""
    made.sections[0].header.paragraphs[0].text = "ヘッダーの文字"
    made.sections[0].footer.paragraphs[0].text = "フッターの文字"
    first = made.add_paragraph("本文の佐藤一郎です。")
    first._p.append(parse_xml(_change("del", "<w:delText>削除した秘密</w:delText>")))
    first._p.append(parse_xml(_change("ins", "<w:t>挿入した文。</w:t>")))
    first._p.append(parse_xml(_change("moveFrom", "<w:t>移す前の秘密</w:t>")))
    hidden = first.add_run("隠した秘密")
    hidden.font.hidden = True
    style = made.styles.add_style("Kakushi", 2)
    style.font.hidden = True
    first.add_run("様式で隠した秘密", style="Kakushi")
    made.add_comment(first.runs[0], text="コメントの秘密", author="田中秘密", initials="T")
    joined = made.add_paragraph("前の段落と")
    joined._p.get_or_add_pPr().append(parse_xml(f'<w:rPr {_W}><w:del w:id="9" w:author="鈴木秘密"/></w:rPr>'))
    made.add_paragraph("後の段落は一つになる。")
    table = made.add_table(2, 2)
    table.cell(0, 0).text, table.cell(0, 1).text = "氏名", "山田花子"
    table.cell(1, 0).text, table.cell(1, 1).text = "消した行の秘密", "x"
    table.rows[1]._tr.get_or_add_trPr().append(parse_xml(f'<w:del {_W} w:id="10" w:author="鈴木秘密"/>'))
    made.add_page_break()
    made.add_paragraph("二ページ目")
    if link is not None:
        _link_picture(made, link)
    return _saved(made)


def _change(name: str, content: str) -> str:
    return f'<w:{name} {_W} w:id="1" w:author="鈴木秘密"><w:r>{content}</w:r></w:{name}>'


def _link_picture(made: object, link: str) -> None:
    from docx.oxml.ns import qn
    from PIL import Image

    picture = io.BytesIO()
    Image.new("RGB", (10, 10)).save(picture, "PNG")
    picture.seek(0)
    made.add_picture(picture)  # type: ignore[attr-defined]
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/image"
    relation = made.part.relate_to(link, kind, is_external=True)  # type: ignore[attr-defined]
    blip = made.element.body.xpath(".//a:blip")[0]  # type: ignore[attr-defined]
    del blip.attrib[qn("r:embed")]
    blip.set(qn("r:link"), relation)


def sheet_file() -> bytes:
    """An Excel file: 佐藤一郎 is seen, every text with 秘密 is not."""
    book = openpyxl.Workbook()
    book.properties.creator = "秘密作成者"
    first = book.active
    assert first is not None
    first.title = "名簿"
    first.append(["氏名", "住所", "隠した列の秘密"])
    first.append(["佐藤一郎", "見本市中央1-2-3"])
    first.append(["隠した行の秘密", "x"])
    first.append([date(2024, 5, 1), "=1+2"])
    first.row_dimensions[3].hidden = True
    first.column_dimensions["A"].width = 20
    first.column_dimensions["C"].hidden = True
    first["A2"].comment = Comment("コメントの秘密", "田中秘密")
    first["E1"], first["E1"].font = "白い秘密", Font(color="FFFFFFFF")
    first["F1"], first["F1"].number_format = "形で消した秘密", ";;;"
    first["A5"], first["A5"].font = "黒地に白", Font(color="FFFFFFFF")
    first["A5"].fill = PatternFill("solid", fgColor="FF000000")
    for title, state in (("隠し", "hidden"), ("超隠し", "veryHidden")):
        sheet = book.create_sheet(title)
        sheet["A1"], sheet.sheet_state = f"{title}シートの秘密", state
    second = book.create_sheet("二枚目")
    second["A1"], second["B1"], second["A50"] = "見える二枚目", "その隣", "印刷しない秘密"
    second.print_area = "A1:D10"
    return _saved(book)


def slides_file() -> bytes:
    """A PowerPoint file: 表題 is seen, every text with 秘密 is not."""
    made = Presentation()
    for number in range(3):
        made.slides.add_slide(made.slide_layouts[5]).shapes.title.text = f"表題{number + 1}"
    first, second, third = made.slides
    first.notes_slide.notes_text_frame.text = "ノートの秘密"
    first.shapes.add_textbox(Inches(20), Inches(1), Inches(2), Inches(1)).text_frame.text = "枠の外の秘密"
    second._element.set("show", "0")
    second.shapes.title.text = "見せないスライドの秘密"
    off = third.shapes.add_textbox(Inches(2), Inches(3), Inches(2), Inches(1))
    off.text_frame.text = "消した図形の秘密"
    off._element.nvSpPr.cNvPr.set("hidden", "1")
    table = third.shapes.add_table(1, 2, Inches(1), Inches(4), Inches(5), Inches(1)).table
    table.cell(0, 0).text, table.cell(0, 1).text = "氏名", "佐藤一郎"
    third.shapes.title._element.nvSpPr.cNvPr.set("descr", "代替の秘密")
    return _saved(made)


def with_parts(data: bytes, parts: dict[str, bytes]) -> bytes:
    """The package with more parts, or other ones under the same names."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name not in parts:
                new.writestr(name, old.read(name))
        for name, content in parts.items():
            new.writestr(name, content)
    return made.getvalue()


def complaint(act: Callable[[], object]) -> str:
    """What a DocumentError says; a full stop where there is none. Any other error is the test's failure."""
    try:
        act()
    except DocumentError as error:
        return str(error)
    return "。"


def ole_file(streams: dict[str, bytes]) -> bytes:
    """An OLE file; "folder/stream" makes a folder. Streams are filled up with zeros to 4,096 bytes, so that none needs
    the small sectors."""
    padded = {path: content.ljust(4096, b"\x00") for path, content in streams.items()}
    folders = sorted({path.split("/")[0] for path in padded if "/" in path})
    names: list[tuple[str, str]] = [("", "Root Entry")]
    names += [("", folder) for folder in folders]
    names += [(path.rpartition("/")[0], path.rpartition("/")[2]) for path in padded]
    index = {pair: number for number, pair in enumerate(names)}
    sectors: list[bytes] = []
    fat: list[int] = []

    def put(content: bytes) -> int:
        start = len(sectors)
        pieces = [content[at : at + 512].ljust(512, b"\x00") for at in range(0, len(content), 512)]
        sectors.extend(pieces)
        fat.extend([*range(start + 1, start + len(pieces)), 0xFFFFFFFE])
        return start

    starts = {path: put(content) for path, content in padded.items()}
    entries = []
    for folder, name in names:
        siblings = sorted((pair for pair in names[1:] if pair[0] == folder), key=lambda pair: pair[1])
        place = siblings.index((folder, name)) if (folder, name) in siblings else -1
        after = siblings[place + 1] if 0 <= place < len(siblings) - 1 else None
        path = f"{folder}/{name}" if folder else name
        is_folder = name in folders or name == "Root Entry"
        children = sorted(pair for pair in names[1:] if pair[0] == ("" if name == "Root Entry" else name))
        encoded = name.encode("utf-16-le") + b"\x00\x00"
        entries.append(
            encoded.ljust(64, b"\x00")
            + struct.pack("<HBB", len(encoded), 5 if name == "Root Entry" else 1 if is_folder else 2, 1)
            + struct.pack(
                "<III",
                0xFFFFFFFF,
                index[after] if after else 0xFFFFFFFF,
                index[children[0]] if is_folder and children else 0xFFFFFFFF,
            )
            + bytes(36)
            + struct.pack(
                "<IQ", 0xFFFFFFFE if is_folder else starts[path], 0 if is_folder else len(padded[path])
            )
        )
    while len(entries) % 4:
        entries.append(bytes(66) + b"\x00\x00" + struct.pack("<III", *[0xFFFFFFFF] * 3) + bytes(48))
    directory = put(b"".join(entries))
    count = -(-(len(fat) + 2) // 128)
    at = len(sectors)
    fat.extend([0xFFFFFFFD] * count)
    table = b"".join(struct.pack("<I", each) for each in fat).ljust(count * 512, b"\xff")
    head = (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
        + bytes(16)
        + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6)
        + bytes(6)
    )
    head += struct.pack("<IIIIIIIII", 0, count, directory, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
    head += b"".join(struct.pack("<I", at + each if each < count else 0xFFFFFFFF) for each in range(109))
    return head + b"".join(sectors) + table


def _saved(made: object) -> bytes:
    out = io.BytesIO()
    made.save(out)  # type: ignore[attr-defined]
    return out.getvalue()
