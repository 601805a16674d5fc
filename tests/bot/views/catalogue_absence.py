"""The screens of being away, with sample values."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from bot.views import absences
from bot.views.absences import AbsenceForm, Away
from bot.views.blocks import Json, Rendered

TODAY = date(2026, 9, 3)
WEEK = Away(1, date(2026, 9, 7), date(2026, 9, 11), "佐藤")
OPEN_ENDED = Away(2, date(2026, 9, 1), None)

Named = Iterator[tuple[str, Rendered | Json | str]]


def absence_screens() -> Named:
    """In the order in which they are met."""
    yield "不在を登録する画面", absences.build_form(AbsenceForm(1, "", TODAY))
    chosen = AbsenceForm(1, "", TODAY, reader="U0001")
    yield "確認者ととりまとめ担当が不在を登録する画面", absences.build_form(chosen)
    several = AbsenceForm(1, "山田", TODAY, (OPEN_ENDED, WEEK))
    yield "ほかの方の不在を登録する画面", absences.build_form(several)
    yield "登録したあと", absences.build_entered("", WEEK)
    yield "登録したあと(終わりが決まっていないとき)", absences.build_entered("山田", OPEN_ENDED)
    yield "取り消したあと", absences.build_ended(WEEK, taken_back=True)
    yield "早く終わったあと", absences.build_ended(OPEN_ENDED, taken_back=False)


def absence_faults() -> Named:
    """What is wrong, or is no longer so."""
    yield "最初の日がない", absences.FIRST_MISSING
    yield "最初の日が過去", absences.FIRST_PAST
    yield "最初の日が遠すぎる", absences.FIRST_FAR
    yield "最後の日が前", absences.LAST_BEFORE_FIRST
    yield "副担当が登録されていない", absences.DEPUTY_UNKNOWN
    yield "副担当がご本人", absences.DEPUTY_SELF
    yield "副担当が別の区の方", absences.DEPUTY_ELSEWHERE
    yield "不在になる方が登録されていない", absences.WHO_UNKNOWN
    yield "登録できない方", absences.MAY_NOT
    yield "終わった不在", absences.GONE
