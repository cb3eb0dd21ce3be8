"""References as statutes and as staff write them, found in running text, printed, coded and resolved."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.domain.provision import Part, ProvisionRef
from assistant.errors import InputError
from assistant.law.numbering import SubitemStyle, follows
from assistant.law.references import (
    UnreadableReference,
    code_of,
    find_references,
    format_reference,
    parse_reference,
)
from assistant.law.relative import resolve
from assistant.text.numerals import to_kanji

WRITTEN = [
    ("第7条第2号", "第7条第2号"),  # as a statute
    ("第七条第二号", "第7条第2号"),  # in kanji
    ("第７条第２号", "第7条第2号"),  # in full-width digits
    ("七条一号", "第7条第1号"),  # as spoken
    ("7条1号但書ウ", "第7条第1号ただし書ウ"),  # short, with the old word for a proviso
    ("7条1号但し書きウ", "第7条第1号ただし書ウ"),
    ("第7条第2号ただし書きｳ（ｲ）", "第7条第2号ただし書ウ(イ)"),  # half-width kana, full-width brackets
    ("第7条第2号のただし書のウ", "第7条第2号ただし書ウ"),
    ("第7条第1項第2号ウ(イ)", "第7条第1項第2号ウ(イ)"),  # the paragraph said
    ("第七条第一項第二号ウ（イ）", "第7条第1項第2号ウ(イ)"),
    ("第17条の2", "第17条の2"),  # a branch is not the article before it
    ("第十七条の二第三項", "第17条の2第3項"),
    ("第5条第1号の2", "第5条第1号の2"),
    ("第7条の2号", "第7条第2号"),  # clumsy: not a branch
    ("第7条第4号ただし書", "第7条第4号ただし書"),  # the proviso itself
    ("第7条各号列記以外の部分", "第7条柱書"),
    ("第7条第7号柱書き", "第7条第7号柱書"),
    ("第13条第2項後段", "第13条第2項後段"),
    ("第7条第2号本文", "第7条第2号"),  # 本文 is the place without its proviso
    ("条例第7条第2号", "第7条第2号"),
    ("見本市情報公開条例（平成14年見本市条例第8号）第7条第2号", "第7条第2号"),
    ("第7条 第2号", "第7条第2号"),  # spaced
    ("別表", "別表"),
    ("別表第2", "別表第2"),
    ("附則第2項", "附則第2項"),
]


@pytest.mark.parametrize(("written", "printed"), WRITTEN)
def test_read_as_staff_write(written: str, printed: str) -> None:
    assert format_reference(parse_reference(written)) == printed


NOT_REFERENCES = [
    "",
    "法令",
    "第7",
    "2号機",  # a machine
    "第7条第2号アンケート",  # ア is the beginning of a word
    "第7条第2号について",
    "条第2号",
    "第条",
    "あ" * 5000,
]


@pytest.mark.parametrize("words", NOT_REFERENCES)
def test_refuses_what_is_no_reference(words: str) -> None:
    with pytest.raises(UnreadableReference) as caught:
        parse_reference(words)
    assert isinstance(caught.value, InputError)
    assert "書いてください" in str(caught.value)


def test_the_same_letter_is_another_number_in_the_other_style() -> None:
    """イ is the second of アイウ and the first of イロハ."""
    municipal = parse_reference("第7条第2号ただし書イ")
    national = parse_reference("第7条第2号ただし書イ", style=SubitemStyle.IROHA)
    assert (municipal.subitems, national.subitems) == (("2",), ("1",))
    assert parse_reference("法第5条第1号ただし書ハ").subitems == ("3",)
    assert parse_reference("第5条第2号ロ").subitems == ("2",)  # only イロハ has ロ so early


CODES = [
    ("第7条第2号", "j7_k1_g2"),  # k is always there inside an article
    ("第7条第2号ただし書ウ(イ)", "j7_k1_g2_s3_t2"),
    ("第17条の2第3項", "j17-2_k3"),
    ("第5条第1号の2", "j5_k1_g1-2"),
    ("第7条第4号ただし書", "j7_k1_g4_proviso"),
    ("第7条柱書", "j7_k1_noitems"),
    ("第8条", "j8"),
    ("附則第2項", "f1_k2"),
]


@pytest.mark.parametrize(("label", "code"), CODES)
def test_codes(label: str, code: str) -> None:
    assert code_of(parse_reference(label)) == code


numbers = st.integers(1, 120)
branched = st.one_of(
    numbers.map(str), st.tuples(numbers, st.integers(2, 9)).map(lambda two: f"{two[0]}_{two[1]}")
)


@st.composite
def references(draw: st.DrawFn) -> ProvisionRef:
    item = draw(st.none() | branched)
    subitems = tuple(str(draw(st.integers(1, 26))) for _ in range(draw(st.integers(0, 3)))) if item else ()
    part = None if subitems else draw(st.none() | st.sampled_from(Part))
    return ProvisionRef(
        article=draw(branched),
        paragraph=draw(st.none() | numbers.map(str)),
        item=item,
        subitems=subitems,
        of_proviso=bool(subitems) and draw(st.booleans()),
        part=part,
    )


@given(references())
def test_printed_references_are_read_back(ref: ProvisionRef) -> None:
    assert parse_reference(format_reference(ref), style=SubitemStyle.GOJUON) == ref


@given(
    references(),
    st.text(alphabet="、。はがのを。あ亜\n", max_size=8),
    st.text(alphabet="、。により", max_size=8),
)
def test_found_in_running_text_at_its_place(ref: ProvisionRef, before: str, after: str) -> None:
    printed = format_reference(ref)
    text = f"{before}。{printed}。{after}"
    found = find_references(text, style=SubitemStyle.GOJUON)
    assert [(text[start:end], each) for start, end, each in found] == [(printed, ref)]


RUNNING = [
    ("地方税法第22条により漏らせない。", []),  # another instrument
    ("行政不服審査法（平成26年法律第68号）第9条第1項本文", []),
    ("同法第2条及び施行令第3条", []),
    ("見本市個人情報保護条例第5条", []),  # another ordinance
    ("条例第7条第2号及び第8条第2項", ["第7条第2号", "第8条第2項"]),
    ("この条例第8条は、", ["第8条"]),
    ("2条の線路に沿って", []),  # no 第 and nothing behind
    ("７条２号に当たる", ["第7条第2号"]),
    ("第7条第3号アンケートの回答", ["第7条第3号"]),
    ("非該当。第17条の2による", ["第17条の2"]),
]


@pytest.mark.parametrize(("text", "labels"), RUNNING)
def test_running_text(text: str, labels: list[str]) -> None:
    assert [format_reference(ref) for _, _, ref in find_references(text)] == labels


def test_other_instruments_on_request() -> None:
    assert len(find_references("地方税法第22条により", foreign=True)) == 1


@pytest.mark.parametrize("unit", ["第7条", "第", "（", "7条の", "号ただし書", "第1条第1号ア(ア)a"])
def test_linear_in_the_length_of_the_text(unit: str) -> None:
    text = unit * (40_000 // len(unit))
    begun = time.perf_counter()
    find_references(text)
    assert time.perf_counter() - begun < 5


RELATIVE = [
    ("同条第3項", "第16条第1項", ["第16条第3項"]),
    ("前項", "第16条第3項", ["第16条第2項"]),
    ("前2項", "第16条第3項", ["第16条第1項", "第16条第2項"]),
    ("前二項", "第16条第3項", ["第16条第1項", "第16条第2項"]),
    ("次号", "第7条第2号", ["第7条第3号"]),
    ("前各号", "第7条第3号", ["第7条第1号", "第7条第2号"]),
    ("前3条", "第7条", ["第4条", "第5条", "第6条"]),
    ("第2項", "第16条第3項", ["第16条第2項"]),  # a bare number is of the same article
    ("第3号", "第7条第2号", ["第7条第3号"]),
    ("同号ただし書ウ", "第7条第2号", ["第7条第2号ただし書ウ"]),
    ("この条", "第14条第1号", ["第14条"]),
    ("前条第2号", "第8条第2項", ["第7条第2号"]),
    ("前項ただし書", "第13条第2項", ["第13条第1項ただし書"]),
    ("同条各号列記以外の部分", "第7条第2号", ["第7条柱書"]),
    ("第7条第2号", "第1条", ["第7条第2号"]),  # a full reference is itself
]


@pytest.mark.parametrize(("words", "at", "labels"), RELATIVE)
def test_relative(words: str, at: str, labels: list[str]) -> None:
    assert [format_reference(ref) for ref in resolve(words, at=parse_reference(at))] == labels


@pytest.mark.parametrize(
    ("words", "at"), [("前条", "第1条"), ("前各号", "第7条第1号"), ("同号", "第7条"), ("前", "第7条")]
)
def test_leads_nowhere(words: str, at: str) -> None:
    with pytest.raises(UnreadableReference):
        resolve(words, at=parse_reference(at))


ORDERS = [
    ("1", None, True),
    ("2", None, False),  # begins with 2
    ("8", "7", True),
    ("9", "7", False),  # 8 left out
    ("7_2", "7", True),
    ("7_3", "7", False),
    ("7_3", "7_2", True),
    ("8", "7_2", True),
    ("7_2_2", "7_2", True),
    ("7_3", "7_2_2", True),
    ("7", "7", False),
]


@pytest.mark.parametrize(("number", "previous", "fine"), ORDERS)
def test_what_may_follow(number: str, previous: str | None, fine: bool) -> None:
    assert follows(number, previous) is fine


@given(st.integers(1, 9_999))
def test_numbers_in_kanji_are_read(number: int) -> None:
    assert parse_reference(f"第{to_kanji(number)}条").article == str(number)
