"""The pages around documents without a browser: what is said when a document is new, on its way, locked or broken."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest
from test_pages import known, page_of, said

from assistant.review.actor import Actor
from assistant.review.files import FileRole, KeptFile
from assistant.ui.documents.examining import drop, on_the_way, start
from assistant.ui.documents.wanted import Wanted, keep_wanted, wanted_of
from assistant.ui.running import Assistant, the_assistant
from tests.app.conftest import SLOW
from tests.workflow.deeds import NAME, RECORD, on_paper

WHO = Actor(department="総務部情報公開課", name="見本 太郎")
WANTED = Wanted(doc_type="相談記録", request="騒音に関する文書", day=date(2026, 5, 31), engine="rules")


@pytest.fixture
def assistant(data_dir: Path) -> Assistant:
    known()
    return the_assistant()


def opened(assistant: Assistant, body: bytes, name: str = "相談_記録.pdf") -> str:
    """A case as the form opens it, with nothing examined yet."""
    kept = KeptFile(role=FileRole.ORIGINAL, name=name, media_type="application/pdf", body=body)
    case = assistant.desk.open_case(WHO, "document", name, files=(kept,))
    keep_wanted(assistant.desk, case.id, WHO, WANTED)
    return case.id


def page_with(case_id: str) -> AppTest:
    app = AppTest.from_string(
        "from assistant.ui.pages import document\ndocument.show()\n", default_timeout=SLOW
    )
    app.query_params["case"] = case_id
    return app.run()


def until_over(case_id: str) -> None:
    end = time.monotonic() + SLOW
    while (examining := on_the_way(case_id)) is not None and not examining.over:
        assert time.monotonic() < end, "the document was not examined"
        time.sleep(0.05)


def pressed(app: AppTest, key: str) -> AppTest:
    app.button(key=key).click().run()
    assert not app.exception
    return app


@pytest.fixture
def broken(assistant: Assistant) -> Iterator[str]:
    case_id = opened(assistant, on_paper(RECORD)[:600], "壊れた.pdf")
    yield case_id
    drop(case_id)


def test_the_form_says_what_to_do_when_nothing_was_chosen(data_dir: Path) -> None:
    known()
    app = page_of("document")
    assert app.title[0].value == "文書を調べる"
    pressed(app, "document_open")
    assert "文書を選んでください" in app.error[0].value


def test_what_was_asked_is_kept_for_going_on(assistant: Assistant) -> None:
    case_id = opened(assistant, b"%PDF-1.7 not read here")
    assert wanted_of(assistant.desk.case(case_id, WHO)) == WANTED
    # nobody takes it for a question of a conversation
    assert all(not message.text for message in assistant.desk.case(case_id, WHO).messages)


def test_a_document_left_in_the_middle_can_be_gone_on_with(assistant: Assistant) -> None:
    case_id = opened(assistant, on_paper(RECORD))
    app = page_with(case_id)
    assert app.title[0].value.replace("\\", "") == "相談_記録.pdf"
    assert "まだ調べ終わっていません" in app.info[0].value
    pressed(app, f"go_on_{case_id}")
    until_over(case_id)
    case = assistant.desk.case(case_id, WHO)
    assert case.proposal is not None
    assert case.proposal.decision_date == WANTED.day
    assert case.proposal.document.doc_type == WANTED.doc_type
    assert any(finding.text == NAME for finding in case.findings)
    assert on_the_way(case_id) is None  # nothing of it is kept in memory


def test_a_damaged_document_is_one_sentence_and_can_be_deleted(assistant: Assistant, broken: str) -> None:
    start(assistant, WHO, broken)
    until_over(broken)
    app = page_with(broken)
    assert len(app.error) == 1
    assert "壊れて" in app.error[0].value
    assert app.button(key=f"go_on_{broken}").label == "もう一度調べる"
    pressed(app, f"delete_{broken}")
    assert broken not in {one.id for one in assistant.desk.history(WHO, "document")}


def test_a_locked_document_asks_for_its_password_and_keeps_none(assistant: Assistant, data_dir: Path) -> None:
    case_id = opened(assistant, on_paper(RECORD, password="himitsu-no-kotoba"))
    start(assistant, WHO, case_id)
    until_over(case_id)
    app = page_with(case_id)
    assert "パスワード" in app.warning[0].value
    app.text_input(key=f"password_field_{case_id}").set_value("chigau-kotoba")
    pressed(app, f"password_do_{case_id}")
    until_over(case_id)
    app = page_with(case_id)
    assert "違います" in app.warning[0].value
    app.text_input(key=f"password_field_{case_id}").set_value("himitsu-no-kotoba")
    pressed(app, f"password_do_{case_id}")
    until_over(case_id)
    assert assistant.desk.case(case_id, WHO).proposal is not None
    for path in data_dir.glob("record.sqlite3*"):
        assert b"himitsu-no-kotoba" not in path.read_bytes()
        assert b"chigau-kotoba" not in path.read_bytes()


def test_calling_it_off_leaves_the_document_to_go_on_with(
    assistant: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    case_id = opened(assistant, on_paper(RECORD))
    read = type(assistant).open_document

    def slow(self: Assistant, *given: object, **more: object) -> object:
        examining = on_the_way(case_id)
        assert examining is not None
        while not examining.called_off:
            time.sleep(0.02)
        return read(self, *given, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(type(assistant), "open_document", slow)
    start(assistant, WHO, case_id)
    app = page_with(case_id)
    pressed(app, f"cancel_{case_id}")
    until_over(case_id)
    app = page_with(case_id)
    assert "途中で止めました" in app.info[0].value
    assert app.button(key=f"go_on_{case_id}").label == "続きから調べる"
    assert assistant.desk.case(case_id, WHO).proposal is None
    drop(case_id)


def test_history_shows_documents_and_how_far_they_are(assistant: Assistant, broken: str) -> None:
    app = page_of("history")
    assert "壊れた.pdf" in app.button(key=f"open_{broken}").label
    assert "途中" in "\n".join(str(one.value) for one in app.text)
    pressed(app, f"delete_{broken}")
    assert "開いた文書" in app.warning[0].value
    pressed(app, "delete_yes")
    assert f"open_{broken}" not in {button.key for button in app.button}


def test_a_document_that_was_deleted_elsewhere_is_one_sentence(assistant: Assistant, broken: str) -> None:
    assistant.desk.delete_case(broken, WHO)
    app = page_with(broken)
    assert "削除されています" in app.error[0].value
    assert app.button(key="document_other").label == "別の文書を開く"


def test_the_inspection_page_says_what_it_is_for(data_dir: Path) -> None:
    known()
    app = page_of("inspection")
    assert app.title[0].value == "PDFを検査する"
    assert "黒い四角の下に文字が残っている" in app.info[0].value
    assert "どこにも保存しません" in said(app)
    pressed(app, "inspection_do")
    assert "検査するPDFを選んでください" in app.error[0].value
