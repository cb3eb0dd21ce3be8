"""The log shows every hand laid on it, and stays whole when texts are deleted as they should be."""

from __future__ import annotations

from pathlib import Path

import pytest
from review_sample import FINDINGS, HANAKO, JIRO, TEXT, desk_at, proposal
from sqlalchemy import text

from assistant.adapters.record import SqlRecordStore
from assistant.review.case import Case
from assistant.review.desk import Desk

LONG = "x" * 64


@pytest.fixture
def busy(desk: Desk, case: Case) -> Desk:
    """Events 1–8: two persons, two cases, one of which (case 2) is deleted by event 8."""
    desk.confirm(case.id, HANAKO, ["w1"])
    other = desk.open_case(JIRO, "reasons", "不存在の理由")
    desk.say(other.id, JIRO, "user", "文書を作成していない")
    desk.change(case.id, HANAKO, "w2", decision=FINDINGS[1].decision, why="公表済み")
    desk.undo(case.id, HANAKO)
    desk.rename(case.id, HANAKO, "新しい題")
    desk.delete_case(other.id, JIRO)
    return desk


def tamper(store: SqlRecordStore, *statements: str) -> None:
    with store.engine.connect() as connection:
        connection.execute(
            text("PRAGMA foreign_keys=OFF")
        )  # void inside the transaction; a clerk would do it too
        connection.rollback()
        raw = connection.connection.driver_connection
        assert raw is not None
        raw.execute("PRAGMA foreign_keys=OFF")
        for statement in statements:
            raw.execute(statement)
        raw.execute("PRAGMA foreign_keys=ON")


def test_a_log_nobody_touched_is_whole(busy: Desk) -> None:
    report = busy.verify_chain()
    assert (report.events, report.ok, report.first_bad, report.deleted_cases, report.problems) == (
        8,
        True,
        None,
        1,
        (),
    )
    assert busy.verify_chain(noted=(report.events, report.head)).ok


def test_an_empty_log_is_whole(desk: Desk) -> None:
    report = desk.verify_chain()
    assert (report.events, report.ok, report.head) == (0, True, "0" * 64)


# what somebody does to the file | first event that does not fit | a word of the sentence
TAMPERED: list[tuple[tuple[str, ...], int, str]] = [
    (("UPDATE event SET at = '2020-01-01T00:00:00.000000+00:00' WHERE seq = 2",), 2, "書き換え"),
    (("UPDATE event SET marks = replace(marks, 'withhold', 'disclose') WHERE seq = 2",), 2, "書き換え"),
    (("UPDATE event SET marks = '[{]' WHERE seq = 5",), 5, "書き換え"),  # not even JSON
    (("UPDATE event SET kind = 'approved' WHERE seq = 5",), 5, "書き換え"),  # a kind nobody knows
    (("UPDATE event SET at = 'きのう' WHERE seq = 5",), 5, "書き換え"),
    (("UPDATE event SET fictional = 0 WHERE seq = 1",), 1, "書き換え"),
    (("UPDATE event SET undoes = 2 WHERE seq = 6",), 6, "書き換え"),
    (("UPDATE event SET digests = '[]' WHERE seq = 5",), 5, "書き換え"),
    (("DELETE FROM event WHERE seq = 4",), 4, "抜けて"),
    (("DELETE FROM event WHERE seq = 1",), 1, "抜けて"),
    # without the deletion the texts that were deleted before (event 3) are missing too
    (("DELETE FROM event WHERE seq = 8",), 3, "切り取られ"),
    (("DELETE FROM event WHERE seq > 5", "DELETE FROM content WHERE seq > 5"), 3, "切り取られ"),
    (("DELETE FROM chain_head",), 8, "署名がありません"),
    (("UPDATE chain_head SET mac = 'x'",), 8, "署名が正しく"),
    # the tail cut off and the head moved back, but nobody without the key can sign it
    (
        (
            "DELETE FROM event WHERE seq = 8",
            "UPDATE chain_head SET seq = 7, hash = (SELECT hash FROM event WHERE seq = 7)",
        ),
        3,
        "署名が正しく",
    ),
    ((f"UPDATE event SET hash = '{LONG}' WHERE seq = 8",), 8, "書き換え"),
    ((f"UPDATE event SET prev_hash = '{LONG}' WHERE seq = 3",), 3, "つながって"),
    (("UPDATE content SET body = '\"別の題\"' WHERE seq = 1 AND name = 'title'",), 1, "文章が書き換え"),
    (("UPDATE content SET salt = 'x' WHERE seq = 5 AND name = 'why'",), 5, "文章が書き換え"),
    (("UPDATE content SET number = 7 WHERE seq = 1 AND name = 'page' AND number = 1",), 1, "加えられ"),
    (("DELETE FROM content WHERE seq = 5 AND name = 'why'",), 5, "失われ"),
    (("DELETE FROM content WHERE case_id = (SELECT case_id FROM event WHERE seq = 1)",), 1, "失われ"),
    # what was deleted is put back
    (
        ("INSERT INTO content SELECT 4, 'message', 0, case_id, 's', '{}' FROM event WHERE seq = 4",),
        8,
        "残って",
    ),
    (("UPDATE actor SET name = '別人' WHERE department = '用地課'",), 3, "所属・氏名"),
    (("UPDATE actor SET name = '' WHERE department = '用地課'",), 3, "所属・氏名"),
    (("DELETE FROM actor WHERE department = '総務課'",), 1, "所属・氏名"),
]


@pytest.mark.parametrize(("statements", "first_bad", "said"), TAMPERED)
def test_a_hand_on_the_file_is_found(
    busy: Desk, store: SqlRecordStore, statements: tuple[str, ...], first_bad: int, said: str
) -> None:
    tamper(store, *statements)
    report = busy.verify_chain()
    assert not report.ok
    assert report.first_bad == first_bad
    assert report.problems[0].startswith(f"{first_bad}番：")
    assert any(said in problem for problem in report.problems)


def test_a_log_set_back_to_an_earlier_copy_is_found_by_the_noted_head(tmp_path: Path) -> None:
    desk, store = desk_at(tmp_path)
    case = desk.open_case(HANAKO, "passage", "題", proposal())
    store.close()
    earlier = (tmp_path / "record.sqlite3").read_bytes()
    desk.confirm(case.id, HANAKO, ["w1"])
    noted = desk.verify_chain()
    store.close()
    (tmp_path / "record.sqlite3").write_bytes(earlier)
    assert desk.verify_chain().ok  # in itself it is whole …
    report = desk.verify_chain(noted=(noted.events, noted.head))
    assert (report.ok, report.first_bad) == (False, 2)  # … but what was noted is gone
    desk.reject(case.id, HANAKO, ["w1"])
    report = desk.verify_chain(noted=(noted.events, noted.head))
    assert (report.ok, report.first_bad) == (False, 2)  # another event stands in its place
    store.close()


def test_a_head_that_names_another_last_event_is_found(busy: Desk, store: SqlRecordStore) -> None:
    from assistant.review.chain import sign

    earlier = store.read(lambda record: (list(record.events())[4], record.key))
    signed = sign(earlier[0].seq, earlier[0].hash, earlier[1])  # a true signature, kept from then
    tamper(store, f"UPDATE chain_head SET seq = {signed.seq}, hash = '{signed.hash}', mac = '{signed.mac}'")
    report = busy.verify_chain()
    assert (report.ok, report.first_bad) == (False, 5)


def test_no_text_in_the_log_and_none_anywhere_after_deletion(
    desk: Desk, store: SqlRecordStore, tmp_path: Path
) -> None:
    case = desk.open_case(HANAKO, "passage", "秘密の題名", proposal())
    desk.confirm(case.id, HANAKO, ["w3"], why="秘密の根拠")
    desk.say(case.id, HANAKO, "user", "秘密の質問", {"hits": ["秘密の先例"]})
    texts = [TEXT[:6], "鶴亀小槌", "秘密の題名", "秘密の根拠", "秘密の質問", "秘密の先例", "識別される"]
    with store.engine.connect() as connection:
        for row in connection.execute(text("SELECT * FROM event")):
            assert not [t for t in texts if t in str(row)]

    def on_disk() -> bytes:
        return b"".join(p.read_bytes() for p in sorted(tmp_path.iterdir()) if p.is_file())

    assert [t for t in texts if t.encode() in on_disk()] != []
    desk.delete_case(case.id, HANAKO)
    assert [t for t in texts if t.encode() in on_disk()] == []  # not in free pages nor in the write-ahead log
    assert desk.verify_chain().ok


def test_text_that_a_reader_kept_in_the_log_goes_with_the_next_act(
    desk: Desk, store: SqlRecordStore, tmp_path: Path
) -> None:
    case = desk.open_case(HANAKO, "passage", "秘密の題名", proposal())
    with store.engine.connect() as reader:
        reader.execute(text("SELECT count(*) FROM content")).all()
        desk.delete_case(case.id, HANAKO)  # answered, although the reader keeps the old state
    desk.open_case(HANAKO, "reasons", "別件")
    left = b"".join(p.read_bytes() for p in tmp_path.iterdir() if p.is_file())
    assert "秘密の題名".encode() not in left
