"""Ordinances read from markdown and XML: versions, labels, polarity, round trips, and what is refused."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.domain.provision import Polarity
from assistant.errors import DataFileError
from assistant.law.egov import read_xml
from assistant.law.markdown import read_markdown
from assistant.law.markdown_write import write_markdown
from assistant.law.numbering import SubitemStyle
from assistant.law.ordinance import Ordinance
from assistant.law.references import (
    UnreadableReference,
    find_references,
    format_reference,
    parse_reference,
)
from assistant.law.relative import resolve

MIHON = Path(__file__).resolve().parents[2] / "ordinances" / "mihon" / "ordinance.md"
HEAD = "# 仮市情報公開条例\n平成20年仮市条例第1号\n<!-- in-force: 2008-04-01 .. -->\n"


def read(tmp_path: Path, text: str) -> Ordinance:
    path = tmp_path / "ordinance.md"
    path.write_text(text, encoding="utf-8")
    return read_markdown(path)


def labels(ordinance: Ordinance, day: date) -> list[str]:
    return [provision.label for provision in ordinance.as_of(day)]


def test_every_level_is_addressed_and_cited_as_staff_do(tmp_path: Path) -> None:
    ordinance = read(
        tmp_path,
        HEAD
        + "（義務）\n第1条　次の各号を除き開示する。\n(1)　個人に関するもの。ただし、次に掲げるものを除く。\n"
        + "ア　公にされているもの\nイ　職務に関するもののうち次に掲げる部分\n(ア)　氏名\n(イ)　内容\n"
        + "(2)　次に掲げるおそれのあるもの\nア　監査に関するもの\n(2)の2　任意に出されたもの。ただし、健康を守るためのものを除く。\n"
        + "（手続）\n第1条の2　書面による。\n2　前項の書面は、様式による。\n",
    )
    assert [(each.code, each.label) for each in ordinance.provisions] == [
        ("j1_k1", "第1条"),
        ("j1_k1_noitems", "第1条柱書"),
        ("j1_k1_g1", "第1条第1号"),
        ("j1_k1_g1_noitems", "第1条第1号柱書"),
        ("j1_k1_g1_proviso", "第1条第1号ただし書"),
        ("j1_k1_g1_s1", "第1条第1号ただし書ア"),  # under the proviso
        ("j1_k1_g1_s2", "第1条第1号ただし書イ"),
        ("j1_k1_g1_s2_t1", "第1条第1号ただし書イ(ア)"),
        ("j1_k1_g1_s2_t2", "第1条第1号ただし書イ(イ)"),
        ("j1_k1_g2", "第1条第2号"),
        ("j1_k1_g2_noitems", "第1条第2号柱書"),
        ("j1_k1_g2_s1", "第1条第2号ア"),  # a limb of the exemption
        ("j1_k1_g2-2", "第1条第2号の2"),
        ("j1_k1_g2-2_proviso", "第1条第2号の2ただし書"),
        ("j1-2", "第1条の2"),  # two paragraphs: the number is said
        ("j1-2_k1", "第1条の2第1項"),
        ("j1-2_k2", "第1条の2第2項"),
    ]
    limb = ordinance.find("第1条第1号ただし書イ(ア)", date(2020, 1, 1))
    assert limb is not None
    assert limb.text == "氏名"
    assert limb.caption == "義務"
    assert limb.parent == "j1_k1_g1_s2"


POLARITY = [
    # the proviso itself lists: exceptions
    ("個人に関するもの。ただし、次に掲げるものを除く。", Polarity.EXCEPTION),
    # the main sentence lists and the proviso stands alone: limbs of the exemption (the trap of the national act)
    ("法人に関するもので次に掲げるもの。ただし、健康を守るためのものを除く。", Polarity.EXEMPTION),
    ("事務に関するもので、次に掲げるおそれその他支障のあるもの", Polarity.EXEMPTION),
    # a proviso inside brackets is no sentence of its own
    (
        "個人に関するもの（市長が認める場合。ただし、次に掲げるものを除く。）で次に掲げるもの",
        Polarity.EXEMPTION,
    ),
]


@pytest.mark.parametrize(("item", "polarity"), POLARITY)
def test_polarity_is_decided_by_the_sentence_that_lists(
    tmp_path: Path, item: str, polarity: Polarity
) -> None:
    ordinance = read(tmp_path, HEAD + f"第1条　次の各号を除き開示する。\n(1)　{item}\nア　甲\nイ　乙\n")
    limb = ordinance.find("第1条第1号ア", date(2020, 1, 1))
    assert limb is not None
    assert limb.polarity is polarity
    assert ("ただし書" in limb.label) is (polarity is Polarity.EXCEPTION)


def test_a_limb_said_to_be_an_exception_is_not_found_when_it_is_not(tmp_path: Path) -> None:
    ordinance = read(tmp_path, HEAD + "第1条　次による。\n(1)　次に掲げるもの\nア　甲\n")
    assert ordinance.find("第1条第1号ただし書ア", date(2020, 1, 1)) is None
    assert ordinance.find("第1条第1号ア", date(2020, 1, 1)) is not None


VERSIONS = HEAD + (
    "（甲）\n第1条　次による。\n(1)　変わらない。\n"
    "<!-- in-force: .. 2015-12-31 -->\n(2)　古い。\nア　同じ\nイ　古い細分\n"
    "<!-- in-force: 2016-01-01 .. -->\n(2)　新しい。\nア　同じ\nイ　新しい細分\n"
    "<!-- in-force: 2016-01-01 .. -->\n（乙）\n第1条の2　加わった。\n"
    "（丙）\n<!-- in-force: .. 2015-12-31 -->\n第2条　古い第1項。\n<!-- in-force: 2016-01-01 .. -->\n第2条　新しい第1項。\n2　第2項。\n"
)


def test_versions_in_force(tmp_path: Path) -> None:
    ordinance = read(tmp_path, VERSIONS)
    old, new = date(2015, 12, 31), date(2016, 1, 1)
    assert ordinance.in_force_dates == (date(2008, 4, 1), new)
    assert ordinance.version_date(old) == date(2008, 4, 1)
    assert ordinance.version_date(new) == new
    assert ordinance.version_date(date(1999, 1, 1)) == date(2008, 4, 1)

    def text(label: str, day: date) -> str | None:
        found = ordinance.find(label, day)
        return found.own_text if found else None

    assert (text("第1条第2号", old), text("第1条第2号", new)) == ("古い。", "新しい。")
    assert (text("第1条の2", old), text("第1条の2", new)) == (None, "加わった。")
    assert (text("第2条第1項", old), text("第2条第1項", new)) == ("古い第1項。", "新しい第1項。")
    # what stands unchanged inside a changed 号 keeps the day its text came into force
    same = ordinance.find("第1条第2号ア", new)
    assert same is not None
    assert same.source_id == "provision:j1_k1_g2_s1@2008-04-01"
    assert same.in_force_until is None
    # the whole article changes with its parts, each text on its own days
    whole = ordinance.versions("第1条")
    assert [(each.in_force_from, each.in_force_until) for each in whole] == [
        (date(2008, 4, 1), old),
        (new, None),
    ]
    assert "新しい細分" in whole[1].text
    assert "古い細分" not in whole[1].text
    assert ordinance.find("第1条", date(2008, 3, 31)) is None


def test_staff_leave_the_paragraph_out(tmp_path: Path) -> None:
    ordinance = read(tmp_path, HEAD + "第1条　甲。\n2　次による。\n(1)　乙\n")
    day = date(2020, 1, 1)
    item, latter = ordinance.find("1条1号", day), ordinance.find("第1条第2項後段", day)
    assert item is not None
    assert item.label == "第1条第2項第1号"
    assert latter is not None
    assert latter.label == "第1条第2項"
    assert ordinance.find("第1条第3号", day) is None
    assert ordinance.find("なにか", day) is None


def test_supplements_are_apart_from_articles(tmp_path: Path) -> None:
    ordinance = read(
        tmp_path,
        HEAD
        + "第1条　甲。\n\n## 附則\n\nこの条例は、平成20年4月1日から施行する。\n\n"
        + "<!-- in-force: 2016-01-01 .. -->\n## 附則（平成27年仮市条例第3号）\n\n（施行期日）\n1　施行する。\n2　なお従前の例による。\n",
    )
    assert labels(ordinance, date(2010, 1, 1)) == ["第1条", "附則"]
    assert labels(ordinance, date(2020, 1, 1))[-1] == "附則（平成27年仮市条例第3号）第2項"
    assert write_markdown(ordinance).count("## 附則") == 2


def test_supplements_in_articles(tmp_path: Path) -> None:
    text = (
        HEAD
        + "第1条　甲。\n\n## 附　則（平成27年仮市条例第3号）\n\n（施行期日）\n第1条　施行する。\n第2条　乙。\n2　丙。\n"
    )
    ordinance = read(tmp_path, text)
    assert labels(ordinance, date(2020, 1, 1)) == [
        "第1条",
        "附則（平成27年仮市条例第3号）第1条",
        "附則（平成27年仮市条例第3号）第2条",
        "附則（平成27年仮市条例第3号）第2条第1項",
        "附則（平成27年仮市条例第3号）第2条第2項",
    ]
    found = ordinance.find("附則第2条第2項", date(2020, 1, 1))
    assert found is not None
    assert (found.code, found.text) == ("f1j2_k2", "丙。")
    assert read(tmp_path, write_markdown(ordinance)) == ordinance


def test_deleted_provisions_keep_their_numbers(tmp_path: Path) -> None:
    text = HEAD + "第1条　次による。\n(1)及び(2)　削除\n(3)　甲\n第2条から第4条まで　削除\n第5条　乙。\n"
    ordinance = read(tmp_path, text)
    day = date(2020, 1, 1)
    assert [each.label for each in ordinance.as_of(day) if each.text == "削除"] == [
        "第1条第1号",
        "第1条第2号",
        "第2条",
        "第3条",
        "第4条",
    ]
    assert read(tmp_path, write_markdown(ordinance)) == ordinance


BROKEN = [
    ("第1条　甲。\n第1条　乙。\n", 5, "二つ"),  # the same article twice
    ("第1条　甲。\n（乙）\n第3条　丙。\n", 6, "番号が飛んで"),
    ("第2条　甲。\n", 4, "最初が第2条"),
    ("第1条　次による。\n(1)　甲\n(3)　乙\n", 6, "番号が飛んで"),
    ("第1条　甲。\n3　乙。\n", 5, "番号が飛んで"),
    ("(1)　甲\n第1条　乙。\n", 4, "号の上に来る項がありません"),
    ("第1条　甲。\nア　乙\n", 5, "上に来る号がありません"),
    ("第1条　次による。\n(1)　甲\n(ア)　乙\n", 6, "アがありません"),
    ("第1条　甲。\nただの文\n", 5, "読み取れない行"),
    ("第1条\n", 4, "条の文がありません"),
    ("（見出し）\n", 4, "見出しの後に条がありません"),
    ("（見出し）\n（もう一つ）\n第1条　甲。\n", 4, "見出しの後に条がありません"),
    ("", None, "条が一つもありません"),
    ("第1条　甲。\n<!-- in-force: 2016-01-01 .. -->\n", 5, "注記の後に規定がありません"),
    ("第1条　甲。\n<!-- in-force: いつか .. -->\n2　乙。\n", 5, "施行期間が読み取れません"),
    ("第1条　甲。\n<!-- in-force: 2016-02-30 .. -->\n2　乙。\n", 5, "施行期間が読み取れません"),
    ("第1条　甲。\n<!-- in-force: 2016-02-01 .. 2015-01-01 -->\n2　乙。\n", 5, "終わりが始まりより前"),
    ("第1条　甲。\n<!-- in-force: 2000-01-01 .. 2001-01-01 -->\n2　乙。\n", 6, "重なりません"),
    (
        "第1条　次による。\n<!-- in-force: .. 2016-01-01 -->\n(1)　甲\n<!-- in-force: 2016-01-01 .. -->\n(1)　乙\n",
        8,
        "同じ日に二つ",
    ),  # one day in both
    (
        "第1条　次による。\n<!-- in-force: .. 2015-01-01 -->\n(1)　甲\n(2)　乙\n",
        7,
        "最初が第1条第1項第2号",
    ),  # from 2015 on there is no 第1号
    ("# 二つ目の題名\n第1条　甲。\n", 4, "題名が二つ"),
    ("第1条　甲。\n## 附則\n第1条　甲。\n第3条　乙。\n", 7, "番号が飛んで"),
    ("第1条　甲。\n## 附則\n", 5, "附則の文がありません"),
    ("第1条　甲。\n第2条の2から第2条の4まで　削除\n", 5, "削られた規定の番号"),
    ("<!-- 閉じない\n第1条　甲。\n", 4, "注記が閉じていません"),
]


@pytest.mark.parametrize(("body", "line", "problem"), BROKEN)
def test_broken_files_are_refused_with_line_and_advice(
    tmp_path: Path, body: str, line: int | None, problem: str
) -> None:
    with pytest.raises(DataFileError) as caught:
        read(tmp_path, HEAD + body)
    assert caught.value.line == line
    assert problem in str(caught.value)
    problem_said, _, advice = str(caught.value).partition("。 ")
    assert problem_said
    assert advice.endswith("。")


def test_files_that_are_no_text(tmp_path: Path) -> None:
    path = tmp_path / "ordinance.md"
    with pytest.raises(DataFileError, match="ファイルがありません"):
        read_markdown(path)
    path.write_bytes(b"")
    with pytest.raises(DataFileError, match="空です"):
        read_markdown(path)
    path.write_bytes(HEAD.encode() + "第1条　甲。".encode("cp932"))
    with pytest.raises(DataFileError, match="UTF-8") as caught:
        read_markdown(path)
    assert caught.value.line == 4
    path.write_bytes(b"\xef\xbb\xbf" + (HEAD + "第1条　甲。").replace("\n", "\r\n").encode())
    assert labels(read_markdown(path), date(2020, 1, 1)) == ["第1条"]  # BOM and CRLF of a Windows editor


def test_without_a_day_the_ordinance_is_refused_or_told(tmp_path: Path) -> None:
    path = tmp_path / "ordinance.md"
    path.write_text("# 仮条例\n平成20年仮市条例第1号\n\n第1条　甲。\n", encoding="utf-8")
    with pytest.raises(DataFileError, match="施行日が分かりません"):
        read_markdown(path)
    assert read_markdown(path, in_force_from=date(2008, 4, 1)).in_force_dates == (date(2008, 4, 1),)


def test_the_sample_ordinance_survives_printing(tmp_path: Path) -> None:
    ordinance = read_markdown(MIHON)
    assert read(tmp_path, write_markdown(ordinance)) == ordinance
    assert ordinance.in_force_dates == (date(2002, 4, 1), date(2016, 4, 1), date(2023, 4, 1))


def test_the_sample_ordinance_has_no_word_of_a_later_day() -> None:
    """審査請求 by the new act only from 2016, the personal information act only from 2023."""
    ordinance = read_markdown(MIHON)
    before = "\n".join(each.text for each in ordinance.as_of(date(2016, 3, 31)) if each.ref.article.isdigit())
    between = "\n".join(each.text for each in ordinance.as_of(date(2016, 4, 1)) if each.ref.article.isdigit())
    after = "\n".join(each.text for each in ordinance.as_of(date(2023, 4, 1)) if each.ref.article.isdigit())
    assert "異議申立て" in before
    assert "異議申立て" not in between
    assert "不服申立" not in between
    assert "審理員" not in before
    assert "保有個人情報" not in between
    assert "保有個人情報" in after


texts = st.text(alphabet="市の情報を公に、する。ただし次に掲げ（）", min_size=1, max_size=20).map(
    lambda words: "文" + words.replace("（", "").replace("）", "")
)


@st.composite
def ordinances(draw: st.DrawFn) -> str:
    """A well-formed ordinance of any shape, with versions here and there."""
    lines = [HEAD]
    for article in range(1, draw(st.integers(1, 4)) + 1):
        lines += [f"（見出し{article}）"] if draw(st.booleans()) else []
        lines.append(f"第{article}条　{draw(texts)}")
        for paragraph in range(1, draw(st.integers(1, 3)) + 1):
            if paragraph > 1:
                lines.append(f"{paragraph}　{draw(texts)}")
            for item in range(1, draw(st.integers(0, 3)) + 1):
                versions = ["<!-- in-force: .. 2015-12-31 -->", "<!-- in-force: 2016-01-01 .. -->"]
                for remark in versions if draw(st.booleans()) else [""]:
                    lines += [remark, f"({item})　{draw(texts)}"]
                    for index in range(draw(st.integers(0, 2))):
                        lines.append(f"{'アイ'[index]}　{draw(texts)}")
                        lines += [f"(ア)　{draw(texts)}"] if draw(st.booleans()) else []
    return "\n".join(lines) + "\n"


@given(ordinances())
@settings(max_examples=60, deadline=None)
def test_any_ordinance_survives_printing(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    folder = tmp_path_factory.mktemp("ordinance")
    ordinance = read(folder, text)
    assert read(folder, write_markdown(ordinance)) == ordinance
    for day in ordinance.in_force_dates:
        here = ordinance.as_of(day)
        codes = [each.code for each in here]
        assert len(set(codes)) == len(codes)
        assert all(each.parent is None or each.parent in codes for each in here)
        assert all(ordinance.find(each.label, day) == each for each in here)
        assert all(ordinance.find(each.ref, day) == each for each in here)


@pytest.fixture
def national(shared_data: Path, tmp_path: Path) -> Ordinance:
    source = next(shared_data.glob("laws/411AC0000000042_*.xml"))
    return read_xml(Path(shutil.copy(source, tmp_path / "law.xml")))


def test_the_national_act_from_xml(national: Ordinance, tmp_path: Path) -> None:
    day = date(2024, 1, 1)
    assert national.style is SubitemStyle.IROHA
    assert {
        each.label: each.polarity for each in national.as_of(day) if each.ref.article == "5" and each.polarity
    } == {
        "第5条第1号ただし書": Polarity.EXCEPTION,
        "第5条第1号ただし書イ": Polarity.EXCEPTION,
        "第5条第1号ただし書ロ": Polarity.EXCEPTION,
        "第5条第1号ただし書ハ": Polarity.EXCEPTION,
        "第5条第2号ただし書": Polarity.EXCEPTION,
        "第5条第2号イ": Polarity.EXEMPTION,  # the polarity trap
        "第5条第2号ロ": Polarity.EXEMPTION,
        "第5条第6号イ": Polarity.EXEMPTION,
        "第5条第6号ロ": Polarity.EXEMPTION,
        "第5条第6号ハ": Polarity.EXEMPTION,
        "第5条第6号ニ": Polarity.EXEMPTION,
        "第5条第6号ホ": Polarity.EXEMPTION,
    }
    duty = national.find("法第五条第一号ただし書ハ", day)
    assert duty is not None
    assert "職務遂行の内容" in duty.text
    assert duty.code == "j5_k1_g1_s3"
    branch = national.find("第5条第1号の2", day)
    assert branch is not None
    assert "匿名加工" in branch.text
    assert national.in_force_dates == (date(1999, 5, 14),)  # promulgated, when nobody says since when
    assert read(tmp_path, write_markdown(national)) == national


@pytest.mark.parametrize("law", ["405AC0000000088", "415AC0000000057"])
def test_other_acts_survive_printing(shared_data: Path, tmp_path: Path, law: str) -> None:
    """Chapters, sections, branches of branches, columns: all that two long acts contain."""
    ordinance = read_xml(next(shared_data.glob(f"laws/{law}_*.xml")))
    assert read(tmp_path, write_markdown(ordinance)) == ordinance


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("<Law", "XMLとして読めません"),
        ("<Law></Law>", "MainProvision"),
        (
            '<!DOCTYPE a [<!ENTITY b "c">]><Law>&b;</Law>',
            "文書型の宣言",
        ),  # a bomb of entities is not even parsed
    ],
)
def test_xml_that_is_refused(tmp_path: Path, text: str, problem: str) -> None:
    path = tmp_path / "law.xml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DataFileError, match=problem):
        read_xml(path)


def test_tables_and_deep_levels_of_the_national_style(tmp_path: Path) -> None:
    text = HEAD + (
        "第一条　次による。\n一　次に掲げるもの\nイ　甲\nロ　次の場合\n(1)　乙\n(2)　丙\n(i)　丁\n(ii)　戊\n一の二　己\n"
        "\n<!-- in-force: 2016-01-01 .. -->\n## 別表第1（第1条関係）\n種別｜金額\n写し｜10円\n"
    )
    ordinance = read(tmp_path, text)
    assert labels(ordinance, date(2020, 1, 1)) == [
        "第1条",
        "第1条柱書",
        "第1条第1号",
        "第1条第1号柱書",
        "第1条第1号イ",
        "第1条第1号ロ",
        "第1条第1号ロ(1)",
        "第1条第1号ロ(2)",
        "第1条第1号ロ(2)(i)",
        "第1条第1号ロ(2)(ii)",
        "第1条第1号の2",
        "別表第1",
    ]
    table = ordinance.find("別表第1", date(2020, 1, 1))
    assert table is not None
    assert table.text == "種別｜金額\n写し｜10円"
    assert "別表第1" not in labels(ordinance, date(2015, 1, 1))
    assert read(tmp_path, write_markdown(ordinance)) == ordinance


REAL_ORDER = [
    # in the sample ordinance 第17条の2 stands between 第17条 and 第18条, since 2016
    ("前条", "第18条", date(2024, 1, 1), ["第17条の2"]),
    ("次条", "第17条", date(2024, 1, 1), ["第17条の2"]),
    ("前条", "第18条", date(2010, 1, 1), ["第17条"]),
    ("前3条", "第18条", date(2024, 1, 1), ["第16条", "第17条", "第17条の2"]),
    ("前各号", "第7条第4号", date(2024, 1, 1), ["第7条第1号", "第7条第2号", "第7条第3号"]),
    ("前項", "第21条第3項", date(2024, 1, 1), ["第21条第2項"]),
]


@pytest.mark.parametrize(("words", "at", "day", "expected"), REAL_ORDER)
def test_neighbours_in_the_order_of_the_ordinance(
    words: str, at: str, day: date, expected: list[str]
) -> None:
    ordinance = read_markdown(MIHON)
    places = resolve(words, at=parse_reference(at), ordinance=ordinance, day=day)
    assert [format_reference(place) for place in places] == expected


def test_neighbours_of_what_is_not_there() -> None:
    ordinance = read_markdown(MIHON)
    for words, at in (("前条", "第99条"), ("次号", "第7条第7号"), ("前条", "第1条")):
        with pytest.raises(UnreadableReference):
            resolve(words, at=parse_reference(at), ordinance=ordinance)


def test_every_reference_of_the_sample_ordinance_leads_somewhere() -> None:
    """Statutory text that cites a provision that is not there would be a slip of ours."""
    ordinance = read_markdown(MIHON)
    for day in ordinance.in_force_dates:
        for provision in ordinance.as_of(day):
            for start, end, ref in find_references(provision.own_text):
                words = provision.own_text[start:end]
                assert ordinance.find(ref, day) is not None, f"{provision.label} {words} {day}"
