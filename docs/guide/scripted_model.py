"""A model for the pictures of the guide: a server on this machine that says what a careful model would."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler

from tests.converse.talker import Turn, said
from tests.model.server import Body, Script, asked, events, send_events, serving

QUOTE = "特定の個人を識別することができるもの"


@contextmanager
def a_model() -> Iterator[str]:
    """Its address, while it runs."""
    with serving(Script(content=_in_form, misbehave=_talking)) as stub:
        yield stub.url


def _source(told: str) -> str:
    """The number under which the quoted words stand."""
    for shown in re.finditer(r"^〔(S\d+)〕.*(?:\n(?!〔S|#).*)*", told, re.MULTILINE):
        if QUOTE in shown[0]:
            return shown[1]
    return "S1"


def _talking(handler: BaseHTTPRequestHandler, body: Body) -> bool:
    if not body.get("stream"):
        return False
    text = (
        f"相手方の氏名は、個人に関する情報として非開示とするのが原則です〔{_source(asked(body))}「{QUOTE}」〕。\n"
        "同意があれば必ず開示しなければなりません。\n"
        "まず、登記や名簿で氏名が公にされているかを確かめてください。"
    )
    send_events(handler, events(said(Turn(text))))
    return True


def _in_form(body: Body) -> str:
    told = asked(body)
    if "rows" not in json.dumps(body.get("response_format", {})):
        numbers = [int(one) for one in re.findall(r"^(\d+)\. 「", told, re.MULTILINE)]
        return json.dumps({"findings": [], "opinions": [], "agreed": numbers}, ensure_ascii=False)
    rows = []
    for number, row in re.findall(r"^(\d+)行目\n(.*?)(?=\n\n|\n#)", told, re.MULTILINE | re.DOTALL):
        fields = dict(re.findall(r"^(place|kind|grounds)：(.*)$", row, re.MULTILINE))
        draft = row.split("案：", 1)[1].strip() if "案：" in row else ""
        grounds = [one for one in re.split(r"[、,]", fields.get("grounds", "")) if one]
        reason = draft.replace("であり、", "であって、", 1)
        rows.append(
            {
                "number": int(number),
                "place": fields.get("place", ""),
                "kind": fields.get("kind", ""),
                "grounds": grounds,
                "harm": "",
                "provisos": [],
                "reason": reason,
            }
        )
    return json.dumps({"rows": rows}, ensure_ascii=False)
