"""Findings become rows that pass their own checks, for every head of every city."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.corpus.corpus import Corpus
from assistant.domain.document import Document
from assistant.domain.entity import EntityKind
from assistant.domain.finding import Citation, CitationStatus, Decision, Finding, Review
from assistant.domain.provision import Head, Polarity
from assistant.domain.source import SourceKind
from assistant.draft.part import parts_json
from assistant.draft.reasons import left_out, write_parts
from tests.draft.conftest import DAY, Make, ground_of

PAGE_1 = (
    "苦情処理票\n受付番号　第31号\n申出者氏名：鮫島 春子\n住所：見本市青葉町1丁目2番3号\n電話　093-000-1234\n"
    "対応者　生活環境課　主任　戸田\n内容　夜間に音がする。鮫島さんは眠れないと述べた。\n"
)
PAGE_2 = "見積の内訳\n項目\t数量\t単価\n足場\t2\t12,500円\n塗装\t1\t98,000円\n"
DOCUMENT = Document.of_texts((PAGE_1, PAGE_2), name="苦情処理票.txt")
PERSON = "申出をした個人の氏名であり、特定の個人を識別することができる情報であるため、第7条第2号に該当する。"
EXCEPTED = "同号ただし書ア、イ及びウのいずれにも該当しない。"


def failed(part: object) -> list[str]:
    return [check.message for check in part.checks if not check.ok]  # type: ignore[attr-defined]


def test_one_kind_and_ground_is_one_row(city: Corpus, find: Make) -> None:
    findings = [
        find(
            DOCUMENT,
            "鮫島",
            EntityKind.PERSON_NAME,
            Head.INDIVIDUAL,
            nth=1,
            person="p1",
            reason=PERSON + EXCEPTED,
        ),
        find(
            DOCUMENT,
            "鮫島 春子",
            EntityKind.PERSON_NAME,
            Head.INDIVIDUAL,
            person="p1",
            reason=PERSON + EXCEPTED,
        ),
        find(DOCUMENT, "見本市青葉町1丁目2番3号", EntityKind.ADDRESS, Head.INDIVIDUAL, person="p1"),
        find(DOCUMENT, "12,500円", EntityKind.UNIT_PRICE, Head.CORPORATE, page=2),
        find(DOCUMENT, "98,000円", EntityKind.UNIT_PRICE, Head.CORPORATE, page=2),
    ]
    parts = write_parts(findings, DOCUMENT, city, DAY)
    assert [(part.kind, part.clauses, len(part.finding_ids)) for part in parts] == [
        ("氏名", ("第7条第2号",), 2),
        ("住所", ("第7条第2号",), 1),
        ("単価及び内訳", ("第7条第3号",), 2),
    ]
    assert [part.place for part in parts] == [
        "1頁「申出者氏名」欄、7行目の氏名（2か所）",
        "1頁「住所」欄の住所",
        "2頁「単価」欄の単価及び内訳（2か所）",
    ]
    assert [failed(part) for part in parts] == [[], [], []]
    assert parts[0].reason.count("申出をした個人の氏名であり") == 1
    assert parts[0].reason.count("いずれにも該当しない") == 1


def test_two_reasons_of_one_row_end_in_one_sentence_on_the_provisos(city: Corpus, find: Make) -> None:
    other = (
        "法人等の従業員の氏名であり、特定の個人を識別することができる情報であるため、第7条第2号に該当する。"
    )
    findings = [
        find(DOCUMENT, "鮫島 春子", EntityKind.PERSON_NAME, Head.INDIVIDUAL, reason=PERSON + EXCEPTED),
        find(DOCUMENT, "戸田", EntityKind.PERSON_NAME, Head.INDIVIDUAL, reason=other + EXCEPTED),
    ]
    (part,) = write_parts(findings, DOCUMENT, city, DAY)
    assert part.reason.startswith(PERSON + other)
    assert part.reason.count(EXCEPTED) == 1
    assert part.reason.index(EXCEPTED) > part.reason.index(other)


def test_why_no_proviso_applies_is_touched_on(city: Corpus, find: Make) -> None:
    (part,) = write_parts(
        [find(DOCUMENT, "鮫島 春子", EntityKind.PERSON_NAME, Head.INDIVIDUAL, reason=PERSON + EXCEPTED)],
        DOCUMENT,
        city,
        DAY,
    )
    for word in ("慣行として公にされている", "人の生命、健康等", "公務員等の職務の遂行"):
        assert word in part.reason
    (part,) = write_parts(
        [find(DOCUMENT, "12,500円", EntityKind.UNIT_PRICE, Head.CORPORATE, page=2)], DOCUMENT, city, DAY
    )
    assert "違法又は不当な事業活動に関する情報" in part.reason  # in the city's own words for its exception


def test_what_a_notice_lacks_is_added(city: Corpus, find: Make) -> None:
    thin = "公表していない携帯電話の番号であるため、第7条第2号に該当する。"  # no identification, no proviso
    (part,) = write_parts(
        [find(DOCUMENT, "093-000-1234", EntityKind.PHONE, Head.INDIVIDUAL, reason=thin)], DOCUMENT, city, DAY
    )
    assert part.reason.startswith(thin)
    assert "特定の個人を識別" in part.reason
    assert "ただし書ア、イ及びウのいずれにも該当しない" in part.reason
    assert part.reason.endswith("これを除いた部分は開示する。")
    assert failed(part) == []


def test_all_grounds_and_the_day_of_release(city: Corpus, find: Make) -> None:
    finding = find(
        DOCUMENT,
        "12,500円",
        EntityKind.UNIT_PRICE,
        Head.OPERATIONS,
        Head.CORPORATE,
        page=2,
        limb="第7条第7号イ",
        open_from=date(2027, 1, 15),
    )
    (part,) = write_parts([finding], DOCUMENT, city, DAY)
    assert part.clauses == ("第7条第7号イ", "第7条第3号")  # main one first
    assert "第7条第7号イ" in part.reason
    assert "また、" in part.reason
    assert "第7条第3号" in part.reason
    assert "令和9年1月15日以後は開示することができる" in part.reason
    assert part.open_from == date(2027, 1, 15)
    assert failed(part) == []


def test_release_days_do_not_mix(city: Corpus, find: Make) -> None:
    findings = [
        find(
            DOCUMENT, "12,500円", EntityKind.UNIT_PRICE, Head.OPERATIONS, page=2, open_from=date(2027, 1, 15)
        ),
        find(DOCUMENT, "98,000円", EntityKind.UNIT_PRICE, Head.OPERATIONS, page=2),
    ]
    assert [part.open_from for part in write_parts(findings, DOCUMENT, city, DAY)] == [
        date(2027, 1, 15),
        None,
    ]


def decided(state: str) -> Review:
    return Review(state=state, by="総務課 見本", at=datetime(2026, 11, 2, tzinfo=UTC))  # type: ignore[arg-type]


def test_the_persons_values_count(city: Corpus, find: Make) -> None:
    own = "申出をした者の氏名で、個人に関する情報である。誰が申し出たかが識別され、" + EXCEPTED
    findings = [
        find(
            DOCUMENT,
            "鮫島 春子",
            EntityKind.PERSON_NAME,
            Head.INDIVIDUAL,
            reason=own,
            decided=decided("changed"),
        ),
        find(
            DOCUMENT,
            "戸田",
            EntityKind.PERSON_NAME,
            Head.INDIVIDUAL,
            reason=PERSON,
            decided=decided("rejected"),
        ),
        find(DOCUMENT, "093-000-1234", EntityKind.PHONE, Head.INDIVIDUAL, decision=Decision.ASK, reason="…"),
        find(DOCUMENT, "苦情処理票", EntityKind.FACT, decision=Decision.DISCLOSE),
        find(DOCUMENT, "見本市青葉町1丁目2番3号", EntityKind.ADDRESS, Head.INDIVIDUAL),
    ]
    parts = write_parts(findings, DOCUMENT, city, DAY)
    assert [(part.kind, part.settled) for part in parts] == [("氏名", True), ("住所", False)]
    assert parts[0].reason == own  # a person's words are not rewritten
    assert [warning.code for warning in left_out(findings, city.city.labels)] == ["ask_left", "undecided"]


def test_a_reason_that_gives_the_name_away_is_refused(city: Corpus, find: Make) -> None:
    own = f"鮫島氏からの申出であり、{PERSON}{EXCEPTED}"
    finding = find(
        DOCUMENT, "鮫島 春子", EntityKind.PERSON_NAME, Head.INDIVIDUAL, reason=own, decided=decided("changed")
    )
    (part,) = write_parts([finding], DOCUMENT, city, DAY)
    assert part.refused
    assert "鮫島" not in "".join(check.message for check in part.checks)
    # what the machine wrote is replaced rather than refused
    (part,) = write_parts([replace(finding, decided=None)], DOCUMENT, city, DAY)
    assert not part.refused
    assert "鮫島" not in part.reason


def test_what_is_asked_must_not_be_given_away_either(city: Corpus, find: Make) -> None:
    findings = [
        find(DOCUMENT, "鮫島 春子", EntityKind.PERSON_NAME, Head.INDIVIDUAL, decision=Decision.ASK),
        find(
            DOCUMENT,
            "093-000-1234",
            EntityKind.PHONE,
            Head.INDIVIDUAL,
            reason="鮫島春子の電話番号である。",
            decided=decided("changed"),
        ),
    ]
    (part,) = write_parts(findings, DOCUMENT, city, DAY)
    assert part.refused


def test_a_label_that_is_a_name_is_not_printed(city: Corpus, find: Make) -> None:
    document = Document.of_texts(("鮫島：093-000-1234\n戸田：093-000-9999\n",), name="名簿")
    findings = [
        find(document, "鮫島", EntityKind.PERSON_NAME, Head.INDIVIDUAL),
        find(document, "093-000-1234", EntityKind.PHONE, Head.INDIVIDUAL),
        find(document, "093-000-9999", EntityKind.PHONE, Head.INDIVIDUAL),  # 戸田 was not found by anything
    ]
    places = [part.place for part in write_parts(findings, document, city, DAY)]
    assert places == ["1頁1行目の氏名", "1頁1行目、2行目の電話番号（2か所）"]


def test_nothing_is_left_to_disclose_when_all_is_withheld(city: Corpus, find: Make) -> None:
    document = Document.of_texts(("鮫島 春子\n",), name="名刺")
    (part,) = write_parts(
        [find(document, "鮫島 春子", EntityKind.PERSON_NAME, Head.INDIVIDUAL)], document, city, DAY
    )
    assert "除いた部分は開示する" not in part.reason


# ---- every head of every city ----------------------------------------------------------------------------------------


def check_all_heads(corpus: Corpus, find: Make) -> None:
    for head in corpus.heads(DAY):
        limbs = [None] + [
            limb.provision.label for limb in corpus.limbs_of(head, DAY) if limb.polarity is Polarity.EXEMPTION
        ]
        for limb in limbs:
            for kind in (EntityKind.OTHER, EntityKind.PERSON_NAME, EntityKind.SECURITY, EntityKind.TAX):
                if head is Head.STATUTORY and kind is not EntityKind.TAX:
                    continue  # which statute closes it is a fact that has to be named
                finding = find(DOCUMENT, "鮫島 春子", kind, head, corpus=corpus, limb=limb)
                (part,) = write_parts([finding], DOCUMENT, corpus, DAY)
                assert failed(part) == [], (head, limb, kind, part.reason)


def test_every_head_of_the_sample_city(city: Corpus, find: Make) -> None:
    check_all_heads(city, find)


def test_every_head_of_another_city(national: Corpus, find: Make) -> None:
    check_all_heads(national, find)


def test_a_statute_that_nobody_named_is_a_blank(city: Corpus, find: Make) -> None:
    (part,) = write_parts(
        [find(DOCUMENT, "鮫島 春子", EntityKind.OTHER, Head.STATUTORY)], DOCUMENT, city, DAY
    )
    assert part.refused
    assert "〔根拠となる法令の名称及び条〕" in part.reason


def test_another_citys_words_and_clauses(national: Corpus, find: Make) -> None:
    finding = find(DOCUMENT, "鮫島 春子", EntityKind.PERSON_NAME, Head.INDIVIDUAL, corpus=national)
    (part,) = write_parts([finding], DOCUMENT, national, DAY)
    assert "第5条第1号" in part.reason
    assert "ただし書イ、ロ及びハ" in part.reason
    assert "第7条" not in part.reason
    assert "見本" not in part.reason + part.internal_note
    assert "架空" not in part.internal_note


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    secret=st.text(alphabet="鮫島春子青葉町一二三0123456789-サメジマ山田商事", min_size=2, max_size=20),
    kind=st.sampled_from([kind for kind in EntityKind if kind is not EntityKind.OTHER]),
    head=st.sampled_from(
        [Head.INDIVIDUAL, Head.CORPORATE, Head.OPERATIONS, Head.DELIBERATION, Head.PUBLIC_SAFETY]
    ),
)
def test_our_own_reasons_never_give_away_what_they_hide(
    city: Corpus, find: Make, secret: str, kind: EntityKind, head: Head
) -> None:
    document = Document.of_texts((f"記録\n内容：{secret}\n以上のとおり報告する。\n",), name="記録")
    (part,) = write_parts([find(document, secret, kind, head)], document, city, DAY)
    assert secret not in part.reason + part.place
    assert not part.refused, (part.reason, failed(part))


# ---- memo and JSON ---------------------------------------------------------------------------------------------------


def test_the_memo_keeps_handbook_and_both_sides(city: Corpus, find: Make) -> None:
    handbook = next(
        s for s in city.sources.values() if s.kind is SourceKind.HANDBOOK and Head.INDIVIDUAL in s.heads
    )
    finding = find(DOCUMENT, "鮫島 春子", EntityKind.PERSON_NAME, Head.INDIVIDUAL)
    cited = Citation(
        source=handbook.id, kind=SourceKind.HANDBOOK, quote=handbook.text[:20], status=CitationStatus.VERIFIED
    )
    lost = replace(cited, quote="そのような文はない", status=CitationStatus.NOT_FOUND)
    (part,) = write_parts([replace(finding, citations=(cited, lost))], DOCUMENT, city, DAY)
    note = part.internal_note
    assert note.startswith("【架空】")
    assert handbook.id in note
    assert "（原文になし）" in note  # shown, never dropped
    withheld, _, disclosed = note.partition("先例（開示とした例）")
    assert "［precedent:" in withheld
    assert "［precedent:" in disclosed
    assert "先例として使える" in note
    assert "手引" not in part.reason
    assert "第7条第2号ただし書ウ：非該当" in note


def test_json_is_what_the_design_says(city: Corpus, find: Make) -> None:
    finding = find(
        DOCUMENT, "12,500円", EntityKind.UNIT_PRICE, Head.CORPORATE, page=2, open_from=date(2027, 1, 15)
    )
    told = json.loads(json.dumps(parts_json(write_parts([finding], DOCUMENT, city, DAY)), ensure_ascii=False))
    assert list(told) == ["parts"]
    (part,) = told["parts"]
    assert list(part) == [
        "place",
        "kind",
        "grounds",
        "reason",
        "internal_note",
        "open_from",
        "finding_ids",
        "checks",
    ]
    assert part["open_from"] == "2027-01-15"
    assert part["finding_ids"] == [finding.id]
    assert list(part["grounds"][0]) == ["head", "provision", "limb", "why", "provisos"]


def test_no_findings_no_rows(city: Corpus) -> None:
    assert write_parts([], DOCUMENT, city, DAY) == ()
    assert left_out([], city.city.labels) == ()


@pytest.mark.parametrize("count", [200])
def test_a_long_document_is_written_quickly(city: Corpus, find: Make, count: int) -> None:
    text = "".join(f"氏名：山田 花{n}子\n" for n in range(count))
    document = Document.of_texts((text,), name="名簿")
    findings: list[Finding] = [
        find(document, f"山田 花{n}子", EntityKind.PERSON_NAME, Head.INDIVIDUAL) for n in range(count)
    ]
    (part,) = write_parts(findings, document, city, DAY)
    assert f"（{count}か所）" in part.place
    assert ground_of(city, Head.INDIVIDUAL).provision == part.grounds[0].provision
