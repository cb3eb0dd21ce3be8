"""Sentences with named slots, as data files hold them: which slots a wording uses, and whether it may."""

from __future__ import annotations

from collections.abc import Iterable
from string import Formatter

from assistant.corpus.datafile import TomlFile


def slots_of(wording: str) -> frozenset[str] | None:
    """The names in braces; None when a brace does not close or a slot is more than a name."""
    try:
        fields = [
            (name, spec, mark) for _, name, spec, mark in Formatter().parse(wording) if name is not None
        ]
    except ValueError:
        return None
    if any(not name.isidentifier() or spec or mark for name, spec, mark in fields):
        return None
    return frozenset(name for name, _, _ in fields)


def check_slots(file: TomlFile, wording: str, allowed: Iterable[str], *place: str | int) -> None:
    """Raises DataFileError when the wording uses a slot that is not `allowed` there."""
    used, known = slots_of(wording), frozenset(allowed)
    if used is None:
        raise file.fault(
            "差し込みの波括弧が閉じていないか、名前がありません。",
            *place,
            todo="{名前} の形で書いてください。",
        )
    if unknown := sorted(used - known):
        can = "、".join(sorted(known)) or "ありません"
        raise file.fault(f"差し込み「{unknown[0]}」は使えません。", *place, todo=f"使える名前：{can}。")
