"""All that is stored, table by table, to be compared before and after."""

from __future__ import annotations

from typing import Any

from sqlalchemy import create_engine, select

from storage.database import sync_url
from storage.models import Table


def dump(url: str, *tables: str) -> dict[str, list[dict[str, Any]]]:
    """Every row of these tables (of all of them), by primary key."""
    engine = create_engine(sync_url(url))
    wanted = [table for table in Table.metadata.sorted_tables if table.name in tables or not tables]
    try:
        with engine.connect() as connection:
            return {
                table.name: [
                    dict(row)
                    for row in connection.execute(
                        select(table).order_by(*table.primary_key)
                    ).mappings()
                ]
                for table in wanted
            }
    finally:
        engine.dispose()
