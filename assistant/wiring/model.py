"""What speaks to a model, put together from the settings."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from assistant.domain.finding import ProposalWarning
from assistant.errors import SettingsError
from assistant.settings import Settings, bundled

if TYPE_CHECKING:
    from assistant.corpus.corpus import Corpus
    from assistant.domain.finding import Proposal
    from assistant.model.endpoint import Endpoint
    from assistant.model.errand import Gate
    from assistant.model.ledger import Ledger
    from assistant.model.manner import Manners
    from assistant.policy.rules import Policy
    from assistant.propose.tools import Detect, Proposer

SENT = "model_sent"
"""Code of the warning that says where the text of a result went."""
NO_MODEL = (
    "モデルが設定されていません。OSUMITSUKI_MODEL_BASE_URL と OSUMITSUKI_MODEL_NAME を設定するか、"
    "--engine rules で調べてください。"
)


def endpoint_of(settings: Settings) -> Endpoint:
    """The endpoint under the administrator's decision. Raises SettingsError or EgressRefused."""
    from assistant.model.egress import read_egress
    from assistant.model.endpoint import checked_endpoint

    if settings.model_base_url is None:
        raise SettingsError(NO_MODEL)
    return checked_endpoint(settings.model_base_url, read_egress(settings.model_egress))


def open_gate(settings: Settings, ledger: Ledger, manners: Manners | None = None) -> Gate:
    """The gate before the endpoint; what is found out about it goes into `manners`. Nothing is opened yet.

    Raises SettingsError or EgressRefused.
    """
    from assistant.adapters.chat import OpenAIChat
    from assistant.model.gate import GuardedGate

    endpoint = endpoint_of(settings)
    if settings.model_name is None:
        raise SettingsError(NO_MODEL)
    key = settings.model_api_key
    chat = OpenAIChat(endpoint, settings.model_name, key.get_secret_value() if key else None, manners=manners)
    return GuardedGate(chat, endpoint.rule, ledger=ledger, host=endpoint.host, loopback=endpoint.loopback)


def sent_by(proposal: Proposal, settings: Settings) -> Proposal:
    """The proposal with where its text went, unless it stayed on this machine: the settings may be others when it is
    read again. Raises SettingsError or EgressRefused."""
    way = endpoint_of(settings).way if proposal.requested_engine == "model" else ""
    if not way:
        return proposal
    told = ProposalWarning(code=SENT, message=f"{way}送る設定で調べました。")
    return replace(proposal, warnings=(*proposal.warnings, told))


def proposer_of(gate: Gate, corpus: Corpus, policy: Policy, detect: Detect) -> Proposer:
    """The model engine for documents; what `policy` settles beyond doubt is not argued. `detect`: see ModelProposer.

    Raises DataFileError for a prompt that is not as it should be.
    """
    from assistant.model.prompts import load_prompt
    from assistant.propose.argue import ModelProposer
    from assistant.propose.argue_prompt import INPUTS, TEXTS

    prompt = load_prompt(bundled("prompts") / "argue.toml", texts=TEXTS, inputs=INPUTS)
    return ModelProposer(gate, corpus, prompt, detect=detect, policy=policy)
