"""What detection finds: pieces of information with their kind, where they stand, and why they were seen.

Detection says *what it is* and *where it stands*; reading together says *whose it is*. Neither says what to do with
it: that is the city's policy (`policy/`).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from assistant.domain.document import Extent


class EntityKind(StrEnum):
    """What a piece of information is. A closed set: policy files may name only these."""

    # persons and what is said of them
    PERSON_NAME = "person_name"
    POST = "post"  # 職名、役職名
    ADDRESS = "address"
    PHONE = "phone"
    EMAIL = "email"
    BIRTH_DATE = "birth_date"
    AGE = "age"
    SEX = "sex"
    OCCUPATION = "occupation"
    FAMILY = "family"  # 家族関係、家族の事情
    HEALTH = "health"
    INCOME = "income"
    PRIVATE_LIFE = "private_life"  # 私事、経歴、学歴、信条
    LEAVE = "leave"
    DISCIPLINE = "discipline"
    PAY_STEP = "pay_step"  # 号給、級
    EVALUATION = "evaluation"  # 人事評価、面接評価
    SCORE = "score"
    # numbers
    BANK_ACCOUNT = "bank_account"
    SEAL = "seal"  # 印影、㊞
    SIGNATURE = "signature"
    MY_NUMBER = "my_number"
    CORPORATE_NUMBER = "corporate_number"
    ID_NUMBER = "id_number"  # 免許証、被保険者証、旅券、学籍番号 …
    EMPLOYEE_NUMBER = "employee_number"
    VEHICLE_NUMBER = "vehicle_number"
    PARCEL_NUMBER = "parcel_number"  # 地番、家屋番号
    DOCUMENT_NUMBER = "document_number"
    # organisations and money
    ORGANIZATION = "organization"
    TRADE_NAME = "trade_name"  # 屋号
    PRICE = "price"  # 契約金額、支出額、請求額
    RESERVE_PRICE = "reserve_price"  # 予定価格、最低制限価格
    UNIT_PRICE = "unit_price"  # 業者の見積単価、内訳
    COMPENSATION = "compensation"  # 補償額
    NEGOTIATION = "negotiation"  # 交渉の上限額、方針
    KNOW_HOW = "know_how"
    FINANCIALS = "financials"
    CLIENT = "client"  # 取引先、仕入先
    VOLUNTARY_INFO = "voluntary_info"
    # the body's own work
    SECURITY = "security"  # 警備体制、巡回、カメラ位置、鍵
    NETWORK = "network"  # IP、構成、認証
    SHELTER = "shelter"  # 一時保護所等の所在
    DELIBERATION = "deliberation"  # 検討中の案、意見
    METHOD = "method"  # 監査、検査、取締りの手法、着眼点
    EXAM = "exam"  # 試験問題、採点基準
    PERSONNEL = "personnel"  # 異動案、選考
    # closed by statute
    TAX = "tax"
    STATISTICS = "statistics"
    REPORTER = "reporter"  # 通告者、通報者
    # others
    DATE = "date"
    FACT = "fact"  # 公表済みの事実その他、号に当たらないもの
    AREA = "area"  # 写真、図、手書き: a part of a picture, which a reviewer marks
    OTHER = "other"  # what a reviewer or a model adds


class Trait(StrEnum):
    """What reading together knows about an entity. A closed set: policy files may name only these."""

    # whose it is
    OFFICIAL = "official"  # 公務員等（国、他団体、会計年度任用職員を含む）
    ON_DUTY = "on_duty"
    PRIVATE_CAPACITY = "private_capacity"  # 公務員の私事
    JUNIOR_POLICE = "junior_police"  # 警部補以下の警察職員
    BOARD_MEMBER = "board_member"  # 審議会等の委員
    COUNCILLOR = "councillor"  # 議員
    REPRESENTATIVE = "representative"  # 法人の代表者
    SIGNING_BRANCH_HEAD = "signing_branch_head"  # 契約を締結する支店長等
    EMPLOYEE = "employee"  # 代表権のない従業員
    SITE_AGENT = "site_agent"  # 現場代理人、主任技術者
    SOLE_PROPRIETOR = "sole_proprietor"
    COMMUNITY_HEAD = "community_head"  # 自治会長
    RESIDENT = "resident"  # 住民、申請者、相手方その他の私人
    COMPLAINANT = "complainant"
    REPORTER = "reporter"  # 通告者、公益通報者
    CHILD = "child"
    GUARDIAN = "guardian"
    DECEASED = "deceased"
    WITNESS = "witness"
    LANDOWNER = "landowner"
    INTERVIEWER = "interviewer"
    # what it belongs to
    OF_INDIVIDUAL = "of_individual"
    OF_COMPANY = "of_company"
    OF_CITY = "of_city"
    HOME = "home"
    BUSINESS_PLACE = "business_place"
    MOBILE = "mobile"
    NAME_WITHHELD = "name_withheld"  # the person it is about stays unnamed
    NAME_DISCLOSED = "name_disclosed"
    # facts that decide
    PUBLISHED = "published"
    HANDED_TO_ALL = "handed_to_all"  # 不特定多数に知らせている
    BEFORE_OPENING = "before_opening"  # 入札、開札の前
    AFTER_OPENING = "after_opening"
    CONCLUDED = "concluded"  # 契約締結後、決定後
    PENDING = "pending"  # 検討中、交渉中
    ANNOUNCED = "announced"  # 事前公表
    ON_CONDITION = "on_condition"  # 公にしない条件で任意に提供
    BY_DUTY = "by_duty"  # 法令の義務による提出
    LIFE_AND_HEALTH = "life_and_health"  # 生命、健康、生活又は財産の保護に関わる
    RUNNER_UP = "runner_up"  # 次点以下
    ADDRESSED_TO_AI = (
        "addressed_to_ai"  # text in the record that speaks to the assistant: data, changes nothing
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """Why a recognizer fired. Holds names of patterns and labels from word lists, never document text."""

    recognizer: str
    pattern: str  # name of the pattern, list or rule that matched
    score: float  # 0–1: how sure the recognizer is on its own
    context: tuple[str, ...] = ()  # context words (from our lists) that raised or lowered the score
    checked: str | None = None  # a check digit or grammar that was verified, e.g. "check_digit"


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where an entity stands: label of its field, header of its column, section of the form.

    `label`, `column`: as the document writes them, since notices speak of them; `section`: the canonical name of
    the label from our word lists, where known.
    """

    label: str | None = None
    column: str | None = None
    section: str | None = None
    line: int = 0  # 0-based line on the page


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity:
    """A piece of information found on a page; `extents` in reading order, more than one if broken over lines."""

    kind: EntityKind
    extents: tuple[Extent, ...]
    text: str
    explanations: tuple[Explanation, ...]
    standing: Standing = Standing()
    traits: frozenset[Trait] = frozenset()
    person: str | None = None  # id of the person it is or belongs to: p1, p2 …


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """One person over the whole document: every way the document calls them."""

    id: str
    name: str  # fullest form met in the document
    aliases: tuple[str, ...]
    traits: frozenset[Trait]


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What reading the whole document together has established."""

    entities: tuple[Entity, ...]
    persons: tuple[Person, ...]
    doc_type: str | None
    traits: frozenset[Trait]  # facts about the whole document: before_opening, concluded …
    warnings: tuple[str, ...] = ()  # codes: "addressed_to_ai", "existence_refusal" …
    found_by_both: int = 0  # person mentions found by both detectors (design.md D11)
    found_by_one: tuple[int, int] = (0, 0)  # only the first, only the second
