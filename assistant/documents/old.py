"""Old binary and open-document files: what is lost or not printed when LibreOffice makes a newer file of them."""

from __future__ import annotations

import io
import zipfile

import olefile

from assistant.documents.hoard import Hoard, property_place
from assistant.domain.document import HiddenKind
from assistant.text.charsets import UnknownCharset, decode

_MACROS = ("Macros", "_VBA_PROJECT_CUR", "VBA", "_VBA_PROJECT")
_PROPERTIES = {
    "title": "title", "subject": "subject", "author": "creator", "keywords": "keywords", "comments": "description",
    "template": "Template", "last_saved_by": "lastModifiedBy", "manager": "Manager", "company": "Company", "category": "category",
}  # fmt: skip
_FAULTS = (
    OSError,
    ValueError,
    IndexError,
    KeyError,
    TypeError,
    AttributeError,
    OverflowError,
)


def gather_old(data: bytes, hoard: Hoard) -> None:
    """Lists macros, things inside and properties of the original, which its successor may not keep."""
    if data.startswith(olefile.MAGIC):
        try:
            with olefile.OleFileIO(io.BytesIO(data)) as ole:
                _gather_ole(ole, hoard)
        except _FAULTS:
            return  # LibreOffice says whether it is damaged
    elif data.startswith(b"PK"):
        _gather_open_document(data, hoard)


def _gather_ole(ole: olefile.OleFileIO, hoard: Hoard) -> None:
    streams = {part for entry in ole.listdir(streams=True, storages=True) for part in entry}
    if streams.intersection(_MACROS):
        hoard.add(HiddenKind.SCRIPT, "マクロ", "マクロ（VBA）が入っています。動かしていません。")
    if "ObjectPool" in streams or any(each.startswith("MBD") for each in streams):
        hoard.add(HiddenKind.ATTACHMENT, "文書に埋め込まれたファイル", "別のファイルが埋め込まれています。")
    metadata = ole.get_metadata()
    for name, label in _PROPERTIES.items():
        value = getattr(metadata, name, None)
        place = property_place("文書のプロパティ", label)
        if value and place:
            hoard.add_words(HiddenKind.PROPERTIES, place, _text(value))


def _text(value: object) -> str:
    if not isinstance(value, bytes):
        return str(value)
    try:
        return decode(value).text
    except UnknownCharset:
        return value.decode("cp932", "replace")


def _gather_open_document(data: bytes, hoard: Hoard) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, OSError, ValueError):
        return
    if any(name.startswith(("Basic/", "Scripts/")) and not name.endswith("/") for name in names):
        hoard.add(HiddenKind.SCRIPT, "マクロ", "マクロが入っています。動かしていません。")
    if any(name.startswith("Versions/") or name == "VersionList.xml" for name in names):
        hoard.add(HiddenKind.REVISION, "以前の版", "ファイルの中に以前の版が入っています。")
