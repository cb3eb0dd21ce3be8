"""Who acts on the command line, from the settings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.errors import SettingsError
from assistant.settings import Settings

if TYPE_CHECKING:
    from assistant.review.actor import Actor


def person_of(settings: Settings) -> Actor | None:
    """所属 and 氏名 of OSUMITSUKI_USER, None when it is not set. Raises SettingsError for half a name."""
    from assistant.review.actor import Actor

    if settings.user is None:
        return None
    department, name = (*settings.user.split(maxsplit=1), "", "")[:2]  # also at a full-width space
    if not name:
        raise SettingsError(
            "OSUMITSUKI_USER には、所属と氏名を空白で区切って書いてください（例：総務課 見本花子）。"
        )
    return Actor(department=department, name=name)
