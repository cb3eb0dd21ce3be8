"""What speaks to a model, put together from the settings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.errors import SettingsError
from assistant.settings import Settings, bundled

if TYPE_CHECKING:
    from assistant.corpus.corpus import Corpus
    from assistant.model.errand import Gate
    from assistant.propose.tools import Proposer

NO_MODEL = (
    "モデルが設定されていません。OSUMITSUKI_MODEL_BASE_URL と OSUMITSUKI_MODEL_NAME を設定するか、"
    "--engine rules で調べてください。"
)


def open_gate(settings: Settings) -> Gate:
    """The gate before the endpoint. Nothing is opened yet. Raises SettingsError or EgressRefused."""
    from assistant.adapters.chat import OpenAIChat
    from assistant.model.egress import Egress
    from assistant.model.endpoint import checked_endpoint
    from assistant.model.gate import GuardedGate

    url, name, key = settings.model_base_url, settings.model_name, settings.model_api_key
    if url is None or name is None:
        raise SettingsError(NO_MODEL)
    endpoint = checked_endpoint(url, Egress())
    return GuardedGate(OpenAIChat(endpoint, name, key.get_secret_value() if key else None), endpoint.rule)


def proposer_of(gate: Gate, corpus: Corpus) -> Proposer:
    """The model engine for documents. Raises DataFileError for a prompt that is not as it should be."""
    from assistant.model.prompts import load_prompt
    from assistant.propose.argue import ModelProposer
    from assistant.propose.argue_prompt import INPUTS, TEXTS

    prompt = load_prompt(bundled("prompts") / "argue.toml", texts=TEXTS, inputs=INPUTS)
    return ModelProposer(gate, corpus, prompt)
