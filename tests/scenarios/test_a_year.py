"""A ward's year, told through the real commands and the running bot: both reviews, end to end.

With a published sheet where there is one beside the clone, and always with one of あおぞら区.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from openpyxl import load_workbook

from playground import Message, Outcome, Screen
from tests.bot.cli.command import Command
from tests.databases import EITHER_KIND
from tests.handlers.filling import ATTAINMENT, IMPLEMENTATION, ISSUES, fill
from tests.scenarios.commanded import CommandedOffice, commanded
from tests.scenarios.year import STAFF, set_up, synthetic_sheet

PUBLISHED = Path(__file__).parents[3] / "shared" / "plans" / "r3-nishinari-plan3.txt"

RESULTS = "当年度の取組実績及び目標の達成状況"
ATTAINED = "目標の達成状況"
KNOWN_ON = "確定する見込みの日"

WRITTEN = "参加が計画の6割にとどまる。\n10月から周知の方法を見直す。"
LATER = "周知を9月に前倒しした。\n1月までに2回開く。"
CORRECTED = "11月から会場を2か所に増やす。"

OWNERS = {"sato", "tanaka", "mori"}


pytestmark = pytest.mark.usefixtures("unspaced")


@pytest.fixture(params=["synthetic", pytest.param("published", marks=EITHER_KIND)])
def sheet(request: pytest.FixtureRequest) -> tuple[str, str]:
    """A ward, and its plan as text."""
    if request.param == "synthetic":
        return "あおぞら区", synthetic_sheet()
    if not PUBLISHED.exists():
        pytest.skip("the published sheets are not beside this clone")
    return "西成区", PUBLISHED.read_text(encoding="utf-8")


@pytest.fixture
async def office(
    way_and_url: tuple[str, str],
    sheet: tuple[str, str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> AsyncIterator[CommandedOffice]:
    """The office on the day before the mid-year round opens, with plan, people and dates in."""
    way, url = way_and_url
    ward, text = sheet
    command = Command(tmp_path, monkeypatch, capsys)
    async with commanded(command, url, way=way, ward=ward, day="2026-08-31") as told:
        told.join(*STAFF)
        await set_up(told, text)
        yield told


async def test_a_ward_lives_through_its_year(office: CommandedOffice) -> None:
    await _the_round_opens(office)
    await _an_owner_answers(office)
    await _only_who_is_late_is_reminded(office)
    await _managers_and_coordinator_step_in(office)
    await _an_answer_is_edited_and_the_round_closes(office)
    await _the_year_end_round_opens(office)
    await _everybody_evaluates(office)
    await _figures_are_asked_again_in_june(office)
    await _a_later_date_is_kept_to(office)
    await _exports_hold_it_all(office)


# --- the mid-year review -------------------------------------------------------------------------


async def _the_round_opens(office: CommandedOffice) -> None:
    assert await office.told("2026-08-31") == set()

    # The coordinator hears of the owner who can't be written to.
    assert await office.told("2026-09-01") == OWNERS | {"coordinator"}

    assert await office.told("2026-09-01", "09:35") == set()
    assert "担当されている3件です" in office.letter("sato").visible_text
    assert office.letter("sato").buttons.count("入力する") == 3
    assert "1人" in office.letter("coordinator").visible_text
    await _stands(office, submitted=0, outstanding=8)


async def _an_owner_answers(office: CommandedOffice) -> None:
    office.go_to("2026-09-02", "08:30")
    modal = await office.person("sato").click(office.letter("sato"), "入力する")
    await modal.choose(IMPLEMENTATION, "(i)")
    await modal.choose(ATTAINMENT, "②")
    await modal.until(lambda screen: "課題と改善策(必須)" in screen.labels())
    await _empty_and_hollow_texts_are_refused(office, modal)

    await modal.fill(ISSUES, WRITTEN)
    assert (await modal.submit()).outcome is Outcome.UPDATED

    assert modal.submit_text == "次の項目へ"
    await modal.submit()
    assert modal.title == "中間振り返り 取組項目2(2/3)"
    await fill(modal)
    await modal.submit()
    await _the_deputy_answers_the_third(office)
    await office.slack.wait_until(lambda: "3件とも入力済です" in office.letter("sato").visible_text)
    assert len(office.messages("sato")) == 1
    found = await _stands(office, submitted=3, outstanding=5)
    assert found["attainment"] == {"1": 2, "2": 1}
    assert found["implementation"] == {"i": 3, "ii": 0, "na": 0}


async def _empty_and_hollow_texts_are_refused(office: CommandedOffice, modal: Screen) -> None:
    refused = await modal.submit()
    assert refused.outcome in (Outcome.ERRORS, Outcome.BLOCKED)
    assert modal.error_under(ISSUES)
    assert modal.value_of(IMPLEMENTATION) == "(i) 実施見込み"

    await modal.fill(ISSUES, "なし")
    refused = await modal.submit()
    assert refused.outcome is Outcome.ERRORS
    assert "「なし」「—」だけでは完了できません" in (modal.error_under(ISSUES) or "")
    assert modal.value_of(ISSUES) == "なし"
    await _stands(office, submitted=0, outstanding=8)


async def _the_deputy_answers_the_third(office: CommandedOffice) -> None:
    modal = await _opened_from_mine(office, "deputy")
    assert "取組項目3" in modal.title
    await fill(modal)
    await modal.submit()
    assert office.messages("deputy") == []


async def _only_who_is_late_is_reminded(office: CommandedOffice) -> None:
    for day in ("2026-09-05", "2026-09-06"):
        assert await office.told(day) == set()
    assert await office.told("2026-09-14") == set()  # the same gap is not reported twice

    assert await office.told("2026-09-15") == {"tanaka", "mori"}
    assert "あと3開庁日です" in office.letter("tanaka").visible_text
    await _answer(office, "tanaka", attainment="①")

    assert await office.told("2026-09-18") == {"tanaka", "mori"}
    assert "まだ未入力です" in office.letter("tanaka").visible_text
    assert "次の1件" in office.letter("tanaka").visible_text
    await _stands(office, submitted=4, outstanding=4, overdue=0)

    for day in ("2026-09-19", "2026-09-20", "2026-09-21", "2026-09-22", "2026-09-23"):
        assert await office.told(day) == set()
    assert await office.told("2026-09-24") == {"tanaka", "mori", "coordinator"}
    await _stands(office, submitted=4, outstanding=4, overdue=4)
    await _put_out_of_scope(office, "tanaka")
    assert await office.told("2026-09-25") == {"coordinator"}


async def _managers_and_coordinator_step_in(office: CommandedOffice) -> None:
    # Everything of 保険年金課 is in: its manager is not written to.
    told = await office.told("2026-09-28")
    assert told == {"mori", "citizens", "head", "coordinator"}
    assert "市民協働課で3件が未入力です" in office.letter("citizens").visible_text
    assert "期限から3開庁日が過ぎています" in office.letter("mori").visible_text

    said = await office.whispered("coordinator", f"状況 {office.ward}")
    assert "入力済 5／8件(62%)" in said.visible_text
    modal = await office.person("coordinator").click(said, "入力する", near="取組項目8")
    assert "西村さんの担当項目を、代わりに入力します" in modal.visible_text
    await fill(modal)
    await modal.submit()
    found = await _stands(office, submitted=6, outstanding=2, overdue=2)
    assert found["implementation"] == {"i": 5, "ii": 0, "na": 1}


async def _an_answer_is_edited_and_the_round_closes(office: CommandedOffice) -> None:
    assert await office.told("2026-09-29") == {"coordinator"}
    modal = await office.person("sato").click(office.letter("sato"), "内容を見る・直す")
    await modal.fill(ISSUES, LATER)
    await modal.submit()

    assert await office.told("2026-10-01") == {"mori", "coordinator"}
    assert "自動のお知らせは今回が最後です" in office.letter("mori").visible_text
    for _ in range(2):
        await _answer(office, "mori", attainment="②", issues=WRITTEN)
    found = await _stands(office, submitted=8, outstanding=0)
    assert found["attainment"] == {"1": 4, "2": 3}
    assert found["implementation"] == {"i": 7, "ii": 0, "na": 1}

    # A conversation takes an update a second: all letters are up to date before the day ends.
    assert await office.told("2026-10-01", "17:00") == set()
    assert await office.told("2026-10-02", until="2026-10-12") == set()
    await _only_the_coordinator_still_corrects(office)


async def _only_the_coordinator_still_corrects(office: CommandedOffice) -> None:
    office.go_to("2026-10-02", "10:00")
    refused = await office.person("mori").click(office.letter("mori"), "内容を見る・直す")
    assert "入力は10月1日(木)で終わりました" in refused.visible_text
    said = await office.whispered("coordinator", f"状況 {office.ward}")
    modal = await office.person("coordinator").click(said, "内容を見る・直す", near="取組項目6")
    await modal.fill(ISSUES, CORRECTED)
    await modal.fill("修正の理由", "公表前の確認による。")
    assert (await modal.submit()).outcome is Outcome.UPDATED


# --- the year-end review -------------------------------------------------------------------------


async def _the_year_end_round_opens(office: CommandedOffice) -> None:
    dates = ("--opens", "2027-04-01", "--due", "2027-05-14", "--closes", "2027-06-03")
    round_ = ("--ward", office.ward, "--year", "2026", "--kind", "year-end", *dates)
    await office.run("rounds", "set", *round_, "--publishes", "2027-06-07", "--levels", "0")

    assert await office.told("2027-03-29", until="2027-04-06") == {"coordinator"}
    assert await office.told("2027-04-07") == OWNERS
    assert "5月31日のあとに確定する数値は" in office.letter("sato").visible_text
    await _stands(office, "year-end", submitted=0, outstanding=8)


async def _everybody_evaluates(office: CommandedOffice) -> None:
    modal = await office.person("sato").click(office.letter("sato"), "入力する")
    assert LATER.splitlines()[0] in modal.visible_text
    await _leave_undetermined(modal, known_on="2027-05-31")
    found = await _stands(office, "year-end", submitted=1, outstanding=7)
    assert (found["undetermined"], found["provisional"]) == (1, 1)

    await _leave_undetermined(await _opened_from_mine(office, "mori"), known_on="2027-06-30")
    modal = await _opened_from_mine(office, "tanaka")
    await modal.check("数値の確定", "暫定の数値です(確定後に入力し直します)")
    await _evaluate(office, modal)
    for name, count in (("sato", 2), ("tanaka", 1), ("mori", 1)):
        for _ in range(count):
            await _evaluate(office, await _opened_from_mine(office, name))
    said = await office.whispered("coordinator", f"状況 {office.ward} 令和8年度 自己評価")
    assert "入力済 7／8件(87%)" in said.visible_text
    modal = await office.person("coordinator").click(said, "入力する")
    await _leave_undetermined(modal, known_on="2027-05-31")
    await _stands(office, "year-end", submitted=8, outstanding=0)


async def _figures_are_asked_again_in_june(office: CommandedOffice) -> None:
    assert await office.told("2027-05-06", until="2027-05-31") == set()

    # The coordinator hears of the owner who can't be asked.
    assert await office.told("2027-06-01") == {"sato", "tanaka", "coordinator"}
    letter = office.letter("sato")
    assert "暫定の数値の確認をお願いします" in letter.visible_text
    assert "6月3日(木)" in letter.visible_text
    assert "届いていない方" in office.letter("coordinator").visible_text
    await _the_coordinator_determines(office)
    assert await office.told("2027-06-02") == set()

    modal = await office.person("sato").click(letter, "確定した内容を入力する")
    await modal.choose(ATTAINED, "①")
    await modal.until(lambda screen: "数値の確定" in screen.labels())
    await modal.fill(RESULTS, "12回開いた。収納率は97.6%。")
    assert (await modal.submit()).outcome is Outcome.UPDATED
    modal = await office.person("tanaka").click(office.letter("tanaka"), "確定した内容を入力する")
    assert modal.value_of("数値の確定") == []
    assert (await modal.submit()).outcome is Outcome.UPDATED

    found = await _stands(office, "year-end", submitted=8, outstanding=0)
    assert (found["undetermined"], found["provisional"]) == (1, 1)
    assert found["attainment"] == {"1": 7, "2": 0}


async def _the_coordinator_determines(office: CommandedOffice) -> None:
    said = await office.whispered("coordinator", f"状況 {office.ward}")
    person, user = office.person("coordinator"), office.users["coordinator"]
    await person.press(said, "すべての項目")
    await office.slack.wait_until(
        lambda: "取組項目8" in office.slack.ephemerals(user)[-1].visible_text
    )
    listed = office.slack.ephemerals(user)[-1]
    await _determine(await person.click(listed, "内容を見る・直す", near="取組項目8"))


async def _a_later_date_is_kept_to(office: CommandedOffice) -> None:
    assert await office.told("2027-06-03", until="2027-06-30") == set()

    assert await office.told("2027-07-01") == {"mori"}
    letter = office.letter("mori")
    await _determine(await office.person("mori").click(letter, "確定した内容を入力する"))

    found = await _stands(office, "year-end", submitted=8, outstanding=0)
    assert (found["undetermined"], found["provisional"]) == (0, 0)
    assert await office.told("2027-07-02", until="2027-07-08") == set()


# --- afterwards ----------------------------------------------------------------------------------


async def _exports_hold_it_all(office: CommandedOffice) -> None:
    folder = office.kaikaku.folder
    for format_ in ("json", "csv", "xlsx"):
        export = ("export", office.ward, "--year", "2026", "-o", str(folder / f"a.{format_}"))
        await office.run(*export)

    items = json.loads((folder / "a.json").read_text(encoding="utf-8"))["initiatives"]
    first, sixth, eighth = items[0], items[5], items[7]
    assert first["mid_year"]["issues"] == LATER
    assert first["mid_year"]["history"]["revisions"] == 2
    assert first["mid_year"]["history"]["first_at"] == "2026-09-02T08:30:00+09:00"
    assert first["year_end"]["results"] == "12回開いた。収納率は97.6%。"
    assert first["year_end"]["history"]["undetermined"] is False
    assert sixth["mid_year"]["issues"] == CORRECTED
    assert eighth["mid_year"]["history"]["entered_by"] == "小林"
    assert eighth["mid_year"]["history"]["entered_for"] == "西村"

    [sheet] = load_workbook(folder / "a.xlsx").worksheets
    printed = {str(cell.value) for row in sheet.iter_rows() for cell in row}
    assert {LATER, CORRECTED, "2026-09-02 08:30", "対象外"} <= printed
    text = (folder / "a.csv").read_bytes().decode("utf-8-sig")
    assert "2026-09-02 08:30" in text
    assert CORRECTED in text


async def _stands(
    office: CommandedOffice, kind: str = "mid-year", **counts: int
) -> dict[str, object]:
    """The command and the coordinator's screen say the same counts."""
    found = await office.status(kind)
    assert {name: found[name] for name in counts} == counts, found
    assert found["total"] == 8
    said = await office.whispered("coordinator", f"status {office.ward} R8 {_WORDS[kind]}")
    submitted = found["submitted"]
    assert f"入力済 {submitted}／8件({submitted * 100 // 8}%)" in said.visible_text
    assert f"未入力 {found['outstanding']}" in said.visible_text
    return found


_WORDS = {"mid-year": "中間振り返り", "year-end": "自己評価"}


async def _opened_from_mine(office: CommandedOffice, name: str) -> Screen:
    said: Message = await office.whispered(name, "自分")
    return await office.person(name).click(said, "入力する")


async def _answer(office: CommandedOffice, name: str, **answers: str) -> None:
    modal = await _opened_from_mine(office, name)
    await fill(modal, **answers)
    assert (await modal.submit()).outcome is Outcome.UPDATED


async def _put_out_of_scope(office: CommandedOffice, name: str) -> None:
    modal = await _opened_from_mine(office, name)
    await modal.choose(IMPLEMENTATION, "対象外")
    await modal.until(lambda screen: ATTAINMENT not in screen.labels())
    assert (await modal.submit()).outcome is Outcome.UPDATED


async def _leave_undetermined(modal: Screen, *, known_on: str) -> None:
    await modal.fill(RESULTS, "12回開いた。収納率は確定待ち。")
    await modal.choose(ATTAINED, "未確定")
    await modal.until(lambda screen: KNOWN_ON in " ".join(screen.labels()))
    await modal.pick_date(KNOWN_ON, known_on)
    assert (await modal.submit()).outcome is Outcome.UPDATED


async def _determine(modal: Screen) -> None:
    await modal.choose(ATTAINED, "①")
    assert (await modal.submit()).outcome is Outcome.UPDATED


async def _evaluate(office: CommandedOffice, modal: Screen) -> None:
    await modal.fill(RESULTS, "12回開いた。")
    await modal.choose(ATTAINED, "①")
    assert (await modal.submit()).outcome is Outcome.UPDATED
