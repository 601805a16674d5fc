"""What the button or list behind a payload carries; it comes back from outside, perhaps forged."""

from __future__ import annotations

from bot.domain.errors import NotFound
from bot.sheets.export import ExportFormat
from bot.views import entry_words
from bot.views.targets import HistoryTarget, Page, Target, decode_number
from handlers.callers import Body


def value_of(body: Body) -> object:
    """The button's value as it came, or that of what was chosen from a list."""
    pressed = body["actions"][0]
    value: object = (pressed.get("selected_option") or pressed).get("value")
    return value


def number_of(body: Body, *, gone: str = entry_words.ITEM_NOT_FOUND) -> int:
    """The one id that the button carries; NotFound, in the words ``gone``, for anything else."""
    number = decode_number(value_of(body))
    if number is None:
        raise NotFound(gone)
    return number


def target_of(body: Body) -> Target:
    """The item that the button is about; NotFound for anything else."""
    target = Target.decode(value_of(body))
    if target is None:
        raise NotFound(entry_words.ITEM_NOT_FOUND)
    return target


def history_of(body: Body) -> HistoryTarget:
    """The item, and the page of what is known of it, behind the button; NotFound else."""
    target = HistoryTarget.decode(value_of(body))
    if target is None:
        raise NotFound(entry_words.ITEM_NOT_FOUND)
    return target


def page_of(body: Body, *, gone: str) -> Page:
    """The page behind the button; NotFound, in the words ``gone``, for anything else."""
    page = Page.decode(value_of(body))
    if page is None:
        raise NotFound(gone)
    return page


def format_of(body: Body) -> ExportFormat:
    """The format behind the button's action id; a workbook where it names none."""
    word = str(body["actions"][0]["action_id"]).rpartition(":")[2]
    return ExportFormat(word) if word in list(ExportFormat) else ExportFormat.XLSX
