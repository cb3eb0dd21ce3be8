"""Addresses of every form, and what only looks like one. Municipalities and towns are invented where they matter."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from assistant.domain.entity import Entity, EntityKind, Facts, Trait

Found = Callable[[str, EntityKind], list[str]]
Read = Callable[..., Facts]


@pytest.mark.parametrize(
    ("text", "address"),
    [
        (
            "京都府京都市中京区烏丸通三条下る見本町123番地に住む",
            "京都府京都市中京区烏丸通三条下る見本町123番地",
        ),  # 通り名
        ("京都市下京区五条通上ル東入見本町45、店舗", "京都市下京区五条通上ル東入見本町45"),  # 上ル, 東入
        ("北海道北山市北区北24条西5丁目1-2へ", "北海道北山市北区北24条西5丁目1-2"),  # 条 and 丁目
        ("北山市西12条南34丁目5番地の6", "北山市西12条南34丁目5番地の6"),  # 番地の
        ("北山市1条通2丁目3番地4", "北山市1条通2丁目3番地4"),  # 条通
        ("北山市西の里東4線北12号から", "北山市西の里東4線北12号"),  # 線 and 号 of farm land
        ("北山町第12地割34番地5", "北山町第12地割34番地5"),  # 地割
        ("北山市横江町イ123番地", "北山市横江町イ123番地"),  # イロハ before the number
        ("北山市大字中原字下川1234番地ロ", "北山市大字中原字下川1234番地ロ"),  # and after it
        ("北山市中原甲1234番地1", "北山市中原甲1234番地1"),  # 甲乙
        ("本籍 北山市中原町無番地", "北山市中原町無番地"),  # no number at all
        ("北山市六番町十二番地三に転居", "北山市六番町十二番地三"),  # ideographs; 六番町 is a town
        ("北山市三の丸一丁目二番三号", "北山市三の丸一丁目二番三号"),  # の inside a name
        ("ひばりが丘団地1-2-3に", "ひばりが丘団地1-2-3"),  # が inside a name
        ("東町三の四の五に", "東町三の四の五"),  # の for a hyphen
        ("東町３ー４－５", "東町３ー４－５"),  # a long vowel and a hyphen
        ("東町3–4—5", "東町3–4—5"),  # dashes
        ("東町3丁目4番5号緑荘201号室に住む", "東町3丁目4番5号緑荘201号室"),  # building and room
        (
            "東町3-4-5　グランコート東601",
            "東町3-4-5　グランコート東601",
        ),  # a building whose kind nobody listed
        ("東町3-4-5サンハイツ緑2号棟301", "東町3-4-5サンハイツ緑2号棟301"),  # wing
        ("東町3-4-5 山本方", "東町3-4-5 山本方"),  # somebody's house
        ("東町3丁目4番5号北山ビル3階の事務所", "東町3丁目4番5号北山ビル3階"),  # floor
        ("東町3-4-5-B", "東町3-4-5-B"),  # a letter for a room
        ("北山市東町2-14・16", "北山市東町2-14・16"),  # two numbers
        ("北山市東町2-14ほか3筆", "北山市東町2-14"),  # and others
        ("北山市東町2-14,090-0000-1234", "北山市東町2-14"),  # a telephone number after a comma
        ("住所　北山市東町", "北山市東町"),  # no number, under a label
        ("市内の緑町3丁目4番の空き家", "緑町3丁目4番"),  # 市内 is no municipality
        ("東京都見本区内久保町3-4", "東京都見本区内久保町3-4"),  # 区内 that is a town
        ("本人は緑町3-4に移った", "緑町3-4"),  # a topic before it
        ("申請者　大江 一平　緑町3-1-9", "緑町3-1-9"),  # a name before it
    ],
)
def test_whole_and_nothing_beyond(found: Found, text: str, address: str) -> None:
    assert found(text, EntityKind.ADDRESS) == [address]


@pytest.mark.parametrize(
    "text",
    [
        "住所　北山市東町\n　　　3丁目4番5号",  # between town and 丁目
        "住所　北山市東\n　　　町3丁目4番5号",  # inside the town
        "住所　北山市東町3丁目\n　　　4番5号",  # between 丁目 and 番
    ],
)
def test_broken_over_a_line(read: Read, text: str) -> None:
    (address,) = [e for e in read(text).entities if e.kind is EntityKind.ADDRESS]
    assert address.text == "北山市東町3丁目4番5号"
    assert len(address.extents) == 2


@pytest.mark.parametrize(
    "text",
    [
        "北山市役所3階会議室",  # a floor of the town hall
        "北山市立東小学校5年2組",  # a class
        "受付番号12番",  # a turn
        "窓口3番でお待ちください",
        "令和6年度第2号議案",
        "昭和3-5年",  # years, though 昭和 is a town somewhere
        "市道12-3号線の補修",
        "様式第1-2号",
        "B棟1-2階",
        "3-4人程度",
        "午前10-12時",
        "北山町は人口3-4千人",
        "単価 100-200円",
        "株式会社東町工業 3-4-5",  # a company's name holds a town's
        "条例第7条第2号イ",
        "北山町\n1-2",  # two lines of a list
    ],
)
def test_what_is_no_address(found: Found, text: str) -> None:
    assert found(text, EntityKind.ADDRESS) == []


@pytest.mark.parametrize(
    ("text", "home"),
    [
        ("相手方　大江 一平\n大江氏は緑町3丁目交差点で停止した。", False),  # a crossing
        ("相手方　大江 一平\n大江氏は緑町3丁目の公園にいた。", False),  # a park
        ("相手方　大江 一平　緑町3丁目4番5号", True),
    ],
)
def test_a_public_place_is_no_home(read: Read, text: str, home: bool) -> None:
    address: Entity = next(e for e in read(text).entities if e.kind is EntityKind.ADDRESS)
    assert (Trait.HOME in address.traits) is home
