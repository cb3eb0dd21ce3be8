"""What each recognizer finds and leaves, as tables of (text, expected)."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from assistant.domain.entity import EntityKind as K

Found = Callable[[str, K], list[str]]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("個人番号 1234 5678 9018", ["1234 5678 9018"]),  # grouped, labelled
        ("マイナンバー：１２３４５６７８９０１８", ["１２３４５６７８９０１８"]),  # full-width
        ("個人番号\n1234-5678\n-9018", ["1234-5678-9018"]),  # broken over a line: two extents
        ("個人番号 一二三四五六七八九〇一八", ["一二三四五六七八九〇一八"]),  # ideographic numerals
        ("個人番号 1234 5678 9017", ["1234 5678 9017"]),  # labelled, one digit misread: still closed
        ("管理番号 123456789018", []),  # a right check digit by chance, called something else
        ("1234 5678 9018", ["1234 5678 9018"]),  # grouped in fours with a right check digit
        ("1234 5678 9017", []),  # grouped in fours, wrong check digit, no label
        ("法人番号 8000012010038", []),  # thirteen digits
    ],
)
def test_my_numbers(found: Found, text: str, expected: list[str]) -> None:
    assert found(text, K.MY_NUMBER) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("電話 092-000-1234", ["092-000-1234"]),  # labelled
        ("ＴＥＬ０９２－０００－１２３４", ["０９２－０００－１２３４"]),  # full-width
        ("連絡は090-0000-1234へ", ["090-0000-1234"]),  # between kana: no word boundary to lean on
        ("電話（092）000-1234", ["092）000-1234"]),  # brackets around the area code
        ("電話 〇九二―〇〇〇―一二三四", ["〇九二―〇〇〇―一二三四"]),  # ideographic numerals
        ("電話 O92-000-1234", ["O92-000-1234"]),  # a letter misread for a zero
        ("携帯 O9O-OOOO-l234", ["O9O-OOOO-l234"]),  # most of it misread
        ("念のため聞いた番号 090-0000-1234", ["090-0000-1234"]),  # grouped as only a mobile is
        ("国の電話 +84-00-0000-1234", ["+84-00-0000-1234"]),  # abroad
        ("携帯09000001234", ["09000001234"]),  # no hyphens, said to be a mobile
        ("伝票番号 0930-00-1234", []),  # ten digits that are called another number
        ("支出命令番号0800-0419-2210", []),  # looks like a free dial
        ("整理番号 123-4567", []),  # too short
        ("内線 2345", ["2345"]),  # an extension
    ],
)
def test_phones(found: Found, text: str, expected: list[str]) -> None:
    assert found(text, K.PHONE) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("メールはhana@example.comへ", ["hana@example.com"]),  # between kana
        ("宛先: kouhou@city.example.lg.jp", ["kouhou@city.example.lg.jp"]),  # a public body's
        ("単価 @500 円", []),  # an at sign for a price
    ],
)
def test_emails(found: Found, text: str, expected: list[str]) -> None:
    assert found(text, K.EMAIL) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("振込先　東西銀行中央支店　普通　1234567", ["東西銀行中央支店　普通　1234567"]),  # one unit
        ("ゆうちょ銀行 記号 12345 番号 7654321", ["記号 12345 番号 7654321"]),  # post office
        ("普通預金 口座番号 7654321", ["普通預金 口座番号 7654321"]),  # no bank said
        ("1 0009 ﾄｳｻﾞｲ 012 ﾁﾕｳｵｳ 1 1234567 ﾔﾏﾀﾞ ﾊﾅｺ 15000", ["0009 ﾄｳｻﾞｲ 012 ﾁﾕｳｵｳ 1 1234567"]),  # transfer data
        ("普通 令和6年度", []),  # the word alone
    ],
)
def test_accounts(found: Found, text: str, expected: list[str]) -> None:
    assert found(text, K.BANK_ACCOUNT) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("住所　北山市東町3丁目4番5号", ["北山市東町3丁目4番5号"]),  # whole
        ("住所　東町三丁目4-5-601", ["東町三丁目4-5-601"]),  # mixed numerals, room
        ("大字中原字下川1234番地2", ["大字中原字下川1234番地2"]),  # 大字 and 字
        ("すみれが丘1-2-3に住む", ["すみれが丘1-2-3"]),  # が belongs to the town
        ("住所 緑町 3丁目 12ー7", ["緑町 3丁目 12ー7"]),  # spaces, a long vowel for a hyphen
        ("申請者 田中 一郎 緑町3-1-9", ["緑町3-1-9"]),  # the name before it is no town
        ("〒123-4567", ["〒123-4567"]),  # postal code
        ("令和6年5月31日", []),  # a date
        ("第3-2号様式", []),  # a form
        ("東町1～3区を担当", []),  # an area
        ("単価表1,240円", []),  # a price
    ],
)
def test_addresses(found: Found, text: str, expected: list[str]) -> None:
    assert found(text, K.ADDRESS) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("氏名 田中 一郎 ㊞", ["㊞"]),  # folding would make it a plain letter
        ("（代表者印）", ["（代表者印）"]),  # described
        ("［社印の印影］", ["［社印の印影］"]),  # described with brackets
        ("印刷費", []),  # the letter in a word
    ],
)
def test_seals(found: Found, text: str, expected: list[str]) -> None:
    assert found(text, K.SEAL) == expected


@pytest.mark.parametrize(
    ("text", "kind", "expected"),
    [
        ("昭和50年4月1日生", K.BIRTH_DATE, ["昭和50年4月1日生"]),
        ("生年月日　S50.4.1", K.BIRTH_DATE, ["S50.4.1"]),  # by its label
        ("平成30年6月に開館", K.BIRTH_DATE, []),
        ("相談者 田中 一郎（52歳、会社員）", K.AGE, ["52歳"]),
        ("65歳以上の市民を対象", K.AGE, []),  # a rule
        ("相談者 田中 一郎（52歳、会社員）", K.OCCUPATION, ["会社員"]),
        ("相手方車両 北山330 あ 12-34", K.VEHICLE_NUMBER, ["北山330 あ 12-34"]),
        ("職員番号 123456", K.EMPLOYEE_NUMBER, ["123456"]),
        ("受験番号　B-0042", K.ID_NUMBER, ["B-0042"]),
        ("確認書類　運転免許証 第 60 12 3904 5571 号", K.ID_NUMBER, ["60 12 3904 5571"]),  # in groups
        ("（34歳、免許 第 711804421590 号）", K.ID_NUMBER, ["711804421590"]),  # 番号 is not said
        ("宛名 0071203　利用者 0034411", K.ID_NUMBER, ["0071203", "0034411"]),
        ("利用者 12345人、会員 2024年度、免許 3年", K.ID_NUMBER, []),  # counts and years
        ("管理画面 http://10.1.2.3/admin", K.NETWORK, ["http://10.1.2.3/admin"]),
        ("予定価格 12,345,000円", K.RESERVE_PRICE, ["12,345,000円"]),
        ("契約金額 12,345,000円", K.PRICE, ["12,345,000円"]),
        ("2級15号給", K.PAY_STEP, ["2級15号給"]),
    ],
)
def test_others(found: Found, text: str, kind: K, expected: list[str]) -> None:
    assert found(text, kind) == expected


def test_a_number_is_read_once(found: Found) -> None:
    text = "振込先　東西銀行中央支店　普通　1234567"
    assert found(text, K.BANK_ACCOUNT)
    assert not found(text, K.PHONE)
    assert not found(text, K.PRICE)
