"""A model in conversation, over LangChain's agent: it may use tools that only read, and is stopped when it goes on.

Everything that leaves is hidden by the escort and watched at the door; everything that comes back is restored before
a tool or a person reads it. What a server does not understand (tools, a stream, counting) it is asked without.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

from assistant.adapters import chat_faults as faults
from assistant.adapters.agent_hearing import Hearing, NotTheModel, hearer_of
from assistant.adapters.chat_client import LONGEST_REPLY, open_client
from assistant.adapters.chat_form import usage_of
from assistant.adapters.chat_transport import Limits, limits_for, watched
from assistant.converse.conversing import Said, Tell, Tool
from assistant.domain.usage import Usage
from assistant.errors import UnusableAnswer
from assistant.model.errand import Escort
from assistant.model.ports import Message
from assistant.model.reply import without_thoughts
from assistant.model.tokens import estimate_tokens

if TYPE_CHECKING:
    import openai
    from langchain.agents.middleware import AgentMiddleware
    from langchain_core.messages import AIMessage, BaseMessage
    from langchain_core.tools import BaseTool
    from langchain_openai import ChatOpenAI

    from assistant.model.endpoint import Endpoint

MOST_CALLS = 6
"""Requests of one agent that are answered; in the last of them it is told to use no tool."""
_MOST_AT_ONCE = 8  # tools asked for in one answer
_MOST_STEPS = 100  # of the graph: calls, tools and middleware; the limit above comes first
_REFUSES = frozenset({400, 404, 415, 422, 500, 501})
_WANDERED = "モデルが一度に多くの道具を使おうとしたため、止めました。別のモデルを設定するか、質問を分けて尋ねてください。"


@dataclass(frozen=True, slots=True)
class _Way:
    """What the endpoint is asked for, as far as it is known to understand it."""

    tools: bool = True
    stream: bool = True
    counted: bool = True
    temperature: bool = True
    limit: Literal["max_tokens", "max_completion_tokens"] = "max_tokens"


class AgentConversing:
    """`converse.conversing.Conversing` for one endpoint and model. Nothing is imported or opened before the first
    question; what was found out about the endpoint is kept for as long as the object lives."""

    def __init__(
        self,
        endpoint: Endpoint,
        model: str,
        api_key: str | None = None,
        *,
        longest_reply: int = LONGEST_REPLY,
        limits: Limits | None = None,
    ) -> None:
        self._endpoint, self._model, self._key = endpoint, model, api_key
        self._longest, self._limits = longest_reply, limits or limits_for(endpoint)
        self._way = _Way()
        self._clients: dict[bool, ChatOpenAI] = {}
        self._lock = threading.Lock()

    def converse(
        self, messages: Sequence[Message], tools: Sequence[Tool], escort: Escort, tell: Tell
    ) -> Said:
        """See `converse.conversing.Conversing.converse`."""
        hearing = Hearing(escort, tell)
        with watched(escort):
            try:
                offered = tools if self._way.tools else ()
                said = self._run(messages, offered, escort, hearing)
                if not said.text and offered:
                    # It only asked for tools, or for none that there is: what it was given has to do.
                    again = self._run(messages, (), escort, hearing)
                    said = replace(again, usage=said.usage + again.usage, stopped=said.stopped)
            except NotTheModel as ours:
                raise ours.cause from None
            except Exception as error:  # also whatever a strange body makes LangChain or the SDK trip over
                raise faults.of_failure(error, keyed=self._key is not None) from None
        if not said.text:
            raise UnusableAnswer(faults.EMPTY)
        return said

    def _run(
        self, messages: Sequence[Message], tools: Sequence[Tool], escort: Escort, hearing: Hearing
    ) -> Said:
        from langchain.agents import create_agent
        from langchain.agents.middleware import ModelCallLimitMiddleware

        calls = _Calls(self)
        agent: Any = create_agent(  # its type names every kind of state it could have
            self.client(self._way.stream),
            tools=[_as_langchain(tool, escort) for tool in tools],
            middleware=[
                ModelCallLimitMiddleware(run_limit=MOST_CALLS, exit_behavior="end"),
                _careful(calls),
            ],
        )
        hidden = [_worded(one, escort) for one in messages]
        agent.invoke(
            {"messages": hidden}, config={"callbacks": [hearer_of(hearing)], "recursion_limit": _MOST_STEPS}
        )
        if calls.last is None:
            raise UnusableAnswer(faults.EMPTY)
        return Said(
            text=escort.restore(without_thoughts(str(calls.last.text))).strip(),
            usage=calls.usage,
            cut_off=calls.last.response_metadata.get("finish_reason") == "length",
            stopped=bool(calls.last.tool_calls),
        )

    # what is known of the endpoint --------------------------------------------------------------------------------

    def client(self, stream: bool) -> ChatOpenAI:
        """The client, opened at its first use."""
        with self._lock:
            if stream not in self._clients:
                self._clients[stream] = open_client(
                    self._endpoint, self._model, self._key, limits=self._limits, streaming=stream
                )
            return self._clients[stream]

    @property
    def way(self) -> _Way:
        """What it is asked for now."""
        return self._way

    def found_out(self, way: _Way) -> None:
        """Keeps a way that worked."""
        self._way = way

    def settings(self, way: _Way) -> dict[str, Any]:
        """Everything beside messages and tools, as LangChain's client takes it."""
        body: dict[str, Any] = {way.limit: self._longest}
        if way.temperature:
            body["temperature"] = 0.0
        told: dict[str, Any] = {"extra_body": body}
        if way.stream and way.counted:
            told["stream_options"] = {"include_usage": True}
        return told


class _Calls:
    """What was asked and answered in one run of the agent."""

    def __init__(self, adapter: AgentConversing) -> None:
        self.adapter = adapter
        self.last: AIMessage | None = None
        self.usage = Usage()
        self.answered = 0

    def take(self, asked: Sequence[BaseMessage], answer: AIMessage) -> None:
        """Notes an answer. Raises UnusableAnswer for one that is none."""
        usage = usage_of(answer)
        if usage.estimated:
            usage = replace(
                usage,
                prompt_tokens=sum(estimate_tokens(str(one.text)) for one in asked),
                completion_tokens=estimate_tokens(str(answer.text)),
            )
        self.usage += usage
        self.answered += 1
        self.last = answer
        finish = answer.response_metadata.get("finish_reason")
        if answer.additional_kwargs.get("refusal") or finish == "content_filter":
            raise UnusableAnswer(faults.REFUSED)
        if len(answer.tool_calls) > _MOST_AT_ONCE:
            raise UnusableAnswer(_WANDERED)


def _careful(calls: _Calls) -> AgentMiddleware[Any, Any, Any]:
    """The middleware that asks in the way the endpoint understands, and finds that out where it is not known."""
    from langchain.agents.middleware import AgentMiddleware

    class Careful(AgentMiddleware[Any, Any, Any]):
        def wrap_model_call(self, request: Any, handler: Any) -> Any:
            adapter = calls.adapter
            way = adapter.way
            while True:
                told = request.override(
                    model=adapter.client(way.stream), model_settings=adapter.settings(way)
                )
                if not way.tools:
                    told = told.override(tools=[])
                elif request.tools and calls.answered == MOST_CALLS - 1:
                    told = told.override(tool_choice="none")
                try:
                    response = handler(told)
                except Exception as error:
                    other = _other_way(error, way, bool(told.tools))
                    if other is None:
                        raise
                    way = other
                    continue
                adapter.found_out(way)
                calls.take(request.messages, response.result[0])
                return response

    return Careful()


def _other_way(error: Exception, way: _Way, with_tools: bool) -> _Way | None:
    """What to try after a refusal; None where nothing else would help."""
    import openai

    if not isinstance(error, openai.APIStatusError) or error.status_code not in _REFUSES:
        return None
    if faults.meant_for_caller(error):
        return None
    if error.status_code >= 500 or error.status_code == 404:
        # llama.cpp's server says 500 to tools it has no template for, gateways 404 for no endpoint that has them.
        return replace(way, tools=False) if with_tools and way.tools else None
    return _named_in(error, way) or _next_of(way, with_tools)


def _named_in(error: openai.APIStatusError, way: _Way) -> _Way | None:
    """The way without what the complaint names."""
    said = faults.complaint(error)
    if "temperature" in said and way.temperature:
        return replace(way, temperature=False)
    if "max_tokens" in said and way.limit == "max_tokens":
        return replace(way, limit="max_completion_tokens")
    if "stream_options" in said and way.counted and way.stream:
        return replace(way, counted=False)
    if ("tool" in said or "function" in said) and way.tools:
        return replace(way, tools=False)
    return replace(way, stream=False) if "stream" in said and way.stream else None


def _next_of(way: _Way, with_tools: bool) -> _Way | None:
    """Where the complaint names nothing: the least known first."""
    if way.stream and way.counted:
        return replace(way, counted=False)
    if way.tools and with_tools:
        return replace(way, tools=False)
    return replace(way, stream=False) if way.stream else None


def _worded(message: Message, escort: Escort) -> BaseMessage:
    from langchain_core.messages import AIMessage, HumanMessage, SystemMessage

    kinds: dict[str, type[BaseMessage]]
    kinds = {"system": SystemMessage, "user": HumanMessage, "assistant": AIMessage}
    return kinds[message.role](content=escort.hide(message.text))


def _as_langchain(tool: Tool, escort: Escort) -> BaseTool:
    """The tool with its ends turned: arguments come back restored, results leave hidden."""
    from langchain_core.tools import StructuredTool

    def use(**given: Any) -> str:
        try:
            return escort.hide(tool.use(_restored(given, escort)))
        except Exception as error:
            raise NotTheModel(error) from None

    return StructuredTool.from_function(
        func=use,
        name=tool.name,
        description=escort.hide(tool.description),
        args_schema=_hidden(tool.parameters, escort),
        infer_schema=False,
    )


def _restored(given: Mapping[str, Any], escort: Escort) -> dict[str, Any]:
    return {name: escort.restore(value) if isinstance(value, str) else value for name, value in given.items()}


def _hidden(schema: Mapping[str, Any], escort: Escort) -> dict[str, Any]:
    """The schema as it may leave: what is said in it about the city may hold what must not."""
    told: dict[str, Any] = {}
    for name, value in schema.items():
        if isinstance(value, Mapping):
            told[name] = _hidden(value, escort)
        else:
            told[name] = escort.hide(value) if name == "description" else value
    return told
