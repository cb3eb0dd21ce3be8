"""The learned ranking, on texts small enough to check by hand."""

from __future__ import annotations

import numpy as np
import pytest

from assistant.domain.provision import Head, Topic
from assistant.retrieve.learned import Learned
from assistant.retrieve.lexical import CharNgrams
from assistant.retrieve.ports import Floats
from assistant.retrieve.provisions import bonus_of
from assistant.retrieve.targets import Target, Targets
from assistant.retrieve.wording import WIDTH, Wording

TEXTS = ["届出印の印影", "会社の印影", "申出者の氏名", "職員の氏名", "写しの費用"]
SPEAKS = {Head.CORPORATE: [0, 1], Head.INDIVIDUAL: [2, 3], Topic.FEES: [4]}


def _wording(dense: Floats | None = None) -> Wording:
    return Wording(CharNgrams(TEXTS), np.zeros((len(TEXTS), 2), np.float32) if dense is None else dense)


def _targets(in_force: list[bool] | None = None) -> Targets:
    return Targets(
        members={Target(group): np.asarray(places, np.int64) for group, places in SPEAKS.items()},
        main={},
        in_force=np.asarray(in_force or [True] * len(TEXTS), np.bool_),
    )


NONE = np.zeros(2, np.float32)


@pytest.mark.parametrize(
    ("question", "first"),
    [("業者の印影は", Head.CORPORATE), ("住民の氏名を", Head.INDIVIDUAL), ("費用はいくら", Topic.FEES)],
)
def test_what_texts_worded_alike_speak_about_comes_first(question: str, first: Head | Topic) -> None:
    wording = _wording()
    ranks = Learned(wording.entries, _targets()).ranks(wording.of_question(question, NONE))
    assert ranks[first] == 1
    assert sorted(ranks.values()) == [1, 2, 3]


def test_a_text_of_which_nothing_is_known_is_not_ranked() -> None:
    wording = _wording()
    assert Learned(wording.entries, _targets()).ranks(wording.of_question("XYZ", NONE)) == {}


def test_entries_not_in_force_teach_nothing() -> None:
    wording = _wording()
    question = wording.of_question("写しの費用", NONE)
    assert Learned(wording.entries, _targets()).ranks(question)[Topic.FEES] == 1
    repealed = _targets([True, True, True, True, False])
    assert Learned(wording.entries, repealed).ranks(question)[Topic.FEES] > 1


def test_the_dense_vector_counts_beside_the_characters() -> None:
    dense = np.asarray([[1, 0], [1, 0], [0, 1], [0, 1], [0, 0]], np.float32)
    wording = _wording(dense)
    assert wording.entries.shape == (len(TEXTS), WIDTH + 2)
    ranks = Learned(wording.entries, _targets()).ranks(
        wording.of_question("XYZ", np.asarray([0, 1], np.float32))
    )
    assert ranks[Head.INDIVIDUAL] == 1


def test_hashing_keeps_inner_products_nearly() -> None:
    """Cosines of the hashed runs of characters are those of the runs themselves, but for rare collisions."""
    ngrams, wording = CharNgrams(TEXTS), _wording()
    question = wording.of_question("会社の届出印", NONE)
    assert (wording.entries @ question).tolist() == pytest.approx(
        ngrams.scores("会社の届出印").tolist(), abs=0.1
    )


def test_what_is_added_to_a_group() -> None:
    added = bonus_of(
        {Head.CORPORATE: 1.0}, {Head.INDIVIDUAL: 1, Head.CORPORATE: 2}, {Topic.FEES, Head.INDIVIDUAL}
    )
    # in elevenths of a first place: 2 + 0.5 for the learned and the cued head, 1 for the topic
    assert added[Head.INDIVIDUAL] == pytest.approx(2.5 / 11)
    assert added[Topic.FEES] == pytest.approx(1 / 11)
    assert added[Head.CORPORATE] == pytest.approx(2 / 12 + 3 / 11)
    assert bonus_of({}, {}, ()) == {}
