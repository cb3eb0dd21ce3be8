"""The command line as an object; each module of this room hangs its commands on it."""

from __future__ import annotations

import typer

app = typer.Typer(
    name="osumitsuki",
    help="お墨付き：情報公開で伏せる箇所を、根拠条項・手引・先例とともに提案します。決めるのは職員です。",
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # plain help: rich alone would take half of the second in which help must show
)
evaluate_app = typer.Typer(rich_markup_mode=None, help="正解を付けた文章や質問で、提案の良し悪しを測ります。")
audit_app = typer.Typer(rich_markup_mode=None, help="操作の記録を調べます。")
app.add_typer(evaluate_app, name="evaluate")
app.add_typer(audit_app, name="audit")
