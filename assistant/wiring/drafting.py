"""Reasons by model, put together."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from assistant.errors import ModelError
from assistant.settings import bundled

if TYPE_CHECKING:
    from assistant.domain.document import Document
    from assistant.domain.finding import Engine, Finding
    from assistant.draft.rewording import Drafted
    from assistant.wiring import Assistant


def draft(
    assistant: Assistant,
    findings: Sequence[Finding],
    document: Document,
    day: date,
    *,
    engine: Engine,
    case: str | None = None,
) -> Drafted:
    """Rows by the rules; with `model`, its wording beside each. A model that fails leaves the rows and says so.

    Raises SettingsError or EgressRefused where no model may be asked.
    """
    from assistant.draft.rewording import Drafted, Reworder, failed
    from assistant.draft.rewording_prompt import INPUTS, TEXTS
    from assistant.model.prompts import load_prompt

    parts = assistant.reasons(findings, document, day)
    if assistant.engine(engine) == "rules":
        return Drafted(parts=parts)
    prompt = load_prompt(bundled("prompts") / "reason.toml", texts=TEXTS, inputs=INPUTS)
    try:
        reworder = Reworder(assistant.gate, assistant.corpus, prompt, detect=assistant.detector.detect)
        return reworder.word(parts, findings, document, day, case)
    except ModelError as error:
        return failed(parts, error)
