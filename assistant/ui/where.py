"""Whether what is typed stays on this machine, in one line; the only place where the screen says so."""

from __future__ import annotations

from assistant.domain.finding import Engine, Proposal
from assistant.errors import InputError
from assistant.wiring import Assistant
from assistant.wiring.model import SENT, endpoint_of

HERE = "この端末の中だけで処理"
_STOPPED = "モデルへの送信は停止中（この端末の中だけで処理）"


def where_line(assistant: Assistant, engine: Engine | None = None) -> str:
    """Where text goes when `engine` is asked now, or the one that is asked unless told otherwise."""
    if not assistant.settings.has_model or engine == "rules":
        return HERE
    try:
        way = endpoint_of(assistant.settings).way
    except InputError:  # whoever asks the model is told why; here it is enough that nothing leaves
        return _STOPPED
    return f"{way}送信" if way else HERE


def is_stopped(assistant: Assistant) -> bool:
    """Whether a model is set to which nothing may be sent."""
    return where_line(assistant) == _STOPPED


def where_went(proposal: Proposal) -> str:
    """The same for a proposal that was kept: as it was then, whatever the settings are now."""
    sent = (warning.message for warning in proposal.warnings if warning.code == SENT)
    return next(sent, HERE).rstrip("。")
