"""Prompt files: what they may hold, how a mistake in one is told, and what filling a slot can not do."""

from __future__ import annotations

import hashlib
import json
import re
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.cli import run
from assistant.errors import DataFileError
from assistant.evaluate.labelled import read_passages
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


# versions and the regression set -------------------------------------------------------------------------------------


def _locked() -> dict[str, dict[str, str]]:
    told: dict[str, dict[str, str]] = tomllib.loads(
        (ROOT / "prompts" / "versions.toml").read_text(encoding="utf-8")
    )
    return told


PROMPTS = sorted(path for path in (ROOT / "prompts").glob("*.toml") if path.name != "versions.toml")


@pytest.mark.parametrize("path", PROMPTS, ids=lambda path: path.stem)
def test_a_prompt_does_not_change_without_a_new_version(path: Path) -> None:
    text = path.read_text(encoding="utf-8")  # as load_prompt hashes it: with line ends of one kind
    digest = hashlib.sha256(text.encode("utf-8")).hexdigest()
    version = str(tomllib.loads(text)["version"])
    known = _locked().get(path.stem, {})
    assert known.get(version) == digest, f'prompts/versions.toml [{path.stem}]: {version} = "{digest}"'
    assert version == str(max(map(int, known))), "the newest version is the one in force"


def test_versions_name_no_prompt_that_is_not_there_and_no_hash_twice() -> None:
    locked = _locked()
    assert set(locked) == {path.stem for path in PROMPTS}
    digests = [digest for versions in locked.values() for digest in versions.values()]
    assert len(set(digests)) == len(digests)
    assert all(re.fullmatch("[0-9a-f]{64}", digest) for digest in digests)


def test_the_regression_set_holds_every_kind_of_trap() -> None:
    path = ROOT / "prompts" / "regression.jsonl"
    items = read_passages(path)  # every span stands in its passage
    assert len(items) >= 20
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    tags = {tag for row in rows for tag in row["tags"]}
    assert {"injection", "proviso", "official", "company", "deliberation", "nothing_to_withhold"} <= tags
    heads = {span["category"] for row in rows for span in row["spans"]}
    assert len(heads - {None}) >= 6
    decisions = {span["decision"] for row in rows for span in row["spans"]}
    assert decisions == {"withhold", "disclose", "depends"}


def test_the_regression_set_runs_by_rules(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("OSUMITSUKI_NER", "off")
    assert run(["evaluate", "passages", str(ROOT / "prompts" / "regression.jsonl"), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["engine"], told["items"]) == (
        "rules",
        len(read_passages(ROOT / "prompts" / "regression.jsonl")),
    )
    assert told["figures"]["near_recall"]["of"] >= 20
