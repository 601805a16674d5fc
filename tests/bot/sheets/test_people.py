"""The roster as a file: headers, words and dates as offices write them, and every fault at once."""

from __future__ import annotations

from datetime import date

import pytest

from bot.domain.people import Period, Role
from bot.domain.plans import SheetRefused
from bot.domain.roster import EVERY, Roster, RosterRow
from bot.sheets.people import read_roster
from bot.sheets.workbooks import write_workbook

_HEADER = "email,slack_user_id,name,role,ward,section,initiatives,deputy,valid_from,valid_to"


def roster(*lines: str, encoding: str = "utf-8") -> Roster:
    return read_roster("\n".join(lines).encode(encoding))


def test_a_row_is_read_as_it_is_meant() -> None:
    person = " Yamada@Example.jp ,u0123abcd, 山田  花子 "
    row = f"{person},owner,西区,総務課,1;3;5,Sato@example.jp,2026-04-01,2027/3/31"

    (read,) = roster(_HEADER, row).rows

    assert read == RosterRow(
        number=2,
        role=Role.OWNER,
        ward="西区",
        email="yamada@example.jp",
        slack_user_id="U0123ABCD",
        name="山田 花子",
        section="総務課",
        initiatives=("1", "3", "5"),
        deputy="sato@example.jp",
        period=Period(date(2026, 4, 1), date(2027, 3, 31)),
    )


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932", "utf-16"])
def test_japanese_headers_in_any_order_and_encoding(encoding: str) -> None:
    lines = ("年度,区,役割,氏名,課・担当", "令和8年度,西区,確認者,山田,総務課")

    (read,) = roster(*lines, encoding=encoding).rows

    assert (read.ward, read.role, read.name, read.section, read.year) == (
        "西区",
        Role.MANAGER,
        "山田",
        "総務課",
        2026,
    )


@pytest.mark.parametrize(
    ("word", "role"),
    [
        ("担当者", Role.OWNER),
        ("Owner", Role.OWNER),
        ("課長", Role.MANAGER),
        ("区長", Role.MANAGER),
        ("とりまとめ担当", Role.COORDINATOR),
        ("ＣＯＯＲＤＩＮＡＴＯＲ", Role.COORDINATOR),
        ("閲覧者", Role.OBSERVER),
    ],
)
def test_roles_are_known_by_their_words(word: str, role: Role) -> None:
    assert roster("role,ward,name", f"{word},西区,山田").rows[0].role is role


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("1;3;5", ("1", "3", "5")),
        ("１、３、５", ("1", "3", "5")),
        ('"1,3, 5"', ("1", "3", "5")),
        ("取組項目1；取組項目12", ("1", "12")),
        ("03;3", ("3",)),
        ("*", (EVERY,)),
        ("＊", (EVERY,)),
        ("", ()),
    ],
)
def test_initiatives_are_separated_as_people_do(text: str, codes: tuple[str, ...]) -> None:
    (read,) = roster("role,ward,name,initiatives", f"owner,西区,山田,{text}").rows

    assert read.initiatives == codes


def test_an_empty_date_means_always() -> None:
    (read,) = roster(_HEADER, ",,山田,owner,西区,,1,,,").rows

    assert read.period == Period()


def test_every_fault_is_listed_by_row_and_column() -> None:
    found = roster(
        _HEADER,
        "a,b,,boss,,,,c,2026/2/30,",
        ",,,owner,西区,,1,,,",
        ",,山田,owner,西区,,1,,2026-04-01,2026-03-31",
        ",,山田,owner,西区,,1,,,",
    )

    assert [(fault.row, fault.column) for fault in found.faults] == [
        (2, "role"),
        (2, "ward"),
        (2, "email"),
        (2, "slack_user_id"),
        (2, "deputy"),
        (2, "valid_from"),
        (3, None),
        (4, "valid_to"),
    ]


def test_a_fault_names_the_column_as_the_file_does() -> None:
    found = roster("役割,区,メール", "何か,西区,a@example.jp")

    assert [fault.column for fault in found.faults] == ["役割"]


def test_a_column_that_is_not_taken_is_said() -> None:
    found = roster("role,ward,name,内線", "owner,西区,山田,1234")

    assert found.warnings == ("次の列は取り込みません：内線",)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "これは名簿ではありません。",
        "番号,題名\n1,取組",
        "role,ward,name",
        "role,ward\nowner,西区",
    ],
)
def test_what_is_no_roster_is_refused(text: str) -> None:
    with pytest.raises(SheetRefused):
        roster(text)


@pytest.mark.parametrize(
    ("header", "words"),
    [
        ("name,role", "「ward」(区)の列がありません。"),
        ("name,ward", "「role」(役割)の列がありません。"),
    ],
)
def test_a_missing_column_is_named_in_both_languages(header: str, words: str) -> None:
    with pytest.raises(SheetRefused) as refused:
        roster(header, "山田,西区")
    (fault,) = refused.value.by_row
    assert (fault.row, fault.message) == (1, words)


def test_a_workbook_is_read_like_a_csv() -> None:
    headers = ("役割", "区", "氏名", "取組項目", "開始日")
    rows = [("担当者", "西区", "山田", "1;3", date(2026, 4, 1).isoformat())]

    (read,) = read_roster(write_workbook(headers, rows, title="名簿")).rows

    assert (read.role, read.initiatives, read.period.valid_from) == (
        Role.OWNER,
        ("1", "3"),
        date(2026, 4, 1),
    )
