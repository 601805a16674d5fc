"""「様式を出力」 and publishing once each, for the page of wording."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from bot.domain.publications import Announcement, Gap, Gaps
from bot.views import documents, entry_words, imports, publications
from bot.views.blocks import Json, Rendered
from bot.views.checkin_form import build
from bot.views.documents import DocumentChoice, DocumentForm
from bot.views.publications import Published, Readiness
from bot.views.status import render_unit
from bot.views.targets import AllTarget, DocumentTarget
from tests.bot.views.samples import MID, SEVEN_IN, entry, unit_status

Named = Iterator[tuple[str, Rendered | Json | str]]

CHOICES = (
    DocumentChoice(DocumentTarget(3, "year-end"), "令和8年度 自己評価"),
    DocumentChoice(DocumentTarget(3, "mid-year"), "令和8年度 中間振り返り", published=True),
    DocumentChoice(DocumentTarget(2, "year-end"), "令和7年度 自己評価", published=True),
)
FORM = DocumentForm("あおぞら区", CHOICES, DocumentTarget(3, "mid-year"))
GAPS = Gaps(
    {
        Gap.UNANSWERED: ("7", "9"),
        Gap.SENT_BACK: ("11",),
        Gap.UNCONFIRMED: tuple(str(number) for number in range(12, 20)),
        Gap.UNDETERMINED: ("3",),
        Gap.PROVISIONAL: ("4",),
        Gap.UNREADABLE: ("5",),
    },
    23,
)
READY = Readiness(MID, Gaps({}, 23), date(2026, 10, 2))
MISSING = replace(READY, gaps=GAPS)
MANY_MISSING = replace(
    READY, gaps=Gaps({gap: tuple(str(n) for n in range(1, 146)) for gap in Gap}, 145)
)
RECORD = Announcement("総務第123号", date(2026, 10, 5), "https://www.example.jp/aozora/plan.html")
PUBLISHED = replace(MID, published=True)
RECORDED = replace(READY, round=PUBLISHED, recorded=RECORD, corrections=2)


def document_screens() -> Named:
    yield "様式を出力", documents.build_form(FORM)
    unpublished = tuple(replace(each, published=False) for each in CHOICES[:1])
    yield "様式を出力(公表前だけ)", documents.build_form(replace(FORM, choices=unpublished))
    many = tuple(replace(CHOICES[1], target=DocumentTarget(n, "mid-year")) for n in range(1, 146))
    yield "様式を出力(年度が多い)", documents.build_form(replace(FORM, choices=many))
    yield "様式を出力(閲覧者)", documents.build_form(replace(FORM, withholds=True))
    yield "様式を出力(担当者)", documents.build_form(replace(FORM, own_only=True))
    units = DocumentForm("全区", units=AllTarget(2026, "mid-year"))
    yield "様式を出力(全区)", documents.build_form(units)
    yield "作っているあいだ", documents.build_making()
    yield "送ったあと", documents.build_sent("様式3_あおぞら区_令和8年度_中間振り返り_案.xlsx")
    yield "作れなかったとき", documents.build_not_made(documents.NO_CORRECTIONS)
    yield "公表を記録する", publications.build_form(READY)
    yield "公表を記録する(足りないものがある)", publications.build_form(MISSING)
    yield "公表を記録する(145件)", publications.build_form(MANY_MISSING)
    yield "公表の記録", publications.build_form(RECORDED)
    done = Published(PUBLISHED, RECORD, GAPS)
    yield "公表を記録したあと", publications.build_published(done)
    correcting = entry(reason_required=True, published=True, correcting=True)
    yield "公表後の修正", build(correcting)
    shown = unit_status((SEVEN_IN,), round=PUBLISHED, answerable=frozenset({7}))
    yield "公表後の状況", render_unit(shown)


def document_faults() -> Named:
    yield "公表を記録できる方ではない", publications.MAY_NOT
    yield "まだ始まっていない", publications.NOT_BEGUN
    yield "公表しない資料", publications.NEVER_PUBLISHED
    yield "番号がない", publications.NUMBER_MISSING
    yield "公表日がない", publications.DAY_MISSING
    yield "公表日がおかしい", publications.DAY_WRONG
    yield "アドレスがおかしい", publications.ADDRESS_WRONG
    yield "承知のうえであることを選んでいない", publications.ANYWAY_MISSING
    yield "修正の理由がない(コマンド)", publications.REASON_NEEDED
    yield "まだ公表されていない(コマンド)", publications.NOT_PUBLISHED
    yield "日程がない(コマンド)", publications.no_round("あおぞら区", "中間振り返り")
    yield "項目がない(コマンド)", publications.no_item("99")
    yield "欄がない(コマンド)", publications.unknown_field("mark")
    yield "公表済みで直せない", entry_words.published(MID)
    yield "公表済みで変えられない", entry_words.FROZEN
    yield "公表済みで元に戻せない(取り込み)", imports.PUBLISHED_SINCE
    yield "修正がない", documents.NO_CORRECTIONS
    yield "計画がない", documents.NO_PLAN
    yield "送れなかった", documents.NOT_SENT_TITLE
