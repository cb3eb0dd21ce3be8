"""History, search, conversations, taking away and deleting."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from review_sample import FINDINGS, HANAKO, JIRO, TEXT, desk_at, proposal
from sqlalchemy import text

from assistant.adapters.record import SqlRecordStore
from assistant.domain.document import Extent
from assistant.domain.finding import Decision
from assistant.errors import RecordUnavailable, ReviewRefused
from assistant.review.actor import Actor
from assistant.review.case import Case
from assistant.review.desk import Desk


@pytest.fixture
def three(desk: Desk, case: Case) -> dict[str, str]:
    """One case of each mode of one person, and one of another."""
    chat = desk.open_case(HANAKO, "precedents", "ＡＢＣ地区の先例")
    desk.say(chat.id, HANAKO, "user", "土地の価格は開示したか")
    why = desk.open_case(HANAKO, "reasons", "")
    desk.open_case(JIRO, "passage", "次郎の題", proposal())
    desk.rename(case.id, HANAKO, "改めた題")
    return {case.id: "passage", chat.id: "precedents", why.id: "reasons"}


def test_history_is_ones_own_latest_change_first(desk: Desk, three: dict[str, str]) -> None:
    found = desk.history(HANAKO)
    assert [(s.mode, s.title) for s in found] == [
        ("passage", "改めた題"),  # renamed last
        ("reasons", "無題"),
        ("precedents", "ＡＢＣ地区の先例"),
    ]
    assert {s.id for s in found} == set(three)
    assert all(s.fictional and s.city == "mihon" for s in found)
    assert [s.messages for s in found] == [0, 0, 1]
    assert desk.history(Actor(department="総務課", name="別人")) == ()


# mode | words | modes found
SEARCHES = [
    ("precedents", None, ["precedents"]),
    (None, "abc", ["precedents"]),  # width and case do not matter
    (None, "改めた", ["passage"]),
    (None, "用地の相談", []),  # the title it had before
    (None, "土地の 価格", ["precedents"]),  # in the conversation, white space does not matter
    (None, "担当用地係", ["passage"]),  # in the passage
    ("reasons", "担当用地係", []),
    (None, "①", ["passage", "precedents"][:1]),
    (None, "次郎", []),  # somebody else's
    (None, " ", ["passage", "reasons", "precedents"]),
]


@pytest.mark.parametrize(("mode", "words", "modes"), SEARCHES)
def test_searching_the_history(
    desk: Desk, three: dict[str, str], mode: str | None, words: str | None, modes: list[str]
) -> None:
    assert [s.mode for s in desk.history(HANAKO, mode, words)] == modes  # type: ignore[arg-type]


def test_history_counts_what_is_left(desk: Desk, case: Case) -> None:
    def counts() -> tuple[int, int]:
        (summary,) = desk.history(HANAKO)
        return summary.findings, summary.undecided

    assert counts() == (8, 8)
    desk.confirm(case.id, HANAKO, ["w1", "w2"])
    assert counts() == (8, 6)
    desk.add(case.id, HANAKO, extents=[Extent(page=1, start=0, end=1)], decision=Decision.DISCLOSE)
    assert counts() == (9, 6)
    desk.undo(case.id, HANAKO)
    desk.undo(case.id, HANAKO)
    assert counts() == (8, 8)


def test_a_conversation_comes_back_turn_by_turn(desk: Desk) -> None:
    chat = desk.open_case(HANAKO, "precedents", "先例")
    payload = {"hits": [{"source": "precedent:2019-012#3", "score": 0.5}], "none": None}
    first = desk.say(chat.id, HANAKO, "user", "土地の価格は?")
    second = desk.say(chat.id, HANAKO, "assistant", "開示した例がある。\n\ud83d", payload)
    assert (first.role, first.payload) == ("user", {})
    assert desk.case(chat.id, HANAKO).messages == (first, second)
    assert second.payload == payload
    assert second.text.endswith("\ud83d")  # half a character a browser may send


def test_a_title_fits_on_a_line(desk: Desk, case: Case) -> None:
    assert desk.rename(case.id, HANAKO, " 長い\n題 " + "あ" * 200).title == "長い 題 " + "あ" * 95


def test_taking_a_case_away(desk: Desk, case: Case) -> None:
    desk.confirm(case.id, HANAKO, ["w3"], why="公表されていない")
    desk.say(case.id, HANAKO, "user", "よいか", {"x": [1]})
    taken = json.loads(json.dumps(desk.export_case(case.id, HANAKO)))
    assert taken["mark"] == "架空"
    assert taken["case"]["owner"] == {"department": "総務課", "name": "見本花子"}
    assert taken["proposal"]["document"]["pages"][0]["text"] == TEXT
    assert case.findings[0].examples  # shown at the desk, but invented: nothing to put on file
    assert [f["examples"] for f in taken["proposal"]["findings"]] == [[]] * len(case.findings)
    decided = [f["decided"]["state"] for f in taken["proposal"]["findings"] if f["decided"]]
    assert decided == ["confirmed"]
    assert taken["acts"][0]["why"] == "公表されていない"
    assert taken["messages"][0]["payload"] == {"x": [1]}
    assert [event["kind"] for event in taken["log"]] == ["opened", "confirmed", "said"]
    real = desk.open_case(HANAKO, "passage", "実", replace(proposal(), city="jitsuzai", fictional=False))
    assert desk.export_case(real.id, HANAKO)["mark"] is None


def test_a_deleted_case_is_gone_but_was_there(desk: Desk, store: SqlRecordStore, case: Case) -> None:
    desk.confirm(case.id, HANAKO, ["w1"])
    desk.delete_case(case.id, HANAKO)
    assert desk.history(HANAKO) == ()
    for again in (desk.case, desk.delete_case, desk.undo, desk.export_case):
        with pytest.raises(ReviewRefused, match="削除されています"):
            again(case.id, HANAKO)  # type: ignore[operator]
    with store.engine.connect() as connection:
        kept = connection.execute(text("SELECT kind, marks FROM event ORDER BY seq")).all()
        assert connection.execute(text("SELECT count(*) FROM content")).scalar() == 0
    assert [row.kind for row in kept] == ["opened", "confirmed", "deleted"]
    assert '"finding":"w1"' in kept[1].marks
    assert desk.verify_chain().deleted_cases == 1


# what is lost or broken | every reading of the case says so, the others go on
@pytest.mark.parametrize(
    "damage",
    [
        "DELETE FROM content WHERE name = 'proposal'",
        "DELETE FROM content WHERE name = 'title'",
        "DELETE FROM content WHERE name = 'change'",
        "DELETE FROM content WHERE name = 'why'",
        "UPDATE content SET body = '{' WHERE name = 'title'",
        "UPDATE content SET body = '{' WHERE name = 'page' AND number = 0",
        "UPDATE content SET body = '{}' WHERE name = 'message'",
        "UPDATE content SET body = '[]' WHERE name = 'message'",
        "UPDATE content SET body = '[]' WHERE name = 'payload'",
        "UPDATE content SET body = '[]' WHERE name = 'title'",
        "UPDATE content SET body = '5' WHERE name = 'why'",
        "UPDATE actor SET name = ''",
    ],
)
def test_a_damaged_case_says_so_and_hides_no_other(
    desk: Desk, store: SqlRecordStore, case: Case, damage: str
) -> None:
    desk.change(case.id, HANAKO, "w1", decision=FINDINGS[1].decision, why="公表済み")
    desk.say(case.id, HANAKO, "user", "質問")
    with store.engine.begin() as connection:
        connection.execute(text(damage))
    with pytest.raises(RecordUnavailable, match="audit verify"):
        desk.case(case.id, HANAKO)
    other = desk.open_case(JIRO, "passage", "別件", proposal())
    assert desk.case(other.id, JIRO).findings == FINDINGS
    assert [s.id for s in desk.history(HANAKO)] == [case.id]
    assert desk.history(HANAKO, text="どこにもない語") == ()


def test_a_broken_event_says_so(desk: Desk, store: SqlRecordStore, case: Case) -> None:
    with store.engine.begin() as connection:
        connection.execute(text("UPDATE event SET marks = '{}'"))
    for reading in (lambda: desk.case(case.id, HANAKO), lambda: desk.history(HANAKO)):
        with pytest.raises(RecordUnavailable, match="audit verify"):
            reading()


# as entered | as kept
@pytest.mark.parametrize(
    ("department", "name", "label"),
    [
        ("総務課", "見本花子", "総務課 見本花子"),
        (" 総務課\n", "　見本　花子 ", "総務課 見本 花子"),  # trimmed, on one line
        ("総務\t課", "\u200b見本", "総務 課 見本"),  # nothing invisible
        ("課" * 60, "名" * 60, "課" * 60 + " " + "名" * 60),
    ],
)
def test_names_are_trimmed(department: str, name: str, label: str) -> None:
    assert Actor(department=department, name=name).label == label


@pytest.mark.parametrize(
    ("department", "name", "advice"),
    [
        ("", "見本花子", "所属が空"),
        ("総務課", " 　\n", "氏名が空"),
        ("総務課", "\u200b", "氏名が空"),
        ("課" * 61, "見本花子", "所属が長すぎ"),
        ("総務課", "名" * 61, "60文字以内"),
    ],
)
def test_nobody_is_anonymous(department: str, name: str, advice: str) -> None:
    with pytest.raises(ReviewRefused, match=advice):
        Actor(department=department, name=name)


def test_the_same_person_however_the_name_is_spaced(desk: Desk, case: Case) -> None:
    spaced = Actor(department="総務課", name="見本　花子")
    assert desk.case(case.id, spaced) == case
    assert desk.confirm(case.id, spaced, ["w1"]).acts[0].by == "総務課 見本花子"  # as first written
    with pytest.raises(ReviewRefused):
        desk.case(case.id, Actor(department="総務", name="課見本花子"))  # not the same parts


def test_the_app_asks_once(desk: Desk, tmp_path: Path) -> None:
    assert desk.remembered_actor() is None
    desk.remember_actor(HANAKO)
    desk.remember_actor(JIRO)
    again, store = desk_at(tmp_path)
    assert again.remembered_actor() == JIRO
    store.close()
    for unusable in (
        "",
        "{",
        "[]",
        "5",
        "{}",
        '{"department": "課", "name": 5}',
        '{"department": "", "name": "名"}',
    ):
        (tmp_path / "actor.json").write_text(unusable, encoding="utf-8")
        assert desk.remembered_actor() is None  # then it asks again
