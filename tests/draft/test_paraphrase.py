"""Saying the withheld thing in other words gives it away as well; saying what kind of thing it is does not."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.corpus.corpus import Corpus
from assistant.domain.document import Document
from assistant.domain.entity import EntityKind
from assistant.domain.finding import Decision
from assistant.domain.provision import Head
from assistant.draft.checks import check_reason
from assistant.draft.leaks import hidden_in, leaks, open_words, shown_in
from assistant.draft.paraphrase_data import read_retelling
from assistant.draft.roman import initials_of, kana_of, long_vowels_dropped
from assistant.errors import DataFileError
from tests.draft.conftest import DAY, Make, ground_of

CASES = Path(__file__).with_name("paraphrases.toml")
REASON = (
    "個人に関する情報であって、{}であり、公にすることにより権利利益を害するおそれがあるため、第7条第2号に該当する。"
    "同号ただし書ア、イ及びウのいずれにも該当しない。"
)
# One telling word of a long text is not yet a paraphrase: a reason could not name a kind otherwise.
NOT_SEEN = frozenset(("東門を夜間に巡回する", "跡地の民間への売却の検討"))


def cases(which: str) -> Iterator[tuple[tuple[str, ...], tuple[str, ...], str]]:
    for case in tomllib.loads(CASES.read_text(encoding="utf-8"))["case"]:
        withheld = (case["withheld"],) if "withheld" in case else ()
        names = (case["name"],) if "name" in case else ()
        for told in case[which]:
            yield withheld, names, told


RETOLD, INNOCENT = list(cases("retold")), list(cases("innocent"))


@pytest.mark.parametrize(("withheld", "names", "told"), RETOLD)
def test_a_retelling_gives_it_away(
    city: Corpus, withheld: tuple[str, ...], names: tuple[str, ...], told: str
) -> None:
    assert bool(leaks(REASON.format(told), withheld, names, open_words(city, DAY))) == (told not in NOT_SEEN)


@pytest.mark.parametrize(("withheld", "names", "told"), INNOCENT)
def test_the_kind_of_information_may_be_said(
    city: Corpus, withheld: tuple[str, ...], names: tuple[str, ...], told: str
) -> None:
    assert leaks(REASON.format(told), withheld, names, open_words(city, DAY)) == ()


def test_the_cases_need_the_check_they_are_for(city: Corpus) -> None:
    known = open_words(city, DAY)
    in_letters = sum(bool(shown_in(REASON.format(told), w, n, known)) for w, n, told in RETOLD)
    assert len(RETOLD) >= 110
    assert len(INNOCENT) >= 100
    assert in_letters < len(RETOLD) / 5


def test_no_reason_the_city_gave_before_gives_away_what_it_never_saw(city: Corpus) -> None:
    """Reasons of precedents against the withheld texts of the cases: hardly one may be taken for a retelling."""
    known = open_words(city, DAY)
    reasons = [s.unit.reason_given for s in city.sources.values() if s.unit and s.unit.reason_given]
    texts = tuple(dict.fromkeys(text for withheld, _, _ in RETOLD for text in withheld))
    names = tuple(dict.fromkeys(name for _, called, _ in RETOLD for name in called))
    alarms = [
        (reason, text) for reason in reasons[::3] for text in texts if leaks(reason, (text,), (), known)
    ]
    alarms += [
        (reason, name) for reason in reasons[::3] for name in names if leaks(reason, (), (name,), known)
    ]
    assert len(alarms) <= len(reasons[::3]) * (len(texts) + len(names)) // 500, alarms


PAGE = "相談票（精神科の受診について）\n氏名　鮫島 春子\n内容　うつ病で通院中。年収480万円。\n"


def test_what_the_document_leaves_open_may_be_said(city: Corpus, find: Make) -> None:
    document = Document.of_texts((PAGE,), name="相談票.txt")
    findings = [
        find(document, "鮫島 春子", EntityKind.PERSON_NAME, Head.INDIVIDUAL, person="p1"),
        find(document, "うつ病で通院中", EntityKind.HEALTH, Head.INDIVIDUAL),
        find(document, "年収480万円", EntityKind.INCOME, Head.INDIVIDUAL, decision=Decision.ASK),
    ]
    hidden = hidden_in(findings, document, city, DAY)
    assert hidden.texts == ("鮫島 春子", "うつ病で通院中", "年収480万円")
    assert leaks(REASON.format("精神科の受診に関する記載"), hidden.texts, hidden.names, hidden.known) == ()
    assert "paraphrase" in leaks(
        REASON.format("約500万円の年収"), hidden.texts, hidden.names, hidden.known
    )  # asked about: may yet be withheld
    closed = [*findings, find(document, "精神科の受診", EntityKind.HEALTH, Head.INDIVIDUAL)]
    hidden = hidden_in(closed, document, city, DAY)
    assert "paraphrase" in leaks(
        REASON.format("精神科の受診に関する記載"), hidden.texts, hidden.names, hidden.known
    )


def test_a_retelling_keeps_a_reason_out_of_the_notice_and_is_not_repeated(city: Corpus) -> None:
    checks = check_reason(
        REASON.format("心の病を持つ者の記載"),
        grounds=(ground_of(city, Head.INDIVIDUAL),),
        withheld=("うつ病で通院中",),
        aliases=(),
        corpus=city,
        day=DAY,
    )
    (leak,) = [check for check in checks if check.code == "leak"]
    assert (leak.ok, leak.severity) == (False, "refuse")
    assert "言い換え" in leak.message
    assert not any(word in leak.message for word in ("心の病", "うつ", "通院"))


@pytest.mark.parametrize("number", ["9" * 400, "9" * 400 + ".5", "9" * 400 + "円", "9" * 400 + ".5円"])
def test_a_number_beyond_all_numbers_stops_nothing(city: Corpus, number: str) -> None:
    known = open_words(city, DAY)
    assert leaks(REASON.format("年収の額"), (number,), (), known) == ()
    assert leaks(REASON.format(f"{number}の額"), ("年収480万円",), (), known) == ()


@pytest.mark.parametrize(
    ("roman", "kana"),
    [
        ("Sameshima", "さめしま"),
        ("Satoh", "さと"),
        ("TSUCHIYA", "つちや"),
        ("Homma", "ほんま"),
        ("Hattori", "はつとり"),
    ],
)
def test_roman_letters_are_read(roman: str, kana: str) -> None:
    assert long_vowels_dropped(kana_of(roman)) == kana


@pytest.mark.parametrize("word", ["https", "xyz", "q"])
def test_what_is_no_japanese_is_not(word: str) -> None:
    assert kana_of(word) == ""


def test_initials_allow_both_spellings() -> None:
    assert initials_of("ちば") == {"C", "T"}
    assert initials_of("ごとう") == {"G"}
    assert initials_of("") == frozenset()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("[ages]", "[years]"),
        ('money = { "円" = 1,', 'money = { "円" = 0,'),
        ('score = { "点" = 1 }', 'score = { "円" = 1 }'),
        ('forms = ["不妊"]', "forms = []"),
        ('below = ["弱"', 'below = [""'),
    ],
)
def test_a_word_file_that_is_not_understood_is_refused(tmp_path: Path, old: str, new: str) -> None:
    from assistant.draft import paraphrase_data

    text = Path(paraphrase_data.__file__).with_name("paraphrase.toml").read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "paraphrase.toml"
    path.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(DataFileError):
        read_retelling(path)
