"""The cast and the plan of the year's story, entered as a coordinator enters them."""

from __future__ import annotations

from tests.bot.sheets import aozora
from tests.scenarios.commanded import CommandedOffice, address, csv_file

STAFF = (
    *("sato", "tanaka", "mori", "deputy"),
    *("pensions", "citizens", "head", "coordinator"),
)

HEADER = "email,name,role,ward,section,initiatives,deputy"


def roster(ward: str) -> str:
    """Three owners, one of them with a deputy, one without an account, and who reads and asks."""
    rows = [
        [address("sato"), "佐藤", "owner", ward, "保険年金課", "1;2;3", address("deputy")],
        [address("tanaka"), "田中", "owner", ward, "総務課", "4;5", ""],
        [address("mori"), "森", "owner", ward, "市民協働課", "6;7", ""],
        [address("offline"), "西村", "owner", ward, "市民協働課", "8", ""],
        [address("deputy"), "木村", "observer", ward, "", "", ""],
        [address("pensions"), "鈴木", "manager", ward, "保険年金課", "", ""],
        [address("citizens"), "高橋", "manager", ward, "市民協働課", "", ""],
        [address("head"), "渡辺", "manager", ward, "", "", ""],
        [address("coordinator"), "小林", "coordinator", ward, "", "", ""],
    ]
    return csv_file(HEADER, rows)


def synthetic_sheet() -> str:
    """A plan of eight items as published, nothing answered."""
    items = (aozora.item(number, f"【取組その{number}】") for number in range(1, 9))
    return aozora.sheet(*items)


async def set_up(office: CommandedOffice, sheet: str) -> None:
    """Plan, people and the mid-year round come in through their commands."""
    ward = office.ward
    if ward == "あおぞら区":
        await office.run("units", "add", ward, "--code", "aozora", "--kana", "あおぞらく")
    await office.run("units", "set", ward, "--contact", "総務課(区政企画)", "--extension", "1234")
    plan = office.kaikaku.write("plan.txt", sheet)
    imported = await office.record("import", plan, "--ward", ward, "--year", "2026")
    assert (imported["ward"], imported["fiscal_year"]) == (ward, 2026)
    assert len(imported["initiatives"]) == 8
    file = office.kaikaku.write("people.csv", roster(ward))
    people = await office.record("people", "import", file)
    assert [each["name"] for each in people["unresolved"]] == ["西村"]
    dates = ("--opens", "2026-09-01", "--due", "2026-09-18", "--closes", "2026-10-01")
    round_ = ("--ward", ward, "--year", "令和8年度", "--kind", "mid-year", *dates)
    await office.run("rounds", "set", *round_, "--publishes", "2026-10-05", "--levels", "0")
