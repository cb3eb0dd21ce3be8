"""Names by our grammar and Sudachi: where they are found, and what only looks like one. All names are invented."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from assistant.domain.entity import Entity, EntityKind, Facts, Trait

Found = Callable[[str, EntityKind], list[str]]
Read = Callable[..., Facts]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("氏名　田中 一郎", ["田中 一郎"]),  # label
        ("氏　名　田 中　一 郎", ["田 中　一 郎"]),  # every letter spaced
        (
            "氏名　田 中\n　一 郎　（男）",
            ["田 中\n　一 郎".replace("\n　", "")],
        ),  # broken over a line: two extents
        ("土木課 主任 轟", ["轟"]),  # one letter after a post
        ("令和6年4月3日　白鳥弥生氏と面談した。", ["白鳥弥生氏"]),  # the end of a date belongs to no name
        ("　月　日　田中一郎氏", ["田中一郎氏"]),
        ("日 比 野 太 郎 様", ["日 比 野 太 郎 様"]),
        ("環境課　佐藤、鈴木", ["佐藤", "鈴木"]),  # a list after a section
        ("佐藤委員　賛成です。", ["佐藤"]),  # before a post
        ("隣の佐藤さんから", ["佐藤さん"]),  # honorific, taken along where the person is not shown
        ("隣のｻﾄｳ様から", ["ｻﾄｳ様"]),  # half-width kana
        ("佐藤と申します。", ["佐藤"]),  # introduces themselves
        ("相談者　グエン・ヴァン・アン", ["グエン・ヴァン・アン"]),  # foreign name
        ("被保険者　田中 ハナ江", ["田中 ハナ江"]),  # a given name in kana and a kanji
        ("児童名　田中 一郎", ["田中 一郎"]),  # 名 belongs to the label, not to the name
        ("担当村上", ["村上"]),  # no space behind the label
        ("旧姓　村上", ["村上"]),  # a former name
        ("やまだ　はなこ様", ["やまだ　はなこ様"]),  # hiragana
        ("ｻﾄｳ ｲﾁﾛｳ", ["ｻﾄｳ ｲﾁﾛｳ"]),  # half-width kana and nothing else
        ("渡邊と濵田が残った。", ["渡邊", "濵田"]),  # old forms, bare, in prose
        (
            "氏名　村上（ムラカミ）　一郎（イチロウ）",
            ["村上", "ムラカミ", "一郎", "イチロウ"],
        ),  # furigana apart
        ("村上 一郎（むらかみ いちろう）", ["村上 一郎", "むらかみ いちろう"]),  # furigana together
        (
            "田中 一郎、高原 零、佐藤 花子が出席",
            ["田中 一郎", "高原 零", "佐藤 花子"],
        ),  # between two names of a list
        ("後から来た福留に渡した。", ["福留"]),  # behind a verb
        ("通訳　ファン・ティ・ラン", ["ファン・ティ・ラン"]),  # words nobody knows, after a part
        ("リ・シャオミンが来庁", ["リ・シャオミン"]),  # a chain with a word nobody knows
        ("妻マルガレーテの申出", ["妻マルガレーテ"]),  # kin before it
        ("アレクサンダーは黙っていた。", ["アレクサンダー"]),  # known as a name
        ("児童　リサ", ["リサ"]),  # short, under a label
        ("氏名　Maria Santos", ["Maria Santos"]),  # Latin letters under a label
        ("NGUYEN VAN ANさんから", ["NGUYEN VAN ANさん"]),  # capitals with honorific
        ("Mr. Smithから電話", ["Smith"]),  # title before it
        ("差出人: John Smith <j@example.com>", ["John Smith"]),  # head of a mail
        ('差出人: "村上 まどか" <m@example.com>', ["村上 まどか"]),  # in quotes
        ("From: K. Tanaka <k@example.com>", ["K. Tanaka"]),  # an initial
        ("Name: TRAN THI LAN　TEL 000", ["TRAN THI LAN"]),  # what follows is no part of it
        ("対象者　鵜飼沢 トメ　昭和8年生", ["鵜飼沢 トメ"]),  # a wide gap ends the given name
        ("番号\t名\t備考\n17\t辻堂 美里\t欠席", ["辻堂 美里"]),  # a header that is no label
        ("氏名　二ツ沢 一郎", ["二ツ沢 一郎"]),  # kana inside the family name
        ("参加者　矢ヶ部 慎也", ["矢ヶ部 慎也"]),  # ends like a section, and a given name follows
        ("（フリガナ）　ｱｵｷ ﾊﾅ", ["ｱｵｷ ﾊﾅ"]),  # kana beside the word for kana
    ],
)
def test_names_are_found(found: Found, text: str, expected: list[str]) -> None:
    assert found(text, EntityKind.PERSON_NAME) == expected


@pytest.mark.parametrize(
    "text",
    [
        "大字山田字下原12番地",  # a place
        "株式会社佐藤建設に発注した。",  # a company
        "鈴木組が施工する。",  # a company without a legal form
        "令和6年度の予算について",  # an era
        "皆様のお手元の資料",  # honorific without a name
        "担当　営業二課",  # a section
        "氏名　別紙のとおり",  # no name given
        "課長が現地を確認した。",  # a post alone
        "国又は地方公共団体の機関",  # read as 国又, a family name, by the dictionary
        "資料をたくさん作った。",  # さん inside a word
        "小さな子どもさんが多い。",
        "広島県議会議員の視察",  # a place before a post
        "日本代表の試合",
        "敷地内の立木を伐採した。",  # a family name that is a word
        "ワーク・ライフ・バランスの推進",  # a chain of words
        "ヴォーン・インデックスを作る",  # a name in the name of a thing
        "バーコードを貼る",
        "システム Windows Server を更新",  # capitals without a person
        "場所　自宅　立会いなし",  # 場所 is no section
        "医療機関　見 本 市 立 病 院",  # letters spaced one by one
        "人数　面積　0.8ヘクタール",
        "事務局　積算　12人日",  # words of the language where a name may stand
        "会議　11月7日 夜",  # 日 is counted
    ],
)
def test_what_only_looks_like_a_name(found: Found, text: str) -> None:
    assert found(text, EntityKind.PERSON_NAME) == []


@pytest.mark.parametrize(
    ("text", "word", "expected"),
    [
        ("道路課長 佐藤 次郎", "佐藤", Trait.OFFICIAL),
        ("株式会社北山工業　代表取締役　佐藤 次郎", "佐藤", Trait.REPRESENTATIVE),
        ("株式会社北山工業　営業部長　佐藤 次郎", "佐藤", Trait.EMPLOYEE),
        ("現場代理人　佐藤 次郎", "佐藤", Trait.SITE_AGENT),
        ("北山警察署 交通課 巡査部長 佐藤 次郎", "佐藤", Trait.JUNIOR_POLICE),
        ("要望者　市議会議員　佐藤 次郎", "佐藤", Trait.COUNCILLOR),
        ("申立人　佐藤 次郎", "佐藤", Trait.COMPLAINANT),
        ("通告者　民生委員　佐藤 次郎", "佐藤", Trait.REPORTER),  # the part in the matter beside the office
        ("児童　佐藤 はな（5歳）", "佐藤", Trait.CHILD),
        ("喫茶こもれび（佐藤 次郎）", "佐藤", Trait.SOLE_PROPRIETOR),  # the owner in brackets after a shop
        ("地権者　佐藤 次郎", "佐藤", Trait.LANDOWNER),
    ],
)
def test_parts(named: Callable[[str, str], Entity], text: str, word: str, expected: Trait) -> None:
    assert expected in named(text, word).traits


def test_a_place_is_no_section(named: Callable[[str, str], Entity]) -> None:
    """場所 ends like 保健所: who is named after it is no official for that."""
    assert Trait.OFFICIAL not in named("面談記録\n場所　田中氏宅\n相手　田中 一郎", "田中").traits


@pytest.mark.parametrize(
    ("title", "deliberation"),
    [
        ("図書館協議会会議録", False),  # minutes of a council are kept for all to read
        ("図書館協議会会議録（非公開）", True),  # unless they say otherwise
        ("図書館再編の内部検討メモ", True),  # what the administration weighs among itself
    ],
)
def test_what_is_said_in_open_minutes_is_no_deliberation(read: Read, title: str, deliberation: bool) -> None:
    facts = read(f"{title}\n佐藤委員　時期尚早ではないか。")
    assert any(entity.kind is EntityKind.DELIBERATION for entity in facts.entities) is deliberation


def test_a_reporter_is_no_longer_a_board_member(named: Callable[[str, str], Entity]) -> None:
    assert Trait.BOARD_MEMBER not in named("通告者　民生委員　佐藤 次郎", "佐藤").traits


def test_an_official_who_complains_as_a_resident_acts_privately(read: Read) -> None:
    facts = read("申立人　八木 理恵（今回は住民として申立て）\n八木課長は眠れないと訴えた。")
    assert {e.person for e in facts.entities if e.kind is EntityKind.PERSON_NAME} == {"p1"}
    assert Trait.PRIVATE_CAPACITY in facts.persons[0].traits
    assert Trait.ON_DUTY not in facts.persons[0].traits
