"""Placeholders: nothing remains, everything comes back letter for letter, nobody comes back as somebody else."""

from __future__ import annotations

import random
import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from assistant.domain.entity import EntityKind, Trait
from assistant.model.errand import Secret
from assistant.model.loose import loose_text
from assistant.model.pseudonyms import Pseudonyms

NAME, PHONE, ADDRESS = EntityKind.PERSON_NAME, EntityKind.PHONE, EntityKind.ADDRESS


def _name(
    text: str, person: str | None = None, *traits: Trait, near: tuple[tuple[str, str], ...] = ()
) -> Secret:
    return Secret(text=text, kind=NAME, person=person, traits=frozenset(traits), near=frozenset(near))


PEOPLE = (
    _name("烏丸 花代", "p1"),
    _name("烏丸", "p1"),
    _name("佐保 健", "p2", Trait.OFFICIAL),
    _name("佐保", "p2", Trait.OFFICIAL),
    Secret(text="093-000-4567", kind=PHONE),
    Secret(text="若葉台一丁目4番5号", kind=ADDRESS, traits=frozenset({Trait.HOME})),
    Secret(text="株式会社ハクロ", kind=EntityKind.ORGANIZATION),
)


@pytest.fixture(scope="module")
def people() -> Pseudonyms:
    return Pseudonyms(PEOPLE)


# hiding -------------------------------------------------------------------------------------------------------------


def test_what_matters_is_kept(people: Pseudonyms) -> None:
    text = "烏丸 花代（見本市若葉台一丁目4番5号）が佐保 健主任に電話（093-000-4567）した。烏丸は株式会社ハクロの社員。"
    assert people.hide(text) == (
        "〔氏名1〕（見本市〔住所1〕）が〔職員氏名2〕主任に電話（〔電話番号1〕）した。〔氏名1の2〕は〔法人等1〕の社員。"
    )
    assert people.count(people.hide(text)) == 5


@pytest.mark.parametrize(
    "written",
    [
        "烏丸花代", "烏丸　花代", "烏 丸 花 代", "烏丸\n花代", "烏丸\n　　花代", "烏\u200b丸花代", "烏丸 花\u3099代".replace("\u3099", ""),
        "０９３－０００－４５６７", "093-\n000-4567", "093‐000‐4567", "㈱ハクロ".replace("㈱", "株式会社"), "株式会社ﾊｸﾛ", "若葉台 一丁目４番５号",
    ],
)  # fmt: skip
def test_in_any_width_spacing_and_form(people: Pseudonyms, written: str) -> None:
    text = f"前{written}後"
    hidden = people.hide(text)
    assert hidden.startswith("前〔")
    assert hidden.endswith("〕後")
    assert people.restore(hidden) == text


def test_a_number_and_a_company_are_one_however_they_are_written() -> None:
    secrets = [
        *(Secret(text=text, kind=PHONE) for text in ("093-000-4567", "0930004567")),
        *(
            Secret(text=text, kind=EntityKind.ORGANIZATION)
            for text in ("株式会社ハクロ", "ハクロ", "(株)ハクロ")
        ),
    ]
    assert Pseudonyms(secrets).hide("0930004567、㈱ハクロ、ハクロ、株式会社ハクロ") == (
        "〔電話番号1の2〕、〔法人等1の4〕、〔法人等1の2〕、〔法人等1〕"
    )


def test_old_and_new_forms_of_a_letter_are_one_person() -> None:
    hiding = Pseudonyms((_name("渡邉 浩", "p1"),))
    assert hiding.hide("渡邉 浩、渡辺浩、渡邊 浩") == "〔氏名1〕、〔氏名1の2〕、〔氏名1の3〕"
    assert hiding.restore("〔氏名1の3〕") == "渡邊 浩"


def test_a_name_of_one_letter_is_hidden_where_it_is_a_name() -> None:
    hiding = Pseudonyms((_name("森", "p1", near=(("職員", "が対"),)),))
    assert hiding.hide("森林の森さん") == "森林の森さん"
    for text, hidden in (
        ("森", "〔氏名1〕"),
        ("委員 森 賛成", "委員 〔氏名1〕 賛成"),
        ("森さんは森林を見た。", "〔氏名1〕さんは森林を見た。"),
        ("職員森が対応", "職員〔氏名1〕が対応"),  # it was found there
        ("青森県森町", "青森県森町"),
    ):
        assert hiding.hide(text) == hidden
        assert hiding.restore(hidden) == text


def test_the_longest_first_and_one_inside_the_other() -> None:
    hiding = Pseudonyms((_name("山田", "p1"), _name("山田 太郎", "p2"), _name("太郎丸", "p3")))
    assert hiding.hide(
        "山田太郎、山田、太郎丸、山田太郎丸"
    ) == "〔氏名2〕、〔氏名1〕、〔氏名3〕、〔氏名2の2〕丸".replace("〔氏名2〕、", "〔氏名2の2〕、", 1)
    for text in ("山田太郎丸", "太郎丸山田太郎"):
        assert hiding.restore(hiding.hide(text)) == text


def test_a_name_that_two_share_is_no_ones() -> None:
    """烏丸 alone may be the wife or the husband: it must not say which."""
    secrets = (_name("烏丸 花代", "p1"), _name("烏丸", "p1"), _name("烏丸 次郎", "p2"), _name("烏丸", "p2"))
    hiding = Pseudonyms(secrets)
    assert hiding.hide("烏丸花代と烏丸次郎。烏丸さん") == "〔氏名1の2〕と〔氏名2の2〕。〔共通名1〕さん"


def test_one_person_over_the_turns_of_a_conversation() -> None:
    document = (_name("烏丸 花代", "p1"), _name("烏丸", "p1"), _name("佐保 健", "p2"))
    question = (_name("烏丸", "q1:p1"),)
    again = (_name("佐保 健", "q2:p1"), _name("久遠寺 翠", "q2:p2"))
    text = "烏丸と佐保 健"
    for known in (document, document + question, document + question + again):
        assert Pseudonyms(known).hide(text) == "〔氏名1の2〕と〔氏名2〕"
    assert Pseudonyms(document + question + again).hide("久遠寺 翠") == "〔氏名3〕"


def test_the_same_input_gives_the_same_placeholders() -> None:
    text = "佐保健、佐保 健、烏丸\n花代、烏丸 花代"
    assert len({Pseudonyms(PEOPLE, (text,)).hide(text) for _ in range(3)}) == 1
    # a piece alone is told as it is in the whole, whichever is asked about first
    whole, last_first = Pseudonyms(PEOPLE, (text,)), Pseudonyms(PEOPLE, (text,))
    pieces = text.split("、")
    last = [last_first.hide(piece) for piece in reversed(pieces)]
    assert [whole.hide(piece) for piece in pieces] == last[::-1]


def test_numbers_that_stand_in_the_text_are_passed_over() -> None:
    form = "記入欄：氏名1　氏名２　〔電話番号 1〕\n氏名 烏丸 花代　電話 093-000-4567"
    hiding = Pseudonyms(PEOPLE, (form,))
    hidden = hiding.hide(form)
    assert "記入欄：氏名1　氏名２　〔電話番号 1〕" in hidden
    assert "〔氏名3〕" in hidden
    assert hiding.restore(hidden) == form


def test_what_only_looks_like_a_placeholder_comes_back_as_it_was(people: Pseudonyms) -> None:
    """Also where nobody knew of it beforehand: an earlier decision, a question."""
    for text in (
        "〔氏名1〕",
        "[PERSON_1]とname 1",
        "氏名１の2",
        "（氏名1さん）",
        "〔原文1〕",
        "烏丸〔原文1の2〕氏名1",
    ):
        assert people.restore(people.hide(text)) == text


@pytest.mark.parametrize(
    "text", ["氏名", "〔氏名", "電話番号1", "1〕", "原文", "の2", "記号", "Person", "12", ".*+?()[", "\\d"]
)
def test_a_secret_like_our_own_words_neither_stays_nor_confuses(text: str) -> None:
    secrets = (*PEOPLE, Secret(text=text, kind=EntityKind.ORGANIZATION))
    hiding = Pseudonyms(secrets)
    passage = f"烏丸 花代（093-000-4567）{text}、佐保健{text}佐保 健、佐保"
    hidden = hiding.hide(passage)
    assert hiding.restore(hidden) == passage
    assert not [form for form in hiding.forms if form in loose_text(hidden)]


def test_nothing_to_hide_changes_nothing() -> None:
    for hiding in (Pseudonyms(()), Pseudonyms((_name(""), _name(" \n"), _name("個人")))):
        for text in ("", "個人に関する情報 〔氏名1〕 [PERSON_1]"):
            assert hiding.hide(text) == text
            assert hiding.restore(text) == text


# restoring ----------------------------------------------------------------------------------------------------------

MANGLED = [
    "〔氏名１〕", "［氏名1］", "[氏名1]", "(氏名1)", "（氏名１）", "【氏名1】", "「氏名1」", "<氏名1>", "〔 氏名 1 〕", "〔氏\n名1〕",
    "〔氏名\n1〕", "〔氏名一〕", "〔氏名①〕", "〔**氏名1**〕", "〔`氏名1`〕", "〔名前1〕", "〔Name 1〕", "[PERSON_1]", "<person 1>",
    "[Person-1]", "［ＰＥＲＳＯＮ＿１］", "person1", "PERSON_1", "氏名1", "〔職員氏名1〕", "{氏名1}", "〔氏名：1〕",
]  # fmt: skip


@pytest.mark.parametrize("mangled", MANGLED)
def test_a_mangled_placeholder_comes_back(people: Pseudonyms, mangled: str) -> None:
    assert people.restore(f"これは、{mangled}のことで") == "これは、烏丸 花代のことで"


def test_around_a_placeholder_nothing_is_lost(people: Pseudonyms) -> None:
    assert people.restore("**〔氏名1〕**さん、〔氏名1様〕") == "**烏丸 花代**さん、烏丸 花代様"
    assert people.restore("〔氏名1の2〕と[氏名1-2]、氏名1の2") == "烏丸と烏丸、烏丸"
    assert people.restore("氏名1の2歳の子、氏名1の2万円") == "烏丸 花代の2歳の子、烏丸 花代の2万円"
    assert people.restore("〔携帯番号1〕〔Phone number 1〕〔電話1〕") == "093-000-4567" * 3


@pytest.mark.parametrize(
    "text",
    [
        "〔氏名9〕", "氏名10", "〔氏名1の9〕", "氏名1件", "氏名2名分", "氏名一覧", "全氏名1", "〔S1〕", "〔電話番号2〕", "住所1丁目", "姓名1",
        "〔氏名〕1", "Name 1", "name of person 1", "personal 1", "〔職員1〕", "1〕〔氏名", "〔氏名0〕", "第1号 氏名",
    ],
)  # fmt: skip
def test_what_is_none_of_ours_stays(people: Pseudonyms, text: str) -> None:
    assert people.restore(text) == text


# properties ---------------------------------------------------------------------------------------------------------

ATOMS = [
    "氏名", "1", "２", "〔", "〕", "[", "]", "の", "山", "田", "太郎", "森", "林", "さん", " ", "\n", "電話番号", "原文", "個人番号", "12",
    "\ud800", "😀", "ｶﾞ", "㈱", "*", "person", "_", "PERSON", "記号", "件", "一", ".", "+", "(", ")", "「", "」", "齋", "斎", "－", "a", "B",
    "名前", "①", "共通名", "法人等", "Ｘ", "\\", "\u200b",
]  # fmt: skip
nasty = st.one_of(
    st.lists(st.sampled_from(ATOMS), max_size=12).map("".join),
    st.text(st.characters(), max_size=30),
)
secret = st.builds(
    Secret,
    text=st.one_of(st.lists(st.sampled_from(ATOMS), max_size=4).map("".join), st.text(max_size=8)),
    kind=st.sampled_from([NAME, PHONE, ADDRESS, EntityKind.ORGANIZATION, EntityKind.POST]),
    person=st.sampled_from([None, "p1", "p2", "q:p1"]),
)


@settings(max_examples=400, deadline=None)
@given(
    secrets=st.lists(secret, max_size=6),
    texts=st.lists(nasty, max_size=3),
    told=st.booleans(),
    data=st.data(),
)
@example(secrets=[_name("の2")], texts=["の2\n太郎"], told=True, data=None)
def test_everything_comes_back_and_nothing_remains(
    secrets: list[Secret], texts: list[str], told: bool, data: st.DataObject | None
) -> None:
    """For every text and every secret, with the texts known beforehand or not."""
    hiding = Pseudonyms(secrets, texts if told else ())
    if data is not None and secrets:
        parts = data.draw(st.lists(st.sampled_from([*ATOMS, *(one.text for one in secrets)]), max_size=10))
        texts = [*texts, "".join(parts)]
    for text in (*texts, *texts):
        hidden = hiding.hide(text)
        assert hiding.restore(hidden) == text
        assert not [form for form in hiding.forms if form in loose_text(hidden)]


@settings(max_examples=200, deadline=None)
@given(text=nasty, cut=st.integers(0, 40))
def test_what_is_shown_early_is_shown_rightly(text: str, cut: int) -> None:
    """A stream cut anywhere: what is safe to show does not change when the rest has come."""
    hiding = Pseudonyms(PEOPLE)
    whole = f"{text}〔氏名1の2〕と[PERSON_1]、{text}〔電話番号1〕"
    begun = whole[: min(cut, len(whole))]
    safe = begun[: hiding.pending(begun)]
    assert hiding.restore(whole).startswith(hiding.restore(safe))


# size ---------------------------------------------------------------------------------------------------------------


def test_a_hundred_thousand_letters_and_five_hundred_secrets_take_no_second() -> None:
    chance = random.Random(1)
    families, givens = (
        "佐藤鈴木高橋田中伊渡辺山本村林加吉清水崎池阿部森石川前原小野竹内",
        "太郎花美咲直樹誠恵代葵翔",
    )
    secrets = []
    for number in range(250):
        family, given = "".join(chance.sample(families, 2)), "".join(chance.sample(givens, 2))
        secrets.append(_name(f"{family} {given}", f"p{number}"))
        secrets.append(Secret(text=f"093-{number:03}-{chance.randint(0, 9999):04}", kind=PHONE))
    fill = "この文書は道路の整備について住民に説明した記録である。参加者は次のとおりで、"
    text = ""
    while len(text) < 100_000:
        text += fill[: chance.randint(5, 40)] + chance.choice(secrets).text
    hiding = Pseudonyms(secrets)
    begun = time.process_time()
    hidden = hiding.hide(text)
    middle = time.process_time()
    assert hiding.restore(hidden) == text
    assert middle - begun < 1.0
    assert time.process_time() - middle < 1.0


@pytest.mark.parametrize(
    "unit", ["〔", "〔氏名", "氏名1〔氏名2〕", "〔 \n * _ ", "氏", "person_"], ids=range(6)
)
def test_no_text_makes_it_slow(unit: str) -> None:
    hiding = Pseudonyms(PEOPLE)
    text = unit * (50_000 // len(unit))
    begun = time.process_time()
    assert hiding.restore(hiding.hide(text)) == text
    hiding.pending(text)
    assert time.process_time() - begun < 3.0
