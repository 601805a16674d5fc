"""Units: adding and setting, once however often it is said."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from bot.clock import SetClock
from bot.domain.errors import NotFound, Refused
from bot.domain.units import UnitKind
from bot.domain.youshiki3 import FORMS
from bot.services.office import Office
from bot.services.units import UnitChange, UnitFacts, add_unit, find, list_units, set_unit
from storage.database import Database
from tests.databases import EITHER_KIND

pytestmark = EITHER_KIND


@pytest.fixture
def office(database: Database) -> Office:
    return Office(database, SetClock(datetime(2026, 7, 1, tzinfo=UTC)), FORMS)


async def add(office: Office, name: str = "あおぞら区", code: str = "aozora") -> bool:
    return await add_unit(office, name=name, code=code, kana="", kind=UnitKind.WARD)


async def last(office: Office) -> UnitFacts:
    return (await list_units(office))[-1]


async def actions(office: Office) -> list[str]:
    unit_id = (await last(office)).name.id
    async with office.database.read() as uow:
        return [entry.action for entry in await uow.audit.about(f"unit:{unit_id}")]


async def test_a_new_unit_stands_after_the_last_and_is_added_once(office: Office) -> None:
    first, again = await add(office), await add(office)

    assert (first, again) == (True, False)
    assert [unit.name.name for unit in await list_units(office)][-2:] == ["西成区", "あおぞら区"]
    assert await actions(office) == ["unit.add"]


@pytest.mark.parametrize(("name", "code"), [("西区", "other"), ("別区", "nishi")])
async def test_a_name_or_code_of_another_unit_is_refused(
    office: Office, name: str, code: str
) -> None:
    with pytest.raises(Refused, match="西区"):
        await add(office, name, code)


async def test_what_is_set_is_kept_and_set_again_changes_nothing(office: Office) -> None:
    await add(office)
    change = UnitChange(
        contact="総務課(区政企画)",
        extension="1234",
        sections=("甲課", "乙課"),
        closures=(date(2026, 11, 4),),
    )

    first = await set_unit(office, "あおぞら", change)
    again = await set_unit(office, "あおぞら", change)

    found = await last(office)
    assert first == ("あおぞら区", ("contact", "extension", "sections", "closures"))
    assert again == ("あおぞら区", ())
    assert (found.contact, found.sections) == ("総務課(区政企画)", ("甲課", "乙課"))
    assert await actions(office) == ["unit.add", "unit.set"]


async def test_a_day_is_closed_and_opened_again_beside_the_others(office: Office) -> None:
    await add(office)
    one, two = date(2026, 11, 4), date(2026, 12, 28)
    await set_unit(office, "aozora", UnitChange(closures=(one,)))

    await set_unit(office, "aozora", UnitChange(close=(two,)))
    both = (await last(office)).closures
    await set_unit(office, "aozora", UnitChange(reopen=(one,)))

    assert both == (one, two)
    assert (await last(office)).closures == (two,)


async def test_what_is_not_named_stays(office: Office) -> None:
    await add(office)
    await set_unit(office, "aozora", UnitChange(contact="総務課", closures=(date(2026, 11, 4),)))

    await set_unit(office, "aozora", UnitChange(extension="1234"))

    found = await last(office)
    assert (found.contact, found.extension) == ("総務課", "1234")
    assert found.closures == (date(2026, 11, 4),)


async def test_a_unit_is_found_by_any_spelling_or_said_not_to_be_there(office: Office) -> None:
    async with office.database.read() as uow:
        assert (await find(uow, "Nishi-ku")).name == "西区"
        with pytest.raises(NotFound, match="東淀川区、東成区、東住吉区"):
            await find(uow, "東")
        with pytest.raises(NotFound, match="南区"):
            await find(uow, "南区")


async def test_a_unit_may_take_another_name_but_not_anothers(office: Office) -> None:
    await add(office)

    renamed = await set_unit(office, "aozora", UnitChange(name="みどり区", kana="みどりく"))
    with pytest.raises(Refused, match="西区"):
        await set_unit(office, "みどり", UnitChange(name="西区"))

    assert renamed == ("みどり区", ("name", "kana"))
    assert (await last(office)).name.name == "みどり区"


async def test_a_section_in_another_width_is_the_same_section(office: Office) -> None:
    await add(office)
    await set_unit(office, "aozora", UnitChange(sections=("総務課(企画)",)))

    again = await set_unit(
        office, "aozora", UnitChange(sections=("総務課（企画）", "総務課 (企画)"))
    )

    assert again[1] == ()
    assert (await last(office)).sections == ("総務課(企画)",)
