"""Wording is data: whatever the loader does not understand is refused with file, line and what to do."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

import assistant.draft
from assistant.draft.situations import read_situations
from assistant.draft.wording import read_wording
from assistant.errors import DataFileError

FOLDER = Path(assistant.draft.__file__).parent


def broken(folder: Path, name: str, change: Callable[[str], str]) -> Path:
    text = (FOLDER / name).read_text(encoding="utf-8")
    changed = change(text)
    assert changed != text
    path = folder / name
    path.write_text(changed, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda t: t.replace("least =", "leest ="), "leest"),  # a key misspelt
        (lambda t: t + "\n[more]\na = 1\n", "more"),  # a table nobody reads
        (
            lambda t: t.replace("{provision}に該当する", "{provisoin}に該当する", 1),
            "provisoin",
        ),  # a slot misspelt
        (lambda t: t.replace('page = "{page}頁"', 'page = "{page頁"'), "波括弧"),  # a brace left open
        (lambda t: t.replace('page = "{page}頁"', 'page = "{0}頁"'), "波括弧"),  # a slot without a name
        (lambda t: t.replace('[heads."匿名加工"]', '[heads."匿名化"]'), "匿名化"),  # a head that is none
        (lambda t: t.replace("my_number =", "my_nummer =", 1), "my_nummer"),  # a kind that is none
        (lambda t: t.replace('[roles."その他"]', "[[roles2]]"), "roles2"),  # a role left out
        (lambda t: t.replace("least = 18", 'least = "たくさん"'), "least"),  # a word for a number
        (lambda t: t.replace('leak = "', 'leak = "{text}', 1), "text"),  # a message that would show the text
    ],
)
def test_wording_is_refused(tmp_path: Path, change: Callable[[str], str], says: str) -> None:
    with pytest.raises(DataFileError) as caught:
        read_wording(broken(tmp_path, "wording.toml", change))
    assert says in str(caught.value)
    assert "wording.toml" in str(caught.value)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda t: t.replace("{discarded_on}", "{discarded}", 1), "discarded"),  # no such fact
        (lambda t: t.replace('id = "discarded"', 'id = "never_made"'), "never_made"),  # twice
        (lambda t: t.replace('topic = "存否応答拒否"', 'topic = "存否"'), "topic"),  # no such topic
        (lambda t: t.replace("needs_head =", "need_head =", 1), "need_head"),
    ],
)
def test_situations_are_refused(tmp_path: Path, change: Callable[[str], str], says: str) -> None:
    with pytest.raises(DataFileError) as caught:
        read_situations(broken(tmp_path, "situations.toml", change))
    assert says in str(caught.value)


def test_no_clause_of_an_ordinance_stands_in_the_wording() -> None:
    """D1: numbers come from the city; national statutes that close information may be named."""
    import re

    for name in ("wording.toml", "situations.toml"):
        text = (FOLDER / name).read_text(encoding="utf-8")
        code = "\n".join(line for line in text.splitlines() if not line.startswith("#"))
        assert re.findall(r"第[0-9一二三四五六七八九十]+[条項号]", code) == []
