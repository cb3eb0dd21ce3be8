"""A city as its `city.toml` describes it: names, words, deadlines, and which provision is which head, limb or topic."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

from assistant.corpus.datafile import REFUSING, TomlFile, parse, read_toml
from assistant.domain.provision import Head, LimbRole, Polarity, Topic

CITY_FILE = "city.toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Labels:
    """The city's words on screen and on paper."""

    __pydantic_config__ = REFUSING

    disclose: str  # 開示, 公開
    withhold: str  # 非開示, 不開示, 非公開
    partial: str  # 部分開示, 一部開示
    document: str  # 公文書, 行政文書
    body: str  # 実施機関
    request: str  # 開示請求
    requester: str = "請求者"
    exempt_information: str = "非開示情報"
    ask: str = "要検討"
    review: str = "審査請求"
    board: str = "審査会"
    handbook: str = "手引"
    precedent: str = "先例"
    withheld_part: str = "開示しない部分"
    grounds: str = "根拠条項"
    reason: str = "理由"
    open_from: str = "開示することができる期日"
    not_held: str = "不存在"
    existence_refusal: str = "存否応答拒否"
    full_notice: str = "決定通知書"
    partial_notice: str = "決定通知書"
    refusal_notice: str = "決定通知書"
    fictional: str = "架空"

    def topic(self, topic: Topic) -> str:
        """A procedural topic in the city's words: 部分開示 is 一部公開 here."""
        spoken = {
            Topic.PARTIAL_DISCLOSURE: self.partial,
            Topic.DISCRETIONARY_DISCLOSURE: f"裁量的{self.disclose}",
            Topic.EXISTENCE_REFUSAL: self.existence_refusal,
            Topic.NOT_HELD: self.not_held,
            Topic.REVIEW: self.review,
        }
        return spoken.get(topic, topic.value)

    def section(self, name: str) -> str:
        """A section of the handbook in the city's words: 具体例（非開示） of the file format is 具体例（不開示） here."""
        spoken = {"非開示": self.withhold, "開示": self.disclose, "要検討": self.ask}
        kind, bracket, answer = name.partition("（")
        return f"{kind}{bracket}{spoken.get(answer.removesuffix('）'), '')}）" if bracket else name


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadlines:
    """In days, or months where named so. `count_from`: whether the day of the request itself counts."""

    __pydantic_config__ = REFUSING

    decision_days: int
    count_from: Literal["next_day", "request_day"] = "next_day"
    extension_days: int
    bulk_days: int
    third_party_days: int = 14
    review_months: int = 3
    suit_months: int = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class HeadEntry:
    """A head and the provisions that are it, main one first. `harm` is empty where the head needs no harm."""

    __pydantic_config__ = REFUSING

    head: Head
    provisions: tuple[str, ...]
    label: str
    subject: str = ""
    harm: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LimbEntry:
    """A limb or proviso. `key` names it in policy files without its number; `polarity` is checked against the text."""

    __pydantic_config__ = REFUSING

    provision: str
    key: str
    polarity: Polarity | None = None
    role: LimbRole | None = None
    label: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicEntry:
    """A procedural topic and the provisions it rests on, main one first."""

    __pydantic_config__ = REFUSING

    topic: Topic
    provisions: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OrdinanceEntry:
    """Where the ordinance is and what it is called. `in_force_from` where the file itself does not say."""

    __pydantic_config__ = REFUSING

    file: str
    format: Literal["markdown", "egov-xml"]
    title: str
    number: str
    short: str = "条例"
    in_force_from: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Identity:
    __pydantic_config__ = REFUSING

    id: str
    name: str
    fictional: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Duty:
    __pydantic_config__ = REFUSING

    provision: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _CityFile:
    __pydantic_config__ = REFUSING

    city: _Identity
    ordinance: OrdinanceEntry
    labels: Labels
    deadlines: Deadlines
    duty: _Duty
    heads: tuple[HeadEntry, ...]
    limbs: tuple[LimbEntry, ...] = ()
    topics: tuple[TopicEntry, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class City:
    """One city. `fictional` cities show 架空 on everything that leaves the screen."""

    id: str
    name: str
    fictional: bool
    ordinance: OrdinanceEntry
    labels: Labels
    deadlines: Deadlines
    duty: str
    heads: tuple[HeadEntry, ...]
    limbs: tuple[LimbEntry, ...]
    topics: tuple[TopicEntry, ...]

    @property
    def ordinance_title(self) -> str:
        """見本市情報公開条例."""
        return self.ordinance.title

    @property
    def ordinance_number(self) -> str:
        """平成14年見本市条例第8号."""
        return self.ordinance.number

    def head(self, head: Head) -> HeadEntry | None:
        """What the city says of a head, None if its ordinance has no such head."""
        return next((entry for entry in self.heads if entry.head is head), None)


def load_city_file(folder: Path) -> tuple[City, TomlFile]:
    """The city of a folder, and its file for later complaints about a line. Raises DataFileError."""
    file = read_toml(folder / CITY_FILE)
    read = parse(_CityFile, file)
    _refuse_repeats(file, "heads", [entry.head for entry in read.heads])
    _refuse_repeats(file, "topics", [entry.topic for entry in read.topics])
    _refuse_repeats(file, "limbs", [entry.key for entry in read.limbs])
    if not read.heads:
        raise file.fault(
            "号と事由の対応（[[heads]]）がありません。", todo="事由ごとに [[heads]] を書いてください。"
        )
    city = City(
        id=read.city.id,
        name=read.city.name,
        fictional=read.city.fictional,
        ordinance=read.ordinance,
        labels=read.labels,
        deadlines=read.deadlines,
        duty=read.duty.provision,
        heads=read.heads,
        limbs=read.limbs,
        topics=read.topics,
    )
    return city, file


def _refuse_repeats(file: TomlFile, table: str, names: list[str]) -> None:
    for index, name in enumerate(names):
        if name in names[:index]:
            todo = "1つにまとめるか、別の名にしてください。"
            raise file.fault(f"[[{table}]] の「{name}」が二つあります。", table, index, todo=todo)
