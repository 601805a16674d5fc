"""The screens of being away, with sample values."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from bot.domain.status import count
from bot.domain.youshiki3 import YOUSHIKI3
from bot.views import absences, account_links, handovers
from bot.views.absences import AbsenceForm, Away
from bot.views.account_links import LinkForm
from bot.views.blocks import Json, Rendered
from bot.views.handovers import Coming, Done, HandoverForm
from bot.views.letters import (
    CoordinatorReport,
    CoordinatorSection,
    ManagersList,
    ManagersSection,
    Notice,
    render,
)
from bot.views.news import HandedOver, News, Returned
from bot.views.notices import render_nothing_asked
from bot.views.status import render_unit
from bot.views.targets import HandoverTarget
from tests.bot.views.samples import MID, NINE, SEVEN, moment, unit_status

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
    covered = replace(SEVEN, away=True, deputies=("佐藤",))
    alone = replace(NINE, owners=("鈴木",), away=True)
    day = date(2026, 9, 28)
    late = ManagersSection(MID, "保健福祉課", 3, 4, (covered, SEVEN))
    yield "確認者へのお知らせ", render(ManagersList(2, day, (late,)))
    counts = count((covered, alone), YOUSHIKI3, overdue=True)
    report = CoordinatorSection(MID, counts, unattended=(alone,))
    yield "とりまとめ担当へのお知らせ", render(CoordinatorReport(4, day, (report,)))
    status = unit_status((covered, alone, SEVEN), counts=counts, days_late=3)
    yield "区の状況", render_unit(status)


def news_screens() -> Named:
    """What a notice says first: of an absence that is over, of a transfer."""
    back = Returned(MID, ("佐藤",), (("7", date(2026, 9, 11)), ("9", date(2026, 9, 11))))
    items = (("7", "高齢者の見守り訪問の充実"), ("9", "地域防災訓練の参加者の拡大"))
    new = HandedOver(date(2026, 10, 1), True, items, 2, "総務課(区政企画)", "1234")
    yield "不在から戻った担当者へ", _news(back)
    yield "新しい担当者へ(入力をお願いしている項目がないとき)", _news(replace(new, asked=0))
    yield "新しい担当者へ", _news(new)
    yield "前の担当者へ", _news(replace(new, received=False))
    yield "前の担当者へのお知らせに項目が残らないとき", render_nothing_asked()
    many = tuple((str(n), f"取組その{n}") for n in range(1, 146))
    yield "145件を引き継いだとき", _news(replace(new, items=many))


def _news(news: News) -> Rendered:
    return render(Notice(1, TODAY, moment(TODAY), (), news=(news,)))


def handover_screens() -> Named:
    """Handing over, and another account."""
    target = HandoverTarget(1, 2, 3, date(2026, 10, 1))
    coming = Coming(target, "山田", "中村", ("7", "9"))
    form = HandoverForm(1, "あおぞら区", TODAY, ((1, "保健福祉課"), (2, "総務課")))
    yield "担当の引き継ぎ", handovers.build_form(form)
    yield "登録済の引き継ぎがあるとき", handovers.build_form(replace(form, coming=(coming,)))
    done = Done("山田", "中村", date(2026, 10, 1), ("7", "9"))
    yield "登録したあと", handovers.build_done(done)
    yield "取り消したあと", handovers.build_taken_back(done)
    yield "アカウントの変更", account_links.build_form(LinkForm(1, "あおぞら区"))
    yield "アカウントを変えたあと", account_links.build_done("山田")


def handover_faults() -> Named:
    """What is wrong, or is no longer so."""
    yield "引き継ぎを登録できない方", handovers.MAY_NOT
    yield "選ばれていない", handovers.MISSING
    yield "登録されていない方", handovers.UNKNOWN
    yield "担当がない", handovers.NOTHING_HELD
    yield "同じ方", handovers.SAME
    yield "副担当が新しい担当者", handovers.DEPUTY_SELF
    yield "過去の日", handovers.FIRST_PAST
    yield "始まった引き継ぎ", handovers.GONE
    yield "アカウントを変えられない方", account_links.MAY_NOT
    yield "氏名が見つからない", account_links.NOBODY
    yield "同じ氏名", account_links.SEVERAL
    yield "ほかの区にも登録がある", account_links.ELSEWHERE
    yield "アカウントが選ばれていない", account_links.MISSING
    yield "ほかの方のアカウント", account_links.TAKEN
    yield "職員でないアカウント", account_links.NOT_STAFF


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
