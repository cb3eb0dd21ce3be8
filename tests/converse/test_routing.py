"""Question or passage: decided with reasons that can be shown, and without repeating the text."""

from __future__ import annotations

from pathlib import Path

import pytest

import assistant.converse
from assistant.converse.routing import looks_like_passage
from assistant.converse.wording import read_wording
from assistant.errors import DataFileError

PASSAGES = [
    "苦情処理票\n受付日：令和8年5月11日\n申出者：鮫島 春子\n電話：093-000-1234\n内容：夜間の音がうるさい。",  # a form
    "品名\t数量\t単価\n足場\t2\t12,500円\n塗装\t1\t98,000円",  # a table
    "令和8年5月11日、申出者の鮫島春子氏が来庁し、隣の家の音について相談した。住所は見本市青葉町1丁目2番3号、"
    "電話は093-000-1234である。担当の戸田主任が応対し、環境課の調査の結果を後日伝えることとした。鮫島氏は以前にも同じ件で"
    "相談しており、そのときは川辺係長が現地を確認している。再度の調査を行うこととし、日程は追って連絡する。",  # prose
    "議事録\n日時　令和8年5月11日\n出席者　戸田、川辺\n市長「なぜ遅れたのですか」\n課長「資材が届かなかったためです」\n以上",
    "委員A：この案でよいのですか。\n事務局：今後検討します。\n委員B：予定価格はいくらですか。\n事務局：まだ決まっていません。",
]
QUESTIONS = [
    "会社の担当者の名前は消しますか",
    "自治会長の名前",  # two words, no verb
    "第7条第2号",
    "決定期限はいつまで？",
    "印影",
    "令和8年5月11日に出した請求の期限はいつですか",  # a date alone makes no passage
    "開札後の予定価格って出すべきか",
    "相談記録に093-000-1234のような電話番号があるとき、下4桁だけ消せばよいでしょうか",  # data in a question
    "次のことを教えてください。\n1 印影は消しますか\n2 口座番号は消しますか\n3 どの号ですか",  # lines, but a question
]


@pytest.mark.parametrize("text", PASSAGES)
def test_passages(text: str) -> None:
    routing = looks_like_passage(text)
    assert routing.is_passage
    assert routing.reasons
    assert "鮫島" not in "".join(routing.reasons)


@pytest.mark.parametrize("text", QUESTIONS)
def test_questions(text: str) -> None:
    assert not looks_like_passage(text).is_passage


@pytest.mark.parametrize("text", ["", " ", "\n\n", "\x00", "あ" * 200_000])
def test_anything_is_taken(text: str) -> None:
    assert looks_like_passage(text).is_passage == (len(text) > 1000)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('subject = "', 'subjekt = "', "subjekt"),  # a key misspelt
        ("{provision}の定め", "{provisoin}の定め", "provisoin"),  # a slot misspelt
        ('"法人ただし書" =', '"法人ただしがき" =', "法人ただしがき"),  # a role that is none
        ("long = 160", 'long = "長い"', "long"),  # a word for a number
        ("{count}文字ある", "{text}がある", "text"),  # a reason that would repeat the text
    ],
)
def test_wording_is_refused(tmp_path: Path, old: str, new: str, says: str) -> None:
    text = (Path(assistant.converse.__file__).parent / "wording.toml").read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "wording.toml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(DataFileError) as caught:
        read_wording(path)
    assert says in str(caught.value)
