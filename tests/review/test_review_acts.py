"""What a person may settle, and what each act leaves behind."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from review_sample import (
    BUSINESS,
    FINDINGS,
    HANAKO,
    JIRO,
    PERSONAL,
    TEXT,
    SmallCorpus,
    boxed_page,
    cite,
    desk_at,
    proposal,
)

from assistant.domain.document import Document, Extent
from assistant.domain.entity import EntityKind
from assistant.domain.finding import Decision, Finding, Review
from assistant.errors import ReviewRefused
from assistant.review.case import Case
from assistant.review.desk import Desk
from assistant.review.event import EventKind

W, D, A = Decision.WITHHOLD, Decision.DISCLOSE, Decision.ASK


EARLIER = Review(state="confirmed", by="誰か", at=datetime(2026, 1, 1, tzinfo=UTC))


def span(start: int, end: int, page: int = 1) -> Extent:
    return Extent(page=page, start=start, end=end)


def states(case: Case) -> dict[str, str]:
    return {f.id: f.decided.state for f in case.findings if f.decided}


def test_opening_keeps_the_whole_proposal(desk: Desk, case: Case, tmp_path: Path) -> None:
    assert case.proposal == proposal()
    again, store = desk_at(tmp_path)  # as after a restart
    assert again.case(case.id, HANAKO) == case
    store.close()


def test_a_confirmed_finding_says_who_and_when(desk: Desk, case: Case) -> None:
    after = desk.confirm(case.id, HANAKO, ["w1"])
    decided = after.finding("w1")
    assert decided is not None
    assert decided.decided is not None
    assert decided.decided.by == "総務課 見本花子"
    assert decided.decided.at > case.opened_at
    assert replace(decided, decided=None) == FINDINGS[0]
    assert [f.id for f in after.queue] == ["w2", "a1", "a2", "w3", "w4"]
    assert [f.id for f in after.rest] == ["d1", "d2"]


# what is asked | why | what is settled
CONFIRMABLE = [
    (["w1"], "", {"w1"}),  # its own head is cited word for word
    (["w1", "w2"], "", {"w1", "w2"}),  # one person, one act
    (["w1", "w1"], "", {"w1"}),  # a double press
    (["d1", "d2", "w2"], "", {"d1", "d2", "w2"}),  # disclosure needs no head
    (["a1"], "", {"a1"}),  # an ask alone
    (["w3"], "電話帳にも載らない氏名である", {"w3"}),  # the reviewer's own ground stands in
    (["a2"], "発信者を確かめる", {"a2"}),
]


@pytest.mark.parametrize(("ids", "why", "settled"), CONFIRMABLE)
def test_confirming(desk: Desk, case: Case, ids: list[str], why: str, settled: set[str]) -> None:
    after = desk.confirm(case.id, HANAKO, ids, why=why)
    assert states(after) == dict.fromkeys(settled, "confirmed")
    assert (after.acts[-1].why, after.acts[-1].by) == (why, "総務課 見本花子")


# act | words of the refusal, which say what to do
REFUSED: list[tuple[Callable[[Desk, str], object], str]] = [
    (lambda d, c: d.confirm(c, HANAKO, ["a1", "a2"]), "一件ずつ"),  # two asks
    (lambda d, c: d.confirm(c, HANAKO, ["w1", "a1"], why="同じ人"), "一件ずつ"),  # one ask among others
    (lambda d, c: d.reject(c, HANAKO, ["w1", "a1"]), "一件ずつ"),
    (lambda d, c: d.confirm(c, HANAKO, ["w3"]), "変更"),  # citation not found, source unknown
    (lambda d, c: d.confirm(c, HANAKO, ["w4"]), "変更"),  # another head is cited
    (lambda d, c: d.confirm(c, HANAKO, ["a2"]), "変更"),  # an ask with nothing
    (lambda d, c: d.confirm(c, HANAKO, ["w3"], why=" 　"), "変更"),  # white space is no ground
    (lambda d, c: d.confirm(c, HANAKO, ["w1", "w3"]), "変更"),  # one of two is unsupported: neither
    (lambda d, c: d.confirm(c, HANAKO, []), "選んで"),
    (lambda d, c: d.confirm(c, HANAKO, ["nobody"]), "読み込み直して"),
    (lambda d, c: d.reject(c, HANAKO, ["d1"]), "変更"),  # rejecting a disclosure would say nothing
    (lambda d, c: d.reject(c, HANAKO, ["nobody"]), "読み込み直して"),
    (lambda d, c: d.change(c, HANAKO, "nobody", decision=D), "読み込み直して"),
    (
        lambda d, c: d.change(c, HANAKO, "d1", decision=W, why="非公開"),
        "該当する号",
    ),  # no head to withhold under
    (lambda d, c: d.change(c, HANAKO, "d2", decision=W), "自分の言葉"),  # a head, but nobody says why
    (lambda d, c: d.change(c, HANAKO, "w1", decision=W, ground=BUSINESS), "自分の言葉"),  # new head, uncited
    # the words of the proposal are not the reviewer's own
    (lambda d, c: d.change(c, HANAKO, "w3", decision=W, ground=PERSONAL), "自分の言葉"),
    (lambda d, c: d.change(c, HANAKO, "w1", decision=D, extents=[]), "文字を選び直して"),
    (lambda d, c: d.change(c, HANAKO, "w1", decision=D, extents=[span(3, 3)]), "選び直して"),  # empty
    (lambda d, c: d.change(c, HANAKO, "w1", decision=D, extents=[span(5, 3)]), "選び直して"),  # backwards
    (lambda d, c: d.change(c, HANAKO, "w1", decision=D, extents=[span(-1, 3)]), "選び直して"),
    (
        lambda d, c: d.change(c, HANAKO, "w1", decision=D, extents=[span(0, 1000)]),
        "選び直して",
    ),  # past the end
    (
        lambda d, c: d.change(c, HANAKO, "w1", decision=D, extents=[span(0, 1, page=9)]),
        "選び直して",
    ),  # no page
    (
        lambda d, c: d.change(c, HANAKO, "w1", decision=D, extents=[span(0, 1, page=2)]),
        "選び直して",
    ),  # empty page
    (lambda d, c: d.change(c, HANAKO, "w1", decision=D, extents=[span(0, 4), span(3, 5)]), "重ならない"),
    (lambda d, c: d.change(c, HANAKO, "w1", decision=D, extents=[span(3, 4)]), "文字を選び直して"),  # one tab
    (lambda d, c: d.add(c, HANAKO, extents=[], decision=D), "文字を選び直して"),
    (lambda d, c: d.add(c, HANAKO, extents=[span(0, 2)], decision=W, why="氏名"), "該当する号"),
    (lambda d, c: d.add(c, HANAKO, extents=[span(0, 2)], decision=W, ground=BUSINESS), "自分の言葉"),
    (lambda d, c: d.add(c, HANAKO, extents=[span(0, 2)], decision=A), "自分の言葉"),
    (lambda d, c: d.rename(c, HANAKO, "\n 　"), "題名を入力"),
    (lambda d, c: d.case("c0", HANAKO), "履歴から"),  # unknown case
    (lambda d, c: d.case(c, JIRO), "ご自分の履歴"),  # somebody else's
    (lambda d, c: d.confirm(c, JIRO, ["w1"]), "ご自分の履歴"),
    (lambda d, c: d.undo(c, JIRO), "ご自分の履歴"),
    (lambda d, c: d.say(c, JIRO, "user", "見せて"), "ご自分の履歴"),
    (lambda d, c: d.export_case(c, JIRO), "ご自分の履歴"),
    (lambda d, c: d.delete_case(c, JIRO), "ご自分の履歴"),
]


@pytest.mark.parametrize(("act", "advice"), REFUSED)
def test_refused_acts_change_nothing(
    desk: Desk, case: Case, act: Callable[[Desk, str], object], advice: str
) -> None:
    with pytest.raises(ReviewRefused, match=advice):
        act(desk, case.id)
    assert desk.case(case.id, HANAKO) == case
    assert desk.verify_chain().events == 1


def test_settled_twice_is_refused_and_a_rejection_can_be_adopted_after_all(desk: Desk, case: Case) -> None:
    desk.confirm(case.id, HANAKO, ["w1"])
    with pytest.raises(ReviewRefused, match="元に戻す"):
        desk.confirm(case.id, HANAKO, ["w1"])
    desk.reject(case.id, HANAKO, ["w1"], "同姓の別人で公表済み")
    with pytest.raises(ReviewRefused, match="不採用とした"):
        desk.reject(case.id, HANAKO, ["w1"])
    after = desk.confirm(case.id, HANAKO, ["w1"])
    assert states(after) == {"w1": "confirmed"}
    assert [act.why for act in after.acts] == ["", "同姓の別人で公表済み", ""]


def test_an_unsupported_ask_may_be_rejected(desk: Desk, case: Case) -> None:
    assert states(desk.reject(case.id, HANAKO, ["a2"])) == {"a2": "rejected"}


def test_changing_a_disclosure_to_withhold(desk: Desk, case: Case) -> None:
    after = desk.change(
        case.id,
        HANAKO,
        "d1",
        decision=W,
        ground=BUSINESS,
        why="交渉の担当が分かる",
        reason="担当係名",
        despite=["open"],
    )
    changed = after.finding("d1")
    assert changed is not None
    assert (changed.decision, changed.grounds, changed.reason) == (W, (BUSINESS,), "担当係名")
    assert changed.decided == Review(state="changed", by="総務課 見本花子", at=after.acts[-1].at)


def test_the_reason_written_into_the_ground_is_a_ground(desk: Desk, case: Case) -> None:
    after = desk.change(case.id, HANAKO, "d1", decision=W, ground=PERSONAL, despite=["open"])
    assert after.acts[-1].why == PERSONAL.why


# asked of w1 (withhold, with a reason and two grounds) | reason, provisions, to find out afterwards
CHANGES: list[tuple[dict[str, object], tuple[str, list[str], str | None]]] = [
    # the same decision keeps the drafted reason
    ({"decision": W}, ("申出者の氏名で、個人が識別される。", ["第7条第2号", "第7条第7号"], None)),
    # another decision drops it, and keeps the grounds as what was tested
    ({"decision": D}, ("", ["第7条第2号", "第7条第7号"], None)),
    ({"decision": W, "reason": ""}, ("", ["第7条第2号", "第7条第7号"], None)),
    # a ground that was second becomes the first, once
    (
        {"decision": W, "ground": BUSINESS, "why": "交渉", "reason": "新"},
        ("新", ["第7条第7号", "第7条第2号"], None),
    ),
    # asking says what to find out: as told, or else in the words of the ground
    ({"decision": A, "to_find_out": "本人の同意"}, ("", ["第7条第2号", "第7条第7号"], "本人の同意")),
    ({"decision": A, "why": "公表の有無"}, ("", ["第7条第2号", "第7条第7号"], "公表の有無")),
    ({"decision": A}, ("", ["第7条第2号", "第7条第7号"], None)),
]


@pytest.mark.parametrize(("asked", "expected"), CHANGES)
def test_what_a_change_keeps(
    desk: Desk, case: Case, asked: dict[str, object], expected: tuple[str, list[str], str | None]
) -> None:
    changed = desk.change(case.id, HANAKO, "w1", **asked).finding("w1")  # type: ignore[arg-type]
    assert changed is not None
    assert (changed.reason, [g.provision for g in changed.grounds], changed.to_find_out) == expected


def test_an_ask_that_stays_an_ask_keeps_its_question(desk: Desk, case: Case) -> None:
    changed = desk.change(case.id, HANAKO, "a1", decision=A).finding("a1")
    assert changed is not None
    assert changed.to_find_out == "開札の前か後か"


def test_changed_extents_cut_the_text_and_the_boxes_anew(desk: Desk) -> None:
    page = boxed_page()
    document = Document(name="紙", sha256="0" * 64, pages=(page,))
    first = Finding(id="x", kind=EntityKind.FACT, extents=(span(0, 1),), text="あ", decision=D)
    opened = desk.open_case(HANAKO, "passage", "紙", replace(proposal((first,)), document=document))
    assert opened.proposal is not None
    assert opened.proposal.document == document  # boxes and all
    after = desk.change(opened.id, HANAKO, "x", decision=D, extents=[span(3, 4), span(1, 3)])
    moved = after.finding("x")
    assert moved is not None
    assert moved.text == "い う"  # in reading order
    assert moved.boxes == (page.boxes[1], page.boxes[3])  # the space has none
    assert moved.id == "x"  # the log goes on speaking of the same finding


def test_adding_what_was_missed(desk: Desk, case: Case) -> None:
    start = TEXT.index("様から")
    after = desk.add(
        case.id,
        HANAKO,
        extents=[span(start, start + 1)],
        decision=W,
        ground=PERSONAL,
        reason="敬称",
        person="p1",
    )
    added = next(f for f in after.findings if f.found_by == ("reviewer",))
    assert (added.text, added.kind, added.person, added.reason) == ("様", EntityKind.OTHER, "p1", "敬称")
    assert added.decided is not None
    assert added.decided.state == "confirmed"
    assert [f.id for f in after.findings][4] == added.id  # in reading order, behind w2
    with pytest.raises(ReviewRefused, match="変更"):
        desk.add(case.id, HANAKO, extents=[span(start, start + 1)], decision=D)
    last = desk.add(
        case.id,
        HANAKO,
        extents=[span(len(TEXT) - 1, len(TEXT))],
        decision=A,
        why="丸数字の意味",
        kind=EntityKind.FACT,
    ).findings[-1]
    assert (last.text, last.to_find_out, last.head) == ("①", "丸数字の意味", None)


def test_an_undone_addition_can_be_added_again(desk: Desk, case: Case) -> None:
    desk.add(case.id, HANAKO, extents=[span(0, 2)], decision=D)
    desk.undo(case.id, HANAKO)
    assert len(desk.add(case.id, HANAKO, extents=[span(0, 2)], decision=D).findings) == len(FINDINGS) + 1


def test_the_rest_is_settled_by_one_act(desk: Desk, case: Case) -> None:
    after = desk.settle_rest(case.id, HANAKO)
    assert states(after) == {"d1": "confirmed", "d2": "confirmed"}
    assert [(act.kind, act.finding_ids) for act in after.acts] == [(EventKind.SETTLED_REST, ("d1", "d2"))]
    with pytest.raises(ReviewRefused, match="一件ずつ確かめて"):
        desk.settle_rest(case.id, HANAKO)


# first act … last act, then undo until nothing is left: what stands after each undo
def test_undo_walks_back_act_by_act(desk: Desk, case: Case) -> None:
    assert not case.can_undo
    desk.confirm(case.id, HANAKO, ["w1", "w2"])
    desk.change(case.id, HANAKO, "w1", decision=D)
    desk.say(case.id, HANAKO, "user", "これは職務か")  # not an act: undo leaves conversations alone
    desk.rename(case.id, HANAKO, "新しい題")
    desk.settle_rest(case.id, HANAKO)
    desk.add(case.id, HANAKO, extents=[span(0, 2)], decision=D)
    steps = []
    while (act := desk.undo(case.id, HANAKO)) is not None:
        assert act.undone
        steps.append((act.kind.value, states(desk.case(case.id, HANAKO))))
    both = {"w1": "confirmed", "w2": "confirmed"}
    assert steps == [
        ("added", {"d1": "confirmed", "d2": "confirmed", "w1": "changed", "w2": "confirmed"}),
        ("settled_rest", both | {"w1": "changed"}),  # the whole bulk act
        ("changed", both),  # w1 is what it was before: confirmed, withheld
        ("confirmed", {}),
    ]
    end = desk.case(case.id, HANAKO)
    assert end.findings == FINDINGS
    assert (end.title, len(end.messages), len(end.acts)) == ("新しい題", 1, 4)
    assert not end.can_undo
    assert states(desk.confirm(case.id, HANAKO, ["w2"])) == {"w2": "confirmed"}
    assert desk.case(case.id, HANAKO).can_undo


def test_undo_concerns_this_case_only(desk: Desk, case: Case) -> None:
    other = desk.open_case(HANAKO, "passage", "別件", proposal())
    desk.confirm(case.id, HANAKO, ["w1"])
    assert desk.undo(other.id, HANAKO) is None
    assert states(desk.case(case.id, HANAKO)) == {"w1": "confirmed"}


@pytest.mark.parametrize(
    ("lead", "expected"),
    [
        ("w1", ("w1", "w2")),  # the same person under the same main ground
        ("w3", ("w3",)),  # nobody known, other words
        ("a1", ("a1",)),  # an ask stands alone
        ("d1", ("d1",)),
        ("nobody", ()),
    ],
)
def test_occurrences_that_one_act_may_settle(case: Case, lead: str, expected: tuple[str, ...]) -> None:
    assert case.occurrences(lead) == expected


def test_occurrences_of_one_field_go_by_their_words(desk: Desk) -> None:
    twice = tuple(replace(f, person=None) for f in FINDINGS if f.id in {"w1", "w2"})
    assert desk.open_case(HANAKO, "passage", "", proposal(twice)).occurrences("w2") == ("w2", "w1")


@pytest.mark.parametrize(
    ("findings", "advice"),
    [
        ((FINDINGS[0], FINDINGS[0]), "もう一度調べて"),  # two findings, one id
        ((replace(FINDINGS[0], decided=EARLIER),), "確定済み"),  # settled before anybody saw it
    ],
)
def test_proposals_that_cannot_be_reviewed(desk: Desk, findings: tuple[Finding, ...], advice: str) -> None:
    with pytest.raises(ReviewRefused, match=advice):
        desk.open_case(HANAKO, "passage", "題", proposal(findings))
    assert desk.verify_chain().events == 0


@pytest.mark.parametrize(
    "act",
    [
        lambda d, c: d.confirm(c, HANAKO, ["w1"]),
        lambda d, c: d.reject(c, HANAKO, ["w1"]),
        lambda d, c: d.change(c, HANAKO, "w1", decision=D),
        lambda d, c: d.add(c, HANAKO, extents=[span(0, 1)], decision=D),
    ],
)
def test_a_conversation_without_a_passage_has_nothing_to_settle(
    desk: Desk, act: Callable[[Desk, str], object]
) -> None:
    chat = desk.open_case(HANAKO, "precedents", "先例")
    assert (chat.proposal, chat.findings, chat.queue, chat.fictional) == (None, (), (), True)
    with pytest.raises(ReviewRefused, match="文章を調べる"):
        act(desk, chat.id)
    with pytest.raises(ReviewRefused, match="まとめて確定できる候補はありません"):
        desk.settle_rest(chat.id, HANAKO)


def test_a_source_that_left_the_corpus_supports_nothing(desk: Desk) -> None:
    assert SmallCorpus().source("provision:gone") is None
    orphan = replace(FINDINGS[0], citations=(cite("provision:gone"),))
    opened = desk.open_case(HANAKO, "passage", "題", proposal((orphan,)))
    with pytest.raises(ReviewRefused, match="原文と一致した引用がない"):
        desk.confirm(opened.id, HANAKO, ["w1"])


def test_nothing_is_withheld_without_a_clause(desk: Desk) -> None:
    bare = replace(FINDINGS[0], grounds=())
    opened = desk.open_case(HANAKO, "passage", "題", proposal((bare,)))
    with pytest.raises(ReviewRefused, match="該当する号"):
        desk.confirm(opened.id, HANAKO, ["w1"], why="氏名である")


def test_a_ground_once_written_carries_what_stands_on_it(desk: Desk, case: Case) -> None:
    desk.change(case.id, HANAKO, "w3", decision=W, why="電話帳にない")
    desk.change(case.id, HANAKO, "w3", decision=W, reason="申出者の表示")  # the same, better worded
    desk.reject(case.id, HANAKO, ["w3"], "やはり不要")
    after = desk.confirm(case.id, HANAKO, ["w3"])  # adopted after all, on the ground written first
    assert after.own_ground("w3") == "電話帳にない"
    assert (after.own_ground("w1"), after.own_ground("d1")) == ("", "")
    with pytest.raises(ReviewRefused, match="自分の言葉"):
        desk.change(case.id, HANAKO, "w3", decision=A)  # asking is another matter
    with pytest.raises(ReviewRefused, match="自分の言葉"):
        desk.change(case.id, HANAKO, "w3", decision=W, ground=BUSINESS)  # so is another clause
    desk.change(case.id, HANAKO, "w3", decision=D)
    with pytest.raises(ReviewRefused, match="自分の言葉"):
        desk.change(case.id, HANAKO, "w3", decision=W)  # it was given up in between
    for _ in range(5):
        desk.undo(case.id, HANAKO)
    with pytest.raises(ReviewRefused, match="自分の言葉"):
        desk.confirm(case.id, HANAKO, ["w3"])  # what was taken back carries nothing


def test_groups_say_the_same_for_every_finding(desk: Desk, case: Case) -> None:
    alike = case.alike()
    assert {f.id: alike.of(f) for f in case.findings} == {f.id: case.occurrences(f.id) for f in case.findings}
    after = desk.confirm(case.id, HANAKO, ["w2"])
    assert after.occurrences("w1") == ("w1",)  # the other is settled already
    assert after.occurrences("w2") == ("w2", "w1")


@pytest.mark.parametrize("first", [span(3, 3), span(-1, 2), span(0, 1, page=2)])
def test_one_sound_place_does_not_excuse_another(desk: Desk, case: Case, first: Extent) -> None:
    with pytest.raises(ReviewRefused, match="文章の中にありません"):
        desk.change(case.id, HANAKO, "w1", decision=D, extents=[first, span(4, 6)])


def test_what_was_changed_is_settled(desk: Desk, case: Case) -> None:
    desk.change(case.id, HANAKO, "w1", decision=D)
    with pytest.raises(ReviewRefused, match="すでに確定"):
        desk.confirm(case.id, HANAKO, ["w1"])
