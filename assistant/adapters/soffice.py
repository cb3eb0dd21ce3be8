"""LibreOffice as the printer of office files: one process and one throw-away profile a call, nothing shared, no network.

Settings are written into the profile before the first start (names from LibreOffice's own registry): macros and active
content off, links and external references never updated, no comments, hidden slides or form fields in the PDF, every
request to a network sent to a closed port of this machine.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterable
from pathlib import Path
from xml.sax.saxutils import quoteattr

from assistant.errors import DocumentError

TIMEOUT = 120.0
"""Seconds one file may take; a hundred pages take about ten."""
_AT_ONCE = 2  # processes at a time, of about 300 MB each
_NO_WINDOW = 0x08000000  # CREATE_NO_WINDOW of Windows
_LARGEST = 200 * 1024 * 1024  # bytes of a PDF; more is not read anyway

_MISSING = (
    "LibreOfficeが見つかりません。Debianでは libreoffice-writer、libreoffice-calc、libreoffice-impress と "
    "fonts-noto-cjk を入れ、WindowsではLibreOfficeの公式サイトのインストーラーで入れてください。"
)
_SLOW = (
    "ファイルをPDFにするのに時間がかかりすぎたので止めました。"
    "元のソフトで開き、必要な部分だけをPDFに保存してから選び直してください。"
)
_DAMAGED = (
    "LibreOfficeがファイルを開けませんでした。壊れているか、パスワードがかかっています。"
    "元のソフトで開き、パスワードを外すかPDFに保存してから選び直してください。"
)
_FAILED = "LibreOfficeを動かせませんでした。入れ直すか、システム担当に確かめてください。"

_COMMON = "/org.openoffice.Office.Common"
_WRITER_NEVER, _CALC_NEVER = "0", "1"  # the two count differently
_SETTINGS = (
    (f"{_COMMON}/Security/Scripting", "MacroSecurityLevel", "3"),
    (f"{_COMMON}/Security/Scripting", "DisableMacrosExecution", "true"),
    (f"{_COMMON}/Security/Scripting", "BlockUntrustedRefererLinks", "true"),
    (f"{_COMMON}/Security/Scripting", "CheckDocumentEvents", "true"),
    (f"{_COMMON}/Filter/PDF/Export", "ExportNotes", "false"),
    (f"{_COMMON}/Filter/PDF/Export", "ExportNotesPages", "false"),
    (f"{_COMMON}/Filter/PDF/Export", "ExportHiddenSlides", "false"),
    (f"{_COMMON}/Filter/PDF/Export", "ExportFormFields", "false"),
    (f"{_COMMON}/Filter/PDF/Export", "ExportBookmarks", "false"),
    (f"{_COMMON}/Misc", "FirstRun", "false"),
    ("/org.openoffice.Office.Writer/Content/Update", "Link", _WRITER_NEVER),
    ("/org.openoffice.Office.Writer/Content/Update", "Field", "false"),
    ("/org.openoffice.Office.Writer/Content/Update", "Chart", "false"),
    ("/org.openoffice.Office.Calc/Content/Update", "Link", _CALC_NEVER),
    ("/org.openoffice.Inet/Settings", "ooInetProxyType", "2"),
    ("/org.openoffice.Inet/Settings", "ooInetHTTPProxyName", "127.0.0.1"),
    ("/org.openoffice.Inet/Settings", "ooInetHTTPProxyPort", "9"),
    ("/org.openoffice.Inet/Settings", "ooInetHTTPSProxyName", "127.0.0.1"),
    ("/org.openoffice.Inet/Settings", "ooInetHTTPSProxyPort", "9"),
    ("/org.openoffice.Setup/Office", "ooSetupInstCompleted", "true"),
)
_SUCCESSORS = {
    **dict.fromkeys((".doc", ".dot", ".rtf", ".odt", ".ott", ".wps"), "docx"),
    **dict.fromkeys((".xls", ".xlt", ".xlsb", ".ods", ".ots"), "xlsx"),
    **dict.fromkeys((".ppt", ".pps", ".pot", ".odp", ".otp"), "pptx"),
}


class Soffice:
    """A `documents.ports.Printer`. `program`: LibreOffice's own, found on PATH or where its installers put it."""

    def __init__(self, program: Path | None = None, *, timeout: float = TIMEOUT) -> None:
        self._program = program if program is not None else find_soffice()
        self._timeout = timeout
        self._turn = threading.BoundedSemaphore(_AT_ONCE)

    @property
    def missing(self) -> str | None:
        """Why it can't print, as a Japanese sentence that says what to install; None when it can."""
        return None if self._program is not None else _MISSING

    def print(self, data: bytes, suffix: str) -> bytes:
        """The file as PDF. Raises DocumentError: missing, took too long, or the file is damaged."""
        return self._converted(data, suffix, "pdf")

    def renew(self, data: bytes, suffix: str) -> bytes:
        """An old or open-document file (".doc", ".odt", ".rtf" …) as its .docx, .xlsx or .pptx. Raises DocumentError."""
        return self._converted(data, suffix, _SUCCESSORS[suffix])

    def _converted(self, data: bytes, suffix: str, to: str) -> bytes:
        if self._program is None:
            raise DocumentError(_MISSING)
        with (
            self._turn,
            tempfile.TemporaryDirectory(prefix="osumitsuki-", ignore_cleanup_errors=True) as name,
        ):
            folder = Path(name)
            source = folder / f"document{suffix}"  # never the file's own name: it may hold a person's
            source.write_bytes(data)
            _write_profile(folder / "profile")
            self._run(folder, source, to)
            made = folder / "out" / f"document.{to}"
            if not made.is_file() or not 0 < made.stat().st_size <= _LARGEST:
                raise DocumentError(_DAMAGED)
            return made.read_bytes()

    def _run(self, folder: Path, source: Path, to: str) -> None:
        command = [
            str(self._program), f"-env:UserInstallation={(folder / 'profile').as_uri()}",
            "--headless", "--invisible", "--norestore", "--nologo", "--nodefault", "--nolockcheck", "--nofirststartwizard",
            "--convert-to", to, "--outdir", str(folder / "out"), str(source),
        ]  # fmt: skip
        try:
            process = subprocess.Popen(  # noqa: S603 the program is LibreOffice, the arguments are ours
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                cwd=folder,
                env=_environment(os.environ.items()),
                start_new_session=sys.platform != "win32",
                creationflags=_NO_WINDOW if sys.platform == "win32" else 0,
            )
        except OSError:
            raise DocumentError(_FAILED) from None
        try:
            process.wait(self._timeout)
        except subprocess.TimeoutExpired:
            raise DocumentError(_SLOW) from None
        finally:
            _end(process)


def find_soffice() -> Path | None:
    """LibreOffice on PATH, or where its installers put it on Windows and macOS."""
    for name in ("soffice", "libreoffice"):
        found = shutil.which(name)
        if found:
            return Path(found)
    roots = [os.environ.get(name) for name in ("ProgramFiles", "ProgramW6432", "ProgramFiles(x86)")]
    places = [Path(root, "LibreOffice", "program", "soffice.exe") for root in roots if root]
    places.append(Path("/Applications/LibreOffice.app/Contents/MacOS/soffice"))
    return next((place for place in places if place.is_file()), None)


def _write_profile(folder: Path) -> None:
    items = "".join(
        f'<item oor:path={quoteattr(path)}><prop oor:name={quoteattr(name)} oor:op="fuse">'
        f"<value>{value}</value></prop></item>"
        for path, name, value in _SETTINGS
    )
    user = folder / "user"
    user.mkdir(parents=True)
    (user / "registrymodifications.xcu").write_text(
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema">'
        f"{items}</oor:items>",
        encoding="utf-8",
    )


def _environment(given: Iterable[tuple[str, str]]) -> dict[str, str]:
    """The environment without proxies, our settings (keys) and Python's paths, and without a display."""
    kept = {
        name: value
        for name, value in given
        if not name.lower().endswith("_proxy") and not name.startswith(("OSUMITSUKI_", "PYTHON", "LD_"))
    }
    return {**kept, "SAL_USE_VCLPLUGIN": "svp"}


def _end(process: subprocess.Popen[bytes]) -> None:
    """Ends a process that still runs, and those it started."""
    if process.poll() is not None:
        return
    if sys.platform == "win32":
        subprocess.run(  # noqa: S603
            ["taskkill", "/F", "/T", "/PID", str(process.pid)],  # noqa: S607
            check=False,
            capture_output=True,
        )
    else:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)  # its own session: the starter script and soffice.bin
    process.wait()
