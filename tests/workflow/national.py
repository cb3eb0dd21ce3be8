"""Two cities that are not the sample, made in a test: the national act, and a town with an article of its own for persons.

Nothing of the sample city may show in them: not its words, its numbers, its sources, nor the mark of an invented city.
"""

from __future__ import annotations

import json
import re
import shutil
import unicodedata
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from assistant.corpus.corpus import Corpus
from assistant.corpus.load import load_city
from assistant.law.references import find_references
from tests.cli.running import run
from tests.conftest import ROOT

ASSETS = ROOT / "tests" / "assets"
ACT = "laws/411AC0000000042_*.xml"
DAY = date(2026, 11, 2)
# Words of the sample city that the national act does not have. 条例: the act is none.
# Worked examples are invented and say so in any city; a topic is the schema's own word, not the city's.
NOT_THE_CITYS = re.compile(
    r'"topic": "[^"]*"|"examples": \[.*?\]|"examples[a-z_]*": "[^"]*"|似た作業例（架空。根拠として引けません）：[^\n]*',
    re.DOTALL,
)
NOT_NATIONAL = ("見本市", "非開示", "公文書", "実施機関", "市民", "条例", "架空", "mihon", "手引 第")
# A town that says 公開 and 町の記録 says 開示 nowhere.
NOT_THE_TOWN = ("見本市", "開示", "実施機関", "手引", "審査会", "架空", "mihon", "情報公開条例")

MEETING = """業務委託打合せ記録

日時：令和6年5月20日　午後2時から午後3時まで
場所：第二庁舎会議室
出席者：施設整備課　課長補佐　渡瀬　和馬
　　　　同課　係員　小檜山　すみれ
相手方：株式会社アサギ設計　主任　三ツ矢　冬子（携帯090-1357-2468）
　　　　株式会社アサギ設計　代表取締役　浅葱　太一

1　委託料の振込先は、はるかぜ銀行本店　普通　7654321　名義　カ）アサギセッケイ
2　庁内の監視サーバのIPアドレスは10.20.30.41、管理者パスワードは別に伝えた。
3　来年度の庁舎再編について、渡瀬は統合案と現状維持案を検討中（未定稿）である旨を述べた。
"""
CONSULTATION = """相談記録票

相談者：氏名　古川原　つばさ
住所：青葉町緑1丁目5番6号
電話番号：03-5555-0123
生年月日：昭和52年8月9日
個人番号：1234 5678 9018
受付者：相談窓口係　主事　渡瀬　和馬

内容：隣の事業所の騒音について相談があった。持病の高血圧が悪化したとのこと。
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A city folder, a data folder of its own, and the words it must not say."""

    folder: Path
    data_dir: Path
    banned: tuple[str, ...]

    @property
    def corpus(self) -> Corpus:
        return load_city(self.folder)

    def command(self, *arguments: str, stdin: str = "") -> str:
        """What `python -m assistant …` prints; with a word of another city in it the test fails.

        A search prints whole provisions: there the words of this city's own law are its own.
        """
        done = run(*arguments, "--city", str(self.folder), data_dir=self.data_dir, stdin=stdin)
        assert done.returncode == 0, done.stderr
        self.clean(done.stdout + done.stderr, own=raw_text(self.folder) if arguments[0] == "search" else "")
        return done.stdout

    def told(self, *arguments: str, stdin: str = "") -> Any:
        """The same with --json."""
        return json.loads(self.command(*arguments, "--json", stdin=stdin))

    def clean(self, said: str, own: str = "") -> None:
        """No word of another city in what is said."""
        said = NOT_THE_CITYS.sub("", said)
        heard = [word for word in self.banned if word in said and word not in own]
        around = [said[max(0, said.find(word) - 40) : said.find(word) + 40] for word in heard]
        assert not heard, around


def national_folder(shared_data: Path, folder: Path, *, policy: str = "") -> Path:
    """The national act as a city folder; `policy`: the text of its policy.toml, none when empty."""
    folder.mkdir(parents=True)
    shutil.copy(ASSETS / "national" / "city.toml", folder / "city.toml")
    (act,) = shared_data.glob(ACT)
    shutil.copy(act, folder / "ordinance.xml")
    if policy:
        (folder / "policy.toml").write_text(policy, encoding="utf-8")
    return folder


def strings(value: Any) -> Iterator[str]:
    """Every string in a JSON value, names of fields aside."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for one in value:
            yield from strings(one)
    elif isinstance(value, dict):
        for one in value.values():
            yield from strings(one)


def citations(value: Any) -> list[dict[str, Any]]:
    """Every citation in a JSON value."""
    if isinstance(value, list):
        return [found for one in value for found in citations(one)]
    if not isinstance(value, dict):
        return []
    if {"source", "quote", "status"} <= value.keys():
        return [value]
    return [found for one in value.values() for found in citations(one)]


def clauses(value: Any, corpus: Corpus) -> set[str]:
    """Every clause named in a JSON value; each must stand in this city's ordinance on the day."""
    named: set[str] = set()
    for words in strings(value):
        for start, end, ref in find_references(words):
            provision = corpus.find(ref, DAY)
            assert provision is not None, words[start:end]
            named.add(provision.label)
    return named


def raw_text(folder: Path) -> str:
    """The letters of the law file read without any code of ours: XML text, or markdown without its marks."""
    path = next(folder.glob("ordinance.*"))
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".xml":
        text = "".join(ET.fromstring(text.encode()).itertext())
    return letters(text)


def letters(text: str) -> str:
    """Without white space, in one width."""
    return "".join(unicodedata.normalize("NFKC", text).split())
