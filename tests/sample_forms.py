"""Forms that kaikaku does not ship: what the model of a form must hold with no code changed."""

from __future__ import annotations

from bot.domain.form import (
    ALWAYS,
    Form,
    Kind,
    Option,
    Question,
    Scope,
    Stage,
    Timing,
    When,
)

_JUNE = Timing(opens=(12, 1), due=(13, 14), publishes=(14, 7))
_SEPTEMBER = Timing(opens=(5, 1), due=(5, 18), publishes=(6, 5))

# One mark for each indicator, two texts once for the whole unit, no mid-year round.
INDICATORS = Form(
    key="indicators",
    name="運営方針(アウトカム指標)",
    stages=(
        Stage(
            key="year-end",
            title="自己評価",
            timing=_JUNE,
            request="実績と達成状況を入力してください。",
            questions=(
                Question("result", Kind.TEXT, "実績", scope=Scope.INDICATOR, required=ALWAYS),
                Question(
                    "mark",
                    Kind.CHOICE,
                    "アウトカム指標の達成状況",
                    scope=Scope.INDICATOR,
                    required=ALWAYS,
                    options=(
                        Option("A", "A", "達成"),
                        Option("B", "B", "未達成", unfavourable=True),
                    ),
                ),
                Question(
                    "reason",
                    Kind.TEXT,
                    "未達成の理由",
                    scope=Scope.INDICATOR,
                    required=When("mark", frozenset({"B"})),
                    hollow="理由を文章で入力してください。",
                ),
                Question("overall", Kind.TEXT, "自己評価", scope=Scope.UNIT, required=ALWAYS),
                Question("next", Kind.TEXT, "今後の方針", scope=Scope.UNIT, required=ALWAYS),
            ),
        ),
    ),
)

# The scale of older plans: three values, of which two must be explained.
THREE_VALUED = Form(
    key="three-valued",
    name="三段階の振り返り",
    stages=(
        Stage(
            key="mid-year",
            title="中間振り返り",
            timing=_SEPTEMBER,
            request="実施の見込みを入力してください。",
            questions=(
                Question(
                    "implementation",
                    Kind.CHOICE,
                    "取組の実施見込み",
                    missing="選んでください。",
                    required=ALWAYS,
                    options=(
                        Option("full", "1", "実施できる見込"),
                        Option("part", "2", "一部実施できない見込", unfavourable=True),
                        Option("none", "3", "実施できない見込", unfavourable=True),
                    ),
                ),
                Question(
                    "issues",
                    Kind.TEXT,
                    "課題と改善策",
                    required=When("implementation", frozenset({"part", "none"})),
                ),
            ),
        ),
    ),
)

# No mark at all: a text is the whole review.
TEXT_ONLY = Form(
    key="text-only",
    name="文章だけの振り返り",
    stages=(
        Stage(
            key="year-end",
            title="振り返り",
            timing=_JUNE,
            request="今年度を振り返ってください。",
            questions=(Question("review", Kind.TEXT, "振り返り", required=ALWAYS),),
        ),
    ),
)
