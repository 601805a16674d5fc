"""What a notice says at each step of the ladder: its heading, its sentences, its notification."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from bot.domain.rounds import Step, StepKind
from bot.domain.status import ItemStatus
from bot.views.round_info import RoundInfo
from bot.views.words import day_words, name_words

CONSULT = "担当が違う・相談する"
PLAN_DATE = "入力予定日を決める"


@dataclass(frozen=True)
class NoticeSection:
    """One round in a notice. ``items`` are all of the reader's, most urgent first, answered ones
    included; days are business days; ``entry_until`` is the last day on which answers are taken.
    """

    round: RoundInfo
    step: Step
    items: tuple[ItemStatus, ...]
    days_left: int  # to the due date, 0 on the day itself
    days_late: int  # since the due date
    entry_until: date
    confirm_by: date | None = None  # of the CONFIRM step
    managed_by: tuple[str, ...] = ()  # sections whose managers are told as well
    as_deputy: bool = False

    @property
    def confirms(self) -> bool:
        """Whether provisional figures are asked again."""
        return self.step.kind is StepKind.CONFIRM

    @property
    def open_items(self) -> tuple[ItemStatus, ...]:
        """What this section still asks for."""
        return tuple(item for item in self.items if self.is_open(item))

    def is_open(self, item: ItemStatus) -> bool:
        """Whether an item is still asked for: not in, sent back, or still provisional."""
        if self.confirms:
            return item.outstanding or item.provisional or item.undetermined
        return item.outstanding

    def is_closed(self, today: date) -> bool:
        """Whether entry has ended."""
        return today > self.entry_until


@dataclass(frozen=True)
class Wording:
    """What a section says: ``heading`` and ``lines`` are mrkdwn, ``notification`` plain text."""

    heading: str
    lines: tuple[str, ...]
    notification: str


def words_of(part: NoticeSection, *, today: date) -> Wording:
    """The sentences that are true today; a late catch-up says the true number of days."""
    if not part.open_items:
        return _all_in(part, today)
    if part.step.kind is StepKind.MEND:
        return _mend(part, today)
    if part.is_closed(today):
        return _closed(part)
    if part.step.kind is StepKind.TAKEN:
        return _taken(part)
    match part.step.kind:
        case StepKind.OPENING:
            return _opening(part)
        case StepKind.CONFIRM:
            return _confirm(part)
        case StepKind.AFTER | StepKind.HANDOVER if today > part.round.dates.due:
            return _after(part, today)
        case StepKind.PLANNED if today <= part.round.dates.due:
            return _planned(part)
        case _:
            return _before(part, today)


def notification_of_several(parts: tuple[NoticeSection, ...], today: date) -> str:
    """The notification of a letter about several rounds."""
    asking = [part for part in parts if part.open_items and not part.is_closed(today)]
    count = sum(len(part.open_items) for part in asking)
    late = sum(len(part.open_items) for part in asking if _is_late(part, today))
    items = {part.round.form.item for part in parts}
    item = items.pop() if len(items) == 1 else "項目"
    if not count:
        return f"{item}の入力についてのお知らせ(入力をお願いしている項目はありません)"
    return f"{item}の入力のお願い({count}件" + (f"、うち期限超過{late}件)" if late else ")")


def _opening(part: NoticeSection) -> Wording:
    title, due, count = part.round.title, day_words(part.round.dates.due), len(part.items)
    unit = name_words(part.round.unit_name)
    mine = f"{unit}の{part.round.form.item}のうち、担当されている{count}件です。"
    deputy = f"{AS_DEPUTY}次の{count}件です。"
    return Wording(
        heading=f"*{title}の入力をお願いします{'(副担当)' if part.as_deputy else ''}*",
        lines=((deputy if part.as_deputy else mine) + part.round.stage.request, _due_line(due)),
        notification=f"{title}の入力のお願い({count}件、{due}まで)",
    )


def _before(part: NoticeSection, today: date) -> Wording:
    title, stage, due = part.round.title, part.round.stage.title, day_words(part.round.dates.due)
    count = len(part.open_items)
    waiting = f"{_deputy(part)}次の{count}件がまだ未入力です。"
    if today == part.round.dates.due:
        heading = f"*本日、{due}が{title}の入力期限です*"
        return Wording(heading, (waiting,), f"本日が{stage}の入力期限です(未入力{count}件)")
    if part.days_left > 0 and part.step.kind is StepKind.BEFORE:
        heading = f"*{title}の入力期限まで、あと{part.days_left}開庁日です*"
        lines = (f"{waiting}入力済の項目のお知らせは送りません。", _due_line(due))
        return Wording(heading, lines, f"{stage} 未入力が{count}件あります({due}まで)")
    heading = f"*{title}の入力期限は{due}です*"
    return Wording(heading, (waiting,), f"{stage}の入力期限は{due}です(未入力{count}件)")


def _planned(part: NoticeSection) -> Wording:
    title, stage, count = part.round.title, part.round.stage.title, len(part.open_items)
    day, due = day_words(part.step.day), day_words(part.round.dates.due)
    waiting = f"{_deputy(part)}決めていただいた日になりました。次の{count}件がまだ未入力です。"
    return Wording(
        heading=f"*{title}　入力予定日は{day}です*",
        lines=(waiting, _due_line(due)),
        notification=f"{stage}の入力予定日は{day}です(未入力{count}件、{due}まで)",
    )


def _after(part: NoticeSection, today: date) -> Wording:
    way_out = _way_out(part.round)
    if part.step.last:
        return _last(part, today, way_out)
    if part.step.tells_managers:
        return _managers_told(part, today, way_out)
    stage, count = part.round.stage.title, len(part.open_items)
    passed = f"({part.days_late}開庁日経過)" if part.days_late > 1 else ""
    due, published = day_words(part.round.dates.due), day_words(part.round.dates.publishes)
    preparing = f"{published}の公表に向けてとりまとめていますので、"
    return Wording(
        heading=f"*{part.round.title}　入力期限を過ぎた項目が{count}件あります*",
        lines=(
            f"{_deputy(part)}入力期限は{due}でした{passed}。{preparing}入力をお願いします。",
            way_out,
        ),
        notification=f"{stage} 入力期限を過ぎた項目が{count}件あります",
    )


def _managers_told(part: NoticeSection, today: date, way_out: str) -> Wording:
    stage, count = part.round.stage.title, len(part.open_items)
    return Wording(
        heading=f"*{part.round.title}　入力期限から{part.days_late}開庁日が過ぎています*",
        lines=(
            f"{_deputy(part)}次の{count}件がまだ未入力です。{_who_is_told(part, today)}",
            "すでに入力を進めている場合は、そのままお進めください。",
            way_out,
        ),
        notification=f"{stage} 未入力が{count}件あります(期限から{part.days_late}開庁日)",
    )


def _last(part: NoticeSection, today: date, way_out: str) -> Wording:
    until, count = day_words(part.entry_until), len(part.open_items)
    when = f"本日、{until}" if today == part.entry_until else until
    told = _who_is_told(part, today) if part.step.tells_managers else ""
    next_ = f"自動のお知らせは今回が最後です。このあとは{part.round.asker}からご連絡します。"
    return Wording(
        heading=f"*{part.round.title}　入力できるのは{when}までです*",
        lines=(
            f"{_deputy(part)}次の{count}件がまだ未入力です。{told}{next_}",
            way_out,
        ),
        notification=f"{part.round.stage.title} 未入力が{count}件あります(最後のお知らせ)",
    )


def _confirm(part: NoticeSection) -> Wording:
    count, by = len(part.open_items), day_words(part.confirm_by or part.entry_until)
    settle = "数値が確定していれば、実績と達成状況を確定してください。"
    return Wording(
        heading=f"*{part.round.title}　暫定の数値の確認をお願いします*",
        lines=(
            f"{_deputy(part)}「暫定」で入力された{part.round.form.item}が{count}件あります。{settle}",
            _due_line(by),
        ),
        notification=f"暫定で入力した項目の確認のお願い({count}件、{by}まで)",
    )


def _mend(part: NoticeSection, today: date) -> Wording:
    """On the morning of the day by which what was sent back is to be mended."""
    count, title, item = len(part.open_items), part.round.title, part.round.form.item
    due = day_words(max((item.mend_by for item in part.open_items if item.mend_by), default=today))
    waiting = f"{_deputy(part)}次の{count}件の修正をお願いしています。"
    if today > part.entry_until:
        call = f"修正したい場合は{part.round.asker_with_extension}へご連絡ください。"
        heading = f"*{title}　修正期限は{due}でした*"
        return Wording(heading, (call,), f"{item}の修正期限は{due}でした({count}件)")
    next_ = "修正されないときは、次の開庁日にとりまとめ担当へもお知らせします。"
    heading = f"*{title}　本日、{due}が修正期限です*"
    return Wording(heading, (waiting + next_,), f"本日が{item}の修正期限です({count}件)")


def _taken(part: NoticeSection) -> Wording:
    """What had been sent back to others, in the first days of its new owner or of who is back."""
    count, title = len(part.open_items), part.round.title
    asked = f"次の{count}件の修正をお願いしています。"
    return Wording(
        heading=f"*{title}　修正をお願いします*",
        lines=(f"{asked}コメントは「修正する」の画面で読めます。",),
        notification=f"取組項目の修正のお願い({count}件)",
    )


def _all_in(part: NoticeSection, today: date) -> Wording:
    count, title = len(part.items), part.round.title
    all_of_them = f"{count}件とも" if count > 1 else ""
    editable = f"{day_words(part.entry_until)}までは内容を直せます。"
    return Wording(
        heading=f"*{title}　{all_of_them}入力済です。ありがとうございました。*",
        lines=() if part.is_closed(today) else (editable,),
        notification=f"{title}　{all_of_them}入力済です",
    )


def _closed(part: NoticeSection) -> Wording:
    title, until, count = part.round.title, day_words(part.entry_until), len(part.open_items)
    call = f"入力したい場合は{part.round.asker_with_extension}へご連絡ください。"
    return Wording(
        heading=f"*{title}の入力は{until}で終わりました*",
        lines=(f"次の{count}件は未入力です。{call}",),
        notification=f"{title}の入力は終わりました(未入力{count}件)",
    )


AS_DEPUTY = "担当者が不在のため、副担当の方にお知らせしています。"


def _deputy(part: NoticeSection) -> str:
    return AS_DEPUTY if part.as_deputy else ""


def _due_line(day: str) -> str:
    return f"入力期限： *{day}*"


def _who_is_told(part: NoticeSection, today: date) -> str:
    """Only on the day itself is it true that the managers are told today."""
    names = "・".join(name_words(name) for name in part.managed_by)
    whom = f"{names}の課長" if names else "課長"
    when = "本日、" if today == part.step.day else ""
    return f"{when}{whom}にも未入力の件数と項目をお知らせします。"


def _way_out(round_: RoundInfo) -> str:
    number = name_words(round_.extension)
    call = f"内線{number}で" if number else f"{round_.asker}への連絡で"
    return f"入力が難しいときは「{CONSULT}」か、{call}お知らせください。"


def _is_late(part: NoticeSection, today: date) -> bool:
    around_due = part.step.kind not in (StepKind.CONFIRM, StepKind.MEND, StepKind.TAKEN)
    return around_due and today > part.round.dates.due
