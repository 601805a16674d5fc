"""The head of the check-in's modal: the item as the plan has it, and what somebody else saved."""

from __future__ import annotations

from collections.abc import Iterator

from bot.views.actions import HISTORY_OPEN, KEEP
from bot.views.answers_shown import answer_sections
from bot.views.blocks import Json, button, choice, context, divider, input_, option, section
from bot.views.checkin_entry import Entry, Keep, block_prefix
from bot.views.entry_words import SHEET_NAME
from bot.views.targets import Target
from bot.views.text import bold, escape, escape_line, line, quoted
from bot.views.words import WIDE, clock_words, day_words, item_title, name_words

KEEP_KEY = "!keep"  # no question of a form: none of their keys starts with "!"

_PUBLISHED = (
    "入力した内容は、{unit}のホームページで公表されます。"
    "個人や世帯が特定できること、相談の経過などは書かないでください。"
)
_FOR_A_MEETING = (
    "入力した内容は、{unit}の中の会議の資料になります。"
    "個人や世帯が特定できること、相談の経過などは書かないでください。"
)
_CUT = "(続きは計画のシートで読めます)"
_TITLE_SHOWN = 1000
_COMMENT_SHOWN = 2000
_FIRST_SHOWN = 1200  # mostly the target: what the answer is about
_TEXT_SHOWN = 600
_LABEL_SHOWN = 200


def head(entry: Entry) -> Iterator[Json]:
    """Title, what is to be mended, target, activities, earlier answers, and who will read it."""
    yield section(item_title(entry.code, entry.title, _TITLE_SHOWN), _history(entry))
    if entry.published:
        yield section(f"*公表後の修正*{WIDE}公表した内容を直します。修正の理由が必要です。")
    if entry.mending and not entry.published:
        until = f"*修正のお願い*{WIDE}{day_words(entry.mending.due)}まで"
        yield section(f"{until}\n{quoted(entry.mending.comment, _COMMENT_SHOWN)}")
    for place, (label, text) in enumerate(entry.plan):
        yield section(_labelled(label, text, _TEXT_SHOWN if place else _FIRST_SHOWN))
    for previous in entry.previous:
        yield section(_labelled(f"前回　{previous.label}", previous.text, _TEXT_SHOWN))
    published = _PUBLISHED if entry.round.stage.published else _FOR_A_MEETING
    yield context(published.format(unit=name_words(entry.round.unit_name)))
    if entry.entered_for:
        yield context(
            f"{name_words(entry.entered_for)}の担当項目を、代わりに入力します。"
            "入力者として記録されます。"
        )
    yield divider()


def _history(entry: Entry) -> Json | None:
    """What was recorded of the item, once there is anything; it opens above what is typed."""
    if not entry.revision:
        return None
    target = Target(entry.round.round_id, entry.initiative_id).encode()
    return button("履歴を見る", HISTORY_OPEN, target)


def _labelled(label: str, text: str, most: int) -> str:
    stripped = text.strip()
    shown = escape(stripped, most)
    more = _CUT if shown.endswith("…") and not stripped.endswith("…") else ""
    return f"{bold(escape_line(label, _LABEL_SHOWN))}{WIDE}{shown}{more}"


def rival_choice(entry: Entry) -> Iterator[Json]:
    """What somebody else saved meanwhile, and the choice between the two."""
    if entry.rival is None:
        return
    who, at = _who(entry.rival.name), clock_words(entry.rival.at)
    yield section(
        f"画面を開いたあとに、{name_words(who)}がこの項目を更新しました({at})。"
        "下の内容と見比べて、どちらを残すか選んでください。"
    )
    yield section(f"*{name_words(who)}の内容*")
    yield from answer_sections(entry.fields, entry.rival.answers)
    options = [
        option("自分の内容にする", Keep.MINE),
        option(f"{line(who)}の内容のままにする", Keep.THEIRS),
    ]
    # Each revision is a choice of its own: an earlier one must not be taken for this.
    block_id = block_prefix(entry) + f"{entry.rival.revision}:{KEEP_KEY}"
    yield input_(block_id, "残す内容", choice(KEEP, options, None), required=True)
    yield divider()


def _who(name: str) -> str:
    """A person with さん; a published sheet is no person."""
    return name if name == SHEET_NAME else f"{name}さん"
