"""Words withheld here and disclosed there are told, so that no overlooked place is handed out."""

from __future__ import annotations

from settled import document_of, finding_of, page_of, proposal_of

from assistant.domain.finding import Decision
from assistant.redact.remaining import remaining_of


def test_a_name_withheld_on_one_page_and_left_on_another_is_told_with_its_page() -> None:
    document = document_of(
        page_of("氏名：高橋弥生"), page_of("日　髙橋　弥生氏に電話", number=2), page_of("位置図", number=3)
    )
    proposal = proposal_of(
        document,
        finding_of(document, "高橋弥生"),
        finding_of(document, "日　髙橋　弥生氏", decision=Decision.DISCLOSE),
    )
    (one,) = remaining_of(proposal)  # spaced, and with an old form of a character
    assert one.text == "高橋弥生"
    assert one.pages == (2,)
    assert one.finding == proposal.findings[0].id


def test_words_withheld_wherever_they_stand_are_not_told() -> None:
    document = document_of(page_of("氏名：高橋弥生"), page_of("高橋弥生氏に電話", number=2))
    assert remaining_of(proposal_of(document, finding_of(document, "高橋弥生", times=2))) == ()


def test_one_letter_and_short_numbers_stand_in_other_words_by_chance() -> None:
    document = document_of(
        page_of("林、12歳、09087654321"), page_of("森林、令和12年、09087654321へ", number=2)
    )
    proposal = proposal_of(
        document,
        finding_of(document, "林"),
        finding_of(document, "12"),
        finding_of(document, "09087654321"),
    )
    assert [one.text for one in remaining_of(proposal)] == ["09087654321"]
