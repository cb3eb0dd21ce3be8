"""Which detected strings are secrets, and which stay because the model has to judge them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.detect.detector import Detector
from assistant.detect.together import read_together
from assistant.domain.document import Document, Extent
from assistant.domain.entity import EntityKind
from assistant.domain.finding import Decision, Finding
from assistant.errors import DataFileError
from assistant.model.errand import Secret
from assistant.model.placeholders import FILE, book, load_book, note
from assistant.model.pseudonyms import Pseudonyms
from assistant.model.secrets import secrets_in, secrets_of, told_by, without_area

RECORD = """相談記録
受付日 令和6年4月3日
相談者 氏名 烏丸 花代（昭和49年2月17日生、62歳）
住所 見本市若葉台一丁目4番5号
電話 093-000-4567　メール h.karasuma@example.com
勤務先 株式会社ハクロ製作所
内容 夜勤が続き、うつ病と診断された。烏丸さんは転職を考えている。
振込先 見本銀行港東支店 普通 0048213
備考 見本市立若葉保育所の近くで都市計画道路の工事がある。
対応 環境課 主任 佐保 健一
"""


@pytest.fixture(scope="session")
def detector() -> Detector:
    return Detector()


Secrets = Callable[[str], tuple[Secret, ...]]


@pytest.fixture(scope="session")
def secrets(detector: Detector) -> Secrets:
    def of(text: str) -> tuple[Secret, ...]:
        document = Document.of_texts(tuple(text.split("\f")), name="試験")
        facts = read_together(document, [detector.detect(page) for page in document.pages])
        return secrets_of(document, facts.entities, facts.persons)

    return of


def _texts(secrets: tuple[Secret, ...], kind: EntityKind) -> list[str]:
    return [one.text for one in secrets if one.kind is kind]


def test_a_person_brings_every_part_of_the_name(secrets: Secrets) -> None:
    found = [one for one in secrets(RECORD) if one.kind is EntityKind.PERSON_NAME]
    by_person: dict[str | None, set[str]] = {}
    for one in found:
        by_person.setdefault(one.person, set()).add(one.text)
    assert {"烏丸 花代", "烏丸", "花代", "カラスマ"} in by_person.values()
    assert any({"佐保 健一", "佐保", "健一"} <= names for names in by_person.values())
    alone = {one.text for one in secrets("相談者 氏名 烏丸 花　電話 093-000-4567")}
    assert {"烏丸 花", "烏丸"} <= alone
    assert "花" not in alone  # a letter alone is no name of its own
    assert len(by_person) == 2


def test_what_identifies_is_secret_and_what_is_judged_stays(secrets: Secrets) -> None:
    found = secrets(RECORD)
    assert _texts(found, EntityKind.ADDRESS) == ["若葉台一丁目4番5号"]
    assert _texts(found, EntityKind.PHONE) == ["093-000-4567", "0930004567"]
    assert _texts(found, EntityKind.EMAIL) == ["h.karasuma@example.com"]
    assert _texts(found, EntityKind.BIRTH_DATE)
    assert _texts(found, EntityKind.BANK_ACCOUNT) == ["見本銀行港東支店 普通 0048213", "0048213"]
    assert _texts(found, EntityKind.ORGANIZATION) == ["株式会社ハクロ製作所", "ハクロ製作所"]
    everything = "\n".join(one.text for one in found)
    for word in ("うつ病", "主任", "62歳", "令和6年4月3日", "見本市立若葉保育所", "都市計画道路"):
        assert word not in everything


@pytest.mark.parametrize(
    ("address", "rest"),
    [
        ("見本市港東二丁目8番1号", "港東二丁目8番1号"),
        ("神奈川県横浜市港北区日吉1-2", "日吉1-2"),
        ("愛知県知多郡東浦町大字緒川1", "大字緒川1"),
        ("四日市市諏訪町1-5", "諏訪町1-5"),
        ("緑町3-2-15", "緑町3-2-15"),  # a section of the city, not a municipality
        ("北区3-2", "北区3-2"),  # numbers alone are no string to look for
        ("東京都世田谷区", ""),  # no more than an area
        ("大字瀬戸口1420", "大字瀬戸口1420"),
    ],
)
def test_prefecture_and_municipality_stay_in_clear(address: str, rest: str) -> None:
    assert without_area(address) == rest


@pytest.mark.parametrize("text", ["個人", "公務員", "開示", "市長"])
def test_words_of_the_ordinance_are_nobodys_name(text: str) -> None:
    """A detector that takes one for a name must not turn the law into placeholders."""
    from assistant.domain.document import Extent
    from assistant.domain.entity import Entity, Explanation

    document = Document.of_texts((text,), name="試験")
    why = (Explanation(recognizer="person_name", pattern="試験", score=0.5),)
    entity = Entity(
        kind=EntityKind.PERSON_NAME,
        extents=(Extent(page=1, start=0, end=len(text)),),
        text=text,
        explanations=why,
    )
    assert secrets_of(document, (entity,), ()) == ()


def test_a_name_broken_over_a_line_or_a_column_is_found_in_its_pieces(detector: Detector) -> None:
    from assistant.domain.document import Extent
    from assistant.domain.entity import Entity, Explanation

    text = "相談者 烏丸  備考\n花代さん  なし"
    document = Document.of_texts((text,), name="試験")
    why = (Explanation(recognizer="person_name", pattern="試験", score=0.9),)
    extents = (
        Extent(page=1, start=4, end=6),
        Extent(page=1, start=text.index("花"), end=text.index("花") + 2),
    )
    entity = Entity(kind=EntityKind.PERSON_NAME, extents=extents, text="烏丸花代", explanations=why)
    assert {"烏丸花代", "烏丸", "花代"} <= {one.text for one in secrets_of(document, (entity,), ())}


def test_one_letter_names_know_where_they_stand(secrets: Secrets) -> None:
    found = [one for one in secrets("出席者　森 委員、佐保 健\n森委員　賛成。\n") if one.text == "森"]
    assert found
    assert found[0].near


def test_secrets_of_a_question_have_persons_of_their_own(detector: Detector) -> None:
    first = secrets_in("烏丸 花代さんの電話番号 093-000-4567 は非開示ですか。", detector.detect)
    second = secrets_in("佐保 健さんの住所は開示できますか。", detector.detect)
    assert {one.text for one in first} >= {"烏丸 花代", "烏丸", "093-000-4567"}
    ids = [{one.person for one in found if one.kind is EntityKind.PERSON_NAME} for found in (first, second)]
    assert all(len(one) == 1 and None not in one for one in ids)
    assert not ids[0] & ids[1]
    assert secrets_in("", detector.detect) == ()


def test_what_findings_say_is_secret_where_no_detector_said_it() -> None:
    document = Document.of_texts(("有限会社みどりの資料を榊が受け取った。榊の木。",), name="試験")

    def found(kind: EntityKind, start: int, end: int) -> Finding:
        extent = Extent(page=1, start=start, end=end)
        return Finding(
            id=f"{start}", kind=kind, extents=(extent,), text=document.cut(extent), decision=Decision.ASK
        )

    findings = [
        found(EntityKind.ORGANIZATION, 0, 7),
        found(EntityKind.PERSON_NAME, 11, 12),
        found(EntityKind.PRICE, 8, 10),
    ]
    told = told_by(findings, ())
    hidden = Pseudonyms(secrets_of(document, told, ())).hide(document.pages[0].text)
    assert hidden == "〔法人等1〕の資料を〔氏名1〕が受け取った。榊の木。"
    assert told_by(findings, told) == ()


def test_every_kind_is_decided_once(tmp_path: Path) -> None:
    text = FILE.read_text("utf-8")

    def refused(changed: str) -> str:
        path = tmp_path / "placeholders.toml"
        path.write_text(changed, "utf-8")
        with pytest.raises(DataFileError) as error:
            load_book(path)
        return str(error.value)

    assert "person_name" in refused(text.replace('"post", "age"', '"post", "person_name", "age"'))
    assert "age" in refused(text.replace('"post", "age"', '"post"'))
    assert "income" in refused(text.replace('"income", ', ""))
    assert refused(text.replace('"post", "age"', '"post", "horoscope", "age"'))
    assert refused(text.replace("[kept]", "[kept]\nsecretly = 1"))
    assert "honorifics" in refused(
        text.replace('honorifics = ["さん"', 'honorifics = [""')
    )  # would fit anywhere
    assert "口座" in refused(text.replace('word = "住所"', 'word = "口座"', 1))  # a word of two groups
    assert refused(text.replace('word = "個人番号"', 'word = "個人番号1"'))  # a digit would join the number
    assert "氏名" in refused(text.replace('id_number = ["番号"', 'id_number = ["氏名"'))
    assert set(book().hidden) | {EntityKind.POST, EntityKind.PRICE, EntityKind.HEALTH} <= set(EntityKind)


def test_the_note_holds_nothing_that_looks_like_a_placeholder() -> None:
    from assistant.model.lookalikes import lookalikes

    assert "〔" in note()
    assert list(lookalikes(note())) == []
