"""What is said when something did not work: plain sentences that say what to do next."""

from __future__ import annotations

from datetime import datetime

from bot.domain.calendar import japanese_date
from bot.views.blocks import Rendered, section
from bot.views.checkin_form import submit_words
from bot.views.text import escape
from bot.views.words import day_words

KEEP_MISSING = "どちらの内容を残すか選んでください。"
UNEXPECTED = (
    "処理できませんでした。記録は変わっていません。"
    "しばらく待ってもう一度お試しください。続くときは、所属のとりまとめ担当へご連絡ください。"
)
NOT_OPENED = "画面を開けませんでした。もう一度ボタンを押してください。"
UNAVAILABLE = "いま記録を読み出せません。1分ほど待って、もう一度お試しください。"


def not_saved(*, correcting: bool = False) -> str:
    """The database was slow or down; the modal still holds what was typed."""
    again = submit_words(correcting=correcting)
    return (
        "保存できませんでした。入力した文は画面に残っています。"
        f"1分ほど待って、もう一度「{again}」を押してください。"
    )


def still_saving(*, correcting: bool = False) -> str:
    """Slack can be kept waiting no longer; the same submission again is known to be the same."""
    again = submit_words(correcting=correcting)
    return (
        "保存に時間がかかっています。入力した文は画面に残っています。"
        f"1分ほど待って、もう一度「{again}」を押してください。"
    )


def already_in(saved_at: datetime) -> str:
    """An old button, or a second submission."""
    return f"この項目は{day_words(japanese_date(saved_at))}に入力済です。"


def render_error(message: str) -> Rendered:
    """A sentence as a message of its own."""
    return Rendered("kaikaku からの返答", [section(escape(message))])
