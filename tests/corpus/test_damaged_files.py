"""Damaged data files: whatever is deleted, doubled, moved or scribbled over, the answer is a sentence, never a crash."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.corpus.load import load_city
from assistant.errors import DataFileError

MIHON = Path(__file__).resolve().parents[2] / "ordinances" / "mihon"
FILES = ("ordinance.md", "city.toml", "handbook.md", "questions.toml", "precedents/2010-015.toml")
SCRIBBLES = (
    "",
    "？",
    "第7条",
    "(2)　",
    "ア　乙",
    "[[units]]",
    '"',
    "<!-- in-force: 2016-04-01 .. -->",
    "｜",
    "\x00",
    "第〇条　零",
)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample city with only the precedents that one of the damaged files refers to."""
    folder = tmp_path_factory.mktemp("damaged") / "mihon"
    shutil.copytree(MIHON, folder, ignore=shutil.ignore_patterns("20*.toml"))
    text = (MIHON / FILES[-1]).read_text(encoding="utf-8")
    lines = [line for line in text.split("\n") if not line.startswith("conflicts_with")]
    (folder / FILES[-1]).write_text("\n".join(lines), encoding="utf-8")
    load_city(folder)
    return folder


@given(
    name=st.sampled_from(FILES),
    where=st.integers(0, 10_000),
    other=st.integers(0, 10_000),
    act=st.sampled_from(("drop", "double", "swap", "scribble", "cut", "join")),
    scribble=st.sampled_from(SCRIBBLES),
)
@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_damaged_files_give_a_sentence(
    small: Path, name: str, where: int, other: int, act: str, scribble: str
) -> None:
    path = small / name
    text = path.read_text(encoding="utf-8")
    lines = text.split("\n")
    here, there = where % len(lines), other % len(lines)
    if act == "drop":
        del lines[here]
    elif act == "double":
        lines.insert(here, lines[here])
    elif act == "swap":
        lines[here], lines[there] = lines[there], lines[here]
    elif act == "scribble":
        lines[here] = scribble + lines[here][len(lines[here]) // 2 :]
    elif act == "cut":
        del lines[here:]
    else:
        lines[here : here + 2] = ["".join(lines[here : here + 2])]
    complaint: DataFileError | None = None
    path.write_text("\n".join(lines), encoding="utf-8")
    try:
        load_city(small)
    except DataFileError as error:
        complaint = error
    damaged = complaint.path.read_bytes() if complaint and complaint.path.exists() else b""
    path.write_text(text, encoding="utf-8")
    if complaint is not None:
        assert str(complaint).endswith("。")
        assert complaint.line is None or 1 <= complaint.line <= damaged.count(b"\n") + 1


@given(st.binary(max_size=300))
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_bytes_that_are_no_data_file(small: Path, data: bytes) -> None:
    for name in FILES:
        path = small / name
        text = path.read_bytes()
        try:
            path.write_bytes(data)
            with pytest.raises(DataFileError):
                load_city(small)
        finally:
            path.write_bytes(text)
