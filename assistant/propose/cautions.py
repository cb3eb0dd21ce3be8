"""What a person must know of a file beyond its words: hidden content, pages in doubt, pages nobody could read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from types import MappingProxyType

from assistant.corpus.datafile import REFUSING, parse, read_toml
from assistant.documents.doubts import says
from assistant.domain.document import Document, HiddenKind
from assistant.domain.entity import EntityKind
from assistant.domain.finding import ProposalWarning
from assistant.domain.provision import Head
from assistant.policy.words import words_of

_NAMES = Path(__file__).with_name("hidden.toml")
_EACH = 5  # pages told one by one; more are told in one sentence
_TOLD = 5  # kinds of information told by name
_HIDDEN = (
    "このファイルには、ページに表れない内容が{count}件あります（{kinds}）。{found}"
    "墨消し後のPDFには入りませんが、元のファイルをそのまま渡すと読まれます。必要なものは中身を確かめてください。"
)
_PERSONAL = "その中に、{found}の候補があります。"
_NOT_PERSONAL = "その中に、個人に関する候補は見つかりませんでした。"
_UNREAD = "{pages}ページは、最後まで調べられませんでした。このページについては提案が足りません。人の目で読み、隠す所を加えてください。"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Names:
    __pydantic_config__ = REFUSING
    names: dict[HiddenKind, str]


def read_hidden_names(path: Path) -> Mapping[HiddenKind, str]:
    """What each kind of hidden content is called. Raises DataFileError: unknown kind, a kind without a name."""
    file = read_toml(path)
    names = parse(_Names, file).names
    missing = [kind for kind in HiddenKind if not names.get(kind)]
    if missing:
        raise file.fault(
            f"「{'」「'.join(missing)}」の呼び名がありません。", "names", todo="書き加えてください。"
        )
    return MappingProxyType(names)


@cache
def hidden_names() -> Mapping[HiddenKind, str]:
    """The bundled names."""
    return read_hidden_names(_NAMES)


def hidden_warning(document: Document, found: Mapping[EntityKind, int]) -> ProposalWarning | None:
    """How much the pages do not show and how many pieces about persons stand in it, in no word of it."""
    if not document.hidden:
        return None
    kinds = Counter(one.kind for one in document.hidden)
    personal = Counter({kind: count for kind, count in found.items() if _is_personal(kind)})
    told = "、".join(f"{words_of(kind).name}{count:,}件" for kind, count in personal.most_common(_TOLD))
    more = "など" if len(personal) > _TOLD else ""
    message = _HIDDEN.format(
        count=f"{len(document.hidden):,}",
        kinds="、".join(f"{hidden_names()[kind]}{count:,}件" for kind, count in kinds.most_common()),
        found=_PERSONAL.format(found=told + more) if told else _NOT_PERSONAL,
    )
    return ProposalWarning(code="hidden_content", message=message)


def doubt_warnings(document: Document) -> tuple[ProposalWarning, ...]:
    """Why pages must be read by a person; a doubt about many pages is said once for all of them."""
    pages_of: dict[str, list[int]] = {}
    for page in document.pages:
        for code in dict.fromkeys(page.doubts):
            pages_of.setdefault(code, []).append(page.number)
    return tuple(warning for code, pages in pages_of.items() for warning in _doubted(code, pages))


def unread_warning(pages: Collection[int]) -> ProposalWarning | None:
    """Pages that the program could not get through (a worker that read them died)."""
    if not pages:
        return None
    numbers = sorted(pages)
    return ProposalWarning(code="unread_page", message=_UNREAD.format(pages=ranges(numbers)), page=numbers[0])


def ranges(numbers: Sequence[int]) -> str:
    """1〜4・7・9〜10 of numbers in order."""
    breaks = [at for at, (one, other) in enumerate(pairwise(numbers), 1) if other != one + 1]
    runs = [numbers[a:b] for a, b in pairwise([0, *breaks, len(numbers)])]
    return "・".join(str(run[0]) if len(run) == 1 else f"{run[0]}〜{run[-1]}" for run in runs)


def _doubted(code: str, pages: Sequence[int]) -> Iterator[ProposalWarning]:
    groups = [pages] if len(pages) > _EACH else [[page] for page in pages]
    for group in groups:
        message = f"{ranges(group)}ページ：{says(code)}"
        yield ProposalWarning(code="page_doubt", message=message, page=group[0])


def _is_personal(kind: EntityKind) -> bool:
    return words_of(kind).heads[:1] == (Head.INDIVIDUAL,)
