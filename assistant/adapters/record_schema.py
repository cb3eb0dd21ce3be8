"""Brings a database to the tables this version knows, and refuses one that is newer."""

from __future__ import annotations

import secrets
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, insert, select

from assistant.adapters.record_engine import reading, writing
from assistant.adapters.record_tables import installation
from assistant.errors import RecordUnavailable

_NEWER = (
    "このデータは新しい版のお墨付きで作られています。データはそのまま残っています。"
    "プログラムを新しい版に入れ替えてから開いてください。"
)


def bring_up_to_date(engine: Engine) -> None:
    """Upgrades the tables in one transaction; two processes that start at once do it once.

    Raises RecordUnavailable if a newer version of the program wrote the database.
    """
    config = Config()
    folder = str(Path(__file__).with_name("migrations"))
    config.set_main_option("script_location", folder.replace("%", "%%"))  # the option is interpolated
    scripts = ScriptDirectory.from_config(config)
    newest = scripts.get_current_head()
    known = {script.revision for script in scripts.walk_revisions()}
    with reading(engine) as connection:
        if (current := _revision(connection)) == newest:
            return
    if current is not None and current not in known:
        raise RecordUnavailable(_NEWER)
    with writing(engine) as connection:
        if _revision(connection) != newest:  # another process may have come first
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
        if connection.execute(select(installation.c.id)).first() is None:
            connection.execute(insert(installation).values(id=1, key=secrets.token_hex(32)))


def _revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()
