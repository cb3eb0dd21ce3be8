"""A chat that does not put the same question twice: what came back is kept in memory, within bounds.

It stands before the gate: the key is made of the words as they are in the document, not of the placeholders, which may
be numbered otherwise the next time.
"""

from __future__ import annotations

import hashlib
import json
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import replace

from assistant.domain.usage import Usage
from assistant.model.ports import Chat, Message, Reply, Shape

Worth = Callable[[str], bool]
"""Whether a reply is worth keeping: one that did not fit is asked for anew, or trying again would never help."""


def question_key(model: str, messages: tuple[Message, ...], shape: Shape) -> str:
    """What makes a question the same: the model, every word said, and the form of the answer."""
    told = [
        model,
        [[message.role, message.text] for message in messages],
        [shape.name, shape.schema, shape.in_words],
    ]
    words = json.dumps(told, ensure_ascii=True, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(words.encode("ascii")).hexdigest()


class Memory:
    """Replies by question, the least recently used forgotten first. Safe between threads; nothing is written down."""

    def __init__(self, most: int = 500, most_characters: int = 4_000_000) -> None:
        self._most, self._most_characters = most, most_characters
        self._replies: OrderedDict[str, Reply] = OrderedDict()
        self._characters = 0
        self._lock = threading.Lock()

    def get(self, key: str) -> Reply | None:
        """The reply to this question, None where it is not known."""
        with self._lock:
            reply = self._replies.get(key)
            if reply is not None:
                self._replies.move_to_end(key)
            return reply

    def put(self, key: str, reply: Reply) -> None:
        """Keeps a reply; one longer than the whole memory is not kept."""
        if len(reply.text) > self._most_characters:
            return
        with self._lock:
            held = self._replies.pop(key, None)
            self._characters += len(reply.text) - (len(held.text) if held else 0)
            self._replies[key] = reply
            while len(self._replies) > self._most or self._characters > self._most_characters:
                _, oldest = self._replies.popitem(last=False)
                self._characters -= len(oldest.text)

    def __len__(self) -> int:
        return len(self._replies)


class RememberingChat:
    """`model.ports.Chat` over another one and a memory that outlives it."""

    def __init__(self, chat: Chat, memory: Memory, worth: Worth) -> None:
        self._chat, self._memory, self._worth = chat, memory, worth

    @property
    def name(self) -> str:
        """The name of the model."""
        return self._chat.name

    def ask(self, messages: tuple[Message, ...], shape: Shape) -> Reply:
        """See `model.ports.Chat.ask`. What is remembered took nothing but a look (`Usage.reused`)."""
        key = question_key(self.name, messages, shape)
        known = self._memory.get(key)
        if known is not None:
            return replace(known, usage=Usage(reused=1))
        reply = self._chat.ask(messages, shape)
        if self._worth(reply.text):
            self._memory.put(key, reply)
        return reply
