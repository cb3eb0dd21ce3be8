"""The index in its folder: built once, checked at every opening, built anew when it cannot be trusted (design.md D12)."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import sys
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import create_engine

sys.path.insert(0, str(Path(__file__).parent))

from index_pieces import HashEmbedder, wanted

from assistant.adapters.index import ensure_wanted, memory_index
from assistant.adapters.index_folder import clean_up, mark_in_use, read_manifest
from assistant.adapters.index_pointer import FilePointer, Pointed, SqlPointer
from assistant.adapters.record_tables import metadata
from assistant.errors import IndexUnusable, RecordUnavailable


def folders(data_dir: Path) -> list[str]:
    return sorted(
        each.name for each in (data_dir / "index").glob("*-*") if each.is_dir() and each.name != "in-use"
    )


def current(data_dir: Path) -> Path:
    pointer = next((data_dir / "index").glob("current-*.json"))
    return data_dir / "index" / str(json.loads(pointer.read_text(encoding="utf-8"))["folder"])


def test_built_once_and_found_again(tmp_path: Path) -> None:
    embedder = HashEmbedder()
    first = ensure_wanted(wanted(), embedder, tmp_path)
    first.close()
    second = ensure_wanted(wanted(), embedder, tmp_path)
    assert second.id == first.id
    assert embedder.encoded == 600
    assert second.vectors.count() == 600
    name, cosine = second.vectors.search(embedder.encode_queries(["例handbook:7-2-ex77"])[0], 3)[0]
    assert name == "handbook:7-2-ex77"
    assert cosine == pytest.approx(1.0, abs=1e-5)
    second.close()


def test_progress_speaks_japanese_and_ends_with_all(tmp_path: Path) -> None:
    told: list[tuple[int, int, str]] = []
    ensure_wanted(wanted(), HashEmbedder(), tmp_path, progress=lambda *said: told.append(said)).close()
    assert told[-1] == (600, 600, "検索の索引ができました")
    assert all(done <= total and ("索引" in words or "読み込" in words) for done, total, words in told)


def test_a_text_without_words_is_left_out_and_the_count_still_fits(tmp_path: Path) -> None:
    content = wanted(3)
    holed = type(content)(city="mihon", fingerprint="f", ids=content.ids, texts=("あ", "", "う"))
    ensure_wanted(holed, HashEmbedder(), tmp_path).close()
    again = ensure_wanted(holed, HashEmbedder(), tmp_path)
    assert again.vectors.count() == 2
    again.close()


def test_an_empty_corpus(tmp_path: Path) -> None:
    opened = ensure_wanted(wanted(0), HashEmbedder(), tmp_path)
    assert opened.vectors.count() == 0
    assert opened.vectors.search(np.ones(8, np.float32), 5) == []
    opened.close()


def test_another_corpus_or_embedder_gets_an_index_of_its_own(tmp_path: Path) -> None:
    opened = [
        ensure_wanted(wanted(), HashEmbedder(), tmp_path),
        ensure_wanted(wanted(fingerprint="f2"), HashEmbedder(), tmp_path),
        ensure_wanted(wanted(), HashEmbedder("hash-9"), tmp_path),
    ]
    assert len({each.id for each in opened}) == 3
    for each in opened:
        each.close()


def _count_wrong(folder: Path) -> None:
    database = sqlite3.connect(folder / "chroma.sqlite3")
    database.execute("delete from embeddings where rowid in (select rowid from embeddings limit 5)")
    database.commit()
    database.close()


def _foreign(folder: Path) -> None:
    path = folder / "manifest.json"
    data = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps(data | {"embedder": "another"}), encoding="utf-8")


def _other_vectors(folder: Path) -> None:
    path = folder / "manifest.json"
    data = json.loads(path.read_text(encoding="utf-8"))
    data["sample"] = {name: [-number for number in row] for name, row in data["sample"].items()}
    path.write_text(json.dumps(data), encoding="utf-8")


DAMAGE = [
    ("the database is gone", lambda folder: (folder / "chroma.sqlite3").unlink()),
    ("the database is cut off", lambda folder: os.truncate(folder / "chroma.sqlite3", 5000)),
    ("the database is something else", lambda folder: (folder / "chroma.sqlite3").write_bytes(b"x" * 9000)),
    ("the manifest is gone", lambda folder: (folder / "manifest.json").unlink()),
    ("the manifest is cut off", lambda folder: os.truncate(folder / "manifest.json", 20)),
    ("the manifest is a list", lambda folder: (folder / "manifest.json").write_text("[]", encoding="utf-8")),
    ("rows are missing", _count_wrong),
    ("another embedder made it", _foreign),
    ("the vectors are not those written", _other_vectors),
    ("the folder is gone", shutil.rmtree),
]


@pytest.mark.parametrize(("what", "damage"), DAMAGE, ids=[each[0] for each in DAMAGE])
def test_what_cannot_be_trusted_is_built_anew(tmp_path: Path, what: str, damage: object) -> None:
    ensure_wanted(wanted(), HashEmbedder(), tmp_path).close()
    broken = current(tmp_path)
    # Chroma keeps opened folders in memory: the damage is done to a copy that this process has never opened.
    fresh = tmp_path / "moved"
    (fresh / "index").mkdir(parents=True)
    shutil.copytree(broken, fresh / "index" / broken.name)
    for pointer in (tmp_path / "index").glob("current-*.json"):
        shutil.copy(pointer, fresh / "index")
    assert callable(damage)
    damage(fresh / "index" / broken.name)
    embedder = HashEmbedder()
    opened = ensure_wanted(wanted(), embedder, fresh)
    assert embedder.encoded == 600, what
    assert opened.id != broken.name
    assert opened.vectors.count() == 600
    opened.close()


POINTERS = ["", "{", "[]", '{"folder": "../../etc"}', '{"folder": 3, "entries": "x"}', "\x00\x00"]


@pytest.mark.parametrize("content", POINTERS)
def test_a_damaged_pointer_costs_no_build(tmp_path: Path, content: str) -> None:
    first = ensure_wanted(wanted(), HashEmbedder(), tmp_path)
    first.close()
    next((tmp_path / "index").glob("current-*.json")).write_text(content, encoding="utf-8")
    embedder = HashEmbedder()
    second = ensure_wanted(wanted(), embedder, tmp_path)
    assert second.id == first.id
    assert embedder.encoded == 0
    second.close()


def test_rebuild_on_demand(tmp_path: Path) -> None:
    first = ensure_wanted(wanted(), HashEmbedder(), tmp_path)
    second = ensure_wanted(wanted(), HashEmbedder(), tmp_path, rebuild=True)
    assert second.id != first.id
    assert current(tmp_path).name == second.id
    first.close()
    second.close()


def test_the_pointer_in_sql(tmp_path: Path) -> None:
    engine = create_engine(f"sqlite:///{tmp_path / 'record.sqlite'}")
    assert SqlPointer(engine).read("mihon:hash-8") is None  # no table yet
    assert SqlPointer(engine).folders() == frozenset()
    with pytest.raises(RecordUnavailable):
        SqlPointer(engine).write("n", Pointed(folder="a", fingerprint="f", embedder="e", entries=1))
    metadata.create_all(engine)
    first = ensure_wanted(wanted(), HashEmbedder(), tmp_path, pointer=SqlPointer(engine))
    pointed = SqlPointer(engine).read("mihon:hash-8")
    assert pointed == Pointed(folder=first.id, fingerprint="f1", embedder="hash-8", entries=600)
    second = ensure_wanted(wanted(), HashEmbedder(), tmp_path, pointer=SqlPointer(engine), rebuild=True)
    assert SqlPointer(engine).folders() == {second.id}
    assert not list((tmp_path / "index").glob("current-*.json"))
    first.close()
    second.close()


def test_a_pointer_never_leads_out_of_its_folder(tmp_path: Path) -> None:
    pointer = FilePointer(tmp_path)
    pointer.write("n", Pointed(folder="../elsewhere", fingerprint="f", embedder="e", entries=1))
    assert pointer.read("n") is None


def test_old_folders_go_but_not_those_in_use_nor_the_last_two(tmp_path: Path) -> None:
    opened = [ensure_wanted(wanted(20, f"f{number}"), HashEmbedder(), tmp_path) for number in range(2)]
    in_use, closed = opened[0], opened[1]
    closed.close()
    for number in range(2, 6):
        ensure_wanted(wanted(20, f"f{number}"), HashEmbedder(), tmp_path).close()
    left = folders(tmp_path)
    assert in_use.id in left
    assert closed.id not in left
    assert current(tmp_path).name in left
    assert len(left) == 3  # in use, and the last two
    in_use.close()


def test_unfinished_folders_go_at_once(tmp_path: Path) -> None:
    dead = tmp_path / "abc-123"
    dead.mkdir()
    used = tmp_path / "def-456"
    used.mkdir()
    lock = mark_in_use(used)
    assert clean_up(tmp_path, frozenset()) == ("abc-123",)
    assert lock is not None
    lock.release()
    assert clean_up(tmp_path, frozenset()) == ("def-456",)


def test_marks_of_dead_processes_are_swept_but_not_those_of_the_living(tmp_path: Path) -> None:
    folder = tmp_path / "abc-123"
    living = mark_in_use(folder)
    assert living is not None
    dead = tmp_path / "in-use" / "abc-123.1-aaaaaa.lock"
    young = tmp_path / "in-use" / "abc-123.2-bbbbbb.lock"
    for path in (dead, young):
        path.touch()
    for path in (dead, Path(living.lock_file)):
        os.utime(path, (0, 0))
    second = mark_in_use(folder)
    assert second is not None
    assert not dead.exists()
    assert young.exists()
    assert Path(living.lock_file).exists()
    living.release()
    second.release()


def test_a_file_where_the_folder_should_be(tmp_path: Path) -> None:
    (tmp_path / "index").write_text("in the way", encoding="utf-8")
    with pytest.raises(RecordUnavailable, match="空き容量"):
        ensure_wanted(wanted(), HashEmbedder(), tmp_path)


def test_in_memory_where_nothing_can_be_written() -> None:
    opened = memory_index(wanted(), HashEmbedder())
    assert opened.vectors.count() == 600
    assert opened.id.startswith("memory-")
    opened.close()


def test_a_manifest_is_only_there_when_the_build_was_finished(tmp_path: Path) -> None:
    class Failing(HashEmbedder):
        def encode_documents(self, texts: object) -> object:  # type: ignore[override]
            raise IndexUnusable("stop")

    with pytest.raises(IndexUnusable):
        ensure_wanted(wanted(), Failing(), tmp_path)
    assert [each for each in folders(tmp_path) if read_manifest(tmp_path / "index" / each)] == []
