"""What a chat turn answers with: sentences with their citations, what to find out, warnings. And how it is cited."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from assistant.domain.finding import Citation, CitationStatus, Engine, ProposalWarning
from assistant.domain.provision import Head, Topic
from assistant.domain.usage import Usage

Role = Literal[
    "reference",
    "subject",
    "alternative",
    "policy",
    "test",
    "proviso",
    "practice",
    "tally",
    "precedent",
    "opposite",
    "procedure",
    "passage",
    "silent",
    "model",
]


_STATUS = {
    CitationStatus.VERIFIED: "",
    CitationStatus.NOT_FOUND: "：原文になし",
    CitationStatus.OUT_OF_SCOPE: "：対象外",
}
_UNSUPPORTED = "（根拠を確かめられない文）"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """One sentence and what it rests on. `role`: its part in the answer, for setting it out on screen.

    `by`: the model that wrote it, empty where the rules did. `unsupported`: it claims law, and no citation of it was
    found word for word in its source.
    """

    text: str
    citations: tuple[Citation, ...]
    role: Role
    by: str = ""
    unsupported: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A turn. `heads`, `topics`: what was taken to be asked, likeliest first. `footer`: that staff decide.

    `silent`: the sources say nothing on it. `routed`: why the text was taken for a passage, empty if it was not.
    `engine`: who answered, `requested_engine` who was asked to: they differ when the model failed, and `model` is then
    None. `usage`: what asking the model took. `prompt_hash`: of the prompt it was given.
    """

    sentences: tuple[Sentence, ...]
    heads: tuple[Head, ...] = ()
    topics: tuple[Topic, ...] = ()
    to_find_out: tuple[str, ...] = ()
    warnings: tuple[ProposalWarning, ...] = ()
    footer: str = ""
    silent: bool = False
    routed: tuple[str, ...] = ()
    engine: Engine = "rules"
    requested_engine: Engine = "rules"
    model: str | None = None
    usage: Usage = field(default_factory=Usage)
    prompt_hash: str | None = None


def answer_json(answer: Answer) -> dict[str, Any]:
    """`ask --json` of design.md §5; where a model was asked, who said what, and what it took, besides."""
    asked = answer.requested_engine == "model"
    told: dict[str, Any] = {
        "answer": [
            {
                "text": sentence.text,
                "citations": [_citation_json(citation) for citation in sentence.citations],
                **({"by": sentence.by, "unsupported": sentence.unsupported} if asked else {}),
            }
            for sentence in answer.sentences
        ],
        "heads": [head.value for head in answer.heads],
        "to_find_out": list(answer.to_find_out),
        "warnings": [_warning_json(warning) for warning in answer.warnings],
    }
    if not asked:
        return told
    return told | {
        "engine": answer.engine,
        "requested_engine": answer.requested_engine,
        "model": answer.model,
        "usage": asdict(answer.usage),
    }


def answer_text(answer: Answer) -> str:
    """The turn as plain text with numbered sources, for a terminal or the clipboard.

    Beside a number stands what is wrong with the quote, and behind a sentence that nothing supports that it is so.
    """
    numbers: dict[str, int] = {}
    lines = []
    by = None
    for sentence in answer.sentences:
        if answer.model and sentence.by != by:
            lines.append(
                f"【モデルの答え（{sentence.by}）】" if sentence.by else "【資料から（規則による答え）】"
            )
            by = sentence.by
        marks = "".join(
            f"[{numbers.setdefault(source, len(numbers) + 1)}{_STATUS[status]}]"
            for source, status in _sources(sentence)
        )
        lines.append(sentence.text + marks + (_UNSUPPORTED if sentence.unsupported else ""))
    lines += [f"・{each}" for each in answer.to_find_out]
    lines += [warning.message for warning in answer.warnings]
    lines += [f"[{number}] {source}" for source, number in numbers.items()]
    return "\n".join(lines)


def _sources(sentence: Sentence) -> list[tuple[str, CitationStatus]]:
    return list(dict.fromkeys((citation.source, citation.status) for citation in sentence.citations))


def one_each(sentences: Sequence[Sentence]) -> tuple[Sentence, ...]:
    """The same words only once, at their first place."""
    return tuple({sentence.text: sentence for sentence in reversed(sentences)}.values())[::-1]


def _citation_json(citation: Citation) -> dict[str, Any]:
    return {
        "source": citation.source,
        "kind": citation.kind.value if citation.kind else None,
        "quote": citation.quote,
        "status": citation.status.value,
    }


def _warning_json(warning: ProposalWarning) -> dict[str, Any]:
    return {"code": warning.code, "message": warning.message, "page": warning.page}
