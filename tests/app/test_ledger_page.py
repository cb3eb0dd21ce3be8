"""送信の記録, and what every page says about where text goes."""

from __future__ import annotations

import csv
import io
import json
import re
import socket
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from assistant.adapters.ledger import LedgerLine
from assistant.model.ledger import LedgerEntry
from assistant.ui.pages.ledger import as_csv, outcome_words
from tests.app.conftest import SLOW
from tests.app.test_pages import PASSAGE, known, page_of, said
from tests.model.server import Script, serving

BOX = "modelbox.lan"
HERE = "この端末の中だけで処理"
Configured = Callable[..., None]


@pytest.fixture
def configured(monkeypatch: pytest.MonkeyPatch) -> Iterator[Configured]:
    """Settings of a model; the assistant of this process is built anew with them, and without them afterwards."""
    from assistant.ui.running import the_assistant

    def set_to(url: str, egress: str = "") -> None:
        monkeypatch.setenv("OSUMITSUKI_MODEL_BASE_URL", url)
        monkeypatch.setenv("OSUMITSUKI_MODEL_NAME", "mihon-model")
        monkeypatch.setenv("OSUMITSUKI_MODEL_EGRESS", egress)
        the_assistant.clear()  # its warming up is not needed again

    yield set_to
    the_assistant.clear()


@pytest.fixture
def box(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine of the office network that is really this one."""
    really = socket.getaddrinfo

    def looked_up(host: Any, *args: Any, **more: Any) -> Any:
        name = host.decode() if isinstance(host, bytes) else host
        return really("127.0.0.1" if name == BOX else host, *args, **more)

    monkeypatch.setattr(socket, "getaddrinfo", looked_up)


def _plain(app: AppTest) -> str:
    """What the page says, without the marks that keep a name from being read as formatting."""
    return re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", said(app))


def test_before_anything_was_sent(fresh: Path) -> None:
    known()
    app = page_of("ledger")
    assert not app.exception
    assert not app.error
    assert "一度もありません" in app.info[0].value
    words = _plain(app)
    assert "どこへも送りません" in words
    assert "送った文章、返ってきた文章、氏名、鍵は残りません" in words
    assert "OSUMITSUKI_MODEL_EGRESS" in words  # how an administrator changes it


WHERE = [  # endpoint, setting, in the sidebar, the rule on the page
    ("http://127.0.0.1:9/v1", "", HERE, "文章はこの端末から出ません"),
    ("http://127.0.0.1:9/v1", "block", "停止中", "管理者の設定"),
    ("https://models.example.jp/v1", "", "停止中", "管理者が決め"),
    (
        "https://models.example.jp/v1",
        "pseudonymize",
        "氏名等を伏せて models.example.jp へ送信",
        "符号に置き換えて",
    ),
    ("https://models.example.jp/v1", "allow", "そのまま models.example.jp へ送信", "文章はそのまま渡します"),
]


@pytest.mark.parametrize(("url", "egress", "line", "rule"), WHERE)
def test_every_page_says_where_text_goes(
    data_dir: Path, configured: Configured, url: str, egress: str, line: str, rule: str
) -> None:
    configured(url, egress)
    app = known()
    elsewhere = HERE not in line and "停止" not in line
    for shown in (app, page_of("about"), page_of("ledger")):
        assert not shown.exception
        words = _plain(shown)
        assert line in words
        if elsewhere:
            assert HERE not in words
            assert "外へ送りません" not in words
            assert "外へ出ません" not in words
    assert rule in _plain(page_of("ledger"))
    assert app.radio(key="engine").value == ("rules" if "停止" in line else "model")


def _desk(app: AppTest) -> dict[str, Any]:
    desk = next(e for e in app.get("bidi_component") if "osumitsuki_desk" in e.proto.component_name)
    told: dict[str, Any] = json.loads(getattr(desk.proto, desk.proto.WhichOneof("data")))
    return told


def test_what_was_sent_is_listed_and_the_desk_says_where_it_went(
    data_dir: Path, configured: Configured, box: None
) -> None:
    answer = json.dumps({"findings": [], "opinions": []})
    with serving(Script(content=lambda body: answer)) as stub:
        configured(f"http://{BOX}:{stub.port}/v1", f"{BOX}=pseudonymize")
        app = known()
        app.text_area(key="passage_text").set_value(PASSAGE)
        app.button(key="propose").click().run()
        assert not app.exception
        sent = json.dumps(stub.bodies, ensure_ascii=False)
    assert stub.bodies
    for secret in ("白鳥", "弥生", "8765"):
        assert secret not in sent
    told = _desk(app)
    assert told["place"] == f"氏名等を伏せて {BOX} へ送る設定で調べました"
    assert not any(BOX in warning for warning in told["warnings"])  # said once
    page = page_of("ledger")
    words = _plain(page)
    (row,) = {line for line in words.splitlines() if BOX in line and "文章を調べる" in line}
    cells = [cell.strip() for cell in row.strip("|").split("|")]
    assert cells[1:5] == [BOX, "mihon-model", "文章を調べる", "氏名等を伏せて"]
    assert int(cells[5]) > 1000
    assert cells[7] == "応答あり"
    (total,) = {
        line for line in words.splitlines() if BOX in line and "文章を調べる" not in line and "|" in line
    }
    assert [cell.strip() for cell in total.strip("|").split("|")][:4] == [BOX, "氏名等を伏せて", "1", "1"]
    # later, with other settings, the case still says what was done then
    configured("http://127.0.0.1:9/v1")
    again = AppTest.from_string(
        "from assistant.ui.pages import passage\npassage.show()\n", default_timeout=SLOW
    )
    case = app.query_params["case"]
    again.query_params["case"] = case[0] if isinstance(case, list) else case
    again.run()
    assert _desk(again)["place"] == told["place"]


def _line(number: int, **other: Any) -> LedgerLine:
    values: dict[str, Any] = {
        "at": datetime(2026, 11, 23, 5, 0, tzinfo=UTC) + timedelta(minutes=number),
        "host": "models.example.jp",
        "model": "m",
        "purpose": "converse",
        "rule": "allow",
        "prompt_hash": None,
        "characters": 12,
        "placeholders": 0,
    }
    entry = LedgerEntry(**{**values, **other})
    return LedgerLine(number=number, entry=entry, outcome="200", seconds=1.25)


def test_the_csv_opens_in_a_spreadsheet_and_calculates_nothing() -> None:
    names = ["=cmd|'/c calc'!A1", "+1", "-1", "@x", 'a,"b"', "試験\u3000モデル"]
    written = as_csv([_line(number, model=name) for number, name in enumerate(names, 1)])
    assert written.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(written.decode("utf-8-sig"))))
    assert [row["モデル"] for row in rows] == [
        "'=cmd|'/c calc'!A1",
        "'+1",
        "'-1",
        "'@x",
        'a,"b"',
        "試験\u3000モデル",
    ]
    assert rows[0]["番号"] == "1"
    assert datetime.fromisoformat(rows[0]["いつ"]) == _line(1).entry.at
    assert (rows[0]["何のために"], rows[0]["伏せ方"], rows[0]["結果"]) == (
        "質問に答える",
        "そのまま",
        "応答あり",
    )


@pytest.mark.parametrize(
    ("outcome", "words"),
    [
        (None, "応答の記録なし"),
        ("200", "応答あり"),
        ("401", "鍵を受け付けない（401）"),
        ("429", "混み合っている（429）"),
        ("418", "受け付けない（418）"),
        ("503", "相手側の不調（503）"),
        ("307", "転送の指示（従わない）（307）"),
        ("ConnectTimeout", "つながらない（ConnectTimeout）"),
        ("ReadTimeout", "途中で途切れた（ReadTimeout）"),
        ("other", "失敗（other）"),
    ],
)
def test_an_outcome_in_words(outcome: str | None, words: str) -> None:
    assert outcome_words(outcome) == words


def test_a_name_is_not_read_as_formatting(data_dir: Path) -> None:
    from assistant.ui.running import the_assistant

    known()
    the_assistant().ledger.note(_line(1, model="a|b **太字** <b>x</b> [y](z) :red[w]").entry)
    page = page_of("ledger")
    (row,) = {line for line in "\n".join(m.value for m in page.markdown).splitlines() if "太字" in line}
    assert "\\*\\*太字\\*\\*" in row
    assert "\\<b\\>" in row
    assert "a\\|b" in row
    assert "\\:red\\[w\\]" in row
