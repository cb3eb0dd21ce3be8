"""A day, the sample city, a city with other numbers and words, and findings as the rules make them."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from assistant.corpus.corpus import Corpus
from assistant.corpus.load import load_city
from assistant.domain.document import Document, Extent
from assistant.domain.entity import EntityKind
from assistant.domain.finding import Decision, Finding, Ground, ProvisoCheck, Review, finding_id
from assistant.domain.provision import Head, Polarity

DAY = date(2026, 11, 2)
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def city() -> Corpus:
    return load_city(ROOT / "ordinances" / "mihon")


@pytest.fixture(scope="session")
def national(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    """The national act as a city: 第5条 for 第7条, イロハ for アイウ, 不開示 for 非開示, no handbook, no precedents."""
    folder = tmp_path_factory.mktemp("national")
    shutil.copy(ROOT / "tests" / "assets" / "national" / "city.toml", folder / "city.toml")
    (act,) = (shared_data / "laws").glob("411AC0000000042*.xml")
    shutil.copy(act, folder / "ordinance.xml")
    return load_city(folder)


def ground_of(corpus: Corpus, head: Head, limb: str | None = None, *, applies: bool | None = False) -> Ground:
    """A ground with every exception walked through."""
    walked = tuple(
        ProvisoCheck(provision=limb.provision.label, role=limb.role, applies=applies, why="事情がない。")
        for limb in corpus.limbs_of(head, DAY)
        if limb.polarity is Polarity.EXCEPTION
    )
    label = corpus.provision_of(head, DAY).label
    return Ground(head=head, provision=label, limb=limb, why="理由。", provisos=walked)


Make = Callable[..., Finding]


@pytest.fixture
def find(city: Corpus) -> Make:
    """`find(document, text, kind, head, nth=0, page=1, …)`: a withhold finding at the nth place of the text."""

    def make(
        document: Document,
        text: str,
        kind: EntityKind,
        *heads: Head,
        nth: int = 0,
        page: int = 1,
        corpus: Corpus | None = None,
        limb: str | None = None,
        decision: Decision = Decision.WITHHOLD,
        reason: str = "",
        person: str | None = None,
        open_from: date | None = None,
        decided: Review | None = None,
    ) -> Finding:
        at = -1
        for _ in range(nth + 1):
            at = document.page(page).text.index(text, at + 1)
        extents = (Extent(page=page, start=at, end=at + len(text)),)
        return Finding(
            id=finding_id(document, kind, extents),
            kind=kind,
            extents=extents,
            text=text,
            decision=decision,
            grounds=tuple(
                ground_of(corpus or city, head, limb if n == 0 else None) for n, head in enumerate(heads)
            ),
            reason=reason,
            person=person,
            open_from=open_from,
            decided=decided,
        )

    return make
