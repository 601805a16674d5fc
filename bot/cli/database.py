"""`kaikaku db upgrade`, and how every command comes to its database.

On SQLite each command brings the schema up; on PostgreSQL only `db upgrade` does.
"""

from __future__ import annotations

from argparse import Namespace
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from bot.cli.arguments import Subparsers
from bot.clock import clock_of
from bot.config import Settings, load
from bot.domain.errors import Refused
from bot.domain.forms.form_files import load_forms

if TYPE_CHECKING:
    from bot.services.office import Office

_NOT_CURRENT = (
    "データベースのスキーマが古いか、まだありません。kaikaku db upgrade を実行してください。"
)


def register(nouns: Subparsers) -> None:
    """Add `db upgrade`."""
    verbs = nouns.add_parser("db", help="データベース").add_subparsers(
        metavar="VERB", required=True
    )
    command = verbs.add_parser("upgrade", help="スキーマを最新にします")
    command.set_defaults(run=_upgrade)


@asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[Office]:
    """The office on its database: the schema is in place, and so is the form of each stored plan.

    Raises Refused when one of them is not.
    """
    from bot.services.office import Office
    from bot.services.stored_forms import refuse_lost_forms
    from storage.database import Database

    forms = load_forms(settings.forms_dir)
    bring_up(settings)
    database = Database(settings.database_url)
    try:
        office = Office(database, clock_of(settings.clock_file), forms)
        await refuse_lost_forms(office)
        yield office
    finally:
        await database.dispose()


async def make_ready(settings: Settings) -> None:
    """The same for what goes on to open databases of its own."""
    async with opened(settings):
        pass


def bring_up(settings: Settings) -> None:
    """Upgrade an SQLite file where needed; refuse a PostgreSQL database that is not current."""
    from storage import schema

    if schema.is_current(settings.database_url):
        return
    if not settings.is_sqlite:
        raise Refused(_NOT_CURRENT)
    schema.upgrade(settings.database_url)


def _upgrade(_arguments: Namespace, environment: Mapping[str, str]) -> None:
    from storage import schema

    schema.upgrade(load(environment).database_url)
    print("データベースのスキーマは最新です。")
