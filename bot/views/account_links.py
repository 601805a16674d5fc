"""The modal in which a registered person gets another Slack account: they came back under it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.views.actions import ACCOUNT, INPUT, NOTICE_ONLY
from bot.views.blocks import Json, context, input_, line_input, modal, section, user_picker
from bot.views.inputs import read_inputs
from bot.views.refusals import coordinators_only
from bot.views.words import name_words

NAME = "name"
USER = "user"

MAY_NOT = coordinators_only("アカウントを変えられる")
NOBODY = "この氏名の方は、この区に登録されていません。「利用者の一覧」にある氏名を書いてください。"
SEVERAL = "同じ氏名の方が2人以上います。システム担当へご相談ください。"
ELSEWHERE = "ほかの区にも登録がある方です。アカウントの変更は、システム担当へご相談ください。"
MISSING = "新しいアカウントを選んでください。"
TAKEN = "このアカウントは、すでに別の方に登録されています。別のアカウントを選んでください。"
NOT_STAFF = "職員のアカウントではないか、停止されています。別のアカウントを選んでください。"

_TITLE = "アカウントの変更"
_LENGTH = 60


@dataclass(frozen=True)
class LinkForm:
    """The unit in which the person is registered."""

    unit_id: int
    unit_name: str


@dataclass(frozen=True)
class TypedLink:
    """The name as it is registered, and the Slack user id."""

    unit_id: int
    name: str
    user: str


def build_form(form: LinkForm) -> Json:
    """Who, and under which account they are there now."""
    text = (
        f"*{name_words(form.unit_name)}*\n登録されている方が別のアカウントを使うようになったときに、"
        "新しいアカウントを結び付けます。担当の取組項目と履歴は、そのままです。"
    )
    return modal(
        _TITLE,
        [
            section(text),
            input_(
                NAME,
                "登録されている氏名",
                line_input(f"{INPUT}:{NAME}", "", most=_LENGTH),
                required=True,
            ),
            input_(USER, "新しいアカウント", user_picker(f"{INPUT}:{USER}"), required=True),
            context("ご本人であることを確かめてから登録してください。記録に残ります。"),
        ],
        callback_id=ACCOUNT,
        metadata={"u": str(form.unit_id)},
        submit="登録する",
    )


def read_form(view: Mapping[str, Any]) -> TypedLink:
    """What was entered; Refused when malformed."""
    inputs = read_inputs(view)
    return TypedLink(inputs.number("u"), inputs.text(NAME), inputs.user(USER))


def build_done(name: str) -> Json:
    """That it is so from now on; only ever shown after the commit."""
    text = f"{name_words(name)}さんへのお知らせを、これから新しいアカウントへ送ります。"
    return modal(_TITLE, [section(text)], callback_id=NOTICE_ONLY)
