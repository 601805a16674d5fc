"""Papers that offices hand in: ours are read by their form, others refused by their name."""

from __future__ import annotations

import pytest

from bot.domain.plans import SheetRefused
from bot.sheets.papers import is_paper, read_paper
from bot.sheets.rows import Row, rows_of
from tests.bot.sheets import aozora
from tests.bot.sheets.samples import sample

OTHERS = {
    "policy_form2": "運営方針(様式2)",
    "three_answers": "平成26年度までの様式",
    "budget": "予算要求の資料",
    "inventory": "業務棚卸表",
    "evaluation": "行政評価(事務事業評価)のシート",
    "strategy": "総合計画・総合戦略の進捗管理表",
    "appraisal": "職員の目標管理(人事評価)のシート",
    "minutes": "会議の議事録",
}


def rows(name: str) -> list[Row]:
    return rows_of(sample(name))


@pytest.mark.parametrize("form", ["vision", "policy", "outcome", "committee"])
def test_a_paper_of_ours_is_read_by_its_own_form(form: str) -> None:
    assert is_paper(rows(form))
    assert read_paper(rows(form)).form == form


def test_a_sheet_of_form_3_is_read_as_one_whatever_its_texts_quote() -> None:
    quoting = aozora.item(plan=aozora.L2.replace(aozora.OUTLINE, "運営方針の経営課題1に沿う。"))
    assert read_paper(rows_of(aozora.sheet(quoting))).form == "youshiki3"


@pytest.mark.parametrize("form", ["vision", "policy", "outcome", "committee"])
def test_page_marks_between_the_rows_change_nothing(form: str) -> None:
    lines = sample(form).split("\n\n")
    paged = "".join(f"{part}\n\n- {number} -\n\n" for number, part in enumerate(lines, start=1))
    plan = read_paper(rows_of(paged))

    assert plan.initiatives == read_paper(rows(form)).initiatives
    assert plan.answers == read_paper(rows(form)).answers


@pytest.mark.parametrize(("name", "kind"), OTHERS.items())
def test_a_paper_of_another_kind_is_refused_by_its_name_with_what_to_do(
    name: str, kind: str
) -> None:
    paper = rows(f"other/{name}")
    with pytest.raises(SheetRefused) as refused:
        read_paper(paper)

    assert is_paper(paper)
    assert refused.value.reason.startswith(f"これは{kind}")
    assert refused.value.reason.count("。") >= 2
    assert refused.value.reason.endswith("。")


def test_a_word_of_another_paper_within_a_text_refuses_nothing() -> None:
    for words in (
        "予算要求の妥当性を確かめた。",
        "一部実施できない見込である。",
        "撤退基準を決める",
    ):
        item = aozora.item(plan=aozora.L2.replace(aozora.OUTLINE, words))
        assert read_paper(rows_of(aozora.sheet(item))).form == "youshiki3"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("あおぞら区運営方針\n経営課題の一覧を載せる。", "運営方針(様式1)のよう"),
        ("経営課題を話し合った。", "運営方針(様式2)のよう"),
        ("あおぞら区将来ビジョンの振り返り", "将来ビジョンの振り返りのよう"),
        ("図書館は月曜日に休みます。", "計画のシートではありません"),
    ],
)
def test_a_text_that_only_sounds_like_a_form_is_refused_by_what_it_sounds_like(
    text: str, kind: str
) -> None:
    with pytest.raises(SheetRefused) as refused:
        read_paper(rows_of(text))

    assert not is_paper(rows_of(text))
    assert kind in refused.value.reason
    assert "取り込めるのは、様式3、" in refused.value.reason
