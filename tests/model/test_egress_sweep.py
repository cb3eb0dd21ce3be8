"""Whole passages through the recipe to a real server, under `pseudonymize`: what was detected is in no byte it received,
and what it says of them comes back as it stood."""

from __future__ import annotations

import json
import random
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from assistant.adapters.chat import OpenAIChat
from assistant.corpus.corpus import Corpus
from assistant.domain.document import Document
from assistant.domain.entity import EntityKind
from assistant.domain.finding import Proposal
from assistant.model.gate import GuardedGate
from assistant.model.placeholders import book
from assistant.model.prompts import load_prompt
from assistant.model.secrets import without_area
from assistant.propose.argue import ModelProposer
from assistant.propose.argue_prompt import INPUTS, TEXTS
from assistant.propose.recipe import propose
from assistant.propose.tools import Tools
from tests.conftest import ROOT
from tests.model.server import Body, Script, serving
from tests.propose.conftest import city, day, tools  # noqa: F401 - fixtures

PERSONAL = {
    EntityKind.PERSON_NAME, EntityKind.SIGNATURE, EntityKind.ADDRESS, EntityKind.PHONE, EntityKind.EMAIL,
    EntityKind.BIRTH_DATE, EntityKind.BANK_ACCOUNT, EntityKind.MY_NUMBER, EntityKind.CORPORATE_NUMBER,
    EntityKind.ID_NUMBER, EntityKind.EMPLOYEE_NUMBER, EntityKind.VEHICLE_NUMBER, EntityKind.PARCEL_NUMBER,
}  # fmt: skip
FAMILY = ["烏丸", "佐保", "五百旗頭", "齋藤", "髙橋", "渡邉", "小鳥遊", "森", "東海林", "久遠寺"]
GIVEN = ["花代", "健", "さくら", "真一郎", "雪乃", "ひなた", "宗佑", "翠"]
SAMPLE = 12


def _plain(text: str) -> str:
    """Our own comparison is not used to check it: compatibility forms, and no white space."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).lower()


def _passages(folder: Path) -> list[str]:
    lines = (folder / "dev" / "passages.jsonl").read_text("utf-8").splitlines()
    return [json.loads(line)["passage"] for line in lines]


def _fuzzed(passage: str, seed: int) -> str:
    """The same record with other people in it, written as scanners and clerks write."""
    chance = random.Random(seed)
    lines = passage.split("\n")
    for _ in range(4):
        family, given = chance.choice(FAMILY), chance.choice(GIVEN)
        gap = chance.choice([" ", "　", "", "\n", "  "])
        phone = f"093-000-{chance.randint(0, 9999):04}"
        house = f"見本市若葉台{chance.randint(1, 9)}丁目{chance.randint(1, 30)}番{chance.randint(1, 30)}号"
        line = chance.choice(
            [
                f"氏名　{family}{gap}{given}　電話 {phone}",
                f"相談者　{family} {given}（{house}）。{family}さんは当日欠席した。",
                f"住所　{house}　{family}{gap}{given}様方",
                f"環境課　主任　{family} {given}、{family}主任が対応した（{phone}）。",
                f"申請者 {' '.join(family + given)}　生年月日 昭和{chance.randint(20, 63)}年{chance.randint(1, 12)}月3日",
            ]
        )
        if chance.random() < 0.4:
            line = line.translate(str.maketrans("0123456789-", "０１２３４５６７８９－"))
        lines.insert(chance.randint(0, len(lines)), line)
    return "\n".join(lines)


def _echoing(body: Body) -> str:
    """Lines of the passage as they were received, as findings and as reasons for them."""
    told = [str(message["content"]) for message in body["messages"]]
    user, mark = next(
        (text, found) for text in reversed(told) if (found := re.search(r"====文書[0-9]+====", text))
    )
    received = user.rsplit(f"\n{mark[0]}\n", 2)[1].split("\n")
    lines = [line for line in received if "〔" in line and line.strip()][:12]
    findings = [
        {
            "text": line.strip(),
            "before": "",
            "decision": "ask",
            "head": "個人",
            "exceptions": [],
            "why": line.strip(),
            "reason": "",
            "to_find_out": line.strip(),
            "citations": [],
        }
        for line in lines
    ]
    return json.dumps({"findings": findings, "opinions": []}, ensure_ascii=False)


class _Swept:
    """What became of one passage."""

    def __init__(self, text: str, proposal: Proposal, bodies: list[Body], detected: set[str]) -> None:
        self.text, self.proposal, self.bodies, self.detected = text, proposal, bodies, detected

    @property
    def left(self) -> list[str]:
        """Detected strings that the server received."""
        received = _plain("\n".join(_strings(self.bodies)))
        return sorted(one for one in self.detected if one in received)

    @property
    def echoes(self) -> list[str]:
        """What the model said, as it came back."""
        return [
            finding.to_find_out
            for finding in self.proposal.findings
            if finding.to_find_out and any(by.startswith("model:") for by in finding.found_by)
        ]


def _strings(data: Any) -> Iterator[str]:
    if isinstance(data, str):
        yield data
    elif isinstance(data, dict):
        for key, value in data.items():
            yield key
            yield from _strings(value)
    elif isinstance(data, list):
        for one in data:
            yield from _strings(one)


def _detected(document: Document, tools: Tools) -> set[str]:  # noqa: F811
    facts = tools.read_together(document, [tools.detect(page) for page in document.pages])
    texts = {one.text for one in facts.entities if one.kind in PERSONAL}
    texts |= {alias for person in facts.persons for alias in person.aliases}
    areas = {
        one.text for one in facts.entities if one.kind is EntityKind.ADDRESS and not without_area(one.text)
    }
    plain = {_plain(text) for text in texts - areas}
    return {text for text in plain if len(text) > 1 and text not in book().ordinary}


def _sweep(texts: list[str], tools: Tools, city: Corpus, day: date) -> Iterator[_Swept]:  # noqa: F811
    prompt = load_prompt(ROOT / "prompts" / "argue.toml", texts=TEXTS, inputs=INPUTS)
    with serving(Script(content=_echoing)) as stub:
        gate = GuardedGate(OpenAIChat(stub.endpoint, "試験"), "pseudonymize")
        armed = replace(tools, proposer=ModelProposer(gate, city, prompt, detect=tools.detect))
        for text in texts:
            stub.bodies.clear()
            document = Document.of_texts((text,), name="試験")
            proposal = propose(document, tools=armed, decision_date=day, requested_engine="model")
            yield _Swept(text, proposal, list(stub.bodies), _detected(document, tools))


def _check(texts: list[str], tools: Tools, city: Corpus, day: date) -> tuple[int, int]:  # noqa: F811
    """How many strings were looked for, and how many words of the model came back."""
    strings = echoes = 0
    for number, swept in enumerate(_sweep(texts, tools, city, day)):
        assert swept.bodies, number
        codes = {warning.code: warning.message for warning in swept.proposal.warnings}
        assert swept.proposal.engine == "model", (number, codes)
        assert swept.left == [], number
        assert "model_not_in_text" not in codes, (number, codes)
        for echo in swept.echoes:
            assert echo in swept.text, number
            assert not re.search(r"〔[^〔〕]*[0-9]〕", echo) or echo in swept.text
        strings += len(swept.detected)
        echoes += len(swept.echoes)
    return strings, echoes


def test_no_detected_string_leaves_and_everything_comes_back(
    shared_data: Path,
    tools: Tools,  # noqa: F811
    city: Corpus,  # noqa: F811
    day: date,  # noqa: F811
) -> None:
    chance = random.Random(20240601)
    passages = chance.sample(_passages(shared_data), SAMPLE)
    texts = [_fuzzed(text, n) if n % 2 else text for n, text in enumerate(passages)]
    strings, echoes = _check(texts, tools, city, day)
    assert strings > SAMPLE * 4
    assert echoes > SAMPLE


@pytest.mark.sweep
def test_the_whole_dev_set_as_it_is_and_fuzzed(
    shared_data: Path,
    tools: Tools,  # noqa: F811
    city: Corpus,  # noqa: F811
    day: date,  # noqa: F811
) -> None:
    passages = _passages(shared_data)
    texts = [*passages, *(_fuzzed(text, n) for n, text in enumerate(passages))]
    strings, echoes = _check(texts, tools, city, day)
    print(f"{len(texts)} passages, {strings} detected strings, {echoes} echoes")
    assert strings > 1_000
    assert echoes > 300
