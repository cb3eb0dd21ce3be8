"""What a question holds and what it takes: a beginning that never changes, nothing asked twice, tokens told by page."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from rich.console import Console

from assistant.adapters.chat import OpenAIChat
from assistant.corpus.corpus import Corpus
from assistant.domain.document import Document
from assistant.domain.finding import CitationStatus, Decision, Proposal
from assistant.domain.usage import Usage
from assistant.model.gate import GuardedGate
from assistant.model.prompts import load_prompt
from assistant.propose.argue import ModelProposer
from assistant.propose.argue_prompt import INPUTS, TEXTS
from assistant.propose.recipe import propose
from assistant.propose.spent import total_of, usage_lines
from assistant.propose.terminal import show_proposal
from assistant.propose.tools import Tools
from assistant.propose.wire import from_json, to_json
from assistant.review.codec import decode, encode
from tests.conftest import ROOT
from tests.model.server import Body, Script, Stub, asked, serving

FORM = "申込書\n氏名　相良 ゆかり\n電話　090-0000-6677\n次回は窓口で渡す。"
MINUTES = "打合せ記録\n出席　用地課　主査　並木 徹\n相手方　大和田 清\n上限の額は伝えていない。"
TAX = "給与支払報告\n氏名　江藤 彩\n個人番号　1234 5678 9018\n氏名　江藤 彩"
PERSONAL = "個人に関する情報（事業を営む個人の当該事業に関する情報を除く。）"
NOTHING = '{"findings": [], "opinions": [], "agreed": []}'
Told = dict[str, Any]


class Desk:
    """One proposer at one server, as it lives in the product: over many documents."""

    def __init__(self, tools: Tools, stub: Stub, day: date) -> None:
        prompt = load_prompt(ROOT / "prompts" / "argue.toml", texts=TEXTS, inputs=INPUTS)
        gate = GuardedGate(OpenAIChat(stub.endpoint, "試験モデル", wait=0.01), "allow")
        self._tools = replace(
            tools,
            proposer=ModelProposer(gate, tools.corpus, prompt, detect=tools.detect, policy=tools.policy),
        )
        self._day = day

    def __call__(self, text: str) -> Proposal:
        document = Document.of_texts(tuple(text.split("\f")), name="試験")
        return propose(document, tools=self._tools, decision_date=self._day, requested_engine="model")


Run = Callable[..., tuple[list[Proposal], Stub]]


@pytest.fixture
def run(tools: Tools, day: date) -> Run:
    def ran(script: Script, *texts: str) -> tuple[list[Proposal], Stub]:
        with serving(script) as stub:
            desk = Desk(tools, stub, day)
            return [desk(text) for text in texts], stub

    return ran


def _answer(**more: Any) -> str:
    return json.dumps({"findings": [], "opinions": [], "agreed": [], **more}, ensure_ascii=False)


def _said(text: str, quote: str = PERSONAL) -> Told:
    return {
        "text": text,
        "before": "",
        "decision": "withhold",
        "head": "個人",
        "exceptions": [],
        "why": "本人が分かる",
        "reason": "特定の個人を識別することができるため。",
        "to_find_out": None,
        "citations": [{"source": "S3", "quote": quote}],
    }


# order and repetition ------------------------------------------------------------------------------------------------


def test_the_beginning_of_every_question_of_a_day_is_the_same(run: Run, city: Corpus, day: date) -> None:
    _, stub = run(Script(content=lambda body: NOTHING), FORM, MINUTES, f"{MINUTES}\f{FORM}続き")
    firsts = {json.dumps(body["messages"][0], ensure_ascii=False) for body in stub.bodies}
    assert len(stub.bodies) == 4
    assert len(firsts) == 1
    (first,) = firsts
    for head in city.heads(day):
        assert json.dumps(city.provision_of(head, day).text, ensure_ascii=False)[1:-1] in first
    for body in stub.bodies:
        assert len(body["messages"]) == 2
        user = body["messages"][1]["content"]
        places = [user.index(part) for part in ("# 資料", "# 規則による候補", "# 文書")]
        assert places == sorted(places)
        assert places[0] == 0  # sources first, what changes most last


def test_a_page_that_stands_twice_is_asked_about_once(run: Run) -> None:
    answer = _answer(findings=[_said("次回は窓口で渡す")])
    (proposal,), stub = run(Script(content=lambda body: answer), f"{FORM}\f{FORM}\f{FORM}")
    assert len(stub.bodies) == 1
    own = [one for one in proposal.findings if one.found_by == ("model:試験モデル",)]
    assert [one.extents[0].page for one in own] == [1, 2, 3]
    assert [(one.page, one.usage.calls, one.usage.reused) for one in proposal.usage] == [
        (1, 1, 0),
        (2, 0, 1),
        (3, 0, 1),
    ]


def test_an_answer_that_was_no_use_is_asked_for_anew(run: Run) -> None:
    answers = iter(["{", "{", NOTHING])
    (failed, fine), stub = run(
        Script(content=lambda body: next(answers, NOTHING), knows=("text",)), FORM, FORM
    )
    assert (failed.engine, fine.engine) == ("rules", "model")
    assert stub.bodies


# what rules settle --------------------------------------------------------------------------------------------------


def test_what_is_beyond_doubt_has_no_number_and_may_be_spoken_of(run: Run) -> None:
    answer = _answer(findings=[_said("1234 5678 9018")])
    (proposal,), stub = run(Script(content=lambda body: answer), TAX)
    told = asked(stub.bodies[0]).split("# 規則による候補")[1].split("# 文書")[0]
    assert not re.search(r"\d+\. 「1234 5678 9018」", told)
    assert "個人番号「1234 5678 9018」" in told
    # 江藤 彩 stands twice and is told once
    assert told.count("江藤 彩") == 1
    number = next(one for one in proposal.findings if one.text == "1234 5678 9018")
    assert [one.decision for one in number.opinions] == [Decision.WITHHOLD]


def test_a_word_about_a_number_holds_for_all_that_stand_behind_it(run: Run) -> None:
    def content(body: Body) -> str:
        (number,) = re.findall(r"^(\d+)\. 「江藤 彩」", asked(body), re.MULTILINE)
        doubt = {"number": int(number), "decision": "ask", "head": "個人", "why": "公表か", "citations": []}
        return _answer(opinions=[doubt])

    (proposal,), _ = run(Script(content=content), TAX)
    names = [one for one in proposal.findings if one.text == "江藤 彩"]
    assert [[said.decision for said in one.opinions] for one in names] == [[Decision.ASK]] * len(names)
    assert sum(len(one.extents) for one in names) == 2


def test_agreement_and_silence_stand_beside_the_finding(run: Run) -> None:
    def content(body: Body) -> str:
        (number,) = re.findall(r"^(\d+)\. 「相良 ゆかり」", asked(body), re.MULTILINE)
        return _answer(agreed=[int(number), int(number), 999, "1", None])

    (proposal,), _ = run(Script(content=content), FORM)
    name = next(one for one in proposal.findings if one.text == "相良 ゆかり")
    assert [(one.decision, one.head) for one in name.opinions] == [(name.decision, name.head)]
    silent = [one for one in proposal.findings if [said.decision for said in one.opinions] == [None]]
    assert "090-0000-6677" in {one.text for one in silent}
    (warning,) = [one for one in proposal.warnings if one.code == "model_silent"]
    assert f"{len(silent)}件" in warning.message
    assert from_json(json.loads(json.dumps(to_json(proposal)))) == proposal


# one repair of words ------------------------------------------------------------------------------------------------


def test_a_quote_that_is_not_there_is_mended_once_and_nothing_right_is_lost(run: Run) -> None:
    wrong = _said("次回は窓口で渡す", PERSONAL + "ものをいう")
    first = _answer(findings=[wrong, _said("申込書")])
    second = _answer(findings=[_said("次回は窓口で渡す")])  # forgets what was right
    (proposal,), stub = run(
        Script(content=lambda body: second if "合わない点がある" in asked(body) else first), FORM
    )
    assert len(stub.bodies) == 2
    mended = stub.bodies[1]["messages"]
    assert mended[:2] == stub.bodies[0]["messages"]
    assert "findings.0.citations.0.quote" in mended[-1]["content"]
    assert "findings.1" not in mended[-1]["content"]
    own = {one.text: one for one in proposal.findings if one.found_by == ("model:試験モデル",)}
    assert set(own) == {"次回は窓口で渡す", "申込書"}
    assert {c.status for one in own.values() for c in one.citations} == {CitationStatus.VERIFIED}
    assert total_of(proposal.usage).calls == 2


@pytest.mark.parametrize("second", ["{}", "言葉だけ", None])
def test_a_repair_that_fails_leaves_the_first_answer_as_it_was_checked(run: Run, second: str | None) -> None:
    first = _answer(findings=[_said("次回は窓口で渡す", "どこにもない文")])
    worse = _answer(findings=[_said("無い", "無い"), _said("無い物", "無い")])
    answer = worse if second is None else second
    (proposal,), _ = run(
        Script(content=lambda body: answer if "合わない点がある" in asked(body) else first), FORM
    )
    (own,) = [one for one in proposal.findings if one.found_by == ("model:試験モデル",)]
    assert own.text == "次回は窓口で渡す"
    assert [one.status for one in own.citations] == [CitationStatus.NOT_FOUND]


# tokens -------------------------------------------------------------------------------------------------------------


def test_tokens_are_told_by_page_and_in_all(run: Run, city: Corpus) -> None:
    usage = {
        "prompt_tokens": 5000,
        "completion_tokens": 70,
        "total_tokens": 5070,
        "prompt_tokens_details": {"cached_tokens": 4000},
    }
    (proposal,), _ = run(Script(content=lambda body: NOTHING, usage=usage), f"{FORM}\f{MINUTES}")
    assert total_of(proposal.usage) == Usage(
        calls=2, prompt_tokens=10_000, completion_tokens=140, cached_tokens=8_000
    )
    shown = io.StringIO()
    show_proposal(proposal, city.city, Console(file=shown, width=200))
    assert "モデル：2回・入力10,000＋出力140 トークン" in shown.getvalue()
    assert "2ページ：1回・入力5,000＋出力70" in shown.getvalue()
    # as JSON and in the record, there and back; and what was written before there was any usage
    told = to_json(proposal)
    assert told["usage"][0] == {
        "page": 1,
        "calls": 1,
        "reused": 0,
        "prompt_tokens": 5000,
        "completion_tokens": 70,
        "cached_tokens": 4000,
        "estimated": 0,
    }
    assert from_json(told) == proposal
    assert decode(Proposal, encode(proposal)) == proposal
    old = {name: value for name, value in told.items() if name != "usage"}
    assert from_json(old) == replace(proposal, usage=())
    stored = encode(proposal)
    del stored["usage"]
    assert decode(Proposal, stored) == replace(proposal, usage=())


def test_a_server_that_does_not_count_is_estimated_and_said(run: Run) -> None:
    (proposal,), _ = run(Script(content=lambda body: NOTHING, usage=None), FORM)
    whole = total_of(proposal.usage)
    assert (whole.calls, whole.estimated) == (1, 1)
    assert 4_000 < whole.prompt_tokens < 12_000
    assert "1回分は見積り" in usage_lines(proposal.usage)[0]


def test_rules_alone_take_nothing(tools: Tools, day: date) -> None:
    proposal = propose(Document.of_texts((FORM,), name="試験"), tools=tools, decision_date=day)
    assert proposal.usage == ()
    assert usage_lines(proposal.usage) == []
