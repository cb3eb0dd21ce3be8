"""`evaluate … --record` and `--replay` by command: the same figures without model, endpoint or setting."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from assistant.cli import run
from tests.model.server import Body, Script, asked, serving

ROWS: list[dict[str, Any]] = [
    {
        "id": "a",
        "passage": "申込書\n氏名　相良 ゆかり\n次回は窓口で渡す。",
        "spans": [
            {"text": "相良 ゆかり", "decision": "withhold", "category": "個人"},
            {"text": "次回は窓口で渡す", "decision": "withhold", "category": "個人"},
            {"text": "申込書", "decision": "disclose", "category": None},
        ],
    },
    {
        "id": "b",
        "passage": "打合せ記録\n場所　第二会議室\n次回は改めて連絡する。",
        "spans": [{"text": "第二会議室", "decision": "disclose", "category": None}],
    },
]
QUOTE = "個人に関する情報（事業を営む個人の当該事業に関する情報を除く。）"


def _finding(text: str) -> dict[str, Any]:
    return {
        "text": text,
        "before": "",
        "decision": "withhold",
        "head": "個人",
        "exceptions": [],
        "why": "誰かが分かる",
        "reason": "特定の個人を識別することができるため。",
        "to_find_out": None,
        "citations": [{"source": "S3", "quote": QUOTE}],
    }


def _content(body: Body) -> str:
    """Wins a span of the first text and withholds too much of the second."""
    text = "次回は窓口で渡す" if "次回は窓口で渡す" in asked(body) else "第二会議室"
    return json.dumps({"findings": [_finding(text)], "opinions": [], "agreed": []}, ensure_ascii=False)


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("recorded")


@pytest.fixture(autouse=True)
def _sample(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OSUMITSUKI_DATA_DIR", str(data_dir))
    monkeypatch.setenv("OSUMITSUKI_NER", "off")


@pytest.fixture
def listed(tmp_path: Path) -> Path:
    path = tmp_path / "p.jsonl"
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in ROWS), encoding="utf-8")
    return path


def _told(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(capsys.readouterr().out)
    return told


def test_a_run_is_recorded_gone_on_with_and_replayed(
    listed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    record = tmp_path / "run.jsonl"
    with serving(Script(content=_content)) as stub:
        monkeypatch.setenv("OSUMITSUKI_MODEL_BASE_URL", stub.url)
        monkeypatch.setenv("OSUMITSUKI_MODEL_NAME", "試験モデル")
        asked_for = ["evaluate", "passages", str(listed), "--engine", "model", "--json"]
        assert run([*asked_for, "--record", str(record)]) == 0
        live = _told(capsys)
        assert len(stub.bodies) == 2
        assert run([*asked_for, "--record", str(record)]) == 0
        assert _told(capsys) == live
        assert len(stub.bodies) == 2  # going on with a whole record asks nothing
    monkeypatch.delenv("OSUMITSUKI_MODEL_BASE_URL")
    monkeypatch.delenv("OSUMITSUKI_MODEL_NAME")
    assert run(["evaluate", "passages", str(listed), "--json", "--replay", str(record)]) == 0
    again = _told(capsys)
    assert again == live
    assert (again["engine"], again["model_failures"]) == ("model", 0)
    model = again["model"]
    assert model["won"] == {"flagged": 1, "near": 1, "withheld": 1, "asked": 0}
    assert model["lost"] == {"over_redacted": 1, "asked_about": 0}
    assert model["rules_figures"]["over_redaction"]["hits"] == 0
    assert again["figures"]["over_redaction"]["hits"] == 1
    assert (model["usage"]["calls"], model["usage"]["prompt_tokens"]) == (2, 18_000)
    # for people
    assert run(["evaluate", "passages", str(listed), "--replay", str(record)]) == 0
    shown = capsys.readouterr().out
    for words in ("規則のみ", "意見に従うと", "モデル：2回"):
        assert words in shown
    # a text that changed since is told, in a sentence and with exit code 2
    listed.write_text(
        listed.read_text(encoding="utf-8").replace("窓口で渡す", "窓口で手渡す"), encoding="utf-8"
    )
    assert run(["evaluate", "passages", str(listed), "--replay", str(record)]) == 2
    told = capsys.readouterr().err
    assert "記録にない問い合わせ" in told
    assert "窓口" not in told


WRONG = [
    (["--record", "a", "--replay", "b"], "どちらか一方"),
    (["--engine", "rules", "--record", "a"], "--engine model"),
    (["--engine", "rules", "--replay", "a"], "--engine model"),
    (["--record", "a"], "--engine model"),  # no model is set, so rules would answer
    (["--replay", "none.jsonl"], "ファイルがありません"),
]


@pytest.mark.parametrize(("options", "words"), WRONG, ids=range(len(WRONG)))
def test_options_that_do_not_go_together_are_told(
    options: list[str], words: str, listed: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    placed = [
        option if option[0] == "-" or option in {"rules", "model"} else str(tmp_path / option)
        for option in options
    ]
    assert run(["evaluate", "passages", str(listed), *placed]) == 2
    assert words in capsys.readouterr().err
    assert sorted(path.name for path in tmp_path.iterdir() if path.is_file()) == ["p.jsonl"]


def test_where_nothing_may_be_sent_no_record_is_begun(
    listed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("OSUMITSUKI_MODEL_BASE_URL", "https://model.invalid/v1")
    monkeypatch.setenv("OSUMITSUKI_MODEL_NAME", "試験モデル")
    record = tmp_path / "run.jsonl"
    assert run(["evaluate", "passages", str(listed), "--engine", "model", "--record", str(record)]) == 2
    assert "OSUMITSUKI_MODEL_EGRESS" in capsys.readouterr().err
    assert not record.exists()


def test_help_says_that_the_record_holds_the_texts(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["evaluate", "documents", "--help"]) == 0
    assert "評価する文章も入ります" in capsys.readouterr().out.replace("\n", "").replace(" ", "")
