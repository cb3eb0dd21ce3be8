"""City folders: the sample city, a second city with other numbers and words, and everything a loader refuses."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from assistant.corpus.corpus import in_scope
from assistant.corpus.load import Corpus, load_city
from assistant.domain.provision import Head, LimbRole, Polarity, Topic
from assistant.domain.source import SourceKind
from assistant.errors import DataFileError

ROOT = Path(__file__).resolve().parents[2]
MIHON = ROOT / "ordinances" / "mihon"
NATIONAL = ROOT / "tests" / "assets" / "national" / "city.toml"
NOW, BEFORE_2016, BEFORE_2023 = date(2024, 6, 1), date(2015, 6, 1), date(2020, 6, 1)


@pytest.fixture(scope="module")
def mihon() -> Corpus:
    return load_city(MIHON)


@pytest.fixture
def national(shared_data: Path, tmp_path: Path) -> Corpus:
    folder = tmp_path / "national"
    folder.mkdir()
    shutil.copy(NATIONAL, folder / "city.toml")
    shutil.copy(next(shared_data.glob("laws/411AC0000000042_*.xml")), folder / "ordinance.xml")
    return load_city(folder)


# ---- the sample city -----------------------------------------------------------------------------------------------

HEADS = [
    (Head.STATUTORY, "第7条第1号", 0, 0),  # exceptions, limbs of the exemption
    (Head.INDIVIDUAL, "第7条第2号", 5, 0),
    (Head.CORPORATE, "第7条第3号", 2, 0),
    (Head.VOLUNTARY, "第7条第4号", 1, 0),
    (Head.PUBLIC_SAFETY, "第7条第5号", 0, 0),
    (Head.DELIBERATION, "第7条第6号", 0, 0),
    (Head.OPERATIONS, "第7条第7号", 0, 5),
]


@pytest.mark.parametrize(("head", "label", "exceptions", "limbs"), HEADS)
def test_heads_of_the_sample_city(mihon: Corpus, head: Head, label: str, exceptions: int, limbs: int) -> None:
    found = mihon.limbs_of(head, NOW)
    assert mihon.provision_of(head, NOW).label == label
    assert sum(limb.polarity is Polarity.EXCEPTION for limb in found) == exceptions
    assert sum(limb.polarity is Polarity.EXEMPTION for limb in found) == limbs
    assert all(limb.key for limb in found)
    assert all((limb.role is not None) is (limb.polarity is Polarity.EXCEPTION) for limb in found)


def test_every_head_has_its_words(mihon: Corpus) -> None:
    assert mihon.heads(NOW) == tuple(head for head, *_ in HEADS)
    for head in mihon.heads(NOW):
        entry = mihon.city.head(head)
        assert entry is not None
        assert entry.label
        # a harm that the city states must be in the text of its provision, or staff would argue past the clause
        words = [
            word for word in entry.harm.replace("又は", "、").replace("、若しくは", "、").split("、") if word
        ]
        text = mihon.provision_of(head, NOW).text
        assert all(word[:8] in text for word in words), entry.harm


HEAD_OF = [
    ("第7条第2号", Head.INDIVIDUAL),
    ("7条2号ウ", Head.INDIVIDUAL),
    ("第7条第2号ただし書ウ(ア)", Head.INDIVIDUAL),
    ("第7条第4号ただし書", Head.VOLUNTARY),
    ("第7条第7号イ", Head.OPERATIONS),
    ("第7条", None),  # the duty is no head
    ("第7条柱書", None),
    ("第8条第2項", None),
    ("第7条第8号", None),  # not in the ordinance
    ("地方税法", None),
]


@pytest.mark.parametrize(("label", "head"), HEAD_OF)
def test_head_of(mihon: Corpus, label: str, head: Head | None) -> None:
    assert mihon.head_of(label, NOW) is head


def test_duty_and_topics(mihon: Corpus) -> None:
    assert mihon.duty(NOW).source_id == "provision:j7_k1_noitems@2002-04-01"
    assert "開示しなければならない" in mihon.duty(NOW).text
    assert mihon.topic_of("第16条第2項第1号", NOW) is Topic.THIRD_PARTY
    assert mihon.topic_of("第11条第1項", NOW) is None
    assert mihon.topic_of("第11条第2項", NOW) is Topic.NOT_HELD
    assert all(mihon.topic_provisions(topic, NOW) for topic in Topic)


def test_limbs_by_key_and_by_place(mihon: Corpus) -> None:
    contract = mihon.limb("contract", NOW)
    assert contract is not None
    assert contract.provision.label == "第7条第7号イ"
    nested = mihon.limb_of("第7条第2号ただし書ウ(ア)", NOW)
    assert nested is not None
    assert (nested.key, nested.nested, nested.role) == ("official_name", True, LimbRole.OFFICIAL_DUTY)
    assert mihon.limb_of("第7条第6号", NOW) is None


def test_sources_follow_the_day(mihon: Corpus) -> None:
    old, new = "provision:j7_k1_g2@2002-04-01", "provision:j7_k1_g2@2023-04-01"
    assert "個人識別符号" in mihon.sources[new].text
    assert "個人識別符号" not in mihon.sources[old].text
    assert mihon.provision_of(Head.INDIVIDUAL, BEFORE_2023).source_id == old
    here = {source.id for source in mihon.sources_as_of(BEFORE_2023)}
    assert (old in here, new in here) == (True, False)
    decided = [source for source in mihon.sources.values() if source.kind is SourceKind.PRECEDENT]
    late = [source for source in decided if source.precedent and source.precedent.date > BEFORE_2023]
    assert late
    assert not here & {source.id for source in late}
    assert all(in_scope(source, date(2099, 1, 1)) for source in decided)


def test_sources_of_each_kind_say_what_they_are_about(mihon: Corpus) -> None:
    proviso = mihon.sources["provision:j7_k1_g2_s3@2023-04-01"]
    assert (proviso.provision, proviso.heads, proviso.exception) == (
        "第7条第2号ただし書ウ",
        (Head.INDIVIDUAL,),
        LimbRole.OFFICIAL_DUTY,
    )
    partial = mihon.sources["provision:j8_k2@2002-04-01"]
    assert (partial.topic, partial.heads) == (Topic.PARTIAL_DISCLOSURE, ())
    assert {source.kind for source in mihon.sources.values()} == set(SourceKind)
    for source in mihon.sources.values():
        assert source.text.strip(), source.id
        assert source.title, source.id
        if source.kind is SourceKind.PRECEDENT:
            assert source.unit is not None, source.id
            assert not source.unit.argument or source.unit.argument not in source.text, source.id
            assert bool(source.heads) is (source.topic is None), source.id


def test_the_whole_corpus_loads_in_well_under_a_second(mihon: Corpus) -> None:
    begun = time.perf_counter()
    again = load_city(MIHON)
    assert time.perf_counter() - begun < 1.0
    assert again.fingerprint == mihon.fingerprint
    assert len(again.sources) > 1000


# ---- a second city: other numbers, other words, other structure ------------------------------------------------------


def test_a_second_city_with_other_numbers(national: Corpus) -> None:
    assert [(head, national.provision_of(head, NOW).label) for head in national.heads(NOW)] == [
        (Head.INDIVIDUAL, "第5条第1号"),
        (Head.ANONYMIZED, "第5条第1号の2"),
        (Head.CORPORATE, "第5条第2号"),
        (Head.VOLUNTARY, "第5条第2号ロ"),
        (Head.PUBLIC_SAFETY, "第5条第4号"),
        (Head.DELIBERATION, "第5条第5号"),
        (Head.OPERATIONS, "第5条第6号"),
    ]
    assert national.city.labels.withhold == "不開示"
    assert (national.precedents, national.questions, national.policy_path) == ((), (), None)
    assert {source.kind for source in national.sources.values()} == {SourceKind.PROVISION}


def test_a_head_of_several_provisions_and_a_provision_of_several_heads(national: Corpus) -> None:
    assert [each.label for each in national.provisions_of(Head.PUBLIC_SAFETY, NOW)] == [
        "第5条第4号",
        "第5条第3号",
    ]
    assert national.head_of("第5条第3号", NOW) is Head.PUBLIC_SAFETY
    assert national.heads_of("第5条第2号ロ", NOW) == (Head.VOLUNTARY, Head.CORPORATE)  # nearest first
    assert national.heads_of("第5条第2号イ", NOW) == (Head.CORPORATE,)


def test_polarity_in_the_second_city(national: Corpus) -> None:
    def walk(head: Head) -> list[tuple[str, Polarity]]:
        return [(limb.provision.label, limb.polarity) for limb in national.limbs_of(head, NOW)]

    assert walk(Head.INDIVIDUAL) == [
        ("第5条第1号ただし書イ", Polarity.EXCEPTION),
        ("第5条第1号ただし書ロ", Polarity.EXCEPTION),
        ("第5条第1号ただし書ハ", Polarity.EXCEPTION),
    ]
    assert walk(Head.CORPORATE) == [
        ("第5条第2号ただし書", Polarity.EXCEPTION),
        ("第5条第2号イ", Polarity.EXEMPTION),
        ("第5条第2号ロ", Polarity.EXEMPTION),
    ]
    assert walk(Head.VOLUNTARY) == [("第5条第2号ただし書", Polarity.EXCEPTION)]  # hangs on what ロ stands in
    duty = national.limb("official_duty", NOW)
    assert duty is not None
    assert duty.provision.source_id == "provision:j5_k1_g1_s3@2022-04-01"


# ---- what is refused -------------------------------------------------------------------------------------------------

Change = Callable[[Path], None]


def _replace(name: str, old: str, new: str) -> Change:
    def change(folder: Path) -> None:
        path = folder / name
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    return change


def _write(name: str, text: str) -> Change:
    def change(folder: Path) -> None:
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")

    return change


ORDINANCE = """# 仮市情報公開条例
平成20年仮市条例第1号
<!-- in-force: 2008-04-01 .. -->

（義務）
第1条　次の各号に掲げる情報を除き開示する。
(1)　個人に関する情報。ただし、次に掲げる情報を除く。
ア　公にされている情報
(2)　法人に関する情報で、次に掲げるもの
ア　競争に関するもの

（部分開示）
第2条　区分できるときは、残りを開示する。
"""
CITY = """[city]
id = "kari"
name = "仮市"
fictional = true

[ordinance]
file = "ordinance.md"
format = "markdown"
title = "仮市情報公開条例"
number = "平成20年仮市条例第1号"

[labels]
disclose = "公開"
withhold = "非公開"
partial = "部分公開"
document = "公文書"
body = "実施機関"
request = "公開請求"

[deadlines]
decision_days = 14
extension_days = 30
bulk_days = 60

[duty]
provision = "第1条柱書"

[[heads]]
head = "個人"
provisions = ["第1条第1号"]
label = "個人情報"

[[heads]]
head = "法人"
provisions = ["第1条第2号"]
label = "法人情報"

[[limbs]]
provision = "第1条第1号ただし書ア"
polarity = "exception"
role = "公領域・慣行"
key = "custom"

[[topics]]
topic = "部分開示"
provisions = ["第2条"]
"""
HANDBOOK = """# 仮市情報公開条例の手引

## 第1条第1号｜個人に関する情報
### 趣旨
[1-1-p1] 個人の私生活を守る。
### ただし書
[1-1-p2] （第1条第1号ただし書ア）公にされているものは開示する。
### 争点
[1-1-c1] 自治会長の氏名｜要検討｜立場を確かめる。
### 具体例（非開示）
[1-1-ex1] 申請書の住所欄｜個人が分かる。
"""
QUESTIONS = '[[provision]]\nprovision = "第1条第1号"\nquestions = ["名前は消すのか"]\n'


def precedent(identity: str, *, extra: str = "", unit: str = "", kind: str = "decision") -> str:
    holding = 'holding = "妥当である。"\n' if kind != "decision" else ""
    return f"""id = "{identity}"
kind = "{kind}"
origin = "own"
body = "仮市長"
ordinance = "仮市情報公開条例"
number = "仮総第1号"
date = {identity[:4]}-06-01
department = "総務課"
document_types = ["申請書"]
request = "申請書"
disposition = "partial"
{extra or 'review = "none"'}
{"" if "stands" in extra else 'stands = "current"'}

[[units]]
part = "住所欄"
heads = ["個人"]
grounds = ["第1条第1号"]
result = "withheld"
reason_given = "個人が分かる。"
{holding}{unit}"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    city = tmp_path / "kari"
    for name, text in (
        ("ordinance.md", ORDINANCE),
        ("city.toml", CITY),
        ("handbook.md", HANDBOOK),
        ("questions.toml", QUESTIONS),
        ("precedents/2012-001.toml", precedent("2012-001")),
        ("precedents/2014-001.toml", precedent("2014-001", kind="opinion")),
    ):
        _write_into(city, name, text)
    return city


def _write_into(city: Path, name: str, text: str) -> None:
    (city / name).parent.mkdir(parents=True, exist_ok=True)
    (city / name).write_text(text, encoding="utf-8")


def test_a_small_city_loads(folder: Path) -> None:
    corpus = load_city(folder)
    assert corpus.sources["handbook:1-1-p2"].exception is LimbRole.CUSTOM
    assert (
        corpus.sources["handbook:1-1-p2"].text == "公にされているものは開示する。"
    )  # the lead is no part of the text
    assert corpus.sources["handbook:1-1-ex1"].section == "具体例（非開示）"
    assert corpus.sources["handbook:1-1-ex1"].heads == (Head.INDIVIDUAL,)
    assert corpus.questions == (("第1条第1号", "名前は消すのか"),)
    assert [each.id for each in corpus.precedents] == ["2012-001", "2014-001"]
    assert corpus.city.labels.withhold == "非公開"
    undeclared = [limb for limb in corpus.limbs_of(Head.CORPORATE, NOW) if not limb.key]
    assert [limb.provision.label for limb in undeclared] == [
        "第1条第2号ア"
    ]  # what the text says is not passed over


SUPERSEDED = 'stands = "superseded"\nsuperseded_by = "2014-001"'
FAULTS: list[tuple[str, Change, str, int | None, str]] = [
    # file, change, file complained about, line, words
    ("unknown key", _replace("city.toml", "decision_days = 14", "decision_day = 14"), "city.toml", 21, "decision_day"),
    ("unknown table", _replace("city.toml", "[duty]", "[duties]"), "city.toml", 25, "duties"),
    ("missing key", _replace("city.toml", 'withhold = "非公開"\n', ""), "city.toml", 12, "withhold"),
    ("unknown head", _replace("city.toml", 'head = "法人"', 'head = "会社"'), "city.toml", 34, "head"),
    ("head twice", _replace("city.toml", 'head = "法人"', 'head = "個人"'), "city.toml", 33, "二つ"),
    ("wrong kind", _replace("city.toml", "fictional = true", 'fictional = "はい？"'), "city.toml", 4, "fictional"),
    ("no such provision", _replace("city.toml", '["第1条第2号"]', '["第1条第9号"]'), "city.toml", 35, "第1条第9号"),
    ("no such limb", _replace("city.toml", "ただし書ア", "ただし書イ"), "city.toml", 39, "ただし書イ"),
    ("no such topic", _replace("city.toml", '["第2条"]', '["第5条"]'), "city.toml", 46, "第5条"),
    ("polarity", _replace("city.toml", '"exception"', '"exemption"'), "city.toml", 40, "polarity"),
    ("other title", _replace("city.toml", 'title = "仮市', 'title = "他市'), "city.toml", 9, "題名"),
    ("outside", _replace("city.toml", '"ordinance.md"', '"../ordinance.md"'), "city.toml", None, "外"),
    ("no toml", _replace("city.toml", 'name = "仮市"', "name = 仮市"), "city.toml", 3, "TOML"),
    ("no ordinance", lambda folder: (folder / "ordinance.md").unlink(), "ordinance.md", None, "ありません"),
    ("no city", lambda folder: (folder / "city.toml").unlink(), "city.toml", None, "ありません"),
    ("handbook: section", _replace("handbook.md", "### 趣旨", "### 主旨"), "handbook.md", 4, "節"),
    ("handbook: provision", _replace("handbook.md", "第1条第1号｜", "第9条第1号｜"), "handbook.md", 5, "見出しの条項"),
    ("handbook: limb", _replace("handbook.md", "ただし書ア）", "ただし書ウ）"), "handbook.md", 7, "ただし書ウ"),
    ("handbook: id twice", _replace("handbook.md", "1-1-p2", "1-1-p1"), "handbook.md", 7, "二つ"),
    ("handbook: id", _replace("handbook.md", "[1-1-p1]", "[p1]"), "handbook.md", 5, "段落番号"),
    ("handbook: loose", _replace("handbook.md", "[1-1-p1] ", ""), "handbook.md", 5, "読み取れない行"),
    ("handbook: answer", _replace("handbook.md", "｜要検討｜", "｜不明｜"), "handbook.md", 9, "争点"),
    ("handbook: example", _replace("handbook.md", "住所欄｜個人", "住所欄。個人"), "handbook.md", 11, "具体例"),
    ("handbook: field", _replace("handbook.md", "住所欄｜個人が分かる。", "住所欄｜　"), "handbook.md", 11, "空の欄"),
    ("handbook: heading", _replace("handbook.md", "号｜個人", "号 個人"), "handbook.md", 3, "見出し"),
    ("questions", _replace("questions.toml", "第1条第1号", "第1条第7号"), "questions.toml", 2, "第1条第7号"),
    ("precedent: id", _replace("precedents/2012-001.toml", '"2012-001"', '"2012-002"'), "2012-001.toml", 1, "id"),
    ("precedent: result", _replace("precedents/2012-001.toml", "withheld", "hidden"), "2012-001.toml", 19, "result"),
    ("precedent: date", _replace("precedents/2012-001.toml", "2012-06-01", "2012-13-01"), "2012-001.toml", 7, "TOML"),
    ("precedent: ground", _replace("precedents/2012-001.toml", "第1条第1号", "第1条第8号"), "2012-001.toml", 18, "第1条第8号"),
    ("precedent: head", _replace("precedents/2012-001.toml", '["個人"]', '["法人"]'), "2012-001.toml", 18, "法人"),
    ("precedent: exception", _write("precedents/2012-001.toml", precedent("2012-001", unit='exception = "公領域・慣行"')), "2012-001.toml", 18, "公領域・慣行"),
    ("precedent: no head", _replace("precedents/2012-001.toml", '["個人"]', "[]"), "2012-001.toml", 17, "どちらか"),
    ("precedent: empty", _replace("precedents/2012-001.toml", '"住所欄"', '" "'), "2012-001.toml", 16, "part"),
    ("precedent: holding", _replace("precedents/2014-001.toml", 'kind = "opinion"', 'kind = "decision"'), "2014-001.toml", 16, "holding"),
    ("opinion: no holding", _replace("precedents/2012-001.toml", 'kind = "decision"', 'kind = "ruling"'), "2012-001.toml", 16, "holding"),
    ("superseded by nothing", _write("precedents/2012-001.toml", precedent("2012-001", extra=SUPERSEDED.replace("2014", "2019"))), "2012-001.toml", 13, "2019-001"),
    ("superseded half", _write("precedents/2012-001.toml", precedent("2012-001", extra='stands = "superseded"')), "2012-001.toml", 12, "stands"),
    ("superseded by earlier", _write("precedents/2014-001.toml", precedent("2014-001", extra=SUPERSEDED.replace("2014", "2012"))), "2014-001.toml", 13, "前です"),
    ("review without date", _write("precedents/2012-001.toml", precedent("2012-001", extra='review = "altered"')), "2012-001.toml", 12, "審査を受けた日"),
    ("review date too early", _write("precedents/2012-001.toml", precedent("2012-001", extra='review = "altered"\nreview_date = 2011-01-01')), "2012-001.toml", 13, "決定の日より前"),
    ("date but no review", _write("precedents/2012-001.toml", precedent("2012-001", extra='review = "none"\nreview_date = 2013-01-01')), "2012-001.toml", 12, "none"),
    ("conflict with nothing", _write("precedents/2012-001.toml", precedent("2012-001", unit='conflicts_with = ["2014-001#9"]')), "2012-001.toml", 21, "2014-001#9"),
    ("conflict not mutual", _write("precedents/2012-001.toml", precedent("2012-001", unit='conflicts_with = ["2014-001#1"]')), "2012-001.toml", 21, "対立"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("change", "name", "line", "words"), [fault[1:] for fault in FAULTS], ids=[fault[0] for fault in FAULTS]
)
def test_refused_with_file_line_and_advice(
    folder: Path, change: Change, name: str, line: int | None, words: str
) -> None:
    change(folder)
    with pytest.raises(DataFileError) as caught:
        load_city(folder)
    assert caught.value.path.name == name
    assert words in str(caught.value)
    assert caught.value.line == line
    assert "ください" in str(caught.value)


def test_conflicts_that_are_mutual_load(folder: Path) -> None:
    _write_into(
        folder, "precedents/2012-001.toml", precedent("2012-001", unit='conflicts_with = ["2014-001#1"]')
    )
    opinion = precedent("2014-001", kind="opinion", unit='conflicts_with = ["2012-001#1"]')
    _write_into(folder, "precedents/2014-001.toml", opinion)
    assert load_city(folder).precedents[0].units[0].conflicts_with == ("2014-001#1",)


def test_superseded_precedents_load_and_no_longer_stand(folder: Path) -> None:
    _write_into(
        folder, "precedents/2012-001.toml", precedent("2012-001", extra='review = "none"\n' + SUPERSEDED)
    )
    first = load_city(folder).precedents[0]
    assert (first.superseded_by, first.stands) == ("2014-001", False)


def test_other_ordinances_have_their_own_numbers(folder: Path) -> None:
    """A precedent of another body cites clauses we do not have: kept literally, not refused."""
    text = (
        precedent("2012-001")
        .replace("仮市情報公開条例", "架空県情報公開条例")
        .replace("第1条第1号", "第10条第6号")
    )
    _write_into(folder, "precedents/2012-001.toml", text.replace('"own"', '"other"'))
    corpus = load_city(folder)
    assert corpus.sources["precedent:2012-001#1"].provision == "第10条第6号"
    assert corpus.sources["precedent:2012-001#1"].heads == (Head.INDIVIDUAL,)


def test_the_fingerprint_follows_what_is_cited(folder: Path) -> None:
    first = load_city(folder).fingerprint
    _write_into(folder, "policy.toml", "# policy decides, it is not cited\n")
    assert load_city(folder).fingerprint == first
    _replace("handbook.md", "私生活", "暮らし")(folder)
    assert load_city(folder).fingerprint != first
