"""`kaikaku check`: line by line whether everything is in order, and what to do where it is not."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.cli.arguments import Subparsers
from bot.config import Settings, load
from bot.domain.errors import Refused
from bot.domain.forms.form_files import load_forms

if TYPE_CHECKING:
    from aiohttp import ClientSession

_NEEDS = ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN|SLACK_SIGNING_SECRET")
_MISSING_SCOPES = (
    "{scopes} がありません。manifest の内容でアプリを更新し、ワークスペースに入れ直してください。"
)
_NOT_CURRENT = "古いか、まだありません。kaikaku db upgrade を実行してください。"
_SIGNED_HTTP = "署名付きHTTP(SLACK_SIGNING_SECRET が正しいかは、最初の要求が届いたときに分かります)"


@dataclass(frozen=True)
class Finding:
    """One line: what was looked at, whether it is in order, and a fact or what to do."""

    about: str
    good: bool
    says: str = ""


def register(nouns: Subparsers) -> None:
    """Add `check`."""
    command = nouns.add_parser("check", help="設定、データベース、Slackアプリを確かめます")
    command.set_defaults(run=_check)


async def _check(_arguments: Namespace, environment: Mapping[str, str]) -> int:
    good = True
    async for finding in _findings(environment):
        good = good and finding.good
        says = f"：{finding.says}" if finding.says else ""
        print(f"{'OK' if finding.good else 'NG'}  {finding.about}{says}")
    return 0 if good else 1


async def _findings(environment: Mapping[str, str]) -> AsyncIterator[Finding]:
    try:
        load(environment, needs=_NEEDS)
        yield Finding("設定", good=True)
    except Refused as refusal:
        for fault in refusal.faults:
            yield Finding("設定", good=False, says=fault)
    try:
        settings = load(environment)
    except Refused:
        return  # what can't be read can't be looked into
    current = True
    for finding in _of_database(settings):
        current = current and finding.good
        yield finding
    async for finding in _of_forms(settings, current=current):
        yield finding
    if settings.bot_token:
        async for finding in _of_slack(settings):
            yield finding


def _of_database(settings: Settings) -> list[Finding]:
    from storage import schema

    try:
        current = schema.is_current(settings.database_url)
        if not current and settings.is_sqlite:
            schema.upgrade(settings.database_url)
            current = True
    except Refused as refusal:
        return [Finding("データベース", good=False, says=refusal.message)]
    return [
        Finding("データベース", good=True, says="SQLite" if settings.is_sqlite else "PostgreSQL"),
        Finding("スキーマ", good=current, says="" if current else _NOT_CURRENT),
    ]


async def _of_forms(settings: Settings, *, current: bool) -> AsyncIterator[Finding]:
    """Whether each file is right, and whether the stored plans have theirs."""
    from bot.cli.database import make_ready

    try:
        forms = load_forms(settings.forms_dir)
        if current:
            await make_ready(settings)
    except Refused as refusal:
        for fault in refusal.faults or (refusal.message,):
            yield Finding("様式", good=False, says=fault)
    else:
        yield Finding("様式", good=True, says="、".join(forms))


async def _of_slack(settings: Settings) -> AsyncIterator[Finding]:
    from bot.slack.session import session_to
    from bot.slack.workspace import identify

    async with session_to(settings.api_url, settings.route) as session:
        try:
            identity = await identify(
                token=settings.bot_token, base_url=settings.api_url, session=session
            )
        except Refused as refusal:
            yield Finding("ボットのトークン", good=False, says=refusal.message)
        else:
            yield Finding("ボットのトークン", good=True, says=identity.team_id)
            missing = "、".join(identity.missing_scopes)
            says = _MISSING_SCOPES.format(scopes=missing) if missing else ""
            yield Finding("権限", good=not missing, says=says)
        yield await _of_way_in(settings, session)


async def _of_way_in(settings: Settings, session: ClientSession) -> Finding:
    from bot.slack.workspace import check_app_token

    if not settings.socket_mode:
        good = bool(settings.signing_secret)
        missing = "SLACK_APP_TOKEN も SLACK_SIGNING_SECRET もありません。"
        return Finding("Slackからの入口", good=good, says=_SIGNED_HTTP if good else missing)
    try:
        await check_app_token(token=settings.app_token, base_url=settings.api_url, session=session)
    except Refused as refusal:
        return Finding("Slackからの入口", good=False, says=refusal.message)
    return Finding("Slackからの入口", good=True, says="ソケットモード")
