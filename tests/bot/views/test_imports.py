"""Files, owners and registrations on the screen: within Slack's limits, and read back as typed."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from bot.domain.errors import Refused
from bot.domain.people import Role
from bot.domain.plans import Fault
from bot.views.import_changes import ChangeKind, ChangeRow, FieldChange, Subject
from bot.views.import_forms import read_file_form, read_place_form
from bot.views.imports import ImportReport, ImportState, render_import
from bot.views.owners import OwnedItem, TypedOwners, build_owners, read_owners
from bot.views.registrations import Registered, RegisteredList, build_list, read_registration
from bot.views.targets import MessageAt, Page, RegistrationTarget
from bot.views.unit_facts import TypedUnit, read_unit
from tests.bot.views.catalogue_imports import FAULTY, OWNERS, READY
from tests.bot.views.slack import assert_message, assert_modal, buttons, said

HOSTILE = "<!channel> *太字* `code` <@U123> & > 引用\n改行 " + "長い" * 400


def pages_of(shown: Any) -> list[str]:
    """Every page's text, in order."""
    found: list[str] = []
    while True:
        message = render_import(shown, len(found))
        assert_message(message)
        found.append(said(message.blocks))
        if not any(action.endswith(":next") for _, action, _ in buttons(message.blocks)):
            return found


def row(number: int, **changes: Any) -> ChangeRow:
    fields = (FieldChange("題名", HOSTILE, HOSTILE), FieldChange("目標", HOSTILE, ""))
    base = ChangeRow(
        ChangeKind.CHANGED, Subject.INITIATIVE, f"9{number:03}", HOSTILE, 2026, fields=fields
    )
    return replace(base, **changes)


def test_145_changes_of_hostile_text_stand_on_pages_each_once() -> None:
    report = ImportReport(changes=tuple(row(n) for n in range(145)), warnings=(HOSTILE,) * 20)

    pages = pages_of(replace(READY, report=report, file_name=HOSTILE))

    text = "\n".join(pages)
    assert len(pages) > 1
    assert [text.count(f"取組項目9{n:03}*") for n in range(145)] == [1] * 145
    assert "<!channel>" not in text
    assert "<@U123>" not in text


def test_a_change_with_every_field_is_split_but_never_cut() -> None:
    fields = tuple(FieldChange(f"欄{n}", HOSTILE, HOSTILE) for n in range(14))

    text = "\n".join(
        pages_of(replace(READY, report=ImportReport(changes=(row(1, fields=fields),))))
    )

    assert [text.count(f"欄{n}：") for n in range(14)] == [1] * 14


def test_a_thousand_faults_stand_on_pages_each_once() -> None:
    faults = tuple(Fault(n, "題名", f"題名がありません({n:04})。") for n in range(1, 1001))
    report = ImportReport(reason="誤りがあります。", faults=faults)

    text = "\n".join(pages_of(replace(FAULTY, report=report)))

    assert [text.count(f"({n:04})") for n in range(1, 1001)] == [1] * 1000


def test_only_what_can_be_done_has_a_button() -> None:
    def offered(state: ImportState) -> list[str]:
        return [text for text, _, _ in buttons(render_import(replace(READY, state=state)).blocks)]

    assert offered(ImportState.READY) == ["取り込む", "区・年度を決める"]
    assert offered(ImportState.FAULTY) == ["区・年度を決める"]
    assert offered(ImportState.APPLIED) == ["元に戻す"]
    assert offered(ImportState.UNDONE) == []


@pytest.mark.parametrize("count", [1, 12, 145, 1000])
def test_owners_forms_fit_and_page_through_every_item(count: int) -> None:
    items = tuple(OwnedItem(10**6 + n, str(n), HOSTILE, (HOSTILE,)) for n in range(count))
    form = replace(OWNERS, items=items, unit_name=HOSTILE)
    typed = TypedOwners(2, tuple(item.id for item in items), first=date(2026, 9, 1))

    seen: list[str] = []
    for page in range(-(-count // 30)):
        modal = build_owners(form, page, typed)
        assert_modal(modal)
        for block in modal["blocks"]:
            if (block.get("element") or {}).get("type") == "checkboxes":
                seen += [option["value"] for option in block["element"]["options"]]
    assert seen == [str(item.id) for item in items]


def test_what_is_ticked_on_other_pages_is_read_back() -> None:
    items = tuple(OwnedItem(n, str(n), "題") for n in range(1, 62))
    typed = TypedOwners(2, (1, 31, 61), first=date(2026, 9, 1))

    view = build_owners(replace(OWNERS, items=items), 1, typed)
    state = {"1:0:items": {"x": {"type": "checkboxes", "selected_options": [{"value": "32"}]}}}
    read = read_owners({**view, "state": {"values": state}})

    assert sorted(read.items) == [1, 32, 61]


def test_two_hundred_people_are_paged() -> None:
    everybody = tuple(Registered(n, HOSTILE, Role.MANAGER, HOSTILE) for n in range(1, 201))
    listed = RegisteredList(1, HOSTILE, everybody)

    seen: list[str] = []
    for page in range(7):
        modal = build_list(listed, page)
        assert_modal(modal)
        seen += [value for text, _, value in buttons(modal["blocks"]) if text == "直す"]
    assert seen == [RegistrationTarget(1, n).encode() for n in range(1, 201)]


def test_closures_come_back_as_they_were_shown() -> None:
    def line(text: str) -> dict[str, Any]:
        return {"x": {"type": "plain_text_input", "value": text}}

    shown = "2026年11月4日(水)\n2026/12/28\n\nいつか"
    values = {"contact": line(" 総務課 "), "extension": line("1"), "closures": line(shown)}
    view = {"private_metadata": json.dumps({"u": "1"}), "state": {"values": values}}

    assert read_unit(view) == TypedUnit(
        1, "総務課", "1", (), (date(2026, 11, 4), date(2026, 12, 28)), ("いつか",)
    )


@pytest.mark.parametrize(
    "metadata", ["", "[]", "nope", '{"b": 1}', '{"l": "x", "o": []}', '{"l": "1", "o": ["1"]}']
)
def test_metadata_that_is_not_ours_is_refused(metadata: str) -> None:
    view = {"private_metadata": metadata, "state": {"values": {}}}
    for read in (read_place_form, read_owners, read_registration, read_unit):
        with pytest.raises(Refused):
            read(view)


def test_states_of_another_shape_read_as_nothing() -> None:
    states: list[Any] = [None, [], {"values": []}, {"values": {"file": {"x": {"files": [1, {}]}}}}]
    for state in states:
        assert read_file_form({"private_metadata": "{}", "state": state}) == ()


@pytest.mark.parametrize("value", ["", "1", "1:x", "1:2:3", "-1:0", "1:99999", "D1:1.1", None, 3])
def test_no_other_value_is_a_page_or_a_place(value: object) -> None:
    assert Page.decode(value) is None
    assert MessageAt.decode(value) is None or value == "D1:1.1"
