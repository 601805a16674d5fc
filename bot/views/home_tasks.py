"""What a coordinator does with people, plans and letters whenever it is time: rows of buttons."""

from __future__ import annotations

from collections.abc import Iterator

from bot.views.actions import (
    ACCOUNT_OPEN,
    DIGEST_OPEN,
    HANDOVER_OPEN,
    IMPORT_OPEN,
    ITEMS_OPEN,
    LINEAGE_OPEN,
    OWNERS_OPEN,
    PAUSE_END,
    PAUSE_OPEN,
    PEOPLE_OPEN,
    RETENTION_OPEN,
    UNIT_OPEN,
)
from bot.views.blocks import Json, context
from bot.views.home_actions import Offer, offers
from bot.views.lineages import BUTTON_LABEL as LINEAGE_LABEL


def task_blocks(unit_id: int, plan_id: int, *, paused: bool) -> Iterator[Json]:
    """The rows for one unit and the plan it works on; ``plan_id`` is 0 where it has none."""
    unit, plan = str(unit_id), str(plan_id)
    people = [
        Offer("担当者を決める", OWNERS_OPEN, plan) if plan_id else None,
        Offer("担当を引き継ぐ", HANDOVER_OPEN, unit),
        Offer("利用者の一覧", PEOPLE_OPEN, unit),
        Offer("アカウントを変える", ACCOUNT_OPEN, unit),
    ]
    plans = [
        Offer("ファイルを取り込む", IMPORT_OPEN, unit),
        Offer("取組項目を追加する", ITEMS_OPEN, plan) if plan_id else None,
        Offer(LINEAGE_LABEL, LINEAGE_OPEN, plan) if plan_id else None,
        Offer("保存期間と廃棄", RETENTION_OPEN, unit),
    ]
    letters = [
        Offer("お知らせを再開する", PAUSE_END, unit)
        if paused
        else Offer("お知らせを一時停止する", PAUSE_OPEN, unit),
        Offer("毎週の集計", DIGEST_OPEN, unit),
        Offer("問い合わせ先と閉庁日", UNIT_OPEN, unit),
    ]
    for title, listed in (("担当", people), ("計画", plans), ("お知らせ", letters)):
        buttons = offers(listed, suffix="do-")
        if buttons:
            yield context(f"*{title}*")
            yield from buttons
