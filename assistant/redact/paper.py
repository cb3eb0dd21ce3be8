"""Writing a file so that there is either the whole of it under its name, or nothing."""

from __future__ import annotations

import contextlib
import errno
import os
import tempfile
from pathlib import Path

from assistant.errors import DocumentError

_FULL = {errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC)}


def write_new(path: Path, data: bytes, *, overwrite: bool = False) -> None:
    """Write `data` under `path` at once. Raises DocumentError: it exists (unless told), disk full, may not be written.

    Written beside its place first and moved there when it is on the disk: a process killed while writing leaves no half
    file under the name.
    """
    if not overwrite and path.exists():
        raise DocumentError(
            f"「{path.name}」はもうあります。別の名前にするか、上書きすると指定してください。"
        )
    part: Path | None = None
    try:
        handle, name = tempfile.mkstemp(prefix=".", suffix=".part", dir=path.parent)
        part = Path(name)
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        part.chmod(0o644 & ~_umask())
        _place(part, path, overwrite=overwrite)
        part = None
    except OSError as error:
        raise DocumentError(_reason(error, path)) from None
    finally:
        if part is not None:
            with contextlib.suppress(OSError):
                part.unlink()


def refuse_place(path: Path) -> None:
    """Before long work: whether a file can be put under `path` at all. Raises DocumentError: no folder, a folder of that
    name, no right to write there.
    """
    if path.is_dir():
        raise DocumentError(
            f"「{path.name}」は同じ名前のフォルダがあるため書けません。別の名前を指定してください。"
        )
    if not path.parent.is_dir():
        raise DocumentError(_reason(FileNotFoundError(), path))
    if not os.access(path.parent, os.W_OK):
        raise DocumentError(_reason(PermissionError(), path))


def _place(part: Path, path: Path, *, overwrite: bool) -> None:
    """Move the finished file to its name; where nothing may be overwritten, a file that came meanwhile is not either."""
    if not overwrite:
        try:
            os.link(part, path)
        except FileExistsError:
            raise
        except OSError:
            # No hard links here (FAT, some shares): the window between looking and moving stays.
            if path.exists():
                raise FileExistsError(errno.EEXIST, "exists") from None
        else:
            part.unlink()
            return
    part.replace(path)


def _umask() -> int:
    mask = os.umask(0o077)
    os.umask(mask)
    return mask


def _reason(error: OSError, path: Path) -> str:
    if isinstance(error, FileExistsError):
        return f"「{path.name}」はもうあります。別の名前にするか、上書きすると指定してください。"
    if error.errno in _FULL:
        return (
            f"ディスクの空きが足りず「{path.name}」を書けません。空きを作るか、別の場所を指定してください。"
            "途中までのファイルは残していません。"
        )
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        return f"「{path.name}」を書くフォルダがありません。フォルダを作るか、別の場所を指定してください。"
    if isinstance(error, PermissionError):
        return f"「{path.name}」を書く権限がないか、ほかのソフトで開いています。閉じるか、別の場所を指定してください。"
    return f"「{path.name}」を書けません。ディスクと場所を確かめて、もう一度試してください。"
