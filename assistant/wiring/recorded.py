"""Proposals for `evaluate` whose questions to the model are written down, or answered from what was written down."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.errors import InputError
from assistant.wiring.model import NO_MODEL, proposer_of

if TYPE_CHECKING:
    from assistant.domain.document import Document
    from assistant.domain.finding import Engine, Proposal
    from assistant.model.recording import Record
    from assistant.wiring import Assistant

Propose = Callable[["Document"], "Proposal"]
_ONE = "--record と --replay は、どちらか一方だけを指定してください。"
_ONLY_MODEL = "--record と --replay は、モデルを使うとき（--engine model）だけ指定できます。"


@contextmanager
def proposing(
    assistant: Assistant, engine: Engine | None, *, record: Path | None, replay: Path | None
) -> Iterator[Propose]:
    """How a document is proposed for. With `record` or `replay` the day of decision is that of the record: the same
    questions on another day would be other questions.

    Raises InputError (options that do not go together, a record that cannot be written), DataFileError (no record),
    and as `Assistant.gate` does.
    """
    if record is None and replay is None:
        yield lambda document: assistant.propose(document, engine=engine)
        return
    if record is not None and replay is not None:
        raise InputError(_ONE)
    if engine == "rules" or (replay is None and assistant.engine(engine) != "model"):
        raise InputError(_ONLY_MODEL)
    if replay is None:
        _ = assistant.gate  # where nothing may be sent, no record is begun either
    kept = _opened(assistant, record, replay)
    try:
        yield _through(assistant, kept, live=replay is None)
    finally:
        kept.close()


def _opened(assistant: Assistant, record: Path | None, replay: Path | None) -> Record:
    from assistant.model.recording import open_record, read_record

    if replay is not None:
        return read_record(replay)
    name = assistant.settings.model_name
    if record is None or name is None:
        raise InputError(NO_MODEL)
    return open_record(record, name, datetime.now().astimezone().date())


def _through(assistant: Assistant, kept: Record, *, live: bool) -> Propose:
    from assistant.model.recording import RecordingGate
    from assistant.propose.recipe import propose

    gate = RecordingGate(kept, assistant.gate if live else None)
    proposer = proposer_of(gate, assistant.corpus, assistant.policy, assistant.detector.detect)
    tools = replace(assistant.tools("rules"), proposer=proposer)
    return lambda document: propose(document, tools=tools, decision_date=kept.day, requested_engine="model")
