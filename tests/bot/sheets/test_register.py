from __future__ import annotations

import csv
import io
import os
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.plans import Cell, SheetInitiative, SheetPlan, SheetRefused
from bot.sheets.files import read
from bot.sheets.register_files import RegisterKind, write_register, write_template

_EXAMPLES = int(os.environ.get("ROUND_TRIPS", "0"))
KINDS = list(RegisterKind)


def plan_of(*initiatives: SheetInitiative, **fields: object) -> SheetPlan:
    plan = SheetPlan("youshiki3", None, None, None, initiatives)
    return replace(plan, **fields)  # type: ignore[arg-type]


def read_csv(text: str, *, encoding: str = "utf-8") -> list[SheetPlan]:
    return read(text.encode(encoding), "register.csv")


def faults_of(text: str) -> list[str]:
    """The faults of the file, as lines; they are of every plan in it."""
    (faults,) = {plan.faults for plan in read_csv(text)}
    return list(map(str, faults))


# What a workbook can hold: no surrogates, control characters or U+FFFE and U+FFFF.
_CHARACTERS = st.characters(
    codec="utf-8", exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff\ufeff"
)
_WORDS = st.text(st.one_of(_CHARACTERS, st.sampled_from("\n\t'\",;=+-@＝＋－＠🌸あ")), max_size=60)
_STARTS = st.sampled_from(
    ["", "=", "+", "-", "@", "＝", "＋", "－", "＠", "'", "'=", "''@", '"', "\u3042"]
)
_TEXTS = st.builds(lambda start, rest: (start + rest).strip(), _STARTS, _WORDS)
_OPTIONAL = _TEXTS.map(lambda text: text or None)
_INITIATIVES = st.builds(
    SheetInitiative,
    code=st.just(""),
    position=st.just(0),
    number=st.integers(1, 9999),
    title=_TEXTS.filter(bool),
    **dict.fromkeys(
        (
            "subtitle",
            "pillar",
            "purpose",
            "purpose_label",
            "outline",
            "target",
            "plan_unlabelled",
            "activities",
            "activities_target",
        ),
        _OPTIONAL,
    ),
)


@pytest.mark.parametrize("kind", KINDS)
@given(drawn=st.lists(_INITIATIVES, min_size=1, max_size=4, unique_by=lambda each: each.number))
@settings(deadline=None, max_examples=_EXAMPLES or 20)
def test_a_register_read_back_gives_the_same_initiatives(
    kind: RegisterKind, drawn: list[SheetInitiative]
) -> None:
    initiatives = tuple(
        replace(each, code=str(each.number), position=position)
        for position, each in enumerate(drawn, start=1)
    )
    written = write_register([plan_of(*initiatives)], kind)
    assert read(written, f"register.{kind}")[0].initiatives == initiatives


@pytest.mark.parametrize("kind", KINDS)
def test_long_texts_line_ends_and_emoji_come_back(kind: RegisterKind) -> None:
    text = "🌸" + "あ" * 3000 + '\n\t<!channel> _x000a_ "引用", 終わり'
    initiative = SheetInitiative("7", 1, 7, "本の日", purpose=text, target="=1+1")
    assert read(write_register([plan_of(initiative)], kind))[0].initiatives == (initiative,)


@pytest.mark.parametrize("kind", KINDS)
def test_several_wards_and_years_come_back_apart(kind: RegisterKind) -> None:
    one = SheetInitiative("1", 1, 1, "本の日", target="3回")
    plans = [
        plan_of(one, ward="あおぞら区", fiscal_year=2019),
        plan_of(one, ward="あおぞら区", fiscal_year=2026),
        plan_of(one, ward="みなも区", fiscal_year=2026),
    ]
    assert read(write_register(plans, kind)) == plans


@pytest.mark.parametrize("kind", KINDS)
def test_a_template_has_the_columns_and_no_initiative(kind: RegisterKind) -> None:
    template = write_template(kind)
    with pytest.raises(SheetRefused, match="取組がありません"):
        read(template, f"template.{kind}")
    if kind is RegisterKind.CSV:
        assert template.startswith(b"\xef\xbb\xbf")
        headers = template.decode("utf-8-sig").strip().split(",")
        assert headers == [
            *("番号", "題名", "副題", "改革の柱"),
            *("趣旨・目的", "取組の概要", "目標", "当年度の取組内容"),
        ]


def test_no_cell_of_a_csv_can_start_a_formula() -> None:
    texts = ["=1", "+1", "-1", "@a", "＝1", "＋1", "－1", "＠a", "'=1", "\t=1", " =1"]
    plan = plan_of(*(SheetInitiative("1", 1, 1, text) for text in texts))
    written = write_register([plan], RegisterKind.CSV).decode("utf-8-sig")
    titles = [row[1] for row in csv.reader(io.StringIO(written, newline=""))][1:]
    assert titles == [f"'{text}" for text in texts]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932", "utf-16"])
@pytest.mark.parametrize(
    "header",
    [
        "number,title,subtitle,pillar,purpose,outline,target,activities",
        "番号,題名,副題,改革の柱,趣旨・目的,取組の概要,目標,当年度の取組内容",
        "取組項目,取組名,副題,改革の柱,趣旨・目的,取組の概要,目標,当年度の 取組内容",
        "Ｎｏ,ＴＩＴＬＥ,サブタイトル,柱,目的,概要,数値目標,取組内容",
        "番号,取組項目,副題,改革の柱,趣旨・目的,取組の概要,目標,当年度の取組内容",
    ],
)
def test_headers_are_known_in_each_language_width_and_encoding(header: str, encoding: str) -> None:
    plans = read_csv(f"{header}\r\n3,本の日,北館,柱1,目的,概要,目標,内容\r\n", encoding=encoding)
    assert plans[0].initiatives == (
        SheetInitiative(
            *("3", 1, 3, "本の日", "北館", "柱1", "目的"),
            outline="概要",
            target="目標",
            activities="内容",
        ),
    )


@pytest.mark.parametrize("written", ["3", "３", "03", "3.0", "取組項目3", "No.3", "第3"])
def test_a_number_is_read_as_offices_write_it(written: str) -> None:
    assert read_csv(f"番号,題名\n{written},本の日\n")[0].initiatives[0].number == 3


def test_only_number_and_title_are_needed() -> None:
    plan = read_csv("title;number\n本の日;1\n;\n\n本の月;2\n")[0]
    assert [(each.number, each.position, each.title) for each in plan.initiatives] == [
        (1, 1, "本の日"),
        (2, 2, "本の月"),
    ]
    assert (plan.ward, plan.fiscal_year) == (None, None)
    assert len(plan.warnings) == 2  # no targets


def test_a_heading_above_the_header_states_ward_and_year() -> None:
    plan = read_csv("令和8年度 あおぞら区 取組一覧,\n,\n番号,題名\n1,本の日\n")[0]
    assert (plan.ward, plan.fiscal_year) == ("あおぞら区", 2026)


def test_a_column_that_is_not_known_is_warned_of() -> None:
    warnings = read_csv("番号,題名,目標,備考\n1,本の日,3回,あ\n")[0].warnings
    assert warnings == ("次の列は取り込みません：備考",)


def test_an_answers_column_that_is_not_known_is_warned_of_and_those_of_an_export_are_not() -> None:
    exported = "自己評価 状態,自己評価 入力者,自己評価 確認者(課長),課・担当"
    headers = f"番号,題名,目標,{exported},自己評価 達成状況(済)"
    warnings = read_csv(f"{headers}\n1,本の日,3回,入力済,山田,佐藤,広報課,①\n")[0].warnings
    assert warnings == ("次の列は取り込みません：自己評価 達成状況(済)",)


_MARK = "自己評価 アウトカム指標の達成状況(定量評価)"
OUTCOME = f"番号,題名,現状・課題,アウトカム指標1,アウトカム指標2,{_MARK}"


def test_an_answer_about_one_indicator_needs_no_name_of_it_and_one_about_several_does() -> None:
    one, two = f"{OUTCOME}\n1,本の日,減った,人数,,A\n", f"{OUTCOME}\n1,本の日,減った,人数,冊数,A\n"
    named = f'{OUTCOME}\n1,本の日,減った,人数,冊数,"人数：A\n冊数：B"\n'

    (item,) = read_csv(one)[0].initiatives
    (both,) = read_csv(named)[0].initiatives

    assert item.answers["year-end"].values == {"attainment@1": "A"}
    assert both.answers["year-end"].values == {"attainment@1": "A", "attainment@2": "B"}
    assert ["答えとして読めません" in fault for fault in faults_of(two)] == [True]


@pytest.mark.parametrize("written", ['"22,268"', '"22,268千円"', "22268"])
def test_an_amount_is_the_same_however_it_is_written(written: str) -> None:
    (item,) = read_csv(f"番号,題名,経営課題,予算額\n1-1-1,本の日,学び,{written}\n")[0].initiatives
    assert item.details["budget"] == "22268"


def test_a_dash_is_no_answer() -> None:
    headers = "番号,題名,目標,自己評価 目標の達成状況,自己評価 課題と改善策"
    (item,) = read_csv(f"{headers}\n1,本の日,3回,①,—\n")[0].initiatives
    assert item.answers["year-end"].values == {"attainment": "1"}


def test_a_table_of_another_plan_is_refused_by_what_it_says_it_is() -> None:
    table = "No.,取組名,担当局,進捗状況\n1,窓口の電子化,企画局,A\n"
    with pytest.raises(SheetRefused, match="これはほかの計画の進捗管理表です"):
        read_csv(f"みどり市行革プラン 取組の進捗管理表,,,\n{table}")
    (plan,) = read_csv(f"あおぞら区 取組の進捗管理表,,,\n{table}")
    assert [each.title for each in plan.initiatives] == ["窓口の電子化"]


def test_all_faults_are_found_at_once_by_row_and_column() -> None:
    rows = ("あ区,令和8年度,1,本の日", "あ区,8,1,", ",R8年度,一,本", "あ区,R8,1,本", ",,,本")
    assert faults_of("\n".join(("区,年度,No,取組名", *rows))) == [
        "3行目 年度：年度「8」が読めません。令和8年度や2026のように書いてください。",
        "3行目 取組名：題名がありません。書き入れてください。",
        "4行目 区：区の名前がありません。書き入れてください。",
        "4行目 No：番号「一」が読めません。1、2、3のような数字にしてください。",
        "5行目 No：番号1は2行目にもあります。番号を確かめてください。",
        "6行目 年度：年度がありません。令和8年度や2026のように書いてください。",
        "6行目 区：区の名前がありません。書き入れてください。",
        "6行目 No：番号がありません。書き入れてください。",
    ]


def test_rows_are_counted_as_excel_counts_them() -> None:
    assert faults_of('番号,題名\n1,"本の\n日"\n\nx,本\n')[0].startswith("4行目 番号")


def test_a_header_that_lacks_a_column_is_told_of_a_file_without_rows_too() -> None:
    with pytest.raises(SheetRefused, match="取組がありません") as refused:
        read_csv("題名,目標\n")
    assert [fault[:6] for fault in refused.value.faults] == ["1行目 番号"]


def test_where_a_table_states_ward_and_year_is_kept_for_the_faults_found_later() -> None:
    one, other = read_csv("区,年度,番号,題名\nあ区,R8,1,本\nい区,R8,1,本\nあ区,R8,2,本\n")
    assert one.ward_cells == (Cell(2, "区"), Cell(4, "区"))
    assert other.year_cells == (Cell(3, "年度"),)


def test_a_missing_or_double_column_is_a_fault_of_the_header() -> None:
    assert faults_of("題名,目標\n本,3\n") == [
        "1行目 番号：「番号」の列がありません。見出しを加えてください。"
    ]
    assert faults_of("番号,題名,取組名\n1,本,本\n") == [
        "1行目 取組名：「題名」と同じ意味の列です。どちらか1つにしてください。"
    ]


def test_a_table_without_a_header_is_refused() -> None:
    with pytest.raises(SheetRefused, match="見出しがありません"):
        read_csv("1,本の日\n2,本の月\n")


def test_more_rows_than_a_register_can_have_are_refused() -> None:
    rows = "".join(f"{number},本\n" for number in range(1, 5_002))
    with pytest.raises(SheetRefused, match="5,000行まで"):
        read_csv(f"番号,題名\n{rows}")


def test_a_text_too_long_for_a_cell_is_refused_and_not_cut() -> None:
    plan = plan_of(SheetInitiative("1", 1, 1, "本の日", purpose="あ" * 32_768))
    with pytest.raises(SheetRefused) as refused:
        write_register([plan], RegisterKind.XLSX)
    assert refused.value.faults == ("2行目 趣旨・目的：32,767字を超えています。短くしてください。",)
