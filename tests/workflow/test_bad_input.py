"""What goes wrong at a city hall, through the real command and the real app: a sentence that says what to do, the
right exit code, and nothing lost.

The folder, the disk and other processes: test_bad_folder.py. Elsewhere: a misbehaving model (tests/adapters/test_chat.py, tests/propose), files that are no text and 200,001
characters (tests/cli/test_usage.py), a killed index build and one that a second process waits for
(tests/adapters/test_index_processes.py), two desks that write at once (tests/review/test_review_processes.py).
"""

from __future__ import annotations

import io
import json
import shutil
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.cli.running import run
from tests.conftest import ROOT

LETTER = "要望書\n氏名　相良 ゆかり\n電話　090-0000-6677\n側溝の蓋が割れている。\n"
USER = {"OSUMITSUKI_USER": "総務課　山科 葉子"}
Command = Callable[..., tuple[int, str, str]]


def city_at(folder: Path) -> Path:
    """A copy of the sample city with one precedent: quick to load and to index."""
    shutil.copytree(ROOT / "ordinances" / "mihon", folder, ignore=shutil.ignore_patterns("20*.toml"))
    name = "precedents/2010-015.toml"
    lines = (ROOT / "ordinances" / "mihon" / name).read_text(encoding="utf-8").split("\n")
    kept = [line for line in lines if not line.startswith("conflicts_with")]
    (folder / name).write_text("\n".join(kept), encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return city_at(tmp_path_factory.mktemp("town") / "mihon")


@pytest.fixture(scope="session")
def ready(tmp_path_factory: pytest.TempPathFactory, town: Path) -> Path:
    """A data folder with the index of `town`."""
    folder = tmp_path_factory.mktemp("ready")
    done = run("index", data_dir=folder, OSUMITSUKI_CITY=str(town))
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture
def here(
    ready: Path, town: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Command:
    """A command in this process: exit code, standard output, standard error. Keywords are settings."""
    from assistant import cli

    def command(*arguments: str, stdin: str | bytes = b"", **settings: str) -> tuple[int, str, str]:
        standard = {"DATA_DIR": str(ready), "NER": "off", "CITY": str(town)}
        for name, value in (standard | settings).items():
            monkeypatch.setenv(f"OSUMITSUKI_{name}", value)
        given = stdin.encode() if isinstance(stdin, str) else stdin
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(given), encoding="utf-8"))
        capsys.readouterr()
        code = cli.run(list(arguments))
        told = capsys.readouterr()
        return code, told.out, told.err

    return command


def told_well(err: str, *words: str) -> None:
    """One or more Japanese sentences, with the words, and no machine's talk."""
    for word in words:
        assert word in err, err
    assert err.strip().endswith("。"), err
    assert "Traceback" not in err
    assert "思わぬ不具合" not in err
    assert "相良" not in err


# text -----------------------------------------------------------------------------------------------------------------

TEXTS = [
    # passage, what must be withheld as it stands in the page's text afterwards
    (LETTER, "相良 ゆかり"),
    ("氏名　相良\x00 ゆかり\n電話 090-0000-6677\n", "090-0000-6677"),  # NUL
    ("\x1b[31m氏名\x07　相良 ゆかり\x7f\x85\n\x01電話 090-0000-6677\x02", "090-0000-6677"),  # other controls
    (
        "氏名　相良 ゆかり\u200f\n電話\u202e 090-0000-6677\u202c\n",
        "090-0000-6677",
    ),  # marks from right to left
    ("שלום　氏名　相良 ゆかり　مرحبا\n電話 090-0000-6677\n", "090-0000-6677"),  # letters from right to left
    (
        "氏名　相良 ゆかり👩\u200d👩\u200d👧\u200d👦さん🇯🇵\n👍🏽電話 090-0000-6677\n",
        "090-0000-6677",
    ),  # ZWJ, flags
    ("か\u3099か\u3099　氏名　相良 ゆかり\nで\u3099ん\u0301わ 090-0000-6677\n", "090-0000-6677"),  # combining
    (
        "\u3099\u0301氏名　相良 ゆかり　葛\U000e0100飾　電話 090-0000-6677\n",
        "090-0000-6677",
    ),  # variation selector
    ("ｻｶﾞﾗ ﾕｶﾘ　氏名　相良 ゆかり　電話 ０９０－００００－６６７７\n", "０９０－００００－６６７７"),  # widths
    ("\ufeff氏名　相良 ゆかり\r電話 090-0000-6677\r\n", "090-0000-6677"),  # a BOM, old line ends
    ("氏名　相良 ゆかり\f\f電話 090-0000-6677\f", "090-0000-6677"),  # form feeds: empty pages
    ("氏名　相良 ゆかり\ufffe\U0010ffff\ud7ff 電話 090-0000-6677", "090-0000-6677"),  # no characters at all
]


@pytest.mark.parametrize(("passage", "withheld"), TEXTS)
def test_strange_letters_keep_every_position(here: Command, passage: str, withheld: str) -> None:
    code, out, err = here("propose", "-", "--json", stdin=passage)
    assert code == 0, err
    told = json.loads(out)
    _every_finding_is_a_cut(told)
    assert withheld in [f["text"] for f in told["findings"] if f["decision"] == "withhold"]
    length = len(passage.removeprefix("\ufeff").replace("\r\n", "\n"))
    assert sum(len(page["text"]) for page in told["pages"]) + len(told["pages"]) - 1 == length
    code, out, err = here("propose", "-", stdin=passage)  # for people, too
    assert code == 0, err
    assert "\x1b[31m" not in out


def _every_finding_is_a_cut(told: dict[str, Any]) -> None:
    pages = {page["number"]: page["text"] for page in told["pages"]}
    assert told["findings"]
    for finding in told["findings"]:
        cuts = [pages[e["page"]][e["start"] : e["end"]] for e in finding["extents"]]
        assert all(cuts)
        assert finding["text"] == "".join(cuts)
        first = finding["extents"][0]
        assert (finding["page"], finding["start"], finding["end"]) == (
            first["page"],
            first["start"],
            first["end"],
        )


def test_half_a_letter_is_refused_as_bytes_and_shown_as_text(here: Command, tmp_path: Path) -> None:
    """A lone surrogate is no UTF-8; out of a JSON file or an argument it comes as a letter all the same."""
    code, out, err = here("propose", "-", stdin=b"\xed\xa0\x80" + LETTER.encode())
    assert (code, out) == (2, "")
    told_well(err, "UTF-8")
    for arguments in (("search", "氏名\udc81"), ("ask", "氏名\ud800は消しますか")):
        code, out, err = here(*arguments, "--json")
        assert code == 0, err
        out.encode("utf-8")
    code, out, err = here("propose", "-", "--request", "相良\udc81の件", "--json", stdin=LETTER)
    assert code == 0, err
    told = json.loads(out)
    told["pages"][0]["text"] = told["pages"][0]["text"].replace("側溝", "\ud800溝")
    path = tmp_path / "findings.json"
    path.write_text(json.dumps(told), encoding="utf-8")
    code, out, err = here("reason", str(path), "--json")
    assert code in (0, 2), err
    (out + err).encode("utf-8")
    assert "思わぬ" not in err


def test_half_a_letter_in_the_app_is_shown_and_kept(ready: Path, town: Path, tmp_path: Path) -> None:
    from assistant.documents.text import of_passage
    from assistant.review.actor import Actor
    from assistant.settings import Settings
    from assistant.wiring import build

    shutil.copytree(ready / "index", tmp_path / "index")
    assistant = build(Settings(data_dir=tmp_path, city=str(town), ner="off"))
    actor = Actor(department="総務課", name="見本\u3000花子")
    proposal = assistant.propose(of_passage("\ud83d" + LETTER + "\udc00"))
    case = assistant.desk.open_case(actor, "passage", "件名", proposal)
    kept = assistant.desk.case(case.id, actor).proposal
    assert kept is not None
    assert kept.document.pages[0].text == f"\ufffd{LETTER}\ufffd"
    assert "相良 ゆかり" in [finding.text for finding in kept.findings]
    assistant.close()


@pytest.mark.parametrize("passage", ["本日は晴れ。\n", "市の木はけやきです。\n" * 30, "…\n？", "a"])
def test_nothing_found_is_not_nothing_there(here: Command, passage: str) -> None:
    code, out, err = here("propose", "-", stdin=passage)
    assert code == 0, err
    assert "見つからなかったことは、無いことを意味しません" in out
    _, out, _ = here("propose", "-", "--json", stdin=passage)
    assert "nothing_found" in [warning["code"] for warning in json.loads(out)["warnings"]]


def test_the_longest_passage_takes_time_by_its_length(
    ready: Path, town: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from assistant.documents.text import MAX_CHARACTERS, of_passage
    from assistant.settings import Settings
    from assistant.wiring import build

    assistant = build(Settings(data_dir=ready, city=str(town), ner="off"))

    def seconds(length: int) -> float:
        records = "".join(
            f"{number}　氏名　相良{chr(0x4E00 + number % 500)} ゆかり（{number % 70 + 20}歳）　電話　090-0000-{number:04}\n"
            f"内容　株式会社みどり建設の工事の騒音で、不眠症となり通院している。受付　環境課　主事　早川 誠\n"
            for number in range(1, length // 90 + 2)
        )
        document = of_passage(records[: length - 1] + "。")
        begin = time.process_time()
        proposal = assistant.propose(document)
        took = time.process_time() - begin
        assert all(finding.text for finding in proposal.findings)
        assert len(proposal.findings) > length / 200
        return took

    seconds(2_000)  # what is loaded once
    eighth, whole = seconds(MAX_CHARACTERS // 8), seconds(MAX_CHARACTERS)
    assistant.close()
    with capsys.disabled():
        print(
            f"\n200,000 characters: {whole:.1f} s, {MAX_CHARACTERS / whole:,.0f} characters/s, rules, NER off"
        )
    assert whole < eighth * 8 * 4  # a wide margin for a busy machine; squared it would be eight times as much


def test_a_long_passage_asks_for_patience(here: Command) -> None:
    code, _, err = here("propose", "-", stdin="側溝の蓋が割れている。\n" * 2000)
    assert code == 0
    told_well(err, "24,000字を調べています")


# the city's files -----------------------------------------------------------------------------------------------------


def _gone(path: Path) -> None:
    path.unlink()


def _not_utf8(path: Path) -> None:
    path.write_bytes(path.read_bytes() + "氏名".encode("cp932"))


def _empty(path: Path) -> None:
    path.write_bytes(b"")


def _folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def _line(words: str) -> Callable[[Path], None]:
    """A last line that is wrong."""

    def damage(path: Path) -> None:
        path.write_text(path.read_text(encoding="utf-8") + "\n" + words + "\n", encoding="utf-8")

    return damage


def _instead(old: str, new: str) -> Callable[[Path], None]:
    def damage(path: Path) -> None:
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    return damage


PRECEDENT = "precedents/2010-015.toml"
CITY_FILES = [
    # file, what befalls it, whether a line can be told
    ("ordinance.md", _gone, False),
    ("ordinance.md", _empty, False),
    ("ordinance.md", _not_utf8, False),
    ("ordinance.md", _folder, False),
    ("ordinance.md", _instead("\n第7条", "\n第７の７条"), True),  # an article that is none
    ("city.toml", _not_utf8, False),
    ("city.toml", _line("x = ["), True),  # broken TOML
    ("city.toml", _line('[labels2]\ndisclosed = "開示"'), False),  # an unknown table
    ("handbook.md", _not_utf8, False),
    ("handbook.md", _folder, False),
    ("handbook.md", _line("[7-2-p1] 同じ番号の段落"), True),  # a doubled id
    ("handbook.md", _line("番号のない段落"), True),
    ("questions.toml", _line("questions = 3"), True),
    (
        "questions.toml",
        _line('[[provision]]\nprovision = "第999条"\nquestions = ["？"]'),
        False,
    ),  # no such article
    ("policy.toml", _not_utf8, False),
    ("policy.toml", _line('[[rule]]\nid = "x'), True),  # a quote that is never closed
    (
        "policy.toml",
        _line('[[rule]]\nid = "x"\nkinds = ["person_nmae"]\ndecision = "withhold"'),
        True,
    ),  # kind
    ("policy.toml", _line('[[rule]]\nid = "x"\nkindz = ["person_name"]\ndecision = "withhold"'), True),  # key
    (
        "policy.toml",
        _line('[[rule]]\nid = "x"\nkinds = ["person_name"]\ntraits = ["famous"]\ndecision = "ask"'),
        True,
    ),
    (PRECEDENT, _not_utf8, False),
    (PRECEDENT, _empty, False),
    (PRECEDENT, _instead('kind = "opinion"', 'kind = "rumour"'), False),
    (PRECEDENT, _instead("date = ", "date = 昨日 #"), True),
]


@pytest.mark.parametrize(("name", "damage", "line"), CITY_FILES)
def test_a_broken_file_of_the_city_is_named_with_what_to_do(
    here: Command, tmp_path: Path, name: str, damage: Callable[[Path], None], line: bool
) -> None:
    city = city_at(tmp_path / "mihon")
    damage(city / name)
    for arguments in (("propose", "-"), ("search", "氏名", "--json")):
        code, out, err = here(*arguments, stdin=LETTER, CITY=str(city))
        assert (code, out) == (2, ""), err
        told_well(err, Path(name).name)
        assert len(err.strip().splitlines()) == 1, err
        if line:
            assert "行目" in err, err
        assert str(tmp_path) not in err  # a path may name a person


@pytest.mark.parametrize("name", ["handbook.md", "questions.toml", "policy.toml", "precedents"])
def test_what_a_city_may_do_without(here: Command, tmp_path: Path, name: str) -> None:
    city = city_at(tmp_path / "mihon")
    shutil.rmtree(city / name) if (city / name).is_dir() else (city / name).unlink()
    code, out, err = here("propose", "-", "--json", stdin=LETTER, CITY=str(city), DATA_DIR=str(tmp_path))
    assert code == 0, err
    assert "相良 ゆかり" in [f["text"] for f in json.loads(out)["findings"] if f["decision"] == "withhold"]


SETTINGS = [
    # settings, words that name the one at fault
    ({"OSUMITSUKI_CITY": "no-such-city"}, "OSUMITSUKI_CITY"),
    ({"OSUMITSUKI_CTY": "mihon"}, "OSUMITSUKI_CTY"),
    ({"OSUMITSUKI_NER": "maybe"}, "OSUMITSUKI_NER"),
    ({"OSUMITSUKI_MODEL_NAME": "half"}, "OSUMITSUKI_MODEL_BASE_URL"),
    ({"OSUMITSUKI_MODEL_BASE_URL": "http://127.0.0.1:9/v1"}, "OSUMITSUKI_MODEL_NAME"),
    ({"OSUMITSUKI_EMBEDDER": "/no/such/folder"}, "OSUMITSUKI_EMBEDDER"),
]


@pytest.mark.parametrize(("settings", "words"), SETTINGS)
def test_a_wrong_setting_is_named(here: Command, settings: dict[str, str], words: str) -> None:
    named = {name.removeprefix("OSUMITSUKI_"): value for name, value in settings.items()}
    code, out, err = here("propose", "-", stdin=LETTER, **named)
    assert (code, out) == (2, "")
    told_well(err, words)


@pytest.fixture
def page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], tuple[list[str], list[str]]]:
    """The app's first page: its errors, and its titles."""
    import streamlit as st
    from streamlit.testing.v1 import AppTest

    monkeypatch.setenv("OSUMITSUKI_DATA_DIR", str(tmp_path / "app"))
    monkeypatch.setenv("OSUMITSUKI_NER", "off")

    def shown() -> tuple[list[str], list[str]]:
        st.cache_resource.clear()
        app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120).run()
        assert not app.exception
        st.cache_resource.clear()
        return [str(error.value) for error in app.error], [str(title.value) for title in app.title]

    return shown


PAGE = [CITY_FILES[0], CITY_FILES[2], CITY_FILES[10], CITY_FILES[17], CITY_FILES[22]]


@pytest.mark.parametrize(("name", "damage", "line"), PAGE)
def test_a_broken_file_of_the_city_is_named_on_the_page(
    page: Callable[[], tuple[list[str], list[str]]],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    name: str,
    damage: Callable[[Path], None],
    line: bool,
) -> None:
    city = city_at(tmp_path / "mihon")
    damage(city / name)
    monkeypatch.setenv("OSUMITSUKI_CITY", str(city))
    errors, _ = page()
    assert len(errors) == 1
    told_well(errors[0], Path(name).name)
    assert ("行目" in errors[0]) >= line


@pytest.mark.parametrize(("settings", "words"), SETTINGS[:5])
def test_a_wrong_setting_is_named_on_the_page(
    page: Callable[[], tuple[list[str], list[str]]],
    monkeypatch: pytest.MonkeyPatch,
    settings: dict[str, str],
    words: str,
) -> None:
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    errors, _ = page()
    assert len(errors) == 1
    told_well(errors[0], words)
