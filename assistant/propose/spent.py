"""What asking a model took, in words: calls and tokens, in all and by page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from assistant.domain.usage import PageUsage, Usage


def total_of(pages: Iterable[PageUsage]) -> Usage:
    """The sum over pages; zero where no model was asked."""
    return sum((one.usage for one in pages), Usage())


def usage_words(usage: Usage) -> str:
    """「モデル：3回・入力12,345＋出力678 トークン（うち再利用 1回）」; empty where no model was asked."""
    if not usage.calls and not usage.reused:
        return ""
    return f"モデル：{_counts(usage)}"


def usage_lines(pages: Sequence[PageUsage]) -> list[str]:
    """In all, then by page where there is more than one; nothing where no model was asked."""
    whole = usage_words(total_of(pages))
    if not whole or len(pages) == 1:
        return [whole] if whole else []
    return [whole, *(f"　{one.page}ページ：{_counts(one.usage)}" for one in pages)]


def _counts(usage: Usage) -> str:
    more = [
        f"うち再利用 {usage.reused}回" if usage.reused else "",
        f"うち接続先の控えから {usage.cached_tokens:,} トークン" if usage.cached_tokens else "",
        f"{usage.estimated}回分は見積り" if usage.estimated else "",
    ]
    told = "、".join(one for one in more if one)
    calls = f"{usage.calls + usage.reused}回・入力{usage.prompt_tokens:,}＋出力{usage.completion_tokens:,} トークン"
    return calls + (f"（{told}）" if told else "")
