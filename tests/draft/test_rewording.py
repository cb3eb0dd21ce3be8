"""Reasons by model over a real HTTP server: worded beside the rules', mended once, never trusted."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest

from assistant.adapters.chat import OpenAIChat
from assistant.corpus.corpus import Corpus
from assistant.detect.detector import Detector
from assistant.domain.document import Document
from assistant.domain.entity import EntityKind
from assistant.domain.finding import Finding, Review
from assistant.domain.provision import Head
from assistant.draft.part import Part
from assistant.draft.reasons import write_parts
from assistant.draft.rewording import Drafted, Reworder, Room, drafted_json, failed
from assistant.draft.rewording_prompt import INPUTS, TEXTS
from assistant.errors import ModelError, ModelUnavailable, UnusableAnswer
from assistant.model.errand import EgressRule
from assistant.model.gate import GuardedGate
from assistant.model.prompts import Prompt, load_prompt
from tests.draft.conftest import DAY, ROOT, Make
from tests.model.server import Body, Script, Stub, asked, send, serving

PAGE = (
    "相談票\n氏名：鮫島 春子\n住所：見本市青葉町1丁目2番3号\n内容：うつ病で通院中と述べた。\n"
    "業者：見本市内の業者\n足場の単価：12,500円\n対応：生活環境課\n"
)
DOCUMENT = Document.of_texts((PAGE,), name="相談票.txt")
SECRETS = ("鮫島", "春子", "青葉町", "うつ病", "12,500")
PERSON = (
    "相談をした個人の氏名であり、個人に関する情報で特定の個人を識別することができるものであるため、第7条第2号に該当する。"
    "公にすることが予定された情報、生命や健康の保護のため必要な情報及び公務員の職務に係る情報のいずれでもないため、"
    "同号ただし書ア、イ及びウのいずれにも該当しない。"
)
HEALTH = (
    "相談をした個人の健康に関する情報であり、特定の個人を識別することができるため、第7条第2号に該当する。"
    "同号ただし書ア、イ及びウのいずれにも該当しない。"
)
PRICE = (
    "法人等の取引に係る単価であり、公にすることにより、価格の設定の考え方が同業の者に知られ、"
    "当該法人等の正当な利益を害するおそれがあるため、第7条第3号に該当する。"
    "同号ただし書ア及びイのいずれにも該当しない。"
)
ROWS = {1: PERSON, 2: HEALTH, 3: PRICE}
HARM = "当該法人等の正当な利益を害するおそれ"

Answers = Callable[[int, int], str]
"""Row and which question it is (1: the first) to a reason."""


@pytest.fixture(scope="module")
def prompt() -> Prompt:
    return load_prompt(ROOT / "prompts" / "reason.toml", texts=TEXTS, inputs=INPUTS)


@pytest.fixture
def findings(find: Make) -> list[Finding]:
    return [
        find(DOCUMENT, "鮫島 春子", EntityKind.PERSON_NAME, Head.INDIVIDUAL, person="p1"),
        find(DOCUMENT, "うつ病で通院中", EntityKind.HEALTH, Head.INDIVIDUAL, person="p1"),
        find(DOCUMENT, "12,500円", EntityKind.UNIT_PRICE, Head.CORPORATE),
        find(DOCUMENT, "見本市青葉町1丁目2番3号", EntityKind.ADDRESS, Head.INDIVIDUAL, decision="ask"),
    ]


def row(number: int, reason: str, **slots: Any) -> dict[str, Any]:
    clause = "第7条第3号" if number == 3 else "第7条第2号"
    harm = HARM if HARM in reason else ""
    told = {"number": number, "place": "", "kind": "", "grounds": [clause], "harm": harm, "provisos": []}
    return told | {"reason": reason} | slots


def rows_asked(body: Body) -> list[int]:
    """The rows of the question; a repair names those to mend."""
    text = str(body["messages"][-1]["content"])
    return [int(number) for number in dict.fromkeys(re.findall(r"(\d+)行目", text)) if int(number) in ROWS]


def answering(reasons: Answers, **slots: Any) -> Script:
    def content(body: Body) -> str:
        turn = 1 + sum(message["role"] == "assistant" for message in body["messages"])
        rows = [row(number, reasons(number, turn), **slots) for number in rows_asked(body)]
        return json.dumps({"rows": rows}, ensure_ascii=False)

    return Script(content=content)


Ask = Callable[..., tuple[Drafted, Stub, tuple[Part, ...]]]


@pytest.fixture
def ask(city: Corpus, prompt: Prompt, findings: list[Finding]) -> Ask:
    def run(
        script: Script,
        rule: EgressRule = "allow",
        room: Room | None = None,
        given: list[Finding] | None = None,
    ) -> tuple[Drafted, Stub, tuple[Part, ...]]:
        found = given or findings
        parts = write_parts(found, DOCUMENT, city, DAY)
        with serving(script) as stub:
            gate = GuardedGate(OpenAIChat(stub.endpoint, "試験"), rule)
            reworder = Reworder(gate, city, prompt, room, detect=Detector().detect)
            drafted = reworder.word(parts, found, DOCUMENT, DAY)
        return drafted, stub, parts

    return run


def only_rules(drafted: Drafted, parts: tuple[Part, ...]) -> None:
    """The rules' rows stand as they were, whatever the model said."""
    assert [replace(part, wording=None) for part in drafted.parts] == list(parts)


def test_a_good_wording_stands_beside_the_rules(ask: Ask) -> None:
    drafted, stub, parts = ask(answering(lambda number, turn: ROWS[number]))
    only_rules(drafted, parts)
    assert [part.wording.reason for part in drafted.parts if part.wording] == [PERSON, HEALTH, PRICE]
    assert [c.message for p in drafted.parts if p.wording for c in p.wording.checks if not c.ok] == []
    assert all(part.wording and part.wording.usable and part.wording.by == "試験" for part in drafted.parts)
    assert len(stub.bodies) == 1
    assert drafted.warnings == ()
    assert drafted.usage.calls == 1
    told = json.loads(json.dumps(drafted_json(drafted), ensure_ascii=False))
    assert (told["engine"], told["requested_engine"], told["model"]) == ("model", "model", "試験")
    assert told["parts"][0]["reason"] == parts[0].reason
    assert told["parts"][0]["wording"]["reason"] == PERSON
    assert told["parts"][0]["wording"]["usable"] is True


@pytest.mark.parametrize("rule", ["allow", "pseudonymize"])
def test_nothing_withheld_leaves(ask: Ask, rule: EgressRule) -> None:
    _, stub, parts = ask(answering(lambda number, turn: ROWS[number]), rule)
    sent = json.dumps(stub.bodies, ensure_ascii=False)
    assert not [secret for secret in SECRETS if secret in sent]
    assert all(part.place in asked(stub.bodies[0]) for part in parts)
    assert "第7条第3号" in asked(stub.bodies[0])  # the clauses are whole under either rule


def test_what_a_finding_says_of_itself_is_not_sent_where_it_tells(ask: Ask, findings: list[Finding]) -> None:
    ground = findings[1].grounds[0]
    telling = replace(ground, why="うつ病で通院していることが書かれている。")
    given = [findings[0], replace(findings[1], grounds=(telling,), reason="心の病に関する記載である。")]
    _, stub, _ = ask(answering(lambda number, turn: ROWS[number]), given=given)
    sent = json.dumps(stub.bodies, ensure_ascii=False)
    assert "うつ病" not in sent
    assert "心の病" not in sent


BAD = {
    "leak": (HEALTH.replace("健康に関する情報", "うつ病で通院中という健康に関する情報"), "leak"),
    "retelling": (HEALTH.replace("健康に関する情報", "精神の疾患に係る健康に関する情報"), "leak"),
    "name of the other row": (HEALTH.replace("相談をした個人", "鮫島氏"), "leak"),
    "other clause": (HEALTH.replace("第7条第2号", "第7条第6号"), "clause"),
    "no such clause": (HEALTH.replace("第7条第2号", "第99条第2号"), "clause"),
    "boilerplate": ("個人情報のため。", "boilerplate"),
    "clause only": ("第7条第2号に該当するため。", "length"),
    "harm of another head": (
        HEALTH.replace("できるため", "でき、当該事務又は事業の適正な遂行に支障を及ぼすおそれがあるため"),
        "invented",
    ),
    "invented fact": (
        HEALTH.replace("できるため", "でき、過去に近隣の者から脅迫状が届き、窓を割られたことがあるため"),
        "invented",
    ),
    "invented number": (HEALTH.replace("できるため", "でき、同じ相談が37回あったため"), "invented"),
    "handbook": (HEALTH.replace("第7条第2号に", "手引によれば第7条第2号に"), "source"),
    "nothing": ("", "length"),
}


@pytest.mark.parametrize("bad", BAD)
def test_a_bad_wording_is_mended_once(ask: Ask, bad: str) -> None:
    reason, _ = BAD[bad]
    script = answering(lambda number, turn: reason if (number, turn) == (2, 1) else ROWS[number])
    drafted, stub, parts = ask(script)
    only_rules(drafted, parts)
    assert len(stub.bodies) == 2
    assert rows_asked(stub.bodies[1]) == [2]
    sent = json.dumps(stub.bodies, ensure_ascii=False)
    assert not [secret for secret in SECRETS if secret in sent]  # not even as what the model said itself
    assert drafted.parts[1].wording
    assert drafted.parts[1].wording.reason == HEALTH
    assert drafted.parts[1].wording.usable
    assert drafted.warnings == ()


@pytest.mark.parametrize("bad", BAD)
def test_a_wording_that_stays_bad_cannot_be_used_and_says_why(ask: Ask, bad: str) -> None:
    reason, code = BAD[bad]
    drafted, stub, parts = ask(answering(lambda number, turn: reason if number == 2 else ROWS[number]))
    only_rules(drafted, parts)
    assert len(stub.bodies) == 2  # and no third
    worded = drafted.parts[1].wording
    assert worded
    assert not worded.usable
    assert code in {check.code for check in worded.checks if not check.ok}
    assert [part.wording.usable for part in drafted.parts if part.wording] == [True, False, True]
    assert [warning.code for warning in drafted.warnings] == ["model_not_worded"]


def test_a_harm_slot_that_is_not_in_the_reason_or_a_strange_ground_is_refused(ask: Ask) -> None:
    for slots in ({"harm": "報復を受けるおそれ"}, {"grounds": ["第7条第6号"]}):
        drafted, _, parts = ask(answering(lambda number, turn: ROWS[number], **slots))
        only_rules(drafted, parts)
        assert not any(part.wording.usable for part in drafted.parts if part.wording)


def test_a_row_left_out_is_asked_for_and_then_missed(ask: Ask) -> None:
    def content(body: Body) -> str:
        return json.dumps({"rows": [row(n, ROWS[n]) for n in rows_asked(body) if n != 2]}, ensure_ascii=False)

    drafted, stub, parts = ask(Script(content=content))
    only_rules(drafted, parts)
    assert len(stub.bodies) == 2
    assert drafted.parts[1].wording is None
    assert [warning.code for warning in drafted.warnings] == ["model_not_worded"]


def test_a_second_answer_that_cannot_be_read_loses_nothing(ask: Ask) -> None:
    def content(body: Body) -> str:
        if any(message["role"] == "assistant" for message in body["messages"]):
            return "申し訳ありません。"
        return json.dumps({"rows": [row(n, ROWS[n]) for n in ROWS if n != 3]})

    drafted, _, parts = ask(Script(content=content))
    only_rules(drafted, parts)
    assert drafted.parts[0].wording
    assert drafted.parts[0].wording.usable


def test_many_rows_go_in_several_questions_with_the_same_beginning(ask: Ask) -> None:
    drafted, stub, _ = ask(answering(lambda number, turn: ROWS[number]), room=Room(rows=2))
    assert [rows_asked(body) for body in stub.bodies] == [[1, 2], [3]]
    assert len({body["messages"][0]["content"] for body in stub.bodies}) == 1
    assert all(part.wording and part.wording.usable for part in drafted.parts)


def test_what_has_no_room_is_not_cut(ask: Ask) -> None:
    with_room, stub, parts = ask(answering(lambda number, turn: ROWS[number]), room=Room(question=10))
    assert stub.bodies == []
    only_rules(with_room, parts)
    assert [warning.code for warning in with_room.warnings] == ["model_too_long"]


@contextmanager
def failing(kind: type[ModelError]) -> Iterator[None]:
    with pytest.raises(kind) as caught:
        yield
    assert not [secret for secret in SECRETS if secret in str(caught.value)]


def unavailable(handler: BaseHTTPRequestHandler, body: Body) -> bool:
    send(handler, 401, json.dumps({"error": {"message": asked(body)}}).encode())
    return True


def test_a_server_that_fails_is_told_and_the_rules_stand(
    ask: Ask, city: Corpus, findings: list[Finding]
) -> None:
    with failing(ModelUnavailable):
        ask(Script(misbehave=unavailable))
    with failing(UnusableAnswer):
        ask(Script(content=lambda body: "何も書けません。"))
    parts = write_parts(findings, DOCUMENT, city, DAY)
    told = failed(parts, ModelUnavailable("モデルに接続できません。"))
    assert (told.engine, told.requested_engine) == ("rules", "model")
    assert told.parts == parts
    assert told.warnings[0].code == "model_failed"
    assert "規則による理由" in told.warnings[0].message


def test_no_rows_ask_nothing(ask: Ask, findings: list[Finding]) -> None:
    drafted, stub, _ = ask(answering(lambda number, turn: ROWS[number]), given=findings[3:])
    assert stub.bodies == []
    assert drafted.parts == ()


def test_whom_only_the_person_who_decided_names_stays_at_home(ask: Ask, findings: list[Finding]) -> None:
    first, *others = findings
    (ground, *_) = first.grounds
    told = "窓口で相談者の妻の鶴見 和枝さん（090-0000-4471）から聞いた。"
    decided = Review(state="changed", by="総務課　見本 太郎", at=datetime(2026, 11, 2, tzinfo=UTC))
    own = replace(first, grounds=(replace(ground, why=told),), decided=decided)
    _, stub, _ = ask(answering(lambda number, turn: ROWS[number]), "pseudonymize", given=[own, *others])
    sent = asked(stub.bodies[0])
    assert "窓口で相談者の妻の" in sent
    assert not [word for word in ("鶴見", "和枝", "4471") if word in sent]
