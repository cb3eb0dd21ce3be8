"""文字化け by the codecs of Python: what other programs make of our text is recognised, ordinary text never."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.text.garbled import garbled_in

_TEXTS = {
    "prose": "本人は令和6年5月に転居し、現在は東町の親族の家に住んでいると述べた。",
    "form": "氏名：大江 一平　住所：北山市東町3丁目4番5号　電話：090-0000-1234",
    "names": "佐藤 一郎、鈴木 花子、高橋 健",
    "short": "申請書を受理した。",
    "katakana": "パソコンのモニターとプリンターを更新する。",
    "table": "番号\t氏名\t住所\n1\t大江 一平\t北山市東町\n2\t北原 二葉\t北山市西町\n",
    "articles": "第1条　この要綱は、補助金の交付について定める。\n（申請）\n第2条　申請書を市長に提出する。\n",
}


@pytest.mark.parametrize("text", _TEXTS.values(), ids=_TEXTS)
@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("utf-8", "cp932"),  # a file saved by a browser, opened by an old spreadsheet
        ("utf-8", "latin-1"),
        ("utf-8", "cp1252"),
        ("cp932", "utf-8"),  # the other way round: U+FFFD
        ("cp932", "latin-1"),
        ("cp932", "cp1252"),
        ("euc_jp", "cp932"),  # old web pages: soup of half-width kana
        ("euc_jp", "latin-1"),
        ("euc_jp", "utf-8"),
        ("utf-8", "euc_jp"),
        ("cp932", "euc_jp"),
        ("utf-8", "gb18030"),  # opened on a PC set to Chinese
        ("cp932", "gb18030"),
        ("utf-8", "big5"),
        ("cp932", "big5"),
        ("cp932", "cp949"),  # Korean
        ("utf-8", "mac_roman"),
        ("utf-8", "cp1251"),  # Cyrillic
        ("utf-8", "cp437"),  # a console
        ("iso2022_jp", "latin-1"),  # mail without its decoding
        ("utf-16-le", "latin-1"),
        ("utf-8", "ascii"),
    ],
)
def test_misread_text(text: str, written: str, read: str) -> None:
    assert garbled_in(text.encode(written, "replace").decode(read, "replace")) is not None


@pytest.mark.parametrize(
    "text",
    [
        "$BF|K\\8l$N%F%-%9%H$G$9!#(B",  # escapes were dropped
        "=?ISO-2022-JP?B?GyRCJDMkcyRLJEEkTxsoQg==?=",  # the subject of a mail
        "=E6=97=A5=E6=9C=AC=E8=AA=9E",  # quoted-printable
        "氏名 ????",  # letters an old system did not have
        "&#26085;&#26412;&#35486;",
        "氏名　山\ufffd 一郎",  # one letter lost
    ],
)
def test_text_that_was_not_decoded_or_lost_letters(text: str) -> None:
    garbled = garbled_in(text)
    assert garbled is not None
    assert garbled.cause == "lost"


def test_what_another_encoding_would_show_is_told_apart_from_what_is_gone() -> None:
    misread = garbled_in(_TEXTS["articles"].encode("utf-8").decode("latin-1"))
    assert misread is not None
    assert (misread.cause, misread.lines) == ("misread", 3)


def test_one_garbled_line_in_a_good_page_is_found() -> None:
    page = "\n".join([_TEXTS["prose"]] * 30 + [_TEXTS["prose"].encode("utf-8").decode("cp932", "replace")])
    garbled = garbled_in(page)
    assert garbled is not None
    assert garbled.lines == 1


@pytest.mark.parametrize(
    "text",
    [
        *_TEXTS.values(),
        "",
        "ﾌﾘｺﾐ ﾔﾏﾀﾞ ﾊﾅｺ 15000",  # transfer data is written in half-width kana
        "1 0009 ﾄｳｻﾞｲ 012 ﾁﾕｳｵｳ 1 1234567 ﾔﾏﾀﾞ ﾊﾅｺ 15000 ﾐﾎﾝｼ ｶｲｹｲｶﾝﾘｼﾔ",
        "ｺﾉﾃﾞﾝﾌﾞﾝﾊ､ﾔﾏﾀﾞﾊﾅｺｶﾗﾉﾓﾉﾃﾞｱﾙ｡ ｼﾞﾕｳｼﾖﾊｷﾀﾔﾏｼﾋｶﾞｼﾏﾁ",
        "ﾃｽﾄ ﾃﾞｰﾀ ABC-123 ｱｲｳｴｵ",
        "渡邊 髙﨑 澤田 齋藤 濵田 櫻井 廣瀬 邉 龍",  # old forms
        "René Müller, François Lefèvre, Zoë Ångström",  # names of Europe
        "Nguyễn Văn Ánh từ Đà Nẵng đến",
        "Il a été décidé que l’équipe française viendrait à Köln",
        "Привет, это письмо от Ивана Петрова",
        "안녕하세요 저는 김민준입니다",
        "您好，我是王小明，住在北山市东町三丁目。请确认申请书的内容。",  # letters to residents from abroad
        "這是繁體中文的通知，請攜帶身分證明文件。",
        "สวัสดีครับ ผมชื่อสมชาย",
        "★☆♪♫♥♡→⇒∴∞≒≠",
        "Ⅰ Ⅱ Ⅲ ⅳ ㈱ ㈲ ℡ № ㎡ ㍻ ㍼ ㌔",
        "αβγ線量率 μSv/h Δt ±0.5℃",
        "┌────┬────┐\n│氏名│住所│\n└────┴────┘",  # rules of a table
        "鬱陶しい 檸檬 薔薇 髑髏 躊躇 齟齬 齷齪 蹂躙",  # rare ideographs
        "舊字體ノ文書ニ據レバ、當該土地ハ縣有地ナリ。明治卅二年ノ臺帳ニ記載アリ。",
        "本当に？？？？",
    ],
)
def test_ordinary_text(text: str) -> None:
    assert garbled_in(text) is None


def test_our_own_texts(mihon: Path) -> None:
    for path in mihon.rglob("*.md"):
        assert garbled_in(path.read_text(encoding="utf-8")) is None, path.name


def test_real_sentences(shared_data: Path) -> None:
    path = shared_data / "addresses" / "addresses.csv"
    if not path.is_file():
        pytest.skip(f"{path.name} is not in ../shared/data")
    text = path.read_text(encoding="utf-8")
    assert [line for line in text.split("\n") if garbled_in(line)] == []
