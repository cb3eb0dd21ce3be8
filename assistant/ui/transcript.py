"""A conversation as a plain text to keep on file: every question, every answer, every source with its status."""

from __future__ import annotations

from collections.abc import Iterator

from assistant.corpus.corpus import Corpus
from assistant.domain.finding import Citation, CitationStatus
from assistant.review.case import Case, Message
from assistant.ui.answers import Told, citations_of, foot_told, parts_of, talk_of
from assistant.ui.desk.view import clock_words
from assistant.ui.sources import precedent_title


def transcript(case: Case, corpus: Corpus, said: Told) -> str:
    """The talk of a case as text with line feeds; sources are numbered within each answer, as on screen."""
    return "\n".join([*_head(case, corpus, said), *_turns(case, corpus, said)]) + "\n"


def _head(case: Case, corpus: Corpus, said: Told) -> Iterator[str]:
    names, labels = said["talk"]["file"], corpus.city.labels
    yield f"{f'【{labels.fictional}】' if case.fictional else ''}{names['title']}"
    yield f"{names['case']}：{case.title}"
    yield f"{names['owner']}：{case.owner.label}"
    yield f"{names['opened']}：{clock_words(case.opened_at)}"
    if case.findings:
        yield str(names["findings"]).replace("{n}", str(len(case.findings)))


def _turns(case: Case, corpus: Corpus, said: Told) -> Iterator[str]:
    names = said["talk"]["file"]
    talk = talk_of(case)
    for message in talk:
        yield ""
        name = names["question" if message.role == "user" else "answer"]
        yield f"■ {name}（{clock_words(message.at)}）"
        if message.role == "user":
            yield message.text
        else:
            yield from _answer(message, corpus, said)
    if not talk:
        yield from ("", names["no_talk"])
    elif talk[-1].role == "user":
        yield names["no_answer"]


def _answer(message: Message, corpus: Corpus, said: Told) -> Iterator[str]:
    told = message.payload
    for warning in told.get("warnings", ()):
        yield f"※ {warning}"
    numbers: dict[str, int] = {}
    cited: list[Citation] = []
    for part, sentences in parts_of(told, said):
        if part:
            yield f"［{part}］"
        for sentence in sentences:
            citations = citations_of(sentence)
            cited += citations
            marks = dict.fromkeys(
                numbers.setdefault(citation.source, len(numbers) + 1) for citation in citations
            )
            flag = f"【{said['talk']['unsupported']}】" if sentence.get("unsupported") else ""
            yield f"{flag}{sentence['text']}{''.join(f'[{number}]' for number in marks)}"
    if told.get("to_find_out"):
        yield f"［{said['talk']['file']['to_find_out']}］"
        yield from (f"・{each}" for each in told["to_find_out"])
    if cited:
        yield f"［{said['talk']['file']['sources']}］"
        yield from _sources(cited, numbers, corpus, said)
    yield f"（{foot_told(told, corpus, said)}）"


def _sources(cited: list[Citation], numbers: dict[str, int], corpus: Corpus, said: Told) -> Iterator[str]:
    for source_id, number in numbers.items():
        source = corpus.source(source_id)
        title = precedent_title(source) if source is not None else said["desk"]["unknown_source"]
        yield f"[{number}] {title}（{source_id}）"
        quotes = dict.fromkeys((each.quote, each.status) for each in cited if each.source == source_id)
        for quote, status in quotes:
            sign = "" if status is CitationStatus.VERIFIED else "！"
            yield f"    「{' '.join(quote.split())}」 {sign}{said['desk']['status'][status]}"
