"""Every screen once, with sample values: what docs/wording.md shows and the voice is tested on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from bot.domain.checkins import State
from bot.domain.consultations import ConsultationKind
from bot.domain.fields import Indicator, fields_of
from bot.domain.form import Scope
from bot.domain.forms.form_files import load_forms
from bot.domain.people import Refusal, Role
from bot.domain.rounds import RoundDates, StepKind, planned_step
from bot.domain.status import count
from bot.domain.youshiki3 import MID_YEAR, YEAR_END, YOUSHIKI3
from bot.views import entry_words, errors
from bot.views.blocks import Json, Rendered
from bot.views.carried import UNREADABLE
from bot.views.checkin_form import Rival, build
from bot.views.checkin_results import (
    Reading,
    Saved,
    build_already_in,
    build_loading,
    build_read_only,
    build_refusal,
    build_saved,
)
from bot.views.conversation import render_pointer
from bot.views.coordinator_report import OpenQuestion
from bot.views.drafts import build_offer
from bot.views.help import Help, Registration, render_help
from bot.views.letters import (
    CoordinatorReport,
    CoordinatorSection,
    ManagersList,
    ManagersSection,
    Notice,
    NoticeSection,
    WardHeadSection,
    WardHeadSummary,
    render,
)
from bot.views.mails import MailItem, mail_subject, mail_text
from bot.views.mine import render_mine
from bot.views.receipts import receipt_of
from bot.views.refusals import RefusalFacts, refusal_words
from bot.views.status import (
    AllUnits,
    UnitChoice,
    UnitRow,
    as_text,
    render_all,
    render_choose_unit,
    render_no_plan,
    render_no_round,
    render_unit,
    render_unknown_unit,
    render_unknown_word,
)
from bot.views.targets import Filter, Target, UnitTarget
from tests.bot.views.catalogue_absence import (
    absence_faults,
    absence_screens,
    handover_faults,
    handover_screens,
    news_screens,
)
from tests.bot.views.catalogue_confirmation import (
    confirmation_faults,
    confirmation_letters,
    confirmation_screens,
    confirmation_standings,
)
from tests.bot.views.catalogue_consultation import consultation_faults, consultation_screens
from tests.bot.views.catalogue_documents import document_faults, document_screens
from tests.bot.views.catalogue_home import home_screens
from tests.bot.views.catalogue_imports import import_faults, import_screens
from tests.bot.views.catalogue_records import record_faults, record_screens
from tests.bot.views.catalogue_rounds import (
    addition_faults,
    addition_screens,
    digest_faults,
    digest_screens,
    round_faults,
    round_screens,
)
from tests.bot.views.catalogue_years import year_faults, year_screens
from tests.bot.views.samples import (
    BEFORE,
    CONFIRM,
    DUE,
    END,
    END_FIELDS,
    FIRST,
    ISSUES,
    LAST,
    MID,
    MID_FIELDS,
    NINE,
    NINE_IN,
    OFFER,
    OPENING,
    SAVED_AT,
    SEVEN,
    SEVEN_IN,
    SEVEN_PROVISIONAL,
    TOLD,
    entry,
    mine,
    moment,
    part,
    step,
    unit_status,
)


@dataclass(frozen=True)
class Shown:
    """One screen: a message, a view, or plain sentences."""

    chapter: str
    name: str
    screen: Rendered | Json | str


def catalogue() -> list[Shown]:
    """All of them, in the order of a year."""
    chapters = (
        ("担当者へのお知らせ", _notices()),
        ("入力画面", _modals()),
        ("ほかの様式の入力画面", _other_forms()),
        ("入力画面のエラー", _faults()),
        ("確認者へのお知らせ", _managers()),
        ("確認と修正のお知らせ", confirmation_letters()),
        ("確認者の画面", confirmation_screens()),
        ("確認者の画面のエラー", confirmation_faults()),
        ("確認と差し戻しの一覧", confirmation_standings()),
        ("とりまとめ担当へのお知らせ", _coordinator()),
        ("相談と入力予定日", consultation_screens()),
        ("相談と入力予定日のエラー", consultation_faults()),
        ("不在", absence_screens()),
        ("不在のエラー", absence_faults()),
        ("不在や異動のあとのお知らせ", news_screens()),
        ("担当の引き継ぎとアカウント", handover_screens()),
        ("担当の引き継ぎとアカウントのエラー", handover_faults()),
        ("履歴・保存期間・図", record_screens()),
        ("履歴・保存期間・図のエラー", record_faults()),
        ("様式の出力と公表", document_screens()),
        ("様式の出力と公表のエラー", document_faults()),
        ("年度をまたぐもの", year_screens()),
        ("年度をまたぐもののエラー", year_faults()),
        ("ファイルの取り込み・担当者・登録", import_screens()),
        ("ファイルの取り込み・担当者・登録のエラー", import_faults()),
        ("振り返りの日程と一時停止", round_screens()),
        ("振り返りの日程と一時停止のエラー", round_faults()),
        ("取組項目の追加と対象外", addition_screens()),
        ("取組項目の追加と対象外のエラー", addition_faults()),
        ("毎週の集計", digest_screens()),
        ("毎週の集計のエラー", digest_faults()),
        ("/kaikaku 状況", _status()),
        ("/kaikaku 自分・ヘルプ", _mine_and_help()),
        ("ホーム", home_screens()),
        ("お断り", _refusals()),
        ("うまくいかなかったとき", _errors()),
        ("庁内メール用の文面", _mail()),
    )
    return [Shown(chapter, name, screen) for chapter, each in chapters for name, screen in each]


Named = Iterator[tuple[str, Rendered | Json | str]]


def _notice(today: date, *sections: NoticeSection) -> Rendered:
    return render(Notice(1, today, moment(today), sections))


def _notices() -> Named:
    opened = step(StepKind.OPENING, date(2027, 4, 7))
    end = part(opened, round=END, entry_until=date(2027, 6, 3))
    yield "開始(中間振り返り)", _notice(OPENING.day, part())
    yield "開始(自己評価)", _notice(opened.day, end)
    yield "開始(副担当)", _notice(OPENING.day, part(OPENING, SEVEN, as_deputy=True))
    yield "3開庁日前", _notice(BEFORE.day, part(BEFORE, days_left=3))
    yield "入力期限の日(1件は入力済)", _notice(DUE.day, part(DUE, SEVEN_IN, NINE))
    yield "期限の翌開庁日", _notice(FIRST.day, part(FIRST, days_late=1))
    yield "確認者にも知らせる日", _notice(TOLD.day, part(TOLD, days_late=3))
    yield "最後のお知らせ", _notice(LAST.day, part(LAST, days_late=6))
    yield "すべて入力済", _notice(FIRST.day, part(FIRST, SEVEN_IN, NINE_IN, days_late=1))
    yield "入力の終了後", _notice(date(2026, 10, 2), part(LAST, SEVEN_IN, NINE, days_late=7))
    yield "暫定の数値の確認", _notice(CONFIRM.day, _confirm())
    day_off = RoundDates(date(2026, 9, 1), date(2026, 9, 20), LAST.day, date(2026, 10, 5))
    yield (
        "入力期限が閉庁日のとき",
        _notice(DUE.day, part(DUE, round=replace(MID, dates=day_off, extension=""))),
    )
    no_extension = part(FIRST, days_late=1, round=replace(MID, extension=""))
    yield "内線が登録されていないとき", _notice(FIRST.day, no_extension)
    both = (part(FIRST, SEVEN, days_late=1), replace(part(), round=END, items=(NINE,)))
    yield "2つの振り返りが重なり、片方が期限を過ぎたとき", _notice(FIRST.day, *both)
    done = (part(FIRST, SEVEN_IN), part(FIRST, NINE_IN, round=replace(MID, round_id=14)))
    yield "2つの振り返りがどちらも入力済のとき", _notice(FIRST.day, *done)
    yield (
        "2つの年度が並ぶとき",
        _notice(opened.day, replace(end, items=(NINE,)), part(FIRST, SEVEN, days_late=1)),
    )
    saved = Notice(1, DUE.day, moment(DUE.day), (part(DUE, SEVEN_IN, NINE),))
    receipt = receipt_of(saved, since=SAVED_AT)
    if receipt:
        yield "控え(元のお知らせがないとき)", receipt
    planned = planned_step(date(2026, 9, 11))
    yield "入力予定日", _notice(planned.day, part(planned))


def _confirm() -> NoticeSection:
    until = date(2027, 6, 3)
    return part(CONFIRM, SEVEN_PROVISIONAL, round=END, entry_until=until, confirm_by=until)


def _modals() -> Named:
    end = entry(END_FIELDS, round=END)
    yield "中間振り返り", build(entry())
    long = "訪問の記録を、担当の職員が月ごとにまとめる。" * 30
    yield (
        "中間振り返り(計画の文が長いとき)",
        build(entry(plan=(*entry().plan[:1], ("今年度の取組内容", long)))),
    )
    yield (
        "中間振り返り(②を選んだあと)",
        build(entry(answers={"implementation": "ii", "attainment": "2"})),
    )
    yield "中間振り返り(対象外)", build(entry(answers={"implementation": "na"}))
    yield "自己評価", build(end)
    yield (
        "自己評価(未確定を選んだあと)",
        build(replace(end, answers={"results": "集計中", "attainment": "undetermined"})),
    )
    same = {"results": ISSUES, "attainment": "2", "issues": ISSUES}
    yield (
        "自己評価(実績と同じ文のとき)",
        build(replace(end, answers=same, warned=frozenset({"issues"}))),
    )
    yield (
        "代わりに入力する・終了後に直す",
        build(entry(entered_for="保健福祉課 山田さん", correcting=True, reason_required=True)),
    )
    rival = Rival("佐藤", SAVED_AT, SEVEN_IN.answers, 2)
    yield "ほかの人が先に更新したとき", build(entry(rival=rival))
    sheet = replace(rival, name=entry_words.SHEET_NAME)
    yield "公表資料が先に取り込まれたとき", build(entry(rival=sheet))
    yield "保存(次の項目がある)", build_saved(Saved(MID, "7", 1, 2, Target(12, 9), (1, 1)))
    yield "保存(最後の項目)", build_saved(Saved(MID, "9", 0, 2))
    yield "読み込み中", build_loading()
    yield (
        "入力済の項目の前のボタン",
        build_already_in(MID, target=Target(12, 7), code="7", saved_at=SAVED_AT),
    )
    yield "前に書きかけた内容があるとき", build_offer(OFFER)
    reading = Reading(MID, "7", SEVEN.title, MID_FIELDS, SEVEN_IN.answers, SAVED_AT, "山田")
    yield "内容を見る", build_read_only(reading)
    message = entry_words.round_closed(MID, date(2026, 10, 1))
    yield "入力できないとき", build_refusal("中間振り返り", message)


def _other_forms() -> Named:
    forms = load_forms()
    outcome, pdca = forms["outcome"].stage("year-end"), forms["policy"].stage("pdca-2")
    response = forms["committee"].stage("response")
    one = (Indicator("1", "見守り訪問を知っている区民の割合", "70%"),)
    for name, stage, scope, code in (
        ("運営方針のアウトカム指標", outcome, Scope.INITIATIVE, "経営課題1"),
        ("運営方針の全体", outcome, Scope.UNIT, "運営方針全体"),
        ("庁内PDCA会議", pdca, Scope.INITIATIVE, "具体的取組1-1-1"),
        ("区政会議の意見", response, Scope.INITIATIVE, "意見1"),
        ("区政会議の評価", response, Scope.UNIT, "委員による評価"),
    ):
        fields = fields_of(stage, scope, one)
        yield name, build(entry(fields, round=replace(MID, stage=stage), code=code, previous=()))


def _faults() -> Named:
    for stage in (MID_YEAR, YEAR_END):
        for field in fields_of(stage):
            question = field.question
            required = question.required is not None
            alike = question.alike if question.unlike else ""
            said = (question.missing if required else "", question.hollow, alike)
            shown = [text for text in said if text]
            if shown:
                yield f"{stage.title}　{question.label}", "\n".join(shown)
    yield "修正の理由がない", entry_words.REASON_MISSING
    yield "残す内容を選んでいない", errors.KEEP_MISSING
    yield "確定する見込みの日が過去か遠すぎる", entry_words.final_date_range(date(2029, 3, 31))
    yield "保存できない", errors.not_saved()
    yield "保存に時間がかかる", errors.still_saving()
    yield "画面を開けない", errors.NOT_OPENED
    yield "画面の内容が読めない", UNREADABLE
    yield "入力の終了後", entry_words.round_closed(MID, date(2026, 10, 1))
    yield "入力の開始前", entry_words.not_open_yet(MID)
    yield "計画が案のまま", entry_words.plan_is_draft(MID)
    yield "項目がない", entry_words.ITEM_NOT_FOUND
    yield "入力済", errors.already_in(SAVED_AT)


def _managers() -> Named:
    late = ManagersSection(MID, "保健福祉課", 3, 4, (SEVEN, NINE))
    day = date(2026, 9, 28)
    yield "期限から3開庁日", render(ManagersList(2, day, (late,)))
    both = replace(late, reader_coordinates=True)
    yield "とりまとめ担当を兼ねる確認者", render(ManagersList(2, day, (both,)))
    yield "未入力がなくなったあと", render(ManagersList(2, day, (replace(late, items=()),)))
    several = (late, replace(late, scope="総務課", items=(SEVEN,)))
    yield "2つの課を見る確認者", render(ManagersList(2, day, several))
    confirmed = replace(SEVEN_IN, state=State.CONFIRMED)
    counts = count((confirmed, NINE), YOUSHIKI3, overdue=True)
    summary = WardHeadSummary(3, day, (WardHeadSection(MID, counts, 1),))
    yield "区長への件数のお知らせ", render(summary)


def _coordinator() -> Named:
    counts = count((SEVEN, NINE), YOUSHIKI3, overdue=True)
    before = CoordinatorSection(MID, counts, unowned=(NINE,), opens_in_future=True)
    yield "開始前", render(CoordinatorReport(4, date(2026, 8, 31), (before,)))
    late = CoordinatorSection(
        MID,
        counts,
        unowned=(NINE,),
        unreachable={"no-account": 1, "deactivated": 1},
        call=(SEVEN, NINE),
    )
    yield "期限のあと", render(CoordinatorReport(4, date(2026, 10, 1), (late,)))
    words = ("user_not_found", "messages_tab_disabled", "restricted_action")
    unreached = replace(late, unreachable=dict.fromkeys(words, 1))
    mailing = CoordinatorReport(4, date(2026, 10, 1), (unreached,))
    yield "届いていない理由と、庁内メールの用意があるとき", render(mailing)
    asked = tuple(OpenQuestion(n, str(n), ConsultationKind.WRONG_OWNER) for n in range(1, 18))
    asking = CoordinatorSection(MID, counts, consultations=asked[:2])
    yield "相談があるとき", render(CoordinatorReport(4, date(2026, 9, 11), (asking,)))
    many = replace(asking, consultations=asked)
    yield "相談が多いとき", render(CoordinatorReport(4, date(2026, 9, 11), (many,)))


def _status() -> Named:
    fourteen = replace(SEVEN, initiative_id=14, code="14", title="窓口の待ち時間の短縮")
    status = unit_status((SEVEN_IN, NINE_IN, fourteen))
    yield "最初のページ", render_unit(status)
    yield "すべての項目", render_unit(replace(status, filter=Filter.ALL))
    own = replace(
        status,
        items=(fourteen,),
        answerable=frozenset({14}),
        readable=frozenset({14}),
        reader_owns_only=True,
    )
    yield "担当者が見たとき", render_unit(own)
    yield "該当する項目がないとき", render_unit(unit_status((SEVEN_IN,), filter=Filter.OUTSTANDING))
    back = replace(SEVEN, state=State.SENT_BACK)
    confirmed = replace(SEVEN_IN, state=State.CONFIRMED)
    yield "確認と差し戻し", render_unit(unit_status((confirmed, back), filter=Filter.ALL))
    yield "コマンドライン", as_text(status)
    rows = (UnitRow("あおぞら区", MID, status.counts), UnitRow("ひなた区"))
    yield "全区", render_all(AllUnits(rows, status.now))
    yield "全区(見られる区がないとき)", render_all(AllUnits((), status.now))
    yield "入力の期間でないとき", render_no_round("あおぞら区", MID)
    yield "計画の登録前", render_no_plan("あおぞら区", 2026)
    choices = [UnitChoice(name, UnitTarget(1)) for name in ("東あおぞら区", "東ひなた区")]
    yield "区が決まらないとき", render_choose_unit("東", choices)
    yield "区がないとき", render_unknown_unit("うみべ")
    yield "言葉が分からないとき", render_unknown_word("ようす")


def _mine_and_help() -> Named:
    yield "自分", render_mine(mine())
    yield "自分(すべて入力済)", render_mine(mine(SEVEN_IN))
    yield "自分(担当なし)", render_mine(mine(sections=(), owned=0, contact=MID.contact))
    yield "自分(入力の期間でないとき)", render_mine(mine(sections=(), owned=2))
    registrations = (
        Registration(Role.OWNER, "あおぞら区", "保健福祉課", items=3),
        Registration(Role.MANAGER, "あおぞら区", "総務課"),
    )
    yield "ヘルプ", render_help(Help(registrations, MID.contact, MID.extension))
    yield "会話に書き込まれたとき", render_pointer()


def _refusals() -> Named:
    facts = RefusalFacts("ひなた区", MID.contact, MID.extension, date(2027, 4, 1))
    names = {
        Refusal.OTHER_UNIT: "ほかの区",
        Refusal.OWN_ITEMS_ONLY: "担当でない項目の内容",
        Refusal.MAY_NOT_ANSWER: "見られるが入力できない",
        Refusal.NO_LONGER_OWNER: "担当が変わった",
        Refusal.NOT_REGISTERED: "登録がない",
        Refusal.NOT_STAFF: "ゲスト・ほかの組織",
    }
    for refusal, name in names.items():
        yield name, refusal_words(refusal, facts)


def _errors() -> Named:
    yield "処理できない", errors.render_error(errors.UNEXPECTED)
    yield "読み出せない", errors.render_error(errors.UNAVAILABLE)


def _mail() -> Named:
    items = [MailItem("9", NINE.title, MID_FIELDS)]
    yield "件名", mail_subject(MID)
    yield "本文", mail_text(MID, items)
