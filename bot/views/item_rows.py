"""One item in a message: a row that asks for it, its receipt once it is in, or just its state."""

from __future__ import annotations

from datetime import date

from bot.domain.status import ItemStatus
from bot.views.actions import ANSWER_NOT_YET, ANSWER_OPEN, CONFIRM_OPEN
from bot.views.blocks import Json, actions, button, section
from bot.views.round_info import RoundInfo
from bot.views.targets import Target
from bot.views.words import (
    CONFIRMERS,
    SLASH,
    STATES,
    day_words,
    item_name,
    item_title,
    moment_words,
    summary,
)

ENTER = "入力する"
REVIEW = "内容を見る・直す"
ENTER_FOR = "代わりに入力する"
ENTER_FINAL = "確定した内容を入力する"
NOT_YET = "まだ確定しない"
CONFIRM_IT = "確認する"
MEND = "修正する"
CORRECT = "公表後に直す"


def open_button(round_: RoundInfo, item: ItemStatus, label: str, *, primary: bool = False) -> Json:
    """A button that opens the item's form; a screen reader also hears which item."""
    value = Target(round_.round_id, item.initiative_id).encode()
    says = f"{item_name(item.code)} {label}"
    return button(label, ANSWER_OPEN, value, says=says, primary=primary)


def review_button(round_: RoundInfo, item: ItemStatus, label: str = CONFIRM_IT) -> Json:
    """A button that opens the answer for its manager."""
    value = Target(round_.round_id, item.initiative_id).encode()
    return button(label, CONFIRM_OPEN, value, says=f"{item_name(item.code)} {label}")


def asking_row(round_: RoundInfo, item: ItemStatus, *, note: str = "") -> Json:
    """The item's title with 「入力する」 beside it."""
    said = standing_words(item) if item.mend_by else note
    text = item_title(item.code, item.title) + (f"\n{said}" if said else "")
    return section(text, open_button(round_, item, open_label(item)))


def open_label(item: ItemStatus) -> str:
    """What the button says that opens the item's form."""
    if not item.outstanding:
        return REVIEW
    return MEND if item.mend_by else ENTER


def standing_words(item: ItemStatus) -> str:
    """「入力済」, 「差し戻し(9月15日(火)まで)」, 「入力済(課長は確認済)」."""
    state = STATES[item.state]
    if item.mend_by:
        return f"{state}({day_words(item.mend_by)}まで)"
    done = CONFIRMERS.get(item.review.confirmed_level, "")
    return f"{state}({done}は確認済)" if item.waits_for and done else state


def receipt_row(
    round_: RoundInfo,
    item: ItemStatus,
    *,
    entry_until: date,
    closed: bool = False,
    listed: bool = False,
) -> Json:
    """What was saved and until when it can be changed; no button once entry has ended.

    ``listed``: it stands in a list of what is in, which need not say of each that it was saved.
    """
    said = _receipt_lines(round_, item, entry_until, closed=closed, listed=listed)
    text = "\n".join(line for line in said if line)
    return section(text, None if closed else open_button(round_, item, REVIEW))


def confirming_rows(round_: RoundInfo, item: ItemStatus) -> list[Json]:
    """A provisional answer, with the choice of settling it or of waiting."""
    value = Target(round_.round_id, item.initiative_id).encode()
    not_yet = button(NOT_YET, ANSWER_NOT_YET, value, says=f"{item_name(item.code)} {NOT_YET}")
    text = f"{item_title(item.code, item.title)}\n{summary(round_.stage, item.answers)}"
    return [section(text.strip()), actions(open_button(round_, item, ENTER_FINAL), not_yet)]


def closed_row(item: ItemStatus) -> Json:
    """An item that can no longer be entered."""
    return section(f"{item_title(item.code, item.title)}　{standing_words(item)}")


def _next_words(item: ItemStatus) -> str:
    return f"このあと{CONFIRMERS[item.waits_for]}が確認します" if item.waits_for else ""


def _receipt_lines(
    round_: RoundInfo, item: ItemStatus, entry_until: date, *, closed: bool, listed: bool
) -> list[str]:
    state = standing_words(item)
    answered = summary(round_.stage, item.answers)
    saved = f"{moment_words(item.saved_at)} 保存" if item.saved_at else ""
    editable = "" if closed else f"{day_words(entry_until)}まで直せます"
    return [
        f"{item_title(item.code, item.title)}　{state}",
        f"{round_.stage.title}の入力を保存しました" if saved and not listed else "",
        answered if answered != state else "",
        SLASH.join(part for part in (saved, editable, _next_words(item)) if part),
    ]
