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
from assistant.domain.finding import Finding, Opinion, ProposalWarning
from assistant.domain.source import Source
from assistant.domain.usage import PageUsage, Usage
from assistant.errors import ModelError, UnusableAnswer
from assistant.jobs.run import ALONE, Run
from assistant.model.counting import CountingChat
from assistant.model.errand import Errand, Gate, Secret
from assistant.model.ports import AnswerCutOff, Chat, Message, Reply
from assistant.model.prompts import Prompt
from assistant.model.remembering import Memory, RememberingChat
from assistant.model.reply import ask_for, read_reply, without_thoughts
from assistant.model.secrets import secrets_in, secrets_of, told_by
from assistant.model.tokens import estimate_tokens
from assistant.policy.rules import Policy
from assistant.propose.argue_pieces import Piece, halves_of, pieces_of
from assistant.propose.argue_prompt import Brief
from assistant.propose.argue_shape import ReplySaid
from assistant.propose.argue_take import Asked, Taken, Taker, rests_on_its_head
from assistant.propose.pages import ARGUING
from assistant.propose.tools import Argued, Detect

_GIVE_UP = 2  # pieces without a usable answer before any with one
_CUT_SHARE = 0.35  # no vocabulary in use needs fewer tokens than this share of our estimate
_TELL = {
    "model_not_in_text": "モデルが挙げた{count}件は、文書にその文字が見当たらないため、採り入れていません。",
    "model_no_such_finding": "モデルの意見{count}件は、どの候補についてのものか分からないため、採り入れていません。",
    "model_too_many": "モデルの候補が多すぎるため、一部（{count}件）を採り入れていません。モデルの回答が役に立つものか確かめてください。",
    "model_reason_dropped": "モデルが書いた理由{count}件は、非開示とする文字そのものを含むため、採り入れていません。",
    "model_piece_failed": "このページの一部（{count}か所）は、モデルから使える回答がありませんでした。規則による結果だけを示します。",
    "model_silent": "規則による候補のうち{count}件について、モデルは何も述べていません。規則の判断のまま示します。",
    "model_cut_prompt": "モデルに渡した文章の一部が読まれていないおそれがあります（{count}回）。モデルの文脈長（入力の上限）の設定を確かめてください。",
}
_STOPPED = "{why} モデルは途中までしか調べていません。残りの部分は、規則による結果だけを示します。"
_SILENT = "モデルは、この候補について何も述べていない。"
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

    A context of 16,384 holds such a question with a reply of 4,096. A page of 1,000 characters is one piece, and its
    question stays below 6,000 tokens as real vocabularies count (benchmarks/prompt_size.py).
    """

    question: int = 12_000
    sources: int = 1_200
    piece: int = 3_000


class ModelProposer:
    """`propose.tools.Proposer` behind the gate. What it has asked once it does not ask again while it lives."""

    def __init__(
        self,
        gate: Gate,
        corpus: Corpus,
        prompt: Prompt,
        room: Room | None = None,
        *,
        detect: Detect,
        policy: Policy | None = None,
        memory: Memory | None = None,
    ) -> None:
        """`detect`: for what must not leave of what staff typed beside the document. `policy`: whose rules beyond doubt
        need not be argued; None: every finding is put to the model."""
        self._gate, self._corpus, self._prompt = gate, corpus, prompt
        self._room, self._detect = room or Room(), detect
        self._memory = memory or Memory()
        rules = policy.rules if policy else ()
        self._settled = {(f"policy:{rule.id}", rule.decision) for rule in rules if rule.beyond_doubt}

    def argue(
        self,
        document: Document,
        facts: Facts,
        ruled: Sequence[Finding],
        sources: Sequence[Source],
        day: date,
        *,
        run: Run = ALONE,
    ) -> Argued:
        """Raises Cancelled, ModelUnavailable before the first answer, UnusableAnswer where nothing usable came back at all.

        A model that goes away later leaves what it has answered; the rest is said to be the rules' alone.
        """
        secrets = self._secrets(document, facts, ruled)
        chat = self._chat(document, secrets)
        brief = Brief(self._corpus, day, self._prompt, self._is_settled, tuple(one.text for one in secrets))
        choice = brief.choice(sources, self._left_for_sources(brief, document))
        taken, answered = Taken(), 0
        taker = Taker(document, self._corpus, day, self._gate.name)
        inquiry = _Inquiry(brief=brief, document=document, taker=taker, taken=taken, most=self._room.question)
        usage: dict[int, Usage] = {}
        failures = list[UnusableAnswer]()
        waiting = deque(pieces_of(document, ruled, self._room.piece, brief.cost))
        while waiting:
            run.tell(ARGUING, len(usage), len(usage) + len(waiting))
            piece = waiting.popleft()
            page = piece.page.number
            asked = Asked(piece=piece, listed=brief.listed(piece), shelf=choice.shelf(piece))
            counted = CountingChat(chat)
            try:
                inquiry.ask(counted, asked)
            except AnswerCutOff as error:
                halves = halves_of(piece)
                waiting.extendleft(reversed(halves))
                if not halves:
                    failures.append(error)
                    taken.told["model_piece_failed", page] += 1
            except UnusableAnswer as error:
                failures.append(error)
                if not answered and len(failures) == _GIVE_UP:
                    break
                taken.told["model_piece_failed", page] += 1
            except ModelError as error:
                if not answered:
                    raise
                taken.stopped = str(error)
                for left in (piece, *waiting):
                    taken.told["model_piece_failed", left.page.number] += 1
                break
            else:
                answered += 1
            finally:
                usage[page] = usage.get(page, Usage()) + counted.usage
        if failures and not answered:
            raise failures[-1]
        return self._argued(taken, usage)

    def _secrets(self, document: Document, facts: Facts, ruled: Sequence[Finding]) -> tuple[Secret, ...]:
        """Of the document, and of what it is said to be: a name may stand there alone."""
        entities = (*facts.entities, *told_by(ruled, facts.entities))
        found = secrets_of(document, entities, facts.persons)
        return (*found, *secrets_in(document.doc_type or "", self._detect))

    def _chat(self, document: Document, secrets: tuple[Secret, ...]) -> Chat:
        errand = Errand(
            purpose="propose",
            secrets=secrets,
            context=(*(page.text for page in document.pages), document.doc_type or ""),
            prompt_hash=self._prompt.hash,
        )
        return RememberingChat(self._gate.chat(errand), self._memory, _fits)

    def _is_settled(self, finding: Finding) -> bool:
        return any((by, finding.decision) in self._settled for by in finding.found_by)

    def _left_for_sources(self, brief: Brief, document: Document) -> int:
        """Where the law of a city is long, commentary and precedents give way; the document never does."""
        bare = brief.choice((), 0).shelf(None)
        nothing = Piece(page=document.pages[0], start=0, end=0, findings=())
        frame = question_size(brief.messages(document, nothing, bare))
        frame += estimate_tokens(brief.shape(bare).in_words)
        return max(min(self._room.sources, self._room.question - self._room.piece - frame), 0)

    def _argued(self, taken: Taken, usage: dict[int, Usage]) -> Argued:
        findings = tuple(taken.findings.values())
        loose = sum(not rests_on_its_head(finding, self._corpus) for finding in findings)
        silent = taken.silent()
        for one in silent:
            taken.told["model_silent", one.extents[0].page] += 1
        warnings = [
            ProposalWarning(code=code, message=_TELL[code].format(count=count), page=page)
            for (code, page), count in sorted(taken.told.items(), key=lambda one: (one[0][1], one[0][0]))
            if count
        ]
        if taken.stopped:
            warnings.insert(
                0, ProposalWarning(code="model_stopped", message=_STOPPED.format(why=taken.stopped))
            )
        if loose:
            warnings.append(ProposalWarning(code="model_unverified", message=_UNVERIFIED.format(count=loose)))
        nothing = Opinion(by=self._gate.name, decision=None, head=None, why=_SILENT, citations=())
        return Argued(
            findings=findings,
            opinions=(*taken.opinions.values(), *((one.id, nothing) for one in silent)),
            warnings=tuple(warnings),
            model=self._gate.name,
            prompt_hash=self._prompt.hash,
            usage=tuple(PageUsage(page=page, usage=one) for page, one in sorted(usage.items())),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Inquiry:
    """Asks about the pieces of one document and hands what comes back to the taker."""

    brief: Brief
    document: Document
    taker: Taker
    taken: Taken
    most: int

    def ask(self, chat: CountingChat, asked: Asked) -> None:
        """Takes the answer about one piece. Raises ModelError."""
        messages = self.brief.messages(self.document, asked.piece, asked.shelf)
        size = question_size(messages)
        if size > self.most:
            raise UnusableAnswer(_NO_ROOM)
        said, reply = ask_for(chat, messages, self.brief.shape(asked.shelf), ReplySaid, self.brief.repair)
        self.taken.told["model_cut_prompt", asked.piece.page.number] += _was_cut(reply, size)
        problems = (
            self.taker.problems(asked, said) if chat.asked == 1 else ()
        )  # one repair, of form or of words
        again = self._mended(chat, messages, asked, reply, problems) if problems else None
        if again is None or len(self.taker.problems(asked, again)) > len(problems):
            self.taker.take(asked, said, self.taken)
            return
        self.taker.take(asked, again, self.taken)
        self.taker.take(
            asked, self.taker.sound(asked, said), self.taken
        )  # what was right at first is not lost

    def _mended(
        self,
        chat: CountingChat,
        messages: tuple[Message, ...],
        asked: Asked,
        reply: Reply,
        problems: Sequence[str],
    ) -> ReplySaid | None:
        """The answer with its quotes put right, None where there is none: the first one stands as it was checked."""
        question = (
            *messages,
            Message(role="assistant", text=without_thoughts(reply.text) or reply.text),
            Message(role="user", text=self.brief.mend("\n".join(problems))),
        )
        if question_size(question) > self.most:
            return None
        try:
            mended = chat.ask(question, self.brief.shape(asked.shelf))
        except ModelError:
            return None
        return read_reply(mended.text, ReplySaid)[0]


def _fits(text: str) -> bool:
    """Whether a reply is worth remembering."""
    return read_reply(text, ReplySaid)[0] is not None


def question_size(messages: Sequence[Message]) -> int:
    """Estimated tokens of a question."""
    return sum(estimate_tokens(message.text) for message in messages)


def _was_cut(reply: Reply, size: int) -> bool:
    return reply.prompt_tokens is not None and 0 < reply.prompt_tokens < size * _CUT_SHARE
