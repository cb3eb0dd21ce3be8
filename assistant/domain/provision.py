"""The law's nouns: references, provisions, heads of exemption, roles of limbs, procedural topics.

Names follow the 法令標準XML schema (Article, Paragraph, Item, Subitem1 …); branch numbers are strings ("17_2").
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Head(StrEnum):
    """Canonical heads of exemption (非開示事由). Which provision is which head is the city's data (design.md D1)."""

    INDIVIDUAL = "個人"
    CORPORATE = "法人"
    VOLUNTARY = "任意提供"
    PUBLIC_SAFETY = "公共安全"
    DELIBERATION = "意思形成"
    OPERATIONS = "事務事業"
    STATUTORY = "法令秘"
    INTERGOVERNMENTAL = "国等協力"
    ANONYMIZED = "匿名加工"
    OTHER = "その他"


class LimbRole(StrEnum):
    """What an exception to an exemption does, whatever its letter in the city's text."""

    CUSTOM = "公領域・慣行"
    LIFE = "生命・健康等"
    OFFICIAL_DUTY = "公務員の職務"
    CORPORATE_PROVISO = "法人ただし書"
    OTHER = "その他"


class Polarity(StrEnum):
    """Whether a limb takes out of the exemption or spells out the exemption (domain.md §9, the polarity trap)."""

    EXCEPTION = "exception"
    EXEMPTION = "exemption"


class Topic(StrEnum):
    """Procedural topics staff ask about."""

    PARTIAL_DISCLOSURE = "部分開示"
    DISCRETIONARY_DISCLOSURE = "裁量的開示"
    EXISTENCE_REFUSAL = "存否応答拒否"
    THIRD_PARTY = "第三者意見照会"
    TIME_LIMIT = "決定期限"
    REASONS = "理由提示"
    FEES = "手数料"
    REVIEW = "審査請求"
    NOT_HELD = "不存在"
    TRANSFER = "事案移送"
    EXCLUDED = "適用除外"


class Part(StrEnum):
    """A part of a provision that has no number of its own."""

    PROVISO = "proviso"  # ただし書
    CHAPEAU = "noitems"  # 柱書、各号列記以外の部分
    FORMER = "first"  # 前段
    LATTER = "second"  # 後段


@dataclass(frozen=True, slots=True, kw_only=True)
class ProvisionRef:
    """A place in an ordinance. Numbers are strings; a branch is joined by "_" ("17_2", item "2_2").

    `paragraph` None: not said (an article with one paragraph, or as staff write it). `subitems` are ordinal
    numbers by level: ("3", "2") is ウ(イ). `of_proviso` says that the sub-items hang under the ただし書
    (第7条第2号ただし書ウ), `part` names a part of the place itself (第7条第4号ただし書).
    """

    article: str
    paragraph: str | None = None
    item: str | None = None
    subitems: tuple[str, ...] = ()
    of_proviso: bool = False
    part: Part | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Provision:
    """One provision as in force over one span of days.

    `code` is the g-reiki style address ("j7_k1_g2_s3"); `label` how the city cites it (第7条第2号ただし書ウ);
    `text` is verbatim with everything below it, one provision a line; `own_text` without what is below it.
    `parent` is the code of the provision above, None for an article. `polarity` is set on limbs only.
    """

    ref: ProvisionRef
    code: str
    label: str
    caption: str
    text: str
    own_text: str
    polarity: Polarity | None
    in_force_from: date
    in_force_until: date | None  # last day in force, None: still in force
    parent: str | None

    @property
    def source_id(self) -> str:
        """How a citation names this text of the provision."""
        return f"provision:{self.code}@{self.in_force_from.isoformat()}"

    def in_force_on(self, day: date) -> bool:
        """Whether this text was in force on `day`."""
        return self.in_force_from <= day and (self.in_force_until is None or day <= self.in_force_until)
