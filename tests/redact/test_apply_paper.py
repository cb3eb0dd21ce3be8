"""Under a file's name there is the whole of it, or nothing."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from assistant.errors import DocumentError
from assistant.redact.paper import write_new


def left(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if path.is_file())


def test_it_is_written_and_nothing_else_is_left(tmp_path: Path) -> None:
    write_new(tmp_path / "公開.pdf", b"data")
    assert (tmp_path / "公開.pdf").read_bytes() == b"data"
    assert left(tmp_path) == ["公開.pdf"]


def test_what_is_there_is_kept_unless_told(tmp_path: Path) -> None:
    path = tmp_path / "公開.pdf"
    path.write_bytes(b"old")
    with pytest.raises(DocumentError, match=r"公開\.pdf"):
        write_new(path, b"new")
    assert path.read_bytes() == b"old"
    write_new(path, b"new", overwrite=True)
    assert path.read_bytes() == b"new"
    assert left(tmp_path) == ["公開.pdf"]


def test_a_file_that_came_meanwhile_is_not_overwritten(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "公開.pdf"
    sync = os.fsync

    def meanwhile(handle: int) -> None:
        path.write_bytes(b"theirs")
        sync(handle)

    monkeypatch.setattr(os, "fsync", meanwhile)
    with pytest.raises(DocumentError):
        write_new(path, b"ours")
    assert path.read_bytes() == b"theirs"
    assert left(tmp_path) == ["公開.pdf"]


@pytest.mark.parametrize(("code", "says"), [(errno.ENOSPC, "空き"), (errno.EIO, "書けません")])
def test_a_full_disk_leaves_no_half_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int, says: str
) -> None:
    def full(handle: int) -> None:
        raise OSError(code, "injected")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(DocumentError, match=says) as caught:
        write_new(tmp_path / "公開.pdf", b"data")
    assert str(tmp_path) not in str(caught.value)
    assert left(tmp_path) == []


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match="フォルダ"):
        write_new(tmp_path / "none" / "公開.pdf", b"data")
