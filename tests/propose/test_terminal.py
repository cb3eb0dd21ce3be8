"""A proposal on a terminal: what comes first, and what is marked as invented."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from io import StringIO

from rich.console import Console

from assistant.corpus.corpus import Corpus
from assistant.domain.document import Document, Extent
from assistant.domain.entity import EntityKind
from assistant.domain.finding import (
    Decision,
    Estimate,
    Example,
    Finding,
    Ground,
    Proposal,
    ProposalWarning,
    finding_id,
)
from assistant.domain.provision import Head
from assistant.propose.terminal import show_proposal

TEXT = "申出者 鶴亀小槌 夜間に吠える"
EXAMPLES = tuple(
    Example(id=f"z{n}", doc_type="騒音の相談票", text=words, decision=Decision.WITHHOLD, head=Head.INDIVIDUAL)
    for n, words in enumerate(("笹舟 こより", "帆布 いかり"))
)


def shown(
    city: Corpus,
    examples: Sequence[Example] = (),
    warnings: Sequence[ProposalWarning] = (),
    decision: Decision = Decision.WITHHOLD,
) -> list[str]:
    document = Document.of_texts((TEXT,), name="試験")
    extents = (Extent(page=1, start=4, end=8),)
    ground = Ground(head=Head.INDIVIDUAL, provision="第7条第2号", limb=None, why="似たものは開示されていた。")
    finding = Finding(
        id=finding_id(document, EntityKind.PERSON_NAME, extents),
        kind=EntityKind.PERSON_NAME,
        extents=extents,
        text=document.words(extents),
        decision=decision,
        grounds=(ground,),
        reason="申出者が分かる。" if decision is Decision.WITHHOLD else "",
        examples=tuple(examples),
    )
    proposal = Proposal(
        city=city.city.id,
        fictional=True,
        engine="rules",
        requested_engine="rules",
        model=None,
        ordinance_id=city.ordinance.title,
        ordinance_in_force_from=date(2023, 4, 1),
        decision_date=date(2024, 6, 1),
        document=document,
        findings=(finding,),
        estimate=Estimate(both=0, one=0, missed=0.0, interval=(0.0, 0.0)),
        warnings=tuple(warnings),
    )
    out = StringIO()
    show_proposal(proposal, city.city, Console(file=out, width=200))
    return out.getvalue().splitlines()


def test_the_likest_example_takes_one_line_that_says_it_is_no_authority(city: Corpus) -> None:
    without, told = shown(city), shown(city, EXAMPLES)
    (line,) = [line for line in told if line not in without]
    assert line == "　似た作業例（架空。根拠として引けません）：騒音の相談票「笹舟 こより」は非開示"
    assert told[told.index(line) - 1].endswith("申出者が分かる。")


def test_what_the_like_left_open_is_shown_with_why_and_other_disclosures_are_only_counted(
    city: Corpus,
) -> None:
    assert not [line for line in shown(city, decision=Decision.DISCLOSE) if line.startswith("□")]
    told = shown(city, EXAMPLES, decision=Decision.DISCLOSE)
    (first,) = [n for n, line in enumerate(told) if line.startswith("□")]
    assert told[first + 1].endswith("鶴亀小槌")
    assert told[first + 2].endswith("似たものは開示されていた。")
    assert told[first + 3].startswith("　似た作業例")


def test_existence_refusal_is_said_before_any_finding_and_the_rest_after(city: Corpus) -> None:
    """A list of marks already says that the record exists (domain.md §2, step 6)."""
    said = shown(
        city,
        warnings=(
            ProposalWarning(code="mosaic", message="残りに注意。", page=1),
            ProposalWarning(code="existence_refusal", message="存否に注意。"),
        ),
    )
    finding = next(n for n, line in enumerate(said) if line.startswith("■"))
    assert said.index("注意：存否に注意。") < finding < said.index("注意（1ページ）：残りに注意。")
    assert said.count("注意：存否に注意。") == 1
