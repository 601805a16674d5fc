"""「いま起きたこと」: Web API calls and deliveries as one list that people can read."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

from playground.calls import ApiCall
from playground.deliveries import Delivery, Kind
from playground.rules import Json
from playground.workspace import Workspace

MOST = 60
_DETAIL = 3000
_TEXT = 60
_QUIET = frozenset({"apps.connections.open", "auth.test"})


def describe_happened(
    workspace: Workspace, calls: Sequence[ApiCall], deliveries: Sequence[Delivery]
) -> list[Json]:
    """The newest first."""
    newest_calls = [call for call in calls[-MOST:] if call.method not in _QUIET]
    found = [
        *(_call(workspace, call) for call in newest_calls),
        *(entry for each in _telling(deliveries)[-MOST:] for entry in _delivery(workspace, each)),
    ]
    return sorted(found, key=lambda entry: float(entry["at"]), reverse=True)[:MOST]


def _telling(deliveries: Sequence[Delivery]) -> list[Delivery]:
    """Of what somebody types into one field in one go, the last state only."""
    newest = list(deliveries[-1:])
    return [
        each
        for each, after in pairwise(deliveries)
        if _typed_in(each) is None or _typed_in(each) != _typed_in(after)
    ] + newest


def _typed_in(delivery: Delivery) -> tuple[str, ...] | None:
    """Whose text field in which view; None when it is something else."""
    action = (delivery.payload.get("actions") or [{}])[0]
    if action.get("type") != "plain_text_input":
        return None
    view = delivery.payload.get("view") or {}
    return str(delivery.payload["user"]["id"]), str(view.get("id")), str(action.get("block_id"))


def _call(workspace: Workspace, call: ApiCall) -> Json:
    to = _to(workspace, call)
    words = {
        "chat.postMessage": f"{to}へのお知らせ「{_short(call.args.get('text'))}」",
        "chat.update": f"{to}へのお知らせを書き換え",
        "chat.postEphemeral": f"{to}だけに返事",
        "views.open": f"入力画面を開く{_title(call)}",
        "views.push": f"入力画面を重ねる{_title(call)}",
        "views.update": f"入力画面を書き換え{_title(call)}",
        "views.publish": f"{to}のホームを書き換え",
    }.get(call.method, "Slackへの問い合わせ")
    kind = "letter" if call.method in ("chat.postMessage", "chat.update") else "call"
    told = {"at": call.at, "kind": kind, "words": words, "name": call.method, "fine": call.ok}
    return {**told, "detail": _detail(call.args)}


def _delivery(workspace: Workspace, delivery: Delivery) -> Iterator[Json]:
    payload, ack = delivery.payload, delivery.ack
    told = _told(workspace, delivery.kind, payload)
    if told:
        kind, words = told
        shown = {"payload": _bare(payload), "answer": ack.body if ack else None}
        yield {
            "at": delivery.at,
            "kind": kind,
            "words": words,
            "name": str(payload.get("type") or payload.get("command") or ""),
            "fine": ack is None or ack.ok,
            "detail": _detail(shown),
        }


def _told(workspace: Workspace, kind: Kind, payload: Json) -> tuple[str, str] | None:
    if kind is Kind.COMMAND:
        who = _name(workspace, payload["user_id"])
        return "deed", f"{who}が「{payload['command']} {payload['text']}」と入力"
    if kind is Kind.EVENT:
        return _event(workspace, payload["event"])
    who = _name(workspace, payload["user"]["id"])
    if payload["type"] == "view_submission":
        return "answer", f"{who}が「{payload['view']['title']['text']}」を送信"
    if payload["type"] == "view_closed":
        return "deed", f"{who}が画面を閉じた"
    if payload["type"] == "block_suggestion":
        return "deed", f"{who}が候補を探した"
    return "deed", f"{who}が{_action(payload['actions'][0])}"


def _event(workspace: Workspace, event: Json) -> tuple[str, str] | None:
    if event["type"] == "app_home_opened":
        return "deed", f"{_name(workspace, event['user'])}がホームを開いた"
    if event["type"] == "message" and not event.get("subtype") and not event.get("bot_id"):
        return "deed", f"{_name(workspace, event['user'])}がメッセージを書いた"
    return None


def _action(action: Json) -> str:
    if action["type"] == "button":
        return f"「{action['text']['text']}」を押した"
    if action["type"] == "plain_text_input":
        return "文字を入力した"
    chosen = action.get("selected_option") or {}
    return f"「{chosen['text']['text']}」を選んだ" if chosen else "入力欄を使った"


def _detail(shown: Any) -> str:
    return json.dumps(shown, ensure_ascii=False, indent=1, default=str)[:_DETAIL]


def _to(workspace: Workspace, call: ApiCall) -> str:
    for key in ("user", "user_id", "channel"):
        target = str(call.args.get(key) or "")
        if target in workspace.users:
            return _name(workspace, target)
        if target in workspace.channels:
            members = workspace.channels[target].members
            others = [each for each in members if each != workspace.bot_user_id]
            return _name(workspace, others[0]) if others else "kaikaku"
    return "？"


def _name(workspace: Workspace, user_id: str) -> str:
    user = workspace.users.get(user_id)
    return f"{user.name}さん" if user else user_id


def _title(call: ApiCall) -> str:
    view = call.args.get("view")
    title = view.get("title") if isinstance(view, dict) else None
    return f"「{title['text']}」" if isinstance(title, dict) and "text" in title else ""


def _short(text: object) -> str:
    words = str(text or "")
    return words if len(words) <= _TEXT else f"{words[:_TEXT]}…"


def _bare(payload: Json) -> Json:
    """Without what repeats in every payload."""
    common = ("token", "team", "team_id", "api_app_id", "authorizations", "enterprise")
    return {key: value for key, value in payload.items() if key not in common}
