"""様式3 「市政改革プランに基づく取組等」: the form of the plans of FY2015 to FY2022, as data."""

from __future__ import annotations

from bot.domain.answers import YES
from bot.domain.form import ALWAYS, Form, Kind, Option, Prompt, Question, Stage, Timing, When

_HOLLOW = "②の場合は、課題と改善策を文章で入力してください(「なし」「—」だけでは完了できません)。"
_CHOOSE = "どちらかを選んでください。"

IMPLEMENTATION = Question(
    key="implementation",
    kind=Kind.CHOICE,
    label="取組内容の実施見込み",
    hint="8月31日時点で、今年度の取組内容を年度内に実施できる見込みかを選んでください。",
    missing=_CHOOSE,
    required=ALWAYS,
    options=(
        Option("i", "(i)", "実施見込み"),
        Option("ii", "(ii)", "実施できない見込み"),
        Option("na", "", "対象外(年度途中から実施)", exempts=True),
    ),
    prompts=(
        Prompt(
            When("implementation", frozenset({"na"})),
            "対象外を選んだ場合、ほかの入力は要りません。",
            unless_filled=False,
        ),
    ),
)

ATTAINMENT_OUTLOOK = Question(
    key="attainment",
    kind=Kind.CHOICE,
    label="目標の達成見込み",
    hint=(
        "年度末に目標を達成できる見込みかを選んでください。"
        "目標が複数あるときは、1つでも難しければ②を選びます。"
    ),
    missing=_CHOOSE,
    required=ALWAYS,
    options=(
        Option("1", "①", "達成見込み"),
        Option("2", "②", "達成できない見込み", unfavourable=True),
    ),
)

RESULTS = Question(
    key="results",
    kind=Kind.TEXT,
    label="当年度の取組実績及び目標の達成状況",
    hint=(
        "3月31日時点の実績を、目標と比べられるように書いてください。"
        "目標に数値があるときは、実績の数値も書きます。"
    ),
    placeholder=(
        "例：研修を12回開催(目標10回以上)。参加者アンケートで「役に立った」82%(目標80%)。"
    ),
    missing="実績を入力してください。実績がない場合は、その理由を書いてください。",
    required=ALWAYS,
)

ATTAINMENT = Question(
    key="attainment",
    kind=Kind.CHOICE,
    label="目標の達成状況",
    hint="目標が複数あるときは、1つでも未達成なら②を選びます。",
    missing=_CHOOSE,
    required=ALWAYS,
    options=(
        Option("1", "①", "目標達成"),
        Option("2", "②", "目標未達成", unfavourable=True),
        Option("undetermined", "", "未確定(数値の確定待ち)", pending=True),
    ),
)

PROVISIONAL = Question(
    key="provisional",
    kind=Kind.FLAG,
    label="数値の確定",
    options=(Option(YES, "", "暫定の数値です(確定後に入力し直します)"),),
    forced_by=When("attainment", frozenset({"undetermined"})),
)

FINAL_ON = Question(
    key="final_on",
    kind=Kind.DATE,
    label="確定する見込みの日",
    hint=(
        "収納率や決算額は5月31日(出納整理期間の終わり)のあとが目安です。その日のあとにお知らせします。"
    ),
    missing="確定する見込みの日を選んでください。",
    asked=When("provisional", frozenset({YES})),
    required=When("attainment", frozenset({"undetermined"})),
)


def _issues(*, required_hint: str, prompts: tuple[Prompt, ...] = (), unlike: str = "") -> Question:
    # 「※左記が「②」の場合は必須」 on the printed form, at both stages; (ii) is not named there.
    return Question(
        key="issues",
        kind=Kind.TEXT,
        label="課題と改善策(②の場合は必須)",
        required_label="課題と改善策(必須)",
        hint="①でも書けます。",
        required_hint=required_hint,
        placeholder=(
            "例：参加が計画の6割にとどまっている。"
            "10月から周知の方法を見直し、1月までに2回開催する。"
        ),
        missing="②を選んだ場合は、課題と改善策を入力してください。",
        hollow=_HOLLOW,
        required=When("attainment", frozenset({"2"})),
        prompts=prompts,
        unlike=unlike,
        alike=(
            "実績と同じ文です。改善策(これからどうするか)も書いてください。"
            "このままでよければ、もう一度「入力を完了する」を押してください。"
        ),
    )


MID_YEAR = Stage(
    key="mid-year",
    title="中間振り返り",
    request="8月31日時点の見込みを入力してください。",
    guide="質問は2つです。②を選んだ場合は「課題と改善策」も入力します。",
    # Due before the ward publishes in the first days of October (domain.md B2).
    timing=Timing(opens=(5, 1), due=(5, 18), publishes=(6, 5)),
    questions=(
        IMPLEMENTATION,
        ATTAINMENT_OUTLOOK,
        _issues(
            required_hint=(
                "課題(達成が難しい理由)と、年度末までの改善策を書いてください。200字程度が目安です。"
            ),
            prompts=(
                Prompt(
                    When("implementation", frozenset({"ii"})),
                    "実施できない理由を「課題と改善策」に書いておくと、公表のときの説明に使えます(任意)。",
                ),
            ),
        ),
    ),
)

YEAR_END = Stage(
    key="year-end",
    title="自己評価",
    request="3月31日時点の実績と、目標の達成状況を入力してください。",
    notes=(
        (
            "4月から担当になった方へ：前任者の中間振り返りと昨年度の内容は、入力画面で読めます。"
            "担当が違う場合は「担当が違う・相談する」を押してください。"
        ),
        (
            "収納率や決算額など5月31日のあとに確定する数値は、「暫定」で入力してください。"
            "確定のころに改めてお知らせします。"
        ),
    ),
    # 1 April is the day of transfers: the notice waits until people have settled in.
    timing=Timing(opens=(12, 1), due=(13, 14), publishes=(14, 7), notice_business_day=5),
    questions=(
        RESULTS,
        ATTAINMENT,
        _issues(
            required_hint="未達成の理由と、来年度に向けた改善策を書いてください。200字程度が目安です。",
            unlike="results",
        ),
        PROVISIONAL,
        FINAL_ON,
    ),
)

YOUSHIKI3 = Form(key="youshiki3", name="様式3", stages=(MID_YEAR, YEAR_END))

FORMS = {YOUSHIKI3.key: YOUSHIKI3}
