"""The composition root: settings → objects. Nothing heavy happens until something asks for it.

    assistant = build(read_settings())
    proposal = assistant.propose(document)

Each part is built once, at its first use, also when several threads ask at the same time.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any, TypeVar, cast

from assistant.errors import InputError, SettingsError
from assistant.settings import Settings, city_folder, silence_telemetry
from assistant.settings import bundled as bundled
from assistant.wiring.files import Files
from assistant.wiring.search import Progress

if TYPE_CHECKING:
    from assistant.adapters.index import OpenedIndex
    from assistant.adapters.ledger import SqlLedger
    from assistant.adapters.record import SqlRecordStore
    from assistant.converse.conversation import Conversation
    from assistant.converse.turn import Answer
    from assistant.corpus.city import City
    from assistant.corpus.corpus import Corpus
    from assistant.detect.detector import Detector
    from assistant.domain.document import Document
    from assistant.domain.finding import Engine, Finding, Proposal
    from assistant.draft.part import Part
    from assistant.liken.likener import Likener
    from assistant.model.errand import Gate
    from assistant.model.ports import Message
    from assistant.policy.rules import Policy
    from assistant.propose.tools import Proposer, Tools
    from assistant.retrieve.ports import Embedder
    from assistant.retrieve.query import SearchQuery, SearchResults
    from assistant.retrieve.retriever import Retriever
    from assistant.review.actor import Actor
    from assistant.review.desk import Desk
    from assistant.review.event import Mode
    from assistant.review.files import KeptFile
    from assistant.wiring.jobs import Watch

T = TypeVar("T")


def build(settings: Settings, *, progress: Progress | None = None) -> Assistant:
    """The assistant for these settings. Raises SettingsError or DataFileError when the city cannot be loaded.

    `progress` is told how far the index is where it has to be built first.
    """
    silence_telemetry()
    assistant = Assistant(settings, progress or _silent)
    _ = assistant.corpus
    _ = assistant.policy
    return assistant


class Assistant(Files):
    """Everything a command or a page needs, over the city in use."""

    def __init__(self, settings: Settings, progress: Progress) -> None:
        self.settings = settings
        self._built: dict[str, Any] = {}
        self._lock = threading.RLock()
        self._progress = progress
        self.index_trouble: str | None = None
        """Why the index is kept in memory only, None when it is on disk."""

    def _once(self, name: str, make: Callable[[], T]) -> T:
        if name not in self._built:
            with self._lock:
                if name not in self._built:
                    self._built[name] = make()
        return cast("T", self._built[name])

    # the city -----------------------------------------------------------------------------------------------------

    @property
    def corpus(self) -> Corpus:
        """What can be cited."""

        def make() -> Corpus:
            from assistant.corpus.load import load_city

            return load_city(city_folder(self.settings))

        return self._once("corpus", make)

    @property
    def city(self) -> City:
        """Names and words of the city."""
        return self.corpus.city

    @property
    def policy(self) -> Policy:
        """The city's policy, or the neutral one."""

        def make() -> Policy:
            from assistant.policy.load import load_policy

            return load_policy(self.corpus.policy_path, self.corpus)

        return self._once("policy", make)

    # the record ---------------------------------------------------------------------------------------------------

    @property
    def store(self) -> SqlRecordStore:
        """The record's database. Raises RecordUnavailable."""

        def make() -> SqlRecordStore:
            from assistant.adapters.record import open_record

            return open_record(self.settings.data_dir)

        return self._once("store", make)

    @property
    def desk(self) -> Desk:
        """Where people settle findings. Raises RecordUnavailable."""

        def make() -> Desk:
            from assistant.review.desk import Desk

            def rule_says(rule_id: str) -> str:
                rule = self.policy.rule(rule_id)
                return rule.why if rule else ""

            return Desk(self.store, lambda: datetime.now(UTC), self.corpus, rule_says)

        return self._once("desk", make)

    # search -------------------------------------------------------------------------------------------------------

    @property
    def embedder(self) -> Embedder:
        """Text to vectors; loads nothing by itself. Raises SettingsError for a folder that is not there."""

        def make() -> Embedder:
            from assistant.adapters.embedder import open_embedder

            return open_embedder(self.settings.embedder)

        return self._once("embedder", make)

    @property
    def index(self) -> OpenedIndex:
        """The index, built first where needed; kept in memory for this run when nothing can be written."""

        def make() -> OpenedIndex:
            from assistant.wiring.search import open_index

            opened, self.index_trouble = open_index(
                self.corpus, self.embedder, self.settings, lambda: self.store, self._progress
            )
            return opened

        return self._once("index", make)

    @property
    def retriever(self) -> Retriever:
        """Search over the corpus."""

        def make() -> Retriever:
            from assistant.retrieve.retriever import Retriever

            return Retriever(self.corpus, self.embedder, self.index.vectors)

        return self._once("retriever", make)

    def build_index(self, progress: Progress) -> str:
        """Builds the index anew and returns a sentence for the person who asked. Raises RecordUnavailable."""
        from assistant.wiring.search import rebuild_index

        rebuild_index(self.corpus, self.embedder, self.settings, self.store, progress)
        return f"{self.city.name}の資料（{len(self.corpus.sources):,}件）の索引を作りました。"

    # detection and proposals --------------------------------------------------------------------------------------

    @property
    def detector(self) -> Detector:
        """Recognizers, with the second detector unless it is switched off."""

        from assistant.wiring.workers import detector_of

        return detector_of(self.settings.ner)

    @property
    def likener(self) -> Likener:
        """What worked passages say about the like. Raises DataFileError when its weights do not fit this version."""

        from assistant.wiring.workers import the_likener

        return the_likener()

    # the model ----------------------------------------------------------------------------------------------------

    @property
    def ledger(self) -> SqlLedger:
        """What left for a model. The record is opened when something does, or when somebody reads."""
        from assistant.adapters.ledger import SqlLedger

        return SqlLedger(lambda: self.store.engine)

    @property
    def gate(self) -> Gate:
        """The one way to a model (design.md D6). Raises SettingsError when none is set, EgressRefused when nothing may
        be sent to it."""

        def make() -> Gate:
            from assistant.adapters.manner import SqlManners
            from assistant.wiring.model import open_gate

            return open_gate(self.settings, self.ledger, SqlManners(lambda: self.store.engine))

        return self._once("gate", make)

    @property
    def proposer(self) -> Proposer:
        """The model engine for documents. Raises as `gate` does."""

        def make() -> Proposer:
            from assistant.wiring.model import proposer_of

            return proposer_of(self.gate, self.corpus, self.policy, self.detector.detect)

        return self._once("proposer", make)

    @property
    def conversation(self) -> Conversation:
        """The model engine for conversation. Raises as `gate` does."""
        from assistant.wiring.asking import open_conversation

        return self._once("conversation", lambda: open_conversation(self))

    def tools(self, engine: Engine) -> Tools:
        """What the recipe needs, for one engine."""
        from assistant.detect.together import read_together
        from assistant.propose.tools import Tools
        from assistant.wiring.workers import Detects, Likens

        proposer = (
            self.proposer if engine == "model" else None
        )  # first: it says at once when nothing may be sent
        return Tools(
            detect=Detects(self.settings.ner),
            read_together=read_together,
            retriever=self.retriever,
            policy=self.policy,
            corpus=self.corpus,
            likener=Likens(),
            proposer=proposer,
            index_id=self.index.id,
        )

    def engine(self, asked: Engine | None) -> Engine:
        """The engine that will be asked: what was said, else the model if one is set. Raises SettingsError."""
        if asked == "model" and not self.settings.has_model:
            from assistant.wiring.model import NO_MODEL

            raise SettingsError(NO_MODEL)
        return asked or ("model" if self.settings.has_model else "rules")

    def propose(
        self,
        document: Document,
        engine: Engine | None = None,
        request: str | None = None,
        decision_date: date | None = None,
        watch: Watch | None = None,
    ) -> Proposal:
        """Findings for a document. `decision_date`: today unless said; `watch`: who is told how far it is, and may call
        it off. Nothing is recorded (see `record`), but for pages of a long document while they are read.

        Raises DocumentError, SettingsError, EgressRefused, Cancelled.
        """
        from assistant.wiring.jobs import propose_watched
        from assistant.wiring.model import sent_by

        proposal = propose_watched(
            self, document, self.engine(engine), request, self._in_force(decision_date), watch
        )
        return sent_by(proposal, self.settings)

    def record(self, proposal: Proposal, files: Sequence[KeptFile] = ()) -> str | None:
        """Writes a proposal of the command line as a case of OSUMITSUKI_USER; None when no user is set."""
        actor = self.user()
        if actor is None:
            return None
        mode: Mode = "document" if proposal.document.on_paper else "passage"
        return self.desk.open_case(actor, mode, proposal.document.name, proposal, files=files).id

    def user(self) -> Actor | None:
        """Who acts on the command line (OSUMITSUKI_USER: 所属 and 氏名). Raises SettingsError for half a name."""
        from assistant.wiring.person import person_of

        return person_of(self.settings)

    # the other two uses -------------------------------------------------------------------------------------------

    def search(self, query: SearchQuery) -> SearchResults:
        """Sources for a question, best first."""
        return self.retriever.search(query)

    def ask(
        self,
        question: str,
        engine: Engine | None = None,
        *,
        history: Sequence[Message] = (),
        proposal: Proposal | None = None,
        case: str | None = None,
        tell: Callable[[str], None] | None = None,
    ) -> Answer:
        """An answer from the sources. With the model engine the model's sentences come first, the rules' after them.

        `history`: the turns before, oldest first, of user and assistant. `proposal`: the passage in view, with its
        findings. `case`: for the ledger. `tell` is called with pieces of the model's text as they come in; what it was
        told is replaced by the answer returned. A model that fails leaves the rules' answer with the warning
        `model_failed`. Raises InputError (question too long), SettingsError, EgressRefused.
        """
        from assistant.wiring.asking import ask

        chosen, day = self.engine(engine), self._in_force(None)
        return ask(self, question, chosen, day, history=history, proposal=proposal, case=case, tell=tell)

    def reasons(self, findings: Sequence[Finding], document: Document, day: date) -> tuple[Part, ...]:
        """Rows for the notice from findings; the person's values where decided."""
        from assistant.draft.reasons import write_parts

        return write_parts(findings, document, self.corpus, day)

    # starting and stopping ----------------------------------------------------------------------------------------

    def warm_up(self, tell: Callable[[str, float], None]) -> None:
        """Loads dictionaries, corpus and index, telling a sentence and a share (0–1) on the way."""

        def progress(done: int, total: int, message: str) -> None:
            tell(message, 0.1 + 0.6 * (done / total if total else 0.0))

        tell("資料を読み込んでいます", 0.0)
        _ = self.policy
        before, self._progress = self._progress, progress
        try:
            _ = self.retriever
        finally:
            self._progress = before
        tell("検索を準備しています", 0.7)
        from assistant.retrieve.query import SearchQuery

        self.search(SearchQuery(self.city.labels.exempt_information))
        tell("人名の辞書を読み込んでいます", 0.8)
        from assistant.domain.document import Page

        self.detector.detect(Page(number=1, text="担当"))
        tell("準備ができました", 1.0)

    def close(self) -> None:
        """Lets go of the database and the index."""
        for name in ("index", "store"):
            part = self._built.pop(name, None)
            if part is not None:
                part.close()

    def _in_force(self, day: date | None) -> date:
        chosen = day or datetime.now().astimezone().date()
        first = min(self.corpus.ordinance.in_force_dates)
        if chosen < first:
            raise InputError(
                f"{self.city.ordinance_title}は{first.isoformat()}から施行されています。それより後の決定日を指定してください。"
            )
        return chosen


def _silent(done: int, total: int, message: str) -> None:
    """Progress nobody watches."""
