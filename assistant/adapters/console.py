"""Standard output and standard error of a command: UTF-8 on every system, whole pieces, and quiet at a closed pipe."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.errors import InputError

if TYPE_CHECKING:
    from rich.console import Console

    from assistant.converse.turn import Answer
    from assistant.domain.finding import Proposal
    from assistant.draft.rewording import Drafted

MODEL_AT_FAULT = 3
_LONG = 20_000  # characters from which a person is told that it takes a while
MANY_PAGES = 10
"""From here on a person is told how far the pages are."""
_LINE = 76  # columns a line of progress may take; a Japanese letter takes two


def speak_utf8() -> None:
    """A Japanese Windows console is cp932 by default; a file name may hold bytes that are no text at all."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def put(text: str) -> None:
    """A result, to standard output. A reader who has seen enough and closed the pipe is no failure."""
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except OSError:
        # What is left in the buffer must not be tried again at exit, nor anything after it.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def put_json(told: dict[str, Any]) -> None:
    """A result as JSON."""
    put(as_json(told))


def as_json(told: dict[str, Any]) -> str:
    """A result as the text of a JSON file."""
    return json.dumps(told, ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def show(draw: Callable[[Console], None]) -> None:
    """A result drawn for people. Text is never read as markup: a passage may hold anything."""
    from rich.console import Console

    console = Console(file=sys.stdout, highlight=False, markup=False, emoji=False)
    with console.capture() as drawn:
        draw(console)
    put(drawn.get())


def say(message: str) -> None:
    """A sentence for the person, to standard error."""
    try:
        sys.stderr.write(message + "\n")
        sys.stderr.flush()
    except OSError:
        return


def progress(done: int, total: int, message: str = "") -> None:
    """How far long work is: a line that is written over on a terminal, only the end of it in a log.

    `total` 0: not known.
    """
    told = f"{message} {done}/{total}" if total else message
    if not sys.stderr.isatty():
        if total and done == total:
            say(told.strip())
        return
    rest = " " * (_LINE - 2 * len(told))  # of a longer line that stood there
    sys.stderr.write(f"\r{told}{rest}" + ("\n" if total and done == total else ""))
    sys.stderr.flush()


def pages_told(done: int, total: int) -> None:
    """How many pages are read; nothing is said of a file of a page or two."""
    if total >= MANY_PAGES:
        progress(done, total, "ページを読んでいます")


def say_if_long(length: int) -> None:
    """Asks for patience with a long text. `length`: characters."""
    if length >= _LONG:
        say(f"{length:,}字を調べています。長い文章は数分かかることがあります。そのままお待ちください。")


def standard_input() -> bytes:
    """Everything on standard input; a person who is typing is told how to end."""
    if sys.stdin is None:  # closed, or a program without a console
        return b""
    if sys.stdin.isatty():
        say("文章を貼り付け、最後に Ctrl+D（Windowsでは Ctrl+Z と Enter）を押してください。")
    return sys.stdin.buffer.read()


def given_bytes(file: str) -> bytes:
    """The bytes of a file, or of standard input for "-". Raises InputError."""
    try:
        return standard_input() if file == "-" else Path(file).read_bytes()
    except OSError:
        raise InputError("指定されたファイルを開けません。名前と場所を確かめてください。") from None


def given_words(words: str) -> str:
    """What was typed as an argument: bytes that are no text become U+FFFD. Raises InputError when it says nothing."""
    if not words.strip():
        raise InputError("言葉がありません。調べたいことを、言葉か文で書いてください。")
    return words.encode("utf-8", "replace").decode("utf-8")


def usage_words(error: Exception, program: str) -> str:
    """What is wrong with a command line, and where help is. `error` is one of Typer's, which speak English."""
    context, parameter = getattr(error, "ctx", None), getattr(error, "param", None)
    hint = getattr(error, "option_name", None) or (parameter.get_error_hint() if parameter else "")
    told = {
        "NoSuchOption": f"{hint} という指定はありません。",
        "BadOptionUsage": f"{hint} の後に値を書いてください。",
        "MissingParameter": f"{hint} を指定してください。",
        "BadParameter": f"{hint} に使えない値があります。",
    }.get(type(error).__name__, "コマンドの書き方が違います。")
    return f"{told}使い方：{context.command_path if context else program} --help"


def answered(told: Proposal | Answer | Drafted) -> int:
    """The exit code by which engine answered; where it was not the one asked for, says why."""
    if told.engine == told.requested_engine:
        return 0
    failed = (warning.message for warning in told.warnings if warning.code == "model_failed")
    say(next(failed, "モデルが使えませんでした。"))
    return MODEL_AT_FAULT
