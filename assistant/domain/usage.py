"""What asking a model took: calls and tokens, counted by the server or estimated where it does not say."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """Sums over some questions to a model.

    `calls`: requests that were answered; `reused`: questions answered from an identical one before, without a call;
    `cached_tokens`: part of `prompt_tokens` the server took from its own cache; `estimated`: calls whose tokens the
    server did not count and we estimated (high).
    """

    calls: int = 0
    reused: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    cached_tokens: int = 0
    estimated: int = 0

    def __add__(self, other: Usage) -> Usage:
        return Usage(
            calls=self.calls + other.calls,
            reused=self.reused + other.reused,
            prompt_tokens=self.prompt_tokens + other.prompt_tokens,
            completion_tokens=self.completion_tokens + other.completion_tokens,
            cached_tokens=self.cached_tokens + other.cached_tokens,
            estimated=self.estimated + other.estimated,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class PageUsage:
    """What the questions about one page took."""

    page: int
    usage: Usage
