"""A proposal handed over as bytes: what `osumitsuki propose --json` printed, kept in a file or passed through a pipe."""

from __future__ import annotations

import json
from collections.abc import Callable

from assistant.domain.finding import Proposal
from assistant.errors import InputError
from assistant.propose.unwire import from_json
from assistant.propose.warnings import before_drafting

_TODO = "osumitsuki propose --json の出力を、UTF-8のまま渡してください。"


def read_proposal(data: bytes, say: Callable[[str], None]) -> Proposal:
    """The proposal in `data`; `say` is told first what must be weighed before anything is drafted from it.

    Raises InputError: not UTF-8, not JSON, or JSON of another shape.
    """
    try:
        told = json.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        problem = "UTF-8の文字として読めません。"
    except (ValueError, RecursionError):
        problem = "JSONとして読めません。"
    else:
        proposal = from_json(told)
        for warning in before_drafting(proposal):
            say(f"注意：{warning.message}")
        return proposal
    raise InputError(problem + _TODO)
