"""A chat that counts what its questions took; where the server does not say, our estimate stands in."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace

from assistant.domain.usage import Usage
from assistant.errors import UnusableAnswer
from assistant.model.ports import Chat, Message, Reply, Shape
from assistant.model.tokens import estimate_tokens


def question_tokens(messages: Sequence[Message], shape: Shape) -> int:
    """Estimated tokens of a whole question: providers count the form of the answer as well."""
    form = json.dumps(shape.schema, ensure_ascii=False, separators=(",", ":"))
    return sum(estimate_tokens(message.text) for message in messages) + estimate_tokens(form)


class CountingChat:
    """`model.ports.Chat` over another one. `usage`: of all questions put through it so far."""

    def __init__(self, chat: Chat) -> None:
        self._chat = chat
        self.usage = Usage()
        self.asked = 0

    @property
    def name(self) -> str:
        """The name of the model."""
        return self._chat.name

    def ask(self, messages: tuple[Message, ...], shape: Shape) -> Reply:
        """See `model.ports.Chat.ask`. An answer that could not be used was paid for all the same."""
        self.asked += 1
        try:
            reply = self._chat.ask(messages, shape)
        except UnusableAnswer:
            self.usage += Usage(calls=1, estimated=1, prompt_tokens=question_tokens(messages, shape))
            raise
        usage = reply.usage
        if usage.estimated and not usage.prompt_tokens and not usage.completion_tokens:
            usage = replace(
                usage,
                prompt_tokens=question_tokens(messages, shape),
                completion_tokens=estimate_tokens(reply.text),
            )
        self.usage += usage
        return reply
