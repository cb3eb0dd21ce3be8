"""An answer as it is kept in the record, and as it is shown again: who said what, on which sources, checked how."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields
from itertools import groupby
from typing import Any

from assistant.converse.turn import Answer
from assistant.corpus.corpus import Corpus
from assistant.domain.finding import Citation, CitationStatus, Engine, ProposalWarning
from assistant.domain.source import SourceKind
from assistant.domain.usage import Usage
from assistant.model.ports import Message as Spoken
from assistant.propose.spent import usage_words
from assistant.review.case import Case, Message
from assistant.review.codec import encode
from assistant.ui.reading.mount import Reading
from assistant.ui.where import HERE

Told = Mapping[str, Any]
ASKED = "asked"  # in a question's payload: the engine it was put to
TO = "to"  # in an answer's payload: the number of the question it answers
_STANDING = frozenset({"staff_decide", "fictional"})  # said once at the foot, not as a warning


def payload_of(answer: Answer, where: str) -> dict[str, Any]:
    """What the answer was made of, as JSON values for the record. `where`: whether the text stayed on this machine."""
    return {
        "answer": [
            {
                "text": sentence.text,
                "role": sentence.role,
                "by": sentence.by,
                "unsupported": sentence.unsupported,
                "citations": [encode(citation) for citation in sentence.citations],
            }
            for sentence in answer.sentences
        ],
        "heads": [str(head) for head in answer.heads],
        "to_find_out": [*answer.to_find_out],
        "warnings": [w.message for w in sorted(answer.warnings, key=_less_grave) if w.code not in _STANDING],
        "footer": answer.footer,
        "engine": answer.engine,
        "requested_engine": answer.requested_engine,
        "model": answer.model,
        "usage": encode(answer.usage),
        "prompt_hash": answer.prompt_hash,
        "where": where,
    }


def text_of(answer: Answer) -> str:
    """The answer in words alone: what the history is searched by."""
    return "\n".join(sentence.text for sentence in answer.sentences)


def talk_of(case: Case) -> tuple[Message, ...]:
    """Questions and answers of the case, without the reasons that were reworded in it."""
    return tuple(m for m in case.messages if (_is_question(m) if m.role == "user" else "answer" in m.payload))


def last_question(case: Case) -> Message | None:
    """What was asked last; None where nothing was."""
    return next((message for message in reversed(talk_of(case)) if message.role == "user"), None)


def is_answered(case: Case, question: Message) -> bool:
    """Whether a question has its answer; one kept before answers named their question belongs to what stands before."""
    answers = (message for message in talk_of(case) if message.role == "assistant")
    return any(
        answer.payload[TO] == question.seq if TO in answer.payload else answer.seq > question.seq
        for answer in answers
    )


def engine_of(question: Message) -> Engine:
    """The engine a question was put to."""
    return "model" if question.payload.get(ASKED) == "model" else "rules"


def history_before(case: Case, question: Message) -> tuple[Spoken, ...]:
    """The turns before a question, for the model: of its own answers its own sentences only, the rest it gets anew."""
    turns = []
    for message in talk_of(case):
        if message.seq >= question.seq:
            break
        said = [str(each["text"]) for each in message.payload.get("answer", ()) if each.get("by")]
        turns.append(Spoken(role=message.role, text="\n".join(said) or message.text))
    return tuple(turns)


def model_failed(told: Told) -> bool:
    """Whether a model was asked and the rules had to answer."""
    return bool(told.get("requested_engine") == "model" and told.get("engine") == "rules")


def engine_told(told: Told, said: Told) -> str:
    """Which engine gave this answer; answers kept before there was a choice were of the rules."""
    if told.get("engine") == "model":
        return str(said["talk"]["engine_model"]).replace("{name}", str(told.get("model") or ""))
    return str(said["talk"]["engine_failed" if model_failed(told) else "engine_rules"])


def usage_told(told: Told) -> str:
    """Calls and tokens in one line; empty where no model was asked."""
    kept: Told = told.get("usage") or {}
    return usage_words(Usage(**{each.name: int(kept.get(each.name, 0)) for each in fields(Usage)}))


def parts_of(told: Told, said: Told) -> list[tuple[str, list[Told]]]:
    """The sentences by who wrote them, each part with its heading; no heading where the rules stand alone."""
    sentences: Sequence[Told] = told.get("answer", ())
    parts = [(by, [*group]) for by, group in groupby(sentences, lambda each: str(each.get("by") or ""))]
    if not any(by for by, _ in parts):
        return [("", [*sentences])]
    talk = said["talk"]
    return [
        (str(talk["by_model"]).replace("{name}", by) if by else str(talk["by_rules"]), group)
        for by, group in parts
    ]


def citations_of(sentence: Told) -> list[Citation]:
    """The citations of a kept sentence, each with the status it had when it was given."""
    return [
        Citation(
            source=told["source"],
            kind=SourceKind(told["kind"]) if told.get("kind") else None,
            quote=told["quote"],
            status=CitationStatus(told["status"]),
        )
        for told in sentence.get("citations", ())
    ]


def foot_told(told: Told, corpus: Corpus, said: Told) -> str:
    """架空 mark, engine, where the text went, what it took, and that staff decide."""
    labels, talk = corpus.city.labels, said["talk"]
    mark = f"【{labels.fictional}】" if corpus.city.fictional else ""
    facts = [engine_told(told, said), told.get("where") or HERE, usage_told(told)]
    return f"{mark}{'・'.join(fact for fact in facts if fact)}。{talk['staff_decide']}"


def show_answer(corpus: Corpus, message: Message, said: Told) -> None:
    """One answer on the page."""
    told = message.payload
    reading = Reading(corpus, said)
    for warning in told.get("warnings", ()):
        reading.note(warning, "warn")
    headings = said["answer"]
    for part, sentences in parts_of(told, said):
        if part:
            reading.part(part)
        under = ""
        for sentence in sentences:
            heading = headings.get(sentence.get("role", ""), "")
            if heading and heading != under:
                reading.heading(heading)
            under = heading
            flag = said["talk"]["unsupported"] if sentence.get("unsupported") else ""
            reading.sentence(sentence["text"], citations_of(sentence), flag=flag)
    if told.get("to_find_out"):
        reading.heading(said["desk"]["to_find_out"])
        reading.list(told["to_find_out"])
    reading.note(foot_told(told, corpus, said), "foot")
    reading.show(key=f"answer_{message.seq}")


def _less_grave(warning: ProposalWarning) -> bool:
    """That the model did not answer is said first; the rest keeps its order."""
    return warning.code != "model_failed"


def _is_question(message: Message) -> bool:
    return not message.payload or ASKED in message.payload
