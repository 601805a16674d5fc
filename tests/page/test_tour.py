"""The tour moves the clock to one day, however often its button is pressed."""

from __future__ import annotations

from datetime import datetime

from playwright.async_api import Browser, expect

from playground import SlackStandIn
from playground.control import Control
from playground.page_api import PageApi
from playground.scene import Scene
from playground.travel import TOKYO, Travel
from tests.page.chromium import IN_CHROMIUM, opened

pytestmark = IN_CHROMIUM

NOW = datetime(2026, 9, 1, 10, 5, tzinfo=TOKYO)
DAY = datetime(2026, 9, 28, 9, 30, tzinfo=TOKYO)
NEXT_ROUND = datetime(2027, 5, 19, 9, 30, tzinfo=TOKYO)


def with_a_tour(slack: SlackStandIn) -> SlackStandIn:
    """A stand-in that has not started: one step, which leads to DAY."""
    slack.clock.offset = NOW.timestamp() - (slack.clock.wall() - slack.clock.offset)
    action = {"label": "期限のあとへ", "stop": "期限へ", "to": DAY.isoformat()}
    step = {"title": "時計", "text": "時計を進めます。", "action": action}
    scene = Scene(stops={"期限へ": (DAY, NEXT_ROUND)}, tour=(step,))
    Control(slack).attach()
    PageApi(slack, scene=scene, travel=Travel(slack.clock, slack.changes)).attach()
    return slack


async def test_pressed_again_it_does_not_lead_on_to_the_next_round(browser: Browser) -> None:
    async with with_a_tour(SlackStandIn()) as slack:
        slack.add_user("山田 花子")
        await press_again(browser, slack)


async def press_again(browser: Browser, slack: SlackStandIn) -> None:
    async with opened(browser, slack.base_url) as page:
        step = page.get_by_role("button", name="期限のあとへ")
        await step.dblclick()
        await expect(page.locator("#now")).to_contain_text("令和8年9月28日(月)")
        await step.click()
        await expect(page.locator(".toast")).to_contain_text("もうその日を過ぎています")
        await expect(page.locator("#now")).to_contain_text("令和8年9月28日(月)")
        await page.get_by_label("進める先の日付").fill("2026-09-28")
        await page.get_by_role("button", name="この日へ").click()
        await expect(page.locator(".toast")).to_have_count(2)
        assert slack.clock.wall() < NEXT_ROUND.timestamp()
