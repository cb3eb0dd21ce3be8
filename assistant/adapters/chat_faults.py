"""What went wrong at the endpoint, in words for staff. Never the server's own words: they may repeat the passage."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from assistant.adapters.chat_transport import AnswerEncoded, AnswerTooLarge, AnswerTooSlow
from assistant.errors import EgressStopped, ModelError, ModelUnavailable, UnusableAnswer
from assistant.model.ports import AnswerCutOff

if TYPE_CHECKING:
    import openai

_LATER = "時間をおいてもう一度お試しください。"
_ADMIN = "システムの担当者に知らせてください。"
_URL = "接続先（OSUMITSUKI_MODEL_BASE_URL）を確かめてください。"
_STATUS = {
    400: f"モデルが要求を受け付けませんでした（400）。モデル名と、モデルに入る文章の長さの設定を確かめるか、{_ADMIN}",
    401: "モデルの接続キーが受け付けられませんでした（401）。OSUMITSUKI_MODEL_API_KEY を確かめてください。",
    403: f"モデルの利用が許可されていません（403）。接続キーの権限を確かめるか、{_ADMIN}",
    404: "接続先に、そのモデルがありません（404）。OSUMITSUKI_MODEL_BASE_URL（末尾は多くの場合 /v1）と "
    "OSUMITSUKI_MODEL_NAME を確かめてください。",
    408: f"モデルの応答が時間内にありませんでした（408）。{_LATER}",
    413: f"モデルが要求を大きすぎるとして受け付けませんでした（413）。{_ADMIN}",
    422: f"モデルが要求を受け付けませんでした（422）。モデル名を確かめるか、{_ADMIN}",
    429: f"モデルが混み合っているか、利用の上限に達しています（429）。{_LATER}",
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


def of_status(error: openai.APIStatusError) -> ModelError:
    """What an HTTP status means for the person waiting."""
    status = error.status_code
    if 300 <= status < 400:
        return ModelUnavailable(_REDIRECT)
    if status >= 500:
        return ModelUnavailable(f"モデルの側で障害が起きています（{status}）。{_LATER}続くときは{_ADMIN}")
    return ModelUnavailable(_STATUS.get(status, f"モデルが要求を断りました（{status}）。{_ADMIN}"))


def of_failure(error: Exception) -> ModelError:
    """What any other failure on the way means: of the connection, or of a body that is no chat completion."""
    import httpx2
    import openai

    causes = tuple(_causes(error))
    for cause in causes:
        if isinstance(cause, EgressStopped):
            return cause
    meanings: tuple[tuple[tuple[type[Exception], ...], ModelError], ...] = (  # the first that fits, any cause
        ((AnswerTooLarge,), UnusableAnswer(TOO_LARGE)),
        ((AnswerEncoded,), UnusableAnswer(STRANGE)),
        ((openai.LengthFinishReasonError,), AnswerCutOff(CUT_OFF)),
        ((openai.ContentFilterFinishReasonError,), UnusableAnswer(REFUSED)),
        ((httpx2.ConnectError, httpx2.ConnectTimeout), ModelUnavailable(_ABSENT)),
        ((openai.APITimeoutError, AnswerTooSlow), ModelUnavailable(_SLOW)),
        ((openai.APIConnectionError, httpx2.TransportError), ModelUnavailable(_BROKEN)),
    )
    for kinds, meaning in meanings:
        if any(isinstance(one, kinds) for one in causes):
            return meaning
    return UnusableAnswer(STRANGE)


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__
