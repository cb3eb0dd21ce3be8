"""What a PDF carries that its pages do not show: read with pikepdf, listed for the detectors, never released."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

import pikepdf

from assistant.documents.pdf_faults import PIKE_FAULTS
from assistant.documents.pdf_objects import attached, bounded, outline_titles, plain, string, walk_names
from assistant.domain.document import Hidden, HiddenKind
from assistant.text.folding import folded_text

MOST_ENTRIES: Final = 5000
"""Entries listed of one file; beyond that it is said that there are more."""
_LONGEST: Final = 200_000  # characters of one entry

_PROPERTY = {
    "/Title": "題名", "/Author": "作成者", "/Subject": "件名", "/Keywords": "キーワード", "/Creator": "作成したソフト",
    "/Producer": "PDFにしたソフト", "/Company": "会社", "/Manager": "管理者", "/SourceModified": "更新日時",
}  # fmt: skip
_DATES = {"/CreationDate", "/ModDate", "/Trapped"}  # no words of anybody
_COMMENTS = {
    "/Text", "/FreeText", "/Highlight", "/Underline", "/Squiggly", "/StrikeOut", "/Stamp", "/Caret", "/Ink", "/Square",
    "/Circle", "/Line", "/Polygon", "/PolyLine", "/Popup", "/Redact",
}  # fmt: skip


def hidden_in(pdf: bytes, shown: Mapping[int, str]) -> tuple[tuple[Hidden, ...], tuple[str, ...]]:
    """The hidden things of a file without password, and notes for the person where some could not be looked at.

    `shown`: the text of each page, by number: what a field or comment says there is not hidden. Never raises.
    """
    try:
        opened = pikepdf.open(io.BytesIO(pdf))
    except PIKE_FAULTS:
        return (), (_NOT_LOOKED_AT,)
    found: list[Hidden] = []
    notes: list[str] = []
    with opened as file:
        sections: tuple[Callable[[], Iterator[Hidden]], ...] = (
            lambda: _properties(file),
            lambda: _outline(file),
            lambda: _attachments(file),
            lambda: _scripts(file),
            lambda: _layers(file),
            lambda: _form_data(file),
            lambda: _descriptions(file),
            lambda: _on_pages(file, shown),
        )
        for section in sections:
            try:
                for entry in section():
                    if len(found) >= MOST_ENTRIES:
                        notes.append(f"隠れた内容が{MOST_ENTRIES:,}件を超えます。残りは調べていません。")
                        return tuple(found), tuple(notes)
                    found.append(entry)
            except PIKE_FAULTS:
                if _NOT_LOOKED_AT not in notes:
                    notes.append(_NOT_LOOKED_AT)
    return tuple(found), tuple(notes)


_NOT_LOOKED_AT = (
    "ファイルの一部が壊れていて、見えない内容（しおり、添付、注釈など）をすべては調べられませんでした。"
    "出力するPDFには入りません。"
)


def _hidden(kind: HiddenKind, place: str, text: str, page: int | None = None) -> Hidden:
    return Hidden(kind=kind, place=place, text=text[:_LONGEST], page=page)


def _properties(file: Any) -> Iterator[Hidden]:
    said = set()
    for key, value in file.trailer.get("/Info", {}).items():
        text = string(value).strip()
        if key in _DATES or not text or text.startswith("D:"):
            continue
        said.add(text)
        yield _hidden(
            HiddenKind.PROPERTIES, f"文書のプロパティ（{_PROPERTY.get(str(key), '独自の項目')}）", text
        )
    metadata = file.Root.get("/Metadata")
    if isinstance(metadata, pikepdf.Stream):
        words = [word for word in plain(bounded(metadata)) if word not in said]
        if words:
            yield _hidden(HiddenKind.PROPERTIES, "文書のプロパティ（XMP）", "\n".join(words))


def _outline(file: Any) -> Iterator[Hidden]:
    for title in outline_titles(file):
        yield _hidden(HiddenKind.BOOKMARK, "しおり", title)


def _attachments(file: Any) -> Iterator[Hidden]:
    for name, spec in walk_names(file.Root.get("/Names", {}).get("/EmbeddedFiles")):
        yield _hidden(HiddenKind.ATTACHMENT, "添付ファイル", attached(spec, name))


def _scripts(file: Any) -> Iterator[Hidden]:
    for name, action in walk_names(file.Root.get("/Names", {}).get("/JavaScript")):
        yield _hidden(HiddenKind.SCRIPT, "文書のスクリプト", f"{name}\n{_script(action)}".strip())
    yield from _actions(file.Root, "文書を開いたときの動作", None)


def _script(action: Any) -> str:
    source = action.get("/JS") if isinstance(action, pikepdf.Dictionary) else None
    if isinstance(source, pikepdf.Stream):
        return str(bounded(source).decode("utf-8", "replace"))
    return string(source)


def _actions(holder: Any, place: str, page: int | None) -> Iterator[Hidden]:
    """What a document, page, field or annotation does by itself: scripts and addresses outside. Nothing is run."""
    actions = [holder.get("/A"), holder.get("/OpenAction")]
    extra = holder.get("/AA")
    if isinstance(extra, pikepdf.Dictionary):
        actions.extend(value for _, value in extra.items())
    for action in actions:
        if not isinstance(action, pikepdf.Dictionary):
            continue
        kind = str(action.get("/S", ""))
        if kind == "/JavaScript":
            yield _hidden(HiddenKind.SCRIPT, f"{place}（スクリプト）", _script(action), page)
        elif kind == "/URI":
            yield _hidden(HiddenKind.LINK, f"{place}（外部へのリンク）", string(action.get("/URI")), page)
        elif kind in {"/Launch", "/GoToR", "/SubmitForm", "/ImportData", "/GoToE"}:
            target = action.get("/F", action.get("/Win"))
            if isinstance(target, pikepdf.Dictionary):
                target = target.get("/UF", target.get("/F"))
            text = string(target)
            yield _hidden(HiddenKind.LINK, f"{place}（外部のファイル）", text, page)


def _layers(file: Any) -> Iterator[Hidden]:
    layers = file.Root.get("/OCProperties")
    if not isinstance(layers, pikepdf.Dictionary):
        return
    default = layers.get("/D", {})
    off = {group.objgen for group in default.get("/OFF", []) if isinstance(group, pikepdf.Dictionary)}
    on = {group.objgen for group in default.get("/ON", []) if isinstance(group, pikepdf.Dictionary)}
    for group in layers.get("/OCGs", []):
        if not isinstance(group, pikepdf.Dictionary):
            continue
        if group.objgen in off or (
            str(default.get("/BaseState", "/ON")) == "/OFF" and group.objgen not in on
        ):
            yield _hidden(
                HiddenKind.HIDDEN_TEXT, "表示を切ってあるレイヤーの名前", string(group.get("/Name"))
            )


def _form_data(file: Any) -> Iterator[Hidden]:
    """The data of an XFA form: pdfium shows its plain form, not what was typed into this one."""
    form = file.Root.get("/AcroForm")
    packets = form.get("/XFA") if isinstance(form, pikepdf.Dictionary) else None
    if isinstance(packets, pikepdf.Stream):
        streams = [packets]
    elif isinstance(packets, pikepdf.Array):
        names = list(packets)
        streams = [
            data for name, data in zip(names[::2], names[1::2], strict=False) if string(name) == "datasets"
        ]
    else:
        return
    for stream in streams:
        if isinstance(stream, pikepdf.Stream):
            words = plain(bounded(stream))
            if words:
                yield _hidden(HiddenKind.FORM_VALUE, "XFAフォームのデータ", "\n".join(words))


def _descriptions(file: Any) -> Iterator[Hidden]:
    """What is read aloud in place of pictures and letters (/Alt, /ActualText of the structure tree)."""
    tree = file.Root.get("/StructTreeRoot")
    heap: list[Any] = [tree]
    seen: set[tuple[int, int]] = set()
    while heap and len(seen) < 4 * MOST_ENTRIES:
        node = heap.pop()
        if isinstance(node, pikepdf.Array):
            heap.extend(reversed(list(node)))
            continue
        if not isinstance(node, pikepdf.Dictionary) or (node.is_indirect and node.objgen in seen):
            continue
        seen.add(node.objgen if node.is_indirect else (0, -len(seen) - 1))
        for key, place in (("/Alt", "図の代替の文"), ("/ActualText", "読み上げ用の文"), ("/E", "略語の説明")):
            text = string(node.get(key)).strip()
            if text:
                yield _hidden(HiddenKind.HIDDEN_TEXT, place, text)
        heap.append(node.get("/K"))


def _on_pages(file: Any, shown: Mapping[int, str]) -> Iterator[Hidden]:
    for number, page in enumerate(file.pages, 1):
        yield from _actions(page.obj, f"{number}ページ", number)
        annotations = page.obj.get("/Annots")
        if not isinstance(annotations, pikepdf.Array):
            continue
        visible = folded_text(shown.get(number, ""))
        for annotation in list(annotations)[:MOST_ENTRIES]:
            if isinstance(annotation, pikepdf.Dictionary):
                yield from _annotation(annotation, number, visible)


def _annotation(annotation: Any, number: int, visible: str) -> Iterator[Hidden]:
    kind = str(annotation.get("/Subtype", ""))
    place = f"{number}ページの"
    if kind == "/Widget":
        yield from _field(annotation, number, visible)
    elif kind == "/FileAttachment":
        yield _hidden(
            HiddenKind.ATTACHMENT, place + "添付ファイル", attached(annotation.get("/FS"), ""), number
        )
    if kind in _COMMENTS or kind == "/FileAttachment":
        for key, what in (
            ("/Contents", "注釈"),
            ("/T", "注釈を書いた人"),
            ("/Subj", "注釈の題"),
            ("/OverlayText", "注釈"),
        ):
            text = string(annotation.get(key)).strip()
            if text and (key == "/T" or folded_text(text) not in visible):
                yield _hidden(HiddenKind.ANNOTATION, place + what, text, number)
        rich = annotation.get("/RC")
        words = "\n".join(plain(bounded(rich) if isinstance(rich, pikepdf.Stream) else string(rich).encode()))
        if words and folded_text(words) not in visible + folded_text(string(annotation.get("/Contents"))):
            yield _hidden(HiddenKind.ANNOTATION, place + "注釈", words, number)
    yield from _actions(annotation, f"{number}ページ", number)


def _field(widget: Any, number: int, visible: str) -> Iterator[Hidden]:
    """A field's name, help and value; the value only where the page does not show it."""
    names, value, node = [], None, widget
    for _ in range(32):  # fields hang below fields; damaged files hang them in circles
        if not isinstance(node, pikepdf.Dictionary):
            break
        names.append(string(node.get("/T")))
        value = node.get("/V") if value is None else value
        node = node.get("/Parent")
    place = f"{number}ページの入力欄"
    parts = (".".join(reversed([name for name in names if name])), string(widget.get("/TU")))
    label = "\n".join(dict.fromkeys(part for part in parts if part))
    if label:
        yield _hidden(HiddenKind.FORM_VALUE, f"{place}の名前", label, number)
    values = list(value) if isinstance(value, pikepdf.Array) else [value]
    if isinstance(value, pikepdf.Dictionary):  # a signature
        values = [value.get(key) for key in ("/Name", "/Reason", "/Location", "/ContactInfo")]
    for each in values:
        text = string(each).strip()
        if text and folded_text(text) not in visible:
            yield _hidden(HiddenKind.FORM_VALUE, place, text, number)
