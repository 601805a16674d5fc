"""Home in front of somebody: its tabs, what follows an act, and that nothing flickers."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import handlers
from bot.domain.people import Role
from bot.views import actions
from bot.views.actions import family
from bot.views.blocks import Json
from bot.views.targets import PageTarget
from playground import Delivery, Kind, Screen, User
from tests.bot.views.catalogue_home import home_screens
from tests.bot.views.slack import buttons
from tests.builders import TEAM, add_grant, seed_ward
from tests.databases import EACH_KIND, EITHER_KIND
from tests.handlers.filling import answered
from tests.scenarios.forged import forge
from tests.scenarios.office import Story

pytestmark = EITHER_KIND


async def home_of(story: Story, part: str, seen: Callable[[Screen], bool]) -> Screen:
    """Somebody's Home once it shows that."""
    person = story.person(part)
    await story.slack.wait_until(lambda: person.home is not None and seen(person.home))
    assert person.home is not None
    return person.home


async def test_a_tab_shows_another_role_and_stays(story: Story) -> None:
    async with story.office.database.begin() as uow:
        await add_grant(uow, story.ward.owner, Role.COORDINATOR, story.ward.unit_id)
        await uow.commit()
    home = await story.person("owner").open_home()

    await home.press("とりまとめ")
    home = await home_of(story, "owner", lambda each: "振り返りの日程" in each.visible_text)
    await answered(story)

    home = await home_of(story, "owner", lambda each: "入力済 1／3件" in each.visible_text)
    assert "振り返りの日程" in home.visible_text


async def test_a_ward_is_a_click_away_and_so_is_the_way_back(story: Story) -> None:
    home = await story.person("observer").open_home()
    assert "全区の状況" in home.visible_text

    await home.press("見る")
    home = await home_of(story, "observer", lambda each: "実施見込み" in each.visible_text)
    assert "あおぞら区　令和8年度 中間振り返り" in home.visible_text
    await home.press("全区の状況に戻る")

    await home_of(story, "observer", lambda each: "西成区" in each.visible_text)


async def test_an_answer_is_at_once_on_the_home_of_the_manager_who_looks(story: Story) -> None:
    await story.person("manager").open_home()

    await answered(story)

    await home_of(story, "manager", lambda each: "入力済 1／3件" in each.visible_text)


async def test_the_home_of_another_wards_manager_is_left_alone(story: Story) -> None:
    async with story.office.database.begin() as uow:
        ward = await seed_ward(uow, unit={"code": "hinata", "name": "ひなた区"}, account_prefix="H")
        account = await uow.people.account(TEAM, ward.accounts["manager"])
        assert account is not None
        account.team_id = story.slack.team_id
        await uow.people.add(account)
        await uow.commit()
    neighbour = User(ward.accounts["manager"], "隣の課長", "neighbour@example.jp")
    story.slack.workspace.put_user(neighbour)
    await story.slack.as_user(neighbour).open_home()
    await story.person("manager").open_home()

    await answered(story)
    await home_of(story, "manager", lambda each: "入力済 1／3件" in each.visible_text)
    await story.bot.background.drain(5)

    shown = [call.args["user_id"] for call in story.slack.calls("views.publish")]
    assert shown.count(neighbour.id) == 1


async def test_a_home_that_says_the_same_is_not_published_again(story: Story) -> None:
    owner = story.person("owner")
    await owner.open_home()
    calls = len(story.slack.calls("views.publish"))

    await opened_again(story, "owner")

    assert len(story.slack.calls("views.publish")) == calls


async def test_another_day_is_another_home(story: Story) -> None:
    await story.person("owner").open_home()
    calls = len(story.slack.calls("views.publish"))
    story.go_to("2026-09-02")

    await opened_again(story, "owner")

    assert len(story.slack.calls("views.publish")) == calls + 1


@EACH_KIND
async def test_a_process_that_has_just_begun_goes_on_where_the_reader_was(story: Story) -> None:
    place = PageTarget(story.ward.round_id).encode()
    stored = json.dumps({"p": place, "d": "of a version before"})

    await opened_again(story, "observer", {"type": "home", "private_metadata": stored})

    home = await home_of(story, "observer", lambda each: "実施見込み" in each.visible_text)
    assert "あおぞら区　令和8年度 中間振り返り" in home.visible_text


async def test_a_forged_tab_shows_no_more_than_the_readers_own_home(story: Story) -> None:
    unit = story.ward.unit_id
    for value in (f"manager:{unit}:0", f"coordinator:{unit}:0", "observer:0:0", "root:0:0"):
        message = await forge(story, "owner", "home:tab", value)
        await story.person("owner").press(message, "押す")
        await story.bot.background.drain(5)

        home = story.person("owner").home
        assert home is not None
        assert "未入力が3件あります。" in home.visible_text


@EACH_KIND
async def test_after_several_answers_home_shows_the_last(story: Story) -> None:
    await story.person("manager").open_home()

    for left in (2, 1, 0):
        await answered(story)
        await story.slack.wait_until(  # the row has turned into its receipt
            lambda left=left: story.letter("owner").buttons.count("入力する") == left  # type: ignore[misc]
        )

    await home_of(story, "manager", lambda each: "入力済 3／3件" in each.visible_text)


async def opened_again(story: Story, part: str, view: Json | None = None) -> None:
    """Somebody goes to Home, as Slack tells of it, and what follows has come to its end."""
    home = story.person(part).home
    shown = view or (home.view if home else None)
    event = {"type": "app_home_opened", "user": story.user(part).id, "tab": "home", "view": shown}
    payload = {
        "type": "event_callback",
        "team_id": story.slack.team_id,
        "event_id": f"Ev-again-{part}",
        "event": event,
    }
    ack = await story.slack.deliveries.send(Delivery(Kind.EVENT, payload))
    assert ack.ok
    await story.bot.background.drain(5)


def test_what_stands_on_home_has_a_listener() -> None:
    """A button without one would do nothing, and say nothing."""
    code = "\n".join(
        path.read_text(encoding="utf-8") for path in Path(handlers.__file__).parent.glob("*.py")
    )
    listened = {
        value
        for name, value in vars(actions).items()
        if isinstance(value, str)
        and re.search(rf"family\({name}\)|in \((\w+, )*{name}(, \w+)*\)", code)
    }
    screens = [view["blocks"] for _, view in home_screens()]
    pressed = {action_id for blocks in screens for _, action_id, _ in buttons(blocks)}

    deaf = {each for each in pressed if not any(family(own).match(each) for own in listened)}

    assert len(pressed) > 30
    assert not deaf
