"""The question as the model gets it: what never changes first, then the conversation, then sources, passage, question.

Providers cache the beginning of a prompt: rules of conduct and the law of the city stand there, whatever is asked.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.converse.claims import bundled_claims
from assistant.converse.conversing import Tool
from assistant.converse.shelf import Shelf
from assistant.converse.view import View, view_of
from assistant.domain.finding import Proposal, ProposalWarning
from assistant.domain.source import Source
from assistant.errors import UnusableAnswer
from assistant.model.fence import fence
from assistant.model.ports import Message, Role
from assistant.model.prompts import Prompt
from assistant.model.tokens import estimate_tokens

TEXTS = frozenset(
    (
        *("system", "user", "view", "earlier", "skipped", "pasted", "tools"),
        *("found", "nothing_found", "no_more", "bad_argument", "compared"),
        *("tool_search", "tool_search_kind", "tool_search_query", "tool_propose", "tool_propose_passage"),
        *("tool_compare", "tool_compare_precedent", "tool_compare_passage"),
        *("tool_reason", "tool_reason_situation", "tool_reason_head"),
        *("tool_reason_content", "tool_reason_harm"),
    )
)
INPUTS = frozenset(
    (
        *("city", "ordinance", "day", "withhold", "disclose", "ask", "handbook", "precedent", "law"),
        *("sources", "view", "earlier", "question", "mark", "doc_type", "findings", "passage", "count"),
        *("found", "situations", "wanted", "decided", "shared"),
    )
)
_FRAME = 300  # tokens of what stands around sources, passage and question, and of a note on placeholders
_LABELS = ("withhold", "disclose", "ask", "handbook", "precedent")


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """Estimated tokens: of a whole question, and at most of its parts; `tools`: what all tools together may bring.

    A context of 16,384 holds such a question, what the tools bring, and a reply of 4,096.
    """

    question: int = 10_000
    sources: int = 2_500
    history: int = 2_000
    view: int = 2_500
    tools: int = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Briefed:
    """The messages, and what the person must know of what was left out."""

    messages: tuple[Message, ...]
    warnings: tuple[ProposalWarning, ...]


class Briefing:
    """Words a question for one city on one day."""

    def __init__(self, shelf: Shelf, prompt: Prompt, room: Room) -> None:
        self._shelf, self._prompt, self._room = shelf, prompt, room
        self._labels = shelf.speaker.corpus.city.labels

    def brief(
        self,
        question: str,
        sources: Sequence[Source],
        *,
        history: Sequence[Message],
        proposal: Proposal | None,
        tools: Sequence[Tool],
    ) -> Briefed:
        """The question with everything that fits. `question` empty: what was asked is the passage of `proposal`.

        Sources give way first, then the passage, then the conversation; the law and the question never do. Raises
        UnusableAnswer where those two alone find no room.
        """
        system = self.words("system", law=self._shelf.law())
        if tools:
            system += "\n\n" + self.words("tools")
        asked = question or self.words("pasted")
        left = self._room.question - estimate_tokens(system) - estimate_tokens(asked) - _FRAME
        left -= sum(_cost(tool) for tool in tools)
        if left < 0:
            raise UnusableAnswer(bundled_claims().errors.no_room)
        spoken, dropped = self._trimmed(history, min(self._room.history, left // 3))
        left -= sum(estimate_tokens(one.text) for one in spoken)
        view = None
        if proposal is not None:
            view = view_of(proposal, question, self._labels, min(self._room.view, left * 2 // 3))
            left -= estimate_tokens(view.text) + estimate_tokens(view.findings)
        told, _ = self._shelf.told_within(sources, min(self._room.sources, left))
        body = self._body(asked, told, view, proposal, dropped)
        messages = (Message(role="system", text=system), *spoken, Message(role="user", text=body))
        return Briefed(messages=_alternating(messages), warnings=tuple(_left_out(view, dropped)))

    def words(self, text: str, **inputs: str) -> str:
        """One text of the prompt with the city's words and `inputs` in it, without its outer line breaks."""
        corpus, day = self._shelf.speaker.corpus, self._shelf.speaker.day
        known = {name: str(getattr(self._labels, name)) for name in _LABELS}
        known |= {"city": corpus.city.name, "ordinance": corpus.ordinance.title, "day": day.isoformat()}
        known |= inputs
        wanted = self._prompt.slots(text)
        return self._prompt.render(text, **{name: known[name] for name in wanted}).strip("\n")

    def _body(
        self,
        asked: str,
        told: Sequence[str],
        view: View | None,
        proposal: Proposal | None,
        dropped: int,
    ) -> str:
        seen = ""
        if view is not None and proposal is not None:
            seen = "\n" + self.words(
                "view",
                doc_type=" ".join((proposal.document.doc_type or "不明").split()),
                findings=view.findings or "（なし）",
                passage=view.text,
            )
        sources = "\n".join(told) or "（なし）"
        return self.words(
            "user",
            mark=fence("資料", sources + seen + asked),
            sources=sources,
            view=seen,
            earlier=self.words("earlier", count=str(dropped)) if dropped else "",
            question=asked,
        )

    def _trimmed(self, history: Sequence[Message], most: int) -> tuple[list[Message], int]:
        """The newest turns that fit, whole, and how many did not; a long one among them is only said to have been.

        Whoever spoke is user or assistant: nobody in a conversation speaks as the system.
        """
        skipped, longest = self.words("skipped"), most // 2
        held: list[Message] = []
        dropped = 0
        for number, one in enumerate(reversed(history)):
            role: Role = "assistant" if one.role == "assistant" else "user"
            cost, text = estimate_tokens(one.text), one.text
            if cost > longest:
                cost, text = estimate_tokens(skipped), skipped
            if cost > most:
                dropped += len(history) - number
                break
            dropped += text is skipped
            most -= cost
            held.append(Message(role=role, text=text))
        held.reverse()
        while held and held[0].role == "assistant":  # an answer without its question; some servers refuse it
            del held[0]
            dropped += 1
        return held, dropped


def _cost(tool: Tool) -> int:
    """Estimated tokens of a tool's description, which goes with every request."""
    told = json.dumps(tool.parameters, ensure_ascii=False, separators=(",", ":"))
    return estimate_tokens(f"{tool.name}{tool.description}{told}")


def _alternating(messages: Sequence[Message]) -> tuple[Message, ...]:
    """Two turns of one side become one: the templates of some models refuse them otherwise."""
    joined: list[Message] = []
    for one in messages:
        if joined and joined[-1].role == one.role:
            joined[-1] = Message(role=one.role, text=f"{joined[-1].text}\n\n{one.text}")
        else:
            joined.append(one)
    return tuple(joined)


def _left_out(view: View | None, dropped: int) -> list[ProposalWarning]:
    words = bundled_claims().warnings
    told = []
    if dropped:
        told.append(("history_left_out", words.history_left_out.format(count=dropped)))
    if view is not None and view.shown < view.whole:
        told.append(("part_shown", words.part_shown.format(shown=f"{view.shown:,}", whole=f"{view.whole:,}")))
    if view is not None and view.left_out:
        told.append(("findings_left_out", words.findings_left_out.format(count=view.left_out)))
    return [ProposalWarning(code=code, message=message) for code, message in told]
