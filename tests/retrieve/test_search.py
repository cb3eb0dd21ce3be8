"""Searching the sample city: the list of provisions, filters, the tally, days, references, votes."""

from __future__ import annotations

import shutil
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from assistant.adapters.index import memory_index, wanted_of
from assistant.corpus.corpus import Corpus
from assistant.corpus.load import load_city
from assistant.domain.provision import Head, LimbRole, Topic
from assistant.domain.source import SourceKind
from assistant.retrieve.entries import entries_of
from assistant.retrieve.ports import Embedder
from assistant.retrieve.query import SearchQuery
from assistant.retrieve.retriever import Retriever

P, H, D = SourceKind.PROVISION, SourceKind.HANDBOOK, SourceKind.PRECEDENT
DAY = date(2026, 11, 1)

HEADS_AND_TOPICS = [
    ("請求書に押してある会社の丸い印鑑は塗りますか", Head.CORPORATE, None),
    ("窓口で怒鳴った市民の連絡先", Head.INDIVIDUAL, None),
    ("入札を開く前の最低ラインの金額", Head.OPERATIONS, None),
    ("巡回の時刻と警報装置の場所が載った契約書", Head.PUBLIC_SAFETY, None),
    ("まだ方針が固まっていない内部の打合せの案", Head.DELIBERATION, None),
    ("源泉徴収票の12桁の番号", Head.STATUTORY, None),
    ("書類があるともないとも言わない返し方", None, Topic.EXISTENCE_REFUSAL),
    ("カラーで写しを取ると1枚何円", None, Topic.FEES),
    ("決定までの日数を延ばす手続", None, Topic.TIME_LIMIT),
    ("塗るところを除いた残りを渡す", None, Topic.PARTIAL_DISCLOSURE),
]


@pytest.mark.parametrize(("question", "head", "topic"), HEADS_AND_TOPICS)
def test_the_right_head_or_topic_is_among_the_first_three(
    retriever: Retriever, question: str, head: Head | None, topic: Topic | None
) -> None:
    hits = retriever.search(SearchQuery(question, kinds=(P,), as_of=DAY)).hits
    first = [(next(iter(hit.source.heads), None), hit.source.topic) for hit in hits[:3]]
    assert any((head, topic) == (found, about if head is None else None) for found, about in first)


EXCEPTIONS = [
    ("会議に出た市の課長の氏名は出すのか", Head.INDIVIDUAL, LimbRole.OFFICIAL_DUTY),
    ("登記で誰でも見られる名前なら出してよいか", Head.INDIVIDUAL, LimbRole.CUSTOM),
    ("健康を守るために工場の排水の測定値を出す", Head.CORPORATE, LimbRole.CORPORATE_PROVISO),
]


@pytest.mark.parametrize(("question", "head", "role"), EXCEPTIONS)
def test_the_exception_is_among_the_first_five_and_its_head_stands_before_it(
    retriever: Retriever, question: str, head: Head, role: LimbRole
) -> None:
    hits = [hit.source for hit in retriever.search(SearchQuery(question, kinds=(P,), as_of=DAY)).hits]
    limb = next(i for i, source in enumerate(hits) if source.exception is role and head in source.heads)
    whole = next(i for i, source in enumerate(hits) if source.exception is None and head in source.heads)
    assert whole < limb < 5


def test_the_list_is_not_flooded_by_one_group(retriever: Retriever) -> None:
    hits = retriever.search(SearchQuery("氏名と住所", kinds=(P,), as_of=DAY, limit=10)).hits
    groups = Counter(next(iter(hit.source.heads), hit.source.topic or hit.source.provision) for hit in hits)
    assert max(groups.values()) <= 3
    assert len({hit.source.id for hit in hits}) == len(hits) == 10


def test_scores_fall_from_one(retriever: Retriever) -> None:
    scores = [hit.score for hit in retriever.search(SearchQuery("印影", as_of=DAY, limit=20)).hits]
    assert scores[0] == 1.0
    assert scores == sorted(scores, reverse=True)
    assert min(scores) > 0


def test_all_kinds_get_their_share(retriever: Retriever) -> None:
    hits = retriever.search(SearchQuery("用地の買収の交渉の記録", as_of=DAY, limit=10)).hits
    assert {hit.source.kind for hit in hits} == {P, H, D}


REFERENCES = [
    ("第7条第2号ただし書ウはどういう意味ですか", "第7条第2号ただし書ウ"),
    ("7条3号で黒塗りにしたい", "第7条第3号"),  # as staff write it
    ("手続は第十六条でよいか", "第16条"),  # in 漢数字
]


@pytest.mark.parametrize(("question", "label"), REFERENCES)
def test_a_provision_named_outright_stands_on_top(retriever: Retriever, question: str, label: str) -> None:
    hits = retriever.search(SearchQuery(question, kinds=(P,), as_of=DAY)).hits
    assert hits[0].source.provision == label
    assert [hit.source.id for hit in hits].count(hits[0].source.id) == 1


def test_another_laws_clause_is_not_ours(retriever: Retriever) -> None:
    hits = retriever.search(SearchQuery("地方税法第22条の税の秘密", kinds=(P,), as_of=DAY)).hits
    assert hits[0].source.provision != "第22条"
    assert Head.STATUTORY in hits[0].source.heads


@pytest.mark.parametrize(("day", "since"), [(date(2020, 1, 1), date(2002, 4, 1)), (DAY, date(2023, 4, 1))])
def test_the_text_in_force_on_the_day(retriever: Retriever, day: date, since: date) -> None:
    hits = retriever.search(SearchQuery("第7条第2号", kinds=(P,), as_of=day)).hits
    assert hits[0].source.in_force_from == since
    for hit in hits:
        assert hit.source.in_force_from is not None
        assert hit.source.in_force_from <= day
        assert hit.source.in_force_until is None or day <= hit.source.in_force_until


def test_precedents_decided_later_are_not_known_yet(retriever: Retriever) -> None:
    day = date(2015, 1, 1)
    hits = retriever.search(SearchQuery("氏名", kinds=(D,), as_of=day, limit=50)).hits
    assert hits
    assert all(hit.source.precedent and hit.source.precedent.date <= day for hit in hits)


def test_before_the_ordinance_there_is_nothing_to_find(retriever: Retriever) -> None:
    assert retriever.search(SearchQuery("氏名", as_of=date(1990, 1, 1), kinds=(P, D))).hits == ()


@pytest.mark.parametrize("outcome", ["withheld", "disclosed"])
def test_filter_by_outcome(retriever: Retriever, outcome: str) -> None:
    query = SearchQuery("職員の氏名", kinds=(D,), outcome=outcome, as_of=DAY, limit=30)  # type: ignore[arg-type]
    found = retriever.search(query)
    assert found.hits
    assert {hit.source.unit.result for hit in found.hits if hit.source.unit} == {outcome}
    other = "disclosed" if outcome == "withheld" else "withheld"
    assert found.tally[other] == 0


def test_filters_narrow_to_what_exists_in_the_corpus(retriever: Retriever, corpus: Corpus) -> None:
    one = next(each for each in corpus.precedents if each.origin == "own")
    query = SearchQuery(
        one.units[0].part,
        kinds=(D,),
        year=one.date.year,
        department=one.department,
        body=one.body,
        as_of=DAY,
        limit=50,
    )
    found = [hit.source.precedent for hit in retriever.search(query).hits if hit.source.precedent]
    assert one.id in {each.id for each in found}
    assert {(each.date.year, each.department, each.body) for each in found} == {
        (one.date.year, one.department, one.body)
    }


@pytest.mark.parametrize("kind", [P, H, D])
def test_filter_by_head(retriever: Retriever, kind: SourceKind) -> None:
    hits = retriever.search(SearchQuery("口座番号", kinds=(kind,), head=Head.CORPORATE, as_of=DAY)).hits
    assert hits
    assert all(Head.CORPORATE in hit.source.heads for hit in hits)


def test_a_precedent_filter_leaves_no_handbook(retriever: Retriever) -> None:
    assert not retriever.search(SearchQuery("氏名", kinds=(H,), year=2020, as_of=DAY)).hits


def test_a_filter_only_takes_away_from_the_tally(retriever: Retriever) -> None:
    every, withheld = (
        retriever.search(SearchQuery("職員の氏名", kinds=(D,), as_of=DAY, outcome=outcome)).tally
        for outcome in (None, "withheld")
    )
    assert every["disclosed"] > 0
    assert withheld["withheld"] == every["withheld"]
    assert withheld["disclosed"] == 0


def test_the_tally_counts_more_than_the_hits(retriever: Retriever) -> None:
    few = retriever.search(SearchQuery("苦情を申し立てた人の氏名", kinds=(D,), as_of=DAY, limit=1))
    many = retriever.search(SearchQuery("苦情を申し立てた人の氏名", kinds=(D,), as_of=DAY, limit=50))
    assert few.tally == many.tally
    assert few.tally["withheld"] > 1
    assert set(few.tally) == {"withheld", "disclosed", "altered", "annulled", "superseded"}


def test_a_superseded_decision_sinks_but_is_shown(retriever: Retriever, corpus: Corpus) -> None:
    fallen = next(each for each in corpus.precedents if not each.stands and each.units)
    query = SearchQuery(fallen.units[0].part + fallen.request, kinds=(D,), as_of=DAY, limit=50)
    found = [hit.source.precedent.id for hit in retriever.search(query).hits if hit.source.precedent]
    assert fallen.id in found


def test_votes_of_the_detectors_raise_a_head(retriever: Retriever) -> None:
    def place(votes: dict[Head, float]) -> int:
        query = SearchQuery("〇〇銀行 本店 普通 0000000", kinds=(P,), as_of=DAY, limit=50, votes=votes)
        hits = retriever.search(query).hits
        return next(i for i, hit in enumerate(hits, 1) if Head.DELIBERATION in hit.source.heads)

    assert place({Head.DELIBERATION: 1.0}) < place({Head.DELIBERATION: 0.2}) < place({})
    assert place({Head.DELIBERATION: 1.0}) <= 3


@pytest.mark.parametrize("text", ["", "　 \n", "、。", "zzzz qqqq"])
def test_a_question_without_words(retriever: Retriever, text: str) -> None:
    found = retriever.search(SearchQuery(text, as_of=DAY))
    assert all(hit.score > 0 for hit in found.hits)


def test_many_threads_one_answer(retriever: Retriever) -> None:
    query = SearchQuery("入札の予定価格は開けた後なら出せるか", as_of=DAY)
    alone = retriever.search(query)
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(retriever.search, [query] * 24))
    assert all(each == alone for each in together)


def test_no_limit_no_hits(retriever: Retriever) -> None:
    assert retriever.search(SearchQuery("氏名", limit=0, as_of=DAY)).hits == ()


def test_a_long_passage_is_searched_whole(retriever: Retriever) -> None:
    passage = "本日は晴天であった。" * 2000 + "振込先は当社の取引銀行の口座とし、届出印を押した。"
    hits = retriever.search(SearchQuery(passage, as_of=DAY)).hits
    assert hits


def test_questions_are_searched_but_never_shown(retriever: Retriever, corpus: Corpus) -> None:
    question = corpus.questions[0][1]
    hits = retriever.search(SearchQuery(question, as_of=DAY, limit=100)).hits
    assert all(hit.source.id in corpus.sources for hit in hits)
    assert any(entry.source is None and entry.text == question for entry in entries_of(corpus))


def test_entries_have_ids_of_their_own(corpus: Corpus) -> None:
    ids = [entry.id for entry in entries_of(corpus)]
    assert len(ids) == len(set(ids))
    assert set(corpus.sources) <= set(ids)


def test_every_head_and_topic_of_the_city_has_a_signpost(corpus: Corpus) -> None:
    ids = {entry.id for entry in entries_of(corpus)}
    assert {f"head:{head}" for head in corpus.heads(DAY)} <= ids
    assert {f"topic:{topic}" for topic in Topic if corpus.topic_provisions(topic, DAY)} <= ids


def test_a_city_with_nothing_but_an_ordinance(embedder: Embedder, mihon: Path, tmp_path: Path) -> None:
    for name in ("city.toml", "ordinance.md"):
        shutil.copy(mihon / name, tmp_path / name)
    bare = load_city(tmp_path)
    retriever = Retriever(bare, embedder, memory_index(wanted_of(bare), embedder).vectors)
    found = retriever.search(SearchQuery("法人の印影を公にすると正当な利益を害する", as_of=DAY))
    assert Head.CORPORATE in found.hits[0].source.heads
    assert {hit.source.kind for hit in found.hits} == {P}
    # By the signposts alone: the clause knows nothing of bank accounts or of licence plates.
    for question, head in (("車のナンバー", Head.INDIVIDUAL), ("警備の見回りの経路", Head.PUBLIC_SAFETY)):
        hits = retriever.search(SearchQuery(question, as_of=DAY)).hits
        assert any(head in hit.source.heads for hit in hits[:3]), question
    assert set(found.tally.values()) == {0}


def test_a_city_that_counts_in_iroha(embedder: Embedder, shared_data: Path, tmp_path: Path) -> None:
    national = Path(__file__).resolve().parents[1] / "assets" / "national" / "city.toml"
    shutil.copy(national, tmp_path / "city.toml")
    shutil.copy(next(shared_data.glob("laws/411AC0000000042_*.xml")), tmp_path / "ordinance.xml")
    act = load_city(tmp_path)
    retriever = Retriever(act, embedder, memory_index(wanted_of(act), embedder).vectors)
    for letter, role in (("イ", LimbRole.CUSTOM), ("ロ", LimbRole.LIFE), ("ハ", LimbRole.OFFICIAL_DUTY)):
        hits = retriever.search(SearchQuery(f"第5条第1号ただし書{letter}", kinds=(P,), as_of=DAY)).hits
        assert hits[0].source.exception is role


def test_without_the_questions_the_neighbours_still_find(embedder: Embedder, corpus: Corpus) -> None:
    silent = replace(corpus, questions=())
    retriever = Retriever(silent, embedder, memory_index(wanted_of(silent), embedder).vectors)
    hits = retriever.search(SearchQuery("会社の丸い印鑑", kinds=(P,), as_of=DAY)).hits
    assert any(Head.CORPORATE in hit.source.heads for hit in hits[:3])
