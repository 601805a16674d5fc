"""The fields of a round below its dates: who confirms, when letters go out, and who asks."""

from __future__ import annotations

from collections.abc import Iterator

from bot.views.actions import INPUT
from bot.views.blocks import (
    Json,
    checkboxes,
    choice,
    divider,
    input_,
    line_input,
    option,
    select,
    user_picker,
)
from bot.views.typed_rounds import (
    AFTER,
    BASIS,
    BEFORE,
    CONTACT,
    EXTENSION,
    HEAD,
    HEAD_AFTER,
    LEVEL,
    OPTIONS,
    STEPS,
    TELLS,
    TypedRound,
)

LEVEL_WORDS = {0: "確認なし", 1: "課長が確認する", 2: "課長、区長の順に確認する"}
ON_DUE, ON_MONDAYS = "due", "mondays"
TEXT_LENGTH = {CONTACT: 60, EXTENSION: 20, BASIS: 120}


def ladder_fields(values: TypedRound) -> Iterator[Json]:
    """Who confirms, and when owners and those above them are told."""
    yield divider()
    levels = [option(words, str(level)) for level, words in LEVEL_WORDS.items()]
    chosen = None if values.levels is None else str(values.levels)
    yield input_(LEVEL, "確認", choice(f"{INPUT}:{LEVEL}", levels, chosen), required=True)
    for key, label, counts in (
        (BEFORE, "期限の何開庁日前に、もう一度お知らせするか", values.before),
        (AFTER, "期限の何開庁日後に、もう一度お知らせするか", values.after),
    ):
        typed = "、".join(map(str, counts or ()))
        hint = "例：3" if key == BEFORE else "例：1、3、6(未入力の項目がある方だけに送ります)"
        yield input_(key, label, line_input(f"{INPUT}:{key}", typed, most=30), hint=hint)
    element = select(f"{INPUT}:{TELLS}", _days(), str(values.managers_after))
    yield input_(TELLS, "確認者に未入力を知らせる日(期限から)", element, required=True)
    boxes = [
        option("期限の日の朝にもお知らせする", ON_DUE),
        option("確認者には、そのあと毎週月曜日にもお知らせする", ON_MONDAYS),
    ]
    on = {ON_DUE: values.on_due, ON_MONDAYS: values.on_mondays}
    ticked = [key for key, is_on in on.items() if is_on]
    yield input_(OPTIONS, "ほかのお知らせ", checkboxes(f"{INPUT}:{OPTIONS}", boxes, ticked))


def asker_fields(values: TypedRound) -> Iterator[Json]:
    """Who asks, by which notice, and which ward head gets the numbers."""
    yield divider()
    for key, label, hint in (
        (CONTACT, "お願いする課・担当", "空欄なら、区の登録のとおりです。"),
        (EXTENSION, "内線番号", "空欄なら、区の登録のとおりです。"),
        (BASIS, "もとになる事務連絡", "例：令和8年8月25日付け事務連絡"),
    ):
        element = line_input(f"{INPUT}:{key}", getattr(values, key), most=TEXT_LENGTH[key])
        yield input_(key, label, element, hint=hint)
    yield input_(
        HEAD,
        "件数だけのまとめを送る区長",
        user_picker(f"{INPUT}:{HEAD}", values.head),
        hint="選ばなければ送りません。氏名や項目は書きません。",
    )
    element = select(f"{INPUT}:{HEAD_AFTER}", _days(), str(values.ward_head_after))
    yield input_(HEAD_AFTER, "区長にまとめを送る日(期限から)", element, required=True)


def _days() -> list[Json]:
    return [option(f"{count}開庁日後", str(count)) for count in range(1, STEPS * 2 + 1)]
