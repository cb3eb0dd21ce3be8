"""What the check of the record says on a terminal and as JSON."""

from __future__ import annotations

import json
from io import StringIO

from review_sample import HANAKO
from rich.console import Console
from sqlalchemy import text

from assistant.adapters.record import SqlRecordStore
from assistant.review.case import Case
from assistant.review.chain import ChainReport
from assistant.review.desk import Desk
from assistant.review.terminal import chain_to_json, show_chain


def shown(report: ChainReport) -> str:
    out = StringIO()
    show_chain(report, Console(file=out, width=200))
    return out.getvalue()


def test_a_whole_record_gives_a_value_to_keep(desk: Desk, case: Case) -> None:
    report = desk.verify_chain()
    assert f"控え用の値：1 {report.head}" in shown(report)
    assert json.loads(json.dumps(chain_to_json(report)))["ok"] is True


def test_a_damaged_record_says_where(desk: Desk, store: SqlRecordStore, case: Case) -> None:
    with store.engine.begin() as connection:
        connection.execute(text("DELETE FROM content WHERE name = 'title'"))
    report = desk.verify_chain()
    assert "異常：1番" in shown(report)
    assert "ほか" not in shown(report)
    assert chain_to_json(report)["first_bad"] == 1


def test_a_long_list_of_damage_is_cut_with_its_count(desk: Desk, store: SqlRecordStore, case: Case) -> None:
    for _ in range(25):
        desk.say(case.id, HANAKO, "user", "質問")
    with store.engine.begin() as connection:
        connection.execute(text("DELETE FROM content WHERE name = 'message'"))
    assert shown(desk.verify_chain()).count("異常：") == 20
    assert "ほか5件" in shown(desk.verify_chain())
