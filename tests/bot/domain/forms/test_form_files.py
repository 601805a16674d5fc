"""Forms are files: what stands in one is what is asked, and every fault is told with its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.domain.errors import Refused
from bot.domain.form import ALWAYS, Kind, Option, Scope, When
from bot.domain.forms.form_files import built_in, built_in_names, load_forms, parse_form, read_form
from bot.domain.plan_fields import Half
from bot.domain.youshiki3 import YOUSHIKI3

SMALL = """
key = "small"
name = "小さな様式"
item = "行事"

[[plan_fields]]
key = "aim"
label = "ねらい"
synonyms = ["目的"]

[[stages]]
key = "spring"
title = "春の確認"
request = "春の様子を入力してください。"
[stages.timing]
opens = "4月1日"
due = "5月10日"
publishes = "翌年度4月20日"

[[stages.questions]]
key = "went"
kind = "choice"
label = "できばえ"
required = true
options = [{ key = "a", mark = "◎", text = "よい" }, { key = "b", mark = "△", text = "足りない" }]

[[stages.questions]]
key = "why"
kind = "text"
label = "足りないところ"
required = { went = ["b"] }
"""


def faults(text: str) -> list[str]:
    return [str(fault) for fault in parse_form(text)[1]]


def test_a_file_says_what_is_asked_when_and_of_what() -> None:
    form = read_form(SMALL)
    stage = form.stage("spring")

    assert (form.key, form.name, form.item) == ("small", "小さな様式", "行事")
    assert [each.headings for each in form.plan_fields] == [("ねらい", "目的")]
    assert form.plan_fields[0].half is Half.LEFT
    timing = stage.timing
    assert (timing.opens, timing.due, timing.publishes) == ((0, 1), (1, 10), (12, 20))
    went, why = stage.questions
    assert (went.kind, went.scope, went.required) == (Kind.CHOICE, Scope.INITIATIVE, ALWAYS)
    assert went.options == (Option("a", "◎", "よい"), Option("b", "△", "足りない"))
    assert why.required == When("went", frozenset({"b"}))
    assert why.max_length == 3000


def test_the_forms_that_come_with_kaikaku_have_no_fault() -> None:
    forms = {name: built_in(name) for name in built_in_names()}

    assert "youshiki3" in forms
    assert {name: form.key for name, form in forms.items()} == {name: name for name in forms}


def test_the_fields_of_youshiki3_are_the_texts_of_an_initiative() -> None:
    left = [each.key for each in YOUSHIKI3.plan_fields if each.half is Half.LEFT]
    right = [each.key for each in YOUSHIKI3.plan_fields if each.half is Half.RIGHT]

    assert left == ["purpose", "outline", "target", "plan_unlabelled"]
    assert right == ["activities", "activities_target"]
    assert YOUSHIKI3.printed.title_of("市政改革プラン3.0") == "「市政改革プラン3.0」に基づく取組等"


@pytest.mark.parametrize(
    ("was", "becomes", "told"),
    [
        ('key = "why"', 'key = "Why?"', "stages[1].questions[2].key："),
        ('key = "why"', 'key = "went"', "stages[1].questions[2].key：「went」が2つあります。"),
        ('kind = "text"', 'kind = "essay"', "stages[1].questions[2].kind：「essay」は使えません。"),
        ('kind = "text"\n', "", "stages[1].questions[2].kind："),
        ('went = ["b"]', 'gone = ["b"]', "stages[1].questions[2].required：「gone」"),
        ('went = ["b"]', 'went = ["z"]', "stages[1].questions[2].required：「went」に「z」"),
        ('{ went = ["b"] }', '"②"', "stages[1].questions[2].required：{ 質問のkey"),
        (
            'label = "足りないところ"',
            'lable = "足りない"',
            "stages[1].questions[2].lable：知らない",
        ),
        ('label = "できばえ"', 'label = ""', "stages[1].questions[1].label：空のまま"),
        ('"5月10日"', '"2月30日"', "stages[1].timing.due：「9月18日」"),
        ('"5月10日"', '"翌年度5月10日"', "stages[1].timing：開始日(opens)"),
        ('text = "よい"', f'text = "{"よ" * 76}"', "stages[1].questions[1].options[1].text：75字"),
        (
            ', { key = "b", mark = "△", text = "足りない" }',
            "",
            "stages[1].questions[1].options：選",
        ),
        ('mark = "△"', 'mark = "◎"', "stages[1].questions[1].options[2].mark：「◎」が2つ"),
        ('title = "春の確認"', f'title = "{"春" * 15}"', "stages[1].title：14字以内"),
        ("[[plan_fields]]", "[plan_fields]", "plan_fields：[[plan_fields]]"),
        ('synonyms = ["目的"]', 'synonyms = "目的"', "plan_fields[1].synonyms："),
        ("required = true", 'required = true\nunlike = "why2"', "stages[1].questions[1].unlike："),
    ],
)
def test_a_fault_is_told_with_its_place(was: str, becomes: str, told: str) -> None:
    assert was in SMALL

    found = faults(SMALL.replace(was, becomes, 1))

    assert any(each.startswith(told) for each in found), found


def test_all_faults_of_a_file_are_told_at_once() -> None:
    broken = SMALL.replace('name = "小さな様式"\n', "").replace("5月10日", "五月十日")
    broken = broken.replace('went = ["b"]', 'went = ["z"]').replace('key = "aim"', 'key = "1"')

    places = [each.partition("：")[0] for each in faults(broken)]

    assert sorted(places) == [
        *("name", "plan_fields[1].key", "stages[1].questions[2].required"),
        "stages[1].timing.due",
    ]


def test_a_slip_in_the_writing_is_told_by_line() -> None:
    (fault,) = faults(SMALL.replace('name = "小さな様式"', 'name = 小さな様式"'))

    assert fault.startswith("3行目の")


def test_an_offices_files_are_added_or_take_the_place_of_ours(tmp_path: Path) -> None:
    (tmp_path / "small.toml").write_text(SMALL, encoding="utf-8")
    ours = YOUSHIKI3.source.replace('label = "趣旨・目的"', 'label = "ねらい"')
    (tmp_path / "of-our-own.toml").write_text("\ufeff" + ours, encoding="utf-8")
    (tmp_path / "notes.txt").write_text("覚え書き", encoding="utf-8")

    forms = load_forms(tmp_path)

    assert set(forms) == {*load_forms(), "small"}
    purpose = forms["youshiki3"].plan_field("purpose")
    assert purpose is not None
    assert purpose.label == "ねらい"


def test_nothing_begins_with_a_form_that_is_half_right(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text(SMALL, encoding="utf-8")
    (tmp_path / "b.toml").write_text(SMALL, encoding="utf-8")
    (tmp_path / "c.toml").write_bytes("key = 'あ'".encode("cp932"))
    (tmp_path / "d.toml").write_text('key = "d"', encoding="utf-8")

    with pytest.raises(Refused) as refused:
        load_forms(tmp_path)

    said = refused.value.faults
    assert said[0] == "b.toml key：「small」の様式のファイルが2つあります。"
    assert said[1].startswith("c.toml 文字コードを")
    assert "d.toml name：書いてください。" in said


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="フォルダーがありません"):
        load_forms(tmp_path / "nowhere")
