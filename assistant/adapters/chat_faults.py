"""What went wrong at the endpoint, in words for staff. Never the server's own words: they may repeat the passage."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

from assistant.adapters.chat_patience import told_to_wait, worded
from assistant.adapters.chat_stream import AnswerFailed, AnswerRefused, AnswerUnfinished
from assistant.adapters.chat_transport import AnswerEncoded, AnswerTooLarge, AnswerTooSlow
from assistant.errors import ModelError, ModelUnavailable, UnusableAnswer
from assistant.model.ports import AnswerCutOff

if TYPE_CHECKING:
    import openai

_LATER = "時間をおいてもう一度お試しください。"
_ADMIN = "システムの担当者に知らせてください。"
_URL = "接続先（OSUMITSUKI_MODEL_BASE_URL）を確かめてください。"
_NAME = "OSUMITSUKI_MODEL_NAME"
_KEY = "OSUMITSUKI_MODEL_API_KEY"
_STATUS = {
    400: f"モデルが要求を受け付けませんでした（400）。モデル名（{_NAME}）と、モデルに入る文章の長さの設定を確かめるか、{_ADMIN}",
    401: f"モデルの接続キーが受け付けられませんでした（401）。{_KEY} を確かめてください。",
    403: f"モデルの利用が許可されていません（403）。接続キーの権限を確かめるか、{_ADMIN}",
    404: "接続先に、そのモデルがありません（404）。OSUMITSUKI_MODEL_BASE_URL（末尾は多くの場合 /v1）と "
    f"{_NAME} を確かめてください。",
    408: f"モデルの応答が時間内にありませんでした（408）。{_LATER}",
    413: f"モデルが要求を大きすぎるとして受け付けませんでした（413）。{_ADMIN}",
    422: f"モデルが要求を受け付けませんでした（422）。モデル名（{_NAME}）を確かめるか、{_ADMIN}",
}
CUT_OFF = "モデルの回答が途中で切れました。モデルの出力の上限を大きくするか、文章を分けて調べてください。"
REFUSED = "モデルが回答を断りました。別のモデルを設定するか、規則だけで調べてください（--engine rules）。"
EMPTY = f"モデルの回答が空でした。{_LATER}"
STRANGE = f"応答が、モデルの応答の形になっていません。OpenAI互換の{_URL}"
TOO_LARGE = f"接続先の応答が大きすぎるため、読むのをやめました。{_URL}"
_REDIRECT = f"接続先が別の場所へ転送しようとしたため、送るのをやめました。{_URL}"
_SLOW = f"モデルの応答が時間内に終わりませんでした。文章を分けるか、{_LATER}"
_ABSENT = f"モデルに接続できませんでした。モデルのプログラムが動いているか、{_URL}"
_BROKEN = f"モデルとの通信が途中で切れました。モデルのプログラムが動いているかを確かめ、{_LATER}"
_TROUBLE = f"モデルの側で障害が起きました。{_LATER}続くときは{_ADMIN}"
_NO_SUCH_MODEL = f"接続先に、そのモデルがありません。{_NAME} を、接続先にあるモデルの名前に直してください。"
_TOO_LONG = (
    "文章が、モデルに一度に渡せる長さを超えました。モデルの文脈長（入力の上限）の設定を大きくするか、"
    "規則だけで調べてください（--engine rules）。"
)
_KEYLESS = f"接続先が接続キーを求めています（401）。{_KEY} に、接続先から渡されたキーを設定してください。"

# What is looked for in a server's complaint. Never shown: it may repeat what it was sent.
_FILTERED = re.compile(r"content_filter|responsibleaipolicyviolation|content management policy")
_LENGTH = re.compile(r"context_length|context length|context window|context size|maximum context|n_ctx")
_MODEL = re.compile(
    r"model_not_found|invalid_model|deploymentnotfound|no such model|not a valid model"
    r"|model\b[^.]{0,80}\b(?:not found|not exist|does not exist)"
)
_LOOKED_AT = 2_000


def complaint(error: openai.APIStatusError) -> str:
    """The beginning of what the server said, in small letters, to look for a word in; never to be shown."""
    return f"{error.code or ''} {error.body}".lower()[:_LOOKED_AT]


def meant_for_caller(error: openai.APIStatusError) -> ModelError | None:
    """What a refusal means that no other form of the question would change; None where one might."""
    if error.status_code not in (400, 404, 422):
        return None
    said = complaint(error)
    if _FILTERED.search(said):
        return UnusableAnswer(REFUSED)
    if _LENGTH.search(said):
        return ModelUnavailable(_TOO_LONG)
    if error.status_code != 404 and (error.param == "model" or _MODEL.search(said)):
        return ModelUnavailable(_NO_SUCH_MODEL)
    return None


def of_status(error: openai.APIStatusError, *, keyed: bool = True) -> ModelError:
    """What an HTTP status means for the person waiting. `keyed`: whether a key was sent."""
    status = error.status_code
    if 300 <= status < 400:
        return ModelUnavailable(_REDIRECT)
    if status == 401 and not keyed:
        return ModelUnavailable(_KEYLESS)
    if status == 429:
        return ModelUnavailable(f"モデルが混み合っているか、利用の上限に達しています（429）。{_when(error)}")
    if status >= 500:
        return ModelUnavailable(
            f"モデルの側で障害が起きています（{status}）。{_when(error)}続くときは{_ADMIN}"
        )
    return meant_for_caller(error) or ModelUnavailable(
        _STATUS.get(status, f"モデルが要求を断りました（{status}）。{_ADMIN}")
    )


def of_failure(error: Exception, *, keyed: bool = True) -> ModelError:
    """What any failure on the way means: an HTTP status, the connection, or a body that is no chat completion.

    Takes whatever LangChain or the SDK raises; `keyed`: whether a key was sent.
    """
    import httpx2
    import openai

    causes = tuple(_causes(error))
    for cause in causes:
        if isinstance(cause, ModelError):  # the gate's, or one already told
            return cause
        if isinstance(cause, openai.APIStatusError):
            return of_status(cause, keyed=keyed)
    meanings: tuple[tuple[tuple[type[Exception], ...], ModelError], ...] = (  # the first that fits, any cause
        ((AnswerTooLarge,), UnusableAnswer(TOO_LARGE)),
        ((AnswerEncoded,), UnusableAnswer(STRANGE)),
        ((AnswerUnfinished,), ModelUnavailable(_BROKEN)),
        ((openai.LengthFinishReasonError,), AnswerCutOff(CUT_OFF)),
        ((openai.ContentFilterFinishReasonError, AnswerRefused), UnusableAnswer(REFUSED)),
        ((httpx2.ConnectError, httpx2.ConnectTimeout), ModelUnavailable(_ABSENT)),
        ((openai.APITimeoutError, httpx2.TimeoutException, AnswerTooSlow), ModelUnavailable(_SLOW)),
        ((openai.APIConnectionError, httpx2.TransportError), ModelUnavailable(_BROKEN)),
        ((openai.APIResponseValidationError,), UnusableAnswer(STRANGE)),
        (
            (AnswerFailed, openai.APIError),
            ModelUnavailable(_TROUBLE),
        ),  # the latter: an error told within a stream
    )
    for kinds, meaning in meanings:
        if any(isinstance(one, kinds) for one in causes):
            return meaning
    return UnusableAnswer(STRANGE)


def _when(error: openai.APIStatusError) -> str:
    wait = worded(told_to_wait(error.response.headers, time.time(), 0.0))
    return f"{wait}後にもう一度お試しください。" if wait else _LATER


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__
