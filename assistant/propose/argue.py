"""The model engine: each piece of a document is put to a model, and what comes back stands beside the rules.

It adds findings and opinions; it removes nothing and overturns nothing (design.md D4). A passage is data: whatever
it tells the model to do, the rules' findings are not in the model's hands.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from assistant.corpus.corpus import Corpus
from assistant.domain.document import Document
from assistant.domain.entity import Facts
from assistant.domain.finding import Finding, ProposalWarning
from assistant.domain.source import Source
from assistant.errors import UnusableAnswer
from assistant.model.errand import Errand, Gate
from assistant.model.ports import AnswerCutOff, Chat, Message, Reply
from assistant.model.prompts import Prompt
from assistant.model.reply import ask_for
from assistant.model.secrets import secrets_of
from assistant.model.tokens import estimate_tokens
from assistant.propose.argue_pieces import Piece, halves_of, pieces_of
from assistant.propose.argue_prompt import Brief, Shelf
from assistant.propose.argue_shape import ReplySaid
from assistant.propose.argue_take import Taken, Taker, rests_on_its_head
from assistant.propose.tools import Argued

_GIVE_UP = 2  # pieces without a usable answer before any with one
_CUT_SHARE = 0.35  # no vocabulary in use needs fewer tokens than this share of our estimate
_TELL = {
    "model_not_in_text": "モデルが挙げた{count}件は、文書にその文字が見当たらないため、採り入れていません。",
    "model_no_such_finding": "モデルの意見{count}件は、どの候補についてのものか分からないため、採り入れていません。",
    "model_too_many": "モデルの候補が多すぎるため、一部（{count}件）を採り入れていません。モデルの回答が役に立つものか確かめてください。",
    "model_reason_dropped": "モデルが書いた理由{count}件は、非開示とする文字そのものを含むため、採り入れていません。",
    "model_piece_failed": "このページの一部（{count}か所）は、モデルから使える回答がありませんでした。規則による結果だけを示します。",
    "model_cut_prompt": "モデルに渡した文章の一部が読まれていないおそれがあります（{count}回）。モデルの文脈長（入力の上限）の設定を確かめてください。",
}
_UNVERIFIED = (
    "モデルが加えた候補のうち{count}件には、その事由についての原文と一致する引用がありません。"
    "このままでは確定できません。根拠を確かめ、変更するか不採用にしてください。"
)
_NO_ROOM = (
    "条文と規則による候補だけで、モデルに渡せる長さを超えました。規則だけで調べてください（--engine rules）。"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """Estimated tokens: of a whole question, of the sources in it, and of a piece with its findings.

    A context of 16,384 holds such a question with a reply of 4,096.
    """

    question: int = 12_000
    sources: int = 3_000
    piece: int = 2_500


class ModelProposer:
    """`propose.tools.Proposer` behind the gate."""

    def __init__(self, gate: Gate, corpus: Corpus, prompt: Prompt, room: Room | None = None) -> None:
        self._gate, self._corpus, self._prompt = gate, corpus, prompt
        self._room = room or Room()

    def argue(
        self,
        document: Document,
        facts: Facts,
        ruled: Sequence[Finding],
        sources: Sequence[Source],
        day: date,
    ) -> Argued:
        """Raises ModelUnavailable at once, UnusableAnswer where nothing usable came back for any piece."""
        chat = self._gate.chat(
            Errand(
                purpose="propose",
                secrets=secrets_of(document, facts.entities, facts.persons),
                context=tuple(page.text for page in document.pages),
                prompt_hash=self._prompt.hash,
            )
        )
        brief = Brief(self._corpus, day, self._prompt)
        shelf = brief.shelf(ruled, sources, self._left_for_sources(brief, document))
        taker = Taker(document, self._corpus, day, shelf, self._gate.name)
        taken = Taken()
        answered, failures = 0, list[UnusableAnswer]()
        waiting = deque(pieces_of(document, ruled, self._room.piece, brief.cost))
        while waiting:
            piece = waiting.popleft()
            try:
                said, cut = self._ask(chat, brief, document, piece, shelf)
            except AnswerCutOff as error:
                halves = halves_of(piece)
                waiting.extendleft(reversed(halves))
                if not halves:
                    failures.append(error)
                    taken.told["model_piece_failed", piece.page.number] += 1
                continue
            except UnusableAnswer as error:
                failures.append(error)
                if not answered and len(failures) == _GIVE_UP:
                    break
                taken.told["model_piece_failed", piece.page.number] += 1
                continue
            answered += 1
            taken.told["model_cut_prompt", piece.page.number] += cut
            taker.take(piece, said, taken)
        if failures and not answered:
            raise failures[-1]
        return self._argued(taken)

    def _left_for_sources(self, brief: Brief, document: Document) -> int:
        """Where the law of a city is long, commentary and precedents give way; the document never does."""
        bare = brief.shelf((), (), 0)
        nothing = Piece(page=document.pages[0], start=0, end=0, findings=())
        frame = question_size(brief.messages(document, nothing, bare))
        frame += estimate_tokens(brief.shape(bare).in_words)
        return max(min(self._room.sources, self._room.question - self._room.piece - frame), 0)

    def _ask(
        self, chat: Chat, brief: Brief, document: Document, piece: Piece, shelf: Shelf
    ) -> tuple[ReplySaid, bool]:
        """The answer about one piece, and whether the server seems to have cut the question."""
        messages = brief.messages(document, piece, shelf)
        size = question_size(messages)
        if size > self._room.question:
            raise UnusableAnswer(_NO_ROOM)
        said, reply = ask_for(chat, messages, brief.shape(shelf), ReplySaid, brief.repair)
        return said, _was_cut(reply, size)

    def _argued(self, taken: Taken) -> Argued:
        findings = tuple(taken.findings.values())
        loose = sum(not rests_on_its_head(finding, self._corpus) for finding in findings)
        warnings = [
            ProposalWarning(code=code, message=_TELL[code].format(count=count), page=page)
            for (code, page), count in sorted(taken.told.items(), key=lambda one: (one[0][1], one[0][0]))
            if count
        ]
        if loose:
            warnings.append(ProposalWarning(code="model_unverified", message=_UNVERIFIED.format(count=loose)))
        return Argued(
            findings=findings,
            opinions=tuple(taken.opinions.values()),
            warnings=tuple(warnings),
            model=self._gate.name,
            prompt_hash=self._prompt.hash,
        )


def question_size(messages: Sequence[Message]) -> int:
    """Estimated tokens of a question."""
    return sum(estimate_tokens(message.text) for message in messages)


def _was_cut(reply: Reply, size: int) -> bool:
    return reply.prompt_tokens is not None and 0 < reply.prompt_tokens < size * _CUT_SHARE
