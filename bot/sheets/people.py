"""The roster (名簿) as a file: .csv or .xlsx, headers in Japanese or English, in any order.

Faults are found all at once, by row and column; what a row means is the service's business.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from bot.domain.calendar import parse_day, parse_fiscal_year
from bot.domain.people import Period, Role
from bot.domain.plans import Fault, SheetRefused
from bot.domain.roster import EVERY, Roster, RosterRow, is_email, is_slack_id
from bot.sheets.decoding import decode
from bot.sheets.file_kinds import kind_of
from bot.sheets.folding import fold_words
from bot.sheets.tables import MAX_BYTES, HeadedTable, TableRow, columns_by_key, csv_tables

_HEADERS: Mapping[str, tuple[str, ...]] = {
    "email": ("email", "e-mail", "mail", "メールアドレス", "メール", "Eメール"),
    "slack_user_id": (
        *("slack_user_id", "slack_id", "slackid", "slack"),
        *("SlackのID", "SlackユーザーID", "SlackID", "メンバーID"),
    ),
    "name": ("name", "氏名", "名前"),
    "role": ("role", "役割", "権限"),
    "ward": ("ward", "unit", "区", "区名", "所属", "局"),
    "section": ("section", "課・担当", "課", "担当", "課担当", "課名", "担当課"),
    "initiatives": (
        *("initiatives", "initiative", "取組項目", "取組", "取組番号", "項目番号", "番号"),
        "担当項目",
    ),
    "deputy": ("deputy", "副担当"),
    "valid_from": ("valid_from", "from", "開始日", "有効開始日", "適用開始日", "いつから"),
    "valid_to": ("valid_to", "to", "終了日", "有効終了日", "適用終了日", "いつまで"),
    "year": ("year", "fiscal_year", "年度"),
}

_ROLES: Mapping[Role, tuple[str, ...]] = {
    Role.OWNER: ("owner", "担当者", "担当"),
    Role.MANAGER: ("manager", "確認者", "課長", "区長"),
    Role.COORDINATOR: (
        "coordinator",
        "とりまとめ担当",
        "取りまとめ担当",
        "とりまとめ",
        "取りまとめ",
    ),
    Role.OBSERVER: ("observer", "閲覧者", "参照者", "オブザーバー"),
}

_NEEDED = {"role": "役割", "ward": "区"}
_PERSON = ("email", "slack_user_id", "name")
_SEPARATORS = re.compile(r"[;,、，；\s]+")


def read_roster(source: Path | bytes) -> Roster:
    """The rows of a file with the faults in them. Raises SheetRefused when it is no roster."""
    data = source if isinstance(source, bytes) else source.read_bytes()
    table = _table(_tables(data))
    faults = list(_header_faults(table))
    if faults:
        raise SheetRefused(faults, "名簿に必要な列がありません。")
    if not table.rows:
        raise SheetRefused((), "名簿に1人も書かれていません。見出しの下に1行ずつ書いてください。")
    return Roster(
        rows=tuple(_row(table, row) for row in table.rows),
        faults=tuple(fault for row in table.rows for fault in _faults(table, row)),
        warnings=tuple(_unknown_columns(table)),
        titles={key: table.title(key) for key in _HEADERS},
    )


def is_roster(data: bytes) -> bool:
    """Whether a file has the header of a roster: a role beside a person."""
    try:
        columns = _table(_tables(data)).columns.keys()
    except SheetRefused:
        return False
    return "role" in columns and bool(columns & set(_PERSON))


def _tables(data: bytes) -> Sequence[Sequence[TableRow]]:
    if len(data) > MAX_BYTES:
        raise SheetRefused(
            (), "ファイルが大きすぎます(10MBまで)。名簿のファイルか確かめてください。"
        )
    if kind_of(data) == "xlsx":
        from bot.sheets.workbooks import workbook_tables

        return workbook_tables(data)
    text = decode(data)
    if text is None or "\0" in text:
        raise SheetRefused(
            (), "名簿として読めません。CSV(UTF-8かShift_JIS)か.xlsxで保存し直してください。"
        )
    return csv_tables(text)


def _table(tables: Sequence[Sequence[TableRow]]) -> HeadedTable:
    """The first table whose header names a role or a ward; else the refusal says what is needed."""
    for rows in tables:
        for index, row in enumerate(rows):
            columns = columns_by_key(row.cells, _HEADERS)
            if columns.keys() & _NEEDED.keys():
                below = tuple(each for each in rows[index + 1 :] if any(each.cells))
                usual = {key: titles[0] for key, titles in _HEADERS.items()}
                return HeadedTable(row, columns, below, usual)
            if any(row.cells):
                break
    raise SheetRefused(
        (), "名簿の見出しがありません。1行目に role、ward と、email か name の列を作ってください。"
    )


def _header_faults(table: HeadedTable) -> Iterator[Fault]:
    for key, name in _NEEDED.items():
        if key not in table.columns:
            yield Fault(table.header.number, key, f"「{key}」({name})の列がありません。")
    if not set(_PERSON) & set(table.columns):
        words = "email、slack_user_id、name のどれかの列が要ります。"
        yield Fault(table.header.number, None, words)


def _row(table: HeadedTable, row: TableRow) -> RosterRow:
    return RosterRow(
        number=row.number,
        role=_role(table.text(row, "role")),
        ward=EVERY if fold_words(table.text(row, "ward")) == EVERY else table.text(row, "ward"),
        email=table.text(row, "email").strip().lower(),
        slack_user_id=table.text(row, "slack_user_id").strip().upper(),
        name=" ".join(table.text(row, "name").split()),
        section=table.text(row, "section").strip(),
        initiatives=_codes(table.text(row, "initiatives")),
        deputy=_reference(table.text(row, "deputy")),
        period=Period(
            parse_day(table.text(row, "valid_from")), parse_day(table.text(row, "valid_to"))
        ),
        year=parse_fiscal_year(table.text(row, "year")),
    )


def _faults(table: HeadedTable, row: TableRow) -> Iterator[Fault]:
    yield from row.faults
    text = {key: table.text(row, key).strip() for key in _HEADERS}
    if not any(text[key] for key in _PERSON):
        yield Fault(row.number, None, "email、slack_user_id、name のどれかを書いてください。")
    if _role(text["role"]) is None:
        said = f"役割「{text['role']}」が分かりません。" if text["role"] else "役割がありません。"
        known = "、".join(f"{role}({names[1]})" for role, names in _ROLES.items())
        yield table.fault(row, "role", f"{said}次のどれかにしてください：{known}")
    if not text["ward"]:
        yield table.fault(row, "ward", "区がありません。書き入れてください。")
    if text["email"] and not is_email(text["email"]):
        yield table.fault(row, "email", "メールアドレスの形ではありません。")
    if text["slack_user_id"] and not is_slack_id(text["slack_user_id"].upper()):
        yield table.fault(row, "slack_user_id", "SlackのIDの形ではありません(例：U0123ABCD)。")
    if text["deputy"] and not _is_reference(text["deputy"]):
        yield table.fault(row, "deputy", "副担当は、メールアドレスかSlackのIDで書いてください。")
    yield from _date_faults(table, row)


def _date_faults(table: HeadedTable, row: TableRow) -> Iterator[Fault]:
    for key in ("valid_from", "valid_to"):
        text = table.text(row, key)
        if text and parse_day(text) is None:
            words = f"日付「{text[:20]}」が読めません。2026-04-01のように書いてください。"
            yield table.fault(row, key, words)
    start, end = (parse_day(table.text(row, key)) for key in ("valid_from", "valid_to"))
    if start and end and end < start:
        words = f"終わりの日({end})が始まりの日({start})より前です。"
        yield table.fault(row, "valid_to", words)
    year = table.text(row, "year")
    if year and parse_fiscal_year(year) is None:
        words = f"年度「{year[:20]}」が読めません。令和8年度や2026のように書いてください。"
        yield table.fault(row, "year", words)


def _role(text: str) -> Role | None:
    folded = fold_words(text)
    return next((role for role, names in _ROLES.items() if folded in names), None)


def _codes(text: str) -> tuple[str, ...]:
    """「1;3;5」, 「１、３」 or 「取組項目1 取組項目3」 as codes; 「*」 is every initiative."""
    parts = (part for part in _SEPARATORS.split(text) if part)
    codes = [_code(part) for part in parts]
    return (EVERY,) if EVERY in codes else tuple(dict.fromkeys(codes))


def _code(text: str) -> str:
    code = fold_words(text).removeprefix("取組項目")
    return str(int(code)) if code.isdecimal() else code


def _reference(text: str) -> str:
    """An e-mail address in lower case or a Slack id in upper case."""
    text = text.strip()
    return text.lower() if "@" in text else text.upper()


def _is_reference(text: str) -> bool:
    return is_email(text) or is_slack_id(text.upper())


def _unknown_columns(table: HeadedTable) -> Iterator[str]:
    known = set(table.columns.values())
    names = [cell for n, cell in enumerate(table.header.cells) if cell and n not in known]
    if names:
        yield f"次の列は取り込みません：{'、'.join(names)}"
