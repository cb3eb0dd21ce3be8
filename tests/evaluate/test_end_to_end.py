"""`osumitsuki evaluate` on the sample city: what it prints is what anybody gets who scores `--out` again."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from rescorer import rescore

from assistant.cli import run

TEXTS = {
    "a": "見学会の申込書\n氏名　相良 ゆかり\n電話　090-0000-6677\n受付　道路維持課　主事　早川 誠\f2枚目\n相良様の都合を確かめた。",
    "b": "工事請負契約書\n受注者　株式会社遠山組　代表取締役　遠山 武\n請負代金額　1,980,000円\n代表者印 ㊞",
}
SPANS: dict[str, list[dict[str, Any]]] = {
    "a": [
        {"text": "相良 ゆかり", "decision": "withhold", "category": "個人"},
        {"text": "090-0000-6677", "decision": "withhold", "category": "個人", "alt_category": ["事務事業"]},
        {"text": "早川 誠", "decision": "disclose", "category": "個人"},
        {"text": "相良", "decision": "depends", "category": "個人"},
    ],
    "b": [
        {"text": "遠山 武", "decision": "disclose", "category": None},
        {"text": "1,980,000円", "decision": "disclose", "category": None},
        {"text": "㊞", "decision": "withhold", "category": "法人"},
    ],
}
QUESTIONS = [
    {"id": "q1", "query": "申込者の氏名は開示できますか", "category": "個人"},
    {"id": "q2", "query": "担当した職員の名前は出しますか", "category": "個人", "exception": "公務員の職務"},
    {"id": "q3", "query": "写しの交付の手数料はいくらですか", "category": None, "procedure": "手数料"},
]


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("evaluate")


@pytest.fixture(autouse=True)
def _sample(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OSUMITSUKI_DATA_DIR", str(data_dir))
    monkeypatch.setenv("OSUMITSUKI_NER", "off")


def written(path: Path, rows: list[dict[str, Any]]) -> Path:
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return path


def evaluated(capsys: pytest.CaptureFixture[str], of: str, listed: Path, out: Path) -> tuple[Any, list[Any]]:
    assert run(["evaluate", of, str(listed), "--json", "--out", str(out)]) == 0
    told = json.loads(capsys.readouterr().out)
    return told, [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]


def head_of_source() -> dict[str, set[str]]:
    """Source id to heads, straight from the corpus."""
    from assistant.corpus.load import load_city

    corpus = load_city(Path(__file__).resolve().parents[2] / "ordinances" / "mihon")
    return {source.id: {str(head) for head in source.heads} for source in corpus.sources.values()}


def test_passages_and_documents_rescored_from_the_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [{"id": name, "passage": text, "spans": SPANS[name]} for name, text in TEXTS.items()]
    told, lines = evaluated(capsys, "passages", written(tmp_path / "p.jsonl", rows), tmp_path / "p.out")
    assert [line["id"] for line in lines] == list(TEXTS)
    for line in lines:
        for finding in line["findings"]:
            assert TEXTS[line["id"]][finding["start"] : finding["end"]] == finding["text"]
    heads = head_of_source()
    again = rescore(
        list(TEXTS.values()),
        list(SPANS.values()),
        [line["findings"] for line in lines],
        lambda citation, head: (
            citation["status"] == "verified" and head in heads.get(citation["source"], set())
        ),
    )
    assert {name: (each["hits"], each["of"]) for name, each in told["figures"].items()} == again
    assert (told["of"], told["engine"], told["items"], told["fictional"]) == ("passages", "rules", 2, True)
    # the same texts as files beside a list
    for name, text in TEXTS.items():
        (tmp_path / f"{name}.txt").write_text(text, encoding="utf-8")
    listed = [{"id": name, "file": f"{name}.txt", "spans": SPANS[name]} for name in TEXTS]
    documents, _ = evaluated(capsys, "documents", written(tmp_path / "d.jsonl", listed), tmp_path / "d.out")
    assert documents["figures"] == told["figures"]


def test_questions_rescored_from_the_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told, lines = evaluated(capsys, "queries", written(tmp_path / "q.jsonl", QUESTIONS), tmp_path / "q.out")
    ranks = []
    for row, line in zip(QUESTIONS, lines, strict=True):
        assert line["id"] == row["id"]
        assert {result["kind"] for result in line["results"]} == {"provision"}
        key = "topic" if row["category"] is None else "head"
        right = [result[key] == (row["category"] or row["procedure"]) for result in line["results"]]
        ranks.append(right.index(True) + 1 if True in right else None)
    for k in (1, 3, 5):
        assert told["figures"][f"hit@{k}"]["hits"] == sum(rank is not None and rank <= k for rank in ranks)
    assert told["figures"]["mrr"]["value"] == pytest.approx(
        sum(1 / rank if rank else 0 for rank in ranks) / 3
    )
    limbs = [result["exception"] for result in lines[1]["results"][:5]]
    assert told["figures"]["exception_hit@5"] == {
        "share": float("公務員の職務" in limbs),
        "hits": int("公務員の職務" in limbs),
        "of": 1,
    }


def test_for_people(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = [{"id": "b", "passage": TEXTS["b"], "spans": SPANS["b"]}]
    assert run(["evaluate", "passages", str(written(tmp_path / "p.jsonl", rows))]) == 0
    shown = capsys.readouterr().out
    for words in ("架空", "規則のみ", "見つけた割合", "対象なし"):
        assert words in shown


def test_out_that_cannot_be_written_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    listed = written(tmp_path / "q.jsonl", QUESTIONS)
    assert run(["evaluate", "queries", str(listed), "--out", str(tmp_path / "none" / "q.out")]) == 2
    assert "--out" in capsys.readouterr().err
