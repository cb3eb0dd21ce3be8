"""A conversation with a model as a person has it: words come in one by one, sources open, nothing is lost."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import TYPE_CHECKING

import pytest

from tests.converse.talker import Turn, number_of, said
from tests.model.server import Body, Script, Stub, asked, events, send, serving
from tests.workflow.conftest import Server
from tests.workflow.hands import enter, examine, saved
from tests.workflow.passages import PASSAGE

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

QUESTION = "入札前の予定価格は出せますか"
FOLLOWING = "開札の後はどうですか"
QUOTE = "公正な競争が損なわれるため。"
FIRST, SECOND = "開札の前は非開示とします", "予定価格は必ず非開示に該当します。"


@dataclass
class Speaker:
    """Streams half of its answer, then the rest once it is let go."""

    stub: Stub | None = None
    go: threading.Event = field(default_factory=threading.Event)

    def answer(self, handler: BaseHTTPRequestHandler, body: Body) -> bool:
        if not body.get("stream"):
            send(handler, 400, b'{"error": {"message": "only streams", "code": null}}')
            return True
        number = number_of(body, QUOTE) if QUOTE in asked(body) else "S1"
        lines = events(said(Turn(f"{FIRST}〔{number}「{QUOTE}」〕。\n{SECOND}")))
        handler.send_response(200)
        handler.send_header("Content-Type", "text/event-stream; charset=utf-8")
        handler.send_header("Connection", "close")
        handler.end_headers()
        half = len(lines) // 2
        for part in (lines[:half], lines[half:]):
            handler.wfile.write(b"".join(part))
            handler.wfile.flush()
            self.go.wait(60)
        handler.close_connection = True
        return True


@pytest.fixture(scope="module")
def speaker() -> Iterator[Speaker]:
    told = Speaker()
    with serving(Script(misbehave=told.answer)) as stub:
        told.stub = stub
        yield told
        told.go.set()


@pytest.fixture(scope="module")
def server(speaker: Speaker, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The app with a model; it takes the place of the session's own in this module."""
    assert speaker.stub is not None
    started = Server(data_dir=tmp_path_factory.mktemp("talk"))
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("OSUMITSUKI_MODEL_BASE_URL", speaker.stub.url)
        environment.setenv("OSUMITSUKI_MODEL_NAME", "mihon-model")
        started.start()
    yield started
    started.kill()


def ask(page: Page, question: str) -> None:
    field = page.locator('[data-testid="stChatInput"] textarea')
    field.fill(question)
    field.press("Enter")


def test_words_come_in_sources_open_and_the_conversation_stays(
    page: Page, server: Server, speaker: Speaker
) -> None:
    speaker.go.clear()
    enter(page, server.address)
    first = page.get_by_role("textbox", name="調べたい文章")
    first.fill(QUESTION)
    first.press("Control+Enter")
    draft = page.locator(".os-draft", has_text=FIRST)
    draft.wait_for(timeout=120_000)
    assert SECOND not in draft.inner_text()  # the server has not said it yet
    assert page.get_by_role("button", name="答えを待たずに止める").is_visible()
    page.reload()  # whoever opens the case again sees how far it is
    draft.wait_for()
    speaker.go.set()

    page.get_by_role("heading", name="資料から（規則による答え）").wait_for()
    assert page.locator(".os-part-heading").first.inner_text() == "モデルの答え（mihon-model）"
    flagged = page.locator(".os-flagged")
    assert flagged.locator("p").inner_text() == SECOND
    assert "根拠を確かめられない文" in flagged.inner_text()
    page.locator(".os-sentence .os-citation").first.click()
    source = page.locator(".os-aside .os-source")
    assert "".join(source.locator(".os-lit").first.inner_text().split()) == QUOTE
    assert source.get_by_text("原文一致").is_visible()
    page.locator(".os-note-foot", has_text="規則とモデル：mihon-model").wait_for()

    ask(page, FOLLOWING)
    page.locator('[data-testid="stChatMessage"]').nth(3).locator(".os-part-heading").first.wait_for()
    assert speaker.stub is not None
    assert QUESTION in asked(speaker.stub.bodies[-1])
    page.reload()
    page.locator('[data-testid="stChatMessage"]').nth(3).locator(".os-flagged").wait_for()

    case_id = page.url.split("case=")[1]
    page.get_by_role("link", name="履歴").click()
    row = page.locator(f".st-key-row_{case_id}")
    row.get_by_role("button", name="操作").click()
    with page.expect_download() as text:
        page.get_by_role("button", name="会話を書き出す（文章）").click()
    assert f"「{QUOTE}」 原文一致" in text.value.path().read_text(encoding="utf-8")
    with page.expect_download() as told:
        page.get_by_role("button", name="書き出す（JSON）").click()
    messages = json.loads(told.value.path().read_text(encoding="utf-8"))["messages"]
    assert [message["role"] for message in messages] == ["user", "assistant"] * 2
    page.get_by_role("button", name="削除する…").click()
    page.get_by_role("button", name="完全に削除する").click()
    row.wait_for(state="detached")


def test_beneath_the_desk_one_asks_while_the_desk_goes_on_working(
    page: Page, server: Server, speaker: Speaker
) -> None:
    speaker.go.set()  # the desk is set up by the rules after a model that only chats
    examine(page, server.address, PASSAGE)
    speaker.go.clear()
    page.get_by_role("button", name="この文章について尋ねる").click()
    assert page.evaluate("document.activeElement.tagName") == "TEXTAREA"
    ask(page, "売主の氏名はなぜ伏せるのですか")
    page.locator(".os-draft", has_text=FIRST).wait_for()
    passage = page.locator(".os-passage")
    passage.scroll_into_view_if_needed()
    passage.focus()
    before = page.locator(".os-left").inner_text()
    page.keyboard.press("a")
    saved(page)  # written while the model is still speaking
    after = page.locator(".os-left").inner_text()
    assert before != after
    assert page.locator(".os-draft").count() == 1
    speaker.go.set()
    answer = page.locator(".st-key-desk_talk .os-citation")
    answer.first.click()
    page.locator(".os-aside .os-source").wait_for()
    page.keyboard.press("a")  # who reads the conversation settles nothing
    assert page.locator(".os-left").inner_text() == after
    assert speaker.stub is not None
    assert "用地交渉記録" in asked(speaker.stub.bodies[-1])
    page.reload()
    page.locator(".st-key-desk_talk .os-flagged").first.wait_for()
    assert page.locator(".os-left").inner_text() == after
