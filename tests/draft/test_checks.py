"""What a reason is measured against: says enough, cites rightly, does not say too much."""

from __future__ import annotations

import pytest

from assistant.corpus.corpus import Corpus
from assistant.domain.provision import Head
from assistant.draft.checks import check_reason
from assistant.draft.part import refused
from tests.draft.conftest import DAY, ground_of

GOOD = (
    "申出をした個人の氏名であり、特定の個人を識別することができる情報であるため、第7条第2号に該当する。"
    "同号ただし書ア、イ及びウのいずれにも該当しない。"
)


def failed(
    corpus: Corpus, reason: str, *heads: Head, limb: str | None = None, withheld: tuple[str, ...] = ()
) -> set[str]:
    grounds = [
        ground_of(corpus, head, limb if n == 0 else None)
        for n, head in enumerate(heads or (Head.INDIVIDUAL,))
    ]
    checks = check_reason(reason, grounds=grounds, withheld=withheld, aliases=(), corpus=corpus, day=DAY)
    return {check.code for check in checks if not check.ok}


def test_a_good_reason_passes_every_check(city: Corpus) -> None:
    assert failed(city, GOOD, withheld=("鮫島 春子",)) == set()


@pytest.mark.parametrize(
    ("reason", "codes"),
    [
        ("", {"length", "subject", "harm", "proviso"}),  # nothing at all
        ("第7条第2号に該当するため。", {"length", "subject", "harm", "proviso"}),  # the number alone
        (
            "条例第７条第２号の規定による。",
            {"length", "subject", "harm", "proviso"},
        ),  # the same in full width
        (
            "個人情報のため",
            {"length", "boilerplate", "subject", "harm", "proviso"},
        ),  # the example of domain.md §6
        (
            "個人情報であるため、第7条第2号に該当する。",
            {"length", "boilerplate", "subject", "harm", "proviso"},
        ),
        ("事務に支障があるため。", {"length", "boilerplate", "subject", "harm", "proviso"}),
        # identification is missing: what it is, but not why it matters
        (
            "申出をした者の氏名及び住所が記載されている部分であるため。ただし書のいずれにも該当しない。",
            {"harm"},
        ),
        # the provisos are missing
        (
            "申出をした個人の氏名であり、特定の個人を識別することができるため、第7条第2号に該当する。",
            {"proviso"},
        ),
        # one of three exceptions is not spoken of
        (
            "申出をした個人の氏名であり、特定の個人を識別することができる。登記等により公にされておらず、"
            "公務員の職務に係るものでもない。",
            {"proviso"},
        ),
        # every exception in words of its own, none by number
        (
            "申出をした個人の氏名であり、特定の個人を識別することができる。慣行として公にされておらず、人の生命等を"
            "守るために公にする必要はなく、公務員の職務に係るものでもない。",
            set(),
        ),
        (GOOD.replace("第7条第2号", "〔根拠〕"), {"blank"}),  # a blank was left
        (GOOD + "○○年○月に公表する。", {"blank"}),  # last year's notice with its circles
    ],
)
def test_says_too_little(city: Corpus, reason: str, codes: set[str]) -> None:
    assert failed(city, reason) == codes


@pytest.mark.parametrize(
    ("reason", "codes"),
    [
        (GOOD.replace("第7条第2号", "第7条第3号"), {"clause"}),  # another head
        (GOOD.replace("第7条第2号", "第七条第三号"), {"clause"}),  # in kanji numerals
        (GOOD.replace("第7条第2号", "第7条第9号"), {"clause"}),  # no such item
        (GOOD.replace("第7条第2号", "第99条"), {"clause"}),  # no such article
        (GOOD + "残りは第8条第1項により開示する。", set()),  # procedure may be cited
        (GOOD + "地方税法第22条は関わらない。", set()),  # another act is not our ordinance
        (GOOD.replace("第7条第2号", "条例第7条第2号"), set()),  # with the city's short name in front
        (
            GOOD.replace("同号ただし書ア、イ及びウ", "第7条第2号ただし書ア、イ及びウ"),
            set(),
        ),  # an exception of its own
        (GOOD + "手引の例による。", {"source"}),  # the handbook is for the memo
        (GOOD + "答申第33号と同じである。", {"source"}),  # so is a precedent
        (GOOD + "昨年の建用第118号と同旨。", {"source"}),  # by its document number
    ],
)
def test_wrong_clause_and_inside_sources(city: Corpus, reason: str, codes: set[str]) -> None:
    assert failed(city, reason) == codes


def test_a_wrong_clause_or_source_refuses_the_reason(city: Corpus) -> None:
    for reason in (GOOD.replace("第7条第2号", "第7条第3号"), GOOD + "手引の例による。"):
        grounds = [ground_of(city, Head.INDIVIDUAL)]
        assert refused(check_reason(reason, grounds=grounds, withheld=(), aliases=(), corpus=city, day=DAY))


def test_the_limb_relied_on_is_the_limb_cited(city: Corpus) -> None:
    reason = "契約に関する市の方針が記載されており、公にすると市の交渉の地位を害するおそれがあるため、第7条第7号{}に該当する。"
    assert failed(city, reason.format("イ"), Head.OPERATIONS, limb="第7条第7号イ") == set()
    assert failed(city, reason.format("ア"), Head.OPERATIONS, limb="第7条第7号イ") == {"clause"}


def test_every_ground_needs_its_own_reason(city: Corpus) -> None:
    assert failed(city, GOOD, Head.INDIVIDUAL, Head.OPERATIONS) == {"uncited", "subject", "harm"}


def test_an_undecided_proviso_is_named(city: Corpus) -> None:
    grounds = [ground_of(city, Head.INDIVIDUAL, applies=None)]
    checks = check_reason(GOOD, grounds=grounds, withheld=(), aliases=(), corpus=city, day=DAY)
    (proviso,) = (check for check in checks if check.code == "proviso")
    assert not proviso.ok
    assert "第7条第2号ただし書ア" in proviso.message


def test_another_city_has_its_own_clauses(national: Corpus) -> None:
    reason = (
        "申出をした個人の氏名であり、特定の個人を識別することができるため、法第5条第1号に該当する。"
        "同号ただし書イ、ロ及びハのいずれにも該当しない。"
    )
    assert failed(national, reason) == set()
    assert failed(national, reason.replace("第5条第1号", "第7条第2号")) == {
        "clause"
    }  # the sample city's number
