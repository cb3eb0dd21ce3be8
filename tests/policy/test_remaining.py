"""What stays open of somebody whose name is withheld, and what does not combine to anybody."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from policy_pieces import entity, facts, passage

from assistant.domain.entity import Entity
from assistant.domain.entity import EntityKind as K
from assistant.domain.finding import Decision, Finding, Ground, finding_id
from assistant.domain.provision import Head
from assistant.errors import DataFileError
from assistant.policy.remaining import Remaining, remaining
from assistant.policy.singling import FILE, plain, read_singling, singling

W, D, A = Decision.WITHHOLD, Decision.DISCLOSE, Decision.ASK
Piece = tuple[str, K, Decision, str | None]


def left(text: str, *pieces: Piece) -> tuple[Remaining, ...]:
    """What remains where these pieces were found and decided so, in this order of the text."""
    document = passage(text)
    entities: list[Entity] = []
    findings = []
    seen: dict[str, int] = {}
    for words, kind, decision, person in pieces:
        seen[words] = seen.get(words, 0) + 1
        one = entity(document, words, kind, person=person, occurrence=seen[words])
        entities.append(one)
        ground = Ground(head=Head.INDIVIDUAL, provision="", limb=None, why="")
        findings.append(
            Finding(
                id=finding_id(document, kind, one.extents),
                kind=kind,
                extents=one.extents,
                text=words,
                decision=decision,
                person=person,
                grounds=(ground,),
            )
        )
    return remaining(document, facts(entities), findings)


NAME = ("鶴亀 小槌", K.PERSON_NAME, W, "p1")

# text | pieces | matters that combine
COMBINING: list[tuple[str, tuple[Piece, ...], set[str]]] = [
    # a form: each piece in its own field, known to be of the same person
    (
        "氏名：鶴亀 小槌\n年齢：42歳\n職業：理容師\n",
        (NAME, ("42歳", K.AGE, A, "p1"), ("理容師", K.OCCUPATION, A, "p1")),
        {"年齢", "職業"},
    ),
    # disclosed or asked, it is open all the same
    (
        "氏名：鶴亀 小槌\n42歳\n理容師\n",
        (NAME, ("42歳", K.AGE, D, "p1"), ("理容師", K.OCCUPATION, A, "p1")),
        {"年齢", "職業"},
    ),
    # words that nobody detected stand in the sentence with the name; full-width digits too
    ("鶴亀 小槌（４２歳、女性）が転倒した。", (NAME,), {"年齢", "性別"}),
    ("小学５年１組の女子児童、鶴亀 小槌がけがをした。", (NAME,), {"学年・学級", "性別"}),
    # the head of an office is one person; so is who works there
    (
        "みほん幼稚園 園長 鶴亀 小槌",
        (("みほん幼稚園", K.ORGANIZATION, D, "p1"), ("園長", K.POST, D, "p1"), NAME),
        {"勤務先・所属", "役職"},
    ),
    # nobody is named: what is said of somebody stands before their illness
    (
        "四十代の女性、小学校に勤務。うつ病で休職している。",
        (("うつ病で休職している", K.HEALTH, A, None),),
        {"年齢", "性別", "勤務先・所属"},
    ),
]


@pytest.mark.parametrize(("text", "pieces", "matters"), COMBINING)
def test_pieces_that_combine(text: str, pieces: tuple[Piece, ...], matters: set[str]) -> None:
    (way,) = left(text, *pieces)
    assert (way.way, way.page, set(way.matters)) == ("together", 1, matters)


# text | pieces: nothing is said of these
QUIET: list[tuple[str, tuple[Piece, ...]]] = [
    # one matter alone
    ("鶴亀 小槌（42歳）が転倒した。", (NAME,)),
    # the others go
    (
        "鶴亀 小槌（42歳、女性）",
        (NAME, ("42歳", K.AGE, W, "p1"), ("女性", K.SEX, W, "p1")),
    ),
    # whose name is open needs no riddle
    (
        "課長 鶴亀 小槌（42歳、女性）",
        (("鶴亀 小槌", K.PERSON_NAME, D, "p1"), ("42歳", K.AGE, A, "p1"), ("女性", K.SEX, A, "p1")),
    ),
    # two persons, one matter each
    (
        "鶴亀 小槌\n松竹 梅子\n42歳\n理容師\n",
        (
            NAME,
            ("松竹 梅子", K.PERSON_NAME, W, "p2"),
            ("42歳", K.AGE, A, "p1"),
            ("理容師", K.OCCUPATION, A, "p2"),
        ),
    ),
    # an employee with an ordinary post: the usual bill
    (
        "株式会社みほん　営業係長　鶴亀 小槌",
        (("株式会社みほん", K.ORGANIZATION, D, "p1"), ("営業係長", K.POST, D, "p1"), NAME),
    ),
    # words of an office, not of a person
    ("女性相談の担当へ、鶴亀 小槌が年度末に来た。", (NAME,)),
    # in another sentence they may be of anybody
    ("鶴亀 小槌から申出。周辺は42歳の男性が見回る。", (NAME,)),
    # a count in a document about nobody
    ("入札の結果、応募者は1名であった。", (("1名", K.FACT, D, None),)),
    # many, and a part of a longer number
    ("鶴亀 小槌。該当者は11名。対象者1人当たり3千円。", (NAME,)),
    # the same person, withheld everywhere
    ("鶴亀 小槌\n鶴亀 小槌\n", (NAME, NAME)),
]


@pytest.mark.parametrize(("text", "pieces"), QUIET)
def test_what_tells_of_nobody(text: str, pieces: tuple[Piece, ...]) -> None:
    assert left(text, *pieces) == ()


@pytest.mark.parametrize(
    "text",
    [
        "鶴亀 小槌は市内で唯一の紙すき職人である。",  # said in a word
        "鶴亀 小槌は停職。この署の該当者は１名である。",  # counted, with a joint, in full width
        "鶴亀 小槌。対象世帯：1世帯",
        "鶴亀 小槌ら。職員3人のうち1人が休んでいる。",
    ],
)
def test_there_is_only_one(text: str) -> None:
    assert [way.way for way in left(text, NAME)] == ["sole"]


def test_a_count_that_goes_tells_nothing() -> None:
    sole = ("唯一の紙すき職人", K.OCCUPATION, W, "p1")
    assert left("鶴亀 小槌は唯一の紙すき職人である。", NAME, sole) == ()


@pytest.mark.parametrize(
    ("kind", "decision", "ways"),
    [
        (K.PERSON_NAME, D, ["called"]),  # named in another way elsewhere
        (K.PERSON_NAME, A, ["called"]),
        (K.TRADE_NAME, D, ["called"]),  # 屋号
        (K.PERSON_NAME, W, []),
        (K.PHONE, D, []),  # not a name
    ],
)
def test_another_name_of_the_same_person(kind: K, decision: Decision, ways: list[str]) -> None:
    found = left("鶴亀 小槌\n鶴亀商店\n", NAME, ("鶴亀商店", kind, decision, "p1"))
    assert [way.way for way in found] == ways


def test_a_name_that_goes_with_a_statement_says_nothing_of_the_official() -> None:
    told = "課長の松竹が私に怒鳴った"
    pieces: tuple[Piece, ...] = (
        (told, K.PRIVATE_LIFE, W, None),
        ("松竹", K.PERSON_NAME, D, "p2"),
        ("松竹", K.PERSON_NAME, D, "p2"),
    )
    assert left(f"{told}。\n対応 課長 松竹\n", *pieces) == ()


def test_time_grows_with_the_length() -> None:
    """A line of 200,000 characters full of beginnings of what is looked for, with a thousand names."""
    document = passage("該当者は、、児童対象鶴亀 小槌1名四十小学" * 10_000)
    names = [
        entity(document, "鶴亀 小槌", K.PERSON_NAME, person=f"p{n}", occurrence=n) for n in range(1, 1000)
    ]
    started = time.perf_counter()
    remaining(document, facts(names), ())
    assert time.perf_counter() - started < 10


@pytest.mark.parametrize(
    ("old", "new", "line", "says"),
    [
        ("format = 1", "format = 2", True, "format"),  # another format
        ('name = "性別"', 'name = "年齢"', True, "二つあります"),  # told twice
        ("counts = [", "count = [", True, "count"),  # misspelt
        ('kinds = ["sex"]', 'kinds = ["gender"]', True, "値"),  # no such kind
        ("skip = [", "skip = [", False, ""),  # as it is: read
    ],
)
def test_a_file_that_is_not_understood_is_refused(
    tmp_path: Path, old: str, new: str, line: bool, says: str
) -> None:
    path = tmp_path / "singling.toml"
    text = FILE.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    if not line:
        assert read_singling(path).traits == singling().traits
        return
    with pytest.raises(DataFileError, match=says) as caught:
        read_singling(path)
    assert "singling.toml" in str(caught.value)


def test_plain_text_keeps_every_place() -> None:
    assert plain("４２歳\t𠮷") == "42歳\t𠮷"
