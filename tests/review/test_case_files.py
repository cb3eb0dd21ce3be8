"""A file goes with its case: kept in one transaction, told apart from another's, gone with the case."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from review_sample import HANAKO, proposal
from sqlalchemy import select, update

from assistant.adapters.record import FILE, SqlRecordStore
from assistant.adapters.record_tables import case_file
from assistant.errors import RecordUnavailable, ReviewRefused
from assistant.review.actor import Actor
from assistant.review.desk import Desk
from assistant.review.files import FileRole, KeptFile

JIRO = Actor(department="道路課", name="雛形次郎")
BYTES = "見本三郎の申請書".encode() * 50
ORIGINAL = KeptFile(role=FileRole.ORIGINAL, name="申請書.pdf", media_type="application/pdf", body=BYTES)
OUTPUT = KeptFile(
    role=FileRole.REDACTED, name="申請書_墨塗り.pdf", media_type="application/pdf", body=b"%PDF-1.7"
)
CERTIFICATE = {"output": {"sha256": OUTPUT.sha256}, "clean": True}


def test_a_case_is_opened_with_a_file_and_gets_its_proposal_later(desk: Desk) -> None:
    case = desk.open_case(HANAKO, "document", "申請書", files=[ORIGINAL])
    assert case.proposal is None
    assert desk.file(case.id, HANAKO, FileRole.ORIGINAL) == ORIGINAL
    assert desk.file(case.id, HANAKO, FileRole.PAGES) is None
    proposed = desk.propose(case.id, HANAKO, proposal())
    assert proposed.findings == proposal().findings
    assert desk.case(case.id, HANAKO).findings == proposal().findings
    (summary,) = desk.history(HANAKO, "document")
    assert (summary.findings, summary.undecided) == (len(proposal().findings),) * 2
    assert summary.examined
    with pytest.raises(ReviewRefused, match="すでに調べ終わって"):
        desk.propose(case.id, HANAKO, proposal())
    assert desk.verify_chain().ok


def test_acts_stand_on_a_proposal_that_came_later(desk: Desk) -> None:
    case = desk.open_case(HANAKO, "document", "申請書", files=[ORIGINAL])
    desk.propose(case.id, HANAKO, proposal())
    settled = desk.settle_rest(case.id, HANAKO)
    assert any(finding.decided for finding in settled.findings)
    desk.undo(case.id, HANAKO)
    assert desk.case(case.id, HANAKO).findings == proposal().findings


def test_nobody_else_reads_the_file(desk: Desk) -> None:
    case = desk.open_case(HANAKO, "document", "申請書", files=[ORIGINAL])
    with pytest.raises(ReviewRefused):
        desk.file(case.id, JIRO, FileRole.ORIGINAL)


def test_a_deleted_case_leaves_no_byte_of_its_files(
    at_desk: tuple[Desk, SqlRecordStore], tmp_path: Path
) -> None:
    desk, store = at_desk
    case = desk.open_case(HANAKO, "document", "申請書", files=[ORIGINAL])
    desk.delete_case(case.id, HANAKO)
    with pytest.raises(ReviewRefused, match="削除されて"):
        desk.file(case.id, HANAKO, FileRole.ORIGINAL)
    with store.engine.connect() as connection:
        assert connection.execute(select(case_file)).first() is None
    store.close()
    for path in tmp_path.glob(f"{FILE}*"):
        assert "見本三郎".encode() not in path.read_bytes()
    assert desk.verify_chain().ok


def test_a_damaged_file_is_told_and_the_rest_of_the_case_stands(at_desk: tuple[Desk, SqlRecordStore]) -> None:
    desk, store = at_desk
    case = desk.open_case(HANAKO, "document", "申請書", proposal(), files=[ORIGINAL])
    with store.engine.begin() as connection:
        connection.execute(update(case_file).values(body=b"%PDF-other"))
    with pytest.raises(RecordUnavailable, match="壊れている"):
        desk.file(case.id, HANAKO, FileRole.ORIGINAL)
    assert desk.case(case.id, HANAKO).findings == proposal().findings


def test_a_release_is_kept_with_its_certificate_and_grows_stale(desk: Desk) -> None:
    case = desk.open_case(HANAKO, "document", "申請書", proposal(), files=[ORIGINAL])
    released = desk.release(case.id, HANAKO, OUTPUT, CERTIFICATE, upto=case.seq)
    (release,) = released.releases
    assert (release.certificate, release.by, release.stale) == (CERTIFICATE, HANAKO.label, False)
    assert desk.file(case.id, HANAKO, FileRole.REDACTED) == OUTPUT
    desk.settle_rest(case.id, HANAKO)
    assert desk.case(case.id, HANAKO).releases[0].stale
    assert desk.verify_chain().ok


def test_a_file_made_of_an_older_state_is_not_kept(desk: Desk) -> None:
    case = desk.open_case(HANAKO, "document", "申請書", proposal(), files=[ORIGINAL])
    desk.settle_rest(case.id, HANAKO)
    with pytest.raises(ReviewRefused, match="判断が変わった"):
        desk.release(case.id, HANAKO, OUTPUT, CERTIFICATE, upto=case.seq)
    assert desk.file(case.id, HANAKO, FileRole.REDACTED) is None
    assert not desk.case(case.id, HANAKO).releases


def test_the_same_file_again_is_found_among_ones_own_cases(desk: Desk) -> None:
    first = desk.open_case(HANAKO, "document", "申請書", files=(ORIGINAL,))
    desk.open_case(JIRO, "document", "申請書", files=(ORIGINAL,))
    desk.open_case(HANAKO, "document", "別の申請書", files=(replace(ORIGINAL, body=BYTES + b"\n"),))
    second = desk.open_case(HANAKO, "document", "名前だけ違う", files=(replace(ORIGINAL, name="写し.pdf"),))
    found = desk.holders(HANAKO, ORIGINAL.sha256)
    assert [one.id for one in found] == [second.id, first.id]  # the latest first, nobody else's
    assert not found[0].examined
    desk.delete_case(second.id, HANAKO)
    assert [one.id for one in desk.holders(HANAKO, ORIGINAL.sha256)] == [first.id]
