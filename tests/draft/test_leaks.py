"""A withheld text must not be readable from a reason, in whatever dress it comes."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.corpus.corpus import Corpus
from assistant.draft.disguise import name_parts, plain
from assistant.draft.leaks import leaks, open_words
from assistant.text.folding import folded_text
from assistant.text.morphemes import tokenize
from tests.draft.conftest import DAY

REASON = (
    "申出をした個人の氏名であり、特定の個人を識別することができる情報であるため、第7条第2号に該当する。{}"
    "同号ただし書ア、イ及びウのいずれにも該当しない。"
)


def seen(city: Corpus, told: str, *withheld: str, names: tuple[str, ...] = ()) -> set[str]:
    return set(leaks(REASON.format(told), withheld, names, open_words(city, DAY)))


@pytest.mark.parametrize(
    ("told", "withheld", "which"),
    [
        ("鮫島春子の申出", "鮫島 春子", "whole"),  # the space in the form is gone
        ("鮫 島　春 子の申出", "鮫島春子", "whole"),  # spaced out
        ("鮫島\n春子の申出", "鮫島春子", "whole"),  # broken over a line
        ("鮫\u200b島春子の申出", "鮫島春子", "whole"),  # zero-width space
        ("高崎真一の申出", "髙﨑眞一", "whole"),  # new forms for old
        ("髙﨑眞一の申出", "高崎真一", "whole"),  # old forms for new
        ("ｻﾒｼﾞﾏﾊﾙの申出", "サメジマハル", "whole"),  # half width
        ("さめじまはるの申出", "サメジマ ハル", "whole"),  # hiragana for katakana
        ("鮫島氏の申出", "鮫島春子", "part"),  # surname
        ("春子さんの申出", "鮫島 春子", "part"),  # given name
        ("さめじま氏の申出", "鮫島春子", "reading"),  # the surname as it is read
        ("鮫島氏の申出", "さめじま", "reading"),  # what the furigana hides
        ("公文氏の申出", "公文 一郎", "part"),  # a surname that also stands in 公文書
        ("電話は〇九三の一二三の四五六七", "093-123-4567", "number"),  # 漢数字
        ("電話は０９３（１２３）４５６７", "093-123-4567", "number"),  # full width, brackets
        ("電話は093ー123ー4567", "093-123-4567", "number"),  # long vowel mark for a hyphen
        ("電話は093‐123—4567", "0931234567", "number"),  # two kinds of hyphen
        ("金額は三百五十万円", "3,500,000円", "number"),  # 漢数字 with units
        ("金額は350万円", "3,500,000円", "number"),  # myriads
        ("金額は￥3,500,000", "3500000", "number"),  # with commas
        ("年齢は五十四歳", "54歳", "number"),  # a short number with its unit
        ("年齢は５４歳", "54歳", "whole"),  # full width
        ("生年月日は昭和四十年五月三日", "S40.5.3", "date"),  # an era date in words
        ("生年月日は1965年5月3日", "昭和40年5月3日", "date"),  # the western calendar
        ("住所は青葉町1-2-3", "見本市青葉町1丁目2番3号", "fragment"),  # short for a long address
        ("Ａｏｂａ@example.comから", "aoba@example.com", "whole"),  # letters of another width and case
        (
            "「隣の家の犬が毎晩吠える」との申出",
            "二年前から隣の家の犬が毎晩吠えるので眠れない",
            "fragment",
        ),  # a piece of a long text
        ("あおば商事の単価", "株式会社あおば商事", "part"),  # without its legal form
        ("㈱あおば商事の単価", "株式会社あおば商事", "part"),
        ("秋葉氏の申出", "作業員の秋葉が腰を痛めた", "part"),  # a name inside a longer text
        ("口座は普通 一二三四五六七", "普通1234567", "number"),
    ],
)
def test_a_disguise_does_not_help(city: Corpus, told: str, withheld: str, which: str) -> None:
    assert which in seen(city, told, withheld)


@pytest.mark.parametrize(
    "withheld",
    [
        "鮫島 春子",
        "公文 一郎",  # a surname inside 公文書
        "大市 民子",  # 市民 across the two halves stands in the ordinance
        "男",  # one letter tells nothing
        "㊞",
        "12",  # a score that is also an article's number is not there as a score
        "7",
        "2号",  # a piece of a reference
        "うつ病",
        "会社員",
        "見本市中央町3番地",
        "本人",  # what everybody is called
        "",
        "　",
    ],
)
def test_an_innocent_reason_is_left_alone(city: Corpus, withheld: str) -> None:
    assert seen(city, "", withheld) == set()


def test_a_name_is_looked_for_whatever_it_looks_like(city: Corpus) -> None:
    assert seen(city, "ソフィア氏の申出", names=("ソフィア・リム",)) == {"part", "reading"} or "part" in seen(
        city, "ソフィア氏の申出", names=("ソフィア・リム",)
    )
    assert seen(city, "鱚岡氏の申出", names=("鱚岡 菜",)) >= {"part"}  # no dictionary has it


def test_parts_of_a_name_are_its_ends_and_its_pieces() -> None:
    assert set(name_parts("鮫島 春子")) == {"鮫島", "鮫島春", "春子", "島春子"}
    assert set(name_parts("林 春子")) == {"春子", "林春"}  # 林 alone is a wood
    assert name_parts("林") == ()


# ---- whatever the name, whatever the dress, wherever it stands -------------------------------------------------------

SURNAMES = [
    "鮫島",
    "髙橋",
    "渡邊",
    "釈迦堂",
    "一色",
    "公文",
    "五十嵐",
    "勅使河原",
    "市川",
    "東海林",
    "小鳥遊",
]
GIVEN = ["春子", "一郎", "さくら", "ひかる", "光", "龍之介", "ハル", "美沙緒"]
TEXTS = st.one_of(
    st.tuples(st.sampled_from(SURNAMES), st.sampled_from(["", " ", "　"]), st.sampled_from(GIVEN)).map(
        "".join
    ),
    st.from_regex(r"0[0-9]{2}-[0-9]{3}-[0-9]{4}", fullmatch=True),
    st.from_regex(r"[1-9][0-9]{0,2},[0-9]{3},[0-9]{3}円", fullmatch=True),
    st.from_regex(r"[青緑赤黄][葉山谷原][町台][1-9]丁目[1-9][0-9]?番[1-9]号", fullmatch=True),
    st.text(alphabet="桜川豊田苺鯨柊蜜柑", min_size=2, max_size=12),
)
HALF_KANA = {chr(full): unicodedata.normalize("NFKC", chr(full)) for full in range(0xFF66, 0xFF9E)}
TO_HALF = {full: half for half, full in HALF_KANA.items()}


def spaced(text: str) -> str:
    return "　".join(text)


def full_width(text: str) -> str:
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)


def half_kana(text: str) -> str:
    return "".join(TO_HALF.get(c, c) for c in text)


def old_forms(text: str) -> str:
    return text.translate(
        str.maketrans({"高": "髙", "崎": "﨑", "辺": "邊", "島": "嶋", "龍": "竜", "国": "國"})
    )


def kanji_digits(text: str) -> str:
    return text.replace(",", "").translate(str.maketrans("0123456789", "〇一二三四五六七八九"))


def other_hyphens(text: str) -> str:
    return text.replace("-", "ー")


def hiragana(text: str) -> str:
    return "".join(chr(ord(c) - 0x60) if "ァ" <= c <= "ヶ" else c for c in text)


DRESSES = st.sampled_from(
    [str, spaced, full_width, half_kana, old_forms, kanji_digits, other_hyphens, hiragana, folded_text]
)


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=TEXTS, dress=DRESSES, at=st.integers(min_value=0, max_value=len(REASON) - 2))
def test_no_dress_gets_through(city: Corpus, text: str, dress: object, at: int) -> None:
    assert callable(dress)
    plain_reason = REASON.format("")
    told = f"{plain_reason[:at]}「{dress(text)}」{plain_reason[at:]}"
    assert leaks(told, [text], [], open_words(city, DAY))


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(surname=st.sampled_from(SURNAMES), given_name=st.sampled_from(GIVEN), which=st.booleans())
def test_half_a_name_or_its_reading_gets_through_neither(
    city: Corpus, surname: str, given_name: str, which: bool
) -> None:
    name, half = f"{surname} {given_name}", surname if which else given_name
    if len(plain(half)) >= 2:
        assert leaks(REASON.format(f"「{half}」"), [], [name], open_words(city, DAY))
    reading = "".join(
        word.reading_form for word in tokenize(folded_text(surname + given_name, variants=True))
    )
    assert leaks(REASON.format(f"「{reading}」"), [], [name], open_words(city, DAY))
