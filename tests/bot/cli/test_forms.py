"""`kaikaku forms` from the outside."""

from __future__ import annotations

from tests.bot.cli.command import Command
from tests.bot.domain.forms.test_form_files import SMALL


def test_the_forms_are_listed_with_what_they_ask_and_when(bare_kaikaku: Command) -> None:
    said = bare_kaikaku("forms", "list").out
    record = bare_kaikaku("forms", "list", "--json").record

    assert "youshiki3　様式3　(内蔵)" in said
    assert "year-end　自己評価　開始翌年度4月1日、期限翌年度5月14日、公表翌年度6月7日" in said
    assert "区全体で1つ：自己評価(運営方針全体の定性評価)、今後の方針" in said
    keys = [form["key"] for form in record["forms"]]
    assert keys == ["committee", "outcome", "policy", "vision", "youshiki3"]


def test_a_form_is_shown_as_a_file_that_can_be_put_in_its_place(bare_kaikaku: Command) -> None:
    shown = bare_kaikaku("forms", "show", "youshiki3").out
    (bare_kaikaku.folder / "forms").mkdir()
    bare_kaikaku.write("forms/ours.toml", shown.replace("取組の概要", "取組のあらまし"))

    again = bare_kaikaku("forms", "show", "youshiki3", FORMS_DIR="forms").out
    listed = bare_kaikaku("forms", "list", FORMS_DIR="forms").out

    assert again == shown.replace("取組の概要", "取組のあらまし")
    assert "youshiki3　様式3　(FORMS_DIR)" in listed
    assert "outcome　運営方針　(内蔵)" in listed


def test_a_form_that_there_is_not_is_told_with_those_there_are(bare_kaikaku: Command) -> None:
    ended = bare_kaikaku("forms", "show", "youshiki9")

    assert ended.code == 1
    assert "使えるもの：committee、outcome、policy、vision、youshiki3" in ended.err


def test_a_file_is_checked_before_it_is_used(bare_kaikaku: Command) -> None:
    bare_kaikaku.write("small.toml", SMALL)
    broken = SMALL.replace('went = ["b"]', 'went = ["c"]').replace("5月10日", "5月32日")
    bare_kaikaku.write("broken.toml", broken)

    good = bare_kaikaku("forms", "check", "small.toml")
    bad = bare_kaikaku("forms", "check", "broken.toml")
    missing = bare_kaikaku("forms", "check", "nowhere.toml")

    assert good.out.splitlines()[:2] == [
        "誤りはありません：small　小さな様式(新しい様式です)",
        "  行事の欄：ねらい",
    ]
    assert (good.code, bad.code, missing.code) == (0, 1, 1)
    assert bad.errors == [
        "broken.toml に誤りがあります。",
        "stages[1].timing.due：「9月18日」「翌年度5月14日」のように、実在する日を書いてください。",
        "stages[1].questions[2].required：「went」に「c」という選択肢はありません。",
    ]


def test_no_command_begins_with_a_broken_form_or_without_the_folder(
    kaikaku_on_sqlite: Command,
) -> None:
    folder = kaikaku_on_sqlite.folder / "forms"
    folder.mkdir()
    (folder / "broken.toml").write_text("key = 1", encoding="utf-8")

    broken = kaikaku_on_sqlite("units", "list", FORMS_DIR="forms")
    gone = kaikaku_on_sqlite("units", "list", FORMS_DIR="nowhere")

    assert (broken.code, gone.code) == (1, 1)
    assert "broken.toml key：" in broken.err
    assert "FORMS_DIR のフォルダーがありません：nowhere" in gone.err


def test_a_form_with_plans_may_not_go_away(kaikaku_on_sqlite: Command) -> None:
    folder = kaikaku_on_sqlite.folder / "forms"
    folder.mkdir()
    file = folder / "small.toml"
    file.write_text(SMALL, encoding="utf-8")
    kaikaku_on_sqlite.write("plan.csv", "番号,題名\n1,花いっぱい\n")
    taken = kaikaku_on_sqlite(
        *("import", "plan.csv", "--ward", "西区", "--year", "2026", "--form", "small"),
        FORMS_DIR="forms",
    )
    kept = kaikaku_on_sqlite("status", "西区", FORMS_DIR="forms")
    file.unlink()
    lost = kaikaku_on_sqlite("status", "西区", FORMS_DIR="forms")

    assert (taken.code, kept.code, lost.code) == (0, 0, 1)
    assert lost.errors[-1] == "様式「small」がありません。"
