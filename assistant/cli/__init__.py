"""Commands, for people, RPA and batch. Thin: each reads its input, asks the assistant, prints what comes back.

Results go to standard output, everything else to standard error. Exit codes are those of `errors.py`. Whatever is
heavy is imported inside the command that needs it, so that help shows at once.
"""

from __future__ import annotations

import sys
from typing import Annotated

import typer
from typer.exceptions import TyperException

from assistant import __version__
from assistant.adapters import console as terminal
from assistant.cli import commands, evaluating, files
from assistant.cli.application import app
from assistant.cli.common import FAULT_LOG, fault_number
from assistant.errors import InputError, OsumitsukiError

__all__ = ["app", "commands", "evaluating", "files", "main", "run"]

_CALLED_OFF = 130  # as shells tell Ctrl+C


def main() -> None:
    """The console script."""
    terminal.speak_utf8()
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    """Runs one command and returns its exit code; every failure is one Japanese sentence on standard error."""
    try:
        command = typer.main.get_command(app)
        code = command.main(arguments or ["--help"], prog_name="osumitsuki", standalone_mode=False)
    except OsumitsukiError as error:
        terminal.say(str(error))
        return error.exit_code
    except TyperException as error:
        terminal.say(terminal.usage_words(error, "osumitsuki"))
        return 2
    except (typer.Abort, KeyboardInterrupt):  # Ctrl+C
        terminal.say("中止しました。")
        return _CALLED_OFF
    except Exception as error:  # the last net: no traceback reaches the screen
        return _unforeseen(error)
    return code if isinstance(code, int) else 0


@app.callback(invoke_without_command=True)
def _root(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", is_eager=True, help="版を表示する")] = False,
) -> None:
    if version:
        terminal.put(f"osumitsuki {__version__}\n")
        raise typer.Exit
    if context.invoked_subcommand is None:
        raise InputError("コマンドを書いてください。使い方：osumitsuki --help")


def _unforeseen(error: Exception) -> int:
    terminal.say(
        f"思わぬ不具合が起きました（番号 {fault_number(error)}）。もう一度試し、続くときはデータのフォルダの"
        f" {FAULT_LOG} をシステム担当に渡してください（文書の文字は入っていません）。"
    )
    return 1
