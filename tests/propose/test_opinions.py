"""What a model thinks of the rules' findings, by command: every opinion is kept, shown, and read back."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from assistant.cli import run
from assistant.propose.wire import from_json, to_json
from tests.model.server import Body, Script, asked, serving

TEXT = """相談記録
相談者 氏名 烏丸 花代
内容 勤め先の工場で夜勤が続き、眠れない日が多いとのこと。
対応 環境課 主任 佐保 健
"""
PERSONAL = "個人に関する情報（事業を営む個人の当該事業に関する情報を除く。）"
Told = dict[str, Any]


def _part(text: str, why: str) -> Told:
    return {
        "text": text,
        "before": "",
        "decision": "disclose",
        "head": "個人",
        "why": why,
        "citations": [{"source": "S3", "quote": PERSONAL}],
    }


def _content(body: Body) -> str:
    """Would withhold an official's name, says three things of parts of two findings, and nothing of the rest."""
    (number,) = re.findall(r"^(\d+)\. 「佐保", asked(body), re.MULTILINE)
    cited = [{"source": "S3", "quote": PERSONAL}]
    contests = {
        "number": int(number),
        "decision": "withhold",
        "head": "個人",
        "why": "私用",
        "citations": cited,
    }
    parts = [
        _part("夜勤が続き", "一つ目"),
        _part("勤め先の工場", "二つ目"),
        _part("夜勤が続き", "もう一度"),  # as on the seam of two pieces
        _part("眠れない日が多い", "三つ目"),
    ]
    return json.dumps({"findings": parts, "opinions": [contests], "agreed": []}, ensure_ascii=False)


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("opinions")


@pytest.fixture(autouse=True)
def _asked_for(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with serving(Script(content=_content)) as stub:
        monkeypatch.setenv("OSUMITSUKI_DATA_DIR", str(data_dir))
        monkeypatch.setenv("OSUMITSUKI_NER", "off")
        monkeypatch.setenv("OSUMITSUKI_MODEL_BASE_URL", stub.url)
        monkeypatch.setenv("OSUMITSUKI_MODEL_NAME", "試験")
        yield


@pytest.fixture
def passage(tmp_path: Path) -> str:
    path = tmp_path / "p.txt"
    path.write_text(TEXT, encoding="utf-8")
    return str(path)


def test_every_opinion_is_in_the_json_and_it_is_read_back(
    passage: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["propose", passage, "--engine", "model", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    said = {
        one["text"]: [(opinion["decision"], opinion["why"]) for opinion in one["opinions"]]
        for one in told["findings"]
    }
    # each part by itself, about the finding that holds it most closely
    assert said["勤め先の工場で夜勤が続き、眠れない日が多いとのこと"] == [
        ("disclose", "このうち「夜勤が続き」について：一つ目"),
        ("disclose", "このうち「勤め先の工場」について：二つ目"),
    ]
    assert said["眠れない日が多いとのこと"] == [("disclose", "このうち「眠れない日が多い」について：三つ目")]
    assert said["佐保"] == [("withhold", "私用")]
    ((silent, why),) = said["烏丸 花代"]
    assert silent is None
    assert "何も述べていない" in why
    assert to_json(from_json(told)) == told
    kept = tmp_path / "p.json"
    kept.write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
    assert run(["reason", str(kept), "--json"]) == 0
    places = [part["finding_ids"] for part in json.loads(capsys.readouterr().out)["parts"]]
    closed = {one["id"] for one in told["findings"] if one["decision"] == "withhold"}
    assert {name for each in places for name in each} == closed


def test_the_terminal_shows_where_the_model_differs_and_what_it_would_not_disclose(
    passage: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["propose", passage, "--engine", "model"]) == 0
    lines = capsys.readouterr().out.splitlines()
    at = next(n for n, line in enumerate(lines) if line.endswith("4行　佐保"))
    assert lines[at - 1].startswith("□")
    assert lines[at + 1] == "　　　モデルの意見（試験）：非開示候補　私用　［引用 原文一致 1］"
    assert sum("モデルの意見（試験）：開示候補" in line for line in lines) == 3
    name = next(n for n, line in enumerate(lines) if line.endswith("烏丸 花代"))
    assert "モデルの意見" not in lines[name + 1]  # silence is counted in a warning
    assert any("モデルは何も述べていません" in line for line in lines)
