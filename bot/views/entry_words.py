"""Why an item takes no answer just now, in words (wording.md 2.4)."""

from __future__ import annotations

from datetime import date

from bot.views.refusals import plain_contact
from bot.views.round_info import RoundInfo
from bot.views.words import day_words

ITEM_NOT_FOUND = "この項目は見つかりませんでした。/kaikaku 自分 で、いまの項目を見られます。"
REASON_MISSING = "入力期間のあとの修正です。修正の理由を入力してください。"
FROZEN = "この振り返りは公表済みのため、変えられません。"
SHEET_NAME = "公表資料の取り込み"


def round_closed(round_: RoundInfo, until: date) -> str:
    """Entry ended on ``until``; whom to call."""
    whom = plain_contact(round_.contact, round_.extension)
    return f"入力は{day_words(until)}で終わりました。直したい場合は{whom}へご連絡ください。"


def published(round_: RoundInfo) -> str:
    """It is published: only the coordinator corrects it, with a reason."""
    whom = plain_contact(round_.contact, round_.extension)
    return f"公表済みのため、内容は変えられません。誤りを見つけた場合は{whom}へご連絡ください。"


def not_open_yet(round_: RoundInfo) -> str:
    """Entry begins later."""
    return f"入力は{day_words(round_.dates.opens)}からです。"


def plan_is_draft(round_: RoundInfo) -> str:
    """The plan is 案: rounds run on final plans only."""
    whom = plain_contact(round_.contact, round_.extension)
    return f"計画がまだ「案」のため、入力できません。お急ぎの場合は{whom}へご連絡ください。"


def final_date_range(last: date) -> str:
    """On which days figures can become known; ``last`` is years away, so its year is named."""
    return f"確定する見込みの日は、今日から{last.year}年{day_words(last)}までで選んでください。"
