"""The schema: what the migrations make is what the models say, whoever upgrades, and when."""

from __future__ import annotations

import sqlite3
import threading
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import JSON, inspect, text
from sqlalchemy.engine import Connection, Engine, create_engine
from sqlalchemy.pool import NullPool

from bot.domain.errors import Refused
from storage import schema
from storage.database import sync_url
from storage.models import Table
from tests.storage.processes import in_processes

UPGRADE = """
import sys
from storage.schema import upgrade
upgrade(sys.argv[1])
print("up")
"""


def _engine(url: str) -> Engine:
    return create_engine(sync_url(url), poolclass=NullPool)


def _migrate(url: str, *, down_to: str) -> None:
    with _engine(url).connect() as connection:
        schema._lock(connection)
        config = schema._config()
        config.attributes["connection"] = connection
        command.downgrade(config, down_to)
        connection.commit()


def _defaults_differ(*said: Any) -> bool | None:
    """Compare defaults of JSON as text, since PostgreSQL has no equality for it."""
    _, _, column, stored, _, rendered = said
    if not isinstance(column.type, JSON):
        return None
    return (stored or "").removesuffix("::json").strip("'") != (rendered or "").strip("'")


def _differences(connection: Connection) -> list[object]:
    options = {"compare_type": True, "compare_server_default": _defaults_differ}
    context = MigrationContext.configure(connection, opts=options)
    return list(compare_metadata(context, Table.metadata))


def test_migrations_make_what_the_models_say(database_url: str) -> None:
    with _engine(database_url).connect() as connection:
        assert _differences(connection) == []


def test_a_column_that_no_migration_made_would_be_noticed(database_url: str) -> None:
    with _engine(database_url).connect() as connection:
        connection.execute(text("ALTER TABLE unit ADD COLUMN nickname TEXT"))

        assert len(_differences(connection)) == 1


def test_upgrading_twice_changes_nothing(database_url: str) -> None:
    schema.upgrade(database_url)

    with _engine(database_url).connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM unit")).scalar() == 24
    assert schema.is_current(database_url)


def test_processes_that_upgrade_at_once_all_succeed(empty_database_url: str) -> None:
    arguments = [[empty_database_url]] * 3

    assert in_processes(UPGRADE, *arguments) == ["up"] * 3
    assert schema.is_current(empty_database_url)


def test_an_upgrade_waits_for_whoever_writes_to_a_new_sqlite_file(
    empty_sqlite_url: str, tmp_path: Path
) -> None:
    """SQLite refuses to switch to WAL while another writes, without waiting by itself."""
    other = sqlite3.connect(tmp_path / "empty.db", isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    other.execute("CREATE TABLE somebody_elses (id INTEGER)")
    end = threading.Timer(0.2, other.execute, ("COMMIT",))
    end.start()

    schema.upgrade(empty_sqlite_url)

    end.join()
    other.close()
    assert schema.is_current(empty_sqlite_url)


def test_the_schema_goes_down_to_nothing_and_up_again(database_url: str) -> None:
    _migrate(database_url, down_to="base")

    with _engine(database_url).connect() as connection:
        assert inspect(connection).get_table_names() == ["alembic_version"]
    schema.upgrade(database_url)
    with _engine(database_url).connect() as connection:
        assert _differences(connection) == []
        assert connection.execute(text("SELECT count(*) FROM unit")).scalar() == 24


def test_an_empty_database_is_not_current(empty_database_url: str) -> None:
    assert not schema.is_current(empty_database_url)


def test_a_database_is_current_when_it_has_this_versions_schema(database_url: str) -> None:
    assert schema.is_current(database_url)


def test_a_database_one_migration_behind_is_not_current(database_url: str) -> None:
    _migrate(database_url, down_to="-1")

    assert not schema.is_current(database_url)


def test_a_database_of_a_newer_version_is_refused(database_url: str) -> None:
    with _engine(database_url).begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))

    for refusing in (schema.is_current, schema.upgrade):
        with pytest.raises(Refused, match="これより新しい"):
            refusing(database_url)


@pytest.mark.parametrize(
    "url",
    ["postgresql://somebody:secret@127.0.0.1:1/kaikaku", "sqlite:////proc/no/such/folder.db"],
)
def test_a_database_that_is_not_there_is_refused_without_its_password(url: str) -> None:
    with pytest.raises(Refused) as refused:
        schema.is_current(url)

    assert "DATABASE_URL" in refused.value.message
    assert "secret" not in refused.value.message
