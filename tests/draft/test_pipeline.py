"""From a page to its rows with nothing in between but the real rooms: what the rules propose can be sent out."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from assistant.corpus.corpus import Corpus
from assistant.detect.detector import Detector
from assistant.detect.together import read_together
from assistant.domain.document import Document
from assistant.domain.finding import Decision
from assistant.draft.part import Part
from assistant.draft.reasons import write_parts
from assistant.policy.judge import judge_by_policy
from assistant.policy.load import load_policy
from assistant.text.folding import folded_text
from tests.draft.conftest import DAY

PASSAGES = [
    "騒音苦情受付票\n受付日：令和8年5月11日\n申出者　氏名：鯨岡 みどり　住所：見本市若草台4丁目7番9号　電話：093-000-4321\n"
    "対応者：環境保全課　主任　戸部\n内容：向かいの工場の音で眠れないとのこと。鯨岡さんは心療内科に通院中と述べた。",
    "請求書\n見本市長 様\n株式会社みずいろ設備　代表取締役　椎葉 巌\n担当　穂積　携帯 090-0000-5678\n"
    "合計金額　1,234,567円\n振込先　架空銀行 若草支店 普通 7654321",
    "用地交渉記録\n地権者　白浜 トメ\n提示できる補償の上限額は4,500万円とする方針である。相手方は移転先が決まるまで契約しないと述べた。",
]


class Pipeline:
    """Detector, reading together and policy of the sample city."""

    def __init__(self, city: Corpus) -> None:
        self.city = city
        self.detector = Detector()
        self.policy = load_policy(city.policy_path, city)

    def __call__(self, text: str, doc_type: str | None = None) -> tuple[tuple[Part, ...], list[str]]:
        """The rows, and every text that is to be withheld."""
        document = Document.of_texts((text,), name="文章", doc_type=doc_type)
        facts = read_together(document, (self.detector.detect(document.pages[0]),))
        findings = judge_by_policy(document, facts, (), self.policy, self.city, DAY)
        withheld = [finding.text for finding in findings if finding.decision is Decision.WITHHOLD]
        return write_parts(findings, document, self.city, DAY), withheld


@pytest.fixture(scope="module")
def pipeline(city: Corpus) -> Pipeline:
    return Pipeline(city)


def fit(parts: tuple[Part, ...], withheld: list[str]) -> None:
    for part in parts:
        assert [check.message for check in part.checks if not check.ok] == []
        for text in withheld:
            if len(folded_text(text)) > 3:
                assert folded_text(text) not in folded_text(part.reason + part.place)


@pytest.mark.parametrize("passage", PASSAGES)
def test_rows_of_whole_records(pipeline: Pipeline, passage: str) -> None:
    parts, withheld = pipeline(passage)
    assert parts
    clauses = [(part.kind, part.clauses, part.open_from) for part in parts]
    assert len(clauses) == len(set(clauses))  # one kind and ground, one row
    fit(parts, withheld)


def test_rows_of_the_development_passages(pipeline: Pipeline, shared_data: Path) -> None:
    lines = (shared_data / "dev" / "passages.jsonl").read_text(encoding="utf-8").splitlines()
    rows = 0
    for line in lines:
        item = json.loads(line)
        parts, withheld = pipeline(item["passage"], item.get("doc_type"))
        fit(parts, withheld)
        rows += len(parts)
    assert rows > len(lines)
