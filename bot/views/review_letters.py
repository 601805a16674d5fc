"""The letters around the manager's step: what is to be mended, and what waits to be confirmed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from bot.domain.checkins import State
from bot.domain.status import ItemStatus
from bot.views.actions import CONFIRM_LIST, STATUS_PAGE
from bot.views.blocks import NOTIFICATION_LIMIT, Json, Rendered, actions, button, context, section
from bot.views.item_rows import MEND, open_button, receipt_row
from bot.views.notice_words import AS_DEPUTY
from bot.views.round_info import RoundInfo, all_askers
from bot.views.targets import Filter, PageTarget
from bot.views.text import escape_line, quoted
from bot.views.words import WIDE, day_words, item_name, item_title, name_words, unfavourable_items

_COMMENT_SHOWN = 2000
_MOST_SECTIONS = 6


@dataclass(frozen=True)
class SentBackLetter:
    """One answer that its owner is asked to mend; ``scope`` is whom the manager reads for."""

    letter_id: int
    round: RoundInfo
    item: ItemStatus
    scope: str  # 保健福祉課, or the unit's name
    comment: str
    due: date
    entry_until: date
    closed: bool = False  # nothing can be mended any more
    as_deputy: bool = False


@dataclass(frozen=True)
class ToConfirmSection:
    """What waits for the reader in one round."""

    round: RoundInfo
    waiting: int
    unfavourable: int  # how many of them are marked ②


@dataclass(frozen=True)
class ToConfirmLetter:
    """One letter to a manager."""

    letter_id: int
    sections: tuple[ToConfirmSection, ...]


def render_sent_back(letter: SentBackLetter) -> Rendered:
    """The comment and the date, until it is mended; then the receipt."""
    name, due = item_name(letter.item.code), day_words(letter.due)
    blocks = [*_mending(letter)] if _is_open(letter) else [_mended(letter)]
    blocks.append(context(*all_askers([letter.round])))
    return Rendered(escape_line(f"{name}の修正のお願い({due}まで)", NOTIFICATION_LIMIT), blocks)


def render_to_confirm(letter: ToConfirmLetter) -> Rendered:
    """How many wait, and where to look; when none are left, that there are none."""
    shown = letter.sections[:_MOST_SECTIONS]
    blocks = [block for index, part in enumerate(shown) for block in _to_confirm(part, index)]
    blocks.append(context(*all_askers(part.round for part in letter.sections)))
    count = sum(part.waiting for part in letter.sections)
    title = letter.sections[0].round.stage.title if len(letter.sections) == 1 else "取組項目"
    text = f"{title} 確認のお願い({count}件)" if count else f"{title} 確認はすべて済んでいます"
    return Rendered(escape_line(text, NOTIFICATION_LIMIT), blocks)


def _is_open(letter: SentBackLetter) -> bool:
    return letter.item.state is State.SENT_BACK and not letter.closed


def _mending(letter: SentBackLetter) -> Iterator[Json]:
    name = escape_line(item_name(letter.item.code), 60)
    comment = quoted(letter.comment, _COMMENT_SHOWN)
    yield section(
        f"*{name}の修正をお願いします*\n{item_title(letter.item.code, letter.item.title)}"
    )
    if letter.as_deputy:
        yield section(AS_DEPUTY)
    yield section(f"{name_words(letter.scope)}の確認者から、次のコメントがあります。\n{comment}")
    button_ = open_button(letter.round, letter.item, MEND)
    yield section(f"修正期限： *{day_words(letter.due)}*", button_)


def _mended(letter: SentBackLetter) -> Json:
    return receipt_row(
        letter.round, letter.item, entry_until=letter.entry_until, closed=letter.closed
    )


def _to_confirm(part: ToConfirmSection, index: int) -> Iterator[Json]:
    round_ = part.round
    heading = f"{name_words(round_.unit_name)}{WIDE}{round_.title}"
    if not part.waiting:
        yield section(f"*{heading}{WIDE}確認はすべて済んでいます*")
        return
    marked = unfavourable_items(round_.stage).removesuffix("の項目")
    said = f"{marked}が{part.unfavourable}件あります。" if part.unfavourable else ""
    yield section(f"*{heading}{WIDE}確認をお願いします({part.waiting}件)*\n{said}".strip())
    look = button("一覧を見る", f"{CONFIRM_LIST}:{index}", str(round_.round_id), primary=True)
    target = PageTarget(round_.round_id, Filter.UNFAVOURABLE).encode()
    first = button(f"{marked}から見る", f"{STATUS_PAGE}:{index}", target)
    yield actions(*([first] if part.unfavourable else []), look)
