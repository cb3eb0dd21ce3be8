"""`reason --engine model`: the rules' rows are printed whatever the model does, and the exit code says who answered."""

from __future__ import annotations

import json
from typing import Any

import pytest
from passages import LETTER, WITHHELD
from running import Here

from tests.model.server import Script, serving

NOBODY = "http://127.0.0.1:9/v1"


@pytest.fixture
def letter(here: Here) -> dict[str, Any]:
    code, out, err = here("propose", "-", "--json", stdin=LETTER)
    assert code == 0, err
    return json.loads(out)


def test_reason_with_a_model_keeps_the_rules_and_says_what_came_of_it(
    here: Here, letter: dict[str, Any]
) -> None:
    stdin = json.dumps(letter)
    code, out, err = here("reason", "-", "--json", stdin=stdin)
    assert code == 0, err
    rules = json.loads(out)
    assert set(rules) == {"parts"}
    assert not any("wording" in part for part in rules["parts"])

    def content(body: dict[str, Any]) -> str:
        rows = [
            {"number": number, "grounds": part["grounds"][0]["provision"].split(), "reason": part["reason"]}
            for number, part in enumerate(rules["parts"], 1)
        ]
        return json.dumps({"rows": rows}, ensure_ascii=False)

    with serving(Script(content=content)) as stub:
        model = {"MODEL_BASE_URL": stub.url, "MODEL_NAME": "試験"}
        code, out, err = here("reason", "-", "--json", "--engine", "model", stdin=stdin, **model)
        shown = here("reason", "-", "--engine", "model", stdin=stdin, **model)
        assert stub.bodies
        sent = json.dumps(stub.bodies, ensure_ascii=False)
        before = len(stub.bodies)
        plain = here(
            "reason", "-", "--json", stdin=stdin, **model
        )  # a model that is set is not asked unasked
        assert len(stub.bodies) == before
    assert code == 0, err
    told = json.loads(out)
    assert (told["engine"], told["requested_engine"], told["model"]) == ("model", "model", "試験")
    assert [{k: v for k, v in part.items() if k != "wording"} for part in told["parts"]] == rules["parts"]
    assert told["parts"][0]["wording"]["usable"] is True
    assert not [word for word in WITHHELD if word in sent]
    assert shown[0] == 0
    assert "モデルの文（試験）" in shown[1]
    assert set(json.loads(plain[1])) == {"parts"}


def test_a_model_that_is_not_there_leaves_the_rows_and_exit_code_3(
    here: Here, letter: dict[str, Any]
) -> None:
    model = {"MODEL_BASE_URL": NOBODY, "MODEL_NAME": "試験"}
    stdin = json.dumps(letter)
    code, out, err = here("reason", "-", "--json", "--engine", "model", stdin=stdin, **model)
    told = json.loads(out)
    assert code == 3
    assert (told["engine"], told["requested_engine"]) == ("rules", "model")
    assert told["parts"]
    assert all(part["reason"] for part in told["parts"])
    assert told["warnings"][0]["code"] == "model_failed"
    assert "規則による理由だけ" in err


def test_a_model_that_is_not_set_is_the_inputs_fault(here: Here, letter: dict[str, Any]) -> None:
    code, out, err = here("reason", "-", "--engine", "model", stdin=json.dumps(letter))
    assert (code, out) == (2, "")
    assert "モデルが設定されていません" in err
