"""Acts, our ordinance and our handbook speak of persons, addresses and seals all day and hold none."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.domain.entity import EntityKind as K
from assistant.domain.entity import Facts
from assistant.law.egov import read_xml

Read = Callable[..., Facts]

# Kinds by which one person or thing is known; statements about kinds of information are another matter.
NEVER = frozenset(
    (
        K.PERSON_NAME, K.ADDRESS, K.PHONE, K.EMAIL, K.MY_NUMBER, K.CORPORATE_NUMBER, K.ID_NUMBER, K.EMPLOYEE_NUMBER,
        K.VEHICLE_NUMBER, K.PARCEL_NUMBER, K.BANK_ACCOUNT, K.BIRTH_DATE, K.SIGNATURE, K.PAY_STEP, K.SCORE,
    )
)  # fmt: skip
SELDOM = frozenset((K.AGE, K.SEX, K.OCCUPATION, K.SEAL))


def _counted(read: Read, text: str) -> Counter[K]:
    return Counter(entity.kind for entity in read(text).entities)


def _told(read: Read, text: str) -> list[str]:
    return [f"{e.kind}: {e.text}" for e in read(text).entities if e.kind in NEVER]


@pytest.mark.parametrize("name", ["405AC", "411AC", "415AC"])
def test_acts(read: Read, shared_data: Path, name: str) -> None:
    paths = sorted((shared_data / "laws").glob(f"{name}*.xml"))
    if not paths:
        pytest.skip(f"no act {name} in ../shared/data/laws")
    text = "\n".join(provision.text for provision in read_xml(paths[0]).provisions)
    assert _told(read, text) == []
    counts = _counted(read, text)
    assert sum(counts[kind] for kind in SELDOM) <= len(text) / 10_000  # 3, 0 and 0 when this was written


@pytest.mark.parametrize(("name", "seldom"), [("ordinance.md", 1), ("handbook.md", 8)])
def test_our_own(read: Read, mihon: Path, name: str, seldom: int) -> None:
    text = (mihon / name).read_text(encoding="utf-8")
    assert _told(read, text) == []
    counts = _counted(read, text)
    assert sum(counts[kind] for kind in SELDOM) <= seldom
