"""Mails (.eml, .msg): the page as one reads it, in whatever encoding and however broken; the rest is listed."""

from __future__ import annotations

import random
import struct
from email.header import Header
from email.message import EmailMessage

import pytest

from assistant.documents.hoard import Hoard, nothing_inside
from assistant.documents.mail import header_text, html_text, read_mail
from assistant.documents.open import open_document
from assistant.documents.ports import Opened, Readers
from assistant.domain.document import HiddenKind
from assistant.errors import DocumentError
from tests.documents.office_building import complaint, ole_file, word_file

BODY = "見本市役所　御中\n\n佐藤一郎です。申請書を送ります。\n"


def mail(charset: str = "utf-8") -> EmailMessage:
    made = EmailMessage()
    made["From"] = "佐藤一郎 <ichiro@example.jp>"
    made["To"] = "総務課 <soumu@example.lg.jp>"
    made["Date"] = "Wed, 01 May 2024 10:00:00 +0900"
    made["Subject"] = "情報公開請求について"
    made["Received"] = "from relay.example.jp by mx.example.lg.jp"
    made["X-Mailer"] = "Himitsu 1.0"
    made.set_content(BODY, charset=charset)
    return made


def opened(data: bytes, name: str = "a.eml") -> Opened:
    return open_document(data, name=name, readers=Readers())


def text_of(data: bytes, name: str = "a.eml") -> str:
    return "\n".join(page.text for page in opened(data, name).document.pages)


@pytest.mark.parametrize("charset", ["utf-8", "iso-2022-jp", "shift_jis", "euc-jp"])
def test_a_mail_reads_the_same_in_every_encoding(charset: str) -> None:
    found = opened(mail(charset).as_bytes())
    assert found.document.pages[0].text.rstrip() == (
        "差出人：佐藤一郎 <ichiro@example.jp>\n宛先：総務課 <soumu@example.lg.jp>\n"
        "送信日時：Wed, 01 May 2024 10:00:00 +0900\n件名：情報公開請求について\n\n" + BODY.rstrip()
    )
    assert found.document.media == "mail"
    listed = {each.place: each.text for each in found.document.hidden}
    assert listed["メールの見えないヘッダー（X-Mailer）"] == "Himitsu 1.0"
    assert any("Received" in place for place in listed)


def test_attachments_are_listed_with_their_text_and_a_note() -> None:
    made = mail()
    made.add_attachment(word_file(), maintype="application", subtype="octet-stream", filename="申請書.docx")
    made.add_attachment(
        "氏名,山田花子\n".encode("cp932"), maintype="text", subtype="csv", filename="名簿.csv"
    )
    inside = EmailMessage()
    inside["Subject"], inside["From"] = "転送された件", "x@example.jp"
    inside.set_content("中のメールの本文")
    made.add_attachment(inside)
    found = opened(made.as_bytes())
    attached = [each.text for each in found.document.hidden if each.kind is HiddenKind.ATTACHMENT]
    assert len(attached) == 3
    assert attached[0].startswith("申請書.docx\n")
    assert "本文の佐藤一郎です。" in attached[0]
    assert "コメントの秘密" in attached[0]
    assert attached[1] == "名簿.csv\n氏名,山田花子"
    assert "中のメールの本文" in attached[2]
    assert "添付ファイルが3件" in "".join(found.notes)
    assert "山田花子" not in found.document.pages[0].text


def test_html_alone_is_the_body_and_beside_text_it_is_listed() -> None:
    alone = EmailMessage()
    alone["From"] = "a@example.jp"
    html = "<html><head><style>p{x:y}</style><script>alert(1)</script></head><body><p>一行目<br>二行目</p><img src='http://127.0.0.1:9/x'><table><tr><td>氏名</td><td>佐藤&amp;一郎</td></tr></table></body></html>"
    alone.set_content(html, subtype="html", charset="iso-2022-jp")
    text = text_of(alone.as_bytes())
    assert "一行目\n二行目" in text.replace("\n\n", "\n")
    assert "氏名 佐藤&一郎" in text
    assert "alert" not in text
    assert "x:y" not in text
    both = mail()
    both.add_alternative(html, subtype="html")
    found = opened(both.as_bytes())
    assert "一行目" not in found.document.pages[0].text
    assert any("一行目" in each.text for each in found.document.hidden if each.kind is HiddenKind.HIDDEN_TEXT)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (Header("情報公開の件", "iso-2022-jp").encode(), "情報公開の件"),
        ("=?ISO-2022-JP?B?GyRCPnBKcxsoQg==?=\r\n =?ISO-2022-JP?B?GyRCOHgzKxsoQg==?=", "情報公開"),
        ("=?utf-8?Q?=E6=83=85=E5=A0=B1?= (1)", "情報 (1)"),
        ("=?shift_jis?B?" + "k/qWe4zqh0A=" + "?=", "日本語①"),
        ("=?no-such?B?44GC?=", "あ"),
        ("=?utf-8?B?broken!!", "=?utf-8?B?broken!!"),
    ],
)
def test_headers_are_read_as_programs_write_them(written: str, read: str) -> None:
    assert header_text(written) == read


@pytest.mark.parametrize("charset", ["utf-8", "cp932", "euc_jp", "iso2022_jp"])
def test_headers_and_bodies_that_break_the_rules_are_read(charset: str) -> None:
    raw = f"From: 佐藤一郎 <a@example.jp>\r\nSubject: 公文書の公開\r\nMIME-Version: 1.0\r\n\r\n{BODY}".encode(
        charset
    )
    text = text_of(raw)
    assert text.startswith("差出人：佐藤一郎 <a@example.jp>\n件名：公文書の公開\n")
    assert "申請書を送ります。" in text


def test_a_mail_is_known_without_its_name_and_text_about_mails_is_not_one() -> None:
    assert opened(mail().as_bytes(), "saved").document.media == "mail"
    assert opened("From: は差出人です。\n日付: 5月\n".encode(), "メモ").document.media == "text"
    assert opened(mail().as_bytes(), "a.txt").document.media == "text"


def test_broken_mails_give_a_document_or_a_sentence() -> None:
    made = mail()
    made.add_attachment(b"x" * 3000, maintype="application", subtype="pdf", filename="a.pdf")
    whole, chance = made.as_bytes(), random.Random(7)
    for _ in range(150):
        data = bytearray(whole[: chance.randrange(60, len(whole))])
        for _ in range(chance.randrange(20)):
            data[chance.randrange(len(data))] = chance.randrange(256)
        assert complaint(lambda data=bytes(data): read_mail(data, Hoard(), nothing_inside)).endswith("。")


def test_html_of_deep_nesting_is_read() -> None:
    assert html_text("<div>" * 20_000 + "深い" + "</div>" * 20_000)[0] == "深い"


def outlook(**more: bytes) -> bytes:
    sent = struct.pack("<IIQ", 0x00390040, 6, 133590096000000000)
    streams = {
        "__properties_version1.0": bytes(32) + sent,
        "__substg1.0_0037001F": "情報公開請求について".encode("utf-16-le"),
        "__substg1.0_0C1A001F": "佐藤一郎".encode("utf-16-le"),
        "__substg1.0_5D01001F": "ichiro@example.jp".encode("utf-16-le"),
        "__substg1.0_0E04001F": "総務課".encode("utf-16-le"),
        "__substg1.0_007D001F": "Received: from himitsu".encode("utf-16-le"),
        "__attach_version1.0_#00000000/__substg1.0_3707001F": "名簿.csv".encode("utf-16-le"),
        "__attach_version1.0_#00000000/__substg1.0_37010102": ("氏名,山田花子\n" * 300).encode("utf-8")[
            :4096
        ],
        **more,
    }
    return ole_file(streams)


def test_a_mail_of_outlook_is_read_like_any_other() -> None:
    found = opened(outlook(**{"__substg1.0_1000001F": BODY.encode("utf-16-le")}), "a.msg")
    assert found.document.pages[0].text.rstrip() == (
        "差出人：佐藤一郎 <ichiro@example.jp>\n宛先：総務課\n送信日時：2024年05月01日 13:00\n件名：情報公開請求について\n\n"
        + BODY.rstrip()
    )
    listed = [each.text for each in found.document.hidden]
    assert any(text.startswith("名簿.csv\n氏名,山田花子") for text in listed)
    assert "Received: from himitsu" in listed


def test_older_mails_of_outlook_and_those_with_rich_text_alone() -> None:
    narrow = {"__substg1.0_1000001E": BODY.encode("cp932")}
    assert "佐藤一郎です。" in text_of(outlook(**narrow), "a.msg")
    html = {"__substg1.0_10130102": "<p>本文はここ</p>".encode()}
    assert "本文はここ" in text_of(outlook(**html), "a.msg")
    rich = opened(outlook(**{"__substg1.0_10090102": b"\x10\x00"}), "a.msg")
    assert "リッチテキスト" in "".join(rich.notes)


def test_what_html_hides_is_listed_and_not_set_on_the_page() -> None:
    made = mail()
    made.set_content(
        "<!--[if mso]><xml>x</xml><![endif]--><!-- 担当は佐藤 --><div style='display: none'>先頭<div>の</div>要約</div>"
        "<p>本文</p><p hidden>隠した行<p>続き<span style='mso-hide:all'>裏</span>です</p>",
        subtype="html",
        charset="utf-8",
    )
    result = opened(made.as_bytes())
    page = result.document.pages[0].text
    assert page.endswith("本文\n\n続きです")
    (hidden,) = (each for each in result.document.hidden if each.kind is HiddenKind.HIDDEN_TEXT)
    told = hidden.text
    assert [word in told for word in ("佐藤", "先頭", "要約", "隠した行", "裏", "xml")] == [True] * 5 + [
        False
    ]


def test_a_box_of_mails_is_to_be_taken_apart() -> None:
    one = b"From a@example.jp Mon Apr  1 10:00:00 2024\n" + mail().as_bytes() + b"\n"
    assert "佐藤一郎です" in text_of(one, "a.mbox")
    with pytest.raises(DocumentError, match="一通ずつ"):
        opened(one + one, "a.mbox")
