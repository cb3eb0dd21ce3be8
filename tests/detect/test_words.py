"""The word lists: what is shipped loads, what is not understood is refused with the file's name."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from assistant.detect.detector import Detector
from assistant.detect.words import FOLDER, load_words, read_label_words
from assistant.errors import DataFileError
from assistant.text.folding import folded_text


def test_what_is_shipped_loads_and_is_folded() -> None:
    words = load_words()
    assert len(words.labels) > 20
    assert all(
        word == folded_text(word, drop_space=False) for forms in words.lists.values() for word in forms
    )
    assert read_label_words()


@pytest.mark.parametrize(
    ("file", "text", "said"),
    [
        ("roles.toml", '[posts]\nwords = ["課長"]\n', "why"),  # a list that does not say what it is
        ("roles.toml", '[posts]\nwhy = "職名"\nwords = []\n', "語がありません"),  # an empty list
        ("roles.toml", '[posts]\nwhy = "職名"\nwords = ["課長", 3]\n', "文字列でない"),  # no word
        ("roles.toml", "[posts\n", "TOML"),  # not TOML
        (
            "labels.toml",
            '[[label]]\nname = "氏名"\nforms = ["氏名"]\nkindd = "person_name"\n',
            "kindd",
        ),  # misspelt key
        (
            "labels.toml",
            '[[label]]\nname = "氏名"\nforms = ["氏名"]\nkind = "nothing"\n',
            "kind",
        ),  # unknown kind
        (
            "labels.toml",
            '[[label]]\nname = "氏名"\nforms = ["氏名"]\ntraits = ["nobody"]\n',
            "traits",
        ),  # unknown trait
        ("statements.toml", '[[statement]]\nname = "病状"\nkind = "health"\n', "words"),  # a key is missing
        (
            "modes.toml",
            '[[mode]]\nname = "x"\nkind = "health"\ntitles = []\nwords = ["a"]\nstate = "x"\n',
            "state",
        ),
        ("modes.toml", '[[mod]]\nname = "x"\n', "知らない表"),  # unknown table
        ("amounts.toml", '[[amount]]\nkind = "price"\nwords = ["金額"]\n', "columns"),  # a key is missing
        ("identifiers.toml", '[[identifier]]\nkind = "no"\nwords = []\ncolumns = []\n', "kind"),
        (
            "phrases.toml",
            '[[phrase]]\nname = "x"\nparts = [["a"], ["b"]]\ngaps = [1, 2]\n',
            "gaps",
        ),  # more gaps than there are places between parts
        (
            "phrases.toml",
            '[[phrase]]\nname = "x"\nparts = [["a"], ["b"]]\ngaps = [4000]\n',
            "gaps",
        ),  # too wide
    ],
)
def test_what_is_not_understood_is_refused(tmp_path: Path, file: str, text: str, said: str) -> None:
    folder = tmp_path / "words"
    shutil.copytree(FOLDER, folder)
    (folder / file).write_text(text, encoding="utf-8")
    with pytest.raises(DataFileError) as refused:
        load_words(folder)
    assert file in str(refused.value)
    assert said in str(refused.value)


def test_every_list_is_read_by_somebody() -> None:
    """A list nobody reads is a promise nobody keeps; the circumstances and the roles take theirs by the file's name."""
    code = "".join(path.read_text(encoding="utf-8") for path in FOLDER.parent.glob("*.py"))
    said = set(re.findall(r"says\(\s*\"([a-z_]+)\"", code))
    for key in load_words().lists:
        file, table = key.split(".")
        named = key in code or f'"{table}"' in code or (file == "facts" and table in said)
        assert named or key.startswith("roles.posts_"), key


def test_a_missing_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(DataFileError, match="ありません"):
        load_words(tmp_path)


def test_the_detector_needs_no_finder() -> None:
    assert Detector().words.lists
