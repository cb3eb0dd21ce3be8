"""What was asked and answered, kept in a file: a run can be repeated without the model, and gives the same figures.

One JSON object a line: first what the run was (model, day), then a question with its reply or its failure each. The
file holds the words of the questions, and so the text of the documents: it is made only where somebody asks for it.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path
from typing import IO, Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from assistant.domain.usage import Usage
from assistant.errors import (
    DataFileError,
    EgressStopped,
    InputError,
    ModelError,
    ModelUnavailable,
    UnusableAnswer,
)
from assistant.model.errand import EgressRule, Errand, Escort, Gate
from assistant.model.ports import AnswerCutOff, Chat, Message, Reply, Shape
from assistant.model.remembering import question_key

FORMAT = 1
_UNKNOWN = (
    "記録にない問い合わせがありました。記録したあとに、プロンプト、評価する文章、自治体の資料、設定のいずれかが変わっています。"
    "記録したときの状態に戻すか、--record で記録し直してください。"
)
_NOT_A_RECORD = "モデルとのやり取りの記録として読めません。"
_TODO = "evaluate の --record で書き出したファイルを、そのまま指定してください。"
_Count = Annotated[int, Field(ge=0)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Head(_Strict):
    osumitsuki_record: Literal[1]
    model: str
    day: date


class _Usage(_Strict):
    calls: _Count
    reused: _Count
    prompt_tokens: _Count
    completion_tokens: _Count
    cached_tokens: _Count
    estimated: _Count


class _Reply(_Strict):
    text: str
    prompt_tokens: int | None
    usage: _Usage


class _Failure(_Strict):
    kind: Literal["cut_off", "unusable", "unavailable", "stopped"]
    message: str


class _Line(_Strict):
    key: str
    model: str
    prompt_hash: str | None
    messages: tuple[dict[str, str], ...]
    shape: str
    reply: _Reply | None
    failure: _Failure | None


Answer = Reply | ModelError
_KINDS: Mapping[str, type[ModelError]] = {
    "cut_off": AnswerCutOff,  # before what it is a kind of
    "unusable": UnusableAnswer,
    "unavailable": ModelUnavailable,
    "stopped": EgressStopped,
}
_NOT_ASKED = (ModelUnavailable, EgressStopped)
_SURROGATE = re.compile("[\ud800-\udfff]")  # half a character cannot be written


@dataclass(slots=True, kw_only=True)
class Record:
    """The answers of a run by question; `file` None: only read from."""

    model: str
    day: date
    answers: dict[str, Answer]
    file: IO[str] | None = None

    def known(self, key: str) -> Answer | None:
        """What was answered: a run gives one question one answer, or its replay would not be the same."""
        return self.answers.get(key)

    def keep(self, line: Mapping[str, Any], answer: Answer) -> None:
        """Writes down one answer at once, so that a run that breaks off leaves what it had."""
        if self.file is not None:
            _write(self.file, line)
        self.answers[line["key"]] = answer

    def close(self) -> None:
        """Lets go of the file."""
        if self.file is not None:
            self.file.close()


def read_record(path: Path) -> Record:
    """The record in `path`, to be replayed. Raises DataFileError with the line: missing or not a record."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise DataFileError(path, "ファイルがありません。", todo="名前と場所を確かめてください。") from None
    except (OSError, UnicodeDecodeError):
        raise DataFileError(path, _NOT_A_RECORD, todo=_TODO) from None
    return _read(path, text)


def open_record(path: Path, model: str, day: date) -> Record:
    """A record to write to: a new file, or one of the same model that is gone on with, on its own day.

    Half a line at the end, where a run broke off, is taken away; what never reached the server is asked again. Raises
    DataFileError (the file is something else and stays as it is) or InputError (it cannot be written, or another model
    answered in it).
    """
    if path.exists() and path.stat().st_size:
        record = _going_on(path)
        if record.model != model:
            raise InputError(
                "--record のファイルは、別のモデルの記録です。上書きはしません。別の名前を指定してください。"
            )
        record.file = _opened(path)
        record.answers = {
            key: answer for key, answer in record.answers.items() if not isinstance(answer, _NOT_ASKED)
        }
        return record
    file = _opened(path)
    _write(file, {"osumitsuki_record": FORMAT, "model": model, "day": day.isoformat()})
    return Record(model=model, day=day, answers={}, file=file)


class RecordingGate:
    """`model.errand.Gate` that answers from a record and, where there is a gate behind it, asks and keeps the rest."""

    def __init__(self, record: Record, gate: Gate | None = None) -> None:
        self._record, self._gate = record, gate

    @property
    def name(self) -> str:
        """The name of the model."""
        return self._record.model

    @property
    def rule(self) -> EgressRule:
        """What may leave; of a replay nothing does."""
        return self._gate.rule if self._gate else "allow"

    def escort(self, errand: Errand) -> Escort:
        """Only forms are recorded. Raises InputError."""
        raise InputError(_UNKNOWN)

    def chat(self, errand: Errand) -> Chat:
        """See `model.errand.Gate.chat`."""
        return _RecordedChat(self._record, errand, self._gate.chat(errand) if self._gate else None)


class _RecordedChat:
    def __init__(self, record: Record, errand: Errand, chat: Chat | None) -> None:
        self._record, self._errand, self._chat = record, errand, chat

    @property
    def name(self) -> str:
        return self._record.model

    def ask(self, messages: tuple[Message, ...], shape: Shape) -> Reply:
        key = question_key(self.name, messages, shape)
        answer = self._record.known(key)
        if answer is None:
            answer = self._asked(key, messages, shape)
        if isinstance(answer, Reply):
            return answer
        raise answer

    def _asked(self, key: str, messages: tuple[Message, ...], shape: Shape) -> Answer:
        if self._chat is None:
            raise InputError(_UNKNOWN)
        answer: Answer
        try:
            answer = self._chat.ask(messages, shape)
            answer = replace(answer, text=_SURROGATE.sub("\ufffd", answer.text))
        except ModelError as error:
            answer = error
        line = {
            "key": key,
            "model": self.name,
            "prompt_hash": self._errand.prompt_hash,
            "messages": [{"role": one.role, "text": one.text} for one in messages],
            "shape": shape.name,
            "reply": _reply_told(answer) if isinstance(answer, Reply) else None,
            "failure": None if isinstance(answer, Reply) else _failure_told(answer),
        }
        self._record.keep(line, answer)
        return answer


def _reply_told(reply: Reply) -> dict[str, Any]:
    return {"text": reply.text, "prompt_tokens": reply.prompt_tokens, "usage": asdict(reply.usage)}


def _failure_told(error: ModelError) -> dict[str, str]:
    kind = next((name for name, kind in _KINDS.items() if isinstance(error, kind)), "unusable")
    return {"kind": kind, "message": str(error)}


def _answer(line: _Line) -> Answer | None:
    if line.reply is not None:
        usage = Usage(**line.reply.usage.model_dump())
        return Reply(text=line.reply.text, prompt_tokens=line.reply.prompt_tokens, usage=usage)
    if line.failure is None:
        return None
    return _KINDS[line.failure.kind](line.failure.message)


def _read(path: Path, text: str) -> Record:
    lines = [(number, line) for number, line in enumerate(text.split("\n"), 1) if line.strip()]
    if not lines:
        raise DataFileError(path, _NOT_A_RECORD, todo=_TODO)
    try:
        head = _Head.model_validate_json(lines[0][1])
    except ValidationError:
        raise DataFileError(path, _NOT_A_RECORD, line=lines[0][0], todo=_TODO) from None
    answers: dict[str, Answer] = {}
    for number, line in lines[1:]:
        try:
            read = _Line.model_validate_json(line)
        except ValidationError:
            raise DataFileError(path, "この行が壊れています。", line=number, todo=_TODO) from None
        answer = _answer(read)
        if answer is None or read.model != head.model:
            raise DataFileError(path, "この行が壊れています。", line=number, todo=_TODO)
        answers[read.key] = answer
    return Record(model=head.model, day=head.day, answers=answers)


def _going_on(path: Path) -> Record:
    try:
        data = path.read_bytes()
    except OSError:
        raise InputError(_NOT_WRITABLE) from None
    whole = data[: data.rfind(b"\n") + 1]
    try:
        record = _read(path, whole.decode("utf-8"))
    except UnicodeDecodeError:
        raise DataFileError(path, _NOT_A_RECORD, todo=_TODO) from None
    if len(whole) < len(data):
        try:
            os.truncate(path, len(whole))
        except OSError:
            raise InputError(_NOT_WRITABLE) from None
    return record


_NOT_WRITABLE = (
    "--record のファイルに書き込めません。フォルダがあるか、書き込む権限があるかを確かめてください。"
)


def _opened(path: Path) -> IO[str]:
    try:
        return path.open("a", encoding="utf-8", newline="\n")
    except OSError:
        raise InputError(_NOT_WRITABLE) from None


def _write(file: IO[str], line: Mapping[str, Any]) -> None:
    try:
        file.write(json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n")
        file.flush()
    except OSError:
        raise InputError(_NOT_WRITABLE) from None
