"""The parts behind the pages: positions, acts from the browser, sentences for failures."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from assistant.adapters.record import open_record
from assistant.cite import quote_of, verify
from assistant.corpus.corpus import Corpus
from assistant.corpus.load import load_city
from assistant.documents.text import of_passage
from assistant.domain.document import Document, Extent
from assistant.domain.entity import EntityKind
from assistant.domain.finding import (
    Decision,
    Estimate,
    Example,
    Finding,
    Ground,
    Proposal,
    ProposalWarning,
    finding_id,
)
from assistant.domain.provision import Head
from assistant.errors import ReviewRefused
from assistant.review.actor import Actor
from assistant.review.case import Case
from assistant.review.desk import Desk
from assistant.ui.desk.acts import Acknowledged, Sent, carry_out, read_sent
from assistant.ui.desk.view import clause_choices, desk_data, warning_words
from assistant.ui.guard import told
from assistant.ui.sources import lit_runs, shown_source
from assistant.ui.words import words

DAY = date(2026, 11, 23)
TEXT = "𠮷田\t弥生と白鳥\n白鳥は職員"


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    return load_city(Path(__file__).resolve().parents[2] / "ordinances" / "mihon")


@pytest.fixture
def desk(tmp_path: Path, corpus: Corpus) -> Desk:
    return Desk(open_record(tmp_path / "data"), lambda: datetime.now(UTC), corpus)


@pytest.fixture
def actor() -> Actor:
    return Actor(department="総務部", name="見本 太郎")


def found(corpus: Corpus, start: int, end: int, decision: Decision, *, cited: bool = True) -> Finding:
    document = of_passage(TEXT)
    extents = (Extent(page=1, start=start, end=end),)
    provision = corpus.provision_of(Head.INDIVIDUAL, DAY)
    source = corpus.sources[provision.source_id]
    citation = verify(quote_of(source, ["個人"]), source.id, corpus, as_of=DAY)
    return Finding(
        id=finding_id(document, EntityKind.PERSON_NAME, extents),
        kind=EntityKind.PERSON_NAME,
        extents=extents,
        text=document.cut(extents[0]),
        decision=decision,
        grounds=(Ground(head=Head.INDIVIDUAL, provision=provision.label, limb=None, why="氏名である。"),),
        person="p1" if TEXT[start:end] == "白鳥" else "p2",
        citations=(citation,) if cited else (),
    )


@pytest.fixture
def case(desk: Desk, actor: Actor, corpus: Corpus) -> Case:
    findings = (
        found(corpus, 0, 5, Decision.ASK),
        found(corpus, 6, 8, Decision.WITHHOLD),
        found(corpus, 9, 11, Decision.WITHHOLD),
        found(corpus, 12, 14, Decision.DISCLOSE, cited=False),
    )
    proposal = Proposal(
        city="mihon",
        fictional=True,
        engine="rules",
        requested_engine="rules",
        model=None,
        ordinance_id=corpus.ordinance.title,
        ordinance_in_force_from=corpus.ordinance.version_date(DAY),
        decision_date=DAY,
        document=of_passage(TEXT),
        findings=findings,
        estimate=Estimate(both=0, one=0, missed=0.0, interval=(0.0, 0.0)),
    )
    return desk.open_case(actor, "passage", "試し", proposal)


def sent(case: Case, *acts: dict[str, object]) -> Sent:
    numbered = [{"n": number, **act} for number, act in enumerate(acts, 1)]
    return read_sent({"token": "t", "case": case.id, "acts": numbered})


def shown(case: Case, corpus: Corpus) -> dict[str, object]:
    assert case.proposal is not None
    ack = Acknowledged().model_dump()
    return desk_data(case, case.proposal, corpus, words(corpus.city.labels), ack=ack, rules={})


def test_positions_are_code_points_and_the_text_is_whole(case: Case, corpus: Corpus) -> None:
    data = shown(case, corpus)
    assert data["pages"] == [{"number": 1, "text": TEXT}]
    findings = data["findings"]
    assert isinstance(findings, list)
    assert [finding["extents"] for finding in findings] == [
        [[1, 0, 5]],
        [[1, 6, 8]],
        [[1, 9, 11]],
        [[1, 12, 14]],
    ]
    assert findings[0]["text"] == "𠮷田\t弥生"  # five characters to us, six units to the browser


def test_one_decision_for_all_places_of_a_person(case: Case, corpus: Corpus) -> None:
    findings = shown(case, corpus)["findings"]
    assert isinstance(findings, list)
    assert set(findings[1]["same"]) == {findings[1]["id"], findings[2]["id"]}
    assert findings[0]["same"] == [findings[0]["id"]]  # an ask stands alone


def test_what_cannot_be_settled_says_so(case: Case, corpus: Corpus, desk: Desk, actor: Actor) -> None:
    findings = shown(case, corpus)["findings"]
    assert isinstance(findings, list)
    assert [finding["supported"] for finding in findings] == [True, True, True, True]


def test_worked_examples_are_shown_as_invented_and_have_nothing_to_open(case: Case, corpus: Corpus) -> None:
    assert case.proposal is not None
    example = Example(
        id="z01", doc_type="相談票", text="笹舟 こより", decision=Decision.WITHHOLD, head=Head.INDIVIDUAL
    )
    lead = replace(case.findings[0], examples=(example,), found_by=("worked_passages",))
    findings = (lead, *case.findings[1:])
    told_case = replace(case, proposal=replace(case.proposal, findings=findings))
    data = shown(told_case, corpus)
    assert isinstance(data["findings"], list)
    assert data["findings"][0]["examples"] == [
        {"doc_type": "相談票", "text": "笹舟 こより", "decision": "withhold", "label": "個人に関する情報"}
    ]
    assert data["findings"][0]["found_by"] == ["作業例との比較"]
    assert data["sources"] == shown(case, corpus)["sources"]
    assert words(corpus.city.labels)["desk"]["examples_mark"] == "架空"


def test_a_warning_says_its_page_where_there_are_several(case: Case) -> None:
    assert case.proposal is not None
    warnings = (
        ProposalWarning(code="existence_refusal", message="先に。"),
        ProposalWarning(code="mosaic", message="残りに。", page=2),
    )
    one = replace(case.proposal, warnings=warnings)
    two = replace(one, document=Document.of_texts(("一", "二"), name="試し"))
    assert warning_words(one, "{n}ページ") == ["先に。", "残りに。"]
    assert warning_words(two, "{n}ページ") == ["先に。", "（2ページ）残りに。"]


def test_acts_are_done_once_however_often_they_are_sent(
    case: Case, desk: Desk, actor: Actor, corpus: Corpus
) -> None:
    ids = [case.findings[1].id, case.findings[2].id]
    message = sent(case, {"kind": "confirm", "ids": ids})
    done = carry_out(message, Acknowledged(), desk, actor, corpus)
    assert (done.n, done.refused) == (1, [])
    again = carry_out(message, done, desk, actor, corpus)
    assert (again.n, again.refused) == (1, [])
    # A new server knows nothing of what was acknowledged: what is already so is no error, and no second act.
    lost = carry_out(message, Acknowledged(), desk, actor, corpus)
    assert lost.refused == []
    assert len(desk.case(case.id, actor).acts) == 1


def test_a_refused_act_does_not_stop_the_next(case: Case, desk: Desk, actor: Actor, corpus: Corpus) -> None:
    ask, first, _, disclosed = (finding.id for finding in case.findings)
    message = sent(
        case,
        {"kind": "confirm", "ids": [ask, first]},  # an ask is never settled with others
        {"kind": "reject", "ids": [disclosed]},  # a disclosure cannot be rejected
        {"kind": "reject", "ids": [first]},
        {"kind": "settle_rest"},
    )
    done = carry_out(message, Acknowledged(), desk, actor, corpus)
    assert done.n == 4
    assert [one["n"] for one in done.refused] == [1, 2]
    states = {finding.id: finding.decided for finding in desk.case(case.id, actor).findings}
    later = carry_out(sent(case, {"n": 5, "kind": "undo"}), done, desk, actor, corpus)
    assert [one["n"] for one in later.refused] == [1, 2]  # told again: the screen may not have seen it
    assert states[ask] is None
    assert states[first] is not None
    assert states[disclosed] is not None


def test_change_and_add_carry_the_reviewers_words(
    case: Case, desk: Desk, actor: Actor, corpus: Corpus
) -> None:
    assert case.proposal is not None
    choices = clause_choices(corpus, case.proposal)
    limb = next(choice for choice in choices if choice["id"].split("|")[2])
    message = sent(
        case,
        {
            "kind": "change",
            "id": case.findings[0].id,
            "decision": "withhold",
            "extents": [[1, 0, 2]],
            "choice": limb["id"],
            "why": "交渉に支障がある。",
            "reason": "交渉の相手方が分かる。",
        },
        {
            "kind": "add",
            "decision": "withhold",
            "extents": [[1, 5, 6]],
            "own_clause": "別の条例第3条",
            "why": "助詞。",
        },
        {"kind": "undo"},
    )
    done = carry_out(message, Acknowledged(), desk, actor, corpus)
    assert done.refused == []
    after = desk.case(case.id, actor)
    changed = after.finding(case.findings[0].id)
    assert changed is not None
    assert (changed.text, changed.decision, changed.reason) == ("𠮷田", "withhold", "交渉の相手方が分かる。")
    assert changed.grounds[0].limb == limb["label"]
    assert len(after.findings) == 4  # the added one was taken back


def test_one_change_for_all_places_of_a_person_is_undone_as_one(
    case: Case, desk: Desk, actor: Actor, corpus: Corpus
) -> None:
    _, first, second, other = case.findings
    change = {
        "kind": "change",
        "id": first.id,
        "decision": "disclose",
        "extents": [[1, 6, 8]],
        "why": "公表済み。",
    }
    message = sent(
        case,
        change | {"also": [other.id]},  # another person is another decision
        change | {"also": [second.id]},
    )
    done = carry_out(message, Acknowledged(), desk, actor, corpus)
    assert [one["n"] for one in done.refused] == [1]
    after = desk.case(case.id, actor)
    changed = [after.finding(first.id), after.finding(second.id)]
    assert [finding.decision for finding in changed if finding] == ["disclose", "disclose"]
    assert [finding.extents for finding in changed if finding] == [first.extents, second.extents]
    desk.undo(case.id, actor)
    assert [finding.decided for finding in desk.case(case.id, actor).findings] == [None] * 4


def test_a_doubt_is_told_to_the_screen_before_anything_is_settled(
    case: Case, desk: Desk, actor: Actor, corpus: Corpus
) -> None:
    """The last finding is a proposed disclosure: who withholds it is told why it would be open, and may insist."""
    assert case.proposal is not None
    clause = next(c["id"] for c in clause_choices(corpus, case.proposal))
    change = {
        "kind": "change",
        "id": case.findings[3].id,
        "decision": "withhold",
        "extents": [[1, 12, 14]],
        "choice": clause,
        "why": "この文書に限る事情がある。",
        "reason": "氏名である。",
    }
    done = carry_out(sent(case, change), Acknowledged(), desk, actor, corpus)
    (refused,) = done.refused
    assert "まだ確定していません" in refused["message"]
    assert [doubt["code"] for doubt in refused["doubts"]] == ["open"]
    assert "白鳥" not in refused["doubts"][0]["message"]
    assert desk.case(case.id, actor).acts == ()
    again = carry_out(sent(case, {"n": 2, **change, "despite": ["open"]}), done, desk, actor, corpus)
    assert [one["n"] for one in again.refused] == [1]  # only the first
    (act,) = desk.case(case.id, actor).acts
    assert act.despite == ("open",)


@pytest.mark.parametrize(
    "value",
    [
        None,  # nothing
        {"token": "t"},  # half a message
        {"token": "t", "case": "c", "acts": [{"n": 1, "kind": "delete_all"}]},  # an act there is not
        {"token": "t", "case": "c", "acts": [{"n": 1, "kind": "confirm", "ids": []}]},  # of nothing
    ],
)
def test_what_the_script_would_never_send_is_refused(value: object) -> None:
    with pytest.raises(ReviewRefused):
        read_sent(value)


@pytest.mark.parametrize(
    ("quote", "text", "lit"),
    [
        ("氏名", "個人の氏名等", ["氏名"]),  # plain
        ("氏 名", "個人の氏\n名等", ["氏\n名"]),  # spaces and lines aside
        ("ＡＢ", "AB棟", ["AB"]),  # widths aside
        ("ない語", "個人の氏名", []),  # not there: nothing is lit
        ("", "個人の氏名", []),  # nothing quoted
    ],
)
def test_quoted_words_are_lit_where_they_stand(quote: str, text: str, lit: list[str]) -> None:
    assert [text[start:end] for start, end in lit_runs(quote, text)] == lit


def test_argument_is_marked_and_apart(corpus: Corpus) -> None:
    argued = next(s for s in corpus.sources.values() if s.unit is not None and s.unit.argument)
    told_source = shown_source(argued, corpus, words(corpus.city.labels))
    assert argued.unit is not None
    assert argued.unit.argument not in told_source["text"]
    assert [part["argued"] for part in told_source["parts"]] == [True]
    assert told_source["mark"] == "架空"


def test_unforeseen_failures_get_a_number_and_leave_no_text(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OSUMITSUKI_DATA_DIR", str(tmp_path))
    try:
        raise ValueError("白鳥弥生の住所")
    except ValueError as error:
        sentence = told(error)
    log = (tmp_path / "app-errors.log").read_text(encoding="utf-8")
    number = sentence.split("番号 ")[1][:6]
    assert number in log
    assert "白鳥" not in log + sentence
    assert "ValueError" in log
