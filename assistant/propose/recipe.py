"""How a proposal is made, in the order it happens."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from assistant.domain.document import Document
from assistant.domain.entity import Facts
from assistant.domain.finding import Engine, Finding, Proposal, ProposalWarning
from assistant.domain.places import with_boxes
from assistant.domain.source import Source
from assistant.errors import ModelError
from assistant.jobs.run import ALONE, Run
from assistant.policy.judge import judge_by_policy
from assistant.policy.weigh import weigh
from assistant.propose.cautions import doubt_warnings, hidden_warning, unread_warning
from assistant.propose.duplicates import Alike, alike_pages, alike_warnings, each_copy_once
from assistant.propose.estimate import estimate_of
from assistant.propose.merge import Checker, merge, misplaced
from assistant.propose.pages import GATHERING, SEEKING, OnPage, PageWork, unseen
from assistant.propose.queries import queries_for
from assistant.propose.readable import readable
from assistant.propose.tools import Argued, Tools
from assistant.propose.warnings import missed_warning, warnings_for


def propose(
    document: Document,
    *,
    tools: Tools,
    decision_date: date,
    request: str | None = None,
    requested_engine: Engine = "rules",
    run: Run = ALONE,
    on_page: OnPage = unseen,
) -> Proposal:
    """Findings for a document (a passage is a document of one page); every citation checked.

    With `requested_engine="model"` and a model that fails, the rules' proposal comes back with a warning whose code
    is "model_failed". `run`: where pages are read, who is told, who may stop it; `on_page` is told what was found on
    each page as pages come. Raises DocumentError where there is nothing to read, Cancelled.
    """
    document = readable(document)
    pages = PageWork(document, tools, run)
    detected = pages.detected(on_page)
    facts = tools.read_together(document, detected)
    sources = _retrieved(facts, tools, decision_date, run)
    ruled = judge_by_policy(document, facts, sources, tools.policy, tools.corpus, decision_date)
    if tools.likener is not None:
        likened = pages.likened(tools.likener, facts.entities, ruled)
        ruled = weigh(document, facts, ruled, likened, sources, tools.policy, tools.corpus, decision_date)
    alike = alike_pages(document)
    ruled = each_copy_once(document, ruled, alike)
    argued, failed = _argued(
        document, facts, ruled, sources, tools, day=decision_date, requested=requested_engine, run=run
    )
    checker = Checker(tools.corpus, decision_date)
    findings = merge(document, checker.findings(ruled), argued, checker)
    estimate = estimate_of(facts)
    warnings = _of_its_words(document, facts, findings, request, tools)
    more = (
        failed,
        misplaced(document, ruled, argued),
        missed_warning(estimate.missed),
        *(argued.warnings if argued else ()),
        *_of_the_file(document, pages, alike),
    )
    ordinance = tools.corpus.ordinance
    return Proposal(
        city=tools.corpus.city.id,
        fictional=tools.corpus.city.fictional,
        engine="model" if argued else "rules",
        requested_engine=requested_engine,
        model=argued.model if argued else None,
        ordinance_id=ordinance.title,
        ordinance_in_force_from=ordinance.version_date(decision_date),
        decision_date=decision_date,
        document=document,
        findings=tuple(with_boxes(document, finding) for finding in findings),
        estimate=estimate,
        warnings=(*warnings, *(warning for warning in more if warning is not None)),
        index_id=tools.index_id,
        prompt_hash=argued.prompt_hash if argued else None,
        usage=argued.usage if argued else (),
    )


def _of_its_words(
    document: Document, facts: Facts, findings: Sequence[Finding], request: str | None, tools: Tools
) -> tuple[ProposalWarning, ...]:
    """What a person must know of what is written, the gravest first."""
    return warnings_for(
        document,
        facts,
        findings,
        existence=tools.policy.existence,
        request=request,
        detect=tools.detect,
        labels=tools.corpus.city.labels,
    )


def _of_the_file(document: Document, pages: PageWork, alike: Alike) -> tuple[ProposalWarning | None, ...]:
    """What a person must know of a file beyond its words."""
    return (
        unread_warning(pages.unread),
        hidden_warning(document, pages.hidden()),
        *doubt_warnings(document),
        *alike_warnings(alike),
    )


def _retrieved(facts: Facts, tools: Tools, day: date, run: Run) -> tuple[Source, ...]:
    """What the retriever brings for the document, each source once, in the order of its best place."""
    run.tell(SEEKING, 0, 0)  # pages are over: what follows is not counted in them
    best: dict[str, tuple[int, Source]] = {}
    for query in queries_for(facts, day):
        for rank, hit in enumerate(tools.retriever.search(query).hits):
            held = best.get(hit.source.id)
            if held is None or rank < held[0]:
                best[hit.source.id] = (rank, hit.source)
    return tuple(source for _, source in sorted(best.values(), key=lambda entry: entry[0]))


def _argued(
    document: Document,
    facts: Facts,
    ruled: Sequence[Finding],
    sources: Sequence[Source],
    tools: Tools,
    *,
    day: date,
    requested: Engine,
    run: Run,
) -> tuple[Argued | None, ProposalWarning | None]:
    """The model's part, if one is asked for; its failure is said, and the rules' findings stand."""
    run.tell(GATHERING, 0, 0)
    if requested != "model":
        return None, None
    if tools.proposer is None:
        message = "モデルが設定されていません。規則による結果だけを示します。"
        return None, ProposalWarning(code="model_failed", message=message)
    try:
        return tools.proposer.argue(document, facts, ruled, sources, day, run=run), None
    except ModelError as error:
        message = f"{error} 規則による結果だけを示します。"
        return None, ProposalWarning(code="model_failed", message=message)
