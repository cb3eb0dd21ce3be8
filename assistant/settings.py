"""Settings: the only reader of the environment, and the one place that knows where bundled data lie.

Every setting is an environment variable with the prefix OSUMITSUKI_; the command line may override some. A variable
with our prefix that is not a setting is refused, because a misspelt setting that is silently ignored is worse.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Literal

import platformdirs
from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from assistant.errors import SettingsError
from assistant.model.egress import read_egress

PREFIX = "OSUMITSUKI_"
SAMPLE_CITY = "mihon"
# Read by the tests and CI, not by the program; named so that they are not refused as misspelt.
_NOT_SETTINGS = frozenset({"OSUMITSUKI_REQUIRE_ALL"})
_LONGEST_NAME = 200  # as the record keeps it
_KEY = re.compile(r"[!-~]+")  # what a header may carry


class Settings(BaseSettings):
    """What a deployment decides. Field names in upper case with the prefix are the variables."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_file=None, extra="forbid", frozen=True)

    data_dir: Path = Field(
        default_factory=lambda: Path(platformdirs.user_data_dir("osumitsuki", appauthor=False))
    )
    """Folder of the record, the index and the city folders that were added."""
    city: str | None = None
    """Name of a city folder, or a path to one. None: the only real city loaded, else the sample."""
    user: str | None = None
    """Who acts on the command line: 所属 and 氏名, separated by white space."""
    embedder: str = "bundled"
    """`bundled`, or a folder of a sentence-transformers model."""
    ner: Literal["on", "off"] = "on"
    """The second detector (GiNZA) on or off."""
    model_base_url: str | None = None
    """OpenAI-compatible endpoint, such as http://127.0.0.1:11434/v1. None: rules only."""
    model_name: str | None = None
    model_api_key: SecretStr | None = None
    model_egress: str | None = None
    """What may leave for the model, see `model/egress.py`. None: everything to this machine, nothing to any other."""

    @field_validator(
        "city", "user", "model_base_url", "model_name", "model_api_key", "model_egress", mode="before"
    )
    @classmethod
    def _blank_is_unset(cls, value: object) -> object:
        return None if isinstance(value, str) and not value.strip() else value

    @field_validator("model_name")
    @classmethod
    def _one_line(cls, value: str | None) -> str | None:
        if value is not None and not (value.isprintable() and len(value) <= _LONGEST_NAME):
            raise SettingsError(
                "OSUMITSUKI_MODEL_NAME に、改行などの見えない文字があるか、長すぎます。"
                "接続先で使うモデルの名前だけを書いてください。"
            )
        return value

    @field_validator("model_api_key")
    @classmethod
    def _fits_a_header(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not _KEY.fullmatch(value.get_secret_value()):
            raise SettingsError(
                "OSUMITSUKI_MODEL_API_KEY に、改行・空白・全角文字があります。写すときに紛れ込んでいないかを確かめ、"
                "鍵だけを書いてください。"
            )
        return value

    @field_validator("model_egress")
    @classmethod
    def _is_a_decision(cls, value: str | None) -> str | None:
        read_egress(value)
        return value

    @property
    def has_model(self) -> bool:
        """Whether a model is set; name and endpoint belong together."""
        return self.model_base_url is not None


def read_settings(**overrides: object) -> Settings:
    """The settings in force. Raises SettingsError that names the variable and what may stand there."""
    unknown = sorted(
        name
        for name in os.environ
        if name.startswith(PREFIX)
        and name not in _NOT_SETTINGS
        and name.removeprefix(PREFIX).lower() not in Settings.model_fields
    )
    if unknown:
        known = "、".join(PREFIX + name.upper() for name in Settings.model_fields)
        raise SettingsError(
            f"環境変数 {unknown[0]} という設定はありません。綴りを確かめてください。使える設定は{known}です。"
        )
    try:
        settings = Settings(**{name: value for name, value in overrides.items() if value is not None})  # type: ignore[arg-type]
    except ValidationError as error:
        place = PREFIX + str(error.errors()[0]["loc"][0]).upper()
        raise SettingsError(
            f"設定 {place} の値が使えません。説明書の「設定」の表を見て直してください。"
        ) from None
    if (settings.model_base_url is None) != (settings.model_name is None):
        raise SettingsError(
            "モデルを使うには OSUMITSUKI_MODEL_BASE_URL と OSUMITSUKI_MODEL_NAME の両方を設定してください。"
            "使わないときは両方とも外してください。"
        )
    return settings


def bundled(name: Literal["ordinances", "prompts", "app.py", ".streamlit"]) -> Path:
    """Where data that ship with the program lie: in the checkout, or in the wheel under `assistant/_bundled`."""
    package = Path(__file__).parent
    in_wheel = package / "_bundled" / name
    return in_wheel if in_wheel.exists() else package.parent / name


def city_folder(settings: Settings) -> Path:
    """The folder of the city in use (design.md D2). Raises SettingsError when it cannot be told or found."""
    added = settings.data_dir / "cities"
    if settings.city is None:
        real = sorted(path.parent for path in added.glob("*/city.toml"))
        if len(real) > 1:
            names = "、".join(path.name for path in real)
            raise SettingsError(
                f"自治体が複数あります（{names}）。OSUMITSUKI_CITY か --city で選んでください。"
            )
        return real[0] if real else bundled("ordinances") / SAMPLE_CITY
    for folder in (added / settings.city, bundled("ordinances") / settings.city, Path(settings.city)):
        if (folder / "city.toml").is_file():
            return folder
    raise SettingsError(
        "指定された自治体のフォルダが見つかりません。OSUMITSUKI_CITY か --city に、city.toml のあるフォルダか"
        f"その名前（見本は {SAMPLE_CITY}）を指定してください。"
    )


def silence_telemetry() -> None:
    """Turn off every tracing and telemetry that dependencies would read from the environment, whatever stood there.

    Must run before the first import of langchain, chromadb, streamlit or transformers, and of NumPy, which is told to
    work in one thread unless somebody has said otherwise.
    """
    os.environ.update(
        LANGSMITH_TRACING_V2="false",  # read before all the others
        LANGSMITH_TRACING="false",
        LANGCHAIN_TRACING_V2="false",
        LANGCHAIN_TRACING="false",
        LANGCHAIN_HANDLER="",
        LANGSMITH_OTEL_ENABLED="false",
        ANONYMIZED_TELEMETRY="False",
        CHROMA_OTEL_COLLECTION_ENDPOINT="",
        OTEL_SDK_DISABLED="true",
        HF_HUB_OFFLINE="1",
        TRANSFORMERS_OFFLINE="1",
        HF_HUB_DISABLE_TELEMETRY="1",
        DO_NOT_TRACK="1",
        STREAMLIT_BROWSER_GATHER_USAGE_STATS="false",
        TOKENIZERS_PARALLELISM="false",
    )
    # Our matrices are small: threads of the linear algebra wait for one another longer than they work (a page read by
    # worked passages took ten times as long beside a busy neighbour), and several pages are read side by side anyway.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
