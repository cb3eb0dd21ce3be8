"""What a model thinks of a finding, as it is seen on the desk: silence, another opinion, and what is not settled unseen."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from assistant.adapters.record import open_record
from assistant.corpus.load import load_city
from assistant.review.actor import Actor
from assistant.review.case import Case
from assistant.review.desk import Desk
from tests.model.server import Body, Script, asked, serving
from tests.workflow.conftest import Server
from tests.workflow.hands import DEPARTMENT, NAME, current, examine, press

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

PASSAGE = "相談記録\n相談者　氏名　烏丸　花代\n対応　環境課　主任　佐保　健\n"


def _content(body: Body) -> str:
    (number,) = re.findall(r"^(\d+)\. 「佐保", asked(body), re.MULTILINE)
    contests = {"number": int(number), "decision": "withhold", "head": "個人", "why": "私用", "citations": []}
    return json.dumps({"findings": [], "opinions": [contests], "agreed": []}, ensure_ascii=False)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The app with a model; it takes the place of the session's own in this module."""
    started = Server(data_dir=tmp_path_factory.mktemp("opinions"))
    with serving(Script(content=_content)) as stub:
        with pytest.MonkeyPatch.context() as environment:
            environment.setenv("OSUMITSUKI_MODEL_BASE_URL", stub.url)
            environment.setenv("OSUMITSUKI_MODEL_NAME", "mihon-model")
            started.start()
        yield started
        started.kill()


def _case(server: Server, mihon: Path, case_id: str) -> Case:
    store = open_record(server.data_dir)
    try:
        desk = Desk(store, lambda: datetime.now(UTC), load_city(mihon))
        return desk.case(case_id, Actor(department=DEPARTMENT, name=NAME))
    finally:
        store.close()


def test_silence_is_said_and_what_the_model_contests_is_not_settled_unseen(
    page: Page, server: Server, mihon: Path
) -> None:
    case_id = examine(page, server.address, PASSAGE)
    assert "烏丸" in current(page)
    assert page.locator(".os-opinion-line").inner_text() == "mihon-model：述べていない"
    assert not page.locator(".os-opinion-differs").count()
    press(page, "d")
    case = _case(server, mihon, case_id)
    assert not case.rest
    (contested,) = [one for one in case.queue if one.decision == "disclose"]
    assert contested.text == "佐保"
    press(page, "a")
    assert current(page) == "佐保"  # the queue leads there by itself
    assert "開示候補 1" in page.locator(".os-left-kinds").inner_text()
    assert page.locator(".os-left").inner_text() == "残り 1件"
    told = page.locator(".os-opinion-differs .os-opinion-line").inner_text()
    assert told.endswith("（提案と異なる意見）")
    press(page, "a")
    assert page.locator(".os-left").inner_text() == "すべて確定しました"
    assert not _case(server, mihon, case_id).undecided
