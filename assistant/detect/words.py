"""The recognizers' word lists: data files under words/, read once and refused where they are not understood.

Plain lists (`roles.toml` …) are tables with `why` and `words`; the others are arrays of tables with the keys declared
here. Every form must be written as it looks after folding (`text.folding`), because
recognizers read folded text: a form that folding would change could never match.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from assistant.domain.entity import EntityKind, Trait
from assistant.errors import DataFileError
from assistant.text.folding import folded_text

FOLDER = Path(__file__).with_name("words")
_PLAIN_FILES = ("roles", "organizations", "places", "names", "facts", "context")
PARTIES = ("roles.posts_resident", "roles.posts_witness", "roles.posts_deceased")
"""Lists of words for private persons, which are no posts though a name follows them as it follows a post."""
_WIDEST_GAP = 40  # keeps the patterns linear in practice, and a phrase inside one sentence
_LABEL_KEYS = {
    "name": str,
    "forms": list,
    "kind": str,
    "person": bool,
    "party": bool,
    "traits": list,
    "whole": bool,
}
_STATEMENT_KEYS = {
    "name": str,
    "kind": str,
    "labels": list,
    "words": list,
    "titles": list,
    "unless": list,
    "person": bool,
    "whole_sentence": bool,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """A field label or column header under its canonical name."""

    name: str
    forms: tuple[str, ...]
    kind: EntityKind | None
    person: bool
    party: bool
    whole: bool
    traits: frozenset[Trait]


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementRule:
    """How prose of one kind is recognised: by the label it stands under, or by a word in the clause."""

    name: str
    kind: EntityKind
    labels: frozenset[str]
    words: tuple[str, ...]
    titles: tuple[str, ...]
    unless: tuple[str, ...]
    person: bool
    whole_sentence: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ModeRule:
    """Prose that only the kind (and state) of the record marks."""

    name: str
    kind: EntityKind
    state: Trait | None
    titles: tuple[str, ...]
    words: tuple[str, ...]
    unless: tuple[str, ...]
    measure: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Meaning:
    """What a number is, told by the words before it or by the header of its column."""

    kind: EntityKind
    words: tuple[str, ...]
    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrase:
    """Words in this order, one of each part, with at most `gaps` letters of the same sentence between them."""

    name: str
    parts: tuple[tuple[str, ...], ...]
    gaps: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """All lists. `lists` is keyed by "file.table" ("roles.honorifics")."""

    lists: Mapping[str, tuple[str, ...]]
    amounts: tuple[Meaning, ...]
    identifiers: tuple[Meaning, ...]
    phrases: tuple[Phrase, ...]
    labels: tuple[Label, ...]
    statements: tuple[StatementRule, ...]
    modes: tuple[ModeRule, ...]

    def __getitem__(self, key: str) -> tuple[str, ...]:
        return self.lists[key]


def load_words(folder: Path = FOLDER) -> Words:
    """Read every list under `folder`. Raises DataFileError on anything not understood."""
    lists: dict[str, tuple[str, ...]] = {}
    for name in _PLAIN_FILES:
        path = folder / f"{name}.toml"
        for table, entry in _read(path).items():
            lists[f"{name}.{table}"] = _plain_list(path, table, entry)
    labels_path, statements_path = folder / "labels.toml", folder / "statements.toml"
    return Words(
        lists=MappingProxyType(lists),
        amounts=_meanings(folder / "amounts.toml", "amount"),
        identifiers=_meanings(folder / "identifiers.toml", "identifier"),
        phrases=tuple(
            _phrase(folder / "phrases.toml", entry) for entry in _entries(folder / "phrases.toml", "phrase")
        ),
        labels=tuple(_label(labels_path, entry) for entry in _entries(labels_path, "label")),
        statements=tuple(
            _statement(statements_path, entry) for entry in _entries(statements_path, "statement")
        ),
        modes=tuple(_mode(folder / "modes.toml", entry) for entry in _entries(folder / "modes.toml", "mode")),
    )


def read_label_words(folder: Path = FOLDER) -> list[tuple[EntityKind, tuple[str, ...], tuple[str, ...]]]:
    """(kind, words, titles) of every rule of labels_by_word.toml, in order. Raises DataFileError."""
    path = folder / "labels_by_word.toml"
    rules = []
    for entry in _entries(path, "label_word"):
        named = {"name": str(entry.get("kind", "?")), **entry}
        keys = {"name": str, "kind": str, "words": list, "titles": list}
        _check(path, named, keys, ("kind", "words", "titles"))
        words = _forms(path, named["name"], entry["words"])
        rules.append((_kind(path, named), words, _forms(path, named["name"], entry["titles"], empty=True)))
    return rules


def _read(path: Path) -> dict[str, Any]:
    try:
        with path.open("rb") as file:
            return tomllib.load(file)
    except FileNotFoundError as error:
        raise DataFileError(path, "語の一覧がありません。", todo="入れ直してください。") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise DataFileError(
            path, "TOMLとして読めません。", todo="引用符とかぎ括弧を確かめてください。"
        ) from error


def _plain_list(path: Path, table: str, entry: Any) -> tuple[str, ...]:
    if not isinstance(entry, dict) or set(entry) != {"why", "words"}:
        raise DataFileError(
            path, f"[{table}] の形が違います。", todo="why と words の二つだけを書いてください。"
        )
    return _forms(path, table, entry["words"])


def _forms(path: Path, table: str, forms: Any, *, empty: bool = False) -> tuple[str, ...]:
    if not isinstance(forms, list) or not all(isinstance(form, str) and form.strip() for form in forms):
        raise DataFileError(path, f"[{table}] に空か文字列でない語があります。", todo="語を直してください。")
    if not forms and not empty:
        raise DataFileError(path, f"[{table}] に語がありません。", todo="一つは書いてください。")
    # A word may come twice when two folded forms meet; the order of the file is kept.
    return tuple(dict.fromkeys(folded_text(form, drop_space=False) for form in forms))


def _entries(path: Path, key: str) -> list[dict[str, Any]]:
    data = _read(path)
    if set(data) != {key} or not isinstance(data[key], list):
        raise DataFileError(path, "知らない表があります。", todo=f"[[{key}]] だけを書いてください。")
    entries: list[dict[str, Any]] = data[key]
    return entries


def _check(path: Path, entry: dict[str, Any], keys: Mapping[str, type], required: tuple[str, ...]) -> None:
    name = str(entry.get("name", "（名前なし）"))
    for key, value in entry.items():
        if key not in keys or not isinstance(value, keys[key]):
            raise DataFileError(
                path, f"「{name}」の {key} を解しません。", todo="綴りと型を確かめてください。"
            )
    missing = [key for key in required if key not in entry]
    if missing:
        raise DataFileError(
            path, f"「{name}」に {'、'.join(missing)} がありません。", todo="書き足してください。"
        )


def _kind(path: Path, entry: dict[str, Any]) -> EntityKind:
    try:
        return EntityKind(entry["kind"])
    except ValueError as error:
        raise DataFileError(
            path, f"「{entry['name']}」の kind を知りません。", todo="domain の語に直してください。"
        ) from error


def _meanings(path: Path, key: str) -> tuple[Meaning, ...]:
    meanings = []
    for entry in _entries(path, key):
        named = {"name": str(entry.get("kind", "?")), **entry}
        keys = {"name": str, "kind": str, "words": list, "columns": list}
        _check(path, named, keys, ("kind", "words", "columns"))
        forms = {part: _forms(path, named["name"], entry[part], empty=True) for part in ("words", "columns")}
        meanings.append(Meaning(kind=_kind(path, named), **forms))
    return tuple(meanings)


def _phrase(path: Path, entry: dict[str, Any]) -> Phrase:
    _check(path, entry, {"name": str, "parts": list, "gaps": list}, ("name", "parts", "gaps"))
    name, parts, gaps = entry["name"], entry["parts"], entry["gaps"]
    counted = all(isinstance(gap, int) and 0 <= gap <= _WIDEST_GAP for gap in gaps)
    if not counted or len(gaps) != len(parts) - 1:
        raise DataFileError(
            path,
            f"「{name}」の gaps が parts に合いません。",
            todo=f"0から{_WIDEST_GAP}までの数を、parts より一つ少なく書いてください。",
        )
    return Phrase(name=name, parts=tuple(_forms(path, name, part) for part in parts), gaps=tuple(gaps))


def _label(path: Path, entry: dict[str, Any]) -> Label:
    _check(path, entry, _LABEL_KEYS, ("name", "forms"))
    try:
        traits = frozenset(Trait(trait) for trait in entry.get("traits", ()))
    except ValueError as error:
        raise DataFileError(
            path, f"「{entry['name']}」の traits を知りません。", todo="domain の語に直してください。"
        ) from error
    return Label(
        name=entry["name"],
        forms=_forms(path, entry["name"], entry["forms"]),
        kind=_kind(path, entry) if "kind" in entry else None,
        person=entry.get("person", False),
        party=entry.get("party", False),
        whole=entry.get("whole", False),
        traits=traits,
    )


def _mode(path: Path, entry: dict[str, Any]) -> ModeRule:
    keys = {
        "name": str,
        "kind": str,
        "state": str,
        "titles": list,
        "words": list,
        "unless": list,
        "measure": bool,
    }
    _check(path, entry, keys, ("name", "kind", "titles", "words"))
    name = entry["name"]
    try:
        state = Trait(entry["state"]) if "state" in entry else None
    except ValueError as error:
        raise DataFileError(
            path, f"「{name}」の state を知りません。", todo="domain の語に直してください。"
        ) from error
    return ModeRule(
        name=name,
        kind=_kind(path, entry),
        state=state,
        titles=_forms(path, name, entry["titles"], empty=True),
        words=_forms(path, name, entry["words"]),
        unless=_forms(path, name, entry.get("unless", []), empty=True),
        measure=entry.get("measure", False),
    )


def _statement(path: Path, entry: dict[str, Any]) -> StatementRule:
    _check(path, entry, _STATEMENT_KEYS, ("name", "kind", "words"))
    name = entry["name"]
    return StatementRule(
        name=name,
        kind=_kind(path, entry),
        labels=frozenset(_forms(path, name, entry.get("labels", []), empty=True)),
        words=_forms(path, name, entry["words"], empty=True),
        titles=_forms(path, name, entry.get("titles", []), empty=True),
        unless=_forms(path, name, entry.get("unless", []), empty=True),
        person=entry.get("person", False),
        whole_sentence=entry.get("whole_sentence", False),
    )
