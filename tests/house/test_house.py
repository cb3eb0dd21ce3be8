"""What the documents promise about the program is so."""

from __future__ import annotations

import ast
import re
import subprocess
import sys

import pytest

from assistant.settings import PREFIX, Settings
from tests.conftest import ROOT


@pytest.mark.parametrize("readme", ["README.md"])
def test_every_setting_is_in_the_readme(readme: str) -> None:
    text = (ROOT / readme).read_text(encoding="utf-8")
    written = set(re.findall(r"`(OSUMITSUKI_[A-Z_]+)`", text))
    assert written == {PREFIX + name.upper() for name in Settings.model_fields}


def test_every_command_in_the_readme_exists() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "assistant", "--help"],
        capture_output=True,
        check=True,
        text=True,
        encoding="utf-8",
    )
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    for command in set(re.findall(r"`osumitsuki ([a-z]+)", text)):
        assert re.search(rf"^ +{command} ", done.stdout, re.MULTILINE), command


# A number may stand in code as an example of how to write one, as a national statute, or as the name of a form.
_SHOWS_HOW = ("の形で", "のように", "書き方は", "と書きます", "help=", "法第", "号様式")
_LAW_READERS = ("law",)  # the room that reads and prints numbers speaks about them


def test_no_clause_number_stands_in_code() -> None:
    """Design D1: a number of an article in the program is a wrong black mark in the next city."""
    number = re.compile(r"第[0-9０-９一二三四五六七八九十百]+[条号]")
    found = []
    for path in sorted((ROOT / "assistant").rglob("*")):
        if path.suffix not in {".py", ".toml", ".js"} or path.parent.name in _LAW_READERS:
            continue
        text = path.read_text(encoding="utf-8")
        docstrings = _docstring_lines(text) if path.suffix == ".py" else set()
        for line, words in enumerate(text.splitlines(), 1):
            code = re.sub(r"(#|//).*", "", words)
            shows_how = any(mark in code for mark in _SHOWS_HOW)
            if number.search(code) and line not in docstrings and not shows_how:
                found.append(f"{path.relative_to(ROOT)}:{line}")
    assert not found, found


def _docstring_lines(text: str) -> set[int]:
    lines: set[int] = set()
    for node in ast.walk(ast.parse(text)):
        if (
            isinstance(node, ast.Expr)
            and isinstance(node.value, ast.Constant)
            and isinstance(node.value.value, str)
        ):
            lines.update(range(node.lineno, (node.end_lineno or node.lineno) + 1))
    return lines


def test_modules_and_functions_keep_their_size() -> None:
    """Style: no module over 400 lines, no function over 60."""
    found = []
    for path in sorted((ROOT / "assistant").rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        if text.count("\n") > 400:
            found.append(f"{path.relative_to(ROOT)}: {text.count(chr(10))} lines")
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef) and (node.end_lineno or 0) - node.lineno + 1 > 60:
                found.append(f"{path.relative_to(ROOT)}: {node.name}")
    assert not found, found
