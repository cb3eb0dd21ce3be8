"""Bytes → text: what Japanese offices save text as is told apart; what cannot be told is refused, not shown garbled."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.text.charsets import UnknownCharset, decode

RECORD = "見本市長は、令和６年５月１日付けで佐藤一郎氏から提出のあった申請書について、次のとおり決定した。\n"
LIST = "氏名,住所,電話\n佐藤一郎,見本市中央1-2-3,0123-45-6789\n"
TRANSFER = "ﾐﾎﾝｼ ﾁｭｳｵｳ ｼﾃﾝ,ﾌﾂｳ,1234567,ﾔﾏﾀﾞ ﾀﾛｳ\nﾐﾎﾝｼ ﾎﾝﾃﾝ,ﾄｳｻﾞ,7654321,ｽｽﾞｷ ｲﾁﾛｳ\n"
NAMES = "渡邊 恵\n髙橋 濵田 﨑\n"

WRITTEN = [
    (text, charset)
    for text in (RECORD, LIST, TRANSFER)
    for charset in ("utf-8", "utf-8-sig", "utf-16", "utf-32", "cp932", "euc_jp")
] + [
    (NAMES, "cp932"),
    (RECORD + "㈱①髙", "cp932"),
    (RECORD, "iso2022_jp"),
    (LIST, "iso2022_jp"),
    (RECORD + "①㈱", "iso2022_jp_2004"),
    (LIST, "utf-16-le"),
    (LIST, "utf-16-be"),
    ("plain ASCII, nothing else\n", "ascii"),
    ("山田", "cp932"),
    ("東京都", "euc_jp"),
]


@pytest.mark.parametrize(("text", "charset"), WRITTEN)
def test_the_text_comes_back_as_it_was_written(text: str, charset: str) -> None:
    assert decode(text.encode(charset)).text == text


SYLLABLES = st.text(
    "あいうえおかきくけこさしすせそたちつてとなにのはまもやゆよらりるれろわをん、。", min_size=3
)
WORDS = st.text(
    "見本市役所情報公開請求書類部分文書住所氏名電話番号課長係員決定通知理由年月日人事佐藤鈴木山田", min_size=3
)


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.tuples(WORDS, SYLLABLES), min_size=2, max_size=8),
    st.sampled_from(["utf-8", "utf-16", "cp932", "euc_jp", "iso2022_jp"]),
)
def test_sentences_come_back_whatever_they_say(parts: list[tuple[str, str]], charset: str) -> None:
    text = "\n".join(word + kana for word, kana in parts)
    assert decode(text.encode(charset)).text == text


@pytest.mark.parametrize(
    "data",
    [
        "根据您的申请，我们决定不公开以下内容，因为这是个人信息。请在规定的时间内提出不服申请。".encode(
            "gb18030"
        ),
        "根據您的申請，我們決定不公開以下內容，因為這是個人的資料。".encode("big5"),
        "개인정보 보호에 관한 법률에 따라 공개하지 않기로 결정하였습니다.".encode("cp949"),
        bytes(range(256)) * 20,
        b"\x00\x01\x02\x03" * 200,
        b"MZ\x90\x00" + bytes(200),
        b"\xff\xfe\x00\xd8\x00",
    ],
)
def test_what_is_not_japanese_text_is_refused(data: bytes) -> None:
    with pytest.raises(UnknownCharset):
        decode(data)


def test_a_claim_is_believed_only_where_it_reads() -> None:
    assert decode(RECORD.encode("cp932"), told="Shift_JIS").text == RECORD
    assert decode(RECORD.encode("utf-8"), told="shift_jis").text == RECORD, "a mail program's wrong claim"
    assert decode(RECORD.encode("euc_jp"), told="no-such-charset").text == RECORD
    assert decode("Gestión de datos".encode("latin-1"), told="iso-8859-1").text == "Gestión de datos"


@pytest.mark.parametrize("cut", [1, 2])
def test_utf8_that_was_cut_off_is_still_utf8(cut: int) -> None:
    told = decode((RECORD.strip() * 3).encode()[:-cut])
    assert (told.charset, told.text[:-1]) == ("utf-8", (RECORD.strip() * 3)[:-1])
    assert told.text.endswith("\ufffd")


def test_a_bad_byte_among_many_letters_spoils_no_other() -> None:
    data = RECORD.encode() * 2 + b"\xff\n" + RECORD.encode() * 2
    assert decode(data).text == RECORD * 2 + "\ufffd\n" + RECORD * 2


@pytest.mark.parametrize("charset", ["cp932", "euc_jp", "utf-8"])
def test_the_mark_old_programs_end_a_file_with_is_no_letter(charset: str) -> None:
    assert decode(LIST.encode(charset) + b"\x1a").text == LIST


def test_words_with_zeros_among_them_are_no_wide_letters() -> None:
    with pytest.raises(UnknownCharset):
        decode(b"abc\0\0def")


def test_outlooks_letters_beyond_the_standard_are_read() -> None:
    """㈱ of row 13 and 髙 of row 92, as a mail of Outlook has them, with half-width kana between."""
    pair = {letter: _seven_bits(letter) for letter in "㈱髙橋"}
    data = (
        b"\x1b$B"
        + pair["㈱"]
        + pair["髙"]
        + pair["橋"]
        + b"\x1b(B no. 1\r\n\x1b(I6\x1b(J \x1b$B"
        + pair["髙"]
        + b"\x1b(B"
    )
    for told in (None, "ISO-2022-JP"):
        assert decode(data, told=told).text == "㈱髙橋 no. 1\r\nｶ 髙"
    with pytest.raises(UnknownCharset):
        decode(b"\x1b$B)!)!)!\x1b(B")


def _seven_bits(letter: str) -> bytes:
    """A letter of code page 932 as the pair of its row and cell."""
    first, second = letter.encode("cp932")
    row = (first - (0x70 if first < 0xA0 else 0xB0)) * 2 - (second < 0x9F)
    cell = second - (0x7E if second >= 0x9F else 0x20 if second >= 0x80 else 0x1F)
    return bytes((row, cell))
