"""What a worked passage says beside a finding, in the browser."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from assistant.adapters.record import open_record
from assistant.corpus.load import load_city
from assistant.domain.finding import Decision, Example
from assistant.domain.provision import Head
from assistant.review.actor import Actor
from assistant.review.desk import Desk
from tests.workflow.conftest import Server
from tests.workflow.hands import DEPARTMENT, NAME, examine
from tests.workflow.passages import PASSAGE

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]


def test_examples_stand_beside_the_precedents_and_are_marked_invented(
    page: Page, server: Server, mihon: Path
) -> None:
    actor = Actor(department=DEPARTMENT, name=NAME)
    desk = Desk(open_record(server.data_dir), lambda: datetime.now(UTC), load_city(mihon))
    proposal = desk.case(examine(page, server.address, PASSAGE), actor).proposal
    assert proposal is not None
    example = Example(
        id="z01",
        doc_type="土地の相談票",
        text="笹舟 こより",
        decision=Decision.WITHHOLD,
        head=Head.INDIVIDUAL,
    )
    findings = tuple(replace(finding, examples=(example,)) for finding in proposal.findings)
    case = desk.open_case(actor, "passage", "作業例", replace(proposal, findings=findings))

    page.goto(f"{server.address}/?case={case.id}")
    box = page.locator(".os-card .os-examples-box")
    box.wait_for()
    assert box.locator(".os-mark-fictional").inner_text() == "架空"
    assert "根拠や先例として引くことはできません" in box.inner_text()
    assert "土地の相談票「笹舟 こより」" in box.inner_text()
    assert box.locator("button, a").count() == 0  # nothing to open: it is no source
    above = page.locator(".os-card .os-section").all_inner_texts()
    titles = [text.split("\n")[0] for text in above]
    assert titles.index("先例") + 1 == next(
        n for n, title in enumerate(titles) if title.startswith("似た作業例")
    )

    page.goto(f"{server.address}/reasons?case={case.id}")
    page.get_by_text("開示しない部分").first.wait_for()
    assert "笹舟" not in page.content()
