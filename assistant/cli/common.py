"""What the commands share: settings, the assistant, printing, dates."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any, TypeVar

from assistant.adapters import console as terminal
from assistant.errors import InputError, OsumitsukiError

if TYPE_CHECKING:
    from rich.console import Console

    from assistant.corpus.city import City as Place
    from assistant.settings import Settings
    from assistant.wiring import Assistant

T = TypeVar("T")
FAULT_LOG = "cli-errors.log"


def print_told(
    assistant: Assistant,
    as_json: bool,
    to_json: Callable[[T], dict[str, Any]],
    show: Callable[[T, Place, Console], None],
    told: T,
) -> None:
    """What was asked for, as JSON or drawn for people; trouble with the index first."""
    if assistant.index_trouble:
        terminal.say(assistant.index_trouble)
    if as_json:
        terminal.put_json(to_json(told))
    else:
        terminal.show(lambda console: show(told, assistant.city, console))


def settings_of(city: str | None) -> Settings:
    """The settings, with the city of the command line. Raises SettingsError."""
    from assistant.settings import read_settings

    return read_settings(city=city)


def assistant_of(city: str | None) -> Assistant:
    """The assistant for the city of the command line. Raises SettingsError, DataFileError."""
    from assistant.settings import silence_telemetry

    settings = settings_of(city)
    silence_telemetry()  # before anything that would read it
    from assistant.wiring import build

    return build(settings, progress=terminal.progress)


def day_told(told: str | None, option: str) -> date | None:
    """A date as it was typed, also in the Japanese calendar. Raises InputError that names the option."""
    from assistant.text.eras import parse_date

    if told is None:
        return None
    day = parse_date(told)
    if day is None:
        raise InputError(
            f"{option} の日付が読めません。2026-05-31 か 令和8年5月31日 のように書いてください。"
        )
    return day


def fault_number(error: Exception) -> str:
    """Notes an unforeseen failure, without document text, and returns the number under which it is found."""
    from assistant.adapters.fault_log import note_fault

    try:
        return note_fault(error, settings_of(None).data_dir / FAULT_LOG)
    except OsumitsukiError:
        return "-"
