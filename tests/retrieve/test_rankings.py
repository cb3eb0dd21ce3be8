"""The rankings by words, by characters and by word vectors, on texts small enough to check by hand."""

from __future__ import annotations

import numpy as np
import pytest

from assistant.retrieve.lexical import Bm25, CharNgrams
from assistant.retrieve.maxsim import MaxSim
from assistant.retrieve.ports import TokenVectors
from assistant.retrieve.words import content_words

CONTENT = [
    ("印影を公にすること", {"印影"}, {"を", "に", "為る"}),  # particles and する say nothing
    ("第7条第2号に該当する", {"該当"}, {"7", "2"}),  # figures say which case, not which rule
    ("附属機関の委員", {"委員", "機関"}, set()),
    ("", set(), set()),
]


@pytest.mark.parametrize(("text", "kept", "dropped"), CONTENT)
def test_content_words(text: str, kept: set[str], dropped: set[str]) -> None:
    found = set(content_words(text))
    assert kept <= found
    assert not dropped & found


def test_bm25_ranks_the_text_with_the_rare_word_first_and_keeps_empty_texts_in_place() -> None:
    index = Bm25([["印影", "法人"], [], ["法人", "法人", "氏名"], ["氏名"]])
    scores = index.scores(["印影"])
    assert scores.shape == (4,)
    assert scores.argmax() == 0
    assert scores[1] == 0


@pytest.mark.parametrize("words", [[], ["知らない"]])
def test_bm25_without_a_known_word(words: list[str]) -> None:
    assert not Bm25([["印影"], ["氏名"]]).scores(words).any()


def test_bm25_and_ngrams_without_any_text() -> None:
    assert Bm25([[], []]).scores(["印影"]).tolist() == [0, 0]
    assert CharNgrams(["", " "]).scores("印影").tolist() == [0, 0]


def test_ngrams_find_a_word_that_is_only_partly_the_same() -> None:
    scores = CharNgrams(["届出印の印影", "用地の買収", "入札の予定価格"]).scores("届け出た印")
    assert scores.argmax() == 0


def test_ngrams_are_what_scikit_learn_calls_sublinear_tfidf() -> None:
    from sklearn.feature_extraction.text import TfidfVectorizer

    texts = ["届出印の印影", "用地の買収の交渉", "入札の予定価格", "", "印影印影印影"]
    questions = ["印影と用地", "届け出た印", "zzz", ""]
    vectorizer = TfidfVectorizer(analyzer="char", ngram_range=(1, 2), sublinear_tf=True, lowercase=False)
    documents = vectorizer.fit_transform(texts)
    ours = CharNgrams(texts)
    for question in questions:
        theirs = (vectorizer.transform([question]) @ documents.T).toarray().ravel()
        assert ours.scores(question).tolist() == pytest.approx(theirs.tolist(), abs=1e-6)


def _tokens(*rows: tuple[int, list[float], float]) -> TokenVectors:
    return TokenVectors(
        ids=np.asarray([row[0] for row in rows], np.int64),
        vectors=np.asarray([row[1] for row in rows], np.float32).reshape(len(rows), 2),
        weights=np.asarray([row[2] for row in rows], np.float32),
    )


def test_maxsim_takes_the_nearest_word_for_each_word_of_the_question() -> None:
    seal, company, fee = (1, [1.0, 0.0], 1.0), (2, [0.6, 0.8], 1.0), (3, [0.0, 1.0], 1.0)
    documents = MaxSim([_tokens(seal, company), _tokens(), _tokens(fee, fee)])
    # (1·1 + 1·0.8) / 2 against (1·0 + 1·1) / 2; the empty text scores nothing
    assert documents.scores(_tokens(seal, fee)).tolist() == pytest.approx([0.9, 0.0, 0.5])


def test_maxsim_weighs_rare_words_more() -> None:
    documents = MaxSim([_tokens((1, [1.0, 0.0], 1.0)), _tokens((2, [0.0, 1.0], 1.0))])
    scores = documents.scores(_tokens((1, [1.0, 0.0], 1.0), (2, [0.0, 1.0], 0.25)))
    assert scores.tolist() == pytest.approx([0.8, 0.2])


def test_maxsim_of_nothing() -> None:
    assert MaxSim([_tokens()]).scores(_tokens((1, [1.0, 0.0], 1.0))).tolist() == [0]
    assert MaxSim([_tokens((1, [1.0, 0.0], 1.0))]).scores(_tokens()).tolist() == [0]
