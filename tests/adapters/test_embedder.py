"""The bundled embedder is a real SentenceTransformer; a folder of the city's own takes its place; nothing is fetched."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from assistant.adapters.embedder import BundledEmbedder, FolderEmbedder, open_embedder
from assistant.adapters.embedder_hash import string_hashes
from assistant.errors import SettingsError


@pytest.fixture(scope="module")
def bundled() -> BundledEmbedder:
    embedder = open_embedder("bundled")
    assert isinstance(embedder, BundledEmbedder)
    return embedder


TEXTS = ["業者のハンコは黒塗りか", "用地の買収に係る交渉の方針", "第7条第2号", "", "、。"]


def test_it_is_a_sentence_transformer_and_a_query_is_the_same_sum(bundled: BundledEmbedder) -> None:
    from sentence_transformers import SentenceTransformer

    model = bundled.as_sentence_transformer()
    assert isinstance(model, SentenceTransformer)
    assert model.get_embedding_dimension() == bundled.dimension == 300
    documents, queries = bundled.encode_documents(TEXTS), bundled.encode_queries(TEXTS)
    assert documents.dtype == queries.dtype == np.float32
    assert documents.shape == (5, 300)
    assert np.allclose(documents, queries, atol=1e-5)


def test_unit_length_or_nothing(bundled: BundledEmbedder) -> None:
    lengths = np.linalg.norm(bundled.encode_queries(TEXTS), axis=1)
    assert lengths.tolist() == pytest.approx([1, 1, 1, 0, 0], abs=1e-5)


def test_no_texts(bundled: BundledEmbedder) -> None:
    assert bundled.encode_documents([]).shape == (0, 300)
    assert bundled.encode_queries([]).shape == (0, 300)


NEARER = [
    ("ハンコ", "印影", "道路"),  # an everyday word and the word of the handbook
    ("給料", "賃金", "河川"),
    ("ﾊﾝｺ", "印影", "道路"),  # half-width
]


@pytest.mark.parametrize(("word", "near", "far"), NEARER)
def test_words_of_like_meaning_are_near(bundled: BundledEmbedder, word: str, near: str, far: str) -> None:
    asked, first, second = bundled.encode_queries([word, near, far])
    assert asked @ first > asked @ second


def test_token_vectors(bundled: BundledEmbedder) -> None:
    tokens = bundled.token_vectors("印影と印影の位置")
    assert len(tokens.ids) == len(tokens.weights) == len(tokens.vectors)
    assert tokens.ids[0] == tokens.ids[1]
    assert np.allclose(np.linalg.norm(tokens.vectors, axis=1), 1, atol=1e-5)
    assert ((tokens.weights > 0) & (tokens.weights <= 1)).all()


def test_common_words_weigh_less(bundled: BundledEmbedder) -> None:
    common, rare = bundled.token_vectors("為る"), bundled.token_vectors("印影")
    assert common.weights[0] < 0.3 < 0.9 < rare.weights[-1]


def test_the_id_can_name_a_collection_and_does_not_change(bundled: BundledEmbedder) -> None:
    assert bundled.id == open_embedder().id
    assert bundled.id.isascii()
    assert set(bundled.id) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")


def test_the_hash_is_spacys() -> None:
    from spacy.strings import hash_string

    strings = [
        "",
        "の",
        "abcdefg",
        "abcdefgh",
        "abcdefghi",
        "印影",
        "個人に関する情報であって公にすることにより",
    ]
    assert string_hashes(strings).tolist() == [hash_string(each) if each else 0 for each in strings]


def _save_model(folder: Path, words: dict[str, int]) -> None:
    """The smallest real model there is: a vocabulary and one vector a word."""
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import StaticEmbedding
    from tokenizers import Tokenizer
    from tokenizers.models import WordLevel
    from tokenizers.pre_tokenizers import WhitespaceSplit

    tokenizer = Tokenizer(WordLevel(words, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = WhitespaceSplit()
    weights = np.random.default_rng(1).standard_normal((len(words), 16)).astype(np.float32)
    model = SentenceTransformer(
        modules=[StaticEmbedding(tokenizer, embedding_weights=weights)],
        prompts={"query": "質問", "document": "本文"},
        device="cpu",
    )
    model.save(str(folder))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "町の モデル"
    _save_model(path, {"[UNK]": 0, "印影": 1, "氏名": 2, "質問": 3, "本文": 4})
    return path


def test_a_folder_of_the_citys_own(folder: Path) -> None:
    embedder = open_embedder(str(folder))
    assert isinstance(embedder, FolderEmbedder)
    assert embedder.dimension == 16
    asked, said = embedder.encode_queries(["印影 氏名"]), embedder.encode_documents(["印影 氏名"])
    assert asked.shape == said.shape == (1, 16)
    assert np.linalg.norm(asked) == pytest.approx(1.0, abs=1e-5)
    assert embedder.encode_documents([]).shape == (0, 16)
    assert embedder.token_vectors("印影").vectors.shape[1] == 300
    assert embedder.id.isascii()
    assert 3 <= len(embedder.id) <= 512


def test_other_weights_another_id(folder: Path) -> None:
    before = open_embedder(str(folder)).id
    assert before == open_embedder(str(folder)).id
    weights = next(folder.rglob("*.safetensors"))
    content = bytearray(weights.read_bytes())
    content[-1] ^= 1
    weights.write_bytes(bytes(content))
    assert open_embedder(str(folder)).id != before


@pytest.mark.parametrize("setting", ["/no/such/folder", "nobody/no-such-model", "日本語 モデル"])
def test_what_is_not_on_this_disk_is_refused(setting: str) -> None:
    with pytest.raises(SettingsError, match="この端末にありません"):
        open_embedder(setting)


def test_a_folder_that_is_no_model(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text("{}", encoding="utf-8")
    with pytest.raises(SettingsError, match="読めません"):
        open_embedder(str(tmp_path)).encode_queries(["印影"])
