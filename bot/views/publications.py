"""「公表を記録する」: what is missing before a round is published, and what is recorded of it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from bot.domain.publications import ADDRESS_LENGTH, NUMBER_LENGTH, Announcement, Gap, Gaps
from bot.views.actions import DOCUMENT_OPEN, INPUT, NOTICE_ONLY, PUBLICATION
from bot.views.blocks import (
    Json,
    actions,
    button,
    checkbox,
    context,
    date_picker,
    divider,
    input_,
    line_input,
    modal,
    option,
    section,
)
from bot.views.inputs import read_inputs
from bot.views.refusals import coordinators_only
from bot.views.round_info import RoundInfo
from bot.views.text import escape_line, kept, storable
from bot.views.words import WIDE, day_words, item_name, item_names_of, name_words

MAY_NOT = coordinators_only("公表を記録できる")
NOT_BEGUN = "この振り返りは、まだ始まっていません。公表は、入力が始まったあとに記録できます。"
NUMBER_MISSING = "決裁番号を入力してください。"
DAY_MISSING = "公表日を選んでください。"
DAY_WRONG = "公表日は、入力の開始日よりあとで、今日から1年以内の日にしてください。"
ADDRESS_WRONG = "https:// で始まるアドレスを入力してください。"
REASON_NEEDED = "公表後の修正です。修正の理由を入力してください。"
NOT_PUBLISHED = "まだ公表されていません。公表前の内容は、入力の画面で直してください。"
NEVER_PUBLISHED = "公表しない資料のため、公表は記録できません。"
ANYWAY_MISSING = "足りないものがあるまま公表するときは、ここを選んでください。"
NUMBER, DAY, ADDRESS, ANYWAY = "number", "day", "address", "anyway"
OPEN_LABEL = "公表を記録する"
RECORDED_LABEL = "公表の記録"

GAP_NAMES = {
    Gap.UNANSWERED: "未入力",
    Gap.SENT_BACK: "差し戻し",
    Gap.UNCONFIRMED: "確認前",
    Gap.UNDETERMINED: "未確定",
    Gap.PROVISIONAL: "暫定",
    Gap.UNREADABLE: "公表資料で判読できない印",
}
_TITLE = "公表の記録"
_CODES_SHOWN = 40
_ADDRESS = re.compile(r"https?://[^\s<>|]+")


@dataclass(frozen=True)
class Readiness:
    """A round before it is published; once it is, ``recorded`` and how often it was corrected."""

    round: RoundInfo
    gaps: Gaps
    now: date
    recorded: Announcement | None = None
    corrections: int = 0


@dataclass(frozen=True)
class Published:
    """A round that is published, and what was known to be missing."""

    round: RoundInfo
    announcement: Announcement
    gaps: Gaps
    corrections: int = 0


@dataclass(frozen=True)
class TypedPublication:
    """What was typed; ``day`` None: nothing was chosen."""

    round_id: int
    decision_number: str
    day: date | None
    address: str
    anyway: bool


def is_publishable(round_: RoundInfo, today: date) -> bool:
    """Whether its coordinator can publish it, or see what was recorded."""
    return round_.stage.published and round_.dates.opens < today


def publication_label(round_: RoundInfo) -> str:
    """What the button says that leads there."""
    return RECORDED_LABEL if round_.published else OPEN_LABEL


def build_form(found: Readiness) -> Json:
    """What is missing, then 決裁番号, 公表日 and address."""
    return modal(
        _TITLE,
        _blocks(found),
        callback_id=PUBLICATION,
        metadata={"r": str(found.round.round_id)},
        submit="保存する" if found.recorded else "記録する",
    )


def read_form(view: Mapping[str, Any]) -> TypedPublication:
    """What was typed; Refused when malformed."""
    inputs = read_inputs(view)
    return TypedPublication(
        round_id=inputs.number("r"),
        decision_number=storable(inputs.text(NUMBER))[:NUMBER_LENGTH],
        day=inputs.day(DAY),
        address=storable(inputs.text(ADDRESS))[:ADDRESS_LENGTH],
        anyway=bool(inputs.ticked(ANYWAY)),
    )


def build_published(done: Published) -> Json:
    """「記録しました」, only ever shown after the commit; with the way to the final document."""
    number = escape_line(done.announcement.decision_number, NUMBER_LENGTH)
    text = (
        f"*{name_words(done.round.full_title)}の公表を記録しました。*\n"
        f"決裁番号：{number}{WIDE}公表日：{day_words(done.announcement.published_on)}"
    )
    value = str(done.round.round_id)
    blocks = [
        section(text),
        section(_AFTERWARDS),
        actions(button("様式を出力", f"{DOCUMENT_OPEN}:published", value)),
    ]
    return modal(_TITLE, blocks, callback_id=NOTICE_ONLY)


def is_address(text: str) -> bool:
    """Whether it is the address of a page."""
    return len(text) <= ADDRESS_LENGTH and _ADDRESS.fullmatch(text) is not None


def no_round(unit_name: str, stage: str) -> str:
    """There is no such round to publish."""
    return f"{unit_name}の{stage}の日程は、まだ登録されていません。"


def no_item(code: str) -> str:
    """The round has no item of that number."""
    return f"{item_name(code)}は、公表した内容にありません。"


def unknown_field(key: str) -> str:
    """The form asks nothing under that key; the lines after it say what it asks."""
    return f"「{key}」という欄はありません。次の欄を指定してください。"


def gap_lines(gaps: Gaps) -> Iterator[str]:
    """「未入力 2件：取組項目7、9」 for each kind that there is, plain words."""
    for gap, codes in gaps.codes.items():
        yield f"{GAP_NAMES[gap]} {len(codes)}件：{item_names_of(codes, _CODES_SHOWN)}"


_AFTERWARDS = (
    "入力・確認・差し戻し・取り込みでは、内容が変わらなくなりました。誤りが見つかったときは、"
    "状況の一覧で項目を選び、理由を付けて直します。直した内容は正誤表に載ります。"
)


def _blocks(found: Readiness) -> Iterator[Json]:
    title = name_words(found.round.full_title)
    if found.recorded is None:
        yield section(f"*{title}*{WIDE}全{found.gaps.total}件")
        yield from _missing(found.gaps)
        yield section(
            "記録すると、この振り返りの内容は公表したものとして固定されます。\n"
            "*元に戻せません。* あとから直せるのは、とりまとめ担当だけです(理由が必要です)。"
        )
    else:
        yield section(f"*{title}は公表済みです。*")
        corrected = f"公表後の修正：{found.corrections}か所"
        yield context(f"内容は変えられません。決裁番号・公表日・掲載先は直せます。{corrected}")
    yield divider()
    yield from _inputs(found)


def _missing(gaps: Gaps) -> Iterator[Json]:
    if not gaps.any:
        yield section("すべて入力済・確認済です。足りないものはありません。")
        return
    lines = [f"• {line}" for line in gap_lines(gaps)]
    yield section("\n".join(["*公表の前に確かめてください*", *lines]))


def _inputs(found: Readiness) -> Iterator[Json]:
    recorded = found.recorded
    number = kept(recorded.decision_number, NUMBER_LENGTH) if recorded else ""
    yield input_(
        NUMBER,
        "決裁番号",
        line_input(f"{INPUT}:{NUMBER}", number, most=NUMBER_LENGTH),
        hint="文書管理システムの番号です。例：総務第123号",
        required=True,
    )
    day = recorded.published_on if recorded else found.round.dates.publishes
    picker = date_picker(f"{INPUT}:{DAY}", day.isoformat())
    yield input_(DAY, "公表日", picker, required=True)
    address = kept(recorded.address, ADDRESS_LENGTH) if recorded else ""
    yield input_(
        ADDRESS,
        "掲載したページのアドレス",
        line_input(f"{INPUT}:{ADDRESS}", address, most=ADDRESS_LENGTH),
        hint="あとから入力することもできます。",
    )
    if recorded is None and found.gaps.any:
        words = option("足りないものがあることを承知のうえで公表する", "yes")
        box = checkbox(f"{INPUT}:{ANYWAY}", words, ticked=False)
        yield input_(ANYWAY, "このまま公表する", box)
