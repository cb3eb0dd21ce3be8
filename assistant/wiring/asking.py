"""A chat turn, put together: the rules always, the model where it is asked for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from assistant.errors import SettingsError
from assistant.settings import Settings, bundled
from assistant.wiring.model import NO_MODEL, endpoint_of

if TYPE_CHECKING:
    from datetime import date

    from assistant.converse.conversation import Conversation
    from assistant.converse.turn import Answer
    from assistant.domain.finding import Engine, Proposal
    from assistant.model.errand import Gate
    from assistant.model.ports import Message
    from assistant.wiring import Assistant


def open_conversation(assistant: Assistant) -> Conversation:
    """The model engine for conversation. Raises as `Assistant.gate` does, and DataFileError for a prompt that is not
    as it should be."""
    from assistant.adapters.agent import AgentConversing
    from assistant.converse.briefing import INPUTS, TEXTS
    from assistant.converse.conversation import Conversation
    from assistant.model.prompts import load_prompt

    settings: Settings = assistant.settings
    gate: Gate = assistant.gate
    if settings.model_name is None:
        raise SettingsError(NO_MODEL)
    key = settings.model_api_key
    prompt = load_prompt(bundled("prompts") / "converse.toml", texts=TEXTS, inputs=INPUTS)
    conversing = AgentConversing(
        endpoint_of(settings), settings.model_name, key.get_secret_value() if key else None
    )
    return Conversation(
        gate,
        conversing,
        retriever=assistant.retriever,
        detect=assistant.detector.detect,
        propose=lambda text: _proposed(assistant, text),
        prompt=prompt,
    )


def ask(
    assistant: Assistant,
    question: str,
    engine: Engine,
    day: date,
    *,
    history: Sequence[Message],
    proposal: Proposal | None,
    case: str | None,
    tell: Callable[[str], None] | None,
) -> Answer:
    """See `Assistant.ask`. A passage put as a question is the passage in view, where there is no other."""
    from assistant.converse.answer import answer
    from assistant.converse.conversation import Asked
    from assistant.converse.say import Speaker

    conversation = assistant.conversation if engine == "model" else None
    pasted: list[Proposal] = []

    def propose(text: str) -> Proposal:
        pasted.append(_proposed(assistant, text))
        return pasted[-1]

    ruled = answer(question, retriever=assistant.retriever, corpus=assistant.corpus, day=day, propose=propose)
    if conversation is None or not question.strip():
        return ruled
    asked = Asked(
        question=question,
        history=tuple(history),
        proposal=proposal or next(iter(pasted), None),
        pasted=bool(pasted) and proposal is None,
        case=case,
    )
    return conversation.answer(asked, ruled, Speaker(assistant.corpus, day), tell or _silent)


def _proposed(assistant: Assistant, text: str) -> Proposal:
    from assistant.documents.text import of_passage

    return assistant.propose(of_passage(text), engine="rules")


def _silent(piece: str) -> None:
    """Nobody listens."""
