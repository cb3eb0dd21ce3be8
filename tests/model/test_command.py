"""`osumitsuki propose` with a model: what is printed, and what the exit code tells an RPA."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.cli.running import run
from tests.model.server import Body, Script, asked, send, serving

RECORD = "相談者 氏名 烏丸 花代\n受付 本庁舎1階の窓口\n天候 晴れのち曇り\n"
ADDED = {
    "text": "晴れのち曇り",
    "before": "",
    "decision": "ask",
    "head": "個人",
    "exceptions": [],
    "why": "その日の天候から本人が分かることがある",
    "reason": "",
    "to_find_out": "その日の相談はほかにあったか。",
    "citations": [{"source": "S3", "quote": "特定の個人を識別することができるもの"}],
}
KEY = "sk-himitsu-0123456789"


def test_three_ways_a_command_with_a_model_ends(tmp_path: Path) -> None:
    """0: the model answered. 3: it did not, and the complete rules output is there. 2: it is not on this machine."""
    answer = json.dumps({"findings": [ADDED], "opinions": []}, ensure_ascii=False)
    common: dict[str, Any] = {
        "data_dir": tmp_path,
        "stdin": RECORD,
        "OSUMITSUKI_MODEL_NAME": "試験",
        "OSUMITSUKI_MODEL_API_KEY": KEY,
    }
    plain = run("propose", "--json", "--engine", "rules", data_dir=tmp_path, stdin=RECORD)
    assert plain.returncode == 0, plain.stderr
    with serving(Script(content=lambda body: answer)) as stub:
        done = run("propose", "--json", **common, OSUMITSUKI_MODEL_BASE_URL=stub.url)
        assert done.returncode == 0, done.stderr
        told = json.loads(done.stdout)
        assert (told["engine"], told["requested_engine"], told["model"]) == ("model", "model", "試験")
        (added,) = (f for f in told["findings"] if f["found_by"] == ["model:試験"])
        assert added["citations"][0]["status"] == "verified"
        assert stub.headers[0]["authorization"] == f"Bearer {KEY}"

        def failing(handler: object, body: Body) -> bool:
            send(handler, 500, json.dumps({"error": {"message": asked(body)}}).encode())  # type: ignore[arg-type]
            return True

        stub.script = Script(misbehave=failing)
        failed = run("propose", "--json", **common, OSUMITSUKI_MODEL_BASE_URL=stub.url)
    assert failed.returncode == 3
    told = json.loads(failed.stdout)
    assert told["findings"] == json.loads(plain.stdout)["findings"]
    assert (told["engine"], told["requested_engine"]) == ("rules", "model")
    assert "500" in failed.stderr
    assert "烏丸" not in failed.stderr
    refused = run("propose", "--json", **common, OSUMITSUKI_MODEL_BASE_URL="https://models.example.com/v1")
    assert refused.returncode == 2
    assert refused.stdout == ""
    for done in (failed, refused):
        assert KEY not in done.stderr + done.stdout
        assert "Traceback" not in done.stderr
