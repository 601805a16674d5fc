"""あおぞら区 with its 23 items, run by what people do in Slack: the cast, and their common acts.

What an operator enters once is there: the unit and its first coordinator. All else comes in by
files put into the conversation and by modals.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress

from bot.clock import SetClock
from bot.domain.people import Role
from bot.domain.youshiki3 import FORMS
from bot.services.office import Office
from playground import Message, Screen, SlackStandIn
from storage.database import Database
from tests.builders import Ward, add_grant, add_person, add_unit
from tests.handlers.filling import fill
from tests.scenarios.commanded import address, csv_file
from tests.scenarios.office import Story, instant, running_in

NAMES = {
    "coordinator": "小林",
    "sato": "佐藤",
    "mori": "森",
    "ito": "伊藤",
    "kato": "加藤",
    "kimura": "木村",
    "nagai": "永井",
    "ono": "小野",
    "suzuki": "鈴木",
    "takahashi": "高橋",
    "head": "渡辺",
}
ITEMS = 23
WELFARE, CITIZENS = "保健福祉課", "市民協働課"

_CONFIRMABLE = "確認する項目"


def register(*, last: int = ITEMS) -> bytes:
    """取組一覧 with the items 1 to ``last``."""
    rows = [
        [str(n), f"あおぞらの取組{n}", f"年{n}回開く。", f"{n}か所で講座を開く。"]
        for n in range(1, last + 1)
    ]
    return csv_file("番号,題名,目標,当年度の取組内容", rows).encode()


def roster() -> bytes:
    """Four owners in two sections, two section chiefs and the ward head."""
    rows = [
        _owner("sato", WELFARE, range(1, 7)),
        _owner("mori", WELFARE, range(7, 13), deputy="kimura"),
        _owner("ito", CITIZENS, range(13, 19)),
        _owner("kato", CITIZENS, range(19, ITEMS + 1)),
    ]
    for who, section in (("suzuki", WELFARE), ("takahashi", CITIZENS), ("head", "")):
        rows.append(["確認者", "あおぞら区", NAMES[who], address(who), section, "", "", "", ""])
    return csv_file(_HEADER, rows).encode()


def next_roster() -> bytes:
    """Who answers for the plan of 令和9年度, from April on."""
    since = {"year": "令和9年度", "since": "2027-04-01"}
    rows = [
        _owner("ono", WELFARE, range(1, 7), **since),
        _owner("mori", WELFARE, range(7, 13), **since),
        _owner("nagai", CITIZENS, range(13, 24), **since),
    ]
    return csv_file(_HEADER, rows).encode()


_HEADER = "role,ward,name,email,section,initiatives,deputy,year,valid_from"


def _owner(
    who: str, section: str, items: range, *, deputy: str = "", year: str = "", since: str = ""
) -> list[str]:
    codes = ";".join(map(str, items))
    deputy = address(deputy) if deputy else ""
    row = ["担当者", "あおぞら区", NAMES[who], address(who), section, codes]
    return [*row, deputy, year, since]


@asynccontextmanager
async def ward_of_23(database_url: str, *, way: str, day: str) -> AsyncIterator[Story]:
    """The bot runs for a unit that has a coordinator, and nothing else yet."""
    clock = SetClock(instant(day, "10:00"))
    async with SlackStandIn() as slack:
        database = Database(database_url)
        try:
            office = Office(database, clock, FORMS)
            users = {
                who: slack.add_user(name, email=address(who)).id for who, name in NAMES.items()
            }
            async with office.database.begin() as uow:
                unit = await add_unit(uow)
                account = {"account": users["coordinator"], "team": slack.team_id}
                person = await add_person(uow, NAMES["coordinator"], **account)
                await add_grant(uow, person, Role.COORDINATOR, unit)
                await uow.commit()
            ward = Ward(unit, 0, 0, 0, (), {"coordinator": person}, users)
            async with running_in(slack, database_url, way=way, clock=clock) as bot:
                yield Story(slack, office, clock, database_url, ward, bot)
        finally:
            await database.dispose()


# --- time ----------------------------------------------------------------------------------------


async def told(story: Story, day: str, hour: str = "09:30") -> set[str]:
    """The clock's work of that moment is done: who has got a message, one each."""
    before = {who: len(story.messages(who)) for who in NAMES}
    counts = (await story.sweep(day, hour)).counts()
    new = {who: len(story.messages(who)) - count for who, count in before.items()}
    assert all(count in (0, 1) for count in new.values()), new
    assert counts["sent"] == sum(new.values()), counts
    assert counts["deferred"] == counts["undeliverable"] == counts["unknown"] == 0, counts
    return {who for who, count in new.items() if count}


# --- what everybody does -------------------------------------------------------------------------


async def at_home(story: Story, who: str, button: str) -> Screen:
    """Somebody's Home, once it shows that button."""
    person = story.person(who)
    with suppress(TimeoutError):  # it says what it said before, and is not published again
        await person.open_home(timeout=0.2)
    assert person.home is not None
    return await person.home.until(lambda screen: button in screen.buttons())


async def from_home(story: Story, who: str, button: str, *, near: str | None = None) -> Screen:
    """The modal that a button on somebody's Home opens."""
    return await (await at_home(story, who, button)).click(button, near=near)


async def from_mine(story: Story, who: str, button: str, *, near: str | None = None) -> Screen:
    """The modal that a button of `/kaikaku 自分` opens."""
    return await story.person(who).click(await story.whispered(who, "自分"), button, near=near)


async def answer_all(story: Story, who: str, notes: Mapping[str, str] | None = None) -> int:
    """Whatever waits is answered one after the other: ② with its text where there is one, else ①.

    ``notes`` is by the number of an item; the result is how many there were.
    """
    modal, count = await from_mine(story, who, "入力する"), 0
    while True:
        note = next(
            (text for code, text in (notes or {}).items() if f"項目{code}(" in modal.title), ""
        )
        await fill(modal, attainment="②" if note else "①", issues=note)
        await modal.submit()
        assert "入力を保存しました" in modal.visible_text, modal.visible_text
        count += 1
        if modal.submit_text != "次の項目へ":
            return count
        await modal.submit()


async def confirm_all(story: Story, who: str) -> int:
    """Everything that waits for somebody is confirmed from the list, page by page."""
    button = next(
        text
        for text in (await at_home(story, who, "すべての項目")).buttons()
        if text.startswith("一覧から確認する")
    )
    listed, count = await from_home(story, who, button), 0
    while listed.submit_text:
        options = listed.options_of(_CONFIRMABLE)
        await listed.check(_CONFIRMABLE, *options)
        await listed.submit()
        count += len(options)
        assert f"{len(options)}件を確認しました。" in listed.visible_text, (
            listed.visible_text,
            listed.errors,
            listed.trouble,
        )
    await listed.close()
    return count


# --- what the coordinator does -------------------------------------------------------------------


async def take_in(story: Story, name: str, content: bytes, *, year: str = "") -> Message:
    """A file is dropped into the conversation, looked at, and taken in."""
    known = len(story.messages("coordinator"))
    await story.person("coordinator").drop((name, content))
    await story.slack.wait_until(lambda: len(story.messages("coordinator")) > known + 1, 20)
    if year:
        place = await story.person("coordinator").click(
            story.letter("coordinator"), "区・年度を決める"
        )
        await place.choose("年度", year)
        await place.submit()
        await story.slack.wait_until(lambda: "取り込む" in story.letter("coordinator").buttons, 20)
    await story.person("coordinator").press(story.letter("coordinator"), "取り込む")
    await story.slack.wait_until(lambda: "元に戻す" in story.letter("coordinator").buttons, 20)
    return story.letter("coordinator")


async def set_round(
    story: Story, button: str, near: str, *, dates: Mapping[str, str], levels: str = ""
) -> Screen:
    """A round's dates, by label, are chosen on Home, looked at, and registered."""
    form = await from_home(story, "coordinator", button, near=near)
    for label, day in dates.items():
        await form.pick_date(label, day)
    if levels:
        await form.choose("確認", levels)
    await form.submit()
    assert "まだ登録していません。" in form.visible_text, form.errors
    await form.submit()
    assert "日程を登録しました。" in form.visible_text, (form.visible_text, form.trouble)
    return form


async def hand_over(story: Story, items: Sequence[int], to: str, *, section: str, day: str) -> str:
    """Items of the newest plan get another owner from a day on; the result is what that says."""
    form = await from_home(story, "coordinator", "担当者を決める")
    for number in items:
        await _tick(form, f"取組項目{number}　")
    await form.pick_user("担当者", story.user(to).id)
    await form.choose("課・担当", section)
    await form.pick_date("いつから", day)
    await form.submit()
    done = story.person("coordinator").modal
    assert done is not None
    assert f"{len(items)}件の担当者を" in done.visible_text, done.errors
    return done.visible_text


async def _tick(form: Screen, item: str) -> None:
    """Boxes stand in groups of ten."""
    for group in range(3):
        field = f"input:items-{group}"
        if any(text.startswith(item) for text in form.options_of(field)):
            await form.check(field, item)
            return
    raise AssertionError(f"{item} is not there")


async def hand_over_all(story: Story, former: str, to: str, *, day: str) -> str:
    """Everything that one person answers for passes to another."""
    form = await from_home(story, "coordinator", "担当を引き継ぐ")
    await form.pick_user("これまでの担当者", story.user(former).id)
    await form.pick_user("新しい担当者", story.user(to).id)
    await form.pick_date("いつから", day)
    await form.submit()
    assert not form.errors, form.errors
    return form.visible_text
