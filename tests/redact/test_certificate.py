"""A certificate says what was done and checked, reads back as it was written, and holds no word of the document."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, replace
from html.parser import HTMLParser

import pytest
from rich.console import Console

from assistant.domain.document import Hidden, HiddenKind
from assistant.domain.finding import Decision
from assistant.errors import InputError, RedactionLeak
from assistant.redact.audit import audit
from assistant.redact.certificate import (
    Certificate,
    Making,
    certificate_from_json,
    certificate_to_json,
    certificate_words,
    certify,
    refuse_unclean,
)
from assistant.redact.certificate_page import certificate_html
from assistant.redact.inspect import inspect
from assistant.redact.inspect_report import words
from assistant.redact.marks import Secret, marks_of
from assistant.redact.options import Options
from assistant.redact.secrets import disclosed_texts, secrets_of
from assistant.redact.terminal import show_certificate, show_inspection
from tests.redact.leaky import SECRET, pdf_of, says
from tests.redact.settled import AT, document_of, finding_of, page_of, proposal_of

DOCUMENT = replace(
    document_of(page_of("氏名 見本太郎", "担当 見本花子")),
    name=f"{SECRET}の申請.pdf",
    hidden=(Hidden(kind=HiddenKind.COMMENT, place="注釈", text=SECRET),),
)
PROPOSAL = proposal_of(
    DOCUMENT,
    finding_of(DOCUMENT, SECRET, state="changed"),
    finding_of(DOCUMENT, "花子", decision=Decision.ASK, state=None),
    finding_of(DOCUMENT, "担当", decision=Decision.DISCLOSE),
)
OUTPUT = pdf_of(says("氏名", "担当 見本"))
MAKING = Making(
    city_name="見本市",
    by="総務課 <印南>",
    at=AT,
    output_name="結果.pdf",
    confirm_all_as="総務課 印南",
    options={"dpi": 300},
)


@pytest.fixture(scope="module")
def certificate() -> Certificate:
    marks, secrets = marks_of(PROPOSAL, confirm_all_as="印南"), secrets_of(PROPOSAL, confirm_all_as="印南")
    found = inspect(OUTPUT, secrets=secrets, expected=disclosed_texts(DOCUMENT, marks))
    return certify(PROPOSAL, marks, secrets, found, MAKING)


def test_it_speaks_of_these_bytes_alone(certificate: Certificate) -> None:
    assert certificate.matches(OUTPUT)
    assert not certificate.matches(OUTPUT + b"\n")
    assert certificate.output_sha256 == hashlib.sha256(OUTPUT).hexdigest()
    assert certificate.original_sha256 == DOCUMENT.sha256


def test_it_says_who_confirmed_what(certificate: Certificate) -> None:
    changed, bulk = certificate.confirmed
    assert (changed.state, changed.by, changed.at) == ("changed", "総務課 印南", AT)
    assert (bulk.state, bulk.by) == ("bulk", "総務課 印南")
    assert (certificate.bulk_by, certificate.bulk_asks) == ("総務課 印南", 1)
    assert [(one.page, one.count) for one in certificate.marks] == [(1, 2)]
    assert certificate.hidden == {"comment": 1}
    assert {"osumitsuki", "pypdf", "pypdfium2", "pikepdf"} <= certificate.versions.keys()
    assert [check.code for check in certificate.checks] == [
        code for code in words() if code in {check.code for check in certificate.checks}
    ]


def test_no_word_of_the_document_is_in_it(certificate: Certificate) -> None:
    told = json.dumps(certificate_to_json(certificate), ensure_ascii=False) + certificate_html(certificate)
    assert SECRET not in told
    assert "花子" not in told
    assert certificate.original_name == certificate_words().omitted


def test_it_reads_back_as_it_was_written(certificate: Certificate) -> None:
    text = json.dumps(certificate_to_json(certificate))
    assert certificate_from_json(text) == certificate


@pytest.mark.parametrize(
    "change",
    [{"output_sha256": "0"}, {"format": 2}, {"unknown": 1}, {"checks": [{"code": "x"}]}, {"pages": "many"}],
)
def test_what_is_no_certificate_is_refused(certificate: Certificate, change: dict[str, object]) -> None:
    with pytest.raises(InputError, match="証明書"):
        certificate_from_json(json.dumps({**certificate_to_json(certificate), **change}))


def test_the_page_is_sound_and_escapes_names(certificate: Certificate) -> None:
    html = certificate_html(certificate)
    open_: list[str] = []

    class Reader(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            assert not {name for name, _ in attrs} & {"src", "href", "onload"}
            if tag != "meta":
                open_.append(tag)

        def handle_endtag(self, tag: str) -> None:
            assert open_.pop() == tag

    Reader().feed(html)
    assert open_ == []
    assert "総務課 &lt;印南&gt;" in html
    assert certificate_words().fictional in html
    assert certificate.output_sha256 in html


def test_the_page_is_in_japanese_and_in_the_time_of_this_pc(certificate: Certificate) -> None:
    chosen = {name: str(value) for name, value in asdict(Options()).items() if name != "font"}
    told = certificate_words()
    assert chosen.keys() == told.settings.keys()
    assert {name for check in certificate.checks for name in check.counts} <= told.counts.keys()
    html = certificate_html(replace(certificate, options={**chosen, "later": "1"}))
    for word in ("letters", "standard_width", "False", "black"):
        assert word not in html
    assert "<td>later</td>" in html  # what another version wrote is shown as it is
    assert f"{certificate.made_at.astimezone():%Y-%m-%d %H:%M}（UTC" in html


def test_a_leak_gets_no_certificate() -> None:
    secrets = (Secret(text=SECRET, finding="f1"),)
    found = inspect(pdf_of(says(SECRET)), secrets=secrets)
    with pytest.raises(RedactionLeak, match="1ページ") as refused:
        certify(PROPOSAL, (), secrets, found, MAKING)
    assert refused.value.exit_code == 4
    assert SECRET not in str(refused.value)


def test_a_check_that_was_cut_short_gets_none_either(certificate: Certificate) -> None:
    found = inspect(OUTPUT)
    refuse_unclean(found)
    broken = replace(found, checks=tuple(replace(check, state="unfinished") for check in found.checks))  # type: ignore[arg-type]
    with pytest.raises(RedactionLeak, match="検査"):
        refuse_unclean(broken)


def test_the_terminal_tells_places_and_no_words(certificate: Certificate) -> None:
    console = Console(record=True, width=200, file=None, force_terminal=False)
    with console.capture() as told:
        show_inspection(inspect(pdf_of(says(SECRET)), secrets=[Secret(text=SECRET)]), console)
        show_inspection(audit(pdf_of(says("案"))), console)
        show_certificate(certificate, console)
    shown = told.get()
    assert SECRET not in shown
    assert "漏れ：1ページ" in shown
    assert "漏れは見つかりませんでした" in shown
    assert "架空" in shown
