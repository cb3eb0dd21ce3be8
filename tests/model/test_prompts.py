"""Prompt files: what they may hold, how a mistake in one is told, and what filling a slot can not do."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.errors import DataFileError
from assistant.model.prompts import load_prompt
from assistant.propose.argue_prompt import INPUTS, TEXTS
from tests.conftest import ROOT

GOOD = 'version = 1\ninputs = ["city", "passage"]\n\n[messages]\nsystem = "{{city}}の職員"\nuser = "{{passage}}"\n'
NAMES = {"texts": frozenset({"system", "user"}), "inputs": frozenset({"city", "passage"})}


def _file(folder: Path, text: str) -> Path:
    path = folder / "p.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_shipped_prompt_loads_and_is_known_by_its_hash(tmp_path: Path) -> None:
    shipped = ROOT / "prompts" / "argue.toml"
    prompt = load_prompt(shipped, texts=TEXTS, inputs=INPUTS)
    assert len(prompt.hash) == 64
    # a checkout on Windows has other line ends and the same prompt
    windows = tmp_path / "argue.toml"
    windows.write_bytes(shipped.read_bytes().replace(b"\n", b"\r\n"))
    assert load_prompt(windows, texts=TEXTS, inputs=INPUTS).hash == prompt.hash
    changed = _file(tmp_path, shipped.read_text(encoding="utf-8").replace("開示が原則", "開示は原則"))
    assert load_prompt(changed, texts=TEXTS, inputs=INPUTS).hash != prompt.hash


BROKEN = [
    # what is wrong, the file, the line that is told
    ("unknown key", GOOD.replace("version = 1", "version = 1\nmodel = 'x'"), 2),
    ("no version", GOOD.replace("version = 1\n", ""), None),
    ("unknown text", GOOD + 'assistant = "x"\n', 7),
    ("missing text", GOOD.replace('user = "{{passage}}"\n', ""), 4),
    ("undeclared slot", GOOD.replace("{{city}}", "{{city}}{{town}}"), 5),
    ("slot with a space", GOOD.replace("{{city}}", "{{ city }}"), 5),
    ("open slot", GOOD.replace("{{city}}", "{{city}} {{"), 5),
    ("declared, never used", GOOD.replace("{{city}}の職員", "職員"), 2),
    ("input the program does not know", GOOD.replace('"city", ', '"city", "town", '), 2),
    ("input missing", GOOD.replace('"city", ', ""), 2),
    ("empty text", GOOD.replace('"{{passage}}"', '" "'), 6),
    ("not TOML", GOOD.replace("[messages]", "[messages"), 4),
]


@pytest.mark.parametrize(("what", "text", "line"), BROKEN, ids=[row[0] for row in BROKEN])
def test_a_broken_prompt_is_refused_with_its_line(
    what: str, text: str, line: int | None, tmp_path: Path
) -> None:
    with pytest.raises(DataFileError) as caught:
        load_prompt(_file(tmp_path, text), **NAMES)
    assert caught.value.line == line
    assert caught.value.exit_code == 2


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(DataFileError):
        load_prompt(tmp_path / "none.toml", **NAMES)


def test_inputs_are_neither_missing_nor_too_many(tmp_path: Path) -> None:
    prompt = load_prompt(_file(tmp_path, GOOD), **NAMES)
    assert prompt.render("system", city="見本市") == "見本市の職員"
    with pytest.raises(TypeError):
        prompt.render("system")
    with pytest.raises(TypeError):
        prompt.render("system", city="見本市", passage="")
    with pytest.raises(KeyError):
        prompt.render("none")


@given(st.text() | st.sampled_from(["{{city}}", "\\g<0>", "\\1", "{{passage}}{{", "{city}"]))
def test_what_is_put_in_stays_as_it_is(tmp_path_factory: pytest.TempPathFactory, passage: str) -> None:
    prompt = load_prompt(_file(tmp_path_factory.mktemp("p"), GOOD), **NAMES)
    assert prompt.render("user", passage=passage) == passage
