"""The arguments and options of the commands: their names and the line of help each shows."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from assistant.adapters import console as terminal

Text = str | None
EngineName = Literal["rules", "model"] | None
City = Annotated[Text, typer.Option("--city", metavar="NAME", help="自治体のフォルダの名前か場所")]
Engine = Annotated[EngineName, typer.Option("--engine", help="規則のみか、モデルも使うか")]
AsJson = Annotated[bool, typer.Option("--json", help="JSONで出力する")]
Given = Annotated[
    str,
    typer.Argument(
        metavar="[FILE|-]", help="PDF・Word・Excel・PowerPoint・メール・テキスト・画像。-は標準入力"
    ),
]
File = Annotated[str, typer.Argument(metavar="FILE", help="調べる文書。-は標準入力")]
Password = Annotated[Text, typer.Option("--password", help="文書を開くためのパスワード")]
Marks = Annotated[
    str,
    typer.Option("--marks", metavar="FINDINGS.json", help="確定した結果（propose --json の形）。-は標準入力"),
]
MarksToCheck = Annotated[
    Text, typer.Option("--marks", metavar="FINDINGS.json", help="伏せたはずの箇所（redact に渡したもの）")
]
Original = Annotated[Text, typer.Option("--original", metavar="FILE", help="墨塗りする前の文書")]
Output = Annotated[Path, typer.Option("--output", "-o", metavar="OUT.pdf", help="墨塗りしたPDFの名前")]
CertificateFile = Annotated[
    Path | None, typer.Option("--certificate", metavar="CERT.json", help="検査の証明書を書き出す")
]
ConfirmAllAs = Annotated[
    Text,
    typer.Option(
        "--confirm-all-as",
        metavar="NAME",
        help="未確定の候補を、この人がすべて候補のまま採ったとする（要検討は伏せる）",
    ),
]
Clauses = Annotated[bool, typer.Option("--labels", help="根拠条項を黒塗りの上に印字する")]
StandardWidth = Annotated[
    float,
    typer.Option(
        "--standard-width", metavar="POINTS", min=0, help="黒塗りの幅をこの倍数にそろえる（72で1インチ）"
    ),
]
Stamp = Annotated[
    str, typer.Option("--stamp", help="各ページの余白に印字する文言（{page}と{pages}が使えます）")
]
Title = Annotated[str, typer.Option("--title", help="墨塗りしたPDFの題名")]
KeepVector = Annotated[
    bool,
    typer.Option("--keep-unmarked-vector", help="伏せる所のないページを画像にせず残す（通常は使いません）"),
]
SecretWords = Annotated[
    list[str] | None, typer.Option("--secret", metavar="TEXT", help="残っていてはならない言葉（何度でも）")
]
Folder = Annotated[Path, typer.Argument(metavar="DIR", help="文書の入ったフォルダ")]
OutFolder = Annotated[Path, typer.Option("--output", "-o", metavar="OUTDIR", help="結果を書き出すフォルダ")]
Workers = Annotated[
    int | None,
    typer.Option("--workers", min=1, max=64, help="同時に動かすプロセスの数（省くと端末に合わせます）"),
]
Findings = Annotated[str, typer.Argument(metavar="FINDINGS.json", help="propose --json の出力。-は標準入力")]
Labels = Annotated[Path, typer.Argument(metavar="FILE", help="一行に一件のJSON（JSON Lines）")]
Out = Annotated[Path | None, typer.Option("--out", metavar="FILE", help="一件ごとの結果を書き出す")]
Record = Annotated[
    Path | None,
    typer.Option(
        "--record",
        metavar="FILE",
        help="モデルとのやり取りを書き出す（評価する文章も入ります。あるファイルには書き足します）",
    ),
]
Replay = Annotated[
    Path | None,
    typer.Option("--replay", metavar="FILE", help="--record で書き出したやり取りを、モデルなしで再現する"),
]
Request = Annotated[Text, typer.Option("--request", help="請求の内容（存否応答拒否の検討に使う）")]
DecisionDate = Annotated[
    Text, typer.Option("--decision-date", metavar="DATE", help="決定日（2026-05-31 など）")
]
DocType = Annotated[Text, typer.Option("--doc-type", help="文書の種類（請求書、会議録など）")]
Query = Annotated[
    str, typer.Argument(metavar="QUERY", callback=terminal.given_words, help="調べたいことを文や言葉で")
]
Question = Annotated[
    str, typer.Argument(metavar="QUESTION", callback=terminal.given_words, help="聞きたいこと")
]
Kind = Annotated[
    Literal["provision", "handbook", "precedent"] | None, typer.Option("--kind", help="条文・手引・先例の別")
]
HeadName = Annotated[Text, typer.Option("--head", help="条項の種類（個人、法人…）か条項（第○条第○号）")]
Outcome = Annotated[Literal["withheld", "disclosed"] | None, typer.Option("--outcome", help="先例の結論")]
Year = Annotated[int | None, typer.Option("--year", help="先例の年（西暦）")]
Department = Annotated[Text, typer.Option("--department", help="先例の部署（一部でよい）")]
AsOf = Annotated[Text, typer.Option("--as-of", metavar="DATE", help="この日に有効な条文と先例")]
Limit = Annotated[int, typer.Option("--limit", min=1, max=100, help="件数")]
Port = Annotated[int | None, typer.Option("--port", min=1, max=65535, help="使うポート（省くと8501）")]
NoBrowser = Annotated[bool, typer.Option("--no-browser", help="ブラウザを開かない")]
