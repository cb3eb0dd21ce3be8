"""Files in, redacted files out: reading, marking, attacking and certifying, put together."""

from __future__ import annotations

import mimetypes
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from functools import cache, partial
from pathlib import PurePath
from typing import TYPE_CHECKING

from assistant.errors import InputError
from assistant.jobs.ports import Cancelled
from assistant.review.files import FileRole, KeptFile

if TYPE_CHECKING:
    from assistant.corpus.city import City
    from assistant.documents.ports import Opened, Readers, Tell
    from assistant.domain.document import Document
    from assistant.domain.finding import Proposal
    from assistant.redact.certificate import Certificate, Making
    from assistant.redact.inspect_report import Inspection
    from assistant.redact.marks import Secret
    from assistant.redact.options import Options

NO_PAGES = (
    "この文書には紙面がないため、墨塗りした文書を作れません。LibreOffice（Debianでは libreoffice-writer、"
    "libreoffice-calc、libreoffice-impress）と日本語の書体を入れてから、もう一度開いてください。"
)
_IN_STAMP = (
    "各ページの余白に書く言葉に、伏せる言葉が入っています。ほかの言葉にしてから、もう一度作ってください。"
)
Step = Callable[[str, int, int], None]
"""Told what is being done, and how many pages of how many are done."""


def _silent(what: str, done: int, of: int) -> None:
    """Progress nobody watches."""


def _unheard(done: int, of: int) -> None:
    """Progress nobody watches."""


def _never() -> bool:
    """Nobody calls it off."""
    return False


def _step(what: str, tell: Step, cancelled: Callable[[], bool]) -> Tell:
    """Tells pages of one step, and ends it when somebody has called it off."""

    def told(done: int, of: int) -> None:
        if cancelled():
            raise Cancelled
        tell(what, done, of)

    return told


@dataclass(frozen=True, slots=True, kw_only=True)
class Redacted:
    """A file that was found clean, and the paper that says so."""

    pdf: bytes
    certificate: Certificate
    notes: tuple[str, ...] = ()  # Japanese sentences for who made it


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """What a redacted file was made of: the pages, and what was decided about them."""

    pdf: bytes | None
    proposal: Proposal
    confirm_all_as: str | None = None


def told_name(name: str) -> str:
    """The name of a file as text: bytes that are none (a name in another charset) become %XX, so that it can be kept."""
    return "".join(f"%{ord(one) & 0xFF:02X}" if "\ud800" <= one <= "\udfff" else one for one in name)


def eyes_missing() -> bool:
    """Whether nothing here can read a picture."""
    eyes = readers().eyes
    return eyes is None or eyes.missing is not None


@cache
def readers() -> Readers:
    """Whatever this machine has for reading pictures and printing office files."""
    from assistant.adapters.soffice import Soffice
    from assistant.adapters.tesseract import Tesseract
    from assistant.documents.ports import Readers

    return Readers(eyes=Tesseract(), printer=Soffice())


def on_its_pages(proposal: Proposal, document: Document) -> Proposal:
    """A proposal that came back as JSON, over the document it was made of, which knows where each character stands.

    Raises InputError: it was made of another file, or this machine reads the file otherwise.
    """
    if proposal.document.sha256 != document.sha256:
        raise InputError(
            "別の文書を調べた結果です。この文書を propose --json で調べ、その結果を確定してから渡してください。"
        )
    read = {page.number: page.text for page in document.pages}
    if {page.number: page.text for page in proposal.document.pages} != read:
        raise InputError(
            "文書の読み取りが、調べたときと違います（文字認識の有無や版が変わったようです）。"
            "この端末で propose --json からやり直してください。"
        )
    return replace(proposal, document=document)


def kept_files(data: bytes, opened: Opened) -> tuple[KeptFile, ...]:
    """What a case keeps of a file: the file itself, and the PDF of its pages where that is another."""
    name = opened.document.name
    media_type = mimetypes.guess_type(name)[0] or "application/octet-stream"
    files = [KeptFile(role=FileRole.ORIGINAL, name=name, media_type=media_type, body=data)]
    if opened.pdf is not None and opened.pdf != data:
        files.append(
            KeptFile(role=FileRole.PAGES, name=f"{name}.pdf", media_type="application/pdf", body=opened.pdf)
        )
    return tuple(files)


def _refuse_stamp(stamp: str, secrets: Sequence[Secret]) -> None:
    """It is printed on every page, and told in the certificate."""
    from assistant.redact.inspect_sought import Sought

    if Sought(secrets).elsewhere(stamp):
        raise InputError(_IN_STAMP)


def _making(
    city_name: str, by: str, confirm_all_as: str | None, output_name: str, options: Options
) -> Making:
    from assistant.redact.certificate import Making

    return Making(
        city_name=city_name,
        by=by or confirm_all_as or "",
        at=datetime.now(UTC),
        output_name=output_name,
        confirm_all_as=confirm_all_as,
        options={name: str(value) for name, value in asdict(options).items() if name != "font"},
        ocr="" if eyes_missing() else "Tesseract",
    )


class Files:
    """What an assistant does with files: read, redact, inspect."""

    if TYPE_CHECKING:

        @property
        def city(self) -> City:
            """The city in use."""

    def open_document(
        self,
        data: bytes,
        name: str,
        *,
        password: str | None = None,
        doc_type: str | None = None,
        tell: Tell | None = None,
        piped: bool = False,
    ) -> Opened:
        """A file as pages; `piped`: words that came through a pipe are a passage. Raises DocumentError, PasswordNeeded."""
        from assistant.documents.open import open_document, open_piped

        return (open_piped if piped else open_document)(
            data,
            name=told_name(name),
            readers=readers(),
            password=password,
            doc_type=doc_type,
            tell=tell or _unheard,
        )

    def redact(
        self,
        pdf: bytes | None,
        proposal: Proposal,
        *,
        options: Options,
        title: str,
        file_name: str,
        by: str = "",
        confirm_all_as: str | None = None,
        tell: Step = _silent,
        cancelled: Callable[[], bool] = _never,
    ) -> Redacted:
        """The file without what is withheld, attacked and certified.

        `pdf`: of the proposal's pages (`Opened.pdf`); `title`, `file_name`: of the output, the title as the file is
        called unless said; `by`: who makes it. Raises ReviewRefused (something is open), InputError (no pages, a stamp
        that says what is withheld), RedactionLeak (nothing is handed out), Cancelled.
        """
        from assistant.redact.apply import apply
        from assistant.redact.certificate import certify
        from assistant.redact.inspect import inspect
        from assistant.redact.marks import marks_of
        from assistant.redact.secrets import disclosed_texts, secrets_of

        marks = marks_of(proposal, confirm_all_as=confirm_all_as)
        if pdf is None:
            raise InputError(NO_PAGES)
        file_name = told_name(file_name)
        secrets = secrets_of(proposal, confirm_all_as=confirm_all_as)
        _refuse_stamp(options.stamp, secrets)
        applied = apply(
            pdf,
            proposal.document,
            marks,
            options,
            title=told_name(title) or PurePath(file_name).stem,
            tell=_step("墨塗りしています", tell, cancelled),
            cancelled=cancelled,
        )
        printed = [mark.label for mark in marks if options.labels]
        inspection = inspect(
            applied.pdf,
            secrets=secrets,
            areas=applied.areas,
            labels=[*dict.fromkeys(printed), *([options.stamp] if options.stamp else [])],
            expected=disclosed_texts(proposal.document, marks),
            eyes=readers().eyes,
            file_name=file_name,
            original=pdf,
            tell=_step("検査しています", tell, cancelled),
            reading=_step("見た目を文字認識で確かめています", tell, cancelled),
        )
        making = _making(self.city.name, by, confirm_all_as, file_name, options)
        certificate = certify(proposal, marks, secrets, inspection, making)
        return Redacted(pdf=applied.pdf, certificate=certificate, notes=applied.notes)

    def inspect(
        self,
        pdf: bytes,
        *,
        file_name: str,
        password: str | None = None,
        secrets: Sequence[Secret] = (),
        settled: Settled | None = None,
        tell: Tell | None = None,
    ) -> Inspection:
        """Anybody's PDF with an attacker's eyes.

        `secrets`: words that may stand nowhere in it. `settled`: what it was made of; then what was withheld is sought
        in every corner too, beyond what was disclosed. Raises DocumentError, PasswordNeeded, ReviewRefused.
        """
        from assistant.redact.audit import audit
        from assistant.redact.inspect import inspect
        from assistant.redact.inspect_report import joined
        from assistant.redact.marks import marks_of
        from assistant.redact.secrets import disclosed_texts, secrets_of

        tell = tell or _unheard
        found = audit(pdf, password=password, tell=tell)
        name = told_name(file_name)
        look = partial(inspect, pdf, eyes=readers().eyes, file_name=name, password=password, tell=tell)
        if secrets:
            found = joined(found, look(secrets=secrets))
        if settled is not None:
            marks = marks_of(settled.proposal, confirm_all_as=settled.confirm_all_as)
            sought = look(
                secrets=secrets_of(settled.proposal, confirm_all_as=settled.confirm_all_as),
                areas=[box for mark in marks for box in mark.boxes],
                labels=[*dict.fromkeys(mark.label for mark in marks if mark.label)],
                expected=disclosed_texts(settled.proposal.document, marks),
                original=settled.pdf,
            )
            found = joined(found, sought)
        return found
