"""The screens of files, owners, registrations and a unit's facts, with sample values."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime

from bot.domain.people import Role
from bot.domain.plans import Fault
from bot.slack import files
from bot.views import import_forms, owners, registrations, unit_facts
from bot.views import imports as files_view
from bot.views.blocks import Json, Rendered
from bot.views.import_changes import ChangeKind, ChangeRow, FieldChange, Subject
from bot.views.import_forms import (
    Choices,
    PlaceForm,
    build_file_form,
    build_place_form,
    build_reading,
)
from bot.views.imports import (
    ImportReport,
    ImportShown,
    ImportState,
    PlanHeading,
    Reader,
    render_import,
)
from bot.views.owners import (
    Assigned,
    OwnedItem,
    OwnersForm,
    TypedOwners,
    build_assigned,
    build_owners,
)
from bot.views.registrations import (
    Registered,
    RegisteredList,
    RegistrationForm,
    build_list,
    build_registered,
    build_registration,
)
from bot.views.targets import MessageAt
from bot.views.unit_facts import UnitForm, build_unit, build_unit_set

Named = Iterator[tuple[str, Rendered | Json | str]]

AT = datetime(2026, 8, 20, 1, 42, tzinfo=UTC)
PLAN = PlanHeading("あおぞら区", 2026, "市政改革プラン", draft=False, items=23)
PLAN_CHANGES = (
    ChangeRow(ChangeKind.ADDED, Subject.INITIATIVE, "23", "移動窓口の開設", 2026),
    ChangeRow(
        ChangeKind.CHANGED,
        Subject.INITIATIVE,
        "7",
        "見守り訪問の充実",
        2026,
        fields=(
            FieldChange("題名", "見守り訪問", "見守り訪問の充実"),
            FieldChange("目標", "", "年240回訪問する。"),
        ),
    ),
    ChangeRow(ChangeKind.ADDED, Subject.ANSWER, "9", "中間振り返り", 2026),
)
PEOPLE_CHANGES = (
    ChangeRow(ChangeKind.ADDED, Subject.SECTION, "市民協働課"),
    ChangeRow(ChangeKind.ADDED, Subject.PERSON, "中村 一"),
    ChangeRow(ChangeKind.ADDED, Subject.ACCOUNT, "中村 一"),
    ChangeRow(
        ChangeKind.ADDED,
        Subject.OWNERSHIP,
        "7",
        "中村 一",
        section="市民協働課",
        deputy="佐藤",
        span=("2026-10-01", ""),
    ),
    ChangeRow(
        ChangeKind.CHANGED,
        Subject.ROLE,
        "小林 直子",
        role=Role.MANAGER,
        section="保健福祉課",
        span=("", "2027-03-31"),
        fields=(FieldChange("valid_to", "", "2027-03-31"),),
    ),
    ChangeRow(
        ChangeKind.ENDED,
        Subject.OWNERSHIP,
        "7",
        "山田 花子",
        section="保健福祉課",
        span=("", "2026-09-30"),
        fields=(FieldChange("valid_to", "", "2026-09-30"),),
    ),
)
WARNING = (
    "取組項目5「広報の見直し」は、このファイルにありません。"
    "登録されている内容は、そのまま残します。"
)
READY = ImportShown(
    3,
    "R8取組一覧.xlsx",
    ImportState.READY,
    ImportReport((PLAN,), PLAN_CHANGES, 20, (WARNING,)),
    "中村",
    AT,
    takes_choices=True,
)
ROSTER = replace(
    READY,
    file_name="名簿.csv",
    report=ImportReport(
        changes=PEOPLE_CHANGES, unchanged=12, unreachable=(Reader(14, "高木 三郎"),)
    ),
    takes_choices=False,
)
FAULTY = replace(
    READY,
    state=ImportState.FAULTY,
    report=ImportReport(
        reason="誤りか足りないものが2件あるため、何も取り込んでいません。",
        faults=(
            Fault(4, "題名", "題名がありません。書き入れてください。"),
            Fault(9, "番号", "番号7が2回あります。どちらかを直してください。"),
        ),
    ),
)
OWNERS = OwnersForm(
    plan_id=2,
    unit_name="あおぞら区",
    year=2026,
    plan_name="市政改革プラン",
    items=(
        OwnedItem(9, "9", "地域の担い手づくり"),
        OwnedItem(7, "7", "見守り訪問の充実", ("山田 花子",)),
    ),
    sections=((1, "保健福祉課"), (2, "市民協働課")),
    today=date(2026, 9, 1),
)
MANAGER = Registered(5, "小林 直子", Role.MANAGER, "保健福祉課", date(2026, 4, 1))
REGISTERED = RegisteredList(
    1,
    "あおぞら区",
    (
        Registered(4, "中村 彩", Role.COORDINATOR),
        MANAGER,
        Registered(6, "高木 三郎", Role.OBSERVER, last=date(2027, 3, 31), reachable=False),
    ),
    owners=8,
)
FORM = RegistrationForm(1, "あおぞら区", ((1, "保健福祉課"), (2, "市民協働課")))
UNIT = UnitForm(
    1, "あおぞら区", "総務課(区政企画)", "1234", ("保健福祉課", "総務課"), (date(2026, 11, 4),)
)


def import_screens() -> Named:
    """A file's way, and the forms."""
    yield "読み取ったとき(計画)", render_import(READY)
    yield "読み取ったとき(名簿)", render_import(ROSTER)
    changed = (
        ChangeRow(
            ChangeKind.CHANGED,
            Subject.UNIT,
            "あおぞら区",
            fields=(FieldChange("contact", "総務課", "総務課(区政企画)"),),
        ),
        ChangeRow(ChangeKind.ADDED, Subject.CLOSURE, "あおぞら区", "2026-11-04"),
    )
    facts = replace(ROSTER, file_name="閉庁日.csv", report=ImportReport(changes=changed))
    yield "読み取ったとき(問い合わせ先と閉庁日)", render_import(facts)
    renamed = ChangeRow(
        ChangeKind.CHANGED,
        Subject.PERSON,
        "中村 一",
        fields=(FieldChange("email", "", "nakamura@example.jp"),),
    )
    nameless = replace(ROSTER, file_name="", report=ImportReport(changes=(renamed,)))
    yield "名前のないファイルを読み取ったとき", render_import(nameless)
    yield "登録が変わっていたとき", render_import(replace(READY, moved=True))
    nothing = replace(READY, state=ImportState.NOTHING_NEW)
    yield (
        "変わるところがないとき",
        render_import(replace(nothing, report=ImportReport((PLAN,), (), 23))),
    )
    yield "誤りがあるとき", render_import(FAULTY)
    yield "取り込んだあと", render_import(replace(READY, state=ImportState.APPLIED))
    lost = replace(READY, state=ImportState.APPLIED, unit_id=3, lost=23)
    yield "取り込んだあと(判読できない印があるとき)", render_import(lost)
    yield "元に戻したあと", render_import(replace(READY, state=ImportState.UNDONE))
    yield "ファイルを選ぶ画面", build_file_form()
    yield "ファイルを選んだあと", build_reading()
    units = (("aozora", "あおぞら区"), ("hinata", "ひなた区"))
    place = PlaceForm(3, units, date(2026, 8, 20), Choices("aozora"), 2026)
    yield "区・年度を決める画面", build_place_form(place, MessageAt("D1", "1.1"))
    yield "担当者を決める画面", build_owners(OWNERS)
    many = tuple(OwnedItem(n, str(n), f"取組その{n}") for n in range(1, 36))
    typed = TypedOwners(2, (1, 2, 35), first=date(2026, 9, 1))
    yield "担当者を決める画面(2ページ目)", build_owners(replace(OWNERS, items=many), 1, typed)
    done = Assigned("中村 一", ("7", "9"), date(2026, 10, 1), ("山田 花子",))
    yield "担当者を決めたあと", build_assigned(done)
    yield (
        "Slackを使わない方に決めたあと",
        build_assigned(replace(done, reachable=False, replaced=())),
    )
    yield "利用者の一覧", build_list(REGISTERED)
    yield "新しく登録する画面", build_registration(FORM)
    yield "登録を直す画面", build_registration(replace(FORM, entry=MANAGER))
    yield "登録したあと", build_registered("小林 直子", 1)
    yield "問い合わせ先と閉庁日の画面", build_unit(UNIT)
    yield "問い合わせ先を変えたあと", build_unit_set("あおぞら区", ("extension", "closures"))
    yield "問い合わせ先を変えなかったとき", build_unit_set("あおぞら区", ())


def import_faults() -> Named:
    """Why not."""
    yield "とりまとめ担当ではない方がファイルを置いた", files_view.MAY_NOT
    yield "ほかの区の取り込み", files_view.NOT_YOURS
    yield "見つからない取り込み", files_view.GONE
    yield "取り込み済", files_view.APPLIED
    yield "元に戻し済", files_view.UNDONE
    yield "まだ取り込んでいない", files_view.NOT_APPLIED
    yield "あとから変えられた", files_view.CHANGED_SINCE
    yield "期間が設定された", files_view.ROUND_SET
    yield "ほかの登録で使われている", files_view.USED_SINCE
    yield "あとから入力された", files_view.ANSWERED_SINCE
    yield "ファイルを選んでいない", import_forms.NO_FILE
    yield "大きすぎる", files.TOO_BIG
    yield "Slackの外にある", files.NOT_HERE
    yield "受け取れない", files.LOST
    yield from (
        ("とりまとめ担当ではない(担当者)", owners.MAY_NOT),
        ("計画が見つからない", owners.NO_PLAN),
        ("取組項目がない", owners.NO_ITEMS),
        ("取組項目を選んでいない", owners.NONE_CHOSEN),
        ("計画にない取組項目", owners.NOT_IN_PLAN),
        ("担当者を選んでいない", owners.NOBODY),
        ("担当者を2とおりに書いた", owners.TWO_PEOPLE),
        ("職員ではない", owners.NOT_STAFF),
        ("副担当が担当者と同じ", owners.DEPUTY_SELF),
        ("始まりの日がない", owners.FIRST_MISSING),
        ("始まりの日が過去", owners.FIRST_PAST),
        ("とりまとめ担当ではない(登録)", registrations.MAY_NOT),
        ("登録が見つからない", registrations.GONE),
        ("利用者を選んでいない", registrations.NOBODY),
        ("役割を選んでいない", registrations.ROLE_MISSING),
        ("氏名がない", registrations.NAME_MISSING),
        ("終わりの日が前", registrations.LAST_BEFORE_FIRST),
        ("最後のとりまとめ担当", registrations.LAST_COORDINATOR),
        ("ほかの区の方の氏名", registrations.OF_OTHERS),
        ("閉庁日が読めない", unit_facts.unread_days(("いつか",))),
    )
