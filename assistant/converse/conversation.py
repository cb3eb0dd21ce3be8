"""A chat turn with a model: the rules answer first, the model argues from the sources, every quote is checked.

The model's sentences come first and the rules' after them; nothing of either is dropped (design.md D3, D4). A model
that fails leaves the answer of the rules, with a warning that says so.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from assistant.converse.briefing import Briefed, Briefing, Room
from assistant.converse.claims import bundled_claims
from assistant.converse.conversing import Conversing, Said, Tell
from assistant.converse.marked import MarkedSentence, read_marked
from assistant.converse.matter import RetrieverPort
from assistant.converse.say import Speaker
from assistant.converse.shelf import Shelf
from assistant.converse.supported import Weighed, Weigher
from assistant.converse.toolbox import Toolbox
from assistant.converse.turn import Answer
from assistant.detect.together import read_together
from assistant.domain.document import Document, Page
from assistant.domain.entity import Entity
from assistant.domain.finding import CitationStatus, Proposal, ProposalWarning
from assistant.domain.source import Source, SourceKind
from assistant.errors import ModelError, UnusableAnswer
from assistant.model.errand import Errand, Gate, Secret
from assistant.model.placeholders import note
from assistant.model.ports import Message
from assistant.model.prompts import Prompt
from assistant.model.secrets import secrets_of, told_by
from assistant.retrieve.query import SearchQuery

MOST_SENTENCES = 120
"""Taken from one answer: ten times what was asked for."""
_LONGEST_REPLY = 40_000
_LONGEST_SEARCH = 2_000
_RETRIEVED = {SourceKind.PROVISION: 4, SourceKind.HANDBOOK: 8, SourceKind.PRECEDENT: 5}
_PAGES_KEPT = 1_024  # of a conversation every turn is one
_TOO_LONG = (
    "モデルの回答が、答えとしては長すぎました。別のモデルを設定するか、時間をおいてもう一度お試しください。"
)
_EMPTY = "モデルの回答が空でした。時間をおいてもう一度お試しください。"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One question with what is around it. `pasted`: the question is itself the passage of `proposal`."""

    question: str
    history: Sequence[Message] = ()
    proposal: Proposal | None = None
    pasted: bool = False
    case: str | None = None


class Conversation:
    """The model's part in conversation, for one city."""

    def __init__(
        self,
        gate: Gate,
        conversing: Conversing,
        *,
        retriever: RetrieverPort,
        detect: Callable[[Page], tuple[Entity, ...]],
        propose: Callable[[str], Proposal],
        prompt: Prompt,
        room: Room | None = None,
    ) -> None:
        """`propose`: the rules' findings for a passage, for the model to look at. `detect`: for what must not leave."""
        self._gate, self._conversing, self._retriever = gate, conversing, retriever
        self._detect, self._propose, self._prompt = detect, propose, prompt
        self._room = room or Room()
        self._seen: OrderedDict[Page, tuple[Entity, ...]] = OrderedDict()

    def answer(self, asked: Asked, ruled: Answer, speaker: Speaker, tell: Tell) -> Answer:
        """`ruled` with the model's sentences before its own. Raises nothing of the model's: it is said in a warning."""
        ruled = replace(ruled, requested_engine="model")
        try:
            return self._answered(asked, ruled, speaker, tell)
        except ModelError as error:
            message = bundled_claims().warnings.failed.format(message=str(error))
            failed = ProposalWarning(code="model_failed", message=message)
            return replace(ruled, warnings=(*ruled.warnings, failed))

    def _answered(self, asked: Asked, ruled: Answer, speaker: Speaker, tell: Tell) -> Answer:
        shelf = Shelf(speaker=speaker)
        briefing = Briefing(shelf, self._prompt, self._room)
        toolbox = Toolbox(
            shelf,
            briefing,
            self._retriever,
            self._propose,
            proposal=asked.proposal,
            most=self._room.tools,
        )
        briefed = briefing.brief(
            "" if asked.pasted else asked.question,
            self._sources(asked, ruled, speaker),
            history=asked.history,
            proposal=asked.proposal,
            tools=toolbox.tools,
        )
        escort = self._gate.escort(
            Errand(
                purpose="converse",
                secrets=self._secrets(asked),
                context=tuple(one.text for one in briefed.messages),
                prompt_hash=self._prompt.hash,
                case=asked.case,
            )
        )
        said = self._conversing.converse(self._noted(briefed.messages), toolbox.tools, escort, tell)
        if len(said.text) > _LONGEST_REPLY:
            raise UnusableAnswer(_TOO_LONG)
        sentences = read_marked(said.text)
        if not sentences:
            raise UnusableAnswer(_EMPTY)
        weighed = Weigher(shelf, self._gate.name).weigh(sentences[:MOST_SENTENCES])
        return self._joined(ruled, said, sentences, weighed, briefed)

    def _noted(self, messages: Sequence[Message]) -> tuple[Message, ...]:
        """With what the placeholders are, where there may be some."""
        system, *rest = messages
        if self._gate.rule == "pseudonymize":
            system = replace(system, text=f"{system.text}\n\n{note()}")
        return (system, *rest)

    def _joined(
        self,
        ruled: Answer,
        said: Said,
        sentences: Sequence[MarkedSentence],
        weighed: Weighed,
        briefed: Briefed,
    ) -> Answer:
        verified = any(one.status is CitationStatus.VERIFIED for one in weighed.citations)
        warnings = (
            *ruled.warnings,
            *briefed.warnings,
            *_about(said, weighed, len(sentences) - len(weighed.sentences)),
        )
        return replace(
            ruled,
            sentences=(*weighed.sentences, *ruled.sentences),
            warnings=warnings,
            silent=ruled.silent and not verified,
            engine="model",
            model=self._gate.name,
            usage=said.usage,
            prompt_hash=self._prompt.hash,
        )

    def _sources(self, asked: Asked, ruled: Answer, speaker: Speaker) -> tuple[Source, ...]:
        """What the rules cited, then what retrieval brings, the kinds in turn; a question that follows another is also
        looked up together with it, since alone it may say no more than それはなぜ."""
        corpus, day = speaker.corpus, speaker.day
        cited = [corpus.source(one.source) for sentence in ruled.sentences for one in sentence.citations]
        before = next((one.text for one in reversed(asked.history) if one.role == "user"), "")
        queries = [asked.question[:_LONGEST_SEARCH]]
        if before.strip():
            queries.append(f"{before[:_LONGEST_SEARCH]}\n{queries[0]}")
        rows: list[list[Source]] = []
        for text in queries:
            for kind, limit in _RETRIEVED.items():
                query = SearchQuery(text, kinds=(kind,), as_of=day, limit=limit)
                rows.append([hit.source for hit in self._retriever.search(query).hits])
        longest = max(map(len, rows))
        found = [row[rank] for rank in range(longest) for row in rows if rank < len(row)]
        return tuple({one.id: one for one in (*cited, *found) if one is not None}.values())

    def _secrets(self, asked: Asked) -> tuple[Secret, ...]:
        """Of passage, conversation and question read as one document, so that one person has one name in all.

        The whole conversation is read, also what finds no room in the question: what is called by a bare name or number
        later is often known as one only from there.
        """
        if self._gate.rule == "allow":
            return ()
        view = asked.proposal
        pages = [*(page.text for page in view.document.pages), view.document.doc_type or ""] if view else []
        spoken = [one.text for one in asked.history]
        said = () if asked.pasted else (asked.question,)
        texts = (text.encode("utf-8", "replace").decode("utf-8") for text in (*pages, *spoken, *said))
        document = Document.of_texts(tuple(texts), name="")
        facts = read_together(document, [self._detected(page) for page in document.pages])
        entities = (*facts.entities, *told_by(view.findings if view else (), facts.entities))
        return secrets_of(document, entities, facts.persons)

    def _detected(self, page: Page) -> tuple[Entity, ...]:
        """Kept for the next question about the same passage: the second detector reads 3,000 letters a second."""
        found = self._seen.get(page)
        if found is None:
            found = self._detect(page)
            self._seen[page] = found
            while len(self._seen) > _PAGES_KEPT:
                self._seen.popitem(last=False)
        return found


def _about(said: Said, weighed: Weighed, over: int) -> list[ProposalWarning]:
    """What the person must know of the model's part, each with its code."""
    words = bundled_claims().warnings
    verified = sum(one.status is CitationStatus.VERIFIED for one in weighed.citations)
    bad = len(weighed.citations) - verified
    unsupported = sum(one.unsupported for one in weighed.sentences)
    told = [
        ("model_nothing_verified", words.nothing_verified if not verified else ""),
        ("model_unverified", words.unverified.format(count=bad) if bad else ""),
        ("model_unsupported", words.unsupported.format(count=unsupported) if unsupported else ""),
        *(("unknown_reference", words.unknown_provision.format(provision=one)) for one in weighed.unknown),
        ("model_cut_off", words.cut_off if said.cut_off else ""),
        ("model_stopped", words.stopped if said.stopped else ""),
        ("model_too_many", words.too_many.format(count=over) if over else ""),
    ]
    return [ProposalWarning(code=code, message=message) for code, message in told if message]
