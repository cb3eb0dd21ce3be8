"""What speaks against a mark is said before it is settled, once, and is set aside with the reviewer's own ground."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from review_sample import HANAKO, PERSONAL, Clock, SmallCorpus, proposal

from assistant.adapters.record import open_record
from assistant.domain.document import Document, Extent
from assistant.domain.entity import EntityKind as K
from assistant.domain.finding import Decision, Finding, Ground, ProvisoCheck
from assistant.domain.provision import Head, LimbRole
from assistant.errors import DataFileError, ReviewRefused
from assistant.review.case import Case
from assistant.review.desk import Desk
from assistant.review.doubts import ReviewDoubted
from assistant.review.heads import FILE, failed_test, read_heads
from assistant.review.plain import FILE as PLAIN_FILE
from assistant.review.plain import plainly_open, read_plain

W, D, A = Decision.WITHHOLD, Decision.DISCLOSE, Decision.ASK
TEXT = (
    "受付番号 環第12号\n対応　環境課長　松竹梅子\n申出者　鶴亀小槌\n"
    "申出の内容　公園の街灯が暗く、夕方に歩く人が足元を見にくいので、電球を取り替えてほしいとのことである。鶴亀小槌は近くに住む。\n"
)
RULES = {
    "official_name": "公務員等が職務を行った際の氏名である。",
    "document_number": "文書や受付の管理のための番号である。",
}
OPEN = Ground(
    head=Head.INDIVIDUAL,
    provision="第7条第2号",
    limb=None,
    why="職員の氏名だが、ただし書に当たる。",
    provisos=(
        ProvisoCheck(
            provision="第7条第2号ただし書ウ", role=LimbRole.OFFICIAL_DUTY, applies=True, why="職務である。"
        ),
    ),
)
CORPORATE = Ground(head=Head.CORPORATE, provision="第7条第3号", limb=None, why="害する。")


def at(words: str, nth: int = 0) -> tuple[Extent, ...]:
    start = -1
    for _ in range(nth + 1):
        start = TEXT.index(words, start + 1)
    return (Extent(page=1, start=start, end=start + len(words)),)


def found(name: str, words: str, kind: K, decision: Decision, *by: str, nth: int = 0) -> Finding:
    return Finding(id=name, kind=kind, extents=at(words, nth), text=words, decision=decision, found_by=by)


FINDINGS = (
    found("number", "環第12号", K.DOCUMENT_NUMBER, D, "document_number", "policy:document_number"),
    found("post", "環境課長", K.POST, D, "title"),  # by no rule that is known
    replace(found("official", "松竹梅子", K.PERSON_NAME, D, "policy:official_name"), grounds=(OPEN,)),
    replace(found("who", "鶴亀小槌", K.PERSON_NAME, W), grounds=(PERSONAL,)),
    replace(found("again", "鶴亀小槌", K.PERSON_NAME, W, nth=1), grounds=(PERSONAL,)),
)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    store = open_record(tmp_path)
    yield Desk(store, Clock(), SmallCorpus(), lambda rule: RULES.get(rule, ""))
    store.close()


@pytest.fixture
def case(desk: Desk) -> Case:
    told = replace(proposal(FINDINGS), document=Document.of_texts((TEXT,), name="苦情"))
    return desk.open_case(HANAKO, "passage", "街灯", told)


def doubted(desk: Desk, case: Case, extents: tuple[Extent, ...], ground: Ground = PERSONAL) -> dict[str, str]:
    """Codes and messages of the doubts about adding this mark; nothing is written where there is one."""
    try:
        desk.add(case.id, HANAKO, extents=extents, decision=W, ground=ground, why="自分の言葉")
    except ReviewDoubted as doubts:
        assert desk.case(case.id, HANAKO) == case
        return {doubt.code: doubt.message for doubt in doubts.doubts}
    return {}


PARAGRAPH = TEXT[TEXT.index("申出の内容") : -1]

# what is marked | under which ground | doubts
MARKED: list[tuple[tuple[Extent, ...], Ground, set[str]]] = [
    (at("環第12号"), PERSONAL, {"open", "head"}),  # a number of the city's own files is nobody's
    (at("松竹梅子"), PERSONAL, {"open"}),  # an official in duty
    (at("環境課長　松竹梅子"), PERSONAL, {"open"}),  # two disclosures side by side
    (at("対応　環境課長　松竹梅子"), PERSONAL, {"open"}),  # and a word between
    (at("鶴亀"), PERSONAL, set()),  # part of what is withheld anyway
    (at("松竹梅子\n申出者　鶴亀小槌"), PERSONAL, set()),  # half of it is withheld
    (at("受付番号 環第12号"), PERSONAL, {"open"}),  # with the name of its field
    (at("公園の街灯が暗く"), PERSONAL, set()),  # nothing was found there: the person knows
    (at(PARAGRAPH), PERSONAL, {"wide"}),  # a whole paragraph around one name
    (at("鶴亀小槌は近くに住む"), PERSONAL, set()),  # a name with what is said of it
    (at(TEXT[:-1]), PERSONAL, {"wide"}),  # everything
    (at("近くに住む"), CORPORATE, set()),  # of no kind that is known
]


@pytest.mark.parametrize(("extents", "ground", "codes"), MARKED)
def test_doubts_about_an_addition(
    desk: Desk, case: Case, extents: tuple[Extent, ...], ground: Ground, codes: set[str]
) -> None:
    told = doubted(desk, case, extents, ground)
    assert set(told) == codes
    for message in told.values():
        assert message.endswith("自分の言葉で書いてください。")  # what to do
        assert not any(words in message for words in ("松竹", "鶴亀", "街灯", "環第"))


def test_the_rule_that_would_disclose_is_named_with_its_exception(desk: Desk, case: Case) -> None:
    message = doubted(desk, case, at("松竹梅子"))["open"]
    assert "（氏名）" in message
    assert "運用基準「公務員等が職務を行った際の氏名である」" in message
    assert "第7条第2号ただし書ウに当たります。" in message
    assert "（職名）は、公にする情報です。それでも" in doubted(desk, case, at("環境課長"))["open"]


def test_a_doubt_that_was_seen_is_set_aside_and_recorded(desk: Desk, case: Case) -> None:
    wish = {"extents": at("環第12号"), "decision": W, "ground": PERSONAL}
    with pytest.raises(ReviewDoubted):  # one of two was seen
        desk.add(case.id, HANAKO, **wish, why="追跡される", despite=["open"])
    after = desk.add(case.id, HANAKO, **wish, why="追跡される", despite=["open", "head", "wide"])
    act = after.acts[-1]
    assert (act.why, act.despite) == ("追跡される", ("open:document_number", "head"))
    assert desk.export_case(case.id, HANAKO)["acts"][-1]["despite"] == ["open:document_number", "head"]
    assert desk.verify_chain().ok
    desk.undo(case.id, HANAKO)
    plain = desk.add(case.id, HANAKO, extents=at("公園"), decision=W, ground=PERSONAL, why="場所")
    assert plain.acts[-1].despite == ()  # nothing spoke against it


def test_setting_a_doubt_aside_needs_ones_own_ground(desk: Desk, case: Case) -> None:
    with pytest.raises(ReviewRefused, match="自分の言葉"):
        desk.change(case.id, HANAKO, "official", decision=W, despite=["open"])


# the finding that is changed | to what | doubts
CHANGED: list[tuple[str, dict[str, object], set[str]]] = [
    ("official", {"decision": W, "why": "脅されている"}, {"open"}),  # the proposal said: disclose
    ("official", {"decision": A, "why": "脅されているか"}, set()),  # asking covers nothing
    ("who", {"decision": D}, set()),  # nor does disclosing
    ("who", {"decision": W, "why": "別の言葉", "reason": "申出者"}, set()),  # reworded only
    ("number", {"decision": W, "why": "社名", "ground": CORPORATE}, {"open", "head"}),
    ("again", {"decision": W, "why": "全部", "extents": at(PARAGRAPH)}, {"wide"}),
    (
        "who",
        {"decision": W, "why": "前も", "extents": at("松竹梅子\n申出者　鶴亀小槌")},
        set(),
    ),  # a word of its own between
]


@pytest.mark.parametrize(("name", "wish", "codes"), CHANGED)
def test_doubts_about_a_change(
    desk: Desk, case: Case, name: str, wish: dict[str, object], codes: set[str]
) -> None:
    told: set[str] = set()
    try:
        desk.change(case.id, HANAKO, name, **wish)
    except ReviewDoubted as doubts:
        told = {doubt.code for doubt in doubts.doubts}
    assert told == codes


def test_what_a_person_disclosed_they_may_take_back(desk: Desk, case: Case) -> None:
    desk.change(case.id, HANAKO, "who", decision=D, why="公表済み")
    after = desk.change(case.id, HANAKO, "who", decision=W, why="公表は別人")
    assert after.acts[-1].despite == ()


# text | what is marked of it, where nothing was found | what it plainly is
PLAIN: list[tuple[str, str, K | None]] = [
    ("受付番号：5-281", "5-281", K.DOCUMENT_NUMBER),  # by the name of its field
    ("整理番号\tＫ－１２", "Ｋ－１２", K.DOCUMENT_NUMBER),  # in full width
    ("見本市告示第38号による", "告示第38号", K.DOCUMENT_NUMBER),  # by its shape
    ("受給者番号：5-281", "5-281", None),  # of a person
    ("受付番号\n5-281", "5-281", None),  # on another line it may be of anything
    ("住所 若葉荘202号", "202号", None),  # a room
    ("法人番号 3999910756900", "3999910756900", K.CORPORATE_NUMBER),
    ("法人番号 399991075690", "399991075690", None),  # twelve digits may be a My Number
    ("登録番号：T4999901183162", "T4999901183162", K.CORPORATE_NUMBER),
    ("担当 障害福祉課", "障害福祉課", K.POST),
    ("会計課長が立ち会った", "会計課長", K.POST),
    ("住所は港の関係", "港の関係", None),  # ends alike, and is no office
    (
        "本件は見直しを検討している最中のことであり担当課",
        "本件は見直しを検討している最中のことであり担当課",
        None,
    ),
]


@pytest.mark.parametrize(("text", "words", "kind"), PLAIN)
def test_what_is_plainly_open_where_nothing_was_found(text: str, words: str, kind: K | None) -> None:
    start = text.index(words)
    document = Document.of_texts((text,), name="試験")
    entry = plainly_open(document, (Extent(page=1, start=start, end=start + len(words)),))
    assert (entry.kind if entry else None) == kind


def test_what_is_plainly_open_is_doubted_by_its_rule(desk: Desk) -> None:
    bare = replace(proposal(()), document=Document.of_texts((TEXT,), name="苦情"))
    opened = desk.open_case(HANAKO, "passage", "番号", bare)
    message = doubted(desk, opened, at("環第12号"))["open"]
    assert "運用基準「文書や受付の管理のための番号である」" in message


def test_every_head_has_a_test_for_what_cannot_be_of_it() -> None:
    assert "識別" in (failed_test(K.CORPORATE_NUMBER, Head.INDIVIDUAL) or "")
    assert failed_test(K.PERSON_NAME, Head.CORPORATE) is None  # a sole proprietor's may be
    assert failed_test(K.OTHER, Head.INDIVIDUAL) is None
    heads = {head for _, head in read_heads(FILE)}
    assert len(heads) == 7


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('heads = ["個人"]', 'heads = ["私人"]', "値"),  # no such head
        ('kinds = ["corporate_number", ', 'kinds = ["corporate_no", ', "値"),  # no such kind
        ("test = ", "why = ", "why"),  # misspelt
        ('heads = ["個人"]', 'heads = ["個人", "法人"]', "二度"),  # said twice
    ],
)
def test_a_table_that_is_not_understood_is_refused(tmp_path: Path, old: str, new: str, says: str) -> None:
    path = tmp_path / "heads.toml"
    path.write_text(FILE.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    with pytest.raises(DataFileError, match=says):
        read_heads(path)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("longest = 24", 'longest = "長い"', "値"),  # no number
        ('digits = "none"', 'digits = "few"', "値"),  # no such word
        ('ends = ["課", ', 'tails = ["課", ', "tails"),  # misspelt
        (
            'rule = "post"\nlongest = 16\ndigits = "none"\nends',
            'rule = "post"\nlongest = 16\ndigits = "none"\n# ends',
            "手掛かり",
        ),
    ],
)
def test_plain_words_that_are_not_understood_are_refused(
    tmp_path: Path, old: str, new: str, says: str
) -> None:
    path = tmp_path / "plain.toml"
    text = PLAIN_FILE.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(DataFileError, match=says):
        read_plain(path)
